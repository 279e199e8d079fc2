//! Slots of Python classes: the functions that call the dunder.
//!
//! When a class defines or inherits a special method written in Python, the slot behind it holds the function from here that
//! looks the method up along the MRO and calls it ([`generic`] names them). Which slots of a class hold such a function is in
//! its set `generic`: a binary operator asks it, because the reflected method of the right operand is only worth a try
//! where it is not the native one that was asked already.

use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::protocol::attribute;
use crate::protocol::slots::{CompareOp, SlotFn, SlotId};
use crate::types::int::int_ref;
use crate::types::type_::{is_subtype, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The function that calls the dunders of a slot; `None` for slots that Python classes fill through another slot.
pub(crate) fn generic(slot: SlotId) -> Option<SlotFn> {
    use SlotFn::*;
    Some(match slot {
        SlotId::repr => Unary(repr),
        SlotId::str => Unary(str),
        SlotId::hash => HashFn(hash),
        SlotId::call => CallFn(call),
        SlotId::getattro => Binary(getattro),
        SlotId::setattro => SetItem(setattro),
        SlotId::compare => Compare(compare),
        SlotId::iter => Unary(iter),
        SlotId::next => Next(next),
        SlotId::descr_get => DescrGet(descr_get),
        SlotId::descr_set => DescrSet(descr_set),
        SlotId::init => InitFn(init),
        SlotId::new => NewFn(new),
        SlotId::finalize => Finalize(finalize),
        SlotId::add => Binary(binary::add),
        SlotId::subtract => Binary(binary::subtract),
        SlotId::multiply => Binary(binary::multiply),
        SlotId::remainder => Binary(binary::remainder),
        SlotId::divmod => Binary(binary::divmod),
        SlotId::power => Power(power),
        SlotId::negative => Unary(unary::negative),
        SlotId::positive => Unary(unary::positive),
        SlotId::absolute => Unary(unary::absolute),
        SlotId::bool => Inquiry(bool),
        SlotId::invert => Unary(unary::invert),
        SlotId::lshift => Binary(binary::lshift),
        SlotId::rshift => Binary(binary::rshift),
        SlotId::and => Binary(binary::and),
        SlotId::xor => Binary(binary::xor),
        SlotId::or => Binary(binary::or),
        SlotId::int => Unary(unary::int),
        SlotId::float => Unary(unary::float),
        SlotId::inplace_add => Binary(inplace::add),
        SlotId::inplace_subtract => Binary(inplace::subtract),
        SlotId::inplace_multiply => Binary(inplace::multiply),
        SlotId::inplace_remainder => Binary(inplace::remainder),
        SlotId::inplace_power => Power(inplace_power),
        SlotId::inplace_lshift => Binary(inplace::lshift),
        SlotId::inplace_rshift => Binary(inplace::rshift),
        SlotId::inplace_and => Binary(inplace::and),
        SlotId::inplace_xor => Binary(inplace::xor),
        SlotId::inplace_or => Binary(inplace::or),
        SlotId::floor_divide => Binary(binary::floor_divide),
        SlotId::true_divide => Binary(binary::true_divide),
        SlotId::inplace_floor_divide => Binary(inplace::floor_divide),
        SlotId::inplace_true_divide => Binary(inplace::true_divide),
        SlotId::index => Unary(unary::index),
        SlotId::matrix_multiply => Binary(binary::matrix_multiply),
        SlotId::inplace_matrix_multiply => Binary(inplace::matrix_multiply),
        SlotId::mapping_len | SlotId::len => LenFn(len),
        SlotId::getitem => Binary(getitem),
        SlotId::setitem => SetItem(setitem),
        SlotId::item => ItemAt(item),
        SlotId::contains => Contains(contains),
        SlotId::await_ => Unary(await_),
        SlotId::aiter => Unary(aiter),
        SlotId::anext => Unary(anext),
        SlotId::buffer => GetBuffer(crate::protocol::buffer::call_dunder),
        SlotId::send | SlotId::concat | SlotId::repeat | SlotId::inplace_concat | SlotId::inplace_repeat => {
            return None;
        }
    })
}

/// The hash of types that have none: `__hash__ = None`.
pub(crate) fn not_hashable(vm: &Thread, object: Ref<'_>) -> PyResult<i64> {
    Err(vm.type_error(format_args!("unhashable type: '{}'", vm.type_name(object))))
}

impl Thread {
    /// Calls a special method that the class has; if it was taken away meanwhile, that is an AttributeError.
    fn call_dunder(&self, object: Ref<'_>, name: &Owned, args: &[Ref<'_>]) -> PyResult {
        match self.call_special(object, name, args)? {
            Some(result) => Ok(result),
            None => Err(self.no_dunder(name)),
        }
    }

    /// Calls a special method; `NotImplemented` if the class has none.
    fn call_dunder_maybe(&self, object: Ref<'_>, name: &Owned, args: &[Ref<'_>]) -> PyResult {
        Ok(self.call_special(object, name, args)?.unwrap_or_else(Owned::not_implemented))
    }

    #[cold]
    fn no_dunder(&self, name: &Owned) -> Raised {
        self.error_with(&self.exceptions().AttributeError, &[name.borrow()])
    }

    /// What the class has under a special method's name, where None says that the operation is forbidden.
    fn lookup_dunder(&self, object: Ref<'_>, name: &Owned) -> Dunder {
        match self.lookup(self.class(object), name.borrow()) {
            None => Dunder::Missing,
            Some(method) if method.borrow().is_none() => Dunder::Forbidden,
            Some(_) => Dunder::Method,
        }
    }
}

