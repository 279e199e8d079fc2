//! Reading text.

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::text::wtf8::Text;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::super::buffer::with_bytes;
use super::super::buffered;
use super::super::coding::{Decoder, str_of};
use super::super::support::{call, interrupted, size_argument, unsupported};
use super::{Snapshot, TextIo, payload};

/// How many characters a text has.
pub(in super::super) fn chars(text: &[u8]) -> usize {
    if text.is_ascii() { text.len() } else { Text::trusted(text).count() }
}

/// The bytes of the first characters of a text, as many as there are.
pub(in super::super) fn bytes_of_chars(text: &[u8], count: usize) -> usize {
    if count >= text.len() || text.is_ascii() {
        return count.min(text.len());
    }
    // A text has at least as many bytes as characters.
    let text = Text::trusted(text);
    if count >= text.count() { text.len() } else { text.offset_of(count) }
}

impl TextIo {
    /// Uses the decoder, which is nobody else's meanwhile: it may run Python code.
    pub(super) fn with_decoder<R>(
        &self,
        vm: &Thread,
        using: impl FnOnce(&mut Decoder) -> PyResult<R>,
    ) -> PyResult<R> {
        let Some(mut decoder) = self.decoder.take() else { return Err(unsupported(vm, "not readable")) };
        let result = using(&mut decoder);
        self.decoder.replace(Some(decoder));
        result
    }

    /// Decodes bytes, and deals with the line endings.
    pub(super) fn decode(&self, vm: &Thread, bytes: Vec<u8>, is_final: bool) -> PyResult<Vec<u8>> {
        let text = self.with_decoder(vm, |decoder| decoder.decode(vm, bytes, is_final))?;
        Ok(match &mut *self.newlines.borrow_mut() {
            Some(newlines) => newlines.process(text, is_final),
            None => text,
        })
    }

    /// The state of the decoder: bytes that wait, and a number.
    pub(super) fn decoder_state(&self, vm: &Thread) -> PyResult<(Vec<u8>, i64)> {
        let (bytes, flags) = self.with_decoder(vm, |decoder| decoder.state(vm))?;
        Ok(match &*self.newlines.borrow() {
            Some(newlines) => (bytes, flags << 1 | i64::from(newlines.pending_cr)),
            None => (bytes, flags),
        })
    }

    /// Sets the state of the decoder.
    pub(super) fn set_decoder_state(&self, vm: &Thread, bytes: &[u8], flags: i64) -> PyResult<()> {
        let flags = match &mut *self.newlines.borrow_mut() {
            Some(newlines) => {
                newlines.pending_cr = flags & 1 != 0;
                flags >> 1
            }
            None => flags,
        };
        self.with_decoder(vm, |decoder| decoder.set_state(vm, bytes, flags))
    }

    /// Starts the decoder anew.
    pub(super) fn reset_decoder(&self, vm: &Thread) -> PyResult<()> {
        if let Some(newlines) = &mut *self.newlines.borrow_mut() {
            newlines.pending_cr = false;
        }
        self.with_decoder(vm, |decoder| decoder.reset(vm))
    }

    /// Reads a chunk, about enough for so many characters, and decodes it; false at the end.
    fn read_chunk(&self, vm: &Thread, wanted: usize) -> PyResult<bool> {
        if self.decoder.borrow().is_none() {
            return Err(unsupported(vm, "not readable"));
        }
        let before = if self.telling.get() { Some(self.decoder_state(vm)?) } else { None };
        let wanted = (self.bytes_per_char.get().max(1.0) * wanted as f64) as usize;
        let bytes = self.read_bytes(vm, wanted.max(self.chunk_size.get()))?;
        let is_end = bytes.is_empty();
        let snapshot = before.map(|(mut input, flags)| {
            input.extend_from_slice(&bytes);
            Snapshot { flags, input }
        });
        let count = bytes.len();
        let text = self.decode(vm, bytes, is_end)?;
        let has_text = !text.is_empty();
        let ratio = if has_text { count as f64 / chars(&text) as f64 } else { 0.0 };
        self.bytes_per_char.set(ratio);
        self.decoded.replace(Some(text));
        self.used.set(0);
        if snapshot.is_some() {
            self.snapshot.replace(snapshot);
        }
        Ok(has_text || !is_end)
    }

    /// Bytes from the file below, by one call of it.
    fn read_bytes(&self, vm: &Thread, size: usize) -> PyResult<Vec<u8>> {
        let buffer = self.buffer(vm)?;
        if self.has_read1.get() && buffered::as_plain(buffer.borrow()).is_some() {
            return buffered::read1_bytes(vm, buffer.borrow(), size);
        }
        let method = if self.has_read1.get() { "read1" } else { "read" };
        let bytes = call(vm, buffer.borrow(), method, &[vm.size(size)?.borrow()])?;
        if !vm.exports_buffer(bytes.borrow()) {
            let got = vm.type_name(bytes.borrow());
            return Err(vm.type_error(format_args!(
                "underlying {method}() should have returned a bytes-like object, not '{got}'"
            )));
        }
        with_bytes(vm, bytes.borrow(), <[u8]>::to_vec)
    }

