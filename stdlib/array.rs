//! `array`: sequences of numbers or characters of one C type, in a [`ByteStore`].
//!
//! Values are converted to bytes before an array is looked at, because that may run Python.

mod item;
mod iterator;
mod reconstruct;
mod slice;

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::byte_store::ByteStore;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::native::*;
use pyx_vm::protocol::buffer::{Access, BufferView, Geometry, Memory, request};
use pyx_vm::protocol::sequence::{clip, index_of};
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::bytearray::ByteArray;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use item::{CODES, Code, character};

pub(crate) static ARRAY_MODULE: ModuleDef = ModuleDef {
    doc: "Compact sequences of numbers or characters, all of one C type.",
    functions: &[function(
        "_array_reconstructor($module, arraytype, typecode, mformat_code, items,\n                     /)",
        Four(reconstruct::array_reconstructor),
        "Makes an array from what a pickle has of it.",
    )],
    types: &[&ARRAY],
    exec: Some(exec),
    ..ModuleDef::new("array")
};

payload! {
    /// An array.
    struct Array: Native {
        code: Code,
        bytes: ByteStore,
    }
}

class! { Array => ARRAY; }

static ARRAY: TypeDef = TypeDef {
    module: "array",
    attributes: &[MODULE, GETATTRIBUTE],
    flags: TypeFlags { weakref: true, sequence: true, release_buffer: true, ..TypeFlags::BASE },
    doc: "array(typecode [, initializer]) -> array\n\n\
          A sequence of items of one C type, which the type code tells: b B h H i I l L q Q for signed and unsigned\n\
          integers of 1, 2, 4, 8 and 8 bytes, f d for floats of 4 and 8 bytes, w for characters, and u likewise, which is\n\
          deprecated. The initializer is bytes, a str for characters, another array, or an iterable of items.",
    methods: &[
        method("append($self, v, /)", Two(append), "Add an item at the end."),
        method(
            "buffer_info($self, /)",
            One(buffer_info),
            "The address of the memory and the number of items.",
        ),
        method("byteswap($self, /)", One(byteswap), "Turn the bytes of each item around."),
        method("clear($self, /)", One(clear), "Take out all items."),
        method("__copy__($self, /)", One(copy), "An array of the same items."),
        method("count($self, v, /)", Two(count), "How often a value occurs."),
        method(
            "__deepcopy__($self, unused, /)",
            Two(|vm, this, _| copy(vm, this)),
            "An array of the same items.",
        ),
        method(
            "extend($self, bb, /)",
            Two(extend),
            "Add the items of an array or of another iterable at the end.",
        )
        .wording(Wording::DefiningClass),
        method(
            "fromfile($self, f, n, /)",
            Three(fromfile),
            "Read so many items from a file, and add them at the end.",
        )
        .wording(Wording::DefiningClass),
        method("fromlist($self, list, /)", Two(fromlist), "Add the items of a list at the end."),
        method("frombytes($self, buffer, /)", Two(frombytes), "Add the items in bytes at the end."),
        method("fromunicode($self, ustr, /)", Two(fromunicode), "Add the characters of a text at the end."),
        method(
            "index($self, v, start=0, stop=sys.maxsize, /)",
            TwoOpt2(index),
            "The index of the first item equal to a value.\n\nRaises ValueError if there is none.",
        ),
        method("insert($self, i, v, /)", Three(insert), "Put an item before the one at an index."),
        method(
            "pop($self, i=-1, /)",
            OneOpt(pop),
            "Take out the item at an index, by default the last one, and return it.",
        ),
        method(
            "__reduce_ex__($self, value, /)",
            Two(reconstruct::reduce_ex),
            "The array's state, for pickle.",
        )
        .wording(Wording::DefiningClass),
        method("remove($self, v, /)", Two(remove), "Take out the first item equal to a value."),
        method("reverse($self, /)", One(reverse), "Turn the order of the items around."),
        method(
            "tofile($self, f, /)",
            Two(tofile),
            "Write the items to a file, as the machine represents them.",
        )
        .wording(Wording::DefiningClass),
        method("tolist($self, /)", One(tolist), "The items as a list."),
        method("tobytes($self, /)", One(tobytes), "The bytes of the items."),
        method("tounicode($self, /)", One(tounicode), "The characters as a text."),
        method("__sizeof__($self, /)", One(sizeof), "The bytes of memory that the array takes."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        getter(
            "typecode",
            |vm, this| vm.character(items(this).code.letter().into()),
            "The type of the items.",
        ),
        getter("itemsize", |vm, this| vm.size(items(this).code.size()), "The bytes of an item."),
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        compare: Some(compare),
        iter: Some(iterator::iter),
        mapping_len: Some(len),
        getitem: Some(slice::getitem),
        setitem: Some(slice::setitem),
        len: Some(len),
        concat: Some(concat),
        repeat: Some(repeat),
        item: Some(item_slot),
        contains: Some(contains),
        inplace_concat: Some(inplace_concat),
        inplace_repeat: Some(inplace_repeat),
        buffer: Some(buffer),
        ..Slots::NONE
    },
    ..TypeDef::new::<Array>("array")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let class = vm.class_of(&ARRAY)?;
    vm.set_attr(module, vm.intern("ArrayType")?.borrow(), Some(class.borrow()))?;
    let abc = vm.import_module(&vm.intern("collections.abc")?)?;
    let sequence = vm.get_attr(abc.borrow(), vm.intern("MutableSequence")?.borrow())?;
    vm.call_method(sequence.borrow(), &vm.intern("register")?, &[class.borrow()])?;
    vm.set_attr(module, vm.intern("typecodes")?.borrow(), Some(vm.str(CODES)?.borrow()))
}

/// The payload of a receiver, which is an array.
fn items(this: Ref<'_>) -> &Array {
    this.downcast().expect("the receiver is an array")
}

impl Array {
    /// How many items.
    fn len(&self) -> usize {
        self.bytes.len() / self.code.size()
    }

    /// The item at an index, if there is one.
    fn get(&self, vm: &Thread, index: usize) -> Option<PyResult> {
        let (size, mut item) = (self.code.size(), [0; 8]);
        let at = index.checked_mul(size)?;
        item[..size].copy_from_slice(self.bytes.lock().get(at..at + size)?);
        Some(self.code.unpack(vm, &item[..size]))
    }

    /// A value as the bytes of an item.
    fn pack(&self, vm: &Thread, value: Ref<'_>) -> PyResult<smallvec::SmallVec<[u8; 8]>> {
        let packed = self.code.pack(vm, value)?;
        Ok(smallvec::SmallVec::from_slice(&packed[..self.code.size()]))
    }

    /// BufferError while there are views.
    fn check_resizable(&self, vm: &Thread) -> PyResult<()> {
        if self.bytes.is_exported() {
            return Err(vm.buffer_error("cannot resize an array that is exporting buffers"));
        }
        Ok(())
    }

    /// Adds bytes of items at the end.
    fn push(&self, vm: &Thread, bytes: &[u8]) -> PyResult<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.check_resizable(vm)?;
        self.bytes.append(vm, bytes)
    }
}

