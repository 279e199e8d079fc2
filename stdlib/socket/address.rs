//! Addresses of sockets: what Python gives and gets, and the kernel's layout of it, family by family.
//!
//! The layouts are part of the kernel's interface, the same on every machine but for the byte order of numbers. An address
//! starts with its family, two bytes; the comments below tell what follows.

use std::ffi::CString;

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str, Tuple};
use pyx_vm::types::bytearray::ByteArray;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::c::{self, Address};
use super::names::{self, resolve};
use crate::posix::argument::check;

/// What decides about the layout of the addresses of a socket.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) family: i32,
    pub(super) protocol: i32,
}

const BTPROTO_L2CAP: i32 = 0;
const BTPROTO_HCI: i32 = 1;
const BTPROTO_SCO: i32 = 2;
const BTPROTO_RFCOMM: i32 = 3;
const AF_QIPCRTR: i32 = 42;
const TIPC_ADDR_NAMESEQ: u32 = 1;
const TIPC_ADDR_NAME: u32 = 2;
const TIPC_ADDR_ID: u32 = 3;

/// The length of the path of an `AF_UNIX` address.
const PATH: usize = 108;

// ---- from Python ----

/// The items of an address that must be a tuple.
fn items<'a>(vm: &Thread, prefix: &str, family: &str, address: Ref<'a>) -> PyResult<&'a [Owned]> {
    match address.downcast::<Tuple>() {
        Some(tuple) => Ok(tuple.as_slice()),
        None => {
            let got = vm.type_name(address);
            Err(vm.type_error(format_args!("{prefix}: {family} address must be tuple, not {got}")))
        }
    }
}

/// The low 32 bits of an int, whatever its size: C's `unsigned int`, unchecked.
fn word(vm: &Thread, value: &Owned) -> PyResult<u32> {
    super::low_bits(vm, value.borrow()).map(|bits| bits as u32)
}

/// A port: an int of 16 bits.
fn port(vm: &Thread, function: &str, value: &Owned) -> PyResult<u16> {
    let number = vm.to_integer(value.borrow())?;
    let port = number.as_ref().to_i64().and_then(|port| u16::try_from(port).ok());
    port.ok_or_else(|| vm.overflow_error(format_args!("{function}(): port must be 0-65535.")))
}

/// The host of an address: a text of ASCII goes to the C library as it is, any other in the encoding of domain names.
fn host(vm: &Thread, value: &Owned) -> PyResult<CString> {
    let value = value.borrow();
    let bytes = if let Some(bytes) = value.downcast::<Bytes>() {
        bytes.as_bytes().to_vec()
    } else if let Some(array) = value.downcast::<ByteArray>() {
        array.bytes.read(<[u8]>::to_vec)
    } else if let Some(text) = value.downcast::<Str>() {
        if text.is_ascii() {
            text.as_bytes().to_vec()
        } else {
            names::idna(vm, value).map_err(|_| vm.type_error("encoding of hostname failed"))?
        }
    } else {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("str, bytes or bytearray expected, not {got}")));
    };
    CString::new(bytes).map_err(|_| vm.type_error("host name must not contain null character"))
}

/// Reads an address that a method of a socket gets.
pub(super) fn parse(vm: &Thread, place: Place, function: &str, address: Ref<'_>) -> PyResult<Address> {
    let caller = format!("{function}()");
    match place.family {
        libc::AF_UNIX => unix(vm, address),
        libc::AF_INET | libc::AF_RDS => inet(vm, function, items(vm, &caller, "AF_INET", address)?),
        libc::AF_INET6 => inet6(vm, function, items(vm, &caller, "AF_INET6", address)?),
        libc::AF_NETLINK => {
            let items = items(vm, &caller, "AF_NETLINK", address)?;
            let [pid, groups] = items else {
                return Err(vm.type_error("AF_NETLINK address must be a pair (pid, groups)"));
            };
            netlink(libc::AF_NETLINK, word(vm, pid)?, word(vm, groups)?)
        }
        AF_QIPCRTR => {
            let items = items(vm, "getsockaddrarg", "AF_QIPCRTR", address)?;
            let [node, port] = exactly(vm, "getsockaddrarg() ", items)?;
            netlink(AF_QIPCRTR, word(vm, node)?, word(vm, port)?)
        }
        libc::AF_VSOCK => {
            let items = items(vm, "getsockaddrarg", "AF_VSOCK", address)?;
            let [cid, port] = exactly(vm, "getsockaddrarg() ", items)?;
            let (cid, port) = (word(vm, cid)?, word(vm, port)?);
            // Two bytes that are not used, the port, the number of the machine.
            let mut address = Address::new(libc::AF_VSOCK);
            address.pad(4);
            address.push(port.to_ne_bytes());
            address.push(cid.to_ne_bytes());
            address.pad(16);
            Ok(address)
        }
        libc::AF_BLUETOOTH => bluetooth(vm, place.protocol, function, address),
        libc::AF_PACKET => packet(vm, function, items(vm, &caller, "AF_PACKET", address)?),
        libc::AF_TIPC => tipc(vm, items(vm, &caller, "AF_TIPC", address)?),
        libc::AF_CAN => can(vm, place.protocol, function, address),
        libc::AF_ALG => alg(vm, items(vm, &caller, "AF_ALG", address)?),
        _ => Err(vm.os_error(format_args!("{function}(): bad family"))),
    }
}

