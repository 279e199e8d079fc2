//! Reading through the buffer.

use memchr::memchr;
use pyx_vm::exception::PyResult;
use pyx_vm::native::none;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::super::buffer::{Writable, zeros};
use super::super::file;
use super::super::support::{bytes_of, call, get_opt, size_argument};
use super::{Buffered, payload};

/// How the raw file is read into memory of the caller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// Until the memory is full, in multiples of the buffer's size.
    Blocks,
    /// Until the memory is full.
    Whole,
    /// By one call.
    Once,
}

impl Buffered {
    /// Some of what lies ahead, which is then behind.
    fn take_ahead(&self, count: usize, out: &mut Vec<u8>) {
        let pos = self.pos.get();
        out.extend_from_slice(&self.buffer.borrow()[pos..pos + count]);
        self.pos.set(pos + count);
    }

    /// Reads more into the buffer, behind what it has; `None` if that would block.
    fn fill(&self, vm: &Thread) -> PyResult<Option<usize>> {
        let start = self.read_end.get().unwrap_or(0);
        // Whoever looks at the buffer meanwhile enters the file, which is an error.
        let mut memory = self.buffer.take();
        let read = self.raw_read(vm, &mut memory[start..]);
        self.buffer.replace(memory);
        let read = read?;
        if let Some(count @ 1..) = read {
            self.read_end.set(Some(start + count));
            self.raw_pos.set(start + count);
        }
        Ok(read)
    }

    /// Starts with an empty buffer, what was to be written out of it.
    fn begin_reading(&self, vm: &Thread) -> PyResult<()> {
        if self.writable.get() {
            self.flush_and_rewind(vm)?;
        }
        self.drop_read();
        self.pos.set(0);
        self.raw_pos.set(0);
        Ok(())
    }

    /// Reads into memory of the caller until it is full, or the end; or what one call gives. `None` if that
    /// would block.
    fn read_into(&self, vm: &Thread, memory: &mut [u8], how: How) -> PyResult<Option<usize>> {
        let pos = self.pos.get();
        let mut written = self.ahead().min(memory.len());
        memory[..written].copy_from_slice(&self.buffer.borrow()[pos..pos + written]);
        self.pos.set(pos + written);
        // What the buffer had is enough for one read, unless there is room for more than it holds.
        let is_enough = how == How::Once && written > 0 && memory.len() - written <= self.size.get();
        if written == memory.len() || is_enough {
            return Ok(Some(written));
        }
        self.begin_reading(vm)?;
        while written < memory.len() {
            let rest = &mut memory[written..];
            // What is larger than the buffer need not go through it.
            let direct = match how {
                How::Blocks => rest.len() - rest.len() % self.size.get(),
                How::Whole | How::Once if rest.len() > self.size.get() => rest.len(),
                How::Whole | How::Once => 0,
            };
            let read = if direct > 0 {
                self.raw_read(vm, &mut rest[..direct])?
            } else {
                self.fill(vm)?.map(|read| {
                    let (pos, count) = (self.pos.get(), read.min(rest.len()));
                    rest[..count].copy_from_slice(&self.buffer.borrow()[pos..pos + count]);
                    self.pos.set(pos + count);
                    count
                })
            };
            match read {
                Some(0) => break,
                Some(count) => written += count,
                None if written > 0 => break,
                None => return Ok(None),
            }
            if how == How::Once {
                break;
            }
        }
        Ok(Some(written))
    }

