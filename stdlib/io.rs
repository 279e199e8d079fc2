//! `_io`: files. Three layers: raw files (`FileIO`) are descriptors, buffered files put a buffer before one, and text files
//! (`TextIOWrapper`) decode and encode. `BytesIO` and `StringIO` are files in memory.

mod base;
pub(crate) mod buffer;
mod buffered;
mod bytes_io;
mod coding;
mod file;
mod newline;
mod open;
pub mod standard;
mod string_io;
mod support;
mod text;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::types::exception::Exception;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use support::{DEFAULT_BUFFER_SIZE, text_of};

pub(crate) static IO: ModuleDef = ModuleDef {
    doc: "Files: raw, with a buffer, and of text. The module io shows them.",
    functions: &[
        function(
            "open($module, /, file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, \
             opener=None)",
            Many(open::open),
            "Open a file. The mode is one of r (read), w (write anew), x (make), a (append), and may have + for both ways,\n\
             and b for bytes or t for text.",
        ),
        function("open_code($module, /, path)", One(open_code), "Open a file of code, for reading bytes."),
        function(
            "text_encoding($module, encoding, stacklevel=2, /)",
            OneOpt(text_encoding),
            "An encoding as a function's argument gave it: None becomes the default.",
        ),
    ],
    types: &[
        &base::IO_BASE,
        &base::RAW_IO_BASE,
        &base::BUFFERED_IO_BASE,
        &base::TEXT_IO_BASE,
        &file::FILE_IO,
        &bytes_io::BYTES_IO,
        &bytes_io::BYTES_IO_BUFFER,
        &string_io::STRING_IO,
        &buffered::BUFFERED_READER,
        &buffered::BUFFERED_WRITER,
        &buffered::BUFFERED_RANDOM,
        &buffered::BUFFERED_RW_PAIR,
        &newline::NEWLINE_DECODER,
        &text::TEXT_IO_WRAPPER,
    ],
    exec: Some(exec),
    ..ModuleDef::new("_io")
};

static UNSUPPORTED_OPERATION: TypeDef = TypeDef {
    module: "io",
    flags: TypeFlags {
        base: true,
        dict: true,
        weakref: true,
        mutable: true,
        python: true,
        ..TypeFlags::NONE
    },
    attributes: &[MODULE],
    ..TypeDef::new::<Exception>("UnsupportedOperation")
};

/// The class `UnsupportedOperation`, which derives from two.
fn unsupported_operation(vm: &Thread) -> PyResult {
    let bases = [vm.exceptions().OSError.clone(), vm.exceptions().ValueError.clone()];
    vm.class_with_bases(&UNSUPPORTED_OPERATION, &bases)
}

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| support::set(vm, module, name, value.borrow());
    set("DEFAULT_BUFFER_SIZE", vm.size(DEFAULT_BUFFER_SIZE)?)?;
    set("UnsupportedOperation", unsupported_operation(vm)?)?;
    set("BlockingIOError", vm.exceptions().BlockingIOError.clone())
}

fn open_code(vm: &Thread, path: Ref<'_>) -> PyResult {
    vm.str_argument("open_code() argument 'path'", path)?;
    let Some(io) = vm.import_native("_io")? else { return Err(vm.import_error("no module _io")) };
    let mode = vm.str("rb")?;
    support::call(vm, io.borrow(), "open", &[path, mode.borrow()])
}

fn text_encoding(vm: &Thread, encoding: Ref<'_>, stacklevel: Option<Ref<'_>>) -> PyResult {
    let level = stacklevel.map_or(Ok(2), |level| vm.to_c_int(level))?;
    if !encoding.is_none() {
        return Ok(encoding.own());
    }
    warn_default_encoding(vm, level as isize)?;
    vm.intern(if vm.config().utf8_mode { "utf-8" } else { "locale" })
}

/// The encoding that an argument means: None and `locale` are that of the system.
fn encoding_argument(vm: &Thread, encoding: Option<Ref<'_>>) -> PyResult {
    match encoding {
        Some(encoding) if text_of(encoding).as_bytes() != b"locale" => Ok(encoding.own()),
        given => {
            // In UTF-8 mode, only `locale` itself asks for the locale's encoding.
            if given.is_none() {
                warn_default_encoding(vm, 1)?;
            }
            let utf8 = given.is_none() && vm.config().utf8_mode;
            vm.intern(if utf8 { "utf-8" } else { "UTF-8" })
        }
    }
}

/// Warns about the code so many calls up that no encoding was given, where `-X warn_default_encoding` asks for that.
fn warn_default_encoding(vm: &Thread, level: isize) -> PyResult<()> {
    if vm.config().warn_default_encoding {
        let class = &vm.exceptions().EncodingWarning;
        vm.warn_at_level(class, "'encoding' argument not specified", level)?;
    }
    Ok(())
}