/// An empty array of a class.
fn new_array(vm: &Thread, class: Ref<'_>, code: Code) -> PyResult {
    vm.new_object_of(class, Array { code, bytes: ByteStore::new() })
}

/// An array of class array with these bytes of items.
fn array_of(vm: &Thread, code: Code, bytes: &[u8]) -> PyResult {
    vm.new_object(Array { code, bytes: ByteStore::from_slice(vm, bytes)? })
}

// ---- construction ----

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.has_keywords() && class.is(vm.class_of(&ARRAY)?.borrow()) {
        return Err(vm.type_error("array.array() takes no keyword arguments"));
    }
    let (typecode, initial) = match *args.positional() {
        [typecode] => (typecode, None),
        [typecode, initial] => (typecode, Some(initial)),
        [] => return Err(vm.type_error("array() takes at least 1 argument (0 given)")),
        ref many => {
            let given = many.len();
            return Err(vm.type_error(format_args!("array() takes at most 2 arguments ({given} given)")));
        }
    };
    let code = typecode_argument(vm, typecode)?;
    if code.letter() == 'u' {
        let message = "The 'u' type code is deprecated and will be removed in Python 3.16";
        vm.warn(&vm.exceptions().DeprecationWarning, message)?;
    }
    let array = new_array(vm, class, code)?;
    if let Some(initial) = initial {
        fill(vm, array.borrow(), initial)?;
    }
    Ok(array)
}