    /// Makes sure that there is decoded text; false at the end.
    fn ensure_decoded(&self, vm: &Thread, wanted: usize) -> PyResult<bool> {
        while self.decoded.borrow().as_ref().is_none_or(|text| self.used.get() >= text.len()) {
            match self.read_chunk(vm, wanted) {
                Err(raised) if interrupted(vm, &raised)? => {}
                read => {
                    if !read? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// Uses up decoded text, up to so many characters.
    fn take_decoded(&self, count: usize, out: &mut Vec<u8>) {
        if let Some(text) = &*self.decoded.borrow() {
            let rest = &text[self.used.get()..];
            let len = bytes_of_chars(rest, count);
            out.extend_from_slice(&rest[..len]);
            self.used.set(self.used.get() + len);
        }
    }

    /// A line that lies in the decoded text whole.
    #[inline]
    fn line_ahead(&self, vm: &Thread) -> Option<PyResult> {
        let decoded = self.decoded.borrow();
        let rest = decoded.as_deref()?.get(self.used.get()..)?;
        let len = self.newline.get().find(rest).ok()?;
        let line = str_of(vm, &rest[..len]);
        self.used.set(self.used.get() + len);
        Some(line)
    }

    /// A line that may go over several chunks, of at most so many characters.
    fn long_line(&self, vm: &Thread, limit: Option<usize>) -> PyResult {
        let newline = self.newline.get();
        // The line so far lies before the decoded text; the ending is not within its first `searched` bytes.
        let (mut line, mut searched) = (Vec::new(), 0);
        loop {
            if !self.ensure_decoded(vm, 0)? {
                self.forget_decoded();
                break;
            }
            let before = line.len();
            let text = self.decoded.borrow();
            line.extend_from_slice(&text.as_deref().unwrap_or_default()[self.used.get()..]);
            drop(text);
            let found = newline.find(&line[searched..]);
            let end = found.map_or(line.len(), |end| searched + end);
            let limited =
                limit.filter(|&limit| limit <= chars(&line[..end])).map(|limit| bytes_of_chars(&line, limit));
            let used = self.used.get();
            if found.is_ok() || limited.is_some() {
                line.truncate(limited.unwrap_or(end));
                self.used.set(used + line.len() - before);
                break;
            }
            self.used.set(used + line.len() - before);
            searched += found.unwrap_or_else(|without| without);
        }
        str_of(vm, &line)
    }
}

pub(super) fn read(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let size = size_argument(vm, size)?;
    let file = payload(this);
    let buffer = file.open_buffer(vm)?;
    if file.decoder.borrow().is_none() {
        return Err(unsupported(vm, "not readable"));
    }
    file.write_pending(vm)?;
    let mut text = Vec::new();
    let Ok(size) = usize::try_from(size) else {
        let bytes = read_rest(vm, buffer.borrow())?;
        let rest = file.decode(vm, bytes, true)?;
        file.take_decoded(usize::MAX, &mut text);
        if text.is_empty() {
            text = rest;
        } else {
            text.extend_from_slice(&rest);
        }
        file.forget_decoded();
        return str_of(vm, &text);
    };
    let mut left = size;
    loop {
        let before = text.len();
        file.take_decoded(left, &mut text);
        left -= chars(&text[before..]);
        if left == 0 || !file.ensure_decoded(vm, left)? {
            return str_of(vm, &text);
        }
    }
}

#[cold]
fn blocked(vm: &Thread) -> Raised {
    vm.error(&vm.exceptions().BlockingIOError, "Read returned None.")
}

/// All bytes that are left.
fn read_rest(vm: &Thread, buffer: Ref<'_>) -> PyResult<Vec<u8>> {
    if buffered::as_plain(buffer).is_some() {
        return buffered::read_all_bytes(vm, buffer)?.ok_or_else(|| blocked(vm));
    }
    let bytes = call(vm, buffer, "read", &[])?;
    if bytes.borrow().is_none() {
        return Err(blocked(vm));
    }
    if !vm.exports_buffer(bytes.borrow()) {
        let got = vm.type_name(bytes.borrow());
        return Err(vm.type_error(format_args!(
            "underlying read() should have returned a bytes-like object, not '{got}'"
        )));
    }
    with_bytes(vm, bytes.borrow(), <[u8]>::to_vec)
}

pub(super) fn readline(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let limit = size.map_or(Ok(-1), |size| vm.to_count(size))?;
    line(vm, this, usize::try_from(limit).ok())
}

fn line(vm: &Thread, this: Ref<'_>, limit: Option<usize>) -> PyResult {
    let file = payload(this);
    file.open_buffer(vm)?;
    file.write_pending(vm)?;
    if limit.is_none()
        && let Some(line) = file.line_ahead(vm)
    {
        return line;
    }
    file.long_line(vm, limit)
}

pub(super) fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let file = payload(this);
    file.buffer(vm)?;
    file.telling.set(false);
    let line = if file.plain.get() { line(vm, this, None)? } else { call(vm, this, "readline", &[])? };
    let Some(text) = line.borrow().downcast::<Str>() else {
        let got = vm.type_name(line.borrow());
        return Err(vm.os_error(format_args!("readline() should have returned a str object, not '{got}'")));
    };
    if text.is_empty() {
        file.snapshot.take();
        file.telling.set(file.seekable.get());
        return Ok(None);
    }
    Ok(Some(line))
}
