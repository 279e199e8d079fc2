//! The type `socket`, and how its methods wait.
//!
//! A socket with a timeout is one that the kernel never blocks on: before each call, [`attempt`] waits with `poll` for what the
//! call needs, for as long as is left of the time. Without a timeout the call itself waits. Signals interrupt both; their
//! handlers run, and the wait goes on (PEP 475).

use std::cell::Cell;
use std::time::{Duration, Instant};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::protocol::duration::Rounding;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::address::{self, Place};
use super::c::{self, Address};
use super::{message, transfer};
use crate::posix::argument::{check, uninterrupted};
use crate::posix::c::{Errno, close as close_descriptor, poll};

payload! {
    /// A socket.
    pub(super) struct Socket: Native {
        /// The descriptor; -1 when it is closed.
        pub(super) fd: Cell<i32>,
        pub(super) family: Cell<i32>,
        kind: Cell<i32>,
        pub(super) protocol: Cell<i32>,
        /// Nanoseconds that calls wait; negative is for ever.
        pub(super) timeout: Cell<i64>,
    }
}

class! { Socket => SOCKET_TYPE; }

/// For ever.
pub(super) const FOREVER: i64 = -1;

pub(super) static SOCKET_TYPE: TypeDef = TypeDef {
    module: "_socket",
    flags: TypeFlags::BASE,
    doc: "An end of a connection, or of what needs none. Without a file descriptor, a new one is made.",
    methods: &[
        method("_accept($self, /)", One(accept), "Wait for a connection: its descriptor, and where it comes from."),
        method("bind($self, object, /)", Two(bind), "Take an address of this machine."),
        method("close($self, /)", One(close), "Close the socket."),
        method("connect($self, object, /)", Two(connect), "Connect to an address."),
        method(
            "connect_ex($self, object, /)",
            Two(connect_ex),
            "Connect to an address; the result is the number of the error, 0 for none.",
        ),
        method("detach($self, /)", One(detach), "Let go of the descriptor, which stays open, and give it."),
        method("fileno($self, /)", One(fileno), "The number of the descriptor; -1 when it is closed."),
        method("getblocking($self, /)", One(getblocking), "Whether calls wait."),
        method("getpeername($self, /)", One(getpeername), "The address of the other end."),
        method("getsockname($self, /)", One(getsockname), "The address of this end."),
        method(
            "getsockopt($self, level, option, buffersize=0, /)",
            ThreeOpt(getsockopt),
            "An option: a number, or as many bytes as are asked for.",
        )
        .untold()
        .wording(Wording::Parse),
        method("gettimeout($self, /)", One(gettimeout), "How many seconds calls wait; None is for ever."),
        method("listen($self, backlog=128, /)", OneOpt(listen), "Wait for connections, of which so many may queue.")
            .untold()
            .wording(Wording::Parse),
        method("setblocking($self, object, /)", Two(setblocking), "Choose whether calls wait."),
        method(
            "setsockopt($self, level, option, value, optlen=0, /)",
            Raw(setsockopt),
            "Set an option to a number, to bytes, or, with None and a length, to nothing.",
        )
        .untold(),
        method("settimeout($self, object, /)", Two(settimeout), "Let calls wait so many seconds; None is for ever."),
        method("shutdown($self, object, /)", Two(shutdown), "End one direction of the connection, or both."),
        method("recv($self, buffersize, flags=0, /)", TwoOpt(transfer::recv), "Receive at most so many bytes.")
            .untold()
            .wording(Wording::Parse),
        method(
            "recv_into($self, /, buffer, nbytes=0, flags=0)",
            TwoOpt2(transfer::recv_into),
            "Receive into a buffer, at most so many bytes, or as many as it has: how many there were.",
        )
        .untold(),
        method(
            "recvfrom($self, buffersize, flags=0, /)",
            TwoOpt(transfer::recvfrom),
            "Receive at most so many bytes: the bytes, and where they come from.",
        )
        .untold()
        .wording(Wording::Parse),
        method(
            "recvfrom_into($self, /, buffer, nbytes=0, flags=0)",
            TwoOpt2(transfer::recvfrom_into),
            "As recv_into(); the result says where the bytes come from, too.",
        )
        .untold(),
        method(
            "recvmsg($self, bufsize, ancbufsize=0, flags=0, /)",
            TwoOpt2(message::recvmsg),
            "Receive a message and its ancillary data: bytes, ancillary data, flags, and where it comes from.",
        )
        .untold()
        .wording(Wording::Parse),
        method(
            "recvmsg_into($self, buffers, ancbufsize=0, flags=0, /)",
            TwoOpt2(message::recvmsg_into),
            "As recvmsg(), into buffers: the number of bytes, ancillary data, flags, and where it comes from.",
        )
        .untold()
        .wording(Wording::Parse),
        method("send($self, data, flags=0, /)", TwoOpt(transfer::send), "Send bytes: how many were sent.")
            .untold()
            .wording(Wording::Parse),
        method("sendall($self, data, flags=0, /)", TwoOpt(transfer::sendall), "Send bytes, all of them.")
            .untold()
            .wording(Wording::Parse),
        method(
            "sendmsg($self, buffers, ancdata=(), flags=0, address=None, /)",
            Many(message::sendmsg),
            "Send the parts of a message and ancillary data: how many bytes were sent.",
        )
        .untold()
        .wording(Wording::Parse),
        method(
            "sendmsg_afalg($self, msg=None, /, *, op=-1, iv=None, assoclen=None, flags=0)",
            Many(message::sendmsg_afalg),
            "Choose the operation of a socket of the kernel's cryptography, and send the parts of a message.",
        )
        .untold(),
        method(
            "sendto($self, data, flags, address=<unrepresentable>, /)",
            Raw(transfer::sendto),
            "Send bytes to an address, which is the last argument: how many were sent.",
        )
        .untold(),
    ],
    getset: &[
        member("family", family, "The family of addresses."),
        member("type", kind, "The kind of socket."),
        member("proto", protocol, "The protocol."),
        getter("timeout", timeout, "How many seconds calls wait; None is for ever."),
    ],
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        finalize: Some(finalize),
        ..Slots::NONE
    },
    attributes: &[MODULE],
    ..TypeDef::new::<Socket>("socket")
};

