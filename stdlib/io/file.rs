//! `FileIO`: a descriptor as a file without a buffer.

use std::cell::Cell;

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::base::{self, RAW_IO_BASE};
use super::buffer;
use super::support::{self, get_opt, set, size_argument, unsupported};
use crate::posix::argument::{check, fs_string, uninterrupted};
use crate::posix::c::{self, Errno};

payload! {
    /// A file without a buffer.
    pub(super) struct FileIo: Native {
        /// The descriptor; -1 when it is closed.
        fd: Cell<i32>,
        created: Cell<bool>,
        readable: Cell<bool>,
        writable: Cell<bool>,
        appending: Cell<bool>,
        /// Whether the position can be moved, once somebody wanted to know.
        seekable: Cell<Option<bool>>,
        /// Whether closing the file closes the descriptor.
        closefd: Cell<bool>,
        /// Whether the file is closed because it ends.
        pub(super) finalizing: Cell<bool>,
        block_size: Cell<u32>,
        /// Size and mode when the file was opened.
        at_open: Cell<Option<AtOpen>>,
    }
}

#[derive(Clone, Copy)]
struct AtOpen {
    size: i64,
    mode: u32,
}

pyx_vm::untraced!(AtOpen);
class! { FileIo => FILE_IO; }

pub(super) static FILE_IO: TypeDef = TypeDef {
    module: "_io",
    base: Some(&RAW_IO_BASE),
    flags: TypeFlags { base: true, dict: true, weakref: true, ..TypeFlags::NONE },
    signature: "(file, mode='r', closefd=True, opener=None)",
    doc: "An open file without a buffer, of bytes. The mode is one of r, w, x, a, and may have a + for both ways.",
    methods: &[
        method(
            "read($self, size=-1, /)",
            OneOpt(read),
            "Read at most so many bytes, by one call of the system.",
        )
        .wording(Wording::DefiningClass),
        method("readall($self, /)", One(readall), "Read until the end, or what there is without waiting."),
        method("readinto($self, buffer, /)", Two(readinto), "Read into a buffer.")
            .wording(Wording::DefiningClass),
        method("write($self, b, /)", Two(write), "Write bytes, by one call of the system.")
            .wording(Wording::DefiningClass),
        method("seek($self, pos, whence=0, /)", TwoOpt(seek), "Move to another position."),
        method("tell($self, /)", One(tell), "The position."),
        method(
            "truncate($self, size=None, /)",
            OneOpt(truncate),
            "Cut the file off at a size, or at the position.",
        )
        .wording(Wording::DefiningClass),
        method("close($self, /)", One(close), "Close the file.").wording(Wording::DefiningClass),
        method("seekable($self, /)", One(seekable), "Whether the position can be moved."),
        method("readable($self, /)", One(readable), "Whether the file was opened for reading."),
        method("writable($self, /)", One(writable), "Whether the file was opened for writing."),
        method("fileno($self, /)", One(fileno), "The number of the descriptor."),
        method("isatty($self, /)", One(isatty), "Whether the file is a terminal."),
        method(
            "_isatty_open_only($self, /)",
            One(isatty_at_open),
            "Whether the file was a terminal when it was opened.",
        ),
        method("_dealloc_warn($self, object, /)", Two(dealloc_warn), "Warn that the file was not closed."),
        method("__getstate__($self, /)", One(support::refuse_pickle), "Refuses to pickle the file."),
    ],
    getset: &[
        getter("closed", closed, "Whether the file is closed."),
        getter("closefd", closefd, "Whether closing the file closes the descriptor."),
        getter("mode", mode, "How the file was opened."),
        getter("_blksize", block_size, "The preferred size of reads and writes."),
        GetSet { name: "_finalizing", get: finalizing, set: Some(set_finalizing), doc: "", member: true },
    ],
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<FileIo>("FileIO")
};

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    vm.new_object_of(
        class,
        FileIo {
            fd: Cell::new(-1),
            created: Cell::new(false),
            readable: Cell::new(false),
            writable: Cell::new(false),
            appending: Cell::new(false),
            seekable: Cell::new(None),
            closefd: Cell::new(true),
            finalizing: Cell::new(false),
            block_size: Cell::new(0),
            at_open: Cell::new(None),
        },
    )
}

fn payload(this: Ref<'_>) -> &FileIo {
    this.downcast().expect("the method checks its receiver")
}

// ---- opening ----

