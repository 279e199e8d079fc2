//! `compile`, `eval`, `exec`, `globals`, `locals`.

use pyx_compiler::bytecode::code::flags;

use crate::eval::call;
use crate::exception::{PyResult, Raised};
use crate::heap::Kind;
use crate::heap::dict::Dict;
use crate::heap::inline::{Bytes, Str, Tuple};
use crate::native::*;
use crate::types::code::Code;
use crate::types::function::Function;
use crate::value::{Owned, Ref};
use crate::vm::{CompileRequest, Thread};

/// `PyCF_ALLOW_TOP_LEVEL_AWAIT`
pub(crate) const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
/// All flags that `compile` accepts: future statements, and CPython's `PyCF_*`.
const KNOWN_FLAGS: u32 =
    flags::FUTURE_MASK | 0x10 | 0x0200 | 0x0400 | 0x1000 | ALLOW_TOP_LEVEL_AWAIT | 0x4000 | 0x8000 | 0x8400;

pub(super) fn compile(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let filename = file_name(vm, args.required(1))?;
    let mode = args.required(2);
    let Some(mode) = mode.downcast::<Str>() else {
        let got = vm.type_name(mode);
        return Err(vm.type_error(format_args!("compile() argument 'mode' must be str, not {got}")));
    };
    let compile_flags = args.optional(3).map_or(Ok(0), |flags| vm.to_i32(flags))? as u32;
    if compile_flags & !KNOWN_FLAGS != 0 {
        return Err(vm.value_error("compile(): unrecognised flags"));
    }
    let dont_inherit = args.optional(4).map_or(Ok(false), |value| vm.is_true(value))?;
    let optimize = args.optional(5).map_or(Ok(-1), |value| vm.to_i32(value))?;
    if !(-1..=2).contains(&optimize) {
        return Err(vm.value_error("compile(): invalid optimize value"));
    }
    let feature_version = args.optional(6).map_or(Ok(-1), |value| vm.to_i32(value))?;
    let inherited = if dont_inherit { 0 } else { inherited_flags(vm) };
    request(
        vm,
        args.required(0),
        filename.borrow(),
        &mode.to_string_lossy(),
        compile_flags | inherited,
        optimize,
        feature_version,
    )
}

/// A file name as text: a str, the file system's bytes for one, or an object that has one.
fn file_name(vm: &Thread, name: Ref<'_>) -> PyResult {
    let path = vm.fspath(name)?;
    let text = match path.borrow().downcast::<Bytes>() {
        Some(bytes) => vm.fs_decode(bytes.as_bytes())?,
        None => path,
    };
    if text.borrow().downcast::<Str>().is_some_and(|text| text.as_bytes().contains(&0)) {
        return Err(vm.value_error("embedded null character"));
    }
    Ok(text)
}

fn request(
    vm: &Thread,
    source: Ref<'_>,
    filename: Ref<'_>,
    mode: &str,
    flags: u32,
    optimize: i32,
    feature_version: i32,
) -> PyResult {
    let Some(hooks) = vm.interpreter().hooks.get() else {
        return Err(vm.runtime_error("this interpreter has no compiler"));
    };
    let request =
        CompileRequest { flags, optimize, feature_version, ..CompileRequest::new(source, filename, mode) };
    (hooks.compile)(vm, &request)
}

/// The future statements of the calling code, which what it compiles inherits.
fn inherited_flags(vm: &Thread) -> u32 {
    crate::frame::current_code_flags(vm) & flags::FUTURE_MASK
}

/// Where code executes.
struct Namespaces {
    /// A dict.
    globals: Owned,
    /// Any mapping.
    locals: Owned,
    /// What `__builtins__` in the globals names.
    builtins: Owned,
}

/// A function that executes code: errors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Executor {
    /// `eval()`
    Eval,
    /// `exec()`
    Exec,
    /// `pyx.exec_async()`
    ExecAsync,
}