enum Dunder {
    Missing,
    Forbidden,
    Method,
}

fn repr(vm: &Thread, object: Ref<'_>) -> PyResult {
    match vm.call_special(object, &vm.names().__repr__, &[])? {
        Some(text) => Ok(text),
        None => vm.plain_repr(object),
    }
}

fn str(vm: &Thread, object: Ref<'_>) -> PyResult {
    vm.call_dunder(object, &vm.names().__str__, &[])
}

fn hash(vm: &Thread, object: Ref<'_>) -> PyResult<i64> {
    let Dunder::Method = vm.lookup_dunder(object, &vm.names().__hash__) else {
        return not_hashable(vm, object);
    };
    let hash = vm.call_dunder(object, &vm.names().__hash__, &[])?;
    let class = vm.type_of(hash.borrow());
    if !class.has(type_flag::INT) {
        return Err(vm.type_error("__hash__ method should return an integer"));
    }
    // An int is its own hash only where it fits: a large one is reduced as an int's hash is.
    match vm.int_to_i64(hash.borrow()) {
        Some(-1) => Ok(-2),
        Some(hash) => Ok(hash),
        None => match int_ref(hash.borrow()) {
            Some(int) => Ok(crate::number::hash::int(int)),
            None => Err(vm.type_error("__hash__ method should return an integer")),
        },
    }
}

fn call(vm: &Thread, object: Ref<'_>, args: &Args<'_>) -> PyResult {
    vm.check_stack()?;
    let name = &vm.names().__call__;
    match vm.special_method(object, name.borrow())? {
        Some(method) => vm.call_args(method.borrow(), args),
        None => Err(vm.no_dunder(name)),
    }
}

