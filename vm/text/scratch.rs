//! A buffer in which texts are composed whose size is not known before: kept, so that each text finds room ready.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

use super::wtf8::TextBuf;

/// Keeps a buffer while nobody uses it.
#[derive(Default)]
pub struct Scratch(Cell<TextBuf>);

/// The largest buffer that is kept, in bytes.
const KEPT: usize = 4096;

impl Scratch {
    /// The buffer, empty; another one, while somebody has it.
    #[inline]
    pub fn take(&self) -> Composed<'_> {
        Composed { text: self.0.take(), home: self }
    }
}

/// A text that is being composed; the buffer goes back when it is dropped.
pub struct Composed<'a> {
    text: TextBuf,
    home: &'a Scratch,
}

impl Deref for Composed<'_> {
    type Target = TextBuf;

    #[inline]
    fn deref(&self) -> &TextBuf {
        &self.text
    }
}

impl DerefMut for Composed<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut TextBuf {
        &mut self.text
    }
}

impl Drop for Composed<'_> {
    #[inline]
    fn drop(&mut self) {
        let mut text = std::mem::take(&mut self.text);
        if text.bytes_mut().capacity() <= KEPT {
            text.truncate(0);
            self.home.0.set(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_is_kept_and_comes_back_empty() {
        let scratch = Scratch::default();
        scratch.take().push_str("some text");
        let mut first = scratch.take();
        assert!(first.is_empty() && first.bytes_mut().capacity() >= 9);
        assert_eq!(scratch.take().bytes_mut().capacity(), 0);
        first.push_str("a");
        assert_eq!(first.as_text(), "a".into());
    }

    #[test]
    fn large_buffers_go() {
        let scratch = Scratch::default();
        scratch.take().push_str(&"x".repeat(KEPT + 1));
        assert_eq!(scratch.take().bytes_mut().capacity(), 0);
    }
}
