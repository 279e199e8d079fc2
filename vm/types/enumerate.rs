//! `enumerate`: pairs of a running number and an item.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{One, Slots, Two, TypeDef, TypeFlags, class_method, method};
use crate::number::{IntRef, int_ops};
use crate::types::generic_alias::generic_alias;
use crate::types::int::int_ref;
use crate::types::iterator::{REDUCE, self_iter};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An enumerate object.
    pub struct Enumerate: Enumerate {
        iterator: Owned,
        /// The next number, an int.
        number: Slot,
    }
}

class! { Enumerate => ENUMERATE; }

pub(crate) static ENUMERATE: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "(iterable, start=0)",
    doc: "An iterator of pairs: a number, which starts at start and grows by one, and an item of an iterable.",
    methods: &[
        method("__reduce__($self, /)", One(reduce), REDUCE),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<Enumerate>("enumerate")
};

fn payload(this: Ref<'_>) -> &Enumerate {
    this.downcast().expect("the receiver is an enumerate object")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if class.is(vm.types().enumerate.borrow()) {
        let (iterable, start) = exact_arguments(vm, args)?;
        return make(vm, class, iterable, start);
    }
    args.bind(vm, crate::signature!("enumerate(iterable, start=0)"), |bound| {
        make(vm, class, bound.required(0), bound.optional(1))
    })
}

fn make(vm: &Thread, class: Ref<'_>, iterable: Ref<'_>, start: Option<Ref<'_>>) -> PyResult {
    let number = start.map_or_else(|| Ok(Owned::small_int(0)), |start| vm.index(start))?;
    let iterator = vm.iter(iterable)?;
    vm.new_object_of(class, Enumerate { iterator, number: Slot::new(number) })
}

/// The arguments of `enumerate` itself, which words its errors in a way of its own.
fn exact_arguments<'a>(vm: &Thread, args: &Args<'a>) -> PyResult<(Ref<'a>, Option<Ref<'a>>)> {
    let values = args.values();
    let expect = |index: usize, name: &Owned| {
        let keyword = args.names()[index].borrow();
        if vm.equal(keyword, name.borrow())? {
            return Ok(());
        }
        let keyword = vm.str_string(keyword)?;
        Err(vm.type_error(format_args!("'{keyword}' is an invalid keyword argument for enumerate()")))
    };
    let (iterable, start) = (vm.intern("iterable")?, &vm.names().start);
    match (values, args.names()) {
        (&[only], []) => Ok((only, None)),
        (&[only], [_]) => expect(0, &iterable).map(|()| (only, None)),
        (&[first, second], []) => Ok((first, Some(second))),
        (&[first, second], [_]) => expect(0, start).map(|()| (first, Some(second))),
        (&[first, second], [name, _]) => {
            if vm.equal(name.borrow(), start.borrow())? {
                return expect(1, &iterable).map(|()| (second, Some(first)));
            }
            expect(0, &iterable)?;
            expect(1, start).map(|()| (first, Some(second)))
        }
        _ if args.positional().is_empty() => {
            Err(vm.type_error("enumerate() missing required argument 'iterable'"))
        }
        _ => {
            let given = values.len();
            Err(vm.type_error(format_args!("enumerate() takes at most 2 arguments ({given} given)")))
        }
    }
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    match next_pair(vm, this)? {
        Some((number, item)) => vm.pair(number, item).map(Some),
        None => Ok(None),
    }
}

/// The next number and item.
#[inline]
pub(crate) fn next_pair(vm: &Thread, this: Ref<'_>) -> PyResult<Option<(Owned, Owned)>> {
    let enumerate = payload(this);
    let iterator = enumerate.iterator.borrow();
    let Some(item) = vm.next_slot(iterator)?(vm, iterator)? else { return Ok(None) };
    let number = enumerate.number.get_or_none();
    enumerate.number.set(following(vm, number.borrow())?);
    Ok(Some((number, item)))
}

#[inline]
fn following(vm: &Thread, number: Ref<'_>) -> PyResult {
    if let Some(following) = number.as_small_int().and_then(|number| Owned::try_int(number + 1)) {
        return Ok(following);
    }
    vm.number(int_ops::add(int_ref(number).unwrap_or(IntRef::Small(0)), IntRef::Small(1)))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let enumerate = payload(this);
    let state = vm.pair(enumerate.iterator.clone(), enumerate.number.get_or_none())?;
    vm.pair(vm.class(this).own(), state)
}
