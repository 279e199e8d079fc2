//! `memoryview`: a view of another object's memory, as items in one or more dimensions.
//!
//! Memoryviews of the same memory share one [`ManagedBuffer`], which holds the exporter's view until the last of them is
//! released; each has a [`Geometry`] of its own. What a program can reach only through calls into Python (a value for an
//! item, a key) is converted first, and then the view is asked again whether it still has its memory.

mod cast;
mod compare;
mod index;
mod item;
mod iterator;

use std::cell::Cell;

use crate::arguments::Args;
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::{Slot, Trace, Visitor};
use crate::native::*;
use crate::protocol::buffer::{Access, BufferView, Geometry, Memory, gather, request};
use crate::types::byte_string::{hex_arguments, hex_of};
use crate::types::generic_alias::generic_alias;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// The view of an exporter's memory that memoryviews share.
    struct ManagedBuffer: Native {
        view: BufferView,
    }

    /// A memoryview.
    pub struct MemoryView: Native {
        managed: Managed,
        geometry: Geometry,
        /// Views that others have got of this one.
        exports: Cell<usize>,
        /// Whether it is the argument of a `__release_buffer__`, and must not be viewed anew.
        restricted: bool,
        /// The cached hash; 0 while it has not been computed.
        hash: Cell<i64>,
    }
}

crate::untraced!(Geometry);

class! {
    ManagedBuffer => MANAGED_BUFFER;
    MemoryView => MEMORYVIEW;
}

/// The managed buffer; empty when the memoryview is released.
struct Managed(Slot);

impl Trace for Managed {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.0.trace(visitor);
    }
    // Not cleared by the collector: whoever has a view of the memoryview relies on the memory.
}

static MANAGED_BUFFER: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    ..TypeDef::new::<ManagedBuffer>("managedbuffer")
};

pub(crate) static MEMORYVIEW: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, sequence: true, release_buffer: true, ..TypeFlags::NONE },
    signature: "(object)",
    doc: "A view of an object's memory, without a copy.",
    methods: &[
        method("release($self, /)", One(release), "Give the memory back; the view is of no use afterwards."),
        method(
            "tobytes($self, /, order='C')",
            OneOpt(tobytes),
            "The bytes of the items.\n\n\
             The order is 'C', where the last index varies fastest, 'F', where the first one does, or 'A': 'F' if the\n\
             items lie so in memory, otherwise 'C'.",
        ),
        method(
            "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
            OneOpt2(hex),
            "The bytes as hexadecimal digits.\n\n\
             A separator goes between groups of bytes_per_sep bytes, which are counted from the right, or from the left\n\
             where the number is negative.",
        ),
        method("tolist($self, /)", One(tolist), "The items as a list, nested for more than one dimension."),
        method(
            "cast($self, /, format, shape=<unrepresentable>)",
            TwoOpt(cast::cast),
            "A view of the same memory with items of another format, or with another shape.",
        ),
        method("toreadonly($self, /)", One(toreadonly), "A view of the same memory that cannot be written."),
        class_method(
            "_from_flags($type, /, object, flags)",
            Three(from_flags),
            "A view that was asked for with certain flags.",
        ),
        method("count($self, value, /)", Two(compare::count), "How many items are equal to a value."),
        method(
            "index($self, value, start=0, stop=sys.maxsize, /)",
            TwoOpt2(compare::index),
            "The index of the first item equal to a value.\n\nRaises ValueError if there is none.",
        ),
        method("__enter__($self, /)", One(enter), "The view itself."),
        method("__exit__($self, /, *exc_info)", Many(exit), "Give the memory back."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        getter(
            "obj",
            |vm, this| in_use(vm, this).map(|view| view.exporter().unwrap_or_else(Owned::none)),
            "The object with the memory.",
        ),
        getter(
            "nbytes",
            |vm, this| vm.size(in_use(vm, this)?.geometry.byte_len()),
            "How many bytes the items have.",
        ),
        getter(
            "readonly",
            |vm, this| Ok(Owned::bool(in_use(vm, this)?.geometry.readonly)),
            "Whether the memory cannot be written.",
        ),
        getter(
            "itemsize",
            |vm, this| vm.size(in_use(vm, this)?.geometry.itemsize),
            "How many bytes an item has.",
        ),
        getter(
            "format",
            |vm, this| vm.str(&in_use(vm, this)?.geometry.format),
            "What an item is, in the language of the module struct.",
        ),
        getter(
            "ndim",
            |vm, this| vm.size(in_use(vm, this)?.geometry.shape.len()),
            "The number of dimensions.",
        ),
        getter("shape", shape, "The number of items in each dimension."),
        getter("strides", strides, "The bytes from an item to the next one in each dimension."),
        getter(
            "suboffsets",
            |vm, this| in_use(vm, this).map(|_| vm.empty_tuple()),
            "Empty: no pointers are followed.",
        ),
        getter(
            "c_contiguous",
            |vm, this| flag(vm, this, Geometry::is_c_contiguous),
            "Whether the items adjoin, the last index the fastest.",
        ),
        getter(
            "f_contiguous",
            |vm, this| flag(vm, this, Geometry::is_f_contiguous),
            "Whether the items adjoin, the first index the fastest.",
        ),
        getter("contiguous", |vm, this| flag(vm, this, Geometry::is_contiguous), "Whether the items adjoin."),
    ],
    slots: Slots {
        repr: Some(repr),
        hash: Some(compare::hash),
        compare: Some(compare::compare),
        iter: Some(iterator::iter),
        new: Some(new),
        mapping_len: Some(len),
        getitem: Some(index::getitem),
        setitem: Some(index::setitem),
        len: Some(len),
        item: Some(index::item),
        buffer: Some(buffer),
        ..Slots::NONE
    },
    ..TypeDef::new::<MemoryView>("memoryview")
};

