//! Moving the position.

use pyx_vm::exception::PyResult;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::super::base;
use super::super::support::{self, call, unsupported};
use super::payload;

pub(super) fn tell(vm: &Thread, this: Ref<'_>) -> PyResult {
    let buffered = payload(this);
    buffered.raw(vm)?;
    let position = buffered.raw_tell(vm)? - buffered.raw_offset();
    vm.int(position.max(0))
}

pub(super) fn seek(vm: &Thread, this: Ref<'_>, target: Ref<'_>, whence: Option<Ref<'_>>) -> PyResult {
    let buffered = payload(this);
    let whence = whence.map_or(Ok(0), |whence| vm.to_c_int(whence))?;
    buffered.raw(vm)?;
    if !matches!(whence, libc::SEEK_SET | libc::SEEK_CUR | libc::SEEK_END | libc::SEEK_HOLE | libc::SEEK_DATA)
    {
        return Err(vm.value_error(format_args!("whence value {whence} unsupported")));
    }
    let raw = buffered.open_raw(vm, "seek of closed file")?;
    base::check_seekable(vm, raw.borrow())?;
    let mut target = support::offset(vm, target)?;
    // Within what was read, no call is needed. Not if something is to be written.
    if matches!(whence, libc::SEEK_SET | libc::SEEK_CUR) && buffered.readable.get() && !buffered.has_written()
    {
        let current = buffered.known_raw_tell(vm)? - buffered.raw_offset();
        let offset = if whence == libc::SEEK_SET { target.saturating_sub(current) } else { target };
        let (pos, ahead) = (buffered.pos.get() as i64, buffered.ahead() as i64);
        if buffered.has_read() && (-pos..=ahead).contains(&offset) {
            buffered.pos.set((pos + offset) as usize);
            return vm.int((current + offset).max(0));
        }
    }
    let _entered = buffered.enter(vm, this)?;
    if buffered.writable.get() {
        buffered.flush_written(vm)?;
    }
    if whence == libc::SEEK_CUR {
        target -= buffered.raw_offset();
    }
    let position = buffered.raw_seek(vm, target, whence)?;
    if buffered.readable.get() {
        buffered.drop_read();
    }
    vm.int(position)
}

pub(super) fn truncate(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let buffered = payload(this);
    let raw = buffered.open_raw(vm, "truncate of closed file")?;
    if !buffered.writable.get() {
        return Err(unsupported(vm, "truncate"));
    }
    let _entered = buffered.enter(vm, this)?;
    buffered.flush_and_rewind(vm)?;
    let result = call(vm, raw.borrow(), "truncate", &[size.unwrap_or(Ref::NONE)])?;
    // Where the raw file is after that, only it knows.
    if buffered.raw_tell(vm).is_err() {
        buffered.abs_pos.set(None);
    }
    Ok(result)
}