impl Executor {
    fn name(self) -> &'static str {
        match self {
            Self::Eval => "eval",
            Self::Exec => "exec",
            Self::ExecAsync => "exec_async",
        }
    }

    /// Globals that are no dict; `eval` has words of its own.
    #[cold]
    fn bad_globals(self, vm: &Thread, globals: Ref<'_>) -> Raised {
        let got = vm.type_name(globals);
        match self {
            Self::Eval if vm.is_mapping(globals) => {
                vm.type_error("globals must be a real dict; try eval(expr, {}, mapping)")
            }
            Self::Eval => vm.type_error("globals must be a dict"),
            _ => vm.type_error(format_args!("{}() globals must be a dict, not {got}", self.name())),
        }
    }

    /// Locals that are no mapping.
    #[cold]
    fn bad_locals(self, vm: &Thread, locals: Ref<'_>) -> Raised {
        let got = vm.type_name(locals);
        match self {
            Self::Eval => vm.type_error("locals must be a mapping"),
            _ => vm.type_error(format_args!("locals must be a mapping or None, not {got}")),
        }
    }
}

/// The namespaces given to an executor; those of the caller where none are.
fn namespaces(
    vm: &Thread,
    executor: Executor,
    globals: Option<Ref<'_>>,
    locals: Option<Ref<'_>>,
) -> PyResult<Namespaces> {
    let given = |value: Option<Ref<'_>>| value.filter(|value| !value.is_none()).map(Ref::own);
    let (globals, locals) = (given(globals), given(locals));
    if let Some(globals) = &globals {
        if globals.borrow().kind() != Kind::Dict {
            return Err(executor.bad_globals(vm, globals.borrow()));
        }
    }
    let (globals, locals) = match (globals, locals) {
        (None, None) => (self::globals(vm)?, self::locals(vm)?),
        (None, Some(locals)) => (self::globals(vm)?, locals),
        (Some(globals), None) => (globals.clone(), globals),
        (Some(globals), Some(locals)) => (globals, locals),
    };
    if !vm.is_mapping(locals.borrow()) {
        return Err(executor.bad_locals(vm, locals.borrow()));
    }
    let table = &globals.borrow().downcast::<Dict>().expect("just checked").table;
    let name = vm.names().__builtins__.borrow();
    let hash = vm.hash(name)?;
    let builtins = match table.get(vm, name, hash)? {
        Some(named) => builtins_named(vm, named)?,
        None => {
            let builtins = vm.current_builtins();
            table.insert(vm, name, hash, builtins.clone())?;
            builtins
        }
    };
    Ok(Namespaces { globals, locals, builtins })
}

/// The builtins that `__builtins__` stands for: a module's dict, or whatever it is.
fn builtins_named(vm: &Thread, named: Owned) -> PyResult {
    match named.borrow().kind() {
        Kind::Module => vm.get_attr(named.borrow(), vm.names().__dict__.borrow()),
        _ => Ok(named),
    }
}

pub(super) fn eval(
    vm: &Thread,
    source: Ref<'_>,
    globals: Option<Ref<'_>>,
    locals: Option<Ref<'_>>,
) -> PyResult {
    let spaces = namespaces(vm, Executor::Eval, globals, locals)?;
    if let Some(code) = source.downcast::<Code>() {
        if code
            .template()
            .locals
            .iter()
            .any(|local| local.kind == pyx_compiler::bytecode::code::LocalKind::Free)
        {
            return Err(vm.type_error("code object passed to eval() may not contain free variables"));
        }
        return run(vm, source.own(), spaces, None);
    }
    let text = source_text(vm, Executor::Eval, source)?;
    let stripped = strip_blanks(vm, text.borrow())?;
    let filename = vm.str("<string>")?;
    let code = request(vm, stripped.borrow(), filename.borrow(), "eval", inherited_flags(vm), -1, -1)?;
    run(vm, code, spaces, None)
}

pub(super) fn exec(
    vm: &Thread,
    source: Ref<'_>,
    globals: Option<Ref<'_>>,
    locals: Option<Ref<'_>>,
    closure: Option<Ref<'_>>,
) -> PyResult {
    let spaces = namespaces(vm, Executor::Exec, globals, locals)?;
    let closure = closure.filter(|closure| !closure.is_none());
    let code = match source.downcast::<Code>() {
        Some(code) => {
            if code.flags & flags::COROUTINE != 0 {
                return Err(vm.type_error(
                    "exec() cannot run code that needs async: await it with pyx.exec_async(), or eval() it to get the coroutine",
                ));
            }
            let free = code
                .template()
                .locals
                .iter()
                .filter(|l| l.kind == pyx_compiler::bytecode::code::LocalKind::Free)
                .count();
            check_closure(vm, free, closure)?;
            source.own()
        }
        None => {
            if closure.is_some() {
                return Err(vm.type_error("closure can only be used when source is a code object"));
            }
            let text = source_text(vm, Executor::Exec, source)?;
            let filename = vm.str("<string>")?;
            request(vm, text.borrow(), filename.borrow(), "exec", inherited_flags(vm), -1, -1)?
        }
    };
    run(vm, code, spaces, closure)?;
    none()
}