// ---- making sockets ----

fn closed_socket() -> Socket {
    Socket {
        fd: Cell::new(-1),
        family: Cell::new(0),
        kind: Cell::new(0),
        protocol: Cell::new(0),
        timeout: Cell::new(FOREVER),
    }
}

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    vm.new_object_of(class, closed_socket())
}

/// The payload of a receiver.
pub(super) fn payload(this: Ref<'_>) -> &Socket {
    this.downcast().expect("the method checks its receiver")
}

/// A socket object of a descriptor that the caller has just made.
pub(super) fn adopt(vm: &Thread, fd: i32, family: i32, kind: i32, protocol: i32) -> PyResult {
    let object = vm.new_object(closed_socket()).inspect_err(|_| _ = close_descriptor(fd))?;
    open(vm, payload(object.borrow()), fd, family, kind, protocol)?;
    Ok(object)
}

/// Gives a socket its descriptor, and the timeout that new sockets have.
fn open(vm: &Thread, socket: &Socket, fd: i32, family: i32, kind: i32, protocol: i32) -> PyResult<()> {
    const FLAGS: i32 = libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC;
    socket.fd.set(fd);
    socket.family.set(family);
    socket.kind.set(kind & !FLAGS);
    socket.protocol.set(protocol);
    if kind & libc::SOCK_NONBLOCK != 0 {
        socket.timeout.set(0);
        return Ok(());
    }
    let timeout = super::default_timeout(vm)?;
    socket.timeout.set(timeout);
    if timeout >= 0 {
        check(vm, c::set_nonblocking(fd, true))?;
    }
    Ok(())
}

