//! `_imp`: what importlib needs of the interpreter: native modules, frozen modules, the import lock, and the library.
//!
//! The modules that run before anything can be searched for are *frozen*, as in CPython, and CPython's list it is. All other
//! modules of the embedded library are found on `sys.path`, where the library seems to lie, so that a program's own
//! modules hide them exactly as they do there; functions of our own serve its finder and loader
//! (`overlays/library.py`).
//!
//! There is no `create_dynamic`: pyx loads no extension modules, and importlib knows what to do without.

mod siphash;

use std::borrow::Cow;
use std::os::unix::ffi::OsStrExt;

use pyx_compiler::bytecode::image;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::import::FrozenOverride;
use pyx_vm::native::*;
use pyx_vm::types::code::Code;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::{library, marshal};

pub(crate) static IMP: ModuleDef = ModuleDef {
    doc: "What importlib needs of the interpreter.",
    functions: &[
        function(
            "_fix_co_filename($module, code, path, /)",
            Two(fix_co_filename),
            "Change the file name of a code object, and of those within it that have the same.",
        ),
        function(
            "_frozen_module_names($module, /)",
            Zero(frozen_module_names),
            "The names of all frozen modules.",
        ),
        function(
            "_library_code($module, path, /)",
            One(library_code),
            "The code of a module of the embedded library, by the path of its file.",
        ),
        function(
            "_library_data($module, path, /)",
            One(library_data),
            "The content of a file of the embedded library; None if the path is not of one.",
        ),
        function(
            "_library_directory($module, path, /)",
            One(library_directory),
            "Whether a path is of a directory of the embedded library.",
        ),
        function(
            "_library_find($module, directory, name, /)",
            Two(library_find),
            "Where a module lies in a directory of the library: its file and, for a package, its directory.",
        ),
        function(
            "_library_modules($module, directory, /)",
            One(library_modules),
            "The modules in a directory of the library: pairs of a name and whether it is a package.",
        ),
        function(
            "_override_frozen_modules_for_tests($module, override, /)",
            One(override_frozen_modules),
            "Use frozen modules, or do not (-1), whatever the command line said (0).",
        ),
        function(
            "_override_multi_interp_extensions_check($module, override, /)",
            One(override_extensions_check),
            "Set whether extension modules must know of several interpreters, where it is not the main one.",
        ),
        function("acquire_lock($module, /)", Zero(acquire_lock), "Take the import lock, again if need be."),
        function(
            "create_builtin($module, spec, /)",
            One(create_builtin),
            "Make the native module of a spec.",
        ),
        function(
            "exec_builtin($module, mod, /)",
            One(exec_builtin),
            "Nothing: a native module is made whole.",
        ),
        function(
            "extension_suffixes($module, /)",
            Zero(|vm| vm.list(Vec::new())),
            "The endings of extension modules' file names: there are none.",
        ),
        function(
            "find_frozen($module, name, /, *, withdata=False)",
            Many(find_frozen),
            "What is known of a frozen module: (data, is it a package, the name of the module it stands for), or None.\n\n\
             The data is the marshalled code, or None unless asked for.",
        ),
        function(
            "get_frozen_object($module, name, data=None, /)",
            OneOpt(get_frozen_object),
            "The code of a frozen module.",
        ),
        function(
            "init_frozen($module, name, /)",
            One(init_frozen),
            "Import a frozen module; None if there is none.",
        ),
        function(
            "is_builtin($module, name, /)",
            One(is_builtin),
            "Whether a module is native: 1, -1 if there can be only one of it, or 0.",
        ),
        function("is_frozen($module, name, /)", One(is_frozen), "Whether a module is frozen."),
        function(
            "is_frozen_package($module, name, /)",
            One(is_frozen_package),
            "Whether a frozen module is a package.",
        ),
        function("lock_held($module, /)", Zero(lock_held), "Whether somebody has the import lock."),
        function("release_lock($module, /)", Zero(release_lock), "Give the import lock back."),
        function(
            "source_hash($module, /, key, source)",
            Two(source_hash),
            "The hash of a source text for .pyc files.",
        ),
    ],
    exec: Some(exec),
    ..ModuleDef::new("_imp")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    set("check_hash_based_pycs", vm.str(&vm.config().check_hash_based_pycs)?)?;
    set("pyc_magic_number_token", vm.uint(magic_number().into())?)
}