fn payload(this: Ref<'_>) -> &MemoryView {
    this.downcast().expect("the receiver is a memoryview")
}

/// A memoryview that has not been released.
fn in_use<'a>(vm: &Thread, this: Ref<'a>) -> PyResult<&'a MemoryView> {
    let view = payload(this);
    if view.managed.0.is_empty() {
        return Err(vm.value_error("operation forbidden on released memoryview object"));
    }
    Ok(view)
}

impl MemoryView {
    /// The object with the memory; `None` when the view is released.
    pub(crate) fn exporter(&self) -> Option<Owned> {
        let managed = self.managed.0.get()?;
        Some(managed_view(managed.borrow()).exporter().own())
    }

    /// Gives the memory back.
    pub(crate) fn release(&self, vm: &Thread) -> PyResult<()> {
        let exports = self.exports.get();
        if exports > 0 {
            let s = if exports == 1 { "" } else { "s" };
            return Err(vm.buffer_error(format_args!("memoryview has {exports} exported buffer{s}")));
        }
        drop(self.managed.0.take());
        Ok(())
    }

    /// Runs something that must not release the view: it counts as exported meanwhile.
    fn held<R>(&self, run: impl FnOnce() -> R) -> R {
        self.exports.set(self.exports.get() + 1);
        let result = run();
        self.exports.set(self.exports.get() - 1);
        result
    }

    /// Another view of the same memory.
    fn with_geometry(&self, vm: &Thread, geometry: Geometry) -> PyResult {
        new_view(vm, self.managed.0.get().ok_or_else(|| released(vm))?, geometry, false)
    }

    /// Shows the memory.
    fn read_all<R>(&self, vm: &Thread, read: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
        let managed = self.managed.0.get().ok_or_else(|| released(vm))?;
        Ok(managed_view(managed.borrow()).read_all(read))
    }

    /// Lets the memory be changed.
    fn write_all<R>(&self, vm: &Thread, write: impl FnOnce(&mut [u8]) -> R) -> PyResult<R> {
        let managed = self.managed.0.get().ok_or_else(|| released(vm))?;
        Ok(managed_view(managed.borrow()).write_all(write))
    }

    /// The bytes of the items, the last index the fastest.
    fn to_vec(&self, vm: &Thread) -> PyResult<Vec<u8>> {
        self.read_all(vm, |memory| gather(vm, memory, &self.geometry))?
    }
}

fn managed_view(managed: Ref<'_>) -> &BufferView {
    &managed.downcast::<ManagedBuffer>().expect("a memoryview has a managed buffer").view
}

#[cold]
fn released(vm: &Thread) -> Raised {
    vm.value_error("operation forbidden on released memoryview object")
}

