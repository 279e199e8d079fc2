//! The system's calls about sockets as safe Rust functions.
//!
//! As in [`crate::posix::c`], descriptors are plain numbers, which the kernel checks. Addresses are bytes in the kernel's
//! layout: Python programs use families that no typed wrapper knows, so [`Address`] holds as many bytes as any family
//! needs, and `address.rs` writes and reads them.
//!
//! # Safety model
//!
//! Each function gives its call memory that it owns or borrows, and the size of it; the calls keep no pointer when they return,
//! except that the C library owns what its databases give (hosts, services, protocols). Of these,
//! - `getaddrinfo`, `if_nameindex` and the `…_r` functions are made for threads; what they give is copied, and freed where it must be;
//! - `getservbyname` and its like answer in memory that the next call overwrites: a lock covers the call and the copying.
#![expect(
    unsafe_code,
    reason = "system calls that no safe wrapper offers for descriptors and addresses that are plain numbers"
)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::{Mutex, PoisonError};

use libc::{sockaddr, socklen_t};

use crate::posix::c::{Errno, Result};

// ---- addresses ----

/// The address of a socket, in the kernel's layout.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub(super) struct Address {
    bytes: [u8; Self::MOST],
    len: usize,
}

impl Address {
    /// The most bytes that an address of any family has.
    const MOST: usize = size_of::<libc::sockaddr_storage>();

    /// No address, with room for any.
    fn empty() -> Self {
        Self { bytes: [0; Self::MOST], len: Self::MOST }
    }

    /// An address of a family.
    pub(super) fn new(family: i32) -> Self {
        let mut address = Self { len: 0, ..Self::empty() };
        address.push((family as u16).to_ne_bytes());
        address
    }

    /// Adds bytes at the end; there is room, as callers check texts of any length.
    pub(super) fn push<const N: usize>(&mut self, bytes: [u8; N]) {
        self.push_slice(&bytes);
    }