fn typecode_argument(vm: &Thread, typecode: Ref<'_>) -> PyResult<Code> {
    let Some(text) = typecode.downcast::<Str>() else {
        let got = vm.type_name(typecode);
        return Err(vm.type_error(format_args!("array() argument 1 must be a unicode character, not {got}")));
    };
    if text.len() != 1 {
        let len = text.len();
        return Err(vm.type_error(format_args!(
            "array() argument 1 must be a unicode character, not a string of length {len}"
        )));
    }
    text.text()
        .code_point_at(0)
        .and_then(Code::new)
        .ok_or_else(|| vm.value_error("bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)"))
}

/// Puts the items of an initializer into a new array.
fn fill(vm: &Thread, this: Ref<'_>, initial: Ref<'_>) -> PyResult<()> {
    let array = items(this);
    let letter = array.code.letter();
    if let Some(text) = initial.downcast::<Str>() {
        if !array.code.is_text() {
            return Err(vm.type_error(format_args!(
                "cannot use a str to initialize an array with typecode '{letter}'"
            )));
        }
        return push_text(vm, array, text);
    }
    if let Some(other) = initial.downcast::<Array>() {
        if other.code.is_text() && !array.code.is_text() {
            return Err(vm.type_error(format_args!(
                "cannot use a unicode array to initialize an array with typecode '{letter}'"
            )));
        }
        if other.code == array.code {
            let bytes = other.bytes.lock().to_vec();
            return array.push(vm, &bytes);
        }
    }
    if initial.downcast::<Bytes>().is_some() || initial.downcast::<ByteArray>().is_some() {
        let bytes = vm.copy_bytes_like(initial)?;
        return push_bytes(vm, this, &bytes);
    }
    extend_with(vm, this, initial)
}

/// Adds the items of an iterable at the end.
fn extend_with(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult<()> {
    vm.iterate(iterable, &mut |item| append(vm, this, item.borrow()).map(drop))
}

/// Adds bytes of items at the end.
fn push_bytes(vm: &Thread, this: Ref<'_>, bytes: &[u8]) -> PyResult<()> {
    let array = items(this);
    if !bytes.len().is_multiple_of(array.code.size()) {
        return Err(vm.value_error("bytes length not a multiple of item size"));
    }
    array.push(vm, bytes)
}

fn push_text(vm: &Thread, array: &Array, text: &Str) -> PyResult<()> {
    let mut bytes = Vec::new();
    for code in text.text().code_points() {
        bytes.extend_from_slice(&code.to_ne_bytes());
    }
    array.push(vm, &bytes)
}

// ---- as an object ----

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    let class = vm.get_attr(vm.class(this), vm.intern("__name__")?.borrow())?;
    let mut out = TextBuf::default();
    let push = |out: &mut TextBuf, text: &Owned| {
        if let Some(text) = text.borrow().downcast::<Str>() {
            out.push_text(text.text());
        }
    };
    push(&mut out, &class);
    out.push_str(&format!("('{}'", array.code.letter()));
    if array.len() > 0 {
        let values = if array.code.is_text() { text(vm, array)? } else { tolist(vm, this)? };
        out.push_str(", ");
        push(&mut out, &vm.repr(values.borrow())?);
    }
    out.push_str(")");
    vm.text(out.as_text())
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(first), Some(second)) = (a.downcast::<Array>(), b.downcast::<Array>()) else {
        return Ok(Owned::not_implemented());
    };
    if first.len() != second.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::bool(op == CompareOp::Ne));
    }
    let mut index = 0;
    while let (Some(x), Some(y)) = (first.get(vm, index), second.get(vm, index)) {
        let (x, y) = (x?, y?);
        if !vm.equal(x.borrow(), y.borrow())? {
            return match op {
                CompareOp::Eq => Ok(Owned::bool(false)),
                CompareOp::Ne => Ok(Owned::bool(true)),
                _ => vm.compare(x.borrow(), y.borrow(), op),
            };
        }
        index += 1;
    }
    Ok(Owned::bool(op.holds(first.len().cmp(&second.len()))))
}

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(items(this).len())
}