/// What `.pyc` files begin with, as a number: the edition of the bytecode, and a line end that shows up careless copying.
pub fn magic_number() -> u32 {
    (image::FINGERPRINT as u32 & 0xffff) | u32::from(b'\r') << 16 | u32::from(b'\n') << 24
}

fn text<'a>(name: Ref<'a>) -> Cow<'a, str> {
    name.downcast::<Str>().map_or(Cow::Borrowed(""), Str::to_string_lossy)
}

/// The name that a function gets as its only argument.
fn name_argument<'a>(vm: &Thread, place: &str, name: Ref<'a>) -> PyResult<Cow<'a, str>> {
    if name.downcast::<Str>().is_none() {
        let class = if name.is_none() { "None".to_owned() } else { vm.type_name(name) };
        return Err(vm.type_error(format_args!("{place} must be str, not {class}")));
    }
    Ok(text(name))
}

// ---- the lock ----

fn acquire_lock(vm: &Thread) -> PyResult {
    vm.import_state().acquire_lock(vm);
    none()
}

fn release_lock(vm: &Thread) -> PyResult {
    if !vm.import_state().release_lock(vm) {
        return Err(vm.runtime_error("not holding the import lock"));
    }
    none()
}

fn lock_held(vm: &Thread) -> PyResult {
    Ok(Owned::bool(vm.import_state().lock_held()))
}

// ---- native modules ----

/// Modules of which an interpreter has one for good.
const SINGLE: &[&str] = &["builtins", "sys"];

fn is_builtin(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = name_argument(vm, "is_builtin() argument", name)?;
    Ok(Owned::small_int(match &*name {
        name if SINGLE.contains(&name) => -1,
        name => vm.native_module(name).is_some().into(),
    }))
}

fn create_builtin(vm: &Thread, spec: Ref<'_>) -> PyResult {
    let name = vm.get_attr(spec, vm.names().name.borrow())?;
    if name.borrow().downcast::<Str>().is_none() {
        let class = vm.type_name(name.borrow());
        return Err(vm.type_error(format_args!("name must be string, not {class}")));
    }
    let name = text(name.borrow());
    if SINGLE.contains(&&*name)
        && let Some(module) = vm.single_module(&name)
    {
        return Ok(module);
    }
    match vm.native_module(&name) {
        Some(def) => vm.new_module(def),
        None => none(),
    }
}

fn exec_builtin(_vm: &Thread, _module: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(0))
}

fn override_extensions_check(vm: &Thread, setting: Ref<'_>) -> PyResult {
    vm.to_c_int(setting)?;
    Err(vm.runtime_error(
        "_imp._override_multi_interp_extensions_check() cannot be used in the main interpreter",
    ))
}

// ---- frozen modules ----

/// A frozen module.
struct Frozen {
    name: &'static str,
    /// The module that it stands for, by which importlib finds its file; a leading `<` marks the `__init__` of a package.
    origin: Option<&'static str>,
    /// The file in the library.
    file: &'static str,
    package: bool,
}

const fn module(name: &'static str, file: &'static str) -> Frozen {
    Frozen { name, origin: Some(name), file, package: false }
}

const fn alias(name: &'static str, origin: &'static str, file: &'static str, package: bool) -> Frozen {
    Frozen { name, origin: Some(origin), file, package }
}

/// Importlib itself, frozen whatever happens, and then what runs at the start of every program.
static FROZEN: &[Frozen] = &[
    alias("_frozen_importlib", "importlib._bootstrap", "importlib/_bootstrap.py", false),
    alias(
        "_frozen_importlib_external",
        "importlib._bootstrap_external",
        "importlib/_bootstrap_external.py",
        false,
    ),
    module("zipimport", "zipimport.py"),
    module("abc", "abc.py"),
    module("codecs", "codecs.py"),
    module("io", "io.py"),
    module("_collections_abc", "_collections_abc.py"),
    module("_sitebuiltins", "_sitebuiltins.py"),
    module("genericpath", "genericpath.py"),
    module("ntpath", "ntpath.py"),
    module("posixpath", "posixpath.py"),
    module("os", "os.py"),
    module("site", "site.py"),
    module("stat", "stat.py"),
    module("importlib.util", "importlib/util.py"),
    module("importlib.machinery", "importlib/machinery.py"),
    module("runpy", "runpy.py"),
    module("__hello__", "__hello__.py"),
    alias("__hello_alias__", "__hello__", "__hello__.py", false),
    alias("__phello_alias__", "__hello__", "__hello__.py", true),
    alias("__phello_alias__.spam", "__hello__", "__hello__.py", false),
    alias("__phello__", "__phello__", "__phello__/__init__.py", true),
    alias("__phello__.__init__", "<__phello__", "__phello__/__init__.py", false),
    alias("__phello__.ham", "__phello__.ham", "__phello__/ham/__init__.py", true),
    alias("__phello__.ham.__init__", "<__phello__.ham", "__phello__/ham/__init__.py", false),
    module("__phello__.ham.eggs", "__phello__/ham/eggs.py"),
    module("__phello__.spam", "__phello__/spam.py"),
    Frozen { name: "__hello_only__", origin: None, file: "__hello__.py", package: false },
];

