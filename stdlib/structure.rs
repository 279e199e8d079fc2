//! `_struct`: Python values as the bytes of C structs.
//!
//! A format becomes a [`Layout`]; [`item`] packs and unpacks its items. Formats are parsed when they are used: that takes
//! less time than looking them up would.

mod item;
mod layout;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use layout::Layout;
use pyx_vm::exception::{PyResult, Raised, classes, exception_def};
use pyx_vm::heap::Slot;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::native::*;
use pyx_vm::protocol::buffer::{BufferView, request};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

pub(crate) static STRUCT: ModuleDef = ModuleDef {
    doc: "Python values as the bytes of C structs.\n\n\
          A format starts with the byte order, sizes and alignment: @ native (the default), = native order with standard\n\
          sizes and no alignment, < little endian, > or ! big endian, likewise. Then come items, with a count before them:\n\
          x padding, c char, b B signed and unsigned char, ? bool, h H short, i I int, l L long, q Q long long, n N ssize_t\n\
          and size_t, e f d floats of 2, 4 and 8 bytes, F D complex numbers of 8 and 16 bytes, s bytes, p bytes with their\n\
          length before them, P pointer. White space between items is ignored.",
    functions: &[
        function(
            "_clearcache($module, /)",
            Zero(|_| none()),
            "Forget parsed formats; there are none that are kept.",
        ),
        function("calcsize($module, format, /)", One(calcsize), "The bytes of a struct."),
        function(
            "iter_unpack($module, format, buffer, /)",
            Two(iter_unpack_function),
            "An iterator over the structs that adjoin in a buffer, each a tuple.",
        ),
        function(
            "pack($module, format, /, *values)",
            Raw(pack_function),
            "Bytes of a struct with these values.",
        )
        .untold(),
        function(
            "pack_into($module, format, buffer, offset, /, *values)",
            Raw(pack_into_function),
            "Write a struct with these values into a buffer.",
        )
        .untold(),
        function(
            "unpack($module, format, buffer, /)",
            Two(unpack_function),
            "The values of a struct, as a tuple.",
        ),
        function(
            "unpack_from($module, format, /, buffer, offset=0)",
            TwoOpt(unpack_from_function),
            "The values of a struct in a buffer, as a tuple.",
        ),
    ],
    types: &[&STRUCT_TYPE],
    exec: Some(exec),
    ..ModuleDef::new("_struct")
};

pub(crate) static ERROR: TypeDef =
    exception_def("struct", "error", &classes::Exception, "A struct, or a format, is not right.");

payload! {
    /// A format that has been parsed.
    struct Struct: Native {
        layout: RefCell<Option<Shared>>,
        format: Slot,
    }

    /// An iterator over structs in a buffer.
    struct UnpackIterator: Native {
        layout: Shared,
        view: RefCell<Option<BufferView>>,
        offset: Cell<usize>,
    }
}

/// A layout, which holds no Python values.
#[derive(Clone)]
struct Shared(Rc<Layout>);

untraced!(Shared);

class! {
    Struct => STRUCT_TYPE;
    UnpackIterator => UNPACK_ITERATOR;
}

static STRUCT_TYPE: TypeDef = TypeDef {
    module: "_struct",
    attributes: &[MODULE, GETATTRIBUTE, SETATTR, DELATTR],
    flags: TypeFlags { weakref: true, ..TypeFlags::BASE },
    doc: "Struct(format) --> a format that has been parsed once for all.",
    methods: &[
        method(
            "iter_unpack($self, buffer, /)",
            Two(iter_unpack),
            "An iterator over the structs that adjoin in a buffer.",
        ),
        method("pack($self, /, *values)", Raw(pack_method), "Bytes of a struct with these values.").untold(),
        method(
            "pack_into($self, buffer, offset, /, *values)",
            Raw(pack_into_method),
            "Write a struct with these values into a buffer.",
        )
        .untold(),
        method("unpack($self, buffer, /)", Two(unpack), "The values of a struct, as a tuple."),
        method(
            "unpack_from($self, /, buffer, offset=0)",
            TwoOpt(unpack_from),
            "The values of a struct in a buffer, as a tuple.",
        ),
        method("__sizeof__($self, /)", One(sizeof), "The bytes of memory that the object takes."),
    ],
    getset: &[
        getter(
            "format",
            |vm, this| {
                layout(vm, this)?;
                Ok(payload(this).format.get_or_none())
            },
            "The format.",
        ),
        getter(
            "size",
            |vm, this| match initialised(this) {
                Some(layout) => vm.size(layout.size),
                None => vm.int(-1),
            },
            "The bytes of the struct.",
        ),
    ],
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), ..Slots::NONE },
    ..TypeDef::new::<Struct>("Struct")
};