/// How a file is to be opened.
#[derive(Default)]
struct Mode {
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
    /// The flags for a file that is made, or written anew.
    making: i32,
}

impl Mode {
    fn parse(vm: &Thread, text: &str) -> PyResult<Self> {
        let (mut kinds, mut pluses) = (0, 0);
        let mut mode = Self::default();
        for character in text.chars() {
            let kind = match character {
                'r' => Self { readable: true, ..Self::default() },
                'w' => Self { writable: true, making: libc::O_CREAT | libc::O_TRUNC, ..Self::default() },
                'x' => Self {
                    created: true,
                    writable: true,
                    making: libc::O_CREAT | libc::O_EXCL,
                    ..Self::default()
                },
                'a' => Self {
                    appending: true,
                    writable: true,
                    making: libc::O_CREAT | libc::O_APPEND,
                    ..Self::default()
                },
                '+' => {
                    pluses += 1;
                    continue;
                }
                'b' => continue,
                _ => return Err(vm.value_error(format_args!("invalid mode: {text}"))),
            };
            kinds += 1;
            mode = kind;
        }
        if kinds != 1 || pluses > 1 {
            return Err(
                vm.value_error("Must have exactly one of create/read/write/append mode and at most one plus")
            );
        }
        if pluses == 1 {
            (mode.readable, mode.writable) = (true, true);
        }
        Ok(mode)
    }

    fn flags(&self) -> i32 {
        let ways = match (self.readable, self.writable) {
            (true, true) => libc::O_RDWR,
            (true, false) => libc::O_RDONLY,
            _ => libc::O_WRONLY,
        };
        ways | self.making | libc::O_CLOEXEC
    }
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("FileIO(file, mode='r', closefd=True, opener=None)"), |arguments| {
        let mode = match arguments.optional(1) {
            Some(mode) => vm.str_argument("FileIO() argument 'mode'", mode)?.as_str().unwrap_or("\u{fffd}"),
            None => "r",
        };
        let closefd = arguments.optional(2).map_or(Ok(true), |closefd| vm.is_true(closefd))?;
        let opener = arguments.optional(3).filter(|opener| !opener.is_none());
        open(vm, this, arguments.required(0), mode, closefd, opener)
    })
}

fn open(
    vm: &Thread,
    this: Ref<'_>,
    name: Ref<'_>,
    mode_text: &str,
    closefd: bool,
    opener: Option<Ref<'_>>,
) -> PyResult<()> {
    let file = payload(this);
    if file.fd.get() >= 0 {
        // A second __init__ lets go of the first file.
        if file.closefd.get() {
            close_descriptor(vm, file)?;
        }
        file.fd.set(-1);
    }
    let given = given_descriptor(vm, name)?;
    let path = if given.is_none() { Some(fs_string(vm, name)?) } else { None };
    let mode = Mode::parse(vm, mode_text)?;
    file.created.set(mode.created);
    file.readable.set(mode.readable);
    file.writable.set(mode.writable);
    file.appending.set(mode.appending);
    file.seekable.set(None);
    file.closefd.set(closefd);
    match (given, path) {
        (Some(fd), _) => file.fd.set(fd),
        (None, _) if !closefd => {
            return Err(vm.value_error("Cannot use closefd=False with file name"));
        }
        (None, path) => {
            let fd = match opener {
                Some(opener) => opened(vm, opener, name, mode.flags())?,
                None => {
                    let path = path.unwrap_or_default();
                    let result = uninterrupted(vm, || c::openat(libc::AT_FDCWD, &path, mode.flags(), 0o666))?;
                    result.map_err(|errno| vm.errno_error(errno.0, Some(name), None))?
                }
            };
            file.fd.set(fd);
        }
    }
    let finished = finish_opening(vm, this, name);
    if finished.is_err() {
        // The caller goes on owning a descriptor that it gave.
        if given.is_none() {
            let _ = c::close(file.fd.get());
        }
        file.fd.set(-1);
    }
    finished
}

/// The number of a descriptor, if that is what is to be opened.
fn given_descriptor(vm: &Thread, name: Ref<'_>) -> PyResult<Option<i32>> {
    let Some(number) = int_value(name) else { return Ok(None) };
    if name.as_bool().is_some() {
        vm.warn(&vm.exceptions().RuntimeWarning, "bool is used as a file descriptor")?;
    }
    match number.to_i64().and_then(|number| i32::try_from(number).ok()) {
        Some(fd) if fd < 0 => Err(vm.value_error("negative file descriptor")),
        fd => Ok(fd),
    }
}

