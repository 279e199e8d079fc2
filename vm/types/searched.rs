//! `find`, `index`, `count`, `startswith` and their kin, which str, bytes and bytearray have in common.
//!
//! A [`Searched`] type tells how its arguments are read and where its indices are; the methods are generic over it.

use crate::exception::PyResult;
use crate::text::search;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Receiver, part or affix, `start` and `end`.
pub(crate) type SearchArgs<'a> = (Ref<'a>, Ref<'a>, Option<Ref<'a>>, Option<Ref<'a>>);

/// A type of objects in which parts are searched.
pub(crate) trait Searched: 'static {
    /// What `index` says where `find` says -1.
    const NOT_FOUND: &'static str;

    /// The index at which a search of the selected part finds something; `method` is the name of who asks.
    fn position(
        vm: &Thread,
        method: &str,
        args: SearchArgs<'_>,
        search: impl FnOnce(&[u8], &[u8]) -> Option<usize>,
    ) -> PyResult<Option<usize>>;

    /// How often a part occurs in the selected one.
    fn count(vm: &Thread, args: SearchArgs<'_>) -> PyResult<usize>;

    /// Whether a test holds for the selected part and an affix, or one of a tuple of them.
    fn has_affix(
        vm: &Thread,
        method: &str,
        args: SearchArgs<'_>,
        test: impl Fn(&[u8], &[u8]) -> bool,
    ) -> PyResult<bool>;
}

/// `start` and `end` arguments as machine words.
#[inline]
pub(crate) fn bounds(vm: &Thread, start: Option<Ref<'_>>, end: Option<Ref<'_>>) -> PyResult<(isize, isize)> {
    let start = start.map_or(Ok(None), |start| vm.slice_index(start))?;
    let end = end.map_or(Ok(None), |end| vm.slice_index(end))?;
    Ok((start.unwrap_or(0), end.unwrap_or(isize::MAX)))
}

macro_rules! methods {
    ($($name:ident<$T:ident>($vm:ident, $args:ident) $body:expr;)*) => {$(
        pub(crate) fn $name<$T: Searched>(
            $vm: &Thread,
            this: Ref<'_>,
            part: Ref<'_>,
            start: Option<Ref<'_>>,
            end: Option<Ref<'_>>,
        ) -> PyResult {
            let $args = (this, part, start, end);
            $body
        }
    )*};
}

methods! {
    find<T>(vm, args) or_minus_one(vm, T::position(vm, "find", args, search::find)?);
    rfind<T>(vm, args) or_minus_one(vm, T::position(vm, "rfind", args, search::rfind)?);
    index<T>(vm, args) or_error::<T>(vm, T::position(vm, "index", args, search::find)?);
    rindex<T>(vm, args) or_error::<T>(vm, T::position(vm, "rindex", args, search::rfind)?);
    count<T>(vm, args) vm.size(T::count(vm, args)?);
    startswith<T>(vm, args) T::has_affix(vm, "startswith", args, search::starts_with).map(Owned::bool);
    endswith<T>(vm, args) T::has_affix(vm, "endswith", args, search::ends_with).map(Owned::bool);
}

fn or_minus_one(vm: &Thread, index: Option<usize>) -> PyResult {
    index.map_or_else(|| Ok(Owned::small_int(-1)), |index| vm.size(index))
}

fn or_error<T: Searched>(vm: &Thread, index: Option<usize>) -> PyResult {
    index.map_or_else(|| Err(vm.value_error(T::NOT_FOUND)), |index| vm.size(index))
}
