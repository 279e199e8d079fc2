//! The context manager protocol's look-ups.

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::types::type_::Type;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Exit method, its receiver, enter method, its receiver; a bound or plain callable has no receiver.
pub(super) fn manager(vm: &Thread, manager: Ref<'_>, kind: u16) -> PyResult<[Option<Owned>; 4]> {
    let names = vm.names();
    let is_async = kind != 0;
    let (enter, exit) =
        if is_async { (&names.__aenter__, &names.__aexit__) } else { (&names.__enter__, &names.__exit__) };
    let missing = |method: &str, hint: bool| {
        let protocol = if is_async { "asynchronous context manager" } else { "context manager" };
        let mut message = format!(
            "'{}' object does not support the {protocol} protocol (missed {method} method)",
            vm.type_name(manager)
        );
        if hint {
            let (other, keyword) = if is_async { ("", "'with'") } else { ("asynchronous ", "'async with'") };
            let _ = std::fmt::Write::write_fmt(
                &mut message,
                format_args!(
                    " but it supports the {other}context manager protocol. Did you mean to use {keyword}?"
                ),
            );
        }
        vm.type_error(message)
    };
    let class = vm.class(manager);
    let other =
        if is_async { [&names.__enter__, &names.__exit__] } else { [&names.__aenter__, &names.__aexit__] };
    let hint = other.iter().all(|name| vm.lookup(class, name.borrow()).is_some());
    let exit_text = if is_async { "__aexit__" } else { "__exit__" };
    let enter_text = if is_async { "__aenter__" } else { "__enter__" };
    let Some((exit, exit_self)) = method(vm, manager, exit)? else { return Err(missing(exit_text, hint)) };
    let Some((enter, enter_self)) = method(vm, manager, enter)? else {
        return Err(missing(enter_text, hint));
    };
    Ok([Some(exit), exit_self, Some(enter), enter_self])
}

/// The class's method, and its receiver unless it is bound already.
fn method(vm: &Thread, object: Ref<'_>, name: &Owned) -> PyResult<Option<(Owned, Option<Owned>)>> {
    let class = vm.class(object);
    let Some(attribute) = vm.lookup(class, name.borrow()) else { return Ok(None) };
    if matches!(attribute.borrow().kind(), Kind::Function | Kind::MethodDescriptor) {
        return Ok(Some((attribute, Some(object.own()))));
    }
    let slots = &vm.class(attribute.borrow()).downcast::<Type>().expect("a class").slots;
    match slots.descr_get.get() {
        Some(get) => Ok(Some((get(vm, attribute.borrow(), Some(object), Some(class))?, None))),
        None => Ok(Some((attribute, None))),
    }
}
