//! `bytearray`: bytes that can change, in a [`ByteStore`]. The methods that `bytes` has, too, are those of all
//! [byte strings](super::byte_string).

use crate::arguments::Args;
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::byte_store::{ByteStore, Reading};
use crate::heap::inline::Str;
use crate::heap::{Header, Kind, Writer};
use crate::native::*;
use crate::protocol::buffer::{Access, BufferView, Geometry, Memory};
use crate::protocol::sequence::{SliceRange, clip, index_of};
use crate::protocol::slots::CompareOp;
use crate::text::repr::repr_bytearray;
use crate::text::search::find;
use crate::text::wtf8::TextBuf;
use crate::types::byte_string::{self, ByteString, Source, byte, extend_with_ints};
use crate::types::bytes::warn_of_str;
use crate::types::bytes_iterator::BytesIterator;
use crate::types::int::int_ref;
use crate::types::slice::Slice;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A bytearray.
    pub struct ByteArray: ByteArray {
        /// The bytes.
        pub bytes: ByteStore,
    }
}

class! { ByteArray => BYTEARRAY; }

pub(crate) static BYTEARRAY: TypeDef = TypeDef {
    flags: TypeFlags { match_self: true, release_buffer: true, ..TypeFlags::BASE },
    doc: "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\n\
          bytearray(bytes_or_buffer) -> bytearray\nbytearray(int) -> bytearray\nbytearray() -> bytearray\n\n\
          Bytes that can change: at first those of a buffer, the ints of an iterable, a text in an encoding, so many\n\
          zeros, or none.",
    methods: METHODS,
    slots: Slots {
        repr: Some(repr),
        str: Some(str),
        compare: Some(compare),
        iter: Some(iter),
        init: Some(init),
        new: Some(new),
        remainder: Some(remainder),
        mapping_len: Some(byte_string::len::<ByteArray>),
        getitem: Some(byte_string::getitem::<ByteArray>),
        setitem: Some(setitem),
        len: Some(byte_string::len::<ByteArray>),
        concat: Some(byte_string::concat::<ByteArray>),
        repeat: Some(byte_string::repeat::<ByteArray>),
        item: Some(byte_string::item::<ByteArray>),
        contains: Some(byte_string::contains::<ByteArray>),
        inplace_concat: Some(inplace_concat),
        inplace_repeat: Some(inplace_repeat),
        buffer: Some(buffer),
        ..Slots::NONE
    },
    ..TypeDef::new::<ByteArray>("bytearray")
};

const METHODS: &[MethodDef] =
    &byte_string::concat_methods::<_, _, 55>(OWN, byte_string::methods::<ByteArray>());

const OWN: [MethodDef; 13] = [
    method("__alloc__($self, /)", One(alloc), "How many bytes are allocated for the contents."),
    method("__reduce__($self, /)", One(reduce), "The object's state, for copy."),
    method("__reduce_ex__($self, proto=0, /)", OneOpt(reduce_ex), "The object's state, for pickle."),
    method("__sizeof__($self, /)", One(sizeof), "The bytes of memory that the object takes."),
    method("append($self, item, /)", Two(append), "Add a byte, given as an int, at the end."),
    method("clear($self, /)", One(clear), "Take out all bytes."),
    method("copy($self, /)", One(copy), "Make a bytearray of the same bytes."),
    method(
        "extend($self, iterable_of_ints, /)",
        Two(extend),
        "Add the bytes of a buffer, or the ints of an iterable, at the end.",
    ),
    method(
        "insert($self, index, item, /)",
        Three(insert),
        "Put a byte, given as an int, before the one at an index.",
    ),
    method(
        "pop($self, index=-1, /)",
        OneOpt(pop),
        "Take out the byte at an index, by default the last one, and return it.\n\n\
         Raises IndexError if there is none.",
    ),
    method(
        "remove($self, value, /)",
        Two(remove),
        "Take out the first byte with a value.\n\nRaises ValueError if there is none.",
    ),
    method(
        "resize($self, size, /)",
        Two(resize),
        "Cut off the end, or add zeros there, to have so many bytes.",
    ),
    method("reverse($self, /)", One(reverse), "Turn the order of the bytes around, in place."),
];

impl ByteString for ByteArray {
    type Reading<'a> = Reading<'a>;
    const IMMUTABLE: bool = false;
    const OUT_OF_RANGE: &'static str = "bytearray index out of range";
    const INDEXED: &'static str = "bytearray";

