//! `_socket`: connections with other processes and machines.
//!
//! The type is in `object.rs`; `transfer.rs` and `message.rs` have what moves bytes, `address.rs` the addresses of all families,
//! `names.rs` what translates names, and `c.rs` the calls of the system.

mod address;
mod c;
mod constants;
mod message;
mod names;
mod object;
mod transfer;

use std::cell::Cell;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::number::int_bytes::{self, ByteOrder};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use crate::posix::argument::check;
use crate::posix::c::fcntl_set;
use names::{GAIERROR, HERROR};
use object::{SOCKET_TYPE, descriptor, parse_timeout, timeout_object};

pub(crate) static SOCKET: ModuleDef = ModuleDef {
    doc: "Connections with other processes and machines.",
    functions: &[
        function("CMSG_LEN($module, length, /)", One(cmsg_len), "The length of an item of ancillary data of so many bytes.")
            .untold()
            .wording(Wording::Parse),
        function("CMSG_SPACE($module, length, /)", One(cmsg_space), "The room that an item of so many bytes takes.")
            .untold()
            .wording(Wording::Parse),
        function("close($self, object, /)", One(close), "Close the descriptor of a socket."),
        function("dup($self, object, /)", One(dup), "Another descriptor of the same socket."),
        function(
            "getaddrinfo($module, /, host, port, family=0, type=0, proto=0, flags=0)",
            Many(names::getaddrinfo),
            "The addresses of a host and a service: tuples of family, type, protocol, proper name and address.",
        )
        .untold(),
        function("getdefaulttimeout($self, /)", Zero(getdefaulttimeout), "The timeout that new sockets have."),
        function(
            "gethostbyaddr($module, host, /)",
            One(names::gethostbyaddr),
            "The name of the host with an address, other names, and its addresses.",
        )
        .untold()
        .wording(Wording::Parse),
        function("gethostbyname($module, host, /)", One(names::gethostbyname), "The IPv4 address of a host.")
            .untold()
            .wording(Wording::Parse),
        function(
            "gethostbyname_ex($module, host, /)",
            One(names::gethostbyname_ex),
            "The proper name of a host, other names, and its IPv4 addresses.",
        )
        .untold()
        .wording(Wording::Parse),
        function("gethostname($self, /)", Zero(names::gethostname), "The name of this machine."),
        function(
            "getnameinfo($module, sockaddr, flags, /)",
            Two(names::getnameinfo),
            "The names of the host and the service at an address.",
        )
        .untold()
        .wording(Wording::Parse),
        function("getprotobyname($module, name, /)", One(names::getprotobyname), "The number of a protocol.")
            .untold()
            .wording(Wording::Parse),
        function(
            "getservbyname($module, servicename, protocolname=<unrepresentable>, /)",
            OneOpt(names::getservbyname),
            "The port of a service.",
        )
        .untold()
        .wording(Wording::Parse),
        function(
            "getservbyport($module, port, protocolname=<unrepresentable>, /)",
            OneOpt(names::getservbyport),
            "The service that uses a port.",
        )
        .untold()
        .wording(Wording::Parse),
        function("htonl($module, integer, /)", One(swap32), "An int of 32 bits in the network's byte order."),
        function("htons($module, integer, /)", One(swap16), "An int of 16 bits in the network's byte order."),
        function("if_indextoname($module, if_index, /)", One(names::if_indextoname), "The name of an interface."),
        function("if_nameindex($self, /)", Zero(names::if_nameindex), "The interfaces: tuples of number and name."),
        function("if_nametoindex($module, oname, /)", One(names::if_nametoindex), "The number of an interface."),
        function("inet_aton($module, ip_addr, /)", One(names::inet_aton), "The four bytes of an IPv4 address."),
        function("inet_ntoa($module, packed_ip, /)", One(names::inet_ntoa), "The IPv4 address of four bytes, as text."),
        function("inet_ntop($module, af, packed_ip, /)", Two(names::inet_ntop), "The address of bytes, as text.")
            .untold()
            .wording(Wording::Parse),
        function("inet_pton($module, af, ip, /)", Two(names::inet_pton), "The bytes of an address.")
            .untold()
            .wording(Wording::Parse),
        function("ntohl($module, integer, /)", One(swap32), "An int of 32 bits in this machine's byte order."),
        function("ntohs($module, integer, /)", One(swap16), "An int of 16 bits in this machine's byte order."),
        function(
            "setdefaulttimeout($self, object, /)",
            One(setdefaulttimeout),
            "Let new sockets wait so many seconds; None is for ever.",
        ),
        function("sethostname($module, name, /)", One(names::sethostname), "Give this machine another name.")
            .untold()
            .wording(Wording::Parse),
        function(
            "socketpair($module, family=AF_UNIX, type=SOCK_STREAM, proto=0, /)",
            Many(socketpair),
            "Two sockets that are connected with each other.",
        )
        .untold()
        .wording(Wording::Parse),
    ],
    types: &[&SOCKET_TYPE],
    exec: Some(exec),
    ..ModuleDef::new("_socket")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    for &(name, value) in constants::CONSTANTS {
        set(name, vm.int(value)?)?;
    }
    set("BDADDR_ANY", vm.str("00:00:00:00:00:00")?)?;
    set("BDADDR_LOCAL", vm.str("00:00:00:FF:FF:FF")?)?;
    set("CAPI", crate::types::capsule(vm, "_socket.CAPI")?)?;
    set("SocketType", vm.class_of(&SOCKET_TYPE)?)?;
    set("error", vm.exceptions().OSError.clone())?;
    set("gaierror", vm.class_of(&GAIERROR)?)?;
    set("has_ipv6", Owned::bool(true))?;
    set("herror", vm.class_of(&HERROR)?)?;
    set("timeout", vm.exceptions().TimeoutError.clone())
}