/// The number of a descriptor, of which the low half of a C long counts.
pub(super) fn descriptor(vm: &Thread, value: Ref<'_>) -> PyResult<i32> {
    Ok(vm.to_i64(value)? as i32)
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("socket(family=-1, type=-1, proto=-1, fileno=None)"), |arguments| {
        let number = |index: usize| arguments.optional(index).map_or(Ok(-1), |value| vm.to_i32(value));
        let (family, kind, protocol) = (number(0)?, number(1)?, number(2)?);
        let or = |number: i32, default: i32| if number == -1 { default } else { number };
        match arguments.optional(3).filter(|fd| !fd.is_none()) {
            Some(fd) => {
                let fd = descriptor(vm, fd)?;
                if fd < 0 {
                    return Err(vm.value_error("negative file descriptor"));
                }
                let (family, kind, protocol) = check(vm, nature(fd, family, kind, protocol))?;
                open(vm, payload(this), fd, family, kind, protocol)
            }
            None => {
                let (family, kind) = (or(family, libc::AF_INET), or(kind, libc::SOCK_STREAM));
                let protocol = or(protocol, 0);
                let made = vm.allow_threads(|| c::socket(family, kind | libc::SOCK_CLOEXEC, protocol));
                open(vm, payload(this), check(vm, made)?, family, kind, protocol)
            }
        }
    })
}

/// Family, kind and protocol of a descriptor, where they are not given.
fn nature(fd: i32, family: i32, kind: i32, protocol: i32) -> Result<(i32, i32, i32), Errno> {
    let family = match c::getsockname(fd) {
        Ok(address) if family == -1 => address.family(),
        Ok(_) => family,
        // Some families have no names.
        Err(Errno(errno)) if family != -1 && !matches!(errno, libc::EBADF | libc::ENOTSOCK) => family,
        Err(errno) => return Err(errno),
    };
    let option = |given: i32, option: i32| match given {
        -1 => c::number_option(fd, libc::SOL_SOCKET, option),
        given => Ok(given),
    };
    Ok((family, option(kind, libc::SO_TYPE)?, option(protocol, libc::SO_PROTOCOL)?))
}

fn finalize(vm: &Thread, this: Ref<'_>) {
    let socket = payload(this);
    if socket.fd.get() < 0 {
        return;
    }
    let warned = vm
        .repr_string(this)
        .and_then(|repr| vm.warn_about(&vm.exceptions().ResourceWarning, &format!("unclosed {repr}"), this));
    if let Err(raised) = warned {
        vm.unraisable(raised, None, Some(this));
    }
    let fd = socket.fd.replace(-1);
    if fd >= 0 {
        // Nobody is left to hear of an error.
        _ = vm.allow_threads(|| close_descriptor(fd));
    }
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Socket { fd, family, kind, protocol, .. } = payload(this);
    let (fd, family, kind, protocol) = (fd.get(), family.get(), kind.get(), protocol.get());
    vm.str(&format!("<socket object, fd={fd}, family={family}, type={kind}, proto={protocol}>"))
}

// ---- waiting ----

/// What a call waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// Something to read.
    Read,
    /// Room to write.
    Write,
    /// The end of an attempt to connect.
    Connected,
}

/// Why a call did not succeed.
pub(super) enum Failure {
    /// The system's reason.
    System(Errno),
    /// Its time is over.
    TimedOut,
}

impl Failure {
    /// The exception.
    #[cold]
    pub(super) fn raised(self, vm: &Thread) -> Raised {
        match self {
            Self::System(Errno(errno)) => vm.errno_error(errno, None, None),
            Self::TimedOut => vm.error(&vm.exceptions().TimeoutError, "timed out"),
        }
    }

    /// The number of the error.
    fn errno(self) -> i32 {
        match self {
            Self::System(Errno(errno)) => errno,
            Self::TimedOut => libc::EWOULDBLOCK,
        }
    }
}

