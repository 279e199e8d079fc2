//! `_locale`: what depends on where people live.

mod c;

pub(crate) use c::{changes, is_alphanumeric, to_lower, to_upper};
