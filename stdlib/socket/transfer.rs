//! Sending and receiving bytes.
//!
//! What is received comes into memory of our own first: the memory of a Python object must not be open while other threads run.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::address::check_family;
use super::c::{self, Address};
use super::object::{Failure, Socket, Wait, attempt, deadline, payload, perform};
use crate::io::buffer::{Writable, with_bytes, zeros};

fn flags(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<i32> {
    value.map_or(Ok(0), |value| vm.to_i32(value))
}

/// How many bytes a method is to receive.
fn size(vm: &Thread, function: &str, value: Ref<'_>) -> PyResult<usize> {
    let size = vm.to_isize(value)?;
    usize::try_from(size).map_err(|_| vm.value_error(format_args!("negative buffersize in {function}")))
}

fn receive(vm: &Thread, socket: &Socket, buffer: &mut [u8], flags: i32) -> PyResult<usize> {
    if buffer.is_empty() {
        return Ok(0);
    }
    perform(vm, socket, Wait::Read, |fd| c::recv(fd, buffer, flags))
}

fn receive_from(vm: &Thread, socket: &Socket, buffer: &mut [u8], flags: i32) -> PyResult<(usize, Address)> {
    check_family(vm, socket.place())?;
    perform(vm, socket, Wait::Read, |fd| c::recvfrom(fd, buffer, flags))
}

pub(super) fn recv(vm: &Thread, this: Ref<'_>, len: Ref<'_>, flag: Option<Ref<'_>>) -> PyResult {
    let (len, flags) = (size(vm, "recv", len)?, flags(vm, flag)?);
    let mut buffer = zeros(vm, len)?;
    let count = receive(vm, payload(this), &mut buffer, flags)?;
    vm.bytes(&buffer[..count])
}

pub(super) fn recvfrom(vm: &Thread, this: Ref<'_>, len: Ref<'_>, flag: Option<Ref<'_>>) -> PyResult {
    let socket = payload(this);
    let (len, flags) = (size(vm, "recvfrom", len)?, flags(vm, flag)?);
    let mut buffer = zeros(vm, len)?;
    let (count, address) = receive_from(vm, socket, &mut buffer, flags)?;
    vm.pair(vm.bytes(&buffer[..count])?, socket.address(vm, &address)?)
}

/// Memory for a buffer, of as many bytes as are asked for.
fn scratch(
    vm: &Thread,
    function: &str,
    buffer: &Writable,
    len: Option<Ref<'_>>,
    too_small: &str,
) -> PyResult<Vec<u8>> {
    let len = match len.map_or(Ok(0), |len| size(vm, function, len))? {
        0 => buffer.len(),
        len if len > buffer.len() => return Err(vm.value_error(too_small)),
        len => len,
    };
    zeros(vm, len)
}

pub(super) fn recv_into(
    vm: &Thread,
    this: Ref<'_>,
    buffer: Ref<'_>,
    len: Option<Ref<'_>>,
    flag: Option<Ref<'_>>,
) -> PyResult {
    let buffer = Writable::new(vm, "recv_into() argument 1", buffer)?;
    let flags = flags(vm, flag)?;
    let mut memory = scratch(vm, "recv_into", &buffer, len, "buffer too small for requested bytes")?;
    let count = receive(vm, payload(this), &mut memory, flags)?;
    buffer.put(&memory[..count]);
    vm.size(count)
}

pub(super) fn recvfrom_into(
    vm: &Thread,
    this: Ref<'_>,
    buffer: Ref<'_>,
    len: Option<Ref<'_>>,
    flag: Option<Ref<'_>>,
) -> PyResult {
    const TOO_SMALL: &str = "nbytes is greater than the length of the buffer";
    let socket = payload(this);
    let buffer = Writable::new(vm, "recvfrom_into() argument 1", buffer)?;
    let flags = flags(vm, flag)?;
    let mut memory = scratch(vm, "recvfrom_into", &buffer, len, TOO_SMALL)?;
    let (count, address) = receive_from(vm, socket, &mut memory, flags)?;
    buffer.put(&memory[..count]);
    vm.pair(vm.size(count)?, socket.address(vm, &address)?)
}

pub(super) fn send(vm: &Thread, this: Ref<'_>, data: Ref<'_>, flag: Option<Ref<'_>>) -> PyResult {
    let flags = flags(vm, flag)?;
    let sent = with_bytes(vm, data, |bytes| {
        perform(vm, payload(this), Wait::Write, |fd| c::send(fd, bytes, flags))
    })?;
    vm.size(sent?)
}

pub(super) fn sendall(vm: &Thread, this: Ref<'_>, data: Ref<'_>, flag: Option<Ref<'_>>) -> PyResult {
    let flags = flags(vm, flag)?;
    with_bytes(vm, data, |bytes| send_all(vm, payload(this), bytes, flags))??;
    none()
}

/// Sends all bytes, within the timeout of the socket as a whole.
fn send_all(vm: &Thread, socket: &Socket, mut bytes: &[u8], flags: i32) -> PyResult<()> {
    let deadline = deadline(socket.timeout.get());
    loop {
        let sent = attempt(vm, socket, Wait::Write, deadline, |fd| c::send(fd, bytes, flags))?;
        bytes = &bytes[sent.map_err(|failure| failure.raised(vm))?..];
        vm.check_signals()?;
        if bytes.is_empty() {
            return Ok(());
        }
        if deadline.is_some_and(|deadline| deadline <= std::time::Instant::now()) {
            return Err(Failure::TimedOut.raised(vm));
        }
    }
}

pub(super) fn sendto(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("socket.sendto() takes no keyword arguments"));
    }
    let (this, data, flag, address) = match *args.positional() {
        [this, data, address] => (this, data, None, address),
        [this, data, flag, address] => (this, data, Some(flag), address),
        ref other => {
            let given = other.len() - 1;
            return Err(vm.type_error(format_args!("sendto() takes 2 or 3 arguments ({given} given)")));
        }
    };
    let socket = payload(this);
    let sent = with_bytes(vm, data, |bytes| {
        let flags = flags(vm, flag)?;
        let address = socket.parse(vm, "sendto", address)?;
        perform(vm, socket, Wait::Write, |fd| c::sendto(fd, bytes, flags, &address))
    })?;
    vm.size(sent?)
}