/// When the time of a call is over; none without a timeout.
pub(super) fn deadline(timeout: i64) -> Option<Instant> {
    let timeout = u64::try_from(timeout).ok().filter(|&timeout| timeout > 0)?;
    Instant::now().checked_add(Duration::from_nanos(timeout))
}

/// Waits until the socket is ready; false if the deadline comes first.
fn wait(socket: &Socket, wait: Wait, deadline: Option<Instant>) -> Result<bool, Errno> {
    let events = match wait {
        Wait::Read => libc::POLLIN,
        Wait::Write => libc::POLLOUT,
        Wait::Connected => libc::POLLOUT | libc::POLLERR,
    };
    let fd = socket.fd.get();
    if fd < 0 {
        return Ok(true);
    }
    let mut fds = [libc::pollfd { fd, events, revents: 0 }];
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let milliseconds = left.map_or(-1, |left| left.as_nanos().div_ceil(1_000_000).min(MONTH) as i32);
        let ready = poll(&mut fds, milliseconds)? > 0;
        if ready || left.is_some_and(|left| left.is_zero()) {
            return Ok(ready);
        }
    }
}

/// The most milliseconds of one wait; there may be several.
const MONTH: u128 = 30 * 24 * 60 * 60 * 1000;

/// Calls what may have to wait, within the timeout of the socket.
pub(super) fn attempt<T>(
    vm: &Thread,
    socket: &Socket,
    reason: Wait,
    deadline: Option<Instant>,
    mut call: impl FnMut(i32) -> Result<T, Errno>,
) -> PyResult<Result<T, Failure>> {
    loop {
        if deadline.is_some() || reason == Wait::Connected {
            match vm.allow_threads(|| wait(socket, reason, deadline)) {
                Ok(true) => {}
                Ok(false) => return Ok(Err(Failure::TimedOut)),
                Err(Errno(libc::EINTR)) => {
                    vm.check_signals()?;
                    continue;
                }
                Err(errno) => return Ok(Err(Failure::System(errno))),
            }
        }
        let fd = socket.fd.get();
        match uninterrupted(vm, || call(fd))? {
            // The kernel may say that a socket is ready, and then find that it is not.
            Err(Errno(libc::EWOULDBLOCK)) if deadline.is_some() => {}
            result => return Ok(result.map_err(Failure::System)),
        }
    }
}

/// As [`attempt`]; failure is an exception.
pub(super) fn perform<T>(
    vm: &Thread,
    socket: &Socket,
    reason: Wait,
    call: impl FnMut(i32) -> Result<T, Errno>,
) -> PyResult<T> {
    let result = attempt(vm, socket, reason, deadline(socket.timeout.get()), call)?;
    result.map_err(|failure| failure.raised(vm))
}

/// A timeout as an argument gives it, in nanoseconds.
pub(super) fn parse_timeout(vm: &Thread, value: Ref<'_>) -> PyResult<i64> {
    if value.is_none() {
        return Ok(FOREVER);
    }
    let timeout = vm.to_nanoseconds(value, Rounding::Up)?;
    if timeout < 0 {
        return Err(vm.value_error("Timeout value out of range"));
    }
    Ok(timeout)
}

/// A timeout as Python gets it: seconds, or None.
pub(super) fn timeout_object(vm: &Thread, timeout: i64) -> PyResult {
    if timeout < 0 { Ok(Owned::none()) } else { vm.float(timeout as f64 / 1e9) }
}

fn set_timeout(vm: &Thread, socket: &Socket, timeout: i64) -> PyResult {
    socket.timeout.set(timeout);
    check(vm, c::set_nonblocking(socket.fd.get(), timeout >= 0))?;
    none()
}

fn settimeout(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let timeout = parse_timeout(vm, value)?;
    set_timeout(vm, payload(this), timeout)
}

fn setblocking(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let timeout = if vm.is_true(value)? { FOREVER } else { 0 };
    set_timeout(vm, payload(this), timeout)
}