/// `__getattribute__`, and `__getattr__` where that raises AttributeError.
fn getattro(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> PyResult {
    let names = vm.names();
    let class = vm.class(object);
    let Some(fallback) = vm.lookup(class, names.__getattr__.borrow()) else {
        return vm.call_dunder(object, &names.__getattribute__, &[name]);
    };
    drop(fallback);
    let found = if vm.type_of(object).has(type_flag::OBJECT_GETATTRIBUTE) {
        vm.check_name(name)?;
        attribute::find(vm, object, name)
    } else {
        vm.call_dunder(object, &names.__getattribute__, &[name]).map(Some)
    };
    match found {
        Ok(Some(value)) => Ok(value),
        Err(raised) if !raised.is(&vm.exceptions().AttributeError) => Err(raised),
        Ok(None) | Err(_) => vm.call_dunder(object, &names.__getattr__, &[name]),
    }
}

fn setattro(vm: &Thread, object: Ref<'_>, name: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    match value {
        Some(value) => vm.call_dunder(object, &vm.names().__setattr__, &[name, value])?,
        None => vm.call_dunder(object, &vm.names().__delattr__, &[name])?,
    };
    Ok(())
}

fn compare(vm: &Thread, object: Ref<'_>, other: Ref<'_>, op: CompareOp) -> PyResult {
    let names = vm.names();
    let name = match op {
        CompareOp::Lt => &names.__lt__,
        CompareOp::Le => &names.__le__,
        CompareOp::Eq => &names.__eq__,
        CompareOp::Ne => &names.__ne__,
        CompareOp::Gt => &names.__gt__,
        CompareOp::Ge => &names.__ge__,
    };
    vm.call_dunder_maybe(object, name, &[other])
}

fn iter(vm: &Thread, object: Ref<'_>) -> PyResult {
    let names = vm.names();
    match vm.lookup_dunder(object, &names.__iter__) {
        Dunder::Method => vm.call_dunder(object, &names.__iter__, &[]),
        Dunder::Missing if vm.lookup(vm.class(object), names.__getitem__.borrow()).is_some() => {
            vm.sequence_iterator(object)
        }
        _ => Err(vm.type_error(format_args!("'{}' object is not iterable", vm.type_name(object)))),
    }
}

fn next(vm: &Thread, object: Ref<'_>) -> PyResult<Option<Owned>> {
    vm.call_dunder(object, &vm.names().__next__, &[]).map(Some)
}

fn descr_get(vm: &Thread, object: Ref<'_>, instance: Option<Ref<'_>>, owner: Option<Ref<'_>>) -> PyResult {
    let args = [instance.unwrap_or(Ref::NONE), owner.unwrap_or(Ref::NONE)];
    // A class that lost its `__get__` is no descriptor.
    Ok(vm.call_special(object, &vm.names().__get__, &args)?.unwrap_or_else(|| object.own()))
}

fn descr_set(vm: &Thread, object: Ref<'_>, instance: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    match value {
        Some(value) => vm.call_dunder(object, &vm.names().__set__, &[instance, value])?,
        None => vm.call_dunder(object, &vm.names().__delete__, &[instance])?,
    };
    Ok(())
}

fn init(vm: &Thread, object: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let name = &vm.names().__init__;
    let Some(method) = vm.special_method(object, name.borrow())? else { return Err(vm.no_dunder(name)) };
    let result = vm.call_args(method.borrow(), args)?;
    if !result.borrow().is_none() {
        let class = vm.type_name(result.borrow());
        return Err(vm.type_error(format_args!("__init__() should return None, not '{class}'")));
    }
    Ok(())
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let function = vm.get_attr(class, vm.names().__new__.borrow())?;
    args.prepend(class, |args| vm.call_args(function.borrow(), args))
}

fn finalize(vm: &Thread, object: Ref<'_>) {
    let Some(method) = vm.lookup(vm.class(object), vm.names().__del__.borrow()) else { return };
    if let Err(raised) = vm.call_special(object, &vm.names().__del__, &[]) {
        vm.unraisable_about(raised, "Exception ignored while calling deallocator", method.borrow());
    }
}

