//! `typing.Union`, also called `types.UnionType`: one of several types, such as `int | str`.
//!
//! Members are flattened and each is kept once. Unions with the same members are equal in any order.

use crate::class;
use crate::exception::PyResult;
use crate::heap::inline::{Str, Tuple};
use crate::heap::set::{FrozenSet, SetTable};
use crate::heap::{Kind, Slot};
use crate::native::*;
use crate::protocol::attribute;
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::TextBuf;
use crate::types::generic_alias::{GenericAlias, parameters, push_type_repr};
use crate::types::typing;
use crate::types::typing::type_alias::TypeAliasType;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A union.
    pub struct Union: Native {
        /// The members in order: a tuple.
        members: Owned,
        /// Those that can be hashed: a frozenset.
        hashable: Owned,
        /// The others: a tuple, or empty where there are none.
        unhashable: Slot,
        parameters: Slot,
    }
}

class! { Union => UNION; }

/// The class `typing.Union`.
pub static UNION: TypeDef = TypeDef {
    module: "typing",
    flags: TypeFlags { no_new: true, weakref: true, ..TypeFlags::NONE },
    doc: "One of several types, such as int | str.",
    methods: &[
        method("__mro_entries__($self, object, /)", Two(mro_entries), "An error: a union is not a base."),
        class_method(
            "__class_getitem__($type, object, /)",
            Two(|vm, _, members| of_subscript(vm, members)),
            "The union of one or more types.",
        ),
    ],
    getset: &[
        member("__args__", |_, this| Ok(payload(this).members.clone()), "The members."),
        getter("__name__", |vm, _| vm.str("Union"), "The name of the class."),
        getter("__qualname__", |vm, _| vm.str("Union"), "The name of the class."),
        getter("__origin__", |vm, _| vm.class_of(&UNION), "The class."),
        getter("__parameters__", parameters_of, "The type variables among the members."),
    ],
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        getattro: Some(getattro),
        compare: Some(compare),
        // A union takes anything in, as its subscript does.
        or: Some(|vm, a, b| of(vm, &[a, b])),
        getitem: Some(getitem),
        ..Slots::NONE
    },
    ..TypeDef::new::<Union>("Union")
};

/// The members of a union, a tuple; `None` if the object is not one.
pub(crate) fn members(object: Ref<'_>) -> Option<Owned> {
    object.downcast::<Union>().map(|union| union.members.clone())
}

/// Whether a value is a type, or something like it that needs no closer look.
fn stands_for_type(value: Ref<'_>) -> bool {
    value.is_none()
        || value.kind() == Kind::Type
        || value.downcast::<GenericAlias>().is_some()
        || value.downcast::<Union>().is_some()
        || value.downcast::<TypeAliasType>().is_some()
}

/// `a | b` for types and what may stand in for them.
pub(crate) fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if !stands_for_type(a) || !stands_for_type(b) {
        return Ok(Owned::not_implemented());
    }
    let mut builder = Builder::new(vm)?;
    builder.add(a)?;
    builder.add(b)?;
    builder.finish()
}

/// The union of anything that `typing` accepts as a type: strings become forward references.
pub(crate) fn of(vm: &Thread, members: &[Ref<'_>]) -> PyResult {
    let mut builder = Builder::new(vm)?;
    for &member in members {
        if !stands_for_type(member) {
            let message = vm.str("Union[arg, ...]: each arg must be a type.")?;
            builder.add(typing::call(vm, "_type_check", &[member, message.borrow()])?.borrow())?;
        } else {
            builder.add(member)?;
        }
    }
    builder.finish()
}

/// `Union[members]`
fn of_subscript(vm: &Thread, members: Ref<'_>) -> PyResult {
    match members.downcast::<Tuple>().filter(|_| members.is_exact(Kind::Tuple)) {
        Some(tuple) => of(vm, &tuple.as_slice().iter().map(Owned::borrow).collect::<Vec<_>>()),
        None => of(vm, &[members]),
    }
}

/// A union under construction.
struct Builder<'v> {
    vm: &'v Thread,
    members: Vec<Owned>,
    seen: SetTable,
    unhashable: Vec<Owned>,
}

impl<'v> Builder<'v> {
    fn new(vm: &'v Thread) -> PyResult<Self> {
        Ok(Self { vm, members: Vec::new(), seen: SetTable::new(), unhashable: Vec::new() })
    }

    fn add(&mut self, member: Ref<'_>) -> PyResult<()> {
        if let Some(union) = member.downcast::<Union>() {
            let inner = union.members.clone();
            return items(&inner).iter().try_for_each(|member| self.add_one(member.borrow()));
        }
        let none = self.vm.types().none_type.borrow();
        self.add_one(if member.is_none() { none } else { member })
    }