/// What an opener gives.
fn opened(vm: &Thread, opener: Ref<'_>, name: Ref<'_>, flags: i32) -> PyResult<i32> {
    let fd = vm.call(opener, &[name, Owned::small_int(flags).borrow()])?;
    if int_value(fd.borrow()).is_none() {
        return Err(vm.type_error("expected integer from opener"));
    }
    let fd = vm.to_c_int(fd.borrow())?;
    if fd < 0 {
        return Err(vm.value_error(format_args!("opener returned {fd}")));
    }
    check(vm, c::set_cloexec(fd, true))?;
    Ok(fd)
}

fn finish_opening(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult<()> {
    let file = payload(this);
    file.block_size.set(8192);
    let fd = file.fd.get();
    match vm.allow_threads(|| c::fstat(fd)) {
        Err(Errno(libc::EBADF)) => return check(vm, Err(Errno(libc::EBADF))),
        Err(_) => {}
        Ok(stat) if stat.st_mode & libc::S_IFMT == libc::S_IFDIR => {
            return Err(vm.errno_error(libc::EISDIR, Some(name), None));
        }
        Ok(stat) => {
            if stat.st_blksize > 1 {
                file.block_size.set(u32::try_from(stat.st_blksize).unwrap_or(8192));
            }
            file.at_open.set(Some(AtOpen { size: stat.st_size, mode: stat.st_mode }));
        }
    }
    set(vm, this, "name", name)?;
    if file.appending.get() {
        match c::lseek(file.fd.get(), 0, libc::SEEK_END) {
            // A pipe has no position, and is written at its end anyway.
            Ok(_) | Err(Errno(libc::ESPIPE)) => {}
            Err(errno) => return check(vm, Err(errno)),
        }
    }
    Ok(())
}

// ---- closing ----

/// Closes the descriptor. That succeeds even if a signal interrupts the call.
fn close_descriptor(vm: &Thread, file: &FileIo) -> PyResult<()> {
    let fd = file.fd.replace(-1);
    match vm.allow_threads(|| c::close(fd)) {
        Ok(_) | Err(Errno(libc::EINTR)) => Ok(()),
        Err(errno) => check(vm, Err(errno)),
    }
}

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    // The base class flushes, which a subclass may need.
    let flushed = base::close(vm, this);
    if !file.closefd.get() {
        file.fd.set(-1);
        return flushed;
    }
    if file.finalizing.get() {
        dealloc_warn(vm, this, this)?;
    }
    let closed = if file.fd.get() >= 0 { close_descriptor(vm, file) } else { Ok(()) };
    match (flushed, closed) {
        (Err(first), Err(second)) => Err(support::chained(vm, first, second)),
        (flushed, closed) => {
            flushed?;
            closed?;
            none()
        }
    }
}

fn dealloc_warn(vm: &Thread, this: Ref<'_>, source: Ref<'_>) -> PyResult {
    let file = payload(this);
    if file.fd.get() >= 0 && file.closefd.get() {
        support::warn_unclosed(vm, source);
    }
    none()
}

// ---- state ----

#[cold]
fn closed_error(vm: &Thread) -> Raised {
    vm.value_error("I/O operation on closed file")
}

impl FileIo {
    /// The descriptor of an open file.
    fn open_fd(&self, vm: &Thread) -> PyResult<i32> {
        match self.fd.get() {
            -1 => Err(closed_error(vm)),
            fd => Ok(fd),
        }
    }

    fn fd_to_read(&self, vm: &Thread) -> PyResult<i32> {
        let fd = self.open_fd(vm)?;
        if self.readable.get() { Ok(fd) } else { Err(unsupported(vm, "File not open for reading")) }
    }

    fn fd_to_write(&self, vm: &Thread) -> PyResult<i32> {
        let fd = self.open_fd(vm)?;
        if self.writable.get() { Ok(fd) } else { Err(unsupported(vm, "File not open for writing")) }
    }

    /// Whether the file is closed.
    pub(super) fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }

    fn mode_text(&self) -> &'static str {
        match (self.created.get(), self.appending.get(), self.readable.get(), self.writable.get()) {
            (true, _, true, _) => "xb+",
            (true, _, false, _) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, false, _) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, false) => "rb",
            _ => "wb",
        }
    }
}

fn closed(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).is_closed()))
}