fn item_slot(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    let item = usize::try_from(index).ok().and_then(|index| items(this).get(vm, index));
    item.unwrap_or_else(|| Err(vm.index_error("array index out of range")))
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(16 + size_of::<Array>() + items(this).bytes.capacity())
}

/// The index of the first item equal to a value, from `start` on and before `stop`.
fn position(
    vm: &Thread,
    array: &Array,
    value: Ref<'_>,
    start: usize,
    stop: usize,
) -> PyResult<Option<usize>> {
    let mut index = start;
    while index < stop
        && let Some(item) = array.get(vm, index)
    {
        let item = item?;
        if item.borrow().is(value) || vm.equal(item.borrow(), value)? {
            return Ok(Some(index));
        }
        index += 1;
    }
    Ok(None)
}

fn contains(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<bool> {
    Ok(position(vm, items(this), value, 0, usize::MAX)?.is_some())
}

fn count(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let array = items(this);
    let (mut count, mut from) = (0, 0);
    while let Some(at) = position(vm, array, value, from, usize::MAX)? {
        (count, from) = (count + 1, at + 1);
    }
    vm.size(count)
}

fn index(
    vm: &Thread,
    this: Ref<'_>,
    value: Ref<'_>,
    start: Option<Ref<'_>>,
    stop: Option<Ref<'_>>,
) -> PyResult {
    let bound = |bound: Option<Ref<'_>>, default| {
        bound.map_or(Ok(default), |bound| {
            if vm.is_index(bound) {
                return vm.to_index_clipped(bound);
            }
            Err(vm.type_error("slice indices must be integers or have an __index__ method"))
        })
    };
    let (start, stop) = (bound(start, 0)?, bound(stop, isize::MAX)?);
    let array = items(this);
    let len = array.len();
    match position(vm, array, value, clip(start, len), clip(stop, len))? {
        Some(index) => vm.size(index),
        None => Err(vm.value_error("array.index(x): x not in array")),
    }
}

// ---- changes ----

fn append(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let array = items(this);
    let bytes = array.pack(vm, value)?;
    array.push(vm, &bytes)?;
    none()
}

fn insert(vm: &Thread, this: Ref<'_>, index: Ref<'_>, value: Ref<'_>) -> PyResult {
    let index = vm.to_isize(index)?;
    let array = items(this);
    let bytes = array.pack(vm, value)?;
    array.check_resizable(vm)?;
    let at = clip(index, array.len()) * array.code.size();
    array.bytes.splice(vm, at..at, &bytes)?;
    none()
}

fn pop(vm: &Thread, this: Ref<'_>, index: Option<Ref<'_>>) -> PyResult {
    let index = index.map_or(Ok(-1), |index| vm.to_isize(index))?;
    let array = items(this);
    if array.len() == 0 {
        return Err(vm.index_error("pop from empty array"));
    }
    let Some(index) = index_of(index as i64, array.len()) else {
        return Err(vm.index_error("pop index out of range"));
    };
    let item = array.get(vm, index).expect("the index is in range")?;
    take_out(vm, array, index)?;
    Ok(item)
}