// ---- numbers ----

/// The low 64 bits of an int, whatever its size: what C's unsigned types take unchecked.
fn low_bits(vm: &Thread, value: Ref<'_>) -> PyResult<u64> {
    let number = vm.to_integer(value)?;
    if let Some(number) = number.as_ref().to_i64() {
        return Ok(number as u64);
    }
    let size = number.as_ref().bit_length() as usize / 8 + 1;
    let mut bytes = vec![0; size.max(8)];
    // There are enough bytes, whose low ones are wanted.
    _ = int_bytes::to_bytes(number.as_ref(), &mut bytes, ByteOrder::Little, true);
    Ok(bytes.first_chunk().map_or(0, |low| u64::from_le_bytes(*low)))
}

/// An int of C's unsigned types of so many bits.
fn unsigned(vm: &Thread, value: Ref<'_>, bits: u32, name: &str) -> PyResult<u64> {
    let number = vm.to_integer(value)?;
    if number.as_ref().is_negative() {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    let number = number.as_ref().to_i64().filter(|number| number >> bits == 0);
    number
        .map(|number| number as u64)
        .ok_or_else(|| vm.overflow_error(format_args!("Python int too large for C {name}")))
}

fn swap16(vm: &Thread, value: Ref<'_>) -> PyResult {
    let number = unsigned(vm, value, 16, "uint16_t")?;
    Ok(Owned::small_int((number as u16).to_be().into()))
}

fn swap32(vm: &Thread, value: Ref<'_>) -> PyResult {
    let number = unsigned(vm, value, 32, "uint32_t")?;
    vm.int((number as u32).to_be().into())
}

fn cmsg(vm: &Thread, function: &str, value: Ref<'_>, size: fn(usize) -> Option<usize>) -> PyResult {
    let len = vm.to_isize(value)?;
    match usize::try_from(len).ok().and_then(size) {
        Some(size) => vm.size(size),
        None => Err(vm.overflow_error(format_args!("{function}() argument out of range"))),
    }
}

fn cmsg_len(vm: &Thread, len: Ref<'_>) -> PyResult {
    cmsg(vm, "CMSG_LEN", len, message::cmsg_len)
}

fn cmsg_space(vm: &Thread, len: Ref<'_>) -> PyResult {
    cmsg(vm, "CMSG_SPACE", len, message::cmsg_space)
}

// ---- descriptors ----

fn close(vm: &Thread, fd: Ref<'_>) -> PyResult {
    object::close_fd(vm, descriptor(vm, fd)?)?;
    none()
}

fn dup(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = descriptor(vm, fd)?;
    Ok(Owned::small_int(check(vm, fcntl_set(fd, libc::F_DUPFD_CLOEXEC, 0))?))
}

fn socketpair(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let number =
        |index: usize, default: i32| arguments.optional(index).map_or(Ok(default), |value| vm.to_i32(value));
    let (family, kind, protocol) = (number(0, libc::AF_UNIX)?, number(1, libc::SOCK_STREAM)?, number(2, 0)?);
    let [first, second] = check(vm, c::socketpair(family, kind | libc::SOCK_CLOEXEC, protocol))?;
    let first = object::adopt(vm, first, family, kind, protocol)
        .inspect_err(|_| _ = crate::posix::c::close(second))?;
    vm.pair(first, object::adopt(vm, second, family, kind, protocol)?)
}

// ---- the timeout of new sockets ----

payload! {
    /// What the module remembers: the timeout of new sockets, in nanoseconds.
    struct State: Native {
        timeout: Cell<i64>,
    }
}

class! { State => STATE; }

static STATE: TypeDef = TypeDef {
    module: "_socket",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    ..TypeDef::new::<State>("state")
};

/// Shows the timeout of new sockets.
fn with_state<R>(vm: &Thread, show: impl FnOnce(&Cell<i64>) -> R) -> PyResult<R> {
    let state = vm.singleton(|| Ok(State { timeout: Cell::new(object::FOREVER) }))?;
    Ok(show(&state.borrow().downcast::<State>().expect("the singleton of the class").timeout))
}

fn default_timeout(vm: &Thread) -> PyResult<i64> {
    with_state(vm, Cell::get)
}

fn getdefaulttimeout(vm: &Thread) -> PyResult {
    timeout_object(vm, default_timeout(vm)?)
}

fn setdefaulttimeout(vm: &Thread, timeout: Ref<'_>) -> PyResult {
    let timeout = parse_timeout(vm, timeout)?;
    with_state(vm, |state| state.set(timeout))?;
    none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_constants_is_sorted() {
        assert!(constants::CONSTANTS.is_sorted_by_key(|(name, _)| *name));
    }
}