fn gettimeout(vm: &Thread, this: Ref<'_>) -> PyResult {
    timeout_object(vm, payload(this).timeout.get())
}

fn getblocking(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).timeout.get() != 0))
}

// ---- connections ----

impl Socket {
    /// What decides about the layout of addresses.
    pub(super) fn place(&self) -> Place {
        Place { family: self.family.get(), protocol: self.protocol.get() }
    }

    /// Reads an address that a method gets.
    pub(super) fn parse(&self, vm: &Thread, function: &str, address: Ref<'_>) -> PyResult<Address> {
        address::parse(vm, self.place(), function, address)
    }

    /// An address as Python gets it.
    pub(super) fn address(&self, vm: &Thread, address: &Address) -> PyResult {
        address::make(vm, self.protocol.get(), address)
    }
}

fn accept(vm: &Thread, this: Ref<'_>) -> PyResult {
    let socket = payload(this);
    address::check_family(vm, socket.place())?;
    let (fd, address) = perform(vm, socket, Wait::Read, c::accept)?;
    let address = socket.address(vm, &address).inspect_err(|_| _ = close_descriptor(fd))?;
    vm.pair(Owned::small_int(fd), address)
}

fn bind(vm: &Thread, this: Ref<'_>, address: Ref<'_>) -> PyResult {
    let socket = payload(this);
    let address = socket.parse(vm, "bind", address)?;
    let fd = socket.fd.get();
    check(vm, vm.allow_threads(|| c::bind(fd, &address)))?;
    none()
}

/// Whether an attempt to connect succeeded, once it is over.
fn connected(fd: i32) -> Result<(), Errno> {
    match c::number_option(fd, libc::SOL_SOCKET, libc::SO_ERROR)? {
        0 | libc::EISCONN => Ok(()),
        errno => Err(Errno(errno)),
    }
}

fn try_connect(vm: &Thread, socket: &Socket, address: &Address) -> PyResult<Result<(), Failure>> {
    let fd = socket.fd.get();
    let Err(errno) = vm.allow_threads(|| c::connect(fd, address)) else { return Ok(Ok(())) };
    let timeout = socket.timeout.get();
    // An interrupted attempt goes on without us.
    let goes_on = match errno {
        Errno(libc::EINTR) => {
            vm.check_signals()?;
            timeout != 0
        }
        errno => timeout > 0 && errno == Errno(libc::EINPROGRESS),
    };
    if !goes_on {
        return Ok(Err(Failure::System(errno)));
    }
    attempt(vm, socket, Wait::Connected, deadline(timeout), connected)
}

fn connect(vm: &Thread, this: Ref<'_>, address: Ref<'_>) -> PyResult {
    let socket = payload(this);
    let address = socket.parse(vm, "connect", address)?;
    try_connect(vm, socket, &address)?.map_err(|failure| failure.raised(vm))?;
    none()
}

fn connect_ex(vm: &Thread, this: Ref<'_>, address: Ref<'_>) -> PyResult {
    let socket = payload(this);
    let address = socket.parse(vm, "connect_ex", address)?;
    let result = try_connect(vm, socket, &address)?;
    Ok(Owned::small_int(result.err().map_or(0, Failure::errno)))
}

fn listen(vm: &Thread, this: Ref<'_>, backlog: Option<Ref<'_>>) -> PyResult {
    let backlog = backlog.map_or(Ok(128.min(libc::SOMAXCONN)), |backlog| vm.to_i32(backlog))?;
    check(vm, c::listen(payload(this).fd.get(), backlog.max(0)))?;
    none()
}

fn shutdown(vm: &Thread, this: Ref<'_>, how: Ref<'_>) -> PyResult {
    let how = vm.to_c_int(how)?;
    let fd = payload(this).fd.get();
    check(vm, vm.allow_threads(|| c::shutdown(fd, how)))?;
    none()
}