static UNPACK_ITERATOR: TypeDef = TypeDef {
    module: "_struct",
    attributes: &[MODULE, GETATTRIBUTE],
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[method("__length_hint__($self, /)", One(length_hint), "How many structs are left.")],
    slots: Slots { iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<UnpackIterator>("unpack_iterator")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let class = vm.class_of(&ERROR)?;
    vm.set_attr(module, vm.intern("error")?.borrow(), Some(class.borrow()))
}

/// A `struct.error`.
#[cold]
fn error(vm: &Thread, message: impl std::fmt::Display) -> Raised {
    vm.module_error(&ERROR, message)
}

// ---- formats ----

/// Parses a format, which is a str or bytes.
fn parse(vm: &Thread, format: Ref<'_>) -> PyResult<Layout> {
    let bytes = match (format.downcast::<Str>(), format.downcast::<Bytes>()) {
        (Some(text), _) if text.is_ascii() => text.as_bytes(),
        (Some(_), _) => {
            vm.encode_text(format, "ascii", "strict")?;
            &[]
        }
        (_, Some(bytes)) => bytes.as_bytes(),
        _ => return Err(vm.bad_argument_full("Struct() argument 1", "a str or bytes object", format)),
    };
    Layout::parse(bytes).map_err(|message| error(vm, message))
}

/// Parses the format of a module's function, which CPython remembers: it must be hashable, and bytes are remembered as
/// text.
fn hashable(vm: &Thread, format: Ref<'_>) -> PyResult<Layout> {
    vm.key_hash(format)?;
    if format.downcast::<Bytes>().is_some_and(|bytes| !bytes.as_bytes().is_ascii()) {
        let text = vm.decode_bytes(format, "ascii", "surrogateescape")?;
        return parse(vm, text.borrow());
    }
    parse(vm, format)
}

trait BadArgument {
    fn bad_argument_full(&self, place: &str, wanted: &str, got: Ref<'_>) -> Raised;
}

impl BadArgument for Thread {
    /// As `bad_argument`, but None is named by its class.
    fn bad_argument_full(&self, place: &str, wanted: &str, got: Ref<'_>) -> Raised {
        self.type_error(format_args!("{place} must be {wanted}, not {}", self.type_name(got)))
    }
}

fn payload(this: Ref<'_>) -> &Struct {
    this.downcast().expect("the receiver is a Struct")
}

fn initialised(this: Ref<'_>) -> Option<Rc<Layout>> {
    payload(this).layout.borrow().as_ref().map(|layout| layout.0.clone())
}

fn layout(vm: &Thread, this: Ref<'_>) -> PyResult<Rc<Layout>> {
    initialised(this).ok_or_else(|| vm.runtime_error("Struct object is not initialized"))
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, Struct { layout: RefCell::new(None), format: Slot::empty() })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, pyx_vm::signature!("Struct(format)"), |bound| {
        let format = bound.required(0);
        let layout = parse(vm, format)?;
        let text = match format.downcast::<Bytes>() {
            Some(_) => vm.decode_bytes(format, "ascii", "strict")?,
            None => format.own(),
        };
        let this = payload(this);
        *this.layout.borrow_mut() = Some(Shared(Rc::new(layout)));
        this.format.set(text);
        Ok(())
    })
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    layout(vm, this)?;
    let format = vm.repr(payload(this).format.get_or_none().borrow())?;
    let format = format.borrow().downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
    let class = vm.get_attr(vm.class(this), vm.intern("__name__")?.borrow())?;
    let class = class.borrow().downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
    vm.str(&format!("{class}({format})"))
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(size_of::<Struct>() + 16 + size_of_val(&*layout(vm, this)?.items))
}

fn calcsize(vm: &Thread, format: Ref<'_>) -> PyResult {
    vm.size(hashable(vm, format)?.size)
}

// ---- packing ----

/// The first argument, and the ones after it.
fn split<'a>(vm: &Thread, args: &Args<'a>, missing: &str) -> PyResult<(Ref<'a>, &'a [Ref<'a>])> {
    match args.positional().split_first() {
        Some((&first, rest)) => Ok((first, rest)),
        None => Err(vm.type_error(missing)),
    }
}

fn no_keywords(vm: &Thread, name: &str, args: &Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(vm.type_error(format_args!("{name}() takes no keyword arguments")));
    }
    Ok(())
}