    fn too_long(vm: &Thread) -> Raised {
        vm.memory_error()
    }

    fn read(this: Ref<'_>) -> Reading<'_> {
        store(this).lock()
    }

    fn write(vm: &Thread, len: usize, fill: impl FnOnce(&mut Writer<'_>)) -> PyResult {
        vm.new_object(Self { bytes: ByteStore::written(vm, len, fill)? })
    }

    fn unchanged(vm: &Thread, this: Ref<'_>) -> PyResult {
        copy(vm, this)
    }
}

/// The bytes of a receiver, which is a bytearray.
#[inline(always)]
fn store(this: Ref<'_>) -> &ByteStore {
    &this.downcast::<ByteArray>().expect("the receiver is a bytearray").bytes
}

// ---- as an object ----

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, ByteArray { bytes: ByteStore::new() })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let signature = crate::signature!(
        "bytearray(source=<unrepresentable>, encoding=<unrepresentable>, errors=<unrepresentable>)"
    );
    args.bind(vm, signature, |bound| {
        let bytes = store(this);
        if !bytes.is_empty() {
            bytes.resize(vm, 0)?;
        }
        match byte_string::source(vm, "bytearray", bound, |_| Ok(None))? {
            Source::Zeros(size) => bytes.resize(vm, size),
            Source::Encoded(encoded) => bytes.append(vm, &vm.bytes_like(encoded.borrow())?),
            Source::Object(object) if vm.exports_buffer(object) => {
                let contents = vm.bytes_of_buffer(object)?;
                bytes.append(vm, &vm.bytes_like(contents.borrow())?)
            }
            Source::Object(object) => extend_with_ints(vm, "bytearray", object, |byte| bytes.push(vm, byte)),
        }
    })
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut out = TextBuf::default();
    out.push_str(&vm.type_name(this));
    out.push_str("(");
    repr_bytearray(&store(this).lock(), &mut out);
    out.push_str(")");
    vm.text(out.as_text())
}

fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    warn_of_str(vm, "bytearray")?;
    repr(vm, this)
}

/// A bytearray compares with whatever shows its bytes.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    if !vm.exports_buffer(a) || !vm.exports_buffer(b) {
        let is_text = |value: Ref<'_>| value.downcast::<Str>().is_some();
        let warns = vm.config().bytes_warning > 0 && matches!(op, CompareOp::Eq | CompareOp::Ne);
        if warns && (is_text(a) || is_text(b)) {
            vm.warn(&vm.exceptions().BytesWarning, "Comparison between bytearray and string")?;
        }
        return Ok(Owned::not_implemented());
    }
    // Asking one for its buffer may run Python; it must not find the other one locked.
    let (Ok(first), Ok(second)) = (vm.buffer_bytes(a), vm.buffer_bytes(b)) else {
        return Ok(Owned::not_implemented());
    };
    let (first, second) = (vm.bytes_like(first.borrow())?, vm.bytes_like(second.borrow())?);
    Ok(Owned::bool(op.holds((*first).cmp(&second))))
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.new_object_in(&vm.types().bytearray_iterator, BytesIterator::new(this.own()))
}

fn remainder(vm: &Thread, left: Ref<'_>, right: Ref<'_>) -> PyResult {
    let Some(format) = left.downcast::<ByteArray>() else { return Ok(Owned::not_implemented()) };
    // The arguments may change it.
    let format = format.bytes.lock().to_vec();
    byte_string::remainder::<ByteArray>(vm, &format, right)
}

fn alloc(vm: &Thread, this: Ref<'_>) -> PyResult {
    match store(this).capacity() {
        0 => Ok(Owned::small_int(0)),
        // CPython ends the contents with a zero.
        capacity => vm.size(capacity + 1),
    }
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(size_of::<Header>() + size_of::<ByteArray>() + store(this).capacity())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    reduce_by_protocol(vm, this, 2)
}

fn reduce_ex(vm: &Thread, this: Ref<'_>, protocol: Option<Ref<'_>>) -> PyResult {
    let protocol = protocol.map_or(Ok(0), |protocol| vm.to_i32(protocol))?;
    reduce_by_protocol(vm, this, protocol)
}