    /// As [`push`](Self::push), of bytes whose number is not known beforehand.
    pub(super) fn push_slice(&mut self, bytes: &[u8]) {
        self.bytes[self.len..][..bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// Adds zeros up to a length.
    pub(super) fn pad(&mut self, len: usize) {
        self.len = self.len.max(len);
    }

    /// So many bytes at an offset; zeros where the kernel gave fewer.
    pub(super) fn at<const N: usize>(&self, offset: usize) -> [u8; N] {
        std::array::from_fn(|index| self.bytes[..self.len].get(offset + index).copied().unwrap_or(0))
    }

    /// The bytes from an offset to the end.
    pub(super) fn from(&self, offset: usize) -> &[u8] {
        self.bytes[..self.len].get(offset..).unwrap_or_default()
    }

    /// Whether there is an address at all.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The family.
    pub(super) fn family(&self) -> i32 {
        u16::from_ne_bytes(self.at(0)).into()
    }

    fn pointer(&self) -> *const sockaddr {
        self.bytes.as_ptr().cast()
    }

    /// What a call fills in: it gets memory, and says how long the address is.
    fn filled<T>(call: impl FnOnce(*mut sockaddr, *mut socklen_t) -> Result<T>) -> Result<(T, Self)> {
        let mut address = Self::empty();
        let mut len = Self::MOST as socklen_t;
        let value = call(address.bytes.as_mut_ptr().cast(), &raw mut len)?;
        address.len = Self::MOST.min(len as usize);
        Ok((value, address))
    }

    /// A copy of an address that the C library holds.
    ///
    /// # Safety
    /// There are as many bytes.
    unsafe fn copied(pointer: *const sockaddr, len: usize) -> Self {
        let mut address = Self { len: 0, ..Self::empty() };
        // SAFETY: the caller's.
        let bytes = unsafe { std::slice::from_raw_parts(pointer.cast(), len.min(Self::MOST)) };
        address.push_slice(bytes);
        address
    }
}

fn check(value: c_int) -> Result<c_int> {
    if value < 0 { Err(Errno::last()) } else { Ok(value) }
}

fn count(value: libc::ssize_t) -> Result<usize> {
    usize::try_from(value).map_err(|_| Errno::last())
}

// ---- sockets ----

/// `socket`
pub(super) fn socket(family: c_int, kind: c_int, protocol: c_int) -> Result<c_int> {
    // SAFETY: the call has no pointers.
    check(unsafe { libc::socket(family, kind, protocol) })
}

/// `socketpair`
pub(super) fn socketpair(family: c_int, kind: c_int, protocol: c_int) -> Result<[c_int; 2]> {
    let mut pair = [-1; 2];
    // SAFETY: the call writes two numbers.
    check(unsafe { libc::socketpair(family, kind, protocol, pair.as_mut_ptr()) })?;
    Ok(pair)
}

/// `bind`
pub(super) fn bind(fd: c_int, address: &Address) -> Result<c_int> {
    // SAFETY: the call reads as many bytes as there are.
    check(unsafe { libc::bind(fd, address.pointer(), address.len as socklen_t) })
}

/// `connect`
pub(super) fn connect(fd: c_int, address: &Address) -> Result<c_int> {
    // SAFETY: the call reads as many bytes as there are.
    check(unsafe { libc::connect(fd, address.pointer(), address.len as socklen_t) })
}

/// `listen`
pub(super) fn listen(fd: c_int, backlog: c_int) -> Result<c_int> {
    // SAFETY: the call has no pointers.
    check(unsafe { libc::listen(fd, backlog) })
}

/// `shutdown`
pub(super) fn shutdown(fd: c_int, how: c_int) -> Result<c_int> {
    // SAFETY: the call has no pointers.
    check(unsafe { libc::shutdown(fd, how) })
}

/// `accept4`: a connection that programs do not inherit, and where it comes from.
pub(super) fn accept(fd: c_int) -> Result<(c_int, Address)> {
    // SAFETY: the call writes at most as many bytes as it is told.
    Address::filled(|address, len| check(unsafe { libc::accept4(fd, address, len, libc::SOCK_CLOEXEC) }))
}

/// `getsockname`
pub(super) fn getsockname(fd: c_int) -> Result<Address> {
    // SAFETY: the call writes at most as many bytes as it is told.
    let named = Address::filled(|address, len| check(unsafe { libc::getsockname(fd, address, len) }));
    named.map(|(_, address)| address)
}

/// `getpeername`
pub(super) fn getpeername(fd: c_int) -> Result<Address> {
    // SAFETY: the call writes at most as many bytes as it is told.
    let named = Address::filled(|address, len| check(unsafe { libc::getpeername(fd, address, len) }));
    named.map(|(_, address)| address)
}

/// `getsockopt`: how many bytes of the buffer it has filled in.
pub(super) fn getsockopt(fd: c_int, level: c_int, option: c_int, buffer: &mut [u8]) -> Result<usize> {
    let mut len = buffer.len() as socklen_t;
    // SAFETY: the call writes at most as many bytes as there are.
    check(unsafe { libc::getsockopt(fd, level, option, buffer.as_mut_ptr().cast(), &raw mut len) })?;
    Ok(len as usize)
}

/// `getsockopt`, of an option that is a number.
pub(super) fn number_option(fd: c_int, level: c_int, option: c_int) -> Result<i32> {
    let mut bytes = [0; size_of::<c_int>()];
    getsockopt(fd, level, option, &mut bytes)?;
    Ok(c_int::from_ne_bytes(bytes))
}

/// `setsockopt`
pub(super) fn setsockopt(fd: c_int, level: c_int, option: c_int, value: &[u8]) -> Result<c_int> {
    // SAFETY: the call reads as many bytes as there are; programs vouch for addresses that a value contains, as with `ioctl`.
    check(unsafe { libc::setsockopt(fd, level, option, value.as_ptr().cast(), value.len() as socklen_t) })
}

/// `setsockopt` without a value, but with its length, which is one for some options.
pub(super) fn setsockopt_length(fd: c_int, level: c_int, option: c_int, len: u32) -> Result<c_int> {
    // SAFETY: the kernel finds that the pointer is null if it wants to read.
    check(unsafe { libc::setsockopt(fd, level, option, std::ptr::null(), len) })
}

/// Sets whether calls return at once instead of waiting.
pub(super) fn set_nonblocking(fd: c_int, nonblocking: bool) -> Result<c_int> {
    let mut flag = c_int::from(nonblocking);
    // SAFETY: the call reads a number.
    check(unsafe { libc::ioctl(fd, libc::FIONBIO, &raw mut flag) })
}

/// `sethostname`
pub(super) fn sethostname(name: &[u8]) -> Result<c_int> {
    // SAFETY: the call reads as many bytes as there are.
    check(unsafe { libc::sethostname(name.as_ptr().cast(), name.len()) })
}

// ---- bytes ----

/// `recv`
pub(super) fn recv(fd: c_int, buffer: &mut [u8], flags: c_int) -> Result<usize> {
    // SAFETY: the call writes at most as many bytes as there are.
    count(unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) })
}