    fn add_one(&mut self, member: Ref<'_>) -> PyResult<()> {
        let vm = self.vm;
        match vm.hash(member) {
            Ok(hash) => {
                if self.seen.add(vm, member, hash)? {
                    self.members.push(member.own());
                }
                Ok(())
            }
            // Whatever is wrong with its hash.
            Err(_) => {
                for other in &self.unhashable {
                    if vm.equal(member, other.borrow())? {
                        return Ok(());
                    }
                }
                self.unhashable.push(member.own());
                self.members.push(member.own());
                Ok(())
            }
        }
    }

    /// The union; of one member, that member.
    fn finish(mut self) -> PyResult {
        let vm = self.vm;
        match self.members.len() {
            0 => return Err(vm.type_error("Cannot take a Union of no types.")),
            1 => return Ok(self.members.remove(0)),
            _ => {}
        }
        let hashable = FrozenSet { table: self.seen, hash: std::cell::Cell::new(crate::heap::set::NO_HASH) };
        let unhashable = match self.unhashable.is_empty() {
            true => None,
            false => Some(vm.tuple(self.unhashable)?),
        };
        vm.new_object(Union {
            members: vm.tuple(self.members)?,
            hashable: vm.new_object(hashable)?,
            unhashable: Slot::from_option(unhashable),
            parameters: Slot::empty(),
        })
    }
}

fn payload(this: Ref<'_>) -> &Union {
    this.downcast().expect("the descriptor checks its receiver")
}

fn items(tuple: &Owned) -> &[Owned] {
    tuple.borrow().downcast::<Tuple>().expect("a tuple").as_slice()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.check_stack()?;
    let mut text = TextBuf::new();
    for (index, member) in items(&payload(this).members).iter().enumerate() {
        if index > 0 {
            text.push_str(" | ");
        }
        push_type_repr(vm, &mut text, member.borrow())?;
    }
    vm.text(text.as_text())
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let union = payload(this);
    if let Some(unhashable) = union.unhashable.get() {
        for member in items(&unhashable) {
            vm.hash(member.borrow())?;
        }
        let count = items(&unhashable).len();
        return Err(vm.type_error(format_args!("union contains {count} unhashable elements")));
    }
    vm.hash(union.hashable.borrow())
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(a), Some(b)) = (op, a.downcast(), b.downcast()) else {
        return Ok(Owned::not_implemented());
    };
    Ok(Owned::bool(is_equal(vm, a, b)? == (op == CompareOp::Eq)))
}

fn is_equal(vm: &Thread, a: &Union, b: &Union) -> PyResult<bool> {
    vm.check_stack()?;
    if !vm.equal(a.hashable.borrow(), b.hashable.borrow())? {
        return Ok(false);
    }
    let unhashable =
        |union: &Union| union.unhashable.get().map_or(Vec::new(), |tuple| items(&tuple).to_vec());
    let (a, mut b) = (unhashable(a), unhashable(b));
    if a.len() != b.len() {
        return Ok(false);
    }
    for member in &a {
        let mut found = None;
        for (index, other) in b.iter().enumerate() {
            if vm.equal(member.borrow(), other.borrow())? {
                found = Some(index);
                break;
            }
        }
        match found {
            Some(index) => drop(b.remove(index)),
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// `__module__` is the class's; everything else is looked up as usual.
fn getattro(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    let is_module = name.downcast::<Str>().is_some_and(|name| name.as_bytes() == b"__module__");
    if is_module {
        return vm.get_attr(vm.class(this), name);
    }
    attribute::generic_get(vm, this, name)
}

fn getitem(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult {
    let parameters = parameters_of(vm, this)?;
    let members = payload(this).members.clone();
    let members = parameters::substitute(vm, this, items(&members), items(&parameters), item)?;
    of(vm, crate::value::borrow_slice(&members))
}

fn parameters_of(vm: &Thread, this: Ref<'_>) -> PyResult {
    let union = payload(this);
    if let Some(parameters) = union.parameters.get() {
        return Ok(parameters);
    }
    let parameters = parameters::of(vm, items(&union.members))?;
    union.parameters.set(parameters.clone());
    Ok(parameters)
}

fn mro_entries(vm: &Thread, this: Ref<'_>, _bases: Ref<'_>) -> PyResult {
    let this = vm.repr_string(this)?;
    Err(vm.type_error(format_args!("Cannot subclass {this}")))
}