/// Protocols below 3 have no bytes: there, the arguments are a text and its encoding.
fn reduce_by_protocol(vm: &Thread, this: Ref<'_>, protocol: i32) -> PyResult {
    let state = vm.call_method(this, &vm.names().__getstate__, &[])?;
    let bytes = store(this).lock();
    let arguments = if bytes.is_empty() {
        vm.empty_tuple()
    } else if protocol >= 3 {
        vm.tuple_array([vm.bytes(&bytes)?])?
    } else {
        let mut text = TextBuf::with_capacity(bytes.len());
        bytes.iter().for_each(|&byte| text.push(byte.into()));
        vm.pair(vm.text(text.as_text())?, vm.str("latin-1")?)?
    };
    vm.tuple_array([vm.class(this).own(), arguments, state])
}

// ---- changes ----

fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    if let Some(slice) = key.downcast::<Slice>() {
        return set_slice(vm, this, slice, value);
    }
    let index = byte_string::index_key::<ByteArray>(vm, key)?;
    let value = value.map(|value| byte(vm, value)).transpose()?;
    let bytes = store(this);
    let Some(index) = index_of(index as i64, bytes.len()) else {
        return Err(vm.index_error("bytearray index out of range"));
    };
    match value {
        Some(value) => bytes.set(index, value),
        None => bytes.remove(vm, index..index + 1)?,
    }
    Ok(())
}

fn set_slice(vm: &Thread, this: Ref<'_>, slice: &Slice, value: Option<Ref<'_>>) -> PyResult<()> {
    let bounds = slice.bounds(vm)?;
    let new = value.map_or(Ok(Vec::new()), |value| assigned(vm, value))?;
    let bytes = store(this);
    let range = bounds.fit(bytes.len());
    if bounds.step == 1 {
        return bytes.splice(vm, range.start..range.end(), &new);
    }
    if new.is_empty() {
        return remove_stepped(vm, bytes, range);
    }
    if new.len() != range.len {
        return Err(vm.value_error(format_args!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            range.len
        )));
    }
    bytes.write(|bytes| range.indices().zip(new).for_each(|(index, byte)| bytes[index] = byte));
    Ok(())
}

/// The bytes that are assigned to a slice.
fn assigned(vm: &Thread, value: Ref<'_>) -> PyResult<Vec<u8>> {
    if vm.exports_buffer(value) {
        return vm.copy_bytes_like(value);
    }
    let slots = vm.slots(value);
    let is_number = int_ref(value).is_some()
        || slots.index.get().is_some()
        || slots.int.get().is_some()
        || slots.float.get().is_some();
    if is_number || value.downcast::<Str>().is_some() {
        return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    }
    let mut bytes = Vec::new();
    extend_with_ints(vm, "bytearray", value, |byte| vm.push(&mut bytes, byte))?;
    Ok(bytes)
}

fn remove_stepped(vm: &Thread, bytes: &ByteStore, range: SliceRange) -> PyResult<()> {
    let SliceRange { start, step, len } = range.ascending();
    if len == 0 {
        return Ok(());
    }
    bytes.check_resizable(vm)?;
    let step = step.unsigned_abs();
    bytes.write(|bytes| {
        let mut kept = start;
        for nth in 0..len {
            let index = start + nth * step;
            let next = if nth + 1 == len { bytes.len() } else { index + step };
            bytes.copy_within(index + 1..next, kept);
            kept += next - index - 1;
        }
    });
    bytes.resize(vm, bytes.len() - len)
}

fn inplace_concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let Ok(tail) = vm.bytes_like(other) else {
        let (got, class) = (vm.type_name(other), vm.type_name(this));
        return Err(vm.type_error(format_args!("can't concat {got} to {class}")));
    };
    store(this).append(vm, &tail)?;
    Ok(this.own())
}

fn inplace_repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let bytes = store(this);
    let (len, count) = (bytes.len(), usize::try_from(count).unwrap_or(0));
    if count != 1 {
        let total = len.checked_mul(count).filter(|&total| isize::try_from(total).is_ok());
        bytes.resize(vm, total.ok_or_else(|| vm.memory_error())?)?;
        bytes.write(|bytes| {
            for start in (len..bytes.len()).step_by(len.max(1)) {
                bytes.copy_within(0..len, start);
            }
        });
    }
    Ok(this.own())
}

