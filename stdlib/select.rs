//! `select`: waiting for descriptors, by `select`, `poll` or `epoll`.

use crate::constants::int_constants;
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::native::*;
use pyx_vm::number::int_bytes::{self, ByteOrder};
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use crate::posix::argument::{check, file_number, int_or};
use crate::posix::c::{self, Errno, FdSet};

pub(crate) static SELECT: ModuleDef = ModuleDef {
    doc: "Waiting until files can be read or written.",
    functions: &[
        function(
            "select($module, rlist, wlist, xlist, timeout=None, /)",
            ThreeOpt(select),
            "Wait until a file of the first list can be read, one of the second written, or one of the third has news;\n\
             the result is lists of those.",
        ),
        function(
            "poll($module, /)",
            Zero(new_poll),
            "An object that waits for the files that were registered with it.",
        ),
    ],
    types: &[&EPOLL],
    exec: Some(exec),
    ..ModuleDef::new("select")
};

const CONSTANTS: &[(&str, i64)] = int_constants! {
    PIPE_BUF = 4096,
    POLLIN = 1,
    POLLPRI = 2,
    POLLOUT = 4,
    POLLERR = 8,
    POLLHUP = 16,
    POLLNVAL = 32,
    POLLRDNORM = 64,
    POLLRDBAND = 128,
    POLLWRNORM = 256,
    POLLWRBAND = 512,
    POLLMSG = 1024,
    POLLRDHUP = 8192,
    EPOLLIN = 1,
    EPOLLOUT = 4,
    EPOLLPRI = 2,
    EPOLLERR = 8,
    EPOLLHUP = 16,
    EPOLLRDHUP = 8192,
    EPOLLET = 1 << 31,
    EPOLLONESHOT = 1 << 30,
    EPOLLEXCLUSIVE = 1 << 28,
    EPOLLRDNORM = 64,
    EPOLLRDBAND = 128,
    EPOLLWRNORM = 256,
    EPOLLWRBAND = 512,
    EPOLLMSG = 1024,
    EPOLLWAKEUP = 1 << 29,
    EPOLL_CLOEXEC,
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for &(name, value) in CONSTANTS {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(vm.int(value)?.borrow()))?;
    }
    let error = vm.intern("error")?;
    vm.set_attr(module, error.borrow(), Some(vm.exceptions().OSError.borrow()))
}

// ---- time ----

/// Until when to wait; none is forever.
#[derive(Clone, Copy)]
struct Deadline(Option<Instant>);

