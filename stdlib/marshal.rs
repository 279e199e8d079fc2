//! `marshal`: values and code as bytes.
//!
//! Values are written as CPython writes them, up to version 5 of its format. Code objects are not: after the type code `c`
//! comes the length of an [image](pyx_compiler::bytecode::image), the image, and a tuple of the constants that no image can
//! hold. An image names the edition of the bytecode, so code of another interpreter or of another version is refused;
//! and before code runs that this process has not compiled, the verifier has proved it harmless.
//!
//! What is shared among the parts of a value is written once; later occurrences refer to the first by its number.

mod read;
mod write;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// The version of the format.
const VERSION: i32 = 5;

/// How deeply values may be nested.
const MAX_DEPTH: u32 = 2000;

/// The byte in front of each value.
mod code {
    pub(super) const NULL: u8 = b'0';
    pub(super) const NONE: u8 = b'N';
    pub(super) const FALSE: u8 = b'F';
    pub(super) const TRUE: u8 = b'T';
    pub(super) const STOP_ITERATION: u8 = b'S';
    pub(super) const ELLIPSIS: u8 = b'.';
    pub(super) const INT: u8 = b'i';
    pub(super) const INT64: u8 = b'I';
    pub(super) const LONG: u8 = b'l';
    pub(super) const FLOAT: u8 = b'f';
    pub(super) const BINARY_FLOAT: u8 = b'g';
    pub(super) const COMPLEX: u8 = b'x';
    pub(super) const BINARY_COMPLEX: u8 = b'y';
    pub(super) const BYTES: u8 = b's';
    pub(super) const UNICODE: u8 = b'u';
    pub(super) const INTERNED: u8 = b't';
    pub(super) const ASCII: u8 = b'a';
    pub(super) const ASCII_INTERNED: u8 = b'A';
    pub(super) const SHORT_ASCII: u8 = b'z';
    pub(super) const SHORT_ASCII_INTERNED: u8 = b'Z';
    pub(super) const TUPLE: u8 = b'(';
    pub(super) const SMALL_TUPLE: u8 = b')';
    pub(super) const LIST: u8 = b'[';
    pub(super) const DICT: u8 = b'{';
    pub(super) const SET: u8 = b'<';
    pub(super) const FROZEN_SET: u8 = b'>';
    pub(super) const SLICE: u8 = b':';
    pub(super) const CODE: u8 = b'c';
    pub(super) const REFERENCE: u8 = b'r';
    /// Added to a type code: the value gets the next number, for references to it.
    pub(super) const SHARED: u8 = 0x80;
}

pub(crate) static MARSHAL: ModuleDef = ModuleDef {
    doc: "Values and code as bytes, in a format of this interpreter's own; data from others may do harm.\n\n\
          Supported are None, bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset, slice, Ellipsis,\n\
          StopIteration, bytes-like objects (read back as bytes) and code.",
    functions: &[
        function(
            "dump($module, value, file, version=version, /, *, allow_code=True)",
            Many(dump_to_file),
            "Write a value to a binary file.",
        ),
        function(
            "dumps($module, value, version=version, /, *, allow_code=True)",
            Many(dumps_value),
            "The bytes of a value.",
        ),
        function(
            "load($module, file, /, *, allow_code=True)",
            Many(load_from_file),
            "Read a value from a binary file.",
        ),
        function(
            "loads($module, bytes, /, *, allow_code=True)",
            Many(loads_bytes),
            "The value that bytes-like data begins with; what follows is ignored.",
        ),
    ],
    exec: Some(|vm, module| {
        vm.set_attr(module, vm.intern("version")?.borrow(), Some(Owned::small_int(VERSION).borrow()))
    }),
    ..ModuleDef::new("marshal")
};

/// The bytes of a value, in the current version of the format.
pub(crate) fn dumps(vm: &Thread, value: Ref<'_>) -> PyResult {
    vm.bytes(&write::to_bytes(vm, value, VERSION, true)?)
}

/// The value that data begins with.
pub fn loads(vm: &Thread, data: &[u8]) -> PyResult {
    read::from_bytes(vm, data, true)
}

fn dumps_value(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let version = version(vm, args.optional(1))?;
    let allow_code = flag(vm, args.optional(2))?;
    vm.bytes(&write::to_bytes(vm, args.required(0), version, allow_code)?)
}

fn dump_to_file(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let version = version(vm, args.optional(2))?;
    let allow_code = flag(vm, args.optional(3))?;
    let bytes = vm.bytes(&write::to_bytes(vm, args.required(0), version, allow_code)?)?;
    vm.call_method(args.required(1), &vm.names().write, &[bytes.borrow()])
}

fn loads_bytes(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let allow_code = flag(vm, args.optional(1))?;
    // A copy, because reading runs code: hashing the keys of dicts, dropping what is replaced.
    let data = vm.copy_bytes_like(args.required(0))?;
    read::from_bytes(vm, &data, allow_code)
}

fn load_from_file(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let allow_code = flag(vm, args.optional(1))?;
    read::from_file(vm, args.required(0), allow_code)
}

fn version(vm: &Thread, argument: Option<Ref<'_>>) -> PyResult<i32> {
    argument.map_or(Ok(VERSION), |version| vm.to_c_int(version))
}

fn flag(vm: &Thread, argument: Option<Ref<'_>>) -> PyResult<bool> {
    argument.map_or(Ok(true), |value| vm.is_true(value))
}