fn pack_function(vm: &Thread, args: &Args<'_>) -> PyResult {
    no_keywords(vm, "_struct.pack", args)?;
    let (format, values) = split(vm, args, "missing format argument")?;
    pack_values(vm, &hashable(vm, format)?, values)
}

fn pack_method(vm: &Thread, args: &Args<'_>) -> PyResult {
    no_keywords(vm, "Struct.pack", args)?;
    let (this, values) = split(vm, args, "a receiver is needed")?;
    pack_values(vm, &*layout(vm, this)?, values)
}

fn check_count(vm: &Thread, name: &str, layout: &Layout, given: usize) -> PyResult<()> {
    let wanted = layout.len();
    if given != wanted {
        return Err(error(vm, format_args!("{name} expected {wanted} items for packing (got {given})")));
    }
    Ok(())
}

fn pack_values(vm: &Thread, layout: &Layout, values: &[Ref<'_>]) -> PyResult {
    check_count(vm, "pack", layout, values.len())?;
    let mut bytes = zeros(vm, layout.size)?;
    item::pack_all(vm, layout, values, &mut bytes)?;
    vm.bytes(&bytes)
}

fn zeros(vm: &Thread, size: usize) -> PyResult<Vec<u8>> {
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(size).is_err() {
        return Err(vm.memory_error());
    }
    bytes.resize(size, 0);
    Ok(bytes)
}

fn pack_into_function(vm: &Thread, args: &Args<'_>) -> PyResult {
    no_keywords(vm, "_struct.pack_into", args)?;
    let (format, rest) = split(vm, args, "missing format argument")?;
    pack_values_into(vm, &hashable(vm, format)?, rest)
}

fn pack_into_method(vm: &Thread, args: &Args<'_>) -> PyResult {
    no_keywords(vm, "Struct.pack_into", args)?;
    let (this, rest) = split(vm, args, "a receiver is needed")?;
    pack_values_into(vm, &*layout(vm, this)?, rest)
}

fn pack_values_into(vm: &Thread, layout: &Layout, args: &[Ref<'_>]) -> PyResult {
    let [buffer, offset, ref values @ ..] = *args else {
        let missing = if args.is_empty() { "buffer" } else { "offset" };
        return Err(error(vm, format_args!("pack_into expected {missing} argument")));
    };
    check_count(vm, "pack_into", layout, values.len())?;
    let view = vm.get_buffer(buffer, request::WRITABLE).map_err(|_| {
        let got = vm.type_name(buffer);
        vm.type_error(format_args!("argument must be read-write bytes-like object, not {got}"))
    })?;
    let offset = vm.to_index(offset)?;
    let (len, size) = (view.geometry().byte_len(), layout.size);
    let start = place(offset, len, size).map_err(|problem| {
        error(vm, match problem {
            Misplaced::Negative => format!("no space to pack {size} bytes at offset {offset}"),
            Misplaced::Outside => format!("offset {offset} out of range for {len}-byte buffer"),
            Misplaced::Short { start, needed } => format!(
                "pack_into requires a buffer of at least {needed} bytes for packing {size} bytes at offset {start} \
                 (actual buffer size is {len})"
            ),
        })
    })?;
    let mut bytes = zeros(vm, size)?;
    let packed = item::pack_all(vm, layout, values, &mut bytes);
    // What precedes a value that cannot be packed is written all the same.
    view.write(|memory| memory[start..start + size].copy_from_slice(&bytes));
    packed?;
    none()
}

/// Why a struct does not fit at an offset.
enum Misplaced {
    /// The offset counts from the end, and there is too little behind it.
    Negative,
    /// The offset lies before the start.
    Outside,
    /// The buffer ends too early.
    Short { start: isize, needed: usize },
}

/// Where a struct of a size starts in a buffer; a negative offset counts from the end.
fn place(offset: isize, len: usize, size: usize) -> Result<usize, Misplaced> {
    let mut start = offset;
    if offset < 0 {
        if offset.saturating_add_unsigned(size) > 0 {
            return Err(Misplaced::Negative);
        }
        start = offset.saturating_add_unsigned(len);
        if start < 0 {
            return Err(Misplaced::Outside);
        }
    }
    match (start as usize).checked_add(size) {
        Some(end) if end <= len => Ok(start as usize),
        end => Err(Misplaced::Short { start, needed: end.unwrap_or(usize::MAX) }),
    }
}

// ---- unpacking ----

fn unpack_function(vm: &Thread, format: Ref<'_>, buffer: Ref<'_>) -> PyResult {
    unpack_whole(vm, &hashable(vm, format)?, buffer)
}

fn unpack(vm: &Thread, this: Ref<'_>, buffer: Ref<'_>) -> PyResult {
    unpack_whole(vm, &*layout(vm, this)?, buffer)
}

fn unpack_whole(vm: &Thread, layout: &Layout, buffer: Ref<'_>) -> PyResult {
    let bytes = vm.bytes_like(buffer)?;
    if bytes.len() != layout.size {
        return Err(error(vm, format_args!("unpack requires a buffer of {} bytes", layout.size)));
    }
    item::unpack_all(vm, layout, &bytes)
}

fn unpack_from_function(vm: &Thread, format: Ref<'_>, buffer: Ref<'_>, offset: Option<Ref<'_>>) -> PyResult {
    unpack_at(vm, &hashable(vm, format)?, buffer, offset)
}

fn unpack_from(vm: &Thread, this: Ref<'_>, buffer: Ref<'_>, offset: Option<Ref<'_>>) -> PyResult {
    unpack_at(vm, &*layout(vm, this)?, buffer, offset)
}

fn unpack_at(vm: &Thread, layout: &Layout, buffer: Ref<'_>, offset: Option<Ref<'_>>) -> PyResult {
    let offset = offset.map_or(Ok(0), |offset| vm.to_isize(offset))?;
    let unpacked = vm.with_bytes_like(buffer, |bytes| {
        let (len, size) = (bytes.len(), layout.size);
        let start = place(offset, len, size).map_err(|problem| {
            error(vm, match problem {
                Misplaced::Negative => format!("not enough data to unpack {size} bytes at offset {offset}"),
                Misplaced::Outside => format!("offset {offset} out of range for {len}-byte buffer"),
                Misplaced::Short { start, needed } => format!(
                    "unpack_from requires a buffer of at least {needed} bytes for unpacking {size} bytes at offset \
                     {start} (actual buffer size is {len})"
                ),
            })
        })?;
        item::unpack_all(vm, layout, &bytes[start..start + size])
    });
    unpacked?
}

fn iter_unpack_function(vm: &Thread, format: Ref<'_>, buffer: Ref<'_>) -> PyResult {
    iterate(vm, Rc::new(hashable(vm, format)?), buffer)
}

fn iter_unpack(vm: &Thread, this: Ref<'_>, buffer: Ref<'_>) -> PyResult {
    iterate(vm, layout(vm, this)?, buffer)
}

fn iterate(vm: &Thread, layout: Rc<Layout>, buffer: Ref<'_>) -> PyResult {
    let size = layout.size;
    if size == 0 {
        return Err(error(vm, "cannot iteratively unpack with a struct of length 0"));
    }
    let view = vm.get_buffer(buffer, request::SIMPLE)?;
    if !view.geometry().byte_len().is_multiple_of(size) {
        return Err(error(
            vm,
            format_args!("iterative unpacking requires a buffer of a multiple of {size} bytes"),
        ));
    }
    vm.new_object(UnpackIterator {
        layout: Shared(layout),
        view: RefCell::new(Some(view)),
        offset: Cell::new(0),
    })
}

fn iterator(this: Ref<'_>) -> &UnpackIterator {
    this.downcast().expect("the receiver is an iterator over structs")
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = iterator(this);
    let layout = &iterator.layout.0;
    let offset = iterator.offset.get();
    let unpacked = match &*iterator.view.borrow() {
        Some(view) if offset < view.geometry().byte_len() => {
            Some(view.read(|bytes| item::unpack_all(vm, layout, &bytes[offset..offset + layout.size])))
        }
        _ => None,
    };
    match unpacked {
        Some(values) => {
            iterator.offset.set(offset + layout.size);
            values.map(Some)
        }
        None => {
            let ended = iterator.view.borrow_mut().take();
            drop(ended);
            Ok(None)
        }
    }
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = iterator(this);
    let left =
        iterator.view.borrow().as_ref().map_or(0, |view| view.geometry().byte_len() - iterator.offset.get());
    vm.size(left / iterator.layout.0.size)
}
