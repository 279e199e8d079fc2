//! The `is…` methods.

use super::ByteString;
use crate::exception::PyResult;
use crate::text::predicate as test;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

macro_rules! predicates {
    ($($name:ident: $test:expr;)*) => {$(
        pub(super) fn $name<T: ByteString>(_vm: &Thread, this: Ref<'_>) -> PyResult {
            Ok(Owned::bool($test(&T::read(this))))
        }
    )*};
}

predicates! {
    isalnum: test::is_alnum_bytes;
    isalpha: test::is_alpha_bytes;
    isascii: <[u8]>::is_ascii;
    isdigit: test::is_digit_bytes;
    islower: test::is_lower_bytes;
    isspace: test::is_space_bytes;
    istitle: test::is_title_bytes;
    isupper: test::is_upper_bytes;
}
