//! Case conversion, and the `is…` methods.

use super::make::{exact, payload};
use crate::exception::PyResult;
use crate::text::output::Output;
use crate::text::wtf8::{Text, TextBuf};
use crate::text::{case, predicate};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) fn lower(vm: &Thread, this: Ref<'_>) -> PyResult {
    convert(vm, this, |byte| byte.to_ascii_lowercase(), case::lower)
}

pub(super) fn upper(vm: &Thread, this: Ref<'_>) -> PyResult {
    convert(vm, this, |byte| byte.to_ascii_uppercase(), case::upper)
}

pub(super) fn casefold(vm: &Thread, this: Ref<'_>) -> PyResult {
    convert(vm, this, |byte| byte.to_ascii_lowercase(), case::casefold)
}

/// Converts ASCII byte by byte, and other text as a function does.
#[inline]
fn convert(vm: &Thread, this: Ref<'_>, ascii: impl Fn(u8) -> u8, other: fn(Text<'_>) -> TextBuf) -> PyResult {
    let text = payload(this);
    if !text.is_ascii() {
        return vm.text(other(text.text()).as_text());
    }
    match *text.as_bytes() {
        [] => exact(vm, this),
        [byte] => Ok(vm.latin1(ascii(byte))),
        ref bytes => vm.write_str(bytes.len(), bytes.len(), false, |out| out.extend_mapped(bytes, ascii)),
    }
}

macro_rules! conversions {
    ($($name:ident)*) => {$(
        pub(super) fn $name(vm: &Thread, this: Ref<'_>) -> PyResult {
            vm.text(case::$name(payload(this).text()).as_text())
        }
    )*};
}

conversions! { title capitalize swapcase }

macro_rules! predicates {
    ($($name:ident: $test:path;)*) => {$(
        pub(super) fn $name(_vm: &Thread, this: Ref<'_>) -> PyResult {
            Ok(Owned::bool($test(payload(this).text())))
        }
    )*};
}

predicates! {
    isspace: predicate::is_space;
    isdecimal: predicate::is_decimal;
    isdigit: predicate::is_digit;
    isnumeric: predicate::is_numeric;
    isalpha: predicate::is_alpha;
    isalnum: predicate::is_alnum;
    isidentifier: predicate::is_identifier;
    isprintable: predicate::is_printable;
    islower: all_lower;
    isupper: all_upper;
    istitle: all_title;
}

fn all_lower(text: Text<'_>) -> bool {
    case::all_lower(text.code_points())
}

fn all_upper(text: Text<'_>) -> bool {
    case::all_upper(text.code_points())
}

fn all_title(text: Text<'_>) -> bool {
    case::all_title(text.code_points())
}

pub(super) fn isascii(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).is_ascii()))
}