/// So many items; errors count them.
fn exactly<'a, const N: usize>(vm: &Thread, subject: &str, items: &'a [Owned]) -> PyResult<&'a [Owned; N]> {
    items.try_into().map_err(|_| {
        let given = items.len();
        vm.type_error(format_args!("{subject}takes exactly {N} arguments ({given} given)"))
    })
}

/// A path, to its NUL; or a name that starts with a NUL.
fn unix(vm: &Thread, value: Ref<'_>) -> PyResult<Address> {
    let path = match value.downcast::<Str>() {
        Some(_) => vm.fs_encode(value)?,
        None => vm.copy_bytes_like(value)?,
    };
    let is_name = matches!(path.first(), None | Some(0));
    if path.len() > PATH - usize::from(!is_name) {
        return Err(vm.os_error("AF_UNIX path too long"));
    }
    let mut address = Address::new(libc::AF_UNIX);
    address.push_slice(&path);
    if !is_name {
        address.push([0]);
    }
    Ok(address)
}

/// The port and four bytes, the first byte first; eight zeros.
fn inet(vm: &Thread, function: &str, items: &[Owned]) -> PyResult<Address> {
    let [name, number] = items else {
        return Err(vm.type_error("AF_INET address must be a pair (host, port)"));
    };
    let name = host(vm, name)?;
    let port = port(vm, function, number)?;
    let found = resolve(vm, &name, libc::AF_INET)?;
    let mut address = Address::new(libc::AF_INET);
    address.push(port.to_be_bytes());
    address.push(found.at::<4>(4));
    address.pad(16);
    Ok(address)
}

/// The port, the flow, 16 bytes, and the scope, which alone is in the machine's byte order.
fn inet6(vm: &Thread, function: &str, items: &[Owned]) -> PyResult<Address> {
    if !(2..=4).contains(&items.len()) {
        return Err(vm.type_error("AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"));
    }
    let name = host(vm, &items[0])?;
    let port = port(vm, function, &items[1])?;
    let flow = items.get(2).map_or(Ok(0), |flow| word(vm, flow))?;
    let scope = items.get(3).map_or(Ok(0), |scope| word(vm, scope))?;
    let flow = flow_info(vm, function, flow)?;
    let found = resolve(vm, &name, libc::AF_INET6)?;
    Ok(inet6_address(port, flow, found.at(8), scope))
}

/// Checks the label of a flow.
pub(super) fn flow_info(vm: &Thread, function: &str, flow: u32) -> PyResult<u32> {
    if flow > 0xf_ffff {
        return Err(vm.overflow_error(format_args!("{function}(): flowinfo must be 0-1048575.")));
    }
    Ok(flow)
}

fn inet6_address(port: u16, flow: u32, bytes: [u8; 16], scope: u32) -> Address {
    let mut address = Address::new(libc::AF_INET6);
    address.push(port.to_be_bytes());
    address.push(flow.to_be_bytes());
    address.push(bytes);
    address.push(scope.to_ne_bytes());
    address
}

/// The same address, of a flow and a scope.
pub(super) fn with_flow(address: &Address, flow: u32, scope: u32) -> Address {
    inet6_address(u16::from_be_bytes(address.at(2)), flow, address.at(8), scope)
}