/// `recvfrom`
pub(super) fn recvfrom(fd: c_int, buffer: &mut [u8], flags: c_int) -> Result<(usize, Address)> {
    Address::filled(|address, len| {
        let memory: *mut c_void = buffer.as_mut_ptr().cast();
        // SAFETY: the call writes at most as many bytes as there are, of both.
        count(unsafe { libc::recvfrom(fd, memory, buffer.len(), flags, address, len) })
    })
}

/// `send`
pub(super) fn send(fd: c_int, bytes: &[u8], flags: c_int) -> Result<usize> {
    // SAFETY: the call reads as many bytes as there are.
    count(unsafe { libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags) })
}

/// `sendto`
pub(super) fn sendto(fd: c_int, bytes: &[u8], flags: c_int, address: &Address) -> Result<usize> {
    let (memory, len) = (bytes.as_ptr().cast(), address.len as socklen_t);
    // SAFETY: the call reads as many bytes as there are, of both.
    count(unsafe { libc::sendto(fd, memory, bytes.len(), flags, address.pointer(), len) })
}

fn message() -> libc::msghdr {
    // SAFETY: null pointers and zeros are a message of nothing.
    unsafe { MaybeUninit::zeroed().assume_init() }
}

/// What `recvmsg` says of a message.
pub(super) struct Received {
    /// Its length.
    pub(super) len: usize,
    /// The length of the ancillary data.
    pub(super) control: usize,
    /// What happened to it.
    pub(super) flags: c_int,
    /// Where it comes from.
    pub(super) address: Address,
}