/// Closes a descriptor; a connection that the other end has broken off is closed, too.
pub(super) fn close_fd(vm: &Thread, fd: i32) -> PyResult<()> {
    match vm.allow_threads(|| close_descriptor(fd)) {
        Ok(_) | Err(Errno(libc::ECONNRESET)) => Ok(()),
        Err(errno) => check(vm, Err(errno)),
    }
}

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let fd = payload(this).fd.replace(-1);
    if fd >= 0 {
        close_fd(vm, fd)?;
    }
    none()
}

fn detach(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(payload(this).fd.replace(-1)))
}

fn fileno(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(payload(this).fd.get()))
}

fn getsockname(vm: &Thread, this: Ref<'_>) -> PyResult {
    let socket = payload(this);
    address::check_family(vm, socket.place())?;
    socket.address(vm, &check(vm, c::getsockname(socket.fd.get()))?)
}

fn getpeername(vm: &Thread, this: Ref<'_>) -> PyResult {
    let socket = payload(this);
    address::check_family(vm, socket.place())?;
    socket.address(vm, &check(vm, c::getpeername(socket.fd.get()))?)
}

// ---- options ----

fn getsockopt(
    vm: &Thread,
    this: Ref<'_>,
    level: Ref<'_>,
    option: Ref<'_>,
    size: Option<Ref<'_>>,
) -> PyResult {
    let socket = payload(this);
    let (level, option) = (vm.to_i32(level)?, vm.to_i32(option)?);
    let size = size.map_or(Ok(0), |size| vm.to_i32(size))?;
    let fd = socket.fd.get();
    if size == 0 {
        if socket.family.get() == libc::AF_VSOCK {
            let mut bytes = [0; 8];
            check(vm, c::getsockopt(fd, level, option, &mut bytes))?;
            return vm.uint(u64::from_ne_bytes(bytes));
        }
        return Ok(Owned::small_int(check(vm, c::number_option(fd, level, option))?));
    }
    let Some(size) = usize::try_from(size).ok().filter(|&size| size <= 1024) else {
        return Err(vm.os_error("getsockopt buflen out of range"));
    };
    let mut buffer = vec![0; size];
    let len = check(vm, c::getsockopt(fd, level, option, &mut buffer))?;
    vm.bytes(&buffer[..len.min(size)])
}

fn setsockopt(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("socket.setsockopt() takes no keyword arguments"));
    }
    let wrong_count =
        |given: usize| vm.type_error(format_args!("setsockopt() takes exactly 3 arguments ({given} given)"));
    let (this, level, option, value, len) = match *args.positional() {
        [this, level, option, value] => (this, level, option, value, None),
        [this, level, option, value, len] if value.is_none() && vm.is_index(len) => {
            (this, level, option, value, Some(len))
        }
        ref other => return Err(wrong_count(other.len() - 1)),
    };
    let socket = payload(this);
    let (level, option) = (vm.to_i32(level)?, vm.to_i32(option)?);
    let fd = socket.fd.get();
    let done = if let Some(len) = len {
        c::setsockopt_length(fd, level, option, super::low_bits(vm, len)? as u32)
    } else if socket.family.get() == libc::AF_VSOCK && int_value(value).is_some() {
        c::setsockopt(fd, level, option, &super::low_bits(vm, value)?.to_ne_bytes())
    } else if let Some(number) = c_int(value) {
        c::setsockopt(fd, level, option, &number.to_ne_bytes())
    } else {
        let bytes = vm.copy_bytes_like(value)?;
        c::setsockopt(fd, level, option, &bytes)
    };
    check(vm, done)?;
    none()
}

/// A C int, if the value is one.
fn c_int(value: Ref<'_>) -> Option<i32> {
    int_value(value)?.to_i64().and_then(|number| i32::try_from(number).ok())
}

// ---- attributes ----

fn family(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(payload(this).family.get()))
}

fn kind(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(payload(this).kind.get()))
}

fn protocol(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(payload(this).protocol.get()))
}

fn timeout(vm: &Thread, this: Ref<'_>) -> PyResult {
    gettimeout(vm, this)
}