/// How many of them are importlib's own.
const ESSENTIAL: usize = 3;

fn frozen(vm: &Thread, name: &str) -> Option<&'static Frozen> {
    let usable = if vm.import_state().uses_frozen(vm.config()) { FROZEN.len() } else { ESSENTIAL };
    FROZEN[..usable].iter().find(|module| module.name == name)
}

impl Frozen {
    /// The code object, whose file name is `<frozen MODULE>`.
    fn code(&self, vm: &Thread) -> PyResult {
        let file = library::file(self.file).expect("frozen modules are in the archive");
        library::code(vm, &file, &self.filename())
    }

    /// Runs the module in `sys.modules`. Importlib learns where it came from by `__origname__`.
    fn run(&self, vm: &Thread) -> PyResult {
        let code = self.code(vm)?;
        let module = vm.added_module(vm.intern(self.name)?.borrow())?;
        let set = |name: &str, value: PyResult| {
            vm.set_attr(module.borrow(), vm.intern(name)?.borrow(), Some(value?.borrow()))
        };
        if self.package {
            set("__path__", vm.list(Vec::new()))?;
        }
        set("__origname__", self.origin.map_or_else(none, |origin| vm.str(origin)))?;
        set("__builtins__", Ok(vm.builtins_dict().unwrap_or_else(Owned::none)))?;
        let namespace = vm.get_attr(module.borrow(), vm.names().__dict__.borrow())?;
        vm.run_code(code, namespace.clone(), namespace, None)?;
        Ok(module)
    }

    fn filename(&self) -> String {
        let module = self.file.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".");
        format!("<frozen {module}>")
    }
}

/// Runs a frozen module without importlib, in a namespace that has nothing but builtins.
pub(crate) fn run_frozen(vm: &Thread, name: &str) -> PyResult {
    match FROZEN.iter().find(|module| module.name == name) {
        Some(module) => module.run(vm),
        None => Err(no_frozen(vm, name)),
    }
}

fn no_frozen(vm: &Thread, name: &str) -> Raised {
    import_error(vm, format_args!("No such frozen object named '{name}'"), name)
}

/// An ImportError that knows the module.
fn import_error(vm: &Thread, message: std::fmt::Arguments<'_>, name: &str) -> Raised {
    let raised = vm.import_error(message);
    let named = vm
        .str(name)
        .and_then(|text| vm.set_attr(raised.exception(), vm.names().name.borrow(), Some(text.borrow())));
    named.err().unwrap_or(raised)
}

fn frozen_module_names(vm: &Thread) -> PyResult {
    vm.list(FROZEN.iter().map(|module| vm.str(module.name)).collect::<PyResult<_>>()?)
}

fn is_frozen(vm: &Thread, name: Ref<'_>) -> PyResult {
    Ok(Owned::bool(frozen(vm, &name_argument(vm, "is_frozen() argument", name)?).is_some()))
}

fn is_frozen_package(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = name_argument(vm, "is_frozen_package() argument", name)?;
    match frozen(vm, &name) {
        Some(module) => Ok(Owned::bool(module.package)),
        None => Err(no_frozen(vm, &name)),
    }
}

fn find_frozen(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let name = name_argument(vm, "find_frozen() argument 1", args.required(0))?;
    let with_data = args.optional(1).map_or(Ok(false), |value| vm.is_true(value))?;
    let Some(module) = frozen(vm, &name) else { return none() };
    let data = if with_data {
        let code = module.code(vm)?;
        marshal::dumps(vm, code.borrow())?
    } else {
        Owned::none()
    };
    let origin = module.origin.map_or_else(|| Ok(Owned::none()), |origin| vm.str(origin))?;
    vm.tuple(vec![data, Owned::bool(module.package), origin])
}