impl Deadline {
    fn after(timeout: Option<Duration>) -> Self {
        Self(timeout.and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    fn left(self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// What is left in milliseconds, rounded up; -1 is forever.
    fn milliseconds(self) -> i32 {
        self.left().map_or(-1, |left| i32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX))
    }

    /// Calls what waits, again whenever a signal interrupts it, for what is left of the time.
    fn wait<T>(self, vm: &Thread, mut call: impl FnMut(Self) -> c::Result<T>) -> PyResult<T> {
        loop {
            match vm.allow_threads(|| call(self)) {
                Err(Errno(libc::EINTR)) => vm.check_signals()?,
                result => return check(vm, result),
            }
        }
    }
}

/// A time in units of `unit` seconds; `None` is forever, and so are negative times.
fn timeout(vm: &Thread, value: Option<Ref<'_>>, unit: f64, message: &str) -> PyResult<Option<f64>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    match vm.to_float(value)? {
        Some(time) if time.is_nan() => Err(vm.value_error("Invalid value NaN (not a number)")),
        Some(time) if time * unit < 9.2e9 => Ok(Some(time * unit)),
        Some(_) => Err(vm.overflow_error("timeout is too large")),
        None => Err(vm.type_error(message)),
    }
}

fn duration(seconds: f64) -> Duration {
    Duration::from_nanos((seconds * 1e9).ceil() as u64)
}

// ---- select ----

/// The list itself, or a list of the items of another sequence.
fn files_of(vm: &Thread, files: Ref<'_>) -> PyResult {
    if files.downcast::<List>().is_some() {
        return Ok(files.own());
    }
    vm.list(vm.collect_or(files, "arguments 1-3 must be sequences")?)
}

fn select(
    vm: &Thread,
    readers: Ref<'_>,
    writers: Ref<'_>,
    others: Ref<'_>,
    time: Option<Ref<'_>>,
) -> PyResult {
    let time = timeout(vm, time, 1.0, "timeout must be a float or None")?;
    if time.is_some_and(|time| time < 0.0) {
        return Err(vm.value_error("timeout must be non-negative"));
    }
    let mut sets = [FdSet::new(); 3];
    let mut files: [Vec<(i32, Owned)>; 3] = Default::default();
    let mut highest = -1;
    for (index, list) in [readers, writers, others].into_iter().enumerate() {
        let list = files_of(vm, list)?;
        // Asking a file for its descriptor may change the list.
        for position in 0.. {
            let Some(file) = list.borrow().downcast::<List>().and_then(|list| list.items().get(position))
            else {
                break;
            };
            let fd = file_number(vm, file.borrow())?;
            if !sets[index].insert(fd) {
                return Err(vm.value_error("filedescriptor out of range in select()"));
            }
            highest = highest.max(fd);
            files[index].push((fd, file));
        }
    }
    let mut ready = sets;
    Deadline::after(time.map(duration)).wait(vm, |deadline| {
        ready = sets;
        c::select(highest + 1, &mut ready, deadline.left())
    })?;
    let lists = files.iter().zip(&ready).map(|(files, ready)| {
        let chosen = files.iter().filter(|(fd, _)| ready.contains(*fd));
        vm.list(chosen.map(|(_, file)| file.clone()).collect())
    });
    vm.tuple(lists.collect::<PyResult<_>>()?)
}

// ---- poll ----

payload! {
    /// Files to wait for, by `poll`.
    struct Poll: Native {
        /// Descriptors and the events to wait for, in the order of registration.
        files: RefCell<Vec<(i32, u16)>>,
        waiting: Cell<bool>,
    }

    /// Files to wait for, by `epoll`.
    struct Epoll: Native {
        fd: Descriptor,
    }
}

/// The descriptor of an epoll object, which closes it; -1 when it is closed.
struct Descriptor(Cell<i32>);

pyx_vm::untraced!(Descriptor);

impl Drop for Descriptor {
    fn drop(&mut self) {
        let fd = self.0.replace(-1);
        if fd >= 0 {
            // Nobody is left to hear of an error.
            let _ = c::close(fd);
        }
    }
}

class! { Poll => POLL; Epoll => EPOLL; }

static POLL: TypeDef = TypeDef {
    module: "select",
    flags: TypeFlags { no_new: true, mutable: true, ..TypeFlags::NONE },
    methods: &[
        method(
            "register($self, fd, eventmask=select.POLLIN | select.POLLPRI | select.POLLOUT, /)",
            TwoOpt(register),
            "Wait for events of a file, too.",
        ),
        method("modify($self, fd, eventmask, /)", Three(modify), "Wait for other events of a file."),
        method("unregister($self, fd, /)", Two(unregister), "Do not wait for a file any longer."),
        method(
            "poll($self, timeout=None, /)",
            OneOpt(poll),
            "Wait, at most for so many milliseconds: a list of descriptors and their events.",
        ),
    ],
    attributes: &[MODULE],
    ..TypeDef::new::<Poll>("poll")
};

fn new_poll(vm: &Thread) -> PyResult {
    vm.new_object(Poll { files: RefCell::default(), waiting: Cell::new(false) })
}

fn poll_of(this: Ref<'_>) -> &Poll {
    this.downcast().expect("the method checks its receiver")
}

/// Events of `poll`: an unsigned short.
fn short(vm: &Thread, value: Ref<'_>) -> PyResult<u16> {
    let number = vm.to_integer(value)?;
    if number.as_ref().is_negative() {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    let mut bytes = [0; 2];
    match int_bytes::to_bytes(number.as_ref(), &mut bytes, ByteOrder::Little, false) {
        Ok(()) => Ok(u16::from_le_bytes(bytes)),
        Err(_) => Err(vm.overflow_error("Python int too large for C unsigned short")),
    }
}

fn register(vm: &Thread, this: Ref<'_>, file: Ref<'_>, events: Option<Ref<'_>>) -> PyResult {
    let fd = file_number(vm, file)?;
    let all = (libc::POLLIN | libc::POLLPRI | libc::POLLOUT) as u16;
    let events = events.map_or(Ok(all), |events| short(vm, events))?;
    let mut files = poll_of(this).files.borrow_mut();
    match files.iter_mut().find(|(known, _)| *known == fd) {
        Some(known) => known.1 = events,
        None => files.push((fd, events)),
    }
    none()
}

fn modify(vm: &Thread, this: Ref<'_>, file: Ref<'_>, events: Ref<'_>) -> PyResult {
    let fd = file_number(vm, file)?;
    let events = short(vm, events)?;
    match poll_of(this).files.borrow_mut().iter_mut().find(|(known, _)| *known == fd) {
        Some(known) => known.1 = events,
        None => return check(vm, Err(Errno(libc::ENOENT))),
    }
    none()
}

fn unregister(vm: &Thread, this: Ref<'_>, file: Ref<'_>) -> PyResult {
    let fd = file_number(vm, file)?;
    let position = poll_of(this).files.borrow().iter().position(|(known, _)| *known == fd);
    match position {
        Some(position) => _ = poll_of(this).files.borrow_mut().remove(position),
        None => return Err(vm.key_error(Owned::small_int(fd).borrow())),
    }
    none()
}

const MILLISECONDS: &str = "timeout must be an integer or None";

fn poll(vm: &Thread, this: Ref<'_>, time: Option<Ref<'_>>) -> PyResult {
    let time = timeout(vm, time, 1e-3, MILLISECONDS)?;
    let this = poll_of(this);
    if this.waiting.replace(true) {
        return Err(vm.runtime_error("concurrent poll() invocation"));
    }
    let mut fds: Vec<libc::pollfd> = this
        .files
        .borrow()
        .iter()
        .map(|&(fd, events)| libc::pollfd { fd, events: events as i16, revents: 0 })
        .collect();
    let deadline = Deadline::after(time.filter(|time| *time >= 0.0).map(duration));
    let waited = deadline.wait(vm, |deadline| c::poll(&mut fds, deadline.milliseconds()));
    this.waiting.set(false);
    waited?;
    let ready = fds.iter().filter(|fd| fd.revents != 0);
    let pairs =
        ready.map(|fd| vm.pair(Owned::small_int(fd.fd), Owned::small_int(i32::from(fd.revents as u16))));
    vm.list(pairs.collect::<PyResult<_>>()?)
}

// ---- epoll ----

static EPOLL: TypeDef = TypeDef {
    module: "select",
    flags: TypeFlags { mutable: true, ..TypeFlags::NONE },
    doc: "Files to wait for, as the kernel keeps them: waiting costs nothing for those without events.",
    methods: &[
        class_method("fromfd($type, fd, /)", Two(fromfd), "An object of a descriptor of epoll."),
        method("close($self, /)", One(close), "Close the descriptor."),
        method("fileno($self, /)", One(fileno), "The number of the descriptor."),
        method(
            "register($self, /, fd, eventmask=select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT)",
            TwoOpt(epoll_register),
            "Wait for events of a file, too.",
        ),
        method("modify($self, /, fd, eventmask)", Three(epoll_modify), "Wait for other events of a file."),
        method("unregister($self, /, fd)", Two(epoll_unregister), "Do not wait for a file any longer."),
        method(
            "poll($self, /, timeout=None, maxevents=-1)",
            OneOpt2(epoll_poll),
            "Wait, at most for so many seconds: a list of descriptors and their events.",
        ),
        method("__enter__($self, /)", One(enter), "The object itself."),
        method(
            "__exit__($self, exc_type=None, exc_value=None, exc_tb=None, /)",
            Many(exit),
            "Close the descriptor.",
        ),
    ],
    getset: &[getter("closed", closed, "Whether the descriptor is closed.")],
    slots: Slots { new: Some(new_epoll), ..Slots::NONE },
    attributes: &[MODULE, GETATTRIBUTE],
    ..TypeDef::new::<Epoll>("epoll")
};

fn new_epoll(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("epoll(sizehint=-1, flags=0)"), |arguments| {
        let size = int_or(vm, arguments.optional(0), -1)?;
        let flags = int_or(vm, arguments.optional(1), 0)?;
        if size != -1 && size <= 0 {
            return Err(vm.value_error("negative sizehint"));
        }
        if flags & !libc::EPOLL_CLOEXEC != 0 {
            return Err(vm.os_error("invalid flags"));
        }
        let fd = check(vm, c::epoll_create(libc::EPOLL_CLOEXEC))?;
        vm.new_object_of(class, Epoll { fd: Descriptor(Cell::new(fd)) })
    })
}

fn fromfd(vm: &Thread, class: Ref<'_>, fd: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    vm.new_object_of(class, Epoll { fd: Descriptor(Cell::new(fd)) })
}

fn epoll_of(this: Ref<'_>) -> &Epoll {
    this.downcast().expect("the method checks its receiver")
}

fn open_fd(vm: &Thread, this: Ref<'_>) -> PyResult<i32> {
    match epoll_of(this).fd.0.get() {
        fd if fd < 0 => Err(closed_error(vm)),
        fd => Ok(fd),
    }
}

#[cold]
fn closed_error(vm: &Thread) -> Raised {
    vm.value_error("I/O operation on closed epoll object")
}

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let fd = epoll_of(this).fd.0.replace(-1);
    if fd >= 0 {
        check(vm, vm.allow_threads(|| c::close(fd)))?;
    }
    none()
}

