//! How parts of strs are searched: in their bytes; indices are translated only where a text is not ASCII.

use std::ops::Range;

use super::make::payload;
use crate::exception::PyResult;
use crate::heap::inline::{Str, Tuple};
use crate::text::search::{self, adjust_indices};
use crate::types::searched::{self, SearchArgs, Searched};
use crate::value::Ref;
use crate::vm::Thread;

impl Searched for Str {
    const NOT_FOUND: &'static str = "substring not found";

    #[inline]
    fn position(
        vm: &Thread,
        method: &str,
        (this, part, start, end): SearchArgs<'_>,
        search: impl FnOnce(&[u8], &[u8]) -> Option<usize>,
    ) -> PyResult<Option<usize>> {
        let (text, part) = (payload(this), vm.str_argument(format_args!("{method}() argument 1"), part)?);
        let Some(range) = bounds(vm, text, start, end)? else { return Ok(None) };
        let found = search(&text.as_bytes()[range.clone()], part.as_bytes()).map(|at| range.start + at);
        Ok(found.map(|at| if text.is_ascii() { at } else { text.text().index_of(at) }))
    }

    fn count(vm: &Thread, (this, part, start, end): SearchArgs<'_>) -> PyResult<usize> {
        let (text, part) = (payload(this), vm.str_argument("count() argument 1", part)?);
        let range = bounds(vm, text, start, end)?;
        Ok(range.map_or(0, |range| search::count_text(text.text().slice(range), part.text())))
    }

    #[inline]
    fn has_affix(
        vm: &Thread,
        method: &str,
        (this, affix, start, end): SearchArgs<'_>,
        test: impl Fn(&[u8], &[u8]) -> bool,
    ) -> PyResult<bool> {
        let text = payload(this);
        let part = bounds(vm, text, start, end)?.map(|range| &text.as_bytes()[range]);
        let has = |affix: &Str| part.is_some_and(|part| test(part, affix.as_bytes()));
        if let Some(affix) = affix.downcast::<Str>() {
            return Ok(has(affix));
        }
        let Some(affixes) = affix.downcast::<Tuple>() else {
            let got = vm.type_name(affix);
            return Err(
                vm.type_error(format_args!("{method} first arg must be str or a tuple of str, not {got}"))
            );
        };
        for affix in affixes.as_slice() {
            let Some(affix) = affix.borrow().downcast::<Str>() else {
                let got = vm.type_name(affix.borrow());
                return Err(
                    vm.type_error(format_args!("tuple for {method} must only contain str, not {got}"))
                );
            };
            if has(affix) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The range of bytes that optional `start` and `end` arguments select; `None` if not even an empty text is found there.
#[inline]
fn bounds(
    vm: &Thread,
    text: &Str,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult<Option<Range<usize>>> {
    if start.is_none() && end.is_none() {
        return Ok(Some(0..text.as_bytes().len()));
    }
    let (start, end) = searched::bounds(vm, start, end)?;
    Ok(adjust_indices(start, end, text.len()).map(|range| super::byte_range(text, range)))
}
