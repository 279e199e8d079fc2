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

/// The namespaces of `eval` and `exec`: a dict, and any mapping.
struct Namespaces {
    globals: Owned,
    locals: Owned,
}

/// Who gets namespaces. `eval` has words of its own for those that it refuses.
#[derive(Clone, Copy)]
enum Caller<'a> {
    Eval,
    /// `exec`, and what is like it.
    Named(&'a str),
}

impl Caller<'_> {
    /// Globals that are no dict.
    fn bad_globals(self, vm: &Thread, globals: Ref<'_>) -> Raised {
        match self {
            Self::Eval if vm.is_mapping(globals) => {
                vm.type_error("globals must be a real dict; try eval(expr, {}, mapping)")
            }
            Self::Eval => vm.type_error("globals must be a dict"),
            Self::Named(function) => {
                let got = vm.type_name(globals);
                vm.type_error(format_args!("{function}() globals must be a dict, not {got}"))
            }
        }
    }

    /// Locals that are no mapping.
    fn bad_locals(self, vm: &Thread, locals: Ref<'_>) -> Raised {
        match self {
            Self::Eval => vm.type_error("locals must be a mapping"),
            Self::Named(_) => {
                let got = vm.type_name(locals);
                vm.type_error(format_args!("locals must be a mapping or None, not {got}"))
            }
        }
    }
}

fn namespaces(
    vm: &Thread,
    caller: Caller<'_>,
    globals: Option<Ref<'_>>,
    locals: Option<Ref<'_>>,
) -> PyResult<Namespaces> {
    let given = |value: Option<Ref<'_>>| value.filter(|value| !value.is_none()).map(Ref::own);
    let (globals, locals) = (given(globals), given(locals));
    if let Some(globals) = &globals {
        if globals.borrow().kind() != Kind::Dict {
            return Err(caller.bad_globals(vm, globals.borrow()));
        }
    }
    let (globals, locals) = match (globals, locals) {
        (None, None) => (self::globals(vm)?, self::locals(vm)?),
        (None, Some(locals)) => (self::globals(vm)?, locals),
        (Some(globals), None) => (globals.clone(), globals),
        (Some(globals), Some(locals)) => (globals, locals),
    };
    if !vm.is_mapping(locals.borrow()) {
        return Err(caller.bad_locals(vm, locals.borrow()));
    }
    let table = &globals.borrow().downcast::<Dict>().expect("just checked").table;
    let name = vm.names().__builtins__.borrow();
    let hash = vm.hash(name)?;
    if !table.contains(vm, name, hash)? {
        let builtins = vm.current_builtins();
        table.insert(vm, name, hash, builtins)?;
    }
    Ok(Namespaces { globals, locals })
}

pub(super) fn eval(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let source = args.required(0);
    let spaces = namespaces(vm, Caller::Eval, args.optional(1), args.optional(2))?;
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
    let text = source_text(vm, "eval", source)?;
    let stripped = strip_blanks(vm, text.borrow())?;
    let filename = vm.str("<string>")?;
    let code = request(vm, stripped.borrow(), filename.borrow(), "eval", inherited_flags(vm), -1, -1)?;
    run(vm, code, spaces, None)
}

pub(super) fn exec(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let source = args.required(0);
    let spaces = namespaces(vm, Caller::Named("exec"), args.optional(1), args.optional(2))?;
    let closure = args.optional(3).filter(|closure| !closure.is_none());
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
            let text = source_text(vm, "exec", source)?;
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
    vm.run_code(code, spaces.globals, spaces.locals, closure)
}

/// What `eval` and `exec` accept as source: a str or bytes-like object.
fn source_text(vm: &Thread, function: &str, source: Ref<'_>) -> PyResult {
    if source.kind() == Kind::Str || vm.with_bytes_like(source, |_| ()).is_ok() {
        return Ok(source.own());
    }
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
    /// The namespaces that `function(…, globals, locals)` executes in, as `exec` takes them: those of the caller where
    /// none are given.
    pub fn namespaces(
        &self,
        function: &str,
        globals: Option<Ref<'_>>,
        locals: Option<Ref<'_>>,
    ) -> PyResult<(Owned, Owned)> {
        namespaces(self, Caller::Named(function), globals, locals).map(|spaces| (spaces.globals, spaces.locals))
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
        let function = call::new_function(self, code, globals, builtins)?;
        if let Some(closure) = closure {
            let made = function.borrow().downcast::<Function>().expect("a function");
            made.closure.set(closure.own());
        }
        call::run_code(self, function, namespace)
    }

    /// The builtins that globals name: `__builtins__`, a module or its dict; else the interpreter's.
    pub(crate) fn builtins_of(&self, globals: Ref<'_>) -> PyResult {
        let name = self.names().__builtins__.borrow();
        let found = match globals.downcast::<Dict>() {
            Some(dict) => dict.table.get(self, name, self.hash(name)?)?,
            None => None,
        };
        match found {
            Some(module) if module.borrow().kind() == Kind::Module => {
                self.get_attr(module.borrow(), self.names().__dict__.borrow())
            }
            Some(builtins) => Ok(builtins),
            None => Ok(self.interpreter().builtins.get().expect("builtins are made at start")),
        }
    }

    /// The builtins of the running function, or the interpreter's.
    pub(crate) fn current_builtins(&self) -> Owned {
        crate::frame::current_builtins(self)
            .unwrap_or_else(|| self.interpreter().builtins.get().expect("builtins are made at start"))
    }
}
