//! The targets, one file each.

#[cfg(feature = "code")]
pub mod code;
pub mod compile;
pub mod evaluate;
pub mod methods;
pub mod parse;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs something that must not panic.
fn without_panic<T>(what: &str, input: &str, work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| format!("{what} panics on\n{input}\n{input:?}"))
}
