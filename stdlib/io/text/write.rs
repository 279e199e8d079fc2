//! Writing text.

use memchr::{memchr, memchr2};
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::none;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::super::buffered;
use super::super::coding::{Encoder, str_of};
use super::super::newline::with_endings;
use super::super::support::{call, interrupted, unsupported};
use super::{TextIo, payload};

pub(super) fn write(vm: &Thread, this: Ref<'_>, text: Ref<'_>) -> PyResult {
    let Some(payload_of_text) = text.downcast::<Str>() else {
        let got = if text.is_none() { "None".to_owned() } else { vm.type_name(text) };
        return Err(vm.type_error(format_args!("write() argument must be str, not {got}")));
    };
    let file = payload(this);
    let buffer = file.open_buffer(vm)?;
    let encoder = match &*file.encoder.borrow() {
        Some(encoder) => encoder.share(),
        None => return Err(unsupported(vm, "not writable")),
    };
    let bytes = payload_of_text.as_bytes();
    let translated = match file.newline.get().written() {
        Some(ending) if memchr(b'\n', bytes).is_some() => Some(str_of(vm, &with_endings(bytes, ending))?),
        _ => None,
    };
    let encoded = translated.as_ref().map_or(text, |text| text.borrow());
    file.encode(vm, &encoder, encoded, bytes.len())?;
    let ends_line = file.line_buffering.get() && memchr2(b'\n', b'\r', bytes).is_some();
    if ends_line || file.write_through.get() || file.pending.borrow().len() >= file.chunk_size.get() {
        file.write_pending(vm)?;
    }
    if ends_line {
        call(vm, buffer.borrow(), "flush", &[])?;
    }
    // Text that was read ahead of a file without positions stays.
    if file.snapshot.borrow().is_some() {
        file.forget_decoded();
    }
    if file.decoder.borrow().is_some() {
        file.reset_decoder(vm)?;
    }
    vm.size(payload_of_text.len())
}

impl TextIo {
    /// Encodes a text behind what waits to be written; that is written before, if it would be too much.
    fn encode(&self, vm: &Thread, encoder: &Encoder, text: Ref<'_>, estimate: usize) -> PyResult<()> {
        // Whoever writes may add to what waits meanwhile, which must not come behind a large text.
        while estimate >= self.chunk_size.get() && !self.pending.borrow().is_empty() {
            self.write_pending(vm)?;
        }
        let waiting = self.pending.borrow().len();
        if waiting > 0 && waiting + estimate > self.chunk_size.get() {
            self.write_pending(vm)?;
        }
        if let Encoder::Native(coding) = encoder {
            let mut pending = self.pending.take();
            let result = coding.encode(vm, text, &mut pending);
            self.pending.replace(pending);
            return result;
        }
        // An encoder written in Python may write to the file itself.
        let mut bytes = Vec::new();
        encoder.encode(vm, text, &mut bytes)?;
        self.pending.borrow_mut().extend_from_slice(&bytes);
        Ok(())
    }

    /// Writes what waits to the file below.
    pub(super) fn write_pending(&self, vm: &Thread) -> PyResult<()> {
        if self.pending.borrow().is_empty() {
            return Ok(());
        }
        let buffer = self.buffer(vm)?;
        let mut bytes = self.pending.take();
        if buffered::as_plain(buffer.borrow()).is_some() {
            let written = buffered::write_bytes(vm, buffer.borrow(), &bytes);
            if self.pending.borrow().is_empty() {
                // The memory serves again.
                bytes.clear();
                self.pending.replace(bytes);
            }
            return written.map(drop);
        }
        let object = vm.bytes(&bytes)?;
        loop {
            match call(vm, buffer.borrow(), "write", &[object.borrow()]) {
                Err(raised) if interrupted(vm, &raised)? => {}
                written => return written.map(drop),
            }
        }
    }
}

pub(super) fn flush(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    let buffer = file.open_buffer(vm)?;
    file.telling.set(file.seekable.get());
    file.write_pending(vm)?;
    call(vm, buffer.borrow(), "flush", &[])?;
    none()
}