fn bool(vm: &Thread, object: Ref<'_>) -> PyResult<bool> {
    let names = vm.names();
    match vm.lookup_dunder(object, &names.__bool__) {
        Dunder::Missing => match vm.call_special(object, &names.__len__, &[])? {
            Some(length) => vm.is_true(length.borrow()),
            None => Ok(true),
        },
        Dunder::Forbidden => {
            let class = vm.type_name(object);
            Err(vm.type_error(format_args!("'{class}' cannot be interpreted as a boolean")))
        }
        Dunder::Method => {
            let truth = vm.call_dunder(object, &names.__bool__, &[])?;
            truth.borrow().as_bool().ok_or_else(|| {
                let class = vm.type_name(truth.borrow());
                vm.type_error(format_args!("__bool__ should return bool, returned {class}"))
            })
        }
    }
}

fn len(vm: &Thread, object: Ref<'_>) -> PyResult<usize> {
    let length = vm.call_dunder(object, &vm.names().__len__, &[])?;
    let length = vm.index(length.borrow())?;
    if vm.int_is_negative(length.borrow()) {
        return Err(vm.value_error("__len__() should return >= 0"));
    }
    match vm.int_to_i64(length.borrow()) {
        Some(length) => Ok(length as usize),
        None => {
            let class = vm.type_name(length.borrow());
            Err(vm.overflow_error(format_args!("cannot fit '{class}' into an index-sized integer")))
        }
    }
}

fn getitem(vm: &Thread, object: Ref<'_>, key: Ref<'_>) -> PyResult {
    vm.call_dunder(object, &vm.names().__getitem__, &[key])
}

fn setitem(vm: &Thread, object: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    match value {
        Some(value) => vm.call_dunder(object, &vm.names().__setitem__, &[key, value])?,
        None => vm.call_dunder(object, &vm.names().__delitem__, &[key])?,
    };
    Ok(())
}

fn item(vm: &Thread, object: Ref<'_>, index: isize) -> PyResult {
    let index = vm.int(index as i64)?;
    vm.call_dunder(object, &vm.names().__getitem__, &[index.borrow()])
}

fn contains(vm: &Thread, object: Ref<'_>, item: Ref<'_>) -> PyResult<bool> {
    let name = &vm.names().__contains__;
    match vm.lookup_dunder(object, name) {
        Dunder::Missing => contains_by_iteration(vm, object, item),
        Dunder::Forbidden => {
            Err(vm.type_error(format_args!("'{}' object is not a container", vm.type_name(object))))
        }
        Dunder::Method => {
            let answer = vm.call_dunder(object, name, &[item])?;
            vm.is_true(answer.borrow())
        }
    }
}