/// Takes the item at an index out.
fn take_out(vm: &Thread, array: &Array, index: usize) -> PyResult<()> {
    array.check_resizable(vm)?;
    let size = array.code.size();
    array.bytes.remove(vm, index * size..(index + 1) * size)
}

fn remove(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let array = items(this);
    match position(vm, array, value, 0, usize::MAX)? {
        Some(index) if index < array.len() => take_out(vm, array, index)?,
        _ => return Err(vm.value_error("array.remove(x): x not in array")),
    }
    none()
}

fn clear(vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    array.check_resizable(vm)?;
    array.bytes.resize(vm, 0)?;
    none()
}

fn reverse(_vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    let size = array.code.size();
    array.bytes.write(|bytes| {
        bytes.reverse();
        bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    });
    none()
}

fn byteswap(_vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    let size = array.code.size();
    array.bytes.write(|bytes| bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse));
    none()
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    array_of(vm, array.code, &array.bytes.lock())
}

/// Adds another array's items, or the items of another iterable if that is allowed, at the end.
fn extend_array(vm: &Thread, this: Ref<'_>, other: &Array) -> PyResult<()> {
    let array = items(this);
    if array.code != other.code {
        return Err(vm.type_error("can only extend with array of same kind"));
    }
    let bytes = other.bytes.lock().to_vec();
    array.push(vm, &bytes)
}

fn extend(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    match iterable.downcast::<Array>() {
        Some(other) => extend_array(vm, this, other)?,
        None => extend_with(vm, this, iterable)?,
    }
    none()
}

fn inplace_concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let Some(other) = other.downcast::<Array>() else {
        let got = vm.type_name(other);
        return Err(vm.type_error(format_args!("can only extend array with array (not \"{got}\")")));
    };
    extend_array(vm, this, other)?;
    Ok(this.own())
}

fn concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let Some(other) = other.downcast::<Array>() else {
        let got = vm.type_name(other);
        return Err(vm.type_error(format_args!("can only append array (not \"{got}\") to array")));
    };
    let array = items(this);
    if array.code != other.code {
        return Err(vm.type_error("bad argument type for built-in operation"));
    }
    let both = array_of(vm, array.code, &array.bytes.lock())?;
    items(both.borrow()).bytes.append(vm, &other.bytes.lock())?;
    Ok(both)
}

fn repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let array = items(this);
    let copy = array_of(vm, array.code, &array.bytes.lock())?;
    inplace_repeat(vm, copy.borrow(), count)
}

fn inplace_repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let array = items(this);
    let (len, count) = (array.bytes.len(), usize::try_from(count).unwrap_or(0));
    if len > 0 && count != 1 {
        array.check_resizable(vm)?;
        let total = len.checked_mul(count).filter(|&total| isize::try_from(total).is_ok());
        array.bytes.resize(vm, total.ok_or_else(|| vm.memory_error())?)?;
        array.bytes.write(|bytes| {
            for start in (len..bytes.len()).step_by(len) {
                bytes.copy_within(0..len, start);
            }
        });
    }
    Ok(this.own())
}

// ---- conversion ----

fn fromlist(vm: &Thread, this: Ref<'_>, list: Ref<'_>) -> PyResult {
    let Some(values) = list.downcast::<List>() else { return Err(vm.type_error("arg must be list")) };
    let array = items(this);
    let len = values.items().len();
    let mut bytes = Vec::new();
    for index in 0..len {
        let Some(value) = values.items().get(index) else { return Err(list_changed(vm)) };
        bytes.extend_from_slice(&array.pack(vm, value.borrow())?);
        if values.items().len() != len {
            return Err(list_changed(vm));
        }
    }
    array.push(vm, &bytes)?;
    none()
}

#[cold]
fn list_changed(vm: &Thread) -> Raised {
    vm.runtime_error("list changed size during iteration")
}

