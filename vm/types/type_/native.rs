//! Class objects from the tables of native types.
//!
//! Making one takes two steps. The *skeleton* is the class object with base, MRO, slots and shapes; its namespace is
//! *filled* with descriptors, which are objects of native classes themselves, when somebody first looks at it. The
//! interpreter starts by making the skeletons of all core classes; most programs never look at half of them.

use std::cell::Cell;

use super::{Kept, NativeDef, SlotSet, Type, payload_of, type_flag};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::dict::{Dict, Table};
use crate::heap::unowned::Unowned;
use crate::heap::{ClassShapes, Kind, Layout, Shape, Slot};
use crate::native::{Binding, MethodDef, Raw, TypeDef, method};
use crate::protocol::slots::{DUNDERS, SlotCells, SlotId, Wrap};
use crate::types::{getset, staticmethod, wrapper};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The class object of a native type.
pub(crate) fn make_native(vm: &Thread, def: &'static TypeDef) -> PyResult {
    let base = match def.base {
        Some(base) => vm.class_of(base)?,
        None => vm.class_of(&crate::types::object::OBJECT)?,
    };
    make_native_with(vm, def, &[base])
}

/// The class object of a native type with these bases, the first of which decides the layout.
pub(crate) fn make_native_with(vm: &Thread, def: &'static TypeDef, bases: &[Owned]) -> PyResult {
    skeleton(vm, def, bases, None)
}

/// A class object with an empty namespace, known to the interpreter. The first classes bring a root shape along, of which
/// there are objects already.
pub(crate) fn skeleton(
    vm: &Thread,
    def: &'static TypeDef,
    bases: &[Owned],
    root: Option<Box<Shape>>,
) -> PyResult {
    let base = bases.first().map(|base| payload_of(base.borrow()));
    let layout = native_layout(def, base);
    let id = || vm.interpreter().new_shape_id();
    let is_dictionary = flags(def, base) & type_flag::HAS_DICT != 0;
    let root = root.unwrap_or_else(|| Shape::root(id(), def.ops, std::ptr::null(), layout, is_dictionary));
    let slots = SlotCells::new(&def.slots);
    if let Some(base) = base {
        // As CPython has it: comparing and hashing are inherited together or not at all.
        let inherits_hash = slots.hash.get().is_some() || slots.compare.get().is_none();
        slots.inherit(&base.slots);
        if !inherits_hash {
            slots.hash.set(Some(crate::protocol::slot_functions::not_hashable));
        }
        if flags(def, Some(base)) & type_flag::NO_NEW != 0 {
            slots.new.set(None);
        }
    }
    let class = vm.new_object(Type {
        name: Slot::new(vm.intern(def.name)?),
        qualname: Slot::new(vm.intern(def.name)?),
        base: Kept::new(bases.first().cloned()),
        bases: Kept::new(Some(vm.tuple(bases.to_vec())?)),
        mro: Slot::empty(),
        members: vm.new_object(Dict { table: Table::new() })?,
        slots,
        generic: SlotSet::default(),
        flags: Cell::new(flags(def, base) | type_flag::UNFILLED),
        def: NativeDef(def),
        shapes: ClassShapes::new(root, None),
        subclasses: Unowned::default(),
        followers: Unowned::default(),
        followed: Kept::new(None),
        slot_names: Slot::empty(),
    })?;
    let payload = payload_of(class.borrow());
    payload.shapes.set_class(class.borrow());
    payload.shapes.set_finalizer(payload.has(type_flag::FINALIZER));
    let mro = native_mro(&class, bases);
    payload.mro.set(vm.tuple(mro)?);
    for base in bases {
        payload_of(base.borrow()).subclasses.insert::<Type>(usize::MAX, class.borrow());
    }
    if let Some(header) = class.borrow().header() {
        header.make_immortal();
    }
    let kind_shape = &vm.interpreter().kind_shapes[def.ops.kind as usize];
    if kind_shape.get().is_null() && def.ops.kind != Kind::Native {
        kind_shape.set(payload.shapes.root());
    }
    let key = std::ptr::from_ref(def).addr();
    vm.interpreter().native_classes.borrow_mut().insert(key, class.clone());
    Ok(class)
}

/// The class, then the MROs of its bases, what they share only once and last: native bases never conflict.
fn native_mro(class: &Owned, bases: &[Owned]) -> Vec<Owned> {
    let mut mro: Vec<Owned> = Vec::new();
    for base in bases.iter().rev() {
        for entry in payload_of(base.borrow()).mro().into_iter().rev() {
            if !mro.iter().any(|known| known.borrow().is(entry.borrow())) {
                mro.push(entry);
            }
        }
    }
    mro.push(class.clone());
    mro.reverse();
    mro
}