/// Looks for an item among those that iteration gives.
fn contains_by_iteration(vm: &Thread, object: Ref<'_>, item: Ref<'_>) -> PyResult<bool> {
    let iterator = vm.iter(object).map_err(|raised| {
        if raised.is(&vm.exceptions().TypeError) {
            let class = vm.type_name(object);
            return vm.type_error(format_args!("argument of type '{class}' is not a container or iterable"));
        }
        raised
    })?;
    while let Some(other) = vm.next(iterator.borrow())? {
        if vm.equal(other.borrow(), item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

macro_rules! asynchronous {
    ($($slot:ident $dunder:ident;)*) => {$(
        fn $slot(vm: &Thread, object: Ref<'_>) -> PyResult {
            match vm.call_special(object, &vm.names().$dunder, &[])? {
                Some(result) => Ok(result),
                None => {
                    let (class, dunder) = (vm.type_name(object), stringify!($dunder));
                    Err(vm.type_error(format_args!("object {class} does not have {dunder} method")))
                }
            }
        }
    )*};
}

asynchronous! {
    await_ __await__;
    aiter __aiter__;
    anext __anext__;
}

mod unary {
    use super::*;

    macro_rules! unary {
        ($($slot:ident $dunder:ident;)*) => {$(
            pub(super) fn $slot(vm: &Thread, object: Ref<'_>) -> PyResult {
                vm.call_dunder(object, &vm.names().$dunder, &[])
            }
        )*};
    }

    unary! {
        negative __neg__;
        positive __pos__;
        absolute __abs__;
        invert __invert__;
        int __int__;
        float __float__;
        index __index__;
    }
}

mod inplace {
    use super::*;

    macro_rules! inplace {
        ($($slot:ident $dunder:ident;)*) => {$(
            pub(super) fn $slot(vm: &Thread, object: Ref<'_>, other: Ref<'_>) -> PyResult {
                vm.call_dunder(object, &vm.names().$dunder, &[other])
            }
        )*};
    }

    inplace! {
        add __iadd__;
        subtract __isub__;
        multiply __imul__;
        remainder __imod__;
        lshift __ilshift__;
        rshift __irshift__;
        and __iand__;
        xor __ixor__;
        or __ior__;
        floor_divide __ifloordiv__;
        true_divide __itruediv__;
        matrix_multiply __imatmul__;
    }
}

fn inplace_power(vm: &Thread, object: Ref<'_>, other: Ref<'_>, _modulus: Ref<'_>) -> PyResult {
    vm.call_dunder(object, &vm.names().__ipow__, &[other])
}

mod binary {
    use super::*;

    macro_rules! binary {
        ($($slot:ident $dunder:ident $reflected:ident;)*) => {$(
            pub(super) fn $slot(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
                let names = vm.names();
                operator(vm, SlotId::$slot, (&names.$dunder, &names.$reflected), a, b, &[])
            }
        )*};
    }

    binary! {
        add __add__ __radd__;
        subtract __sub__ __rsub__;
        multiply __mul__ __rmul__;
        remainder __mod__ __rmod__;
        divmod __divmod__ __rdivmod__;
        lshift __lshift__ __rlshift__;
        rshift __rshift__ __rrshift__;
        and __and__ __rand__;
        xor __xor__ __rxor__;
        or __or__ __ror__;
        floor_divide __floordiv__ __rfloordiv__;
        true_divide __truediv__ __rtruediv__;
        matrix_multiply __matmul__ __rmatmul__;
    }
}

fn power(vm: &Thread, a: Ref<'_>, b: Ref<'_>, modulus: Ref<'_>) -> PyResult {
    let names = (&vm.names().__pow__, &vm.names().__rpow__);
    let rest = [modulus];
    operator(vm, SlotId::power, names, a, b, if modulus.is_none() { &[] } else { &rest })
}

/// A binary operator one of whose operands has the slot filled with a function from here: the left operand's method, then the
/// reflected one of the right operand, which goes first if its class is a subclass that overrides it.
fn operator(
    vm: &Thread,
    slot: SlotId,
    (name, reflected): (&Owned, &Owned),
    a: Ref<'_>,
    b: Ref<'_>,
    rest: &[Ref<'_>],
) -> PyResult {
    let (class, other) = (vm.class(a), vm.class(b));
    let call = |object, name, operand| match rest {
        [] => vm.call_dunder_maybe(object, name, &[operand]),
        [modulus, ..] => vm.call_dunder_maybe(object, name, &[operand, *modulus]),
    };
    let mut try_right = !class.is(other) && vm.type_of(b).generic.contains(slot);
    if vm.type_of(a).generic.contains(slot) {
        if try_right && is_subtype(other, class) && is_overridden(vm, class, other, reflected)? {
            let result = call(b, reflected, a)?;
            if !result.borrow().is_not_implemented() {
                return Ok(result);
            }
            try_right = false;
        }
        let result = call(a, name, b)?;
        if !result.borrow().is_not_implemented() || class.is(other) {
            return Ok(result);
        }
    }
    if try_right { call(b, reflected, a) } else { Ok(Owned::not_implemented()) }
}

/// Whether a subclass has another reflected method than its base.
fn is_overridden(vm: &Thread, base: Ref<'_>, class: Ref<'_>, reflected: &Owned) -> PyResult<bool> {
    let Some(own) = vm.get_attr_opt(class, reflected.borrow())? else { return Ok(false) };
    let Some(inherited) = vm.get_attr_opt(base, reflected.borrow())? else { return Ok(true) };
    vm.compare_truth(own.borrow(), inherited.borrow(), CompareOp::Ne)
}
