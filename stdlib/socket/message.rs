//! Messages of several parts, with ancillary data: `sendmsg` and `recvmsg`.
//!
//! Ancillary data is a row of items, each with a header of 16 bytes (its length, header included, a level and a type),
//! and zeros up to the next multiple of eight.

use std::borrow::Cow;
use std::io::{IoSlice, IoSliceMut};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::address::check_family;
use super::c::{self, Address, Received};
use super::object::{Socket, Wait, payload, perform};
use crate::io::buffer::{Writable, zeros};

/// The size of the header of an item.
const HEADER: usize = size_of::<libc::cmsghdr>();
/// Items start at multiples of this.
const ALIGNMENT: usize = size_of::<usize>();
/// The most bytes of ancillary data.
const MOST: usize = i32::MAX as usize;

// ---- ancillary data ----

/// The length of an item of so many bytes, without what follows for alignment.
pub(super) fn cmsg_len(len: usize) -> Option<usize> {
    len.checked_add(HEADER).filter(|&len| len <= MOST)
}

/// The room that an item of so many bytes takes.
pub(super) fn cmsg_space(len: usize) -> Option<usize> {
    // As CPython has it: room for the smallest item must be left.
    let least = HEADER + ALIGNMENT;
    (len <= MOST - least).then(|| (HEADER + len).next_multiple_of(ALIGNMENT))
}

/// An item of ancillary data.
struct Item<T> {
    level: i32,
    kind: i32,
    data: T,
}

impl<T: AsRef<[u8]>> Item<T> {
    fn write(&self, control: &mut Vec<u8>) {
        let data = self.data.as_ref();
        control.extend((HEADER + data.len()).to_ne_bytes());
        control.extend(self.level.to_ne_bytes());
        control.extend(self.kind.to_ne_bytes());
        control.extend_from_slice(data);
        control.resize(control.len().next_multiple_of(ALIGNMENT), 0);
    }
}

/// The items in what the kernel has written, and whether the last one is cut off.
fn read_items(mut control: &[u8]) -> (Vec<Item<&[u8]>>, bool) {
    let mut items = Vec::new();
    while control.len() >= HEADER {
        let (Some((len, rest)), whole) = (control.split_first_chunk(), control) else { break };
        let len = usize::from_ne_bytes(*len);
        if len < HEADER {
            break;
        }
        let number = |at: usize| rest[at..].first_chunk().map_or(0, |bytes| i32::from_ne_bytes(*bytes));
        let (level, kind) = (number(0), number(size_of::<i32>()));
        items.push(Item { level, kind, data: &whole[HEADER..len.min(whole.len())] });
        if len > whole.len() {
            return (items, true);
        }
        control = whole.get(len.next_multiple_of(ALIGNMENT)..).unwrap_or_default();
    }
    (items, false)
}

// ---- sending ----

