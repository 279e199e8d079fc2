//! Buffers before raw files: `BufferedReader`, `BufferedWriter` and `BufferedRandom`, which are one struct.
//!
//! The buffer is a window on the raw file. Positions in it count from its start:
//!
//! ```text
//! 0 ........ write_pos ..... pos ...... write_end ...... read_end ...... buffer size
//!            [--- to be written ---)                    where what was read ends
//! ```
//!
//! `pos` is where the program is, `raw_pos` where the raw file is. `read_end` and `write_end` are `None` while there is
//! nothing read or to be written. `abs_pos` is the raw file's position from its start, as far as it is known.
//!
//! A file is *entered* by the operations that change the buffer and call the raw file meanwhile. Other threads wait until they
//! are done; what the raw file itself runs must not enter the file again: RuntimeError.

mod classes;
mod pair;
mod read;
mod seek;
mod write;

use std::cell::{Cell, RefCell};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::Slot;
use pyx_vm::mutex::{Mutex, Timeout};
use pyx_vm::native::*;
use pyx_vm::payload;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(super) use classes::{BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER, make};
pub(super) use pair::BUFFERED_RW_PAIR;
pub(super) use read::{read_all_bytes, read1_bytes};
pub(super) use write::write_bytes;

use super::support::{self, call, interrupted, is_closed};
use super::{buffer, file};

payload! {
    /// A file with a buffer.
    pub(super) struct Buffered: Native {
        raw: Slot,
        /// Whether `__init__` has run.
        ready: Cell<bool>,
        detached: Cell<bool>,
        readable: Cell<bool>,
        writable: Cell<bool>,
        /// Whether the file is closed because it ends.
        finalizing: Cell<bool>,
        /// Whether file and raw file are exactly of `_io`'s classes, so that no attribute need be asked.
        plain: Cell<bool>,
        buffer: RefCell<Vec<u8>>,
        size: Cell<usize>,
        abs_pos: Cell<Option<i64>>,
        pos: Cell<usize>,
        raw_pos: Cell<usize>,
        read_end: Cell<Option<usize>>,
        write_pos: Cell<usize>,
        write_end: Cell<Option<usize>>,
        lock: Mutex,
        /// The thread that has entered the file, by its identifier; [`NOBODY`] if none has.
        entered: Cell<u64>,
    }
}

/// No thread has this identifier.
const NOBODY: u64 = 0;

/// Marks a file as entered while it lives.
struct Entered<'a>(&'a Buffered);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.entered.set(NOBODY);
        self.0.lock.release();
    }
}

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    vm.new_object_of(
        class,
        Buffered {
            raw: Slot::empty(),
            ready: Cell::new(false),
            detached: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            finalizing: Cell::new(false),
            plain: Cell::new(false),
            buffer: RefCell::default(),
            size: Cell::new(0),
            abs_pos: Cell::new(None),
            pos: Cell::new(0),
            raw_pos: Cell::new(0),
            read_end: Cell::new(None),
            write_pos: Cell::new(0),
            write_end: Cell::new(None),
            lock: Mutex::default(),
            entered: Cell::new(NOBODY),
        },
    )
}

fn payload(this: Ref<'_>) -> &Buffered {
    this.downcast().expect("the method checks its receiver")
}

impl Buffered {
    /// Begins with a raw file and an empty buffer.
    fn start(&self, vm: &Thread, raw: Ref<'_>, size: isize, plain: bool) -> PyResult<()> {
        self.ready.set(false);
        self.detached.set(false);
        let Some(size) = usize::try_from(size).ok().filter(|&size| size > 0) else {
            return Err(vm.value_error("buffer size must be strictly positive"));
        };
        let memory = buffer::zeros(vm, size)?;
        self.raw.set(raw.own());
        self.buffer.replace(memory);
        self.size.set(size);
        self.plain.set(plain && file::is_exact(vm, raw));
        self.pos.set(0);
        self.raw_pos.set(0);
        self.drop_read();
        self.drop_written();
        self.abs_pos.set(None);
        // A raw file may have no position.
        let _ = self.raw_tell(vm);
        self.ready.set(true);
        Ok(())
    }

    /// The raw file.
    fn raw(&self, vm: &Thread) -> PyResult {
        match self.raw.get() {
            Some(raw) if self.ready.get() => Ok(raw),
            _ if self.detached.get() => Err(vm.value_error("raw stream has been detached")),
            _ => Err(vm.value_error("I/O operation on uninitialized object")),
        }
    }