/// `recvmsg`
pub(super) fn recvmsg(
    fd: c_int,
    buffers: &mut [IoSliceMut<'_>],
    control: &mut [u8],
    flags: c_int,
) -> Result<Received> {
    let mut address = Address::empty();
    let mut header = message();
    header.msg_name = address.bytes.as_mut_ptr().cast();
    header.msg_namelen = Address::MOST as socklen_t;
    // The standard library promises that its slices are laid out as `iovec`.
    header.msg_iov = buffers.as_mut_ptr().cast();
    header.msg_iovlen = buffers.len() as _;
    if !control.is_empty() {
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = control.len() as _;
    }
    // SAFETY: the header describes memory that is alive and has as many bytes as it says.
    let len = count(unsafe { libc::recvmsg(fd, &raw mut header, flags) })?;
    address.len = Address::MOST.min(header.msg_namelen as usize);
    Ok(Received { len, control: header.msg_controllen as usize, flags: header.msg_flags, address })
}

/// `sendmsg`
pub(super) fn sendmsg(
    fd: c_int,
    buffers: &[IoSlice<'_>],
    control: &[u8],
    flags: c_int,
    address: Option<&Address>,
) -> Result<usize> {
    let mut header = message();
    if let Some(address) = address {
        header.msg_name = address.pointer().cast_mut().cast();
        header.msg_namelen = address.len as socklen_t;
    }
    header.msg_iov = buffers.as_ptr().cast_mut().cast();
    header.msg_iovlen = buffers.len() as _;
    if !control.is_empty() {
        header.msg_control = control.as_ptr().cast_mut().cast();
        header.msg_controllen = control.len() as _;
    }
    // SAFETY: the header describes memory that is alive and has as many bytes as it says; the call only reads it.
    count(unsafe { libc::sendmsg(fd, &raw const header, flags) })
}

// ---- addresses as text ----

unsafe extern "C" {
    fn inet_aton(text: *const c_char, address: *mut c_void) -> c_int;
    fn inet_ntop(family: c_int, address: *const c_void, text: *mut c_char, len: socklen_t) -> *const c_char;
    fn inet_pton(family: c_int, text: *const c_char, address: *mut c_void) -> c_int;
    fn gethostbyname_r(
        name: *const c_char,
        entry: *mut libc::hostent,
        buffer: *mut c_char,
        len: libc::size_t,
        found: *mut *mut libc::hostent,
        error: *mut c_int,
    ) -> c_int;
    fn gethostbyaddr_r(
        address: *const c_void,
        address_len: socklen_t,
        family: c_int,
        entry: *mut libc::hostent,
        buffer: *mut c_char,
        len: libc::size_t,
        found: *mut *mut libc::hostent,
        error: *mut c_int,
    ) -> c_int;
}

/// A text that C has written into a buffer.
fn written(buffer: &[u8]) -> Vec<u8> {
    CStr::from_bytes_until_nul(buffer).map_or_else(|_| buffer.to_vec(), |text| text.to_bytes().to_vec())
}

/// The IPv4 address that a text in any of the old notations stands for.
pub(super) fn aton(text: &CStr) -> Option<[u8; 4]> {
    let mut address = [0; 4];
    // SAFETY: the call reads a string and writes four bytes.
    (unsafe { inet_aton(text.as_ptr(), address.as_mut_ptr().cast()) } != 0).then_some(address)
}

/// The address of a family that a text stands for, 4 or 16 bytes; `None` if it is none.
pub(super) fn pton(family: c_int, text: &CStr) -> Result<Option<Vec<u8>>> {
    let mut address = [0; 16];
    // SAFETY: the call reads a string and writes at most 16 bytes.
    match unsafe { inet_pton(family, text.as_ptr(), address.as_mut_ptr().cast()) } {
        0 => Ok(None),
        1 => Ok(Some(if family == libc::AF_INET { address[..4].to_vec() } else { address.to_vec() })),
        _ => Err(Errno::last()),
    }
}

/// An IPv4 or IPv6 address as text.
pub(super) fn ntop(address: &[u8]) -> Result<Vec<u8>> {
    let family = if address.len() == 4 { libc::AF_INET } else { libc::AF_INET6 };
    debug_assert!(matches!(address.len(), 4 | 16));
    let mut text = [0u8; 64];
    let out = text.as_mut_ptr().cast();
    // SAFETY: the call reads as many bytes as an address of the family has, and writes at most 64.
    if unsafe { inet_ntop(family, address.as_ptr().cast(), out, text.len() as socklen_t) }.is_null() {
        return Err(Errno::last());
    }
    Ok(written(&text))
}

// ---- names ----

/// An error of `getaddrinfo` and `getnameinfo`.
pub(super) enum NameError {
    /// By its own number.
    Code(c_int),
    /// Of the system.
    System(Errno),
}

fn name_error(code: c_int) -> std::result::Result<(), NameError> {
    match code {
        0 => Ok(()),
        libc::EAI_SYSTEM => Err(NameError::System(Errno::last())),
        code => Err(NameError::Code(code)),
    }
}

/// What an error of `getaddrinfo` means.
pub(super) fn gai_strerror(code: c_int) -> String {
    // SAFETY: the call gives a static string for any number.
    unsafe { CStr::from_ptr(libc::gai_strerror(code)) }.to_string_lossy().into_owned()
}

/// What an error of the database of hosts means.
pub(super) fn hstrerror(code: c_int) -> String {
    // SAFETY: the call gives a static string for any number.
    unsafe { CStr::from_ptr(libc::hstrerror(code)) }.to_string_lossy().into_owned()
}

/// What to look for by `getaddrinfo`.
#[derive(Clone, Copy, Default)]
pub(super) struct Hints {
    pub(super) family: c_int,
    pub(super) kind: c_int,
    pub(super) protocol: c_int,
    pub(super) flags: c_int,
}

/// What `getaddrinfo` finds.
pub(super) struct Found {
    pub(super) family: c_int,
    pub(super) kind: c_int,
    pub(super) protocol: c_int,
    pub(super) canonical: Vec<u8>,
    pub(super) address: Address,
}

/// A copy of a text of C; empty where it is missing.
///
/// # Safety
/// The pointer is null or to a text.
unsafe fn text(pointer: *const c_char) -> Vec<u8> {
    if pointer.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller's.
    unsafe { CStr::from_ptr(pointer) }.to_bytes().to_vec()
}

/// `getaddrinfo`
pub(super) fn getaddrinfo(
    host: Option<&CStr>,
    service: Option<&CStr>,
    hints: Hints,
) -> std::result::Result<Vec<Found>, NameError> {
    let pointer = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    let wanted = libc::addrinfo {
        ai_flags: hints.flags,
        ai_family: hints.family,
        ai_socktype: hints.kind,
        ai_protocol: hints.protocol,
        ai_addrlen: 0,
        ai_addr: null_mut(),
        ai_canonname: null_mut(),
        ai_next: null_mut(),
    };
    let mut first = null_mut();
    // SAFETY: the call reads strings and the struct, and writes a pointer.
    name_error(unsafe {
        libc::getaddrinfo(pointer(host), pointer(service), &raw const wanted, &raw mut first)
    })?;
    let mut found = Vec::new();
    let mut at = first;
    // SAFETY: the list is the call's, whole until it is freed, which happens once.
    unsafe {
        while let Some(entry) = at.as_ref() {
            found.push(Found {
                family: entry.ai_family,
                kind: entry.ai_socktype,
                protocol: entry.ai_protocol,
                canonical: text(entry.ai_canonname),
                address: Address::copied(entry.ai_addr, entry.ai_addrlen as usize),
            });
            at = entry.ai_next;
        }
        libc::freeaddrinfo(first);
    }
    Ok(found)
}

/// `getnameinfo`: the names of a host and of a service.
pub(super) fn getnameinfo(
    address: &Address,
    flags: c_int,
) -> std::result::Result<(Vec<u8>, Vec<u8>), NameError> {
    let (mut host, mut service) = ([0u8; 1025], [0u8; 32]);
    // SAFETY: the call reads the address, and writes at most as many bytes as there are.
    name_error(unsafe {
        libc::getnameinfo(
            address.pointer(),
            address.len as socklen_t,
            host.as_mut_ptr().cast(),
            host.len() as socklen_t,
            service.as_mut_ptr().cast(),
            service.len() as socklen_t,
            flags,
        )
    })?;
    Ok((written(&host), written(&service)))
}

/// An entry of the database of hosts.
pub(super) struct Host {
    pub(super) family: c_int,
    pub(super) name: Vec<u8>,
    pub(super) aliases: Vec<Vec<u8>>,
    pub(super) addresses: Vec<Vec<u8>>,
}

/// The pointers of a list of C, which ends with a null.
///
/// # Safety
/// The pointer is null or to such a list, which is alive for as long as the iterator.
unsafe fn pointers(list: *mut *mut c_char) -> impl Iterator<Item = *mut c_char> {
    (0..).map_while(move |index| {
        // SAFETY: the caller's; the walk ends at the null.
        let item = if list.is_null() { null_mut() } else { unsafe { *list.add(index) } };
        (!item.is_null()).then_some(item)
    })
}

/// # Safety
/// The entry's pointers are valid.
unsafe fn host(entry: &libc::hostent) -> Host {
    let len = usize::try_from(entry.h_length).unwrap_or(0);
    // SAFETY: the caller's.
    unsafe {
        Host {
            family: entry.h_addrtype,
            name: text(entry.h_name),
            aliases: pointers(entry.h_aliases).map(|alias| text(alias)).collect(),
            addresses: pointers(entry.h_addr_list)
                .map(|address| std::slice::from_raw_parts(address.cast(), len).to_vec())
                .collect(),
        }
    }
}

/// Looks up a host, with a buffer that is large enough; or says why there is none, as `h_errno`.
fn look_up(
    call: impl Fn(*mut libc::hostent, &mut [c_char], *mut *mut libc::hostent, *mut c_int) -> c_int,
) -> std::result::Result<Host, c_int> {
    let mut buffer = vec![0; 8192];
    loop {
        let mut entry = MaybeUninit::uninit();
        let (mut found, mut error) = (null_mut(), 0);
        let status = call(entry.as_mut_ptr(), &mut buffer, &raw mut found, &raw mut error);
        if status == libc::ERANGE {
            buffer.resize(2 * buffer.len(), 0);
            continue;
        }
        // SAFETY: the result is null or to the entry, whose texts lie in the buffer.
        return match unsafe { found.as_ref() } {
            Some(entry) => Ok(unsafe { host(entry) }),
            None => Err(error),
        };
    }
}

/// `gethostbyname`
pub(super) fn gethostbyname(name: &CStr) -> std::result::Result<Host, c_int> {
    look_up(|entry, buffer, found, error| {
        let (out, len) = (buffer.as_mut_ptr(), buffer.len());
        // SAFETY: the call reads a string, and writes the entry and at most as many bytes as there are.
        unsafe { gethostbyname_r(name.as_ptr(), entry, out, len, found, error) }
    })
}

/// `gethostbyaddr`, of an IPv4 or IPv6 address.
pub(super) fn gethostbyaddr(address: &[u8]) -> std::result::Result<Host, c_int> {
    let family = if address.len() == 4 { libc::AF_INET } else { libc::AF_INET6 };
    look_up(|entry, buffer, found, error| {
        let (out, len) = (buffer.as_mut_ptr(), buffer.len());
        let (bytes, size) = (address.as_ptr().cast(), address.len() as socklen_t);
        // SAFETY: the call reads the address, and writes the entry and at most as many bytes as there are.
        unsafe { gethostbyaddr_r(bytes, size, family, entry, out, len, found, error) }
    })
}

/// Covers the databases whose answers lie in memory that the next call overwrites.
static DATABASES: Mutex<()> = Mutex::new(());

/// The port of a service, in the network's byte order.
pub(super) fn getservbyname(name: &CStr, protocol: Option<&CStr>) -> Option<u16> {
    let _guard = DATABASES.lock().unwrap_or_else(PoisonError::into_inner);
    let protocol = protocol.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: the call reads strings; its answer is null or an entry, which nobody overwrites under the lock.
    unsafe { libc::getservbyname(name.as_ptr(), protocol).as_ref() }.map(|entry| entry.s_port as u16)
}

/// The name of a service by its port, in the network's byte order.
pub(super) fn getservbyport(port: u16, protocol: Option<&CStr>) -> Option<Vec<u8>> {
    let _guard = DATABASES.lock().unwrap_or_else(PoisonError::into_inner);
    let protocol = protocol.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: the call reads a string; its answer is null or an entry, which nobody overwrites under the lock.
    unsafe { libc::getservbyport(port.into(), protocol).as_ref().map(|entry| text(entry.s_name)) }
}

/// The number of a protocol.
pub(super) fn getprotobyname(name: &CStr) -> Option<c_int> {
    let _guard = DATABASES.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: the call reads a string; its answer is null or an entry, which nobody overwrites under the lock.
    unsafe { libc::getprotobyname(name.as_ptr()).as_ref() }.map(|entry| entry.p_proto)
}

// ---- interfaces ----

/// The network interfaces: numbers and names.
pub(super) fn if_nameindex() -> Result<Vec<(u32, Vec<u8>)>> {
    // SAFETY: the call gives null or an array that ends with a null name, whole until it is freed, which happens once.
    unsafe {
        let first = libc::if_nameindex();
        if first.is_null() {
            return Err(Errno::last());
        }
        let mut interfaces = Vec::new();
        let mut at = first;
        while !(*at).if_name.is_null() {
            interfaces.push(((*at).if_index, text((*at).if_name)));
            at = at.add(1);
        }
        libc::if_freenameindex(first);
        Ok(interfaces)
    }
}

/// The number of an interface.
pub(super) fn if_nametoindex(name: &CStr) -> Result<u32> {
    // SAFETY: the call reads a string.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(Errno::last()),
        index => Ok(index),
    }
}

/// The name of an interface.
pub(super) fn if_indextoname(index: u32) -> Result<Vec<u8>> {
    let mut name = [0u8; libc::IF_NAMESIZE];
    // SAFETY: the call writes at most as many bytes as there are.
    if unsafe { libc::if_indextoname(index, name.as_mut_ptr().cast()) }.is_null() {
        return Err(Errno::last());
    }
    Ok(written(&name))
}