fn closefd(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).closefd.get()))
}

fn mode(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str(payload(this).mode_text())
}

fn block_size(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.int(payload(this).block_size.get().into())
}

fn finalizing(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).finalizing.get()))
}

fn set_finalizing(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    payload(this).finalizing.set(support::bool_member(vm, value)?);
    Ok(())
}

fn fileno(vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).open_fd(vm).map(Owned::small_int)
}

fn readable(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    file.open_fd(vm)?;
    Ok(Owned::bool(file.readable.get()))
}

fn writable(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    file.open_fd(vm)?;
    Ok(Owned::bool(file.writable.get()))
}

fn seekable(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    let fd = file.open_fd(vm)?;
    if file.seekable.get().is_none() {
        file.seekable.set(Some(c::lseek(fd, 0, libc::SEEK_CUR).is_ok()));
    }
    Ok(Owned::bool(file.seekable.get() == Some(true)))
}

fn isatty(vm: &Thread, this: Ref<'_>) -> PyResult {
    let fd = payload(this).open_fd(vm)?;
    Ok(Owned::bool(c::isatty(fd) != 0))
}

fn isatty_at_open(vm: &Thread, this: Ref<'_>) -> PyResult {
    if is_surely_no_terminal(this) { Ok(Owned::bool(false)) } else { isatty(vm, this) }
}

/// Whether the file was no character device when it was opened.
fn is_surely_no_terminal(this: Ref<'_>) -> bool {
    payload(this).at_open.get().is_some_and(|at_open| at_open.mode & libc::S_IFMT != libc::S_IFCHR)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    let class = vm.class_name(vm.class(this));
    if file.is_closed() {
        return vm.str(&format!("<{class} [closed]>"));
    }
    let (mode, closefd) = (file.mode_text(), if file.closefd.get() { "True" } else { "False" });
    let mut text = pyx_vm::text::wtf8::TextBuf::from(&*format!("<{class} "));
    match get_opt(vm, this, "name")? {
        None => text.push_str(&format!("fd={}", file.fd.get())),
        Some(name) => {
            if !vm.repr_enter(this) {
                return Err(vm.runtime_error(format_args!("reentrant call inside {class}.__repr__")));
            }
            let name = vm.repr(name.borrow());
            vm.repr_leave(this);
            text.push_str("name=");
            text.push_text(name?.borrow().downcast::<Str>().expect("a repr").text());
        }
    }
    text.push_str(&format!(" mode='{mode}' closefd={closefd}>"));
    vm.text(text.as_text())
}

// ---- reading and writing ----

/// The kernel moves no more bytes than this at once.
const MOST: usize = 0x7fff_f000;

/// The result of a call that may have found nothing to do without waiting: `None` then.
fn unless_blocked<T>(vm: &Thread, result: c::Result<T>) -> PyResult<Option<T>> {
    match result {
        Err(Errno(libc::EAGAIN)) => Ok(None),
        result => check(vm, result).map(Some),
    }
}

/// Reads into memory; `None` if that would block.
pub(super) fn read_into(vm: &Thread, this: Ref<'_>, memory: &mut [u8]) -> PyResult<Option<usize>> {
    let fd = payload(this).fd_to_read(vm)?;
    let len = memory.len().min(MOST);
    let memory = &mut memory[..len];
    let result = uninterrupted(vm, || c::read(fd, memory))?;
    unless_blocked(vm, result)
}

/// Writes from memory; `None` if that would block.
pub(super) fn write_from(vm: &Thread, this: Ref<'_>, bytes: &[u8]) -> PyResult<Option<usize>> {
    let fd = payload(this).fd_to_write(vm)?;
    let bytes = &bytes[..bytes.len().min(MOST)];
    let result = uninterrupted(vm, || c::write(fd, bytes))?;
    unless_blocked(vm, result)
}

fn read(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let file = payload(this);
    let fd = file.fd_to_read(vm)?;
    let Ok(size) = usize::try_from(size_argument(vm, size)?) else { return readall(vm, this) };
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(size.min(MOST)).is_err() {
        return Err(vm.memory_error());
    }
    let result = uninterrupted(vm, || c::read_to_vec(fd, &mut bytes))?;
    let read = unless_blocked(vm, result)?;
    vm.check_signals()?;
    match read {
        Some(_) => vm.bytes(&bytes),
        None => none(),
    }
}

