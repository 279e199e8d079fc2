//! Moving the position in a file of text.

use pyx_vm::exception::PyResult;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::super::coding::Encoder;
use super::super::support::{bytes_of, call, returned_offset, unsupported};
use super::cookie::Cookie;
use super::read::{bytes_of_chars, chars};
use super::{Snapshot, TextIo, payload};

const NOT_SEEKABLE: &str = "underlying stream is not seekable";

pub(super) fn tell(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    let buffer = file.open_buffer(vm)?;
    if !file.seekable.get() {
        return Err(unsupported(vm, NOT_SEEKABLE));
    }
    if !file.telling.get() {
        return Err(vm.os_error("telling position disabled by next() call"));
    }
    file.write_pending(vm)?;
    call(vm, this, "flush", &[])?;
    let position = call(vm, buffer.borrow(), "tell", &[])?;
    let snapshot = match &*file.snapshot.borrow() {
        Some(snapshot) if file.decoder.borrow().is_some() => Some((snapshot.flags, snapshot.input.clone())),
        _ => None,
    };
    let Some((flags, input)) = snapshot else { return Ok(position) };
    let position = returned_offset(vm, &position)?;
    let start = position - input.len() as i64;
    let used = file.decoded.borrow().as_deref().map_or(0, |text| chars(&text[..file.used.get()]));
    let cookie = Cookie { start: start as u64, flags: flags as u32, ..Cookie::default() };
    if used == 0 {
        return cookie.to_object(vm);
    }
    let saved = file.decoder_state(vm)?;
    let newlines = file.newlines.borrow().clone();
    let cookie = file.locate(vm, cookie, &input, used);
    file.set_decoder_state(vm, &saved.0, saved.1)?;
    // What was looked at again is not seen twice.
    file.newlines.replace(newlines);
    cookie?.to_object(vm)
}

impl TextIo {
    /// How many characters some bytes are.
    fn count_decoded(&self, vm: &Thread, bytes: &[u8], is_final: bool) -> PyResult<usize> {
        Ok(chars(&self.decode(vm, bytes.to_vec(), is_final)?))
    }

    /// Puts the decoder into the state of a cookie.
    fn start_decoder(&self, vm: &Thread, cookie: &Cookie) -> PyResult<()> {
        if cookie.start == 0 && cookie.flags == 0 {
            self.reset_decoder(vm)
        } else {
            self.set_decoder_state(vm, b"", cookie.flags.into())
        }
    }

    /// The cookie of the position so many characters behind the start of a snapshot.
    fn locate(&self, vm: &Thread, mut cookie: Cookie, input: &[u8], used: usize) -> PyResult<Cookie> {
        let mut skip = used;
        let start = self.safe_start(vm, &mut cookie, input, &mut skip)?;
        cookie.start += start as u64;
        cookie.skip = skip as u32;
        if skip == 0 {
            return Ok(cookie);
        }
        // One byte at a time. Where the decoder keeps nothing, it could start as well.
        let mut decoded = 0;
        for byte in &input[start..] {
            decoded += self.count_decoded(vm, std::slice::from_ref(byte), false)?;
            cookie.feed += 1;
            let (waiting, flags) = self.decoder_state(vm)?;
            if waiting.is_empty() && decoded <= skip {
                cookie.start += u64::from(cookie.feed);
                cookie.flags = flags as u32;
                cookie.feed = 0;
                skip -= decoded;
                decoded = 0;
            }
            if decoded >= skip {
                cookie.skip = skip as u32;
                return Ok(cookie);
            }
        }
        decoded += self.count_decoded(vm, b"", true)?;
        cookie.need_end = true;
        if decoded < skip {
            return Err(vm.os_error("can't reconstruct logical file position"));
        }
        cookie.skip = skip as u32;
        Ok(cookie)
    }

    /// Where in the input the decoder can start, near the position: guessed by the bytes that a character takes.
    fn safe_start(
        &self,
        vm: &Thread,
        cookie: &mut Cookie,
        input: &[u8],
        skip: &mut usize,
    ) -> PyResult<usize> {
        let mut start = (self.bytes_per_char.get() * *skip as f64) as usize;
        start = start.min(input.len());
        let mut back = 1;
        while start > 0 {
            self.start_decoder(vm, cookie)?;
            let decoded = self.count_decoded(vm, &input[..start], false)?;
            if decoded > *skip {
                start = start.saturating_sub(back);
                back *= 2;
                continue;
            }
            let (waiting, flags) = self.decoder_state(vm)?;
            if waiting.is_empty() {
                cookie.flags = flags as u32;
                *skip -= decoded;
                return Ok(start);
            }
            start = start.saturating_sub(waiting.len());
            back = 1;
        }
        self.start_decoder(vm, cookie)?;
        Ok(0)
    }