fn check_closure(vm: &Thread, free: usize, closure: Option<Ref<'_>>) -> PyResult<()> {
    match closure {
        None if free == 0 => Ok(()),
        Some(_) if free == 0 => Err(vm.type_error("cannot use a closure with this code object")),
        Some(closure)
            if closure.downcast::<Tuple>().is_some_and(|cells| {
                cells.len() == free && cells.as_slice().iter().all(|cell| cell.borrow().kind() == Kind::Cell)
            }) =>
        {
            Ok(())
        }
        _ => Err(vm.type_error(format_args!("code object requires a closure of exactly length {free}"))),
    }
}

/// Runs a code object in namespaces; a coroutine's code gives the coroutine.
fn run(vm: &Thread, code: Owned, spaces: Namespaces, closure: Option<Ref<'_>>) -> PyResult {
    let function = call::new_function(vm, code, spaces.globals, spaces.builtins)?;
    if let Some(closure) = closure {
        let made = function.borrow().downcast::<Function>().expect("a function");
        made.closure.set(closure.own());
    }
    call::run_code(vm, function, spaces.locals)
}

/// What `eval` and `exec` accept as source: a str or bytes-like object.
fn source_text(vm: &Thread, executor: Executor, source: Ref<'_>) -> PyResult {
    if source.kind() == Kind::Str || vm.with_bytes_like(source, |_| ()).is_ok() {
        return Ok(source.own());
    }
    let function = executor.name();
    Err(vm.type_error(format_args!("{function}() arg 1 must be a string, bytes or code object")))
}

/// The source without leading blanks and tabs, which `eval` forgives.
fn strip_blanks(vm: &Thread, source: Ref<'_>) -> PyResult {
    let blanks = |bytes: &[u8]| bytes.iter().take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    if let Some(text) = source.downcast::<Str>() {
        let bytes = text.as_bytes();
        return match blanks(bytes) {
            0 => Ok(source.own()),
            n => vm.text(crate::text::wtf8::Text::trusted(&bytes[n..])),
        };
    }
    match source.downcast::<Bytes>() {
        Some(bytes) => vm.bytes(&bytes.as_bytes()[blanks(bytes.as_bytes())..]),
        None => Ok(source.own()),
    }
}

pub(super) fn globals(vm: &Thread) -> PyResult {
    match crate::frame::current_globals(vm) {
        Some(globals) => Ok(globals),
        None => Err(vm.system_error("globals do not exist")),
    }
}

pub(super) fn locals(vm: &Thread) -> PyResult {
    crate::frame::current_locals(vm)
}

impl Thread {
    /// The globals and locals that an executor called with these arguments uses: those of the caller where none are
    /// given.
    pub fn namespaces(
        &self,
        executor: Executor,
        globals: Option<Ref<'_>>,
        locals: Option<Ref<'_>>,
    ) -> PyResult<(Owned, Owned)> {
        namespaces(self, executor, globals, locals).map(|spaces| (spaces.globals, spaces.locals))
    }

    /// Runs code with these globals and this namespace, as `exec` does; code of a coroutine gives the coroutine.
    pub fn run_code(
        &self,
        code: Owned,
        globals: Owned,
        namespace: Owned,
        closure: Option<Ref<'_>>,
    ) -> PyResult {
        let builtins = self.builtins_of(globals.borrow())?;
        run(self, code, Namespaces { globals, locals: namespace, builtins }, closure)
    }

    /// The builtins that globals name: `__builtins__`, a module or its dict; else the interpreter's.
    pub(crate) fn builtins_of(&self, globals: Ref<'_>) -> PyResult {
        let name = self.names().__builtins__.borrow();
        let found = match globals.downcast::<Dict>() {
            Some(dict) => dict.table.get(self, name, self.hash(name)?)?,
            None => None,
        };
        match found {
            Some(named) => builtins_named(self, named),
            None => Ok(self.interpreter().builtins.get().expect("builtins are made at start")),
        }
    }

    /// The builtins of the running function, or the interpreter's.
    pub(crate) fn current_builtins(&self) -> Owned {
        crate::frame::current_builtins(self)
            .unwrap_or_else(|| self.interpreter().builtins.get().expect("builtins are made at start"))
    }
}
