//! Writing through the buffer.

use pyx_vm::exception::PyResult;
use pyx_vm::native::none;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::super::buffer::with_bytes;
use super::super::support::call;
use super::{Buffered, payload, would_block};

impl Buffered {
    /// Writes what waits in the buffer.
    pub(super) fn flush_written(&self, vm: &Thread) -> PyResult<()> {
        let end = match self.write_end.get() {
            Some(end) if self.writable.get() && self.write_pos.get() < end => end,
            _ => {
                self.drop_written();
                return Ok(());
            }
        };
        // The raw file is where reading has left it.
        let rewind = self.raw_pos.get() as i64 - self.write_pos.get() as i64;
        if rewind != 0 {
            self.raw_seek(vm, -rewind, libc::SEEK_CUR)?;
            self.raw_pos.set(self.write_pos.get());
        }
        // The program stays where it is, which may be behind what it has written.
        while self.write_pos.get() < end {
            // Whoever looks at the buffer meanwhile enters the file, which is an error.
            let memory = self.buffer.take();
            let written = self.raw_write(vm, &memory[self.write_pos.get()..end]);
            self.buffer.replace(memory);
            let Some(count) = written? else { return Err(would_block(vm, 0)) };
            self.write_pos.set(self.write_pos.get() + count);
            self.raw_pos.set(self.write_pos.get());
            vm.check_signals()?;
        }
        self.drop_written();
        Ok(())
    }

    /// Writes what waits, and moves the raw file to where the program is.
    pub(super) fn flush_and_rewind(&self, vm: &Thread) -> PyResult<()> {
        self.flush_written(vm)?;
        if self.readable.get() {
            let offset = self.raw_offset();
            // Even where nothing was read: the raw file says whether it can be moved.
            self.raw_seek(vm, -offset, libc::SEEK_CUR)?;
            self.drop_read();
        }
        Ok(())
    }

    /// Puts bytes into the buffer at the program's position, where they fit.
    #[inline]
    fn put(&self, bytes: &[u8]) {
        let pos = self.pos.get();
        self.buffer.borrow_mut()[pos..pos + bytes.len()].copy_from_slice(bytes);
        if !self.has_written() || self.write_pos.get() > pos {
            self.write_pos.set(pos);
        }
        self.move_to(pos + bytes.len());
        if self.write_end.get().is_none_or(|end| end < self.pos.get()) {
            self.write_end.set(Some(self.pos.get()));
        }
    }

    fn write(&self, vm: &Thread, bytes: &[u8]) -> PyResult<usize> {
        let size = self.size.get();
        if !self.has_read() && !self.has_written() {
            self.pos.set(0);
            self.raw_pos.set(0);
        }
        if bytes.len() <= size - self.pos.get() && bytes.len() < size {
            self.put(bytes);
            return Ok(bytes.len());
        }
        if let Err(raised) = self.flush_written(vm) {
            if !raised.is(&vm.exceptions().BlockingIOError) {
                return Err(raised);
            }
            return self.write_blocked(vm, bytes);
        }
        let offset = self.raw_offset();
        if offset != 0 {
            self.raw_seek(vm, -offset, libc::SEEK_CUR)?;
            self.raw_pos.set((self.raw_pos.get() as i64 - offset) as usize);
        }
        let mut written = 0;
        while bytes.len() - written >= size {
            match self.raw_write(vm, &bytes[written..])? {
                Some(count) => written += count,
                None if bytes.len() - written == size => break,
                None => {
                    self.keep(&bytes[written..written + size]);
                    return Err(would_block(vm, written + size));
                }
            }
            vm.check_signals()?;
        }
        if self.readable.get() {
            self.drop_read();
        }
        self.keep(&bytes[written..]);
        Ok(bytes.len())
    }

    /// Makes bytes all that the buffer has: they are to be written.
    fn keep(&self, bytes: &[u8]) {
        self.buffer.borrow_mut()[..bytes.len()].copy_from_slice(bytes);
        self.raw_pos.set(0);
        self.write_pos.set(0);
        self.write_end.set(Some(bytes.len()));
        self.move_to(bytes.len());
    }

    /// Adds as many bytes as fit to a buffer that cannot be written now.
    fn write_blocked(&self, vm: &Thread, bytes: &[u8]) -> PyResult<usize> {
        if self.readable.get() {
            self.drop_read();
        }
        let start = self.write_pos.get();
        let end = self.write_end.get().unwrap_or(start);
        let mut memory = self.buffer.borrow_mut();
        memory.copy_within(start..end, 0);
        let end = end - start;
        let count = bytes.len().min(self.size.get() - end);
        memory[end..end + count].copy_from_slice(&bytes[..count]);
        drop(memory);
        self.write_pos.set(0);
        self.raw_pos.set(self.raw_pos.get().saturating_sub(start));
        self.write_end.set(Some(end + count));
        self.pos.set(self.pos.get() - start + count);
        if count < bytes.len() { Err(would_block(vm, count)) } else { Ok(count) }
    }
}

pub(super) fn write(vm: &Thread, this: Ref<'_>, bytes: Ref<'_>) -> PyResult {
    payload(this).raw(vm)?;
    vm.size(with_bytes(vm, bytes, |bytes| write_bytes(vm, this, bytes))??)
}

/// Writes bytes; the result says how many, which is all of them unless that would block.
pub(in super::super) fn write_bytes(vm: &Thread, this: Ref<'_>, bytes: &[u8]) -> PyResult<usize> {
    let buffered = payload(this);
    let _entered = buffered.enter(vm, this)?;
    buffered.open_raw(vm, "write to closed file")?;
    buffered.write(vm, bytes)
}

/// `flush` of files that can be written.
pub(super) fn flush(vm: &Thread, this: Ref<'_>) -> PyResult {
    let buffered = payload(this);
    buffered.open_raw(vm, "flush of closed file")?;
    let _entered = buffered.enter(vm, this)?;
    buffered.flush_and_rewind(vm)?;
    none()
}

/// Whether the raw file can be written.
pub(super) fn writable(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).raw(vm)?.borrow(), "writable", &[])
}