    /// Starts the encoder anew, or tells it that the file does not stand at its start.
    fn restart_encoder(&self, vm: &Thread, at_start: bool) -> PyResult<()> {
        let encoder = self.encoder.borrow().as_ref().map(Encoder::share);
        encoder.map_or(Ok(()), |encoder| encoder.set_at_start(vm, at_start))
    }
}

pub(super) fn seek(vm: &Thread, this: Ref<'_>, cookie: Ref<'_>, whence: Option<Ref<'_>>) -> PyResult {
    let file = payload(this);
    let whence = whence.map_or(Ok(0), |whence| vm.to_c_int(whence))?;
    let buffer = file.open_buffer(vm)?;
    if !file.seekable.get() {
        return Err(unsupported(vm, NOT_SEEKABLE));
    }
    let zero = Owned::small_int(0);
    let is_zero = |cookie| vm.equal(cookie, zero.borrow());
    let current;
    let cookie = match whence {
        libc::SEEK_SET => cookie,
        libc::SEEK_CUR if !is_zero(cookie)? => {
            return Err(unsupported(vm, "can't do nonzero cur-relative seeks"));
        }
        libc::SEEK_CUR => {
            current = call(vm, this, "tell", &[])?;
            current.borrow()
        }
        libc::SEEK_END if !is_zero(cookie)? => {
            return Err(unsupported(vm, "can't do nonzero end-relative seeks"));
        }
        libc::SEEK_END => return seek_to_end(vm, this, buffer.borrow()),
        _ => {
            return Err(vm.value_error(format_args!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    if vm.compare_truth(cookie, zero.borrow(), CompareOp::Lt)? {
        let cookie = vm.repr_string(cookie)?;
        return Err(vm.value_error(format_args!("negative seek position {cookie}")));
    }
    call(vm, this, "flush", &[])?;
    let place = Cookie::from_object(vm, cookie)?;
    call(vm, buffer.borrow(), "seek", &[vm.int(place.start as i64)?.borrow()])?;
    file.forget_decoded();
    if file.decoder.borrow().is_some() {
        file.start_decoder(vm, &place)?;
        if place.skip > 0 {
            file.restore(vm, buffer.borrow(), &place)?;
        } else {
            file.snapshot.replace(Some(Snapshot { flags: place.flags.into(), input: Vec::new() }));
        }
    }
    file.restart_encoder(vm, place.start == 0 && place.flags == 0)?;
    Ok(cookie.own())
}

fn seek_to_end(vm: &Thread, this: Ref<'_>, buffer: Ref<'_>) -> PyResult {
    let file = payload(this);
    call(vm, this, "flush", &[])?;
    file.forget_decoded();
    if file.decoder.borrow().is_some() {
        file.reset_decoder(vm)?;
    }
    let (zero, end) = (Owned::small_int(0), Owned::small_int(libc::SEEK_END));
    let position = call(vm, buffer, "seek", &[zero.borrow(), end.borrow()])?;
    file.restart_encoder(vm, vm.equal(position.borrow(), zero.borrow())?)?;
    Ok(position)
}

impl TextIo {
    /// Decodes what a cookie says again, and skips the characters before its position.
    fn restore(&self, vm: &Thread, buffer: Ref<'_>, place: &Cookie) -> PyResult<()> {
        let input = call(vm, buffer, "read", &[vm.int(place.feed.into())?.borrow()])?;
        let Some(input) = bytes_of(input.borrow()).map(<[u8]>::to_vec) else {
            let got = vm.type_name(input.borrow());
            return Err(vm.type_error(format_args!(
                "underlying read() should have returned a bytes object, not '{got}'"
            )));
        };
        self.snapshot.replace(Some(Snapshot { flags: place.flags.into(), input: input.clone() }));
        let text = self.decode(vm, input, place.need_end)?;
        if chars(&text) < place.skip as usize {
            return Err(vm.os_error("can't restore logical file position"));
        }
        self.used.set(bytes_of_chars(&text, place.skip as usize));
        self.decoded.replace(Some(text));
        Ok(())
    }
}

pub(super) fn truncate(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let buffer = payload(this).buffer(vm)?;
    call(vm, this, "flush", &[])?;
    call(vm, buffer.borrow(), "truncate", &[size.unwrap_or(Ref::NONE)])
}