    /// Reads until the end; `None` if that would block.
    fn read_all(&self, vm: &Thread) -> PyResult<Option<Vec<u8>>> {
        let mut data = Vec::new();
        self.take_ahead(self.ahead(), &mut data);
        self.begin_reading(vm)?;
        let raw = self.raw(vm)?;
        // The raw file moves by itself.
        self.abs_pos.set(None);
        if file::is_exact(vm, raw.borrow()) {
            return match file::read_to_end(vm, raw.borrow())? {
                Some(rest) if data.is_empty() => Ok(Some(rest)),
                Some(rest) => {
                    data.extend_from_slice(&rest);
                    Ok(Some(data))
                }
                None => Ok((!data.is_empty()).then_some(data)),
            };
        }
        if let Some(readall) = get_opt(vm, raw.borrow(), "readall")? {
            let rest = vm.call(readall.borrow(), &[])?;
            if rest.borrow().is_none() {
                return Ok((!data.is_empty()).then_some(data));
            }
            let Some(rest) = bytes_of(rest.borrow()) else {
                return Err(vm.type_error("readall() should return bytes"));
            };
            data.extend_from_slice(rest);
            return Ok(Some(data));
        }
        loop {
            let part = call(vm, raw.borrow(), "read", &[])?;
            if part.borrow().is_none() {
                return Ok((!data.is_empty()).then_some(data));
            }
            match bytes_of(part.borrow()) {
                None => return Err(vm.type_error("read() should return bytes")),
                Some([]) => return Ok(Some(data)),
                Some(bytes) => data.extend_from_slice(bytes),
            }
        }
    }

    /// A line that lies in the buffer whole, or the first `limit` bytes of one.
    #[inline]
    fn line_ahead(&self, vm: &Thread, limit: Option<usize>) -> Option<PyResult> {
        let ahead = self.ahead();
        let searched = limit.map_or(ahead, |limit| limit.min(ahead));
        let pos = self.pos.get();
        let buffer = self.buffer.borrow();
        let found = buffer.get(pos..pos + searched)?;
        let len = match memchr(b'\n', found) {
            Some(end) => end + 1,
            None if limit == Some(searched) => searched,
            None => return None,
        };
        let line = vm.bytes(&found[..len]);
        self.pos.set(pos + len);
        Some(line)
    }

    /// A line that is longer than what lies ahead.
    fn long_line(&self, vm: &Thread, limit: Option<usize>) -> PyResult {
        let mut line = Vec::new();
        self.take_ahead(limit.map_or(self.ahead(), |limit| limit.min(self.ahead())), &mut line);
        self.begin_reading(vm)?;
        loop {
            self.drop_read();
            self.pos.set(0);
            let Some(1..) = self.fill(vm)? else { break };
            let left = limit.map(|limit| limit - line.len());
            let ahead = self.ahead();
            let searched = left.map_or(ahead, |left| left.min(ahead));
            let end = memchr(b'\n', &self.buffer.borrow()[..searched]);
            self.take_ahead(end.map_or(searched, |end| end + 1), &mut line);
            if end.is_some() || left == Some(searched) {
                break;
            }
        }
        vm.bytes(&line)
    }
}

pub(super) fn peek(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let buffered = payload(this);
    // The size is no more than a hint, but it must be one.
    size.map(|size| vm.to_count(size)).transpose()?;
    buffered.open_raw(vm, "peek of closed file")?;
    let _entered = buffered.enter(vm, this)?;
    let bytes = peek_bytes(vm, this)?;
    vm.bytes(&bytes)
}

/// What lies ahead in the buffer, which is filled if need be.
fn peek_bytes(vm: &Thread, this: Ref<'_>) -> PyResult<Vec<u8>> {
    let buffered = payload(this);
    if buffered.writable.get() {
        buffered.flush_and_rewind(vm)?;
    }
    if buffered.ahead() == 0 {
        buffered.begin_reading(vm)?;
        buffered.fill(vm)?;
    }
    let pos = buffered.pos.get();
    Ok(buffered.buffer.borrow()[pos..pos + buffered.ahead()].to_vec())
}

pub(super) fn read(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let buffered = payload(this);
    let size = size_argument(vm, size)?;
    buffered.raw(vm)?;
    if size < -1 {
        return Err(vm.value_error("read length must be non-negative or -1"));
    }
    buffered.open_raw(vm, "read of closed file")?;
    let Ok(size) = usize::try_from(size) else {
        let _entered = buffered.enter(vm, this)?;
        return optional_bytes(vm, buffered.read_all(vm)?);
    };
    if size <= buffered.ahead() {
        let pos = buffered.pos.get();
        let bytes = vm.bytes(&buffered.buffer.borrow()[pos..pos + size])?;
        buffered.pos.set(pos + size);
        return Ok(bytes);
    }
    let _entered = buffered.enter(vm, this)?;
    let mut memory = zeros(vm, size)?;
    match buffered.read_into(vm, &mut memory, How::Blocks)? {
        Some(count) => vm.bytes(&memory[..count]),
        None => none(),
    }
}

