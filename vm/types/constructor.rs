//! How constructors whose arguments are positional check them.

use crate::arguments::Args;
pub(crate) use crate::arguments::native::wrong_count;
use crate::exception::PyResult;
use crate::protocol::slots::SlotId;
use crate::types::type_::payload_of;
use crate::value::Ref;
use crate::vm::Thread;

/// Whether a constructor checks keywords: not if a subclass defines the other half of construction, `__init__` or
/// `__new__`, in Python, for then the keywords are that one's.
#[inline]
pub fn checks_keywords(class: Ref<'_>, other: SlotId) -> bool {
    !payload_of(class).generic.contains(other)
}

/// Refuses keyword arguments.
#[inline]
pub fn no_keywords(vm: &Thread, name: &str, args: &Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(vm.type_error(format_args!("{name}() takes no keyword arguments")));
    }
    Ok(())
}

/// Checks the number of positional arguments.
#[inline]
pub fn count(vm: &Thread, name: &str, given: usize, least: usize, most: usize) -> PyResult<()> {
    if (least..=most).contains(&given) { Ok(()) } else { Err(wrong_count(vm, name, given, least, most)) }
}

/// The arguments of a constructor that takes exactly `N`, by position only.
#[inline]
pub fn exactly<'a, const N: usize>(
    vm: &Thread,
    class: Ref<'_>,
    name: &str,
    args: &Args<'a>,
) -> PyResult<[Ref<'a>; N]> {
    if args.has_keywords() && checks_keywords(class, SlotId::init) {
        no_keywords(vm, name, args)?;
    }
    let given = args.positional();
    given.try_into().map_err(|_| wrong_count(vm, name, given.len(), N, N))
}

/// The only positional argument, which may be left out.
#[inline]
pub fn optional<'a>(vm: &Thread, name: &str, args: &Args<'a>) -> PyResult<Option<Ref<'a>>> {
    count(vm, name, args.positional().len(), 0, 1)?;
    Ok(args.positional().first().copied())
}