/// Whether instances have a dict word.
fn has_dict(def: &TypeDef, base: Option<&Type>) -> bool {
    (def.flags.dict && def.dict_slot.is_none())
        || base.is_some_and(|base| base.shapes.root().layout().has_dict)
}

fn native_layout(def: &TypeDef, base: Option<&Type>) -> Layout {
    let slots = def.fields.map_or(0, |fields| fields.hidden as u32);
    Layout { fixed: slots, capacity: slots, ..Layout::native(def.ops, has_dict(def, base)) }
}

/// Whether the layout is that of a base class that the core tells by its layout.
fn refines(def: &TypeDef, base: Option<&Type>) -> bool {
    !matches!(def.ops.kind, Kind::Native | Kind::Instance | Kind::Exception)
        && base.is_some_and(|base| base.def.0.ops.kind == def.ops.kind)
}

/// The flags of the class of a native type.
fn flags(def: &TypeDef, base: Option<&Type>) -> u64 {
    let own = def.flags;
    let base_flags = base.map_or(type_flag::DERIVED, |base| base.flags.get());
    let mut flags = type_flag::READY | base_flags & (type_flag::INHERITED | type_flag::DERIVED);
    let mut set = |flag, on| flags |= if on { flag } else { 0 };
    set(type_flag::BASE, own.base);
    set(type_flag::HAS_DICT, own.dict);
    set(type_flag::WEAKREF, own.weakref);
    set(type_flag::IMMUTABLE, !own.mutable);
    set(type_flag::SEQUENCE, own.sequence);
    set(type_flag::MAPPING, own.mapping);
    set(type_flag::MATCH_SELF, own.match_self);
    set(type_flag::METHOD_DESCRIPTOR, own.method_descriptor);
    let of_object = base.is_some_and(|base| base.base.is_empty());
    // A base whose objects are plain ones, such as `Generic`, leaves making them to `object`.
    let is_plain = own.base && def.ops.kind == Kind::Instance;
    set(type_flag::NO_NEW, own.no_new || (def.slots.new.is_none() && of_object && !is_plain));
    set(kind_flag(def.ops.kind), true);
    set(type_flag::REFINED, refines(def, base));
    if base.is_some() {
        let overridden = [
            (def.slots.getattro.is_some(), type_flag::PLAIN_GETATTR | type_flag::OBJECT_GETATTRIBUTE),
            (def.slots.setattro.is_some(), type_flag::PLAIN_SETATTR),
            (def.slots.new.is_some() || flags & type_flag::NO_NEW != 0, type_flag::PLAIN_NEW),
            (def.slots.init.is_some(), type_flag::PLAIN_INIT),
        ];
        flags &= overridden.iter().fold(!0, |kept, &(is, flag)| if is { kept & !flag } else { kept });
    }
    let finalizer = def.slots.finalize.is_some() || base.is_some_and(|base| base.has(type_flag::FINALIZER));
    if finalizer { flags | type_flag::FINALIZER } else { flags & !type_flag::FINALIZER }
}

/// The flag that tells a core layout.
fn kind_flag(kind: Kind) -> u64 {
    match kind {
        Kind::Int => type_flag::INT,
        Kind::List => type_flag::LIST,
        Kind::Tuple => type_flag::TUPLE,
        Kind::Bytes => type_flag::BYTES,
        Kind::Str => type_flag::STR,
        Kind::Dict => type_flag::DICT,
        Kind::Exception => type_flag::EXCEPTION,
        Kind::Type => type_flag::TYPE,
        _ => 0,
    }
}

/// Fills the namespace of a native class, which nobody has looked at before: so no cache knows anything of it.
#[cold]
pub(super) fn fill(vm: &Thread, class: &Type) {
    class.set_flag(type_flag::UNFILLED, false);
    if let Err(raised) = fill_from_table(vm, class.shapes.root().class_ref()) {
        // There was no memory for it. The next look tries again.
        class.set_flag(type_flag::UNFILLED, true);
        vm.unraisable(raised, Some("Exception ignored while filling the namespace of a class"), None);
    }
}

