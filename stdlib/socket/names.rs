//! Names of hosts, services, protocols and interfaces, and addresses as text.

use std::ffi::{CStr, CString};

use pyx_vm::exception::{PyResult, Raised, classes, exception_def};
use pyx_vm::heap::inline::{Bytes, Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::types::bytearray::ByteArray;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::address::{flow_info, ip, make, with_flow};
use super::c::{self, Address, Hints, Host, NameError};
use crate::posix::argument::{c_string, check, fs_string};
use crate::posix::c::Errno;

pub(super) static GAIERROR: TypeDef =
    exception_def("socket", "gaierror", &classes::OSError, "A name could not be translated.");
pub(super) static HERROR: TypeDef =
    exception_def("socket", "herror", &classes::OSError, "The database of hosts has no answer.");

// ---- errors ----

/// An error with a number of its own and its meaning.
#[cold]
fn numbered(vm: &Thread, class: &'static TypeDef, code: i32, text: &str) -> Raised {
    let made = || Ok((vm.class_of(class)?, Owned::small_int(code), vm.str(text)?));
    match made() {
        Ok((class, code, text)) => vm.error_with(&class, &[code.borrow(), text.borrow()]),
        Err(raised) => raised,
    }
}

fn name_error(vm: &Thread, error: NameError) -> Raised {
    match error {
        NameError::Code(code) => numbered(vm, &GAIERROR, code, &c::gai_strerror(code)),
        NameError::System(Errno(errno)) => vm.errno_error(errno, None, None),
    }
}

// ---- hosts ----

/// A name of a host in the encoding of domain names.
pub(super) fn idna(vm: &Thread, name: Ref<'_>) -> PyResult<Vec<u8>> {
    let bytes = vm.encode_text(name, "idna", "strict")?;
    vm.copy_bytes_like(bytes.borrow())
}

/// The name of a host as an argument: a str, or bytes.
fn host_argument(vm: &Thread, function: &str, value: Ref<'_>) -> PyResult<CString> {
    let wrong = |wanted: &str| {
        let got = if value.is_none() { "None".to_owned() } else { vm.type_name(value) };
        vm.type_error(format_args!("{function}() argument 1 must be {wanted}, not {got}"))
    };
    let bytes = if let Some(bytes) = value.downcast::<Bytes>() {
        bytes.as_bytes().to_vec()
    } else if let Some(array) = value.downcast::<ByteArray>() {
        array.bytes.read(<[u8]>::to_vec)
    } else if value.downcast::<Str>().is_some() {
        idna(vm, value)?
    } else {
        return Err(wrong("str, bytes or bytearray"));
    };
    CString::new(bytes).map_err(|_| wrong("encoded string without null bytes"))
}

fn look_up(
    vm: &Thread,
    host: Option<&CStr>,
    service: Option<&CStr>,
    hints: Hints,
) -> PyResult<Vec<c::Found>> {
    vm.allow_threads(|| c::getaddrinfo(host, service, hints)).map_err(|error| name_error(vm, error))
}

/// The address of a host, of a family, or of any (`AF_UNSPEC`). An empty name means all interfaces.
pub(super) fn resolve(vm: &Thread, name: &CStr, family: i32) -> PyResult<Address> {
    let is = |wanted: i32| matches!(family, libc::AF_UNSPEC) || family == wanted;
    let bytes = name.to_bytes();
    if bytes.is_empty() {
        let hints = Hints { family, kind: libc::SOCK_DGRAM, flags: libc::AI_PASSIVE, ..Hints::default() };
        let found = look_up(vm, None, Some(c"0"), hints)?;
        return match &found[..] {
            [only] => Ok(only.address),
            _ => Err(vm.os_error("wildcard resolved to multiple address")),
        };
    }
    if bytes == b"<broadcast>" || bytes == b"255.255.255.255" {
        if !is(libc::AF_INET) {
            return Err(vm.os_error("address family mismatched"));
        }
        return Ok(inet_address([255; 4]));
    }
    if is(libc::AF_INET)
        && let Ok(Some(address)) = c::pton(libc::AF_INET, name)
        && let Ok(address) = address.try_into()
    {
        return Ok(inet_address(address));
    }
    if is(libc::AF_INET6)
        && !bytes.contains(&b'%')
        && let Ok(Some(address)) = c::pton(libc::AF_INET6, name)
    {
        let mut found = Address::new(libc::AF_INET6);
        found.pad(8);
        found.push_slice(&address);
        found.pad(28);
        return Ok(found);
    }
    let found = look_up(vm, Some(name), None, Hints { family, ..Hints::default() })?;
    found.first().map(|found| found.address).ok_or_else(|| vm.os_error("no address"))
}

fn inet_address(bytes: [u8; 4]) -> Address {
    let mut address = Address::new(libc::AF_INET);
    address.pad(4);
    address.push(bytes);
    address.pad(16);
    address
}

pub(super) fn gethostname(vm: &Thread) -> PyResult {
    vm.fs_decode(rustix::system::uname().nodename().to_bytes())
}

pub(super) fn sethostname(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = match name.downcast::<Bytes>() {
        Some(bytes) => bytes.as_bytes().to_vec(),
        None => fs_string(vm, name)?.into_bytes(),
    };
    check(vm, c::sethostname(&name))?;
    none()
}

pub(super) fn gethostbyname(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = host_argument(vm, "gethostbyname", name)?;
    ip(vm, &resolve(vm, &name, libc::AF_INET)?)
}

/// What the database of hosts says: the name, other names, and addresses of a family.
fn host_entry(vm: &Thread, family: i32, entry: Result<Host, i32>) -> PyResult {
    let host = entry.map_err(|code| numbered(vm, &HERROR, code, &c::hstrerror(code)))?;
    if host.family != family {
        return Err(vm.errno_error(libc::EAFNOSUPPORT, None, None));
    }
    let aliases = host.aliases.iter().map(|alias| vm.fs_decode(alias)).collect::<PyResult<_>>()?;
    let address = |bytes: &Vec<u8>| vm.str(&String::from_utf8_lossy(&check(vm, c::ntop(bytes))?));
    let addresses = host.addresses.iter().map(address).collect::<PyResult<_>>()?;
    vm.tuple_array([vm.fs_decode(&host.name)?, vm.list(aliases)?, vm.list(addresses)?])
}

pub(super) fn gethostbyname_ex(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = host_argument(vm, "gethostbyname_ex", name)?;
    let family = resolve(vm, &name, libc::AF_INET)?.family();
    let entry = vm.allow_threads(|| c::gethostbyname(&name));
    host_entry(vm, family, entry)
}

pub(super) fn gethostbyaddr(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = host_argument(vm, "gethostbyaddr", name)?;
    let address = resolve(vm, &name, libc::AF_UNSPEC)?;
    let entry = match address.family() {
        libc::AF_INET => vm.allow_threads(|| c::gethostbyaddr(&address.at::<4>(4))),
        libc::AF_INET6 => vm.allow_threads(|| c::gethostbyaddr(&address.at::<16>(8))),
        _ => return Err(vm.os_error("unsupported address family")),
    };
    host_entry(vm, address.family(), entry)
}

/// A text for the C library, which ends at its first NUL.
fn cut(bytes: &[u8]) -> CString {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    CString::new(&bytes[..end]).unwrap_or_default()
}

/// The service of `getaddrinfo`: a number, a name, or none.
fn service(vm: &Thread, value: Ref<'_>) -> PyResult<Option<CString>> {
    if value.is_none() {
        return Ok(None);
    }
    if int_value(value).is_some() {
        return Ok(Some(cut(vm.str_string(value)?.as_bytes())));
    }
    if value.downcast::<Str>().is_some() {
        return Ok(Some(cut(vm.utf8(value)?.as_bytes())));
    }
    match value.downcast::<Bytes>() {
        Some(bytes) => Ok(Some(cut(bytes.as_bytes()))),
        None => Err(vm.os_error("Int or String expected")),
    }
}

pub(super) fn getaddrinfo(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let host = arguments.required(0);
    let host = if host.is_none() {
        None
    } else if host.downcast::<Str>().is_some() {
        Some(cut(&idna(vm, host)?))
    } else if let Some(bytes) = host.downcast::<Bytes>() {
        Some(cut(bytes.as_bytes()))
    } else {
        return Err(vm.type_error("getaddrinfo() argument 1 must be string or None"));
    };
    let number = |index: usize| arguments.optional(index).map_or(Ok(0), |value| vm.to_i32(value));
    let hints = Hints { family: number(2)?, kind: number(3)?, protocol: number(4)?, flags: number(5)? };
    let service = service(vm, arguments.required(1))?;
    let found = look_up(vm, host.as_deref(), service.as_deref(), hints)?;
    let row = |found: c::Found| {
        vm.tuple_array([
            Owned::small_int(found.family),
            Owned::small_int(found.kind),
            Owned::small_int(found.protocol),
            vm.fs_decode(&found.canonical)?,
            make(vm, found.protocol, &found.address)?,
        ])
    };
    vm.list(found.into_iter().map(row).collect::<PyResult<_>>()?)
}

pub(super) fn getnameinfo(vm: &Thread, address: Ref<'_>, flags: Ref<'_>) -> PyResult {
    let flags = vm.to_i32(flags)?;
    let Some(tuple) = address.downcast::<Tuple>() else {
        return Err(vm.type_error("getnameinfo() argument 1 must be a tuple"));
    };
    let items = tuple.as_slice();
    let illegal = || vm.type_error("getnameinfo(): illegal sockaddr argument");
    if !(2..=4).contains(&items.len()) || items[0].borrow().downcast::<Str>().is_none() {
        return Err(illegal());
    }
    let host = c_string(vm, "getnameinfo() argument 1", items[0].borrow())?;
    let port = vm.to_i32(items[1].borrow())?;
    let word = |index: usize| {
        items.get(index).map_or(Ok(0), |value| super::low_bits(vm, value.borrow()).map(|bits| bits as u32))
    };
    let (flow, scope) = (flow_info(vm, "getnameinfo", word(2)?)?, word(3)?);
    let hints = Hints { kind: libc::SOCK_DGRAM, flags: libc::AI_NUMERICHOST, ..Hints::default() };
    let found = look_up(vm, Some(&host), Some(&cut(port.to_string().as_bytes())), hints)?;
    let [found] = &found[..] else {
        return Err(vm.os_error("sockaddr resolved to multiple addresses"));
    };
    let address = match found.family {
        libc::AF_INET if items.len() != 2 => return Err(vm.os_error("IPv4 sockaddr must be 2 tuple")),
        libc::AF_INET6 => with_flow(&found.address, flow, scope),
        _ => found.address,
    };
    let names = vm.allow_threads(|| c::getnameinfo(&address, flags));
    let (host, service) = names.map_err(|error| name_error(vm, error))?;
    vm.pair(vm.fs_decode(&host)?, vm.fs_decode(&service)?)
}

// ---- services and protocols ----

pub(super) fn getservbyname(vm: &Thread, name: Ref<'_>, protocol: Option<Ref<'_>>) -> PyResult {
    let name = c_string(vm, "getservbyname() argument 1", name)?;
    let protocol = protocol.map(|value| c_string(vm, "getservbyname() argument 2", value)).transpose()?;
    match vm.allow_threads(|| c::getservbyname(&name, protocol.as_deref())) {
        Some(port) => Ok(Owned::small_int(u16::from_be(port).into())),
        None => Err(vm.os_error("service/proto not found")),
    }
}

pub(super) fn getservbyport(vm: &Thread, port: Ref<'_>, protocol: Option<Ref<'_>>) -> PyResult {
    let port = vm.to_i32(port)?;
    let protocol = protocol.map(|value| c_string(vm, "getservbyport() argument 2", value)).transpose()?;
    let port = u16::try_from(port).map_err(|_| vm.overflow_error("getservbyport: port must be 0-65535."))?;
    match vm.allow_threads(|| c::getservbyport(port.to_be(), protocol.as_deref())) {
        Some(name) => vm.fs_decode(&name),
        None => Err(vm.os_error("port/proto not found")),
    }
}

pub(super) fn getprotobyname(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = c_string(vm, "getprotobyname() argument 1", name)?;
    match vm.allow_threads(|| c::getprotobyname(&name)) {
        Some(number) => Ok(Owned::small_int(number)),
        None => Err(vm.os_error("protocol not found")),
    }
}

// ---- addresses as text ----

pub(super) fn inet_aton(vm: &Thread, text: Ref<'_>) -> PyResult {
    let text = c_string(vm, "inet_aton() argument", text)?;
    match c::aton(&text) {
        Some(address) => vm.bytes(&address),
        None => Err(vm.os_error("illegal IP address string passed to inet_aton")),
    }
}

pub(super) fn inet_ntoa(vm: &Thread, packed: Ref<'_>) -> PyResult {
    let bytes = vm.copy_bytes_like(packed)?;
    let [a, b, c, d] = bytes[..] else {
        return Err(vm.os_error("packed IP wrong length for inet_ntoa"));
    };
    vm.str(&format!("{a}.{b}.{c}.{d}"))
}

pub(super) fn inet_pton(vm: &Thread, family: Ref<'_>, text: Ref<'_>) -> PyResult {
    let family = vm.to_i32(family)?;
    let text = c_string(vm, "inet_pton() argument 2", text)?;
    match check(vm, c::pton(family, &text))? {
        Some(address) => vm.bytes(&address),
        None => Err(vm.os_error("illegal IP address string passed to inet_pton")),
    }
}

pub(super) fn inet_ntop(vm: &Thread, family: Ref<'_>, packed: Ref<'_>) -> PyResult {
    let family = vm.to_i32(family)?;
    let bytes = vm.copy_bytes_like(packed)?;
    let len = match family {
        libc::AF_INET => 4,
        libc::AF_INET6 => 16,
        _ => return Err(vm.value_error(format_args!("unknown address family {family}"))),
    };
    if bytes.len() != len {
        return Err(vm.value_error("invalid length of packed IP address string"));
    }
    vm.str(&String::from_utf8_lossy(&check(vm, c::ntop(&bytes))?))
}

// ---- interfaces ----

pub(super) fn if_nameindex(vm: &Thread) -> PyResult {
    let interfaces = check(vm, vm.allow_threads(c::if_nameindex))?;
    let row = |(index, name): (u32, Vec<u8>)| vm.pair(vm.int(index.into())?, vm.fs_decode(&name)?);
    vm.list(interfaces.into_iter().map(row).collect::<PyResult<_>>()?)
}

pub(super) fn if_nametoindex(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = fs_string(vm, name)?;
    vm.int(check(vm, c::if_nametoindex(&name))?.into())
}

pub(super) fn if_indextoname(vm: &Thread, index: Ref<'_>) -> PyResult {
    let index = super::unsigned(vm, index, 32, "unsigned int")?;
    vm.fs_decode(&check(vm, c::if_indextoname(index as u32))?)
}