fn new_view(vm: &Thread, managed: Owned, geometry: Geometry, restricted: bool) -> PyResult {
    vm.new_object(MemoryView {
        managed: Managed(Slot::new(managed)),
        geometry,
        exports: Cell::new(0),
        restricted,
        hash: Cell::new(0),
    })
}

/// A memoryview of what an exporter's view shows.
pub(crate) fn of_view(vm: &Thread, view: BufferView) -> PyResult {
    let geometry = view.geometry().clone();
    let managed = vm.new_object(ManagedBuffer { view })?;
    new_view(vm, managed, geometry, false)
}

/// A memoryview of the same memory that must not be viewed anew.
pub(crate) fn restricted(vm: &Thread, view: Ref<'_>) -> PyResult {
    let view = in_use(vm, view)?;
    new_view(vm, view.managed.0.get().ok_or_else(|| released(vm))?, view.geometry.clone(), true)
}

fn check_unrestricted(vm: &Thread, view: &MemoryView) -> PyResult<()> {
    if view.restricted {
        return Err(vm.value_error("cannot create new view on restricted memoryview"));
    }
    Ok(())
}

// ---- as an object ----

fn new(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, crate::signature!("memoryview(object)"), |bound| {
        of_object(vm, bound.required(0), request::FULL_RO)
    })
}

fn from_flags(vm: &Thread, _class: Ref<'_>, object: Ref<'_>, flags: Ref<'_>) -> PyResult {
    let flags = vm.to_c_int(flags)?;
    of_object(vm, object, flags as u32)
}

impl Thread {
    /// `memoryview(object)`
    pub fn memoryview(&self, object: Ref<'_>) -> PyResult {
        of_object(self, object, request::FULL_RO)
    }

    /// A memoryview of what a view shows.
    pub fn memoryview_of(&self, view: BufferView) -> PyResult {
        of_view(self, view)
    }
}

fn of_object(vm: &Thread, object: Ref<'_>, flags: u32) -> PyResult {
    if object.downcast::<MemoryView>().is_some() {
        let view = in_use(vm, object)?;
        check_unrestricted(vm, view)?;
        return view.with_geometry(vm, view.geometry.clone());
    }
    if !vm.exports_buffer(object) {
        let got = vm.type_name(object);
        return Err(vm.type_error(format_args!("memoryview: a bytes-like object is required, not '{got}'")));
    }
    of_view(vm, vm.get_buffer(object, flags)?)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let state = if payload(this).managed.0.is_empty() { "released " } else { "" };
    vm.str(&format!("<{state}memory at {:#x}>", this.id()))
}

fn len(vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    let view = in_use(vm, this)?;
    view.geometry.shape.first().copied().ok_or_else(|| vm.type_error("0-dim memory has no length"))
}

fn release(vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).release(vm)?;
    none()
}

fn enter(vm: &Thread, this: Ref<'_>) -> PyResult {
    in_use(vm, this)?;
    Ok(this.own())
}

fn exit(vm: &Thread, args: &Bound<'_>) -> PyResult {
    release(vm, args.required(0))
}

fn toreadonly(vm: &Thread, this: Ref<'_>) -> PyResult {
    let view = in_use(vm, this)?;
    check_unrestricted(vm, view)?;
    view.with_geometry(vm, Geometry { readonly: true, ..view.geometry.clone() })
}

fn flag(vm: &Thread, this: Ref<'_>, test: fn(&Geometry) -> bool) -> PyResult {
    Ok(Owned::bool(test(&in_use(vm, this)?.geometry)))
}

fn shape(vm: &Thread, this: Ref<'_>) -> PyResult {
    let shape = &in_use(vm, this)?.geometry.shape;
    vm.tuple(shape.iter().map(|&len| vm.size(len)).collect::<PyResult<_>>()?)
}

fn strides(vm: &Thread, this: Ref<'_>) -> PyResult {
    let strides = &in_use(vm, this)?.geometry.strides;
    vm.tuple(strides.iter().map(|&stride| vm.int(stride as i64)).collect::<PyResult<_>>()?)
}

// ---- contents ----