/// Two bytes that are not used, and two numbers.
fn netlink(family: i32, first: u32, second: u32) -> PyResult<Address> {
    let mut address = Address::new(family);
    address.pad(4);
    address.push(first.to_ne_bytes());
    address.push(second.to_ne_bytes());
    Ok(address)
}

/// The six bytes of a Bluetooth device, the last one first.
fn device(vm: &Thread, text: &str) -> PyResult<[u8; 6]> {
    let mut bytes = [0; 6];
    let mut parts = text.split(':');
    for byte in bytes.iter_mut().rev() {
        let part = parts.next().filter(|part| part.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let number = part.and_then(|part| u32::from_str_radix(part, 16).ok());
        *byte = number
            .and_then(|number| u8::try_from(number).ok())
            .ok_or_else(|| vm.os_error("bad bluetooth address"))?;
    }
    if parts.next().is_some() {
        return Err(vm.os_error("bad bluetooth address"));
    }
    Ok(bytes)
}

/// Addresses of Bluetooth differ by protocol:
/// L2CAP has a port of two bytes, little end first, a device, a channel of two bytes, a kind of device, padded to 14 bytes;
/// RFCOMM a device and a channel of one byte; HCI the number of a device and a channel; SCO a device.
fn bluetooth(vm: &Thread, protocol: i32, function: &str, value: Ref<'_>) -> PyResult<Address> {
    let wrong_format = || vm.os_error(format_args!("{function}(): wrong format"));
    let items = value.downcast::<Tuple>().map(Tuple::as_slice);
    let text_and_numbers = |least: usize, most: usize| {
        let items = items.filter(|items| (least..=most).contains(&items.len())).ok_or_else(wrong_format)?;
        let text = items[0].borrow().downcast::<Str>().and_then(Str::as_str).ok_or_else(wrong_format)?;
        let numbers = items[1..].iter().map(|number| word(vm, number).map_err(|_| wrong_format()));
        let mut given = [0; 3];
        for (given, number) in given.iter_mut().zip(numbers) {
            *given = number?;
        }
        Ok::<_, Raised>((device(vm, text)?, given))
    };
    let mut address = Address::new(libc::AF_BLUETOOTH);
    match protocol {
        BTPROTO_L2CAP => {
            let (device, [port, channel, kind]) = text_and_numbers(2, 4)?;
            address.push((port as u16).to_le_bytes());
            address.push(device);
            address.push((channel as u16).to_le_bytes());
            address.push([kind as u8]);
            address.pad(14);
        }
        BTPROTO_RFCOMM => {
            let (device, [channel, ..]) = text_and_numbers(2, 2)?;
            address.push(device);
            address.push([channel as u8]);
            address.pad(10);
        }
        BTPROTO_HCI => {
            let number = |value: Ref<'_>| super::low_bits(vm, value).map_err(|_| wrong_format());
            let (device, channel) = match items {
                Some([device]) => (number(device.borrow())?, 0),
                Some([device, channel]) => (number(device.borrow())?, number(channel.borrow())?),
                Some(_) => return Err(wrong_format()),
                None => (number(value)?, 0),
            };
            address.push((device as u16).to_ne_bytes());
            address.push((channel as u16).to_ne_bytes());
        }
        BTPROTO_SCO => {
            let text = match (value.downcast::<Bytes>(), value.downcast::<Str>()) {
                (Some(bytes), _) => std::str::from_utf8(bytes.as_bytes()).ok(),
                (None, Some(text)) => text.as_str(),
                (None, None) => return Err(wrong_format()),
            };
            address.push(device(vm, text.unwrap_or_default())?);
        }
        _ => return Err(vm.os_error(format_args!("{function}(): unknown Bluetooth protocol"))),
    }
    Ok(address)
}

/// The kind of packets, two bytes, the first byte first; the number of an interface; the kind of hardware, two bytes; the kind of
/// packet, one byte; the length of the hardware's address, one byte, and eight bytes for that.
fn packet(vm: &Thread, function: &str, items: &[Owned]) -> PyResult<Address> {
    let wrong = || vm.type_error("AF_PACKET address must be a tuple of two to five elements");
    if !(2..=5).contains(&items.len()) {
        return Err(wrong());
    }
    let name = items[0].borrow().downcast::<Str>().and_then(Str::as_str).ok_or_else(wrong)?;
    let name = CString::new(name).map_err(|_| wrong())?;
    let protocol = vm.to_i32(items[1].borrow())?;
    let number = |index: usize| items.get(index).map_or(Ok(0), |number| vm.to_i32(number.borrow()));
    let (kind, hardware_kind) = (number(2)?, number(3)?);
    let hardware = match items.get(4) {
        Some(hardware) => vm.copy_bytes_like(hardware.borrow())?,
        None => Vec::new(),
    };
    if hardware.len() > 8 {
        return Err(vm.value_error("Hardware address must be 8 bytes or less"));
    }
    let interface = check(vm, c::if_nametoindex(&name))?;
    let protocol = u16::try_from(protocol)
        .map_err(|_| vm.overflow_error(format_args!("{function}(): proto must be 0-65535.")))?;
    let mut address = Address::new(libc::AF_PACKET);
    address.push(protocol.to_be_bytes());
    address.push(interface.to_ne_bytes());
    address.push((hardware_kind as u16).to_ne_bytes());
    address.push([kind as u8, hardware.len() as u8]);
    address.push_slice(&hardware);
    address.pad(20);
    Ok(address)
}

/// The kind of address and the scope, a byte each, and three numbers, whose meaning the kind decides.
fn tipc(vm: &Thread, items: &[Owned]) -> PyResult<Address> {
    if !(4..=5).contains(&items.len()) {
        let message = "AF_TIPC address must be a tuple (addr_type, v1, v2, v3[, scope])";
        return Err(vm.type_error(message));
    }
    let kind = word(vm, &items[0])?;
    let [first, second, third] = [word(vm, &items[1])?, word(vm, &items[2])?, word(vm, &items[3])?];
    // The scope of the cluster, if none is given.
    let scope = items.get(4).map_or(Ok(2), |scope| word(vm, scope))?;
    let numbers = match kind {
        TIPC_ADDR_NAMESEQ => [first, second, third],
        TIPC_ADDR_NAME => [first, second, 0],
        TIPC_ADDR_ID => [second, first, 0],
        _ => return Err(vm.type_error("Invalid address type")),
    };
    let mut address = Address::new(libc::AF_TIPC);
    address.push([kind as u8, scope as u8]);
    numbers.into_iter().for_each(|number| address.push(number.to_ne_bytes()));
    Ok(address)
}

/// The number of an interface; an empty name means all of them.
fn can_interface(vm: &Thread, value: &Owned) -> PyResult<i32> {
    let name = vm.fspath(value.borrow())?;
    let name = vm.fs_encode(name.borrow())?;
    if name.is_empty() {
        return Ok(0);
    }
    if name.len() >= libc::IF_NAMESIZE {
        return Err(vm.os_error("AF_CAN interface name too long"));
    }
    let name = CString::new(name).map_err(|_| vm.value_error("embedded null byte"))?;
    check(vm, c::if_nametoindex(&name)).map(|index| index as i32)
}

/// Two bytes that are not used, the number of an interface, and 16 bytes for the protocol:
/// ISOTP has two numbers; J1939 a name of eight bytes, a number, and an address of one byte.
fn can(vm: &Thread, protocol: i32, function: &str, value: Ref<'_>) -> PyResult<Address> {
    let pieces = || {
        let tuple = value.downcast::<Tuple>().map(Tuple::as_slice);
        let message = "new style getargs format but argument is not a tuple";
        tuple.ok_or_else(|| vm.error(&vm.exceptions().SystemError, message))
    };
    // These parameters take no objects that only stand for ints.
    let number = |value: &Owned, position: usize| {
        if !vm.is_index(value.borrow()) {
            let got = vm.type_name(value.borrow());
            return Err(vm.type_error(format_args!("argument {position} must be int, not {got}")));
        }
        super::low_bits(vm, value.borrow())
    };
    let mut address = Address::new(libc::AF_CAN);
    address.pad(4);
    match protocol {
        libc::CAN_RAW | libc::CAN_BCM => {
            let items = items(vm, &format!("{function}()"), "AF_CAN", value)?;
            let [name] = items else {
                return Err(vm.type_error("AF_CAN address must be a tuple (interface, )"));
            };
            address.push(can_interface(vm, name)?.to_ne_bytes());
        }
        libc::CAN_ISOTP => {
            let [name, receive, transmit] = exactly(vm, "function ", pieces()?)?;
            let (receive, transmit) = (number(receive, 2)?, number(transmit, 3)?);
            address.push(can_interface(vm, name)?.to_ne_bytes());
            address.push((receive as u32).to_ne_bytes());
            address.push((transmit as u32).to_ne_bytes());
        }
        libc::CAN_J1939 => {
            let [interface, name, group, node] = exactly(vm, "function ", pieces()?)?;
            let (name, group, node) = (number(name, 2)?, number(group, 3)?, number(node, 4)?);
            address.push(can_interface(vm, interface)?.to_ne_bytes());
            address.push(name.to_ne_bytes());
            address.push((group as u32).to_ne_bytes());
            address.push([node as u8]);
        }
        _ => return Err(vm.os_error(format_args!("{function}(): unsupported CAN protocol"))),
    }
    address.pad(24);
    Ok(address)
}

/// A kind of algorithm in 14 bytes, two numbers, and its name in 64 bytes.
fn alg(vm: &Thread, items: &[Owned]) -> PyResult<Address> {
    let wrong = || vm.type_error("AF_ALG address must be a tuple (type, name[, feat[, mask]])");
    if !(2..=4).contains(&items.len()) {
        return Err(wrong());
    }
    let text = |index: usize| items[index].borrow().downcast::<Str>().and_then(Str::as_str).ok_or_else(wrong);
    let (kind, name) = (text(0)?, text(1)?);
    let number = |index: usize| items.get(index).map_or(Ok(0), |number| word(vm, number));
    let (feature, mask) = (number(2)?, number(3)?);
    if kind.len() >= 14 {
        return Err(vm.value_error("AF_ALG type too long."));
    }
    if name.len() >= 64 {
        return Err(vm.value_error("AF_ALG name too long."));
    }
    let mut address = Address::new(libc::AF_ALG);
    address.push_slice(kind.as_bytes());
    address.pad(16);
    address.push(feature.to_ne_bytes());
    address.push(mask.to_ne_bytes());
    address.push_slice(name.as_bytes());
    address.pad(88);
    Ok(address)
}

// ---- to Python ----

/// Whether addresses of a socket can be read at all.
pub(super) fn check_family(vm: &Thread, place: Place) -> PyResult<()> {
    match place.family {
        libc::AF_BLUETOOTH => match place.protocol {
            BTPROTO_L2CAP | BTPROTO_HCI | BTPROTO_SCO | BTPROTO_RFCOMM => Ok(()),
            _ => Err(vm.os_error("getsockaddrlen: unknown BT protocol")),
        },
        libc::AF_UNIX
        | libc::AF_INET
        | libc::AF_INET6
        | libc::AF_RDS
        | libc::AF_NETLINK
        | AF_QIPCRTR
        | libc::AF_VSOCK
        | libc::AF_PACKET
        | libc::AF_TIPC
        | libc::AF_CAN
        | libc::AF_ALG => Ok(()),
        _ => Err(vm.os_error("getsockaddrlen: bad family")),
    }
}

/// Where an IPv4 or IPv6 address points, as text.
pub(super) fn ip(vm: &Thread, address: &Address) -> PyResult {
    let text = match address.family() {
        libc::AF_INET => c::ntop(&address.at::<4>(4)),
        _ => c::ntop(&address.at::<16>(8)),
    };
    let text = check(vm, text)?;
    vm.str(&String::from_utf8_lossy(&text))
}

/// An address as Python gets it.
pub(super) fn make(vm: &Thread, protocol: i32, address: &Address) -> PyResult {
    if address.is_empty() {
        return Ok(Owned::none());
    }
    let number = |offset: usize| u32::from_ne_bytes(address.at(offset));
    let short = |offset: usize| u16::from_ne_bytes(address.at(offset));
    let uint = |number: u32| vm.int(number.into());
    match address.family() {
        libc::AF_INET => vm.pair(ip(vm, address)?, port_of(address)),
        libc::AF_INET6 => {
            let flow = u32::from_be_bytes(address.at(4));
            vm.tuple_array([ip(vm, address)?, port_of(address), uint(flow)?, uint(number(24))?])
        }
        libc::AF_UNIX => unix_path(vm, address.from(2)),
        libc::AF_NETLINK | AF_QIPCRTR => vm.pair(uint(number(4))?, uint(number(8))?),
        libc::AF_VSOCK => vm.pair(uint(number(8))?, uint(number(4))?),
        libc::AF_BLUETOOTH => bluetooth_address(vm, protocol, address),
        libc::AF_PACKET => {
            let interface = c::if_indextoname(number(4)).unwrap_or_default();
            let [hardware_kind, kind] = [short(8).into(), i32::from(address.at::<1>(10)[0])];
            let len = usize::from(address.at::<1>(11)[0]).min(8);
            vm.tuple_array([
                vm.fs_decode(&interface)?,
                port_of(address),
                Owned::small_int(kind),
                Owned::small_int(hardware_kind),
                vm.bytes(&address.at::<8>(12)[..len])?,
            ])
        }
        libc::AF_TIPC => {
            let [kind, scope] = address.at(2);
            let kind = u32::from(kind);
            let [first, second, third] = match kind {
                TIPC_ADDR_NAMESEQ => [number(4), number(8), number(12)],
                TIPC_ADDR_NAME => [number(4), number(8), number(8)],
                TIPC_ADDR_ID => [number(8), number(4), 0],
                _ => return Err(vm.value_error("Invalid address type")),
            };
            let scope = Owned::small_int(i32::from(scope as i8));
            vm.tuple_array([uint(kind)?, uint(first)?, uint(second)?, uint(third)?, scope])
        }
        libc::AF_CAN => {
            let interface = vm.fs_decode(&c::if_indextoname(number(4)).unwrap_or_default())?;
            match protocol {
                libc::CAN_ISOTP => vm.tuple_array([interface, uint(number(8))?, uint(number(12))?]),
                libc::CAN_J1939 => vm.tuple_array([
                    interface,
                    vm.uint(u64::from_ne_bytes(address.at(8)))?,
                    uint(number(16))?,
                    Owned::small_int(address.at::<1>(20)[0].into()),
                ]),
                _ => vm.tuple(vec![interface]),
            }
        }
        libc::AF_ALG => {
            let [kind, name] = [until_nul(&address.at::<14>(2)), until_nul(&address.at::<64>(24))];
            let numbers = [uint(number(16))?, uint(number(20))?];
            let [feature, mask] = numbers;
            vm.tuple_array([vm.fs_decode(&kind)?, vm.fs_decode(&name)?, feature, mask])
        }
        family => vm.pair(Owned::small_int(family), vm.bytes(&address.at::<14>(2))?),
    }
}

fn port_of(address: &Address) -> Owned {
    Owned::small_int(u16::from_be_bytes(address.at(2)).into())
}

fn until_nul(bytes: &[u8]) -> Vec<u8> {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()
}

/// A path as str; a name that starts with a NUL as bytes.
fn unix_path(vm: &Thread, path: &[u8]) -> PyResult {
    match path.first() {
        Some(0) => vm.bytes(path),
        _ => vm.fs_decode(&until_nul(path)),
    }
}

fn bluetooth_address(vm: &Thread, protocol: i32, address: &Address) -> PyResult {
    let device = |offset: usize| {
        let [a, b, c, d, e, f] = address.at(offset);
        vm.str(&format!("{f:02X}:{e:02X}:{d:02X}:{c:02X}:{b:02X}:{a:02X}"))
    };
    let small = |number: u16| Owned::small_int(number.into());
    match protocol {
        BTPROTO_L2CAP => {
            let (port, channel) = (u16::from_le_bytes(address.at(2)), u16::from_le_bytes(address.at(10)));
            let [kind] = address.at(12);
            match (channel, kind) {
                (0, 0) => vm.pair(device(4)?, small(port)),
                (_, 0) => vm.tuple_array([device(4)?, small(port), small(channel)]),
                _ => vm.tuple_array([device(4)?, small(port), small(channel), small(kind.into())]),
            }
        }
        BTPROTO_RFCOMM => vm.pair(device(2)?, small(address.at::<1>(8)[0].into())),
        BTPROTO_HCI => {
            let (device, channel) = (u16::from_ne_bytes(address.at(2)), u16::from_ne_bytes(address.at(4)));
            if channel == 0 { vm.tuple(vec![small(device)]) } else { vm.pair(small(device), small(channel)) }
        }
        BTPROTO_SCO => device(2),
        _ => Err(vm.value_error("Unknown Bluetooth protocol")),
    }
}
