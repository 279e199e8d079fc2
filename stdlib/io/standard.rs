//! The standard files: `sys.stdin`, `sys.stdout` and `sys.stderr`, and `builtins.open`.

use pyx_vm::exception::PyResult;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::coding::codec_info;
use super::support::{ask, call, get, set};
use super::text::TEXT_IO_WRAPPER;
use crate::posix::c;

/// How the standard files are to be opened.
#[derive(Clone, Debug)]
pub struct StandardFiles {
    /// Whether output waits for more, which `-u` turns off.
    pub buffered: bool,
    /// The encoding.
    pub encoding: String,
    /// The error handler of `stdin` and `stdout`; that of `stderr` never fails.
    pub errors: String,
}

impl StandardFiles {
    /// As `PYTHONIOENCODING` says, `encoding:errors` with either part left out, and else as the locale does.
    pub fn new(buffered: bool, utf8_mode: bool, io_encoding: Option<&str>) -> Self {
        let (encoding, errors) = io_encoding
            .unwrap_or_default()
            .split_once(':')
            .unwrap_or_else(|| (io_encoding.unwrap_or_default(), ""));
        // Programs that run without a locale get bytes through unharmed.
        let lenient = utf8_mode || is_c_locale();
        let errors = match errors {
            "" if lenient && encoding.is_empty() => "surrogateescape",
            "" => "strict",
            errors => errors,
        };
        let encoding = if encoding.is_empty() { "utf-8" } else { encoding };
        Self { buffered, encoding: encoding.to_owned(), errors: errors.to_owned() }
    }
}

/// Whether the locale for characters is that of programs that know none, or the one that CPython takes for it.
fn is_c_locale() -> bool {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|variable| std::env::var(variable).ok().filter(|value| !value.is_empty()));
    name.is_none_or(|name| matches!(&*name, "C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8"))
}

/// Makes the standard files, puts them into `sys`, and `open` into `builtins`.
pub fn make_standard_files(vm: &Thread, options: &StandardFiles) -> PyResult<()> {
    let Some(io) = vm.import_native("_io")? else { return Err(vm.import_error("no module _io")) };
    let modules = vm.modules()?;
    let module = |name: &str| {
        let name = vm.intern(name)?;
        vm.get_item(modules.borrow(), name.borrow())
    };
    let (sys, builtins) = (module("sys")?, module("builtins")?);
    set(vm, builtins.borrow(), "open", get(vm, io.borrow(), "open")?.borrow())?;
    let encoding = codec_name(vm, &options.encoding)?;
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let file = make(vm, io.borrow(), fd, name, options, encoding.borrow())?;
        set(vm, sys.borrow(), name, file.borrow())?;
        set(vm, sys.borrow(), &format!("__{name}__"), file.borrow())?;
    }
    Ok(())
}

/// The name that an encoding has in the registry of codecs.
fn codec_name(vm: &Thread, encoding: &str) -> PyResult {
    let name = vm.str(encoding)?;
    if encoding == "utf-8" {
        return Ok(name);
    }
    get(vm, codec_info(vm, name.borrow())?.borrow(), "name")
}

/// A standard file; None if the process was started without it.
fn make(
    vm: &Thread,
    io: Ref<'_>,
    fd: i32,
    name: &str,
    options: &StandardFiles,
    encoding: Ref<'_>,
) -> PyResult {
    if c::fstat(fd).is_err() {
        return Ok(Owned::none());
    }
    let writing = fd != 0;
    let mode = vm.str(if writing { "wb" } else { "rb" })?;
    let buffering = Owned::small_int(if writing && !options.buffered { 0 } else { -1 });
    let none = Ref::NONE;
    let (fd_object, closefd) = (Owned::small_int(fd), Owned::bool(false));
    let arguments =
        [fd_object.borrow(), mode.borrow(), buffering.borrow(), none, none, none, closefd.borrow()];
    let buffer = call(vm, io, "open", &arguments)?;
    let raw = if buffering.borrow().as_small_int() == Some(0) {
        buffer.clone()
    } else {
        get(vm, buffer.borrow(), "raw")?
    };
    set(vm, raw.borrow(), "name", vm.str(&format!("<{name}>"))?.borrow())?;
    let is_terminal = ask(vm, raw.borrow(), "isatty")?;
    let line_buffering = Owned::bool(options.buffered && (is_terminal || fd == 2));
    let write_through = Owned::bool(!options.buffered);
    let errors = if fd == 2 { "backslashreplace" } else { &options.errors };
    let (errors, newline) = (vm.str(errors)?, vm.str("\n")?);
    let class = vm.class_of(&TEXT_IO_WRAPPER)?;
    let arguments = [
        buffer.borrow(),
        encoding,
        errors.borrow(),
        newline.borrow(),
        line_buffering.borrow(),
        write_through.borrow(),
    ];
    let file = vm.call(class.borrow(), &arguments)?;
    set(vm, file.borrow(), "mode", vm.str(if writing { "w" } else { "r" })?.borrow())?;
    Ok(file)
}