fn append(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult {
    let byte = byte(vm, item)?;
    store(this).push(vm, byte)?;
    none()
}

fn extend(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    if vm.exports_buffer(iterable) {
        let Ok(tail) = vm.copy_bytes_like(iterable) else {
            let got = vm.type_name(iterable);
            return Err(vm.type_error(format_args!("can't set bytearray slice from {got}")));
        };
        store(this).append(vm, &tail)?;
        return none();
    }
    let iterator = match vm.iter(iterable) {
        Err(raised) if raised.is(&vm.exceptions().TypeError) => {
            let got = vm.type_name(iterable);
            return Err(vm.type_error(format_args!("can't extend bytearray with {got}")));
        }
        iterator => iterator?,
    };
    let mut tail = vm.vec(vm.length_hint(iterable, 32)?)?;
    while let Some(item) = vm.next(iterator.borrow())? {
        let byte = byte(vm, item.borrow()).map_err(|raised| match iterable.downcast::<Str>() {
            Some(_) => {
                let got = vm.type_name(iterable);
                vm.type_error(format_args!("expected iterable of integers; got: '{got}'"))
            }
            None => raised,
        })?;
        vm.push(&mut tail, byte)?;
    }
    store(this).append(vm, &tail)?;
    none()
}

fn insert(vm: &Thread, this: Ref<'_>, index: Ref<'_>, item: Ref<'_>) -> PyResult {
    let index = vm.to_isize(index)?;
    let byte = byte(vm, item)?;
    let bytes = store(this);
    let index = clip(index, bytes.len());
    bytes.splice(vm, index..index, &[byte])?;
    none()
}

fn pop(vm: &Thread, this: Ref<'_>, index: Option<Ref<'_>>) -> PyResult {
    let index = index.map_or(Ok(-1), |index| vm.to_isize(index))?;
    let bytes = store(this);
    if bytes.is_empty() {
        return Err(vm.index_error("pop from empty bytearray"));
    }
    let found = index_of(index as i64, bytes.len()).and_then(|index| Some((index, bytes.get(index)?)));
    let Some((index, byte)) = found else { return Err(vm.index_error("pop index out of range")) };
    bytes.remove(vm, index..index + 1)?;
    Ok(Owned::small_int(byte.into()))
}

fn remove(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let value = byte(vm, value)?;
    let bytes = store(this);
    let Some(index) = bytes.read(|bytes| find(bytes, &[value])) else {
        return Err(vm.value_error("value not found in bytearray"));
    };
    bytes.remove(vm, index..index + 1)?;
    none()
}

fn resize(vm: &Thread, this: Ref<'_>, size: Ref<'_>) -> PyResult {
    let size = vm.to_isize(size)?;
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.value_error(format_args!("Can only resize to positive sizes, got {size}")));
    };
    store(this).resize(vm, size)?;
    none()
}

fn reverse(_vm: &Thread, this: Ref<'_>) -> PyResult {
    store(this).write(<[u8]>::reverse);
    none()
}

fn clear(vm: &Thread, this: Ref<'_>) -> PyResult {
    let bytes = store(this);
    bytes.check_resizable(vm)?;
    bytes.resize(vm, 0)?;
    none()
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    ByteArray::make(vm, &store(this).lock())
}

// ---- as a buffer ----

static MEMORY: Memory = Memory {
    access: Access::Own {
        read: |exporter, read| store(exporter).read(read),
        write: |exporter, write| store(exporter).write(write),
    },
    release: |exporter| store(exporter).release(),
};

fn buffer(_vm: &Thread, this: Ref<'_>, _flags: u32) -> PyResult<BufferView> {
    let bytes = store(this);
    bytes.export();
    Ok(BufferView::new(this.own(), &MEMORY, Geometry::bytes(bytes.len(), false)))
}

impl Thread {
    /// A bytearray.
    pub fn bytearray(&self, bytes: &[u8]) -> PyResult {
        ByteArray::make(self, bytes)
    }

    /// An object of exactly class bytes or bytearray with the bytes of a buffer, which may be that buffer.
    fn buffer_bytes(&self, object: Ref<'_>) -> PyResult {
        if object.is_exact(Kind::Bytes) || object.is_exact(Kind::ByteArray) {
            return Ok(object.own());
        }
        self.bytes(&self.copy_bytes_like(object)?)
    }
}