    /// The raw file; ValueError if it is closed.
    fn open_raw(&self, vm: &Thread, message: &str) -> PyResult {
        let raw = self.raw(vm)?;
        let closed = match file::as_file(raw.borrow()).filter(|_| self.plain.get()) {
            // Closing gives the buffer away, whatever the raw file says then.
            _ if self.size.get() == 0 => true,
            Some(file) => file.is_closed(),
            None => is_closed(vm, raw.borrow())?,
        };
        if closed { Err(vm.value_error(message)) } else { Ok(raw) }
    }

    /// Enters the file.
    fn enter<'a>(&'a self, vm: &Thread, this: Ref<'_>) -> PyResult<Entered<'a>> {
        let inside = self.entered.get();
        if inside == vm.ident() {
            let name = vm.repr_string(this)?;
            return Err(vm.runtime_error(format_args!("reentrant call inside {name}")));
        }
        if inside != NOBODY && !vm.goes_on(inside) {
            self.reclaim();
        }
        self.lock.acquire(vm, Timeout::Forever)?;
        self.entered.set(vm.ident());
        Ok(Entered(self))
    }

    /// Takes the file from a thread that does not go on. What that one had taken out of the buffer to write is its own.
    #[cold]
    fn reclaim(&self) {
        self.lock.reinitialise();
        if self.buffer.borrow().len() != self.size.get() {
            self.buffer.replace(vec![0; self.size.get()]);
            self.drop_read();
            self.drop_written();
            self.pos.set(0);
            self.raw_pos.set(0);
            self.abs_pos.set(None);
        }
    }

    /// What was read and lies ahead.
    fn ahead(&self) -> usize {
        match self.read_end.get() {
            Some(end) if self.readable.get() => end - self.pos.get(),
            _ => 0,
        }
    }

    fn has_read(&self) -> bool {
        self.readable.get() && self.read_end.get().is_some()
    }

    fn has_written(&self) -> bool {
        self.writable.get() && self.write_end.get().is_some()
    }

    /// How far the raw file is ahead of the program.
    fn raw_offset(&self) -> i64 {
        if self.has_read() || self.has_written() {
            self.raw_pos.get() as i64 - self.pos.get() as i64
        } else {
            0
        }
    }

    /// Moves the program's position; what lies before it counts as read.
    fn move_to(&self, pos: usize) {
        self.pos.set(pos);
        if self.has_read() && self.read_end.get().is_some_and(|end| end < pos) {
            self.read_end.set(Some(pos));
        }
    }

    fn drop_read(&self) {
        self.read_end.set(None);
    }

    fn drop_written(&self) {
        self.write_pos.set(0);
        self.write_end.set(None);
    }

    // ---- the raw file ----

    /// Reads from the raw file; `None` if that would block.
    fn raw_read(&self, vm: &Thread, memory: &mut [u8]) -> PyResult<Option<usize>> {
        let raw = self.raw(vm)?;
        let count = if file::is_exact(vm, raw.borrow()) {
            file::read_into(vm, raw.borrow(), memory)?
        } else {
            raw_readinto(vm, raw.borrow(), memory)?
        };
        self.advance(count);
        Ok(count)
    }

    /// Writes to the raw file; `None` if that would block.
    fn raw_write(&self, vm: &Thread, bytes: &[u8]) -> PyResult<Option<usize>> {
        let raw = self.raw(vm)?;
        let count = if file::is_exact(vm, raw.borrow()) {
            file::write_from(vm, raw.borrow(), bytes)?
        } else {
            raw_write(vm, raw.borrow(), bytes)?
        };
        self.advance(count);
        Ok(count)
    }

    fn advance(&self, count: Option<usize>) {
        if let (Some(count), Some(at)) = (count, self.abs_pos.get()) {
            self.abs_pos.set(Some(at + count as i64));
        }
    }

    fn raw_tell(&self, vm: &Thread) -> PyResult<i64> {
        let Some(raw) = self.raw.get() else { return self.raw(vm).map(|_| 0) };
        let position = if file::is_exact(vm, raw.borrow()) {
            file::seek_to(vm, raw.borrow(), 0, libc::SEEK_CUR)?
        } else {
            raw_position(vm, call(vm, raw.borrow(), "tell", &[])?.borrow())?
        };
        self.abs_pos.set(Some(position));
        Ok(position)
    }

    /// The raw file's position, asked for only if it is unknown.
    fn known_raw_tell(&self, vm: &Thread) -> PyResult<i64> {
        match self.abs_pos.get() {
            Some(position) => Ok(position),
            None => self.raw_tell(vm),
        }
    }