/// The items of `sendmsg`, each a tuple of a level, a type and bytes.
fn ancillary(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<Vec<u8>> {
    let mut control = Vec::new();
    let Some(value) = value else { return Ok(control) };
    for item in vm.collect_or(value, "sendmsg() argument 2 must be an iterable")? {
        const FUNCTION: &str = "[sendmsg() ancillary data items]() argument must be";
        let Some(tuple) = item.borrow().downcast::<Tuple>() else {
            let got = vm.type_name(item.borrow());
            return Err(vm.type_error(format_args!("{FUNCTION} 3-item tuple, not {got}")));
        };
        let [level, kind, data] = tuple.as_slice() else {
            let given = tuple.as_slice().len();
            return Err(vm.type_error(format_args!("{FUNCTION} tuple of length 3, not {given}")));
        };
        let (level, kind) = (vm.to_i32(level.borrow())?, vm.to_i32(kind.borrow())?);
        let data = vm.copy_bytes_like(data.borrow())?;
        match cmsg_space(data.len()) {
            None => return Err(vm.os_error("ancillary data item too large")),
            Some(space) if control.len() + space > MOST => {
                return Err(vm.os_error("too much ancillary data"));
            }
            Some(_) => Item { level, kind, data }.write(&mut control),
        }
    }
    Ok(control)
}

fn send(
    vm: &Thread,
    socket: &Socket,
    parts: &[Owned],
    control: &[u8],
    flags: i32,
    address: Option<&Address>,
) -> PyResult {
    let parts: Vec<Cow<'_, [u8]>> =
        parts.iter().map(|part| vm.bytes_copied(part.borrow())).collect::<PyResult<_>>()?;
    let slices: Vec<IoSlice<'_>> = parts.iter().map(|part| IoSlice::new(part)).collect();
    let sent = perform(vm, socket, Wait::Write, |fd| c::sendmsg(fd, &slices, control, flags, address))?;
    vm.size(sent)
}

pub(super) fn sendmsg(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let socket = payload(arguments.required(0));
    let flags = arguments.optional(3).map_or(Ok(0), |flags| vm.to_i32(flags))?;
    let address = arguments.optional(4).filter(|address| !address.is_none());
    let address = address.map(|address| socket.parse(vm, "sendmsg", address)).transpose()?;
    let parts = vm.collect_or(arguments.required(1), "sendmsg() argument 1 must be an iterable")?;
    let control = ancillary(vm, arguments.optional(2))?;
    send(vm, socket, &parts, &control, flags, address.as_ref())
}

pub(super) fn sendmsg_afalg(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let socket = payload(arguments.required(0));
    if socket.family.get() != libc::AF_ALG {
        return Err(vm.os_error("algset is only supported for AF_ALG"));
    }
    let operation = arguments.optional(2).map_or(Ok(-1), |operation| vm.to_i32(operation))?;
    let flags = arguments.optional(5).map_or(Ok(0), |flags| vm.to_i32(flags))?;
    let Ok(operation) = u32::try_from(operation) else {
        return Err(vm.type_error("Invalid or missing argument 'op'"));
    };
    let mut control = Vec::new();
    let mut add = |kind: i32, data: Vec<u8>| Item { level: libc::SOL_ALG, kind, data }.write(&mut control);
    add(libc::ALG_SET_OP, operation.to_ne_bytes().to_vec());
    if let Some(vector) = arguments.optional(3).filter(|vector| !vector.is_none()) {
        let bytes = vm.copy_bytes_like(vector)?;
        let mut data = (bytes.len() as u32).to_ne_bytes().to_vec();
        data.extend(bytes);
        add(libc::ALG_SET_IV, data);
    }
    if let Some(len) = arguments.optional(4).filter(|len| !len.is_none()) {
        let Ok(len) = u32::try_from(vm.to_i32(len)?) else {
            return Err(vm.type_error("assoclen must be positive"));
        };
        add(libc::ALG_SET_AEAD_ASSOCLEN, len.to_ne_bytes().to_vec());
    }
    let parts = match arguments.optional(1).filter(|parts| !parts.is_none()) {
        Some(parts) => vm.collect_or(parts, "sendmsg_afalg() argument 1 must be an iterable")?,
        None => Vec::new(),
    };
    send(vm, socket, &parts, &control, flags, None)
}

// ---- receiving ----

fn too_long(vm: &Thread) -> Raised {
    vm.value_error("invalid ancillary data buffer length")
}

/// Receives into memory, and makes the result: what `data` makes of the length, the ancillary data, the flags, the address.
fn receive(
    vm: &Thread,
    socket: &Socket,
    memory: &mut [Vec<u8>],
    control_size: Option<Ref<'_>>,
    flags: Option<Ref<'_>>,
    data: impl FnOnce(&[Vec<u8>], usize) -> PyResult,
) -> PyResult {
    let control_size = control_size.map_or(Ok(0), |size| vm.to_isize(size))?;
    let flags = flags.map_or(Ok(0), |flags| vm.to_i32(flags))?;
    check_family(vm, socket.place())?;
    let control_size =
        usize::try_from(control_size).ok().filter(|&size| size <= MOST).ok_or_else(|| too_long(vm))?;
    let mut control = zeros(vm, control_size)?;
    let received = perform(vm, socket, Wait::Read, |fd| {
        let mut slices: Vec<IoSliceMut<'_>> = memory.iter_mut().map(|part| IoSliceMut::new(part)).collect();
        c::recvmsg(fd, &mut slices, &mut control, flags)
    })?;
    let Received { len, control: control_len, flags, address } = received;
    let (items, cut_off) = read_items(&control[..control_len.min(control_size)]);
    let rows = items.iter().map(|item| {
        let (level, kind) = (Owned::small_int(item.level), Owned::small_int(item.kind));
        vm.tuple_array([level, kind, vm.bytes(item.data)?])
    });
    let rows = rows.collect::<PyResult<_>>()?;
    if cut_off {
        let message = "received malformed or improperly-truncated ancillary data";
        vm.warn(&vm.exceptions().RuntimeWarning, message)?;
    }
    let result = data(memory, len)?;
    vm.tuple_array([result, vm.list(rows)?, Owned::small_int(flags), socket.address(vm, &address)?])
}

pub(super) fn recvmsg(
    vm: &Thread,
    this: Ref<'_>,
    size: Ref<'_>,
    control_size: Option<Ref<'_>>,
    flags: Option<Ref<'_>>,
) -> PyResult {
    let Ok(size) = usize::try_from(vm.to_isize(size)?) else {
        return Err(vm.value_error("negative buffer size in recvmsg()"));
    };
    let mut memory = [zeros(vm, size)?];
    receive(vm, payload(this), &mut memory, control_size, flags, |memory, len| {
        vm.bytes(&memory[0][..len.min(size)])
    })
}

pub(super) fn recvmsg_into(
    vm: &Thread,
    this: Ref<'_>,
    buffers: Ref<'_>,
    control_size: Option<Ref<'_>>,
    flags: Option<Ref<'_>>,
) -> PyResult {
    const ITERABLE: &str = "recvmsg_into() argument 1 must be an iterable";
    let buffers = vm.collect_or(buffers, ITERABLE)?;
    let writable = |buffer: &Owned| {
        Writable::new(vm, ITERABLE, buffer.borrow())
            .map_err(|_| vm.type_error(format_args!("{ITERABLE} of single-segment read-write buffers")))
    };
    let buffers = buffers.iter().map(writable).collect::<PyResult<Vec<_>>>()?;
    let mut memory = buffers.iter().map(|buffer| zeros(vm, buffer.len())).collect::<PyResult<Vec<_>>>()?;
    receive(vm, payload(this), &mut memory, control_size, flags, |memory, len| {
        let mut left = len;
        for (buffer, memory) in buffers.iter().zip(memory) {
            let count = left.min(memory.len());
            buffer.put(&memory[..count]);
            left -= count;
        }
        vm.size(len)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_as_they_were_written() {
        let mut control = Vec::new();
        Item { level: 1, kind: 2, data: vec![7; 5] }.write(&mut control);
        Item { level: 3, kind: -4, data: vec![9; 8] }.write(&mut control);
        assert_eq!(control.len(), cmsg_space(5).unwrap() + cmsg_space(8).unwrap());
        let (items, cut_off) = read_items(&control);
        let seen: Vec<_> = items.iter().map(|item| (item.level, item.kind, item.data)).collect();
        assert_eq!(seen, [(1, 2, &[7; 5][..]), (3, -4, &[9; 8][..])]);
        assert!(!cut_off);
    }

    #[test]
    fn an_item_may_be_cut_off() {
        let mut control = Vec::new();
        Item { level: 1, kind: 2, data: vec![7; 5] }.write(&mut control);
        let (items, cut_off) = read_items(&control[..HEADER + 2]);
        assert_eq!(items[0].data, [7; 2]);
        assert!(cut_off);
        assert!(read_items(&control[..3]).0.is_empty());
    }

    #[test]
    fn lengths_are_limited() {
        assert_eq!((cmsg_len(5), cmsg_space(5)), (Some(21), Some(24)));
        assert_eq!((cmsg_len(MOST), cmsg_space(usize::MAX)), (None, None));
        assert_eq!(cmsg_len(MOST - HEADER), Some(MOST));
        assert_eq!(cmsg_space(MOST - HEADER), None);
        assert_eq!(
            cmsg_space(MOST - HEADER - ALIGNMENT),
            Some((MOST - ALIGNMENT).next_multiple_of(ALIGNMENT))
        );
    }
}