fn closed(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(epoll_of(this).fd.0.get() < 0))
}

fn fileno(vm: &Thread, this: Ref<'_>) -> PyResult {
    open_fd(vm, this).map(Owned::small_int)
}

fn enter(vm: &Thread, this: Ref<'_>) -> PyResult {
    open_fd(vm, this)?;
    Ok(this.own())
}

fn exit(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    close(vm, arguments.required(0))
}

fn control(vm: &Thread, this: Ref<'_>, operation: i32, file: Ref<'_>, events: u32) -> PyResult {
    let epoll = open_fd(vm, this)?;
    let fd = file_number(vm, file)?;
    check(vm, c::epoll_ctl(epoll, operation, fd, events))?;
    none()
}

fn mask(vm: &Thread, events: Ref<'_>) -> PyResult<u32> {
    Ok(vm.to_i64(events)? as u32)
}

fn epoll_register(vm: &Thread, this: Ref<'_>, file: Ref<'_>, events: Option<Ref<'_>>) -> PyResult {
    let all = (libc::EPOLLIN | libc::EPOLLPRI | libc::EPOLLOUT) as u32;
    let events = events.map_or(Ok(all), |events| mask(vm, events))?;
    control(vm, this, libc::EPOLL_CTL_ADD, file, events)
}