/// Reads until the end; `None` if there is nothing without waiting.
pub(super) fn read_to_end(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Vec<u8>>> {
    let file = payload(this);
    let fd = file.open_fd(vm)?;
    let mut bytes: Vec<u8> = Vec::new();
    let mut room = rest_of_file(file, fd).unwrap_or(16 * 1024);
    loop {
        if bytes.try_reserve_exact(room).is_err() {
            return Err(vm.memory_error());
        }
        let result = uninterrupted(vm, || c::read_to_vec(fd, &mut bytes))?;
        match unless_blocked(vm, result)? {
            Some(0) => return Ok(Some(bytes)),
            Some(_) => {}
            None if bytes.is_empty() => return Ok(None),
            None => return Ok(Some(bytes)),
        }
        // Nearly full: the file is longer than it seemed.
        room = if bytes.capacity() > bytes.len() { 0 } else { bytes.len().clamp(8192, 1 << 26) };
    }
}

/// What is left of a regular file, and one byte more, so that the end is found without growing.
fn rest_of_file(file: &FileIo, fd: i32) -> Option<usize> {
    let size = file.at_open.get()?.size;
    if size <= 0 {
        return None;
    }
    // Small files are not asked for their position: that costs more than the memory.
    let position = if size > 65536 { c::lseek(fd, 0, libc::SEEK_CUR).ok()? } else { 0 };
    usize::try_from(size - position).ok().map(|rest| rest + 1)
}

fn readall(vm: &Thread, this: Ref<'_>) -> PyResult {
    match read_to_end(vm, this)? {
        Some(bytes) => vm.bytes(&bytes),
        None => none(),
    }
}

fn readinto(vm: &Thread, this: Ref<'_>, into: Ref<'_>) -> PyResult {
    let file = payload(this);
    let into = buffer::Writable::new(vm, "readinto() argument 1", into)?;
    file.fd_to_read(vm)?;
    match into.fill(vm, |memory| read_into(vm, this, memory))? {
        Some(count) => vm.size(count),
        None => none(),
    }
}

fn write(vm: &Thread, this: Ref<'_>, bytes: Ref<'_>) -> PyResult {
    payload(this).fd_to_write(vm)?;
    let written = buffer::with_bytes(vm, bytes, |bytes| write_from(vm, this, bytes))??;
    // A signal that comes when something was written interrupts the call, which does not say so.
    vm.check_signals()?;
    match written {
        Some(count) => vm.size(count),
        None => none(),
    }
}

// ---- position ----

/// Moves the position.
pub(super) fn seek_to(vm: &Thread, this: Ref<'_>, position: i64, whence: i32) -> PyResult<i64> {
    let file = payload(this);
    let fd = file.open_fd(vm)?;
    let result = vm.allow_threads(|| c::lseek(fd, position, whence));
    if file.seekable.get().is_none() {
        file.seekable.set(Some(result.is_ok()));
    }
    check(vm, result)
}

fn seek(vm: &Thread, this: Ref<'_>, position: Ref<'_>, whence: Option<Ref<'_>>) -> PyResult {
    let whence = whence.map_or(Ok(0), |whence| vm.to_c_int(whence))?;
    payload(this).open_fd(vm)?;
    let position = vm.to_i64(position)?;
    vm.int(seek_to(vm, this, position, whence)?)
}

fn tell(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.int(seek_to(vm, this, 0, libc::SEEK_CUR)?)
}

fn truncate(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let fd = payload(this).fd_to_write(vm)?;
    let size = match size.filter(|size| !size.is_none()) {
        Some(size) => size.own(),
        None => tell(vm, this)?,
    };
    let length = vm.to_i64(size.borrow())?;
    let result = uninterrupted(vm, || c::ftruncate(fd, length))?;
    check(vm, result)?;
    // What it was when it was opened no longer says how much there is to read.
    if let Some(at_open) = payload(this).at_open.get() {
        payload(this).at_open.set(Some(AtOpen { size: length, ..at_open }));
    }
    Ok(size)
}

/// Whether an object is exactly a `FileIO`.
pub(super) fn is_exact(vm: &Thread, object: Ref<'_>) -> bool {
    object.downcast::<FileIo>().is_some()
        && vm.class_of(&FILE_IO).is_ok_and(|class| vm.class(object).is(class.borrow()))
}

/// The payload of what may be a file without a buffer.
pub(super) fn as_file(object: Ref<'_>) -> Option<&FileIo> {
    object.downcast()
}