    fn raw_seek(&self, vm: &Thread, target: i64, whence: i32) -> PyResult<i64> {
        let raw = self.raw(vm)?;
        let position = if file::is_exact(vm, raw.borrow()) {
            file::seek_to(vm, raw.borrow(), target, whence)?
        } else {
            let (target, whence) = (vm.int(target)?, Owned::small_int(whence));
            raw_position(vm, call(vm, raw.borrow(), "seek", &[target.borrow(), whence.borrow()])?.borrow())?
        };
        self.abs_pos.set(Some(position));
        Ok(position)
    }
}

/// A position as a raw file gives it.
fn raw_position(vm: &Thread, value: Ref<'_>) -> PyResult<i64> {
    let position = support::offset(vm, value)?;
    if position < 0 {
        return Err(vm.os_error(format_args!("Raw stream returned invalid position {position}")));
    }
    Ok(position)
}

/// A count as a method of a raw file gives it; None says that it would block.
fn raw_count(vm: &Thread, method: &str, value: Ref<'_>, most: usize) -> PyResult<Option<usize>> {
    if value.is_none() {
        return Ok(None);
    }
    let count = vm.to_isize(value).map_err(|cause| failed(vm, method, cause))?;
    match usize::try_from(count) {
        Ok(count) if count <= most => Ok(Some(count)),
        _ => Err(vm.os_error(format_args!(
            "raw {method}() returned invalid length {count} (should have been between 0 and {most})"
        ))),
    }
}

/// An `OSError` with the reason as its cause.
#[cold]
fn failed(vm: &Thread, method: &str, cause: Raised) -> Raised {
    let raised = vm.os_error(format_args!("raw {method}() failed"));
    let cause = cause.into_exception();
    // A class of exceptions of `builtins` has the attribute.
    let _ = support::set(vm, raised.exception(), "__cause__", cause.borrow());
    let _ = support::set(vm, raised.exception(), "__context__", cause.borrow());
    raised
}

/// `raw.readinto` of a file of any class.
fn raw_readinto(vm: &Thread, raw: Ref<'_>, memory: &mut [u8]) -> PyResult<Option<usize>> {
    let scratch = buffer::Scratch::new(vm, memory.len())?;
    let view = scratch.view(vm)?;
    let result = loop {
        match call(vm, raw, "readinto", &[view.borrow()]) {
            Err(raised) if interrupted(vm, &raised)? => {}
            result => break result?,
        }
    };
    let count = raw_count(vm, "readinto", result.borrow(), memory.len())?;
    if let Some(count) = count {
        scratch.read(|bytes| memory[..count].copy_from_slice(&bytes[..count]));
    }
    Ok(count)
}

/// `raw.write` of a file of any class.
fn raw_write(vm: &Thread, raw: Ref<'_>, bytes: &[u8]) -> PyResult<Option<usize>> {
    let object = vm.bytes(bytes)?;
    let view = buffer::memory_view(vm, object.borrow())?;
    let result = loop {
        match call(vm, raw, "write", &[view.borrow()]) {
            Err(raised) if interrupted(vm, &raised)? => {}
            result => break result?,
        }
    };
    raw_count(vm, "write", result.borrow(), bytes.len())
}

/// A `BlockingIOError` of a file that took only some of the bytes.
#[cold]
fn would_block(vm: &Thread, written: usize) -> Raised {
    let make = || {
        let errno = Owned::small_int(libc::EAGAIN);
        let message = vm.str("write could not complete without blocking")?;
        let written = vm.size(written)?;
        let args = [errno.borrow(), message.borrow(), written.borrow()];
        Ok(vm.error_with(&vm.exceptions().BlockingIOError, &args))
    };
    make().unwrap_or_else(|raised: Raised| raised)
}

/// Whether an object is a file with a buffer that no subclass changes, and its raw file is not, either.
pub(super) fn as_plain(object: Ref<'_>) -> Option<&Buffered> {
    object.downcast::<Buffered>().filter(|buffered| buffered.plain.get() && buffered.ready.get())
}

/// Of such a file, whether it is closed; `None` for any other.
pub(super) fn is_plain_and_closed(object: Ref<'_>) -> Option<bool> {
    let buffered = as_plain(object)?;
    let raw = buffered.raw.get()?;
    Some(buffered.size.get() == 0 || file::as_file(raw.borrow())?.is_closed())
}
