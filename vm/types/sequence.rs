//! What lists and tuples share: comparison, search, repr.
//!
//! Everything here compares or shows items, which may run Python, which may change a list: so items are fetched one by one,
//! and lengths are asked for again.

use std::io::Write;

use crate::exception::PyResult;
use crate::heap::Items;
use crate::heap::dict::is_exact_str;
use crate::heap::inline::{Str, Tuple};
use crate::protocol::sequence::clip;
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::{Text, TextBuf};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// A sequence of values, which may change while Python runs.
pub(crate) trait Sequence {
    /// An item, held for as long as somebody works with it.
    type Item<'a>: Held
    where
        Self: 'a;
    /// Whether sequences of different length are known to differ without a look at the items.
    const LENGTH_FIRST: bool;

    fn count(&self) -> usize;
    fn item(&self, index: usize) -> Option<Self::Item<'_>>;
}

/// A value that can be borrowed.
pub(crate) trait Held {
    fn held(&self) -> Ref<'_>;
}

impl Held for Owned {
    #[inline(always)]
    fn held(&self) -> Ref<'_> {
        self.borrow()
    }
}

impl Held for Ref<'_> {
    #[inline(always)]
    fn held(&self) -> Ref<'_> {
        *self
    }
}

impl Sequence for Items {
    type Item<'a> = Owned;
    const LENGTH_FIRST: bool = true;

    #[inline(always)]
    fn count(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn item(&self, index: usize) -> Option<Owned> {
        self.get(index)
    }
}

impl Sequence for Tuple {
    type Item<'a> = Ref<'a>;
    const LENGTH_FIRST: bool = false;

    #[inline(always)]
    fn count(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn item(&self, index: usize) -> Option<Ref<'_>> {
        self.get(index)
    }
}

/// Whether `a is b or a == b`; ints and strs are compared here and now.
#[inline]
pub fn equal(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<bool> {
    if a.is(b) {
        return Ok(true);
    }
    if a.as_small_int().is_some() && b.as_small_int().is_some() {
        return Ok(false);
    }
    if is_exact_str(a.value())
        && is_exact_str(b.value())
        && let (Some(a), Some(b)) = (a.downcast::<Str>(), b.downcast::<Str>())
    {
        return Ok(a.as_bytes() == b.as_bytes());
    }
    vm.equal(a, b)
}

/// `a <op> b`: the first items that differ decide, then the lengths.
pub(crate) fn compare<S: Sequence>(vm: &Thread, a: &S, b: &S, op: CompareOp) -> PyResult {
    vm.check_stack()?;
    if S::LENGTH_FIRST && a.count() != b.count() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::bool(op == CompareOp::Ne));
    }
    let mut index = 0;
    while let (Some(x), Some(y)) = (a.item(index), b.item(index)) {
        if !equal(vm, x.held(), y.held())? {
            // The comparison may have changed the sequences: what counts is what is there now.
            let (Some(x), Some(y)) = (a.item(index), b.item(index)) else { break };
            return match op {
                CompareOp::Eq => Ok(Owned::bool(false)),
                CompareOp::Ne => Ok(Owned::bool(true)),
                _ => vm.compare(x.held(), y.held(), op),
            };
        }
        index += 1;
    }
    Ok(Owned::bool(op.holds(a.count().cmp(&b.count()))))
}

/// The first index of a value, from `start` on and before `stop`, both counting from the end where negative.
pub(crate) fn position<S: Sequence>(
    vm: &Thread,
    sequence: &S,
    value: Ref<'_>,
    start: Option<Ref<'_>>,
    stop: Option<Ref<'_>>,
) -> PyResult<Option<usize>> {
    let start = start.map_or(Ok(0), |start| vm.position(start))?;
    let stop = stop.map_or(Ok(isize::MAX), |stop| vm.position(stop))?;
    let len = sequence.count();
    let (mut index, stop) = (clip(start, len), if stop < 0 { clip(stop, len) } else { stop as usize });
    while index < stop
        && let Some(item) = sequence.item(index)
    {
        if equal(vm, item.held(), value)? {
            return Ok(Some(index));
        }
        index += 1;
    }
    Ok(None)
}

/// How often a value occurs.
pub(crate) fn occurrences<S: Sequence>(vm: &Thread, sequence: &S, value: Ref<'_>) -> PyResult<usize> {
    let (mut index, mut count) = (0, 0);
    while let Some(item) = sequence.item(index) {
        count += usize::from(equal(vm, item.held(), value)?);
        index += 1;
    }
    Ok(count)
}

/// `[...]`: the reprs of the items, between brackets; `this` is the sequence's object.
pub(crate) fn repr<S: Sequence>(
    vm: &Thread,
    this: Ref<'_>,
    sequence: &S,
    open: &str,
    close: &str,
) -> PyResult {
    if sequence.count() == 0 {
        return vm.str(&format!("{open}{close}"));
    }
    if !vm.repr_enter(this) {
        // The comma of a tuple of one item belongs to the item.
        return vm.str(&format!("{open}...{}", close.trim_start_matches(',')));
    }
    let text = repr_items(vm, sequence, open, close);
    vm.repr_leave(this);
    vm.text(text?.as_text())
}

fn repr_items<S: Sequence>(vm: &Thread, sequence: &S, open: &str, close: &str) -> PyResult<TextBuf> {
    vm.check_stack()?;
    let mut text = TextBuf::from(open);
    let mut index = 0;
    while let Some(item) = sequence.item(index) {
        if index > 0 {
            text.push_str(", ");
        }
        push_repr(vm, &mut text, item.held())?;
        index += 1;
    }
    text.push_str(close);
    Ok(text)
}

/// Adds a value's repr to a text.
pub fn push_repr(vm: &Thread, text: &mut TextBuf, value: Ref<'_>) -> PyResult<()> {
    if let Some(int) = value.as_small_int() {
        push_int(text, int);
        return Ok(());
    }
    push_str(text, vm.repr(value)?.borrow());
    Ok(())
}

/// Adds a str to a text.
pub fn push_str(text: &mut TextBuf, value: Ref<'_>) {
    if let Some(value) = value.downcast::<Str>() {
        text.push_text(value.text());
    }
}

/// Adds the digits of an int, without a str object made for them.
fn push_int(text: &mut TextBuf, int: i64) {
    const LONGEST: usize = "-9223372036854775808".len();
    let mut digits = [0; LONGEST];
    let mut rest = &mut digits[..];
    write!(rest, "{int}").expect("the longest int fits");
    let len = LONGEST - rest.len();
    text.push_text(Text::trusted(&digits[..len]));
}