fn frombytes(vm: &Thread, this: Ref<'_>, buffer: Ref<'_>) -> PyResult {
    let view = vm.get_buffer(buffer, request::SIMPLE)?;
    if view.geometry().itemsize != 1 {
        return Err(vm.type_error("a bytes-like object is required"));
    }
    let bytes = view.to_vec(vm)?;
    drop(view);
    push_bytes(vm, this, &bytes)?;
    none()
}

fn fromunicode(vm: &Thread, this: Ref<'_>, text: Ref<'_>) -> PyResult {
    let text = vm.str_argument("fromunicode() argument", text)?;
    let array = items(this);
    if !array.code.is_text() {
        return Err(vm.value_error("fromunicode() may only be called on unicode type arrays ('u' or 'w')"));
    }
    push_text(vm, array, text)?;
    none()
}

fn tolist(vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    let bytes = array.bytes.lock();
    let items: PyResult<Vec<_>> =
        bytes.chunks_exact(array.code.size()).map(|item| array.code.unpack(vm, item)).collect();
    vm.list(items?)
}

fn tobytes(vm: &Thread, this: Ref<'_>) -> PyResult {
    items(this).bytes.read(|bytes| vm.bytes(bytes))
}

/// The characters as a text.
fn text(vm: &Thread, array: &Array) -> PyResult {
    let mut text = TextBuf::default();
    for item in array.bytes.lock().chunks_exact(4) {
        let code = u32::from_ne_bytes(item.try_into().expect("chunks of four"));
        text.push(character(vm, code)?);
    }
    vm.text(text.as_text())
}

fn tounicode(vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    if !array.code.is_text() {
        return Err(vm.value_error("tounicode() may only be called on unicode type arrays ('u' or 'w')"));
    }
    text(vm, array)
}

fn fromfile(vm: &Thread, this: Ref<'_>, file: Ref<'_>, count: Ref<'_>) -> PyResult {
    let count = vm.to_isize(count)?;
    let Ok(count) = usize::try_from(count) else { return Err(vm.value_error("negative count")) };
    let Some(wanted) = count.checked_mul(items(this).code.size()) else { return Err(vm.memory_error()) };
    let read = vm.call_method(file, &vm.intern("read")?, &[vm.size(wanted)?.borrow()])?;
    let Some(bytes) = read.borrow().downcast::<Bytes>() else {
        return Err(vm.type_error("read() didn't return bytes"));
    };
    push_bytes(vm, this, bytes.as_bytes())?;
    if bytes.as_bytes().len() != wanted {
        return Err(vm.eof_error("read() didn't return enough bytes"));
    }
    none()
}

fn tofile(vm: &Thread, this: Ref<'_>, file: Ref<'_>) -> PyResult {
    /// The bytes that are written at a time.
    const BLOCK: usize = 64 * 1024;
    let (array, write) = (items(this), vm.intern("write")?);
    let mut at = 0;
    loop {
        let block = {
            let bytes = array.bytes.lock();
            let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) else { return none() };
            vm.bytes(&rest[..rest.len().min(BLOCK)])?
        };
        vm.call_method(file, &write, &[block.borrow()])?;
        at += BLOCK;
    }
}

fn buffer_info(vm: &Thread, this: Ref<'_>) -> PyResult {
    let array = items(this);
    let address = array.bytes.read(|bytes| bytes.as_ptr().addr());
    vm.pair(vm.size(address)?, vm.size(array.len())?)
}

// ---- as a buffer ----

static MEMORY: Memory = Memory {
    access: Access::Own {
        read: |exporter, read| items(exporter).bytes.read(read),
        write: |exporter, write| items(exporter).bytes.write(write),
    },
    release: |exporter| items(exporter).bytes.release(),
};

fn buffer(_vm: &Thread, this: Ref<'_>, _flags: u32) -> PyResult<BufferView> {
    let array = items(this);
    array.bytes.export();
    let geometry = Geometry::items(array.code.format().into(), array.code.size(), array.len(), false);
    Ok(BufferView::new(this.own(), &MEMORY, geometry))
}