fn optional_bytes(vm: &Thread, bytes: Option<Vec<u8>>) -> PyResult {
    match bytes {
        Some(bytes) => vm.bytes(&bytes),
        None => none(),
    }
}

pub(super) fn read1(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let buffered = payload(this);
    let size = match size {
        Some(size) => vm.to_count(size)?,
        None => -1,
    };
    buffered.open_raw(vm, "read of closed file")?;
    let size = usize::try_from(size).unwrap_or(buffered.size.get());
    let _entered = buffered.enter(vm, this)?;
    let bytes = read_some(vm, buffered, size)?;
    vm.bytes(&bytes)
}

/// What one call gives, or what lies ahead.
fn read_some(vm: &Thread, buffered: &Buffered, size: usize) -> PyResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let ahead = buffered.ahead().min(size);
    if ahead > 0 || size == 0 {
        buffered.take_ahead(ahead, &mut bytes);
        return Ok(bytes);
    }
    buffered.begin_reading(vm)?;
    let mut bytes = zeros(vm, size)?;
    let count = buffered.raw_read(vm, &mut bytes)?.unwrap_or(0);
    bytes.truncate(count);
    Ok(bytes)
}

/// `read1` for a file of text above.
pub(in super::super) fn read1_bytes(vm: &Thread, this: Ref<'_>, size: usize) -> PyResult<Vec<u8>> {
    let buffered = payload(this);
    buffered.open_raw(vm, "read of closed file")?;
    let _entered = buffered.enter(vm, this)?;
    read_some(vm, buffered, size)
}

/// `read` for a file of text above.
pub(in super::super) fn read_all_bytes(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Vec<u8>>> {
    let buffered = payload(this);
    buffered.open_raw(vm, "read of closed file")?;
    let _entered = buffered.enter(vm, this)?;
    buffered.read_all(vm)
}

pub(super) fn readinto(vm: &Thread, this: Ref<'_>, into: Ref<'_>) -> PyResult {
    readinto_as(vm, this, "readinto", into, How::Whole)
}

pub(super) fn readinto1(vm: &Thread, this: Ref<'_>, into: Ref<'_>) -> PyResult {
    readinto_as(vm, this, "readinto1", into, How::Once)
}

fn readinto_as(vm: &Thread, this: Ref<'_>, method: &str, into: Ref<'_>, how: How) -> PyResult {
    let buffered = payload(this);
    let into = Writable::new(vm, format_args!("{method}() argument"), into)?;
    buffered.open_raw(vm, "readinto of closed file")?;
    let _entered = buffered.enter(vm, this)?;
    match into.fill(vm, |memory| buffered.read_into(vm, memory, how))? {
        Some(count) => vm.size(count),
        None => none(),
    }
}

pub(super) fn readline(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let limit = usize::try_from(size_argument(vm, size)?).ok();
    line(vm, this, limit)
}

fn line(vm: &Thread, this: Ref<'_>, limit: Option<usize>) -> PyResult {
    let buffered = payload(this);
    buffered.open_raw(vm, "readline of closed file")?;
    if let Some(line) = buffered.line_ahead(vm, limit) {
        return line;
    }
    let _entered = buffered.enter(vm, this)?;
    buffered.long_line(vm, limit)
}

/// The next line of a file of any class that derives from one with a buffer.
pub(super) fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    if payload(this).plain.get() {
        let line = line(vm, this, None)?;
        return Ok(bytes_of(line.borrow()).is_some_and(|line| !line.is_empty()).then_some(line));
    }
    let line = call(vm, this, "readline", &[])?;
    match bytes_of(line.borrow()) {
        Some([]) => Ok(None),
        Some(_) => Ok(Some(line)),
        None => {
            let got = vm.type_name(line.borrow());
            Err(vm.os_error(format_args!("readline() should have returned a bytes object, not '{got}'")))
        }
    }
}

/// Whether the raw file can be read.
pub(super) fn readable(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).raw(vm)?.borrow(), "readable", &[])
}
