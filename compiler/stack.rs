//! How deep a pass may recurse: until the native stack is nearly used up, never by a count.
//!
//! A pass that walks a tree carries a [`StackLimit`], the lowest address its thread's stack may grow to, and asks it
//! before it descends. What the passes can do in a loop they do in a loop; the limit stops what is truly nested.

use pyx_grammar::{ErrorKind, SyntaxError};

/// The lowest address to which the native stack may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackLimit(usize);

impl StackLimit {
    /// The stack may grow down to this address, below which the caller keeps a reserve for its leaf functions.
    pub const fn at(lowest: usize) -> Self {
        Self(lowest)
    }

    /// The stack may grow by this many bytes from here.
    pub fn remaining(bytes: usize) -> Self {
        Self(stack_address().saturating_sub(bytes))
    }

    /// An error when the limit is reached.
    #[inline]
    pub fn check(self) -> Result<(), Box<SyntaxError>> {
        if stack_address() > self.0 { Ok(()) } else { too_deep() }
    }
}

/// Four fifths of the smallest stack that a Rust thread gets unless told otherwise (2 MiB).
impl Default for StackLimit {
    fn default() -> Self {
        Self::remaining(1_600_000)
    }
}

/// Where the stack stands now: the address of a local.
#[inline]
fn stack_address() -> usize {
    let local = 0u8;
    std::hint::black_box(&raw const local).addr()
}

#[cold]
fn too_deep() -> Result<(), Box<SyntaxError>> {
    Err(Box::new(SyntaxError {
        kind: ErrorKind::Recursion,
        message: "maximum recursion depth exceeded during compilation".to_owned(),
        lineno: 0,
        offset: 0,
        end_lineno: 0,
        end_offset: 0,
        text: None,
        incomplete: false,
        after: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recursion_ends_in_an_error() {
        fn descend(limit: StackLimit) -> Result<usize, Box<SyntaxError>> {
            limit.check()?;
            let below = descend(limit)?;
            Ok(std::hint::black_box(below + 1))
        }
        let error = descend(StackLimit::remaining(100_000)).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Recursion);
    }
}