fn tobytes(vm: &Thread, this: Ref<'_>, order: Option<Ref<'_>>) -> PyResult {
    let order = match order.filter(|order| !order.is_none()) {
        None => "C",
        Some(order) => match order.downcast::<crate::heap::inline::Str>() {
            Some(_) => vm.utf8(order)?,
            None => return Err(vm.bad_argument("tobytes() argument 'order'", "str or None", order)),
        },
    };
    let view = in_use(vm, this)?;
    let first_fastest = match order {
        "C" => false,
        "F" => true,
        "A" => view.geometry.is_f_contiguous(),
        _ => return Err(vm.value_error("order must be 'C', 'F' or 'A'")),
    };
    if first_fastest {
        let reversed = view.geometry.transposed();
        let bytes = view.read_all(vm, |memory| gather(vm, memory, &reversed))??;
        return vm.bytes(&bytes);
    }
    if view.geometry.is_c_contiguous() {
        let (start, len) = (view.geometry.offset, view.geometry.byte_len());
        return view.read_all(vm, |memory| vm.bytes(&memory[start..start + len]))?;
    }
    vm.bytes(&view.to_vec(vm)?)
}

fn hex(vm: &Thread, this: Ref<'_>, separator: Option<Ref<'_>>, group: Option<Ref<'_>>) -> PyResult {
    let view = in_use(vm, this)?;
    let (separator, group) = view.held(|| hex_arguments(vm, separator, group))?;
    hex_of(vm, &in_use(vm, this)?.to_vec(vm)?, separator, group)
}

fn tolist(vm: &Thread, this: Ref<'_>) -> PyResult {
    let view = in_use(vm, this)?;
    let format = item::Format::of(vm, &view.geometry)?;
    let bytes = view.to_vec(vm)?;
    nested(vm, &view.geometry.shape, view.geometry.itemsize, &bytes, format)
}

/// Adjoining items as nested lists.
fn nested(vm: &Thread, shape: &[usize], itemsize: usize, bytes: &[u8], format: item::Format) -> PyResult {
    let Some((&len, inner)) = shape.split_first() else { return format.unpack(bytes).object(vm) };
    let size = inner.iter().product::<usize>() * itemsize;
    let mut items = vm.vec(len)?;
    for nth in 0..len {
        items.push(nested(vm, inner, itemsize, &bytes[nth * size..(nth + 1) * size], format)?);
    }
    vm.list(items)
}

// ---- as a buffer ----

/// How views of memoryviews reach the memory.
pub(crate) static MEMORY: Memory = Memory {
    access: Access::Behind(behind),
    release: |exporter| {
        let exports = &payload(exporter).exports;
        exports.set(exports.get().saturating_sub(1));
    },
};

/// The exporter of the memory behind a memoryview that is in use.
pub(crate) fn behind(view: Ref<'_>) -> (Owned, &'static Memory) {
    let managed = payload(view).managed.0.get().expect("a memoryview with views has its memory");
    managed_view(managed.borrow()).source()
}

/// Counts a view of a memoryview, and tells what it shows.
pub(crate) fn export(vm: &Thread, this: Ref<'_>, flags: u32) -> PyResult<Geometry> {
    let view = in_use(vm, this)?;
    check_unrestricted(vm, view)?;
    let geometry = view.geometry.clone();
    let wants = |request| flags & request == request;
    let refuse = |message| Err(vm.buffer_error(message));
    if wants(request::WRITABLE) && geometry.readonly {
        return refuse("memoryview: underlying buffer is not writable");
    }
    if wants(request::C_CONTIGUOUS) && !geometry.is_c_contiguous() {
        return refuse("memoryview: underlying buffer is not C-contiguous");
    }
    if wants(request::F_CONTIGUOUS) && !geometry.is_f_contiguous() {
        return refuse("memoryview: underlying buffer is not Fortran contiguous");
    }
    if wants(request::ANY_CONTIGUOUS) && !geometry.is_contiguous() {
        return refuse("memoryview: underlying buffer is not contiguous");
    }
    if !wants(request::STRIDES) && !geometry.is_c_contiguous() {
        return refuse("memoryview: underlying buffer is not C-contiguous");
    }
    if !wants(request::ND) && wants(request::FORMAT) {
        return refuse("memoryview: cannot cast to unsigned bytes if the format flag is present");
    }
    view.exports.set(view.exports.get() + 1);
    Ok(geometry)
}

fn buffer(vm: &Thread, this: Ref<'_>, flags: u32) -> PyResult<BufferView> {
    let geometry = export(vm, this, flags)?;
    Ok(BufferView::new(this.own(), &MEMORY, geometry))
}