fn get_frozen_object(vm: &Thread, name: Ref<'_>, data: Option<Ref<'_>>) -> PyResult {
    let name = name_argument(vm, "get_frozen_object() argument 1", name)?;
    let Some(data) = data.filter(|data| !data.is_none()) else {
        return frozen(vm, &name).map_or_else(|| Err(no_frozen(vm, &name)), |module| module.code(vm));
    };
    if !vm.exports_buffer(data) {
        let class = vm.type_name(data);
        return Err(vm.type_error(format_args!("get_frozen_object() argument 2 must be bytes, not {class}")));
    }
    let code = marshal::loads(vm, &vm.copy_bytes_like(data)?);
    match code {
        Ok(code) if code.borrow().downcast::<Code>().is_some() => Ok(code),
        Ok(_) => Err(vm.type_error(format_args!("frozen object '{name}' is not a code object"))),
        Err(_) => Err(import_error(vm, format_args!("Frozen object named '{name}' is invalid"), &name)),
    }
}

fn init_frozen(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = name_argument(vm, "init_frozen() argument", name)?;
    frozen(vm, &name).map_or_else(none, |module| module.run(vm))
}

fn override_frozen_modules(vm: &Thread, setting: Ref<'_>) -> PyResult {
    vm.import_state().override_frozen(match vm.to_c_int(setting)? {
        0 => FrozenOverride::None,
        1.. => FrozenOverride::Use,
        _ => FrozenOverride::Avoid,
    });
    none()
}

// ---- the library ----

/// The path of a file or directory in the library, if the argument is of one.
fn library_path<'a>(vm: &Thread, path: Ref<'a>) -> Option<&'a str> {
    library::relative(vm, path.downcast::<Str>()?.as_bytes())
}

/// A path in the library as programs see it.
fn seeming_path(vm: &Thread, path: &str) -> PyResult {
    match library::absolute(vm, path) {
        Some(path) => vm.fs_decode(path.as_os_str().as_bytes()),
        None => none(),
    }
}

fn library_code(vm: &Thread, path: Ref<'_>) -> PyResult {
    let Some(file) = library_path(vm, path).and_then(library::file).filter(|file| file.code.size != 0) else {
        let path = vm.repr_string(path)?;
        return Err(vm.import_error(format_args!("no module of the embedded library: {path}")));
    };
    library::code(vm, &file, &text(path))
}

fn library_data(vm: &Thread, path: Ref<'_>) -> PyResult {
    match library_path(vm, path).and_then(library::file) {
        Some(file) => vm.bytes(&library::content(&file)),
        None => none(),
    }
}

fn library_directory(vm: &Thread, path: Ref<'_>) -> PyResult {
    Ok(Owned::bool(library_path(vm, path).is_some_and(library::is_directory)))
}

fn library_find(vm: &Thread, directory: Ref<'_>, name: Ref<'_>) -> PyResult {
    let Some(directory) = library_path(vm, directory) else { return none() };
    let Some((file, package)) = library::find_module(directory, &text(name)) else { return none() };
    let package = package.map_or_else(none, |package| seeming_path(vm, &package))?;
    vm.pair(seeming_path(vm, &file)?, package)
}

fn library_modules(vm: &Thread, directory: Ref<'_>) -> PyResult {
    let modules = library_path(vm, directory).map(library::modules).unwrap_or_default();
    let pair = |(name, package): (String, bool)| vm.pair(vm.str(&name)?, Owned::bool(package));
    vm.list(modules.into_iter().map(pair).collect::<PyResult<_>>()?)
}

// ---- odds and ends ----

fn fix_co_filename(vm: &Thread, code: Ref<'_>, path: Ref<'_>) -> PyResult {
    let Some(payload) = code.downcast::<Code>() else {
        let class = vm.type_name(code);
        return Err(vm.type_error(format_args!("_fix_co_filename() argument 1 must be code, not {class}")));
    };
    if path.downcast::<Str>().is_none() {
        let class = vm.type_name(path);
        return Err(vm.type_error(format_args!("_fix_co_filename() argument 2 must be str, not {class}")));
    }
    vm.rename_code_file(payload, path)?;
    none()
}

/// SipHash-1-3, as CPython has it.
fn source_hash(vm: &Thread, key: Ref<'_>, source: Ref<'_>) -> PyResult {
    let key = vm.to_i64(key)? as u64;
    let hash = siphash::siphash13(key, 0, &vm.copy_bytes_like(source)?);
    vm.bytes(&hash.to_le_bytes())
}