/// Puts the rows of a native class's table into its namespace, in CPython's order.
fn fill_from_table(vm: &Thread, class: Ref<'_>) -> PyResult<()> {
    let payload = payload_of(class);
    let def = payload.def.0;
    let has_new = def.flags.bases_new || def.slots.new.is_some() && !def.flags.objects_new;
    if has_new && !payload.has(type_flag::NO_NEW) {
        put_default(vm, payload, "__new__", vm.native_function(&NEW, class, None)?)?;
    }
    let declared = SlotCells::new(&def.slots);
    let rows = def.methods.len() + def.getset.len() + def.attributes.len();
    payload.own_namespace().table.reserve(vm, rows + 1)?;
    for dunder in DUNDERS.iter().filter(|dunder| dunder.wrap != Wrap::None) {
        if let Some(function) = declared.get(dunder.slot) {
            let releases = dunder.wrap != Wrap::ReleaseBuffer || def.flags.release_buffer;
            if releases && !is_given(def, dunder.name) {
                put_default(vm, payload, dunder.name, wrapper::new(vm, class, dunder, function)?)?;
            }
        } else if dunder.slot == SlotId::hash
            && declared.compare.get().is_some()
            && !is_given(def, dunder.name)
        {
            put_default(vm, payload, dunder.name, Owned::none())?;
        }
    }
    for row in def.methods {
        put_default(vm, payload, row.name(), method_object(vm, class, row)?)?;
    }
    for row in def.getset {
        put_default(vm, payload, row.name, getset::new(vm, class, row)?)?;
    }
    if def.flags.python {
        put_default(vm, payload, "__weakref__", getset::new(vm, class, &super::create::WEAKREF)?)?;
    }
    for row in def.attributes {
        put_default(vm, payload, row.name, (row.make)(vm, class)?)?;
    }
    let doc = if def.doc.is_empty() { Owned::none() } else { vm.str(def.doc)? };
    put_default(vm, payload, "__doc__", doc)
}

/// Whether the table gives the attribute in another way than by a slot.
fn is_given(def: &TypeDef, name: &str) -> bool {
    def.methods.iter().any(|row| row.name() == name) || def.attributes.iter().any(|row| row.name == name)
}

/// A method as its class's namespace has it.
fn method_object(vm: &Thread, class: Ref<'_>, row: &'static MethodDef) -> PyResult {
    let method = vm.native_method(row, class)?;
    if row.binding == Binding::Static { staticmethod::new(vm, method) } else { Ok(method) }
}

/// Puts a value into the namespace of a class that nobody has looked anything up on.
fn put_default(vm: &Thread, class: &Type, name: &'static str, value: Owned) -> PyResult<()> {
    let name = vm.intern(name)?;
    let hash = vm.hash(name.borrow())?;
    let table = &class.own_namespace().table;
    if table.find_str(name.borrow().value(), hash).is_none() {
        table.append(vm, name, hash, value)?;
    }
    Ok(())
}

/// `__new__` of native types; the receiver is the class that has it.
pub(super) static NEW: MethodDef = method(
    "__new__($type, *args, **kwargs)",
    Raw(dunder_new),
    "Makes a new object; help(type) shows the signature.",
);

/// `Class.__new__(subclass, ...)`
fn dunder_new(vm: &Thread, args: &Args<'_>) -> PyResult {
    let class = args.values()[0];
    let name = || vm.class_name(class);
    let Some(&subclass) = args.positional().get(1) else {
        let name = name();
        return Err(vm.type_error(format_args!("{name}.__new__(): not enough arguments")));
    };
    let Some(payload) = subclass.downcast::<Type>() else {
        let (name, given) = (name(), vm.type_name(subclass));
        return Err(vm.type_error(format_args!("{name}.__new__(X): X is not a type object ({given})")));
    };
    let sub = || vm.class_name(subclass);
    if !super::is_subtype(subclass, class) {
        let (name, sub) = (name(), sub());
        return Err(vm.type_error(format_args!("{name}.__new__({sub}): {sub} is not a subtype of {name}")));
    }
    if payload.has(type_flag::NO_NEW) {
        return Err(vm.type_error(format_args!("cannot create '{}' instances", sub())));
    }
    // The native base must be initialised by its own `__new__`.
    let owner = new_owner(subclass);
    let maker = payload_of(owner.borrow());
    if !maker.def.0.flags.objects_new && !new_owner(class).borrow().is(owner.borrow()) {
        let (name, sub) = (name(), sub());
        let native = vm.class_name(native_base(subclass).borrow());
        return Err(vm.type_error(format_args!("{name}.__new__({sub}) is not safe, use {native}.__new__()")));
    }
    let new = maker.slots.new.get().expect("a class with `__new__`");
    new(vm, subclass, &Args::new(&args.values()[2..], args.names()))
}

/// The nearest base, or the class itself, whose `__new__` is native.
fn native_base(class: Ref<'_>) -> Owned {
    let mut at = class.own();
    while payload_of(at.borrow()).generic.contains(SlotId::new) {
        let Some(base) = payload_of(at.borrow()).base.get() else { break };
        at = base;
    }
    at
}

/// The class whose table has the native `__new__` that makes the instances of a class.
pub(super) fn new_owner(class: Ref<'_>) -> Owned {
    let mut at = native_base(class);
    loop {
        let payload = payload_of(at.borrow());
        if !payload.is_heap_type() && payload.def.0.slots.new.is_some() {
            return at;
        }
        let Some(base) = payload.base.get() else { return at };
        at = base;
    }
}
