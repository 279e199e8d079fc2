//! `bytes`: its table, and what it does as an object. The methods are those of all [byte strings](super::byte_string).

use crate::arguments::Args;
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::inline::{Bytes, Str};
use crate::heap::{Kind, Writer};
use crate::native::*;
use crate::protocol::buffer::{Access, BufferView, Geometry, Memory, request};
use crate::protocol::sequence::index_of;
use crate::protocol::slots::CompareOp;
use crate::text::repr::repr_bytes;
use crate::text::wtf8::TextBuf;
use crate::types::byte_string::{self, ByteString, Source};
use crate::types::bytes_iterator::BytesIterator;
use crate::types::int::int_ref;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

class! { Bytes => BYTES; }

pub(crate) static BYTES: TypeDef = TypeDef {
    flags: TypeFlags { match_self: true, ..TypeFlags::BASE },
    doc: "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n\
          bytes(bytes_or_buffer) -> bytes\nbytes(int) -> bytes\nbytes() -> bytes\n\n\
          Bytes that never change: those of a buffer, the ints of an iterable, a text in an encoding, so many zeros,\n\
          or none.",
    methods: METHODS,
    slots: Slots {
        repr: Some(repr),
        str: Some(str),
        hash: Some(|vm, this| Ok(hash(vm, payload(this)))),
        compare: Some(compare),
        iter: Some(iter),
        new: Some(new),
        remainder: Some(remainder),
        mapping_len: Some(byte_string::len::<Bytes>),
        getitem: Some(byte_string::getitem::<Bytes>),
        len: Some(byte_string::len::<Bytes>),
        concat: Some(concat),
        repeat: Some(byte_string::repeat::<Bytes>),
        item: Some(byte_string::item::<Bytes>),
        contains: Some(byte_string::contains::<Bytes>),
        buffer: Some(buffer),
        ..Slots::NONE
    },
    ..TypeDef::new::<Bytes>("bytes")
};

const METHODS: &[MethodDef] = &byte_string::concat_methods::<_, _, 44>(OWN, byte_string::methods::<Bytes>());

const OWN: [MethodDef; 2] = [
    method("__getnewargs__($self, /)", One(getnewargs), "The arguments that make the object again."),
    method("__bytes__($self, /)", One(exact), "The same bytes as an object of class bytes."),
];

impl ByteString for Bytes {
    type Reading<'a> = &'a [u8];
    const IMMUTABLE: bool = true;
    const OUT_OF_RANGE: &'static str = "index out of range";
    const INDEXED: &'static str = "byte";

    fn too_long(vm: &Thread) -> Raised {
        vm.overflow_error("repeated bytes are too long")
    }

    fn read(this: Ref<'_>) -> &[u8] {
        payload(this).as_bytes()
    }

    fn write(vm: &Thread, len: usize, fill: impl FnOnce(&mut Writer<'_>)) -> PyResult {
        if len == 0 { Ok(empty(vm)) } else { vm.write_bytes(len, fill) }
    }

    fn unchanged(vm: &Thread, this: Ref<'_>) -> PyResult {
        exact(vm, this)
    }
}

#[inline(always)]
fn payload(this: Ref<'_>) -> &Bytes {
    this.downcast().expect("the receiver is a bytes object")
}

/// `b''`
pub(crate) fn empty(vm: &Thread) -> Owned {
    vm.interpreter().empty_bytes.get().expect("made at start")
}

/// The object itself if it is of class bytes, otherwise one that is equal.
fn exact(vm: &Thread, this: Ref<'_>) -> PyResult {
    if this.is_exact(Kind::Bytes) { Ok(this.own()) } else { Bytes::make(vm, payload(this).as_bytes()) }
}

// ---- as an object ----

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let signature = crate::signature!(
        "bytes(source=<unrepresentable>, encoding=<unrepresentable>, errors=<unrepresentable>)"
    );
    let bytes = args.bind(vm, signature, |bound| {
        match byte_string::source(vm, "bytes", bound, |object| vm.special_bytes(object))? {
            Source::Zeros(0) => Ok(empty(vm)),
            Source::Zeros(size) => vm.new_bytes_with(size, |_| ()),
            Source::Encoded(bytes) => Ok(bytes),
            Source::Object(object) => vm.bytes_of_object(object),
        }
    })?;
    // What a class's `__bytes__` returns may be of a subclass, and then stays so.
    if class.is(vm.types().bytes.borrow()) {
        return Ok(bytes);
    }
    vm.bytes_of_class(class, payload(bytes.borrow()).as_bytes())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut out = TextBuf::default();
    repr_bytes(payload(this).as_bytes(), &mut out);
    vm.text(out.as_text())
}

fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    warn_of_str(vm, "bytes")?;
    repr(vm, this)
}

/// Warns of `str()` of bytes where the command line asks for it.
pub(crate) fn warn_of_str(vm: &Thread, class: &str) -> PyResult<()> {
    if vm.config().bytes_warning == 0 {
        return Ok(());
    }
    vm.warn(&vm.exceptions().BytesWarning, &format!("str() on a {class} instance"))
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(first), Some(second)) = (a.downcast::<Bytes>(), b.downcast::<Bytes>()) else {
        if vm.config().bytes_warning > 0 && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            warn_of_comparison(vm, a, b)?;
        }
        return Ok(Owned::not_implemented());
    };
    Ok(Owned::bool(op.holds(first.as_bytes().cmp(second.as_bytes()))))
}

#[cold]
fn warn_of_comparison(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<()> {
    let either = |test: fn(Ref<'_>) -> bool| test(a) || test(b);
    let other = if either(|value| value.downcast::<Str>().is_some()) {
        "string"
    } else if either(|value| int_ref(value).is_some()) {
        "int"
    } else {
        return Ok(());
    };
    vm.warn(&vm.exceptions().BytesWarning, &format!("Comparison between bytes and {other}"))
}

/// The hash of a bytes object, which is then cached.
pub(crate) fn hash(vm: &Thread, bytes: &Bytes) -> i64 {
    if bytes.cached_hash() == 0 {
        bytes.set_hash(hash_bytes(vm, bytes.as_bytes()));
    }
    bytes.cached_hash()
}

/// The hash of bytes: 0 for none only, and never -1, as in CPython.
pub(crate) fn hash_bytes(vm: &Thread, bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    match vm.interpreter().hash_keys.hash_one(bytes) as i64 {
        0 | -1 => -2,
        hash => hash,
    }
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.new_object_in(&vm.types().bytes_iterator, BytesIterator::new(this.own()))
}

/// The byte at an index of any sign, if there is one.
#[inline]
pub(crate) fn subscript(bytes: &Bytes, index: i64) -> Option<Owned> {
    let bytes = bytes.as_bytes();
    Some(Owned::small_int(bytes[index_of(index, bytes.len())?].into()))
}

fn concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    if let Some(tail) = other.downcast::<Bytes>() {
        if payload(this).as_bytes().is_empty() && other.is_exact(Kind::Bytes) {
            return Ok(other.own());
        }
        if tail.as_bytes().is_empty() && this.is_exact(Kind::Bytes) {
            return Ok(this.own());
        }
    }
    byte_string::concat::<Bytes>(vm, this, other)
}

fn remainder(vm: &Thread, left: Ref<'_>, right: Ref<'_>) -> PyResult {
    match left.downcast::<Bytes>() {
        Some(format) => byte_string::remainder::<Bytes>(vm, format.as_bytes(), right),
        None => Ok(Owned::not_implemented()),
    }
}

fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.tuple_array([Bytes::make(vm, payload(this).as_bytes())?])
}

// ---- as a buffer ----

/// Bytes stay where they are without anybody's doing.
static MEMORY: Memory = Memory {
    access: Access::Own {
        read: |exporter, read| read(payload(exporter).as_bytes()),
        write: |_, write| write(&mut []),
    },
    release: |_| (),
};

fn buffer(vm: &Thread, this: Ref<'_>, flags: u32) -> PyResult<BufferView> {
    if flags & request::WRITABLE != 0 {
        return Err(vm.buffer_error("Object is not writable."));
    }
    let geometry = Geometry::bytes(payload(this).as_bytes().len(), true);
    Ok(BufferView::new(this.own(), &MEMORY, geometry))
}