fn epoll_modify(vm: &Thread, this: Ref<'_>, file: Ref<'_>, events: Ref<'_>) -> PyResult {
    let events = mask(vm, events)?;
    control(vm, this, libc::EPOLL_CTL_MOD, file, events)
}

fn epoll_unregister(vm: &Thread, this: Ref<'_>, file: Ref<'_>) -> PyResult {
    control(vm, this, libc::EPOLL_CTL_DEL, file, 0)
}

fn epoll_poll(vm: &Thread, this: Ref<'_>, time: Option<Ref<'_>>, most: Option<Ref<'_>>) -> PyResult {
    let most = int_or(vm, most, -1)?;
    let epoll = open_fd(vm, this)?;
    let time = timeout(vm, time, 1.0, MILLISECONDS)?.filter(|time| *time >= 0.0);
    let most = match most {
        -1 => libc::FD_SETSIZE as i32 - 1,
        ..1 => {
            return Err(vm.value_error(format_args!("maxevents must be greater than 0, got {most}")));
        }
        most => most,
    };
    let events = Deadline::after(time.map(duration))
        .wait(vm, |deadline| c::epoll_wait(epoll, most, deadline.milliseconds()))?;
    let pairs = events.iter().map(|&(fd, events)| vm.pair(Owned::small_int(fd), vm.int(events.into())?));
    vm.list(pairs.collect::<PyResult<_>>()?)
}
