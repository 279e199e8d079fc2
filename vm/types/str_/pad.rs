//! `center`, `ljust`, `rjust`, `zfill` and `expandtabs`.

use super::make::{exact, payload};
use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::text::pad::{
    center_margins, expanded_size, expandtabs as expand, pad, padded_size, zfill as fill_zeros,
};
use crate::text::replace::Units;
use crate::value::Ref;
use crate::vm::Thread;

pub(super) fn center(vm: &Thread, this: Ref<'_>, width: Ref<'_>, fill: Option<Ref<'_>>) -> PyResult {
    padded(vm, this, width, fill, center_margins)
}

pub(super) fn ljust(vm: &Thread, this: Ref<'_>, width: Ref<'_>, fill: Option<Ref<'_>>) -> PyResult {
    padded(vm, this, width, fill, |len, width| (0, width.saturating_sub(len)))
}

pub(super) fn rjust(vm: &Thread, this: Ref<'_>, width: Ref<'_>, fill: Option<Ref<'_>>) -> PyResult {
    padded(vm, this, width, fill, |len, width| (width.saturating_sub(len), 0))
}

/// The text with margins, which a function of its length and the width tells.
fn padded(
    vm: &Thread,
    this: Ref<'_>,
    width: Ref<'_>,
    fill: Option<Ref<'_>>,
    margins: impl FnOnce(usize, usize) -> (usize, usize),
) -> PyResult {
    let text = payload(this);
    let width = usize::try_from(vm.to_isize(width)?).unwrap_or(0);
    let fill = fill.map(|fill| fill_character(vm, fill)).transpose()?;
    let (left, right) = margins(text.len(), width);
    if left + right == 0 {
        return exact(vm, this);
    }
    let fill_bytes = fill.map_or(&b" "[..], Str::as_bytes);
    let Some(size) = padded_size(text.as_bytes(), left, right, fill_bytes) else {
        return Err(too_long(vm, text.len(), left + right));
    };
    let surrogates = text.has_surrogates() || fill.is_some_and(Str::has_surrogates);
    vm.written_str(size, text.len() + left + right, surrogates, |out| {
        pad(text.as_bytes(), left, right, fill_bytes, out);
    })
}

/// The error for a padded text that cannot be: there are no such lengths, or no such memory.
fn too_long(vm: &Thread, len: usize, margins: usize) -> Raised {
    match len.checked_add(margins).filter(|&len| isize::try_from(len).is_ok()) {
        Some(_) => vm.memory_error(),
        None => vm.overflow_error("padded string is too long"),
    }
}

fn fill_character<'a>(vm: &Thread, fill: Ref<'a>) -> PyResult<&'a Str> {
    match fill.downcast::<Str>() {
        Some(fill) if fill.len() == 1 => Ok(fill),
        Some(_) => Err(vm.type_error("The fill character must be exactly one character long")),
        None => {
            let got = vm.type_name(fill);
            Err(vm.type_error(format_args!("The fill character must be a unicode character, not {got}")))
        }
    }
}

pub(super) fn zfill(vm: &Thread, this: Ref<'_>, width: Ref<'_>) -> PyResult {
    let text = payload(this);
    let zeros = usize::try_from(vm.to_isize(width)?).unwrap_or(0).saturating_sub(text.len());
    if zeros == 0 {
        return exact(vm, this);
    }
    let bytes = text.as_bytes();
    let Some(size) = padded_size(bytes, zeros, 0, b"0") else {
        return Err(too_long(vm, text.len(), zeros));
    };
    vm.written_str(size, text.len() + zeros, text.has_surrogates(), |out| fill_zeros(bytes, zeros, out))
}

pub(super) fn expandtabs(vm: &Thread, this: Ref<'_>, tab_size: Option<Ref<'_>>) -> PyResult {
    let tab_size = tab_size.map_or(Ok(8), |tab_size| vm.to_c_int(tab_size))?;
    let tab_size = usize::try_from(tab_size).unwrap_or(0);
    let text = payload(this);
    let bytes = text.as_bytes();
    if !bytes.contains(&b'\t') {
        return exact(vm, this);
    }
    let Some(size) = expanded_size(bytes, tab_size, Units::CodePoints) else {
        return Err(vm.overflow_error("new string is too long"));
    };
    // Only ASCII comes and goes.
    let chars = text.len() + size - bytes.len();
    vm.written_str(size, chars, text.has_surrogates(), |out| expand(bytes, tab_size, Units::CodePoints, out))
}
