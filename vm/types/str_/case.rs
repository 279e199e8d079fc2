//! Case conversion, and the `is…` methods.

use super::make::payload;
use crate::exception::PyResult;
use crate::text::wtf8::Text;
use crate::text::{case, predicate};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

macro_rules! conversions {
    ($($name:ident: $ascii:path, $other:path;)*) => {$(
        pub(super) fn $name(vm: &Thread, this: Ref<'_>) -> PyResult {
            let text = payload(this);
            if !text.is_ascii() {
                return vm.text($other(text.text()).as_text());
            }
            vm.written_str(text.len(), text.len(), false, |out| $ascii(text.as_bytes(), out))
        }
    )*};
}

// ASCII byte by byte, and other text by its characters.
conversions! {
    lower: case::lower_bytes, case::lower;
    upper: case::upper_bytes, case::upper;
    casefold: case::lower_bytes, case::casefold;
    title: case::title_bytes, case::title;
    capitalize: case::capitalize_bytes, case::capitalize;
    swapcase: case::swapcase_bytes, case::swapcase;
}

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
