//! `replace`, `strip` and its kin, `removeprefix` and `removesuffix`.

use super::make::{exact, part, payload};
use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::text::replace::{Replace, Replacing, Units, replace as plan};
use crate::text::space::Unicode;
use crate::text::strip::{Side, strip_chars, strip_spaces};
use crate::text::wtf8::Text;
use crate::value::Ref;
use crate::vm::Thread;

pub(super) fn replace(
    vm: &Thread,
    this: Ref<'_>,
    old: Ref<'_>,
    new: Ref<'_>,
    count: Option<Ref<'_>>,
) -> PyResult {
    let old = vm.str_argument("replace() argument 1", old)?;
    let new = vm.str_argument("replace() argument 2", new)?;
    let limit = vm.limit(count)?;
    let text = payload(this);
    match plan(text.as_bytes(), old.as_bytes(), new.as_bytes(), limit, Units::CodePoints) {
        Replace::Unchanged => exact(vm, this),
        Replace::TooLong => Err(vm.overflow_error("replace string is too long")),
        Replace::Write(replacing) => write(vm, [text, old, new], &replacing),
    }
}

fn write(vm: &Thread, [text, old, new]: [&Str; 3], replacing: &Replacing<'_>) -> PyResult {
    if text.has_surrogates() {
        // It may have lost them.
        let mut out = vm.vec(replacing.size())?;
        replacing.write(&mut out, Units::CodePoints);
        return vm.text(Text::trusted(&out));
    }
    let chars = text.len() - old.len() * replacing.count() + new.len() * replacing.count();
    vm.written_str(replacing.size(), chars, new.has_surrogates(), |out| {
        replacing.write(out, Units::CodePoints)
    })
}

pub(super) fn strip(vm: &Thread, this: Ref<'_>, chars: Option<Ref<'_>>) -> PyResult {
    stripped(vm, "strip", this, chars, Side::Both)
}

pub(super) fn lstrip(vm: &Thread, this: Ref<'_>, chars: Option<Ref<'_>>) -> PyResult {
    stripped(vm, "lstrip", this, chars, Side::Left)
}

pub(super) fn rstrip(vm: &Thread, this: Ref<'_>, chars: Option<Ref<'_>>) -> PyResult {
    stripped(vm, "rstrip", this, chars, Side::Right)
}

#[inline]
fn stripped(vm: &Thread, name: &str, this: Ref<'_>, chars: Option<Ref<'_>>, side: Side) -> PyResult {
    let text = payload(this);
    let Some(chars) = chars.filter(|chars| !chars.is_none()) else {
        return part(vm, this, strip_spaces::<Unicode>(text.as_bytes(), side));
    };
    let Some(chars) = chars.downcast::<Str>() else {
        return Err(vm.type_error(format_args!("{name} arg must be None or str")));
    };
    part(vm, this, strip_chars(text.text(), chars.text(), side))
}

pub(super) fn removeprefix(vm: &Thread, this: Ref<'_>, prefix: Ref<'_>) -> PyResult {
    let prefix = vm.str_argument("removeprefix() argument", prefix)?.as_bytes();
    let bytes = payload(this).as_bytes();
    let start = if bytes.starts_with(prefix) { prefix.len() } else { 0 };
    part(vm, this, start..bytes.len())
}

pub(super) fn removesuffix(vm: &Thread, this: Ref<'_>, suffix: Ref<'_>) -> PyResult {
    let suffix = vm.str_argument("removesuffix() argument", suffix)?.as_bytes();
    let bytes = payload(this).as_bytes();
    let removed = if bytes.ends_with(suffix) { suffix.len() } else { 0 };
    part(vm, this, 0..bytes.len() - removed)
}
