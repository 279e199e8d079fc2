//! The system as a whole: its names, limits, clocks, and sources of randomness.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::struct_sequence;
use pyx_vm::types::exception::os_error;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{Place, blocking, check, is_index, path_or_fd};
use super::c::{self, Errno};
use super::constants;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("uname($module, /)", Zero(uname), "The names of the system, the machine and the version."),
    function(
        "times($module, /)",
        Zero(times),
        "The processor time that the process and its children have used.",
    ),
    function(
        "getloadavg($module, /)",
        Zero(getloadavg),
        "The number of processes that wanted to run in the last 1, 5 and 15 minutes.",
    ),
    function("cpu_count($module, /)", Zero(cpu_count), "The number of processors; None if it is unknown."),
    function("sysconf($module, name, /)", One(sysconf), "A limit or property of the system."),
    function("confstr($module, name, /)", One(confstr), "A text property of the system."),
    function("pathconf($module, /, path, name)", Two(pathconf), "A limit or property of a file."),
    function("fpathconf($module, fd, name, /)", Two(fpathconf), "A limit or property of an open file."),
    function("urandom($module, size, /)", One(urandom), "Random bytes, good enough for cryptography."),
    function("getrandom($module, /, size, flags=0)", OneOpt(getrandom), "Random bytes from the kernel."),
    function("strerror($module, code, /)", One(strerror), "What an error number means."),
    function("makedev($module, major, minor, /)", Two(makedev), "The number of a device."),
    function("major($module, device, /)", One(major), "The major part of a device's number."),
    function("minor($module, device, /)", One(minor), "The minor part of a device's number."),
];

struct_sequence! {
    /// `os.uname_result`
    pub(super) static UNAME_RESULT: "posix", "uname_result", "The names of the system; a tuple with attributes.";
    visible {
        sysname: "of the operating system",
        nodename: "of the machine in its network",
        release: "of the operating system's release",
        version: "of the operating system's version",
        machine: "of the hardware",
    }
}

struct_sequence! {
    /// `os.times_result`
    pub(super) static TIMES_RESULT: "posix", "times_result", "Times that a process has used, in seconds; a tuple with attributes.";
    visible {
        user: "in the program",
        system: "in the kernel",
        children_user: "in the programs of children",
        children_system: "in the kernel for children",
        elapsed: "since some point in the past",
    }
}

fn uname(vm: &Thread) -> PyResult {
    let names = rustix::system::uname();
    let parts = [names.sysname(), names.nodename(), names.release(), names.version(), names.machine()];
    let items: Vec<Owned> =
        parts.iter().map(|part| vm.fs_decode(part.to_bytes())).collect::<PyResult<_>>()?;
    vm.struct_sequence(&UNAME_RESULT, &items)
}

fn times(vm: &Thread) -> PyResult {
    let (times, elapsed) = check(vm, c::times())?;
    let ticks = c::sysconf(libc::_SC_CLK_TCK).unwrap_or(100) as f64;
    let seconds = [times.tms_utime, times.tms_stime, times.tms_cutime, times.tms_cstime, elapsed];
    let items: Vec<Owned> =
        seconds.iter().map(|&value| vm.float(value as f64 / ticks)).collect::<PyResult<_>>()?;
    vm.struct_sequence(&TIMES_RESULT, &items)
}

fn getloadavg(vm: &Thread) -> PyResult {
    match c::getloadavg() {
        Some([one, five, fifteen]) => vm.tuple_array([vm.float(one)?, vm.float(five)?, vm.float(fifteen)?]),
        None => Err(vm.os_error("Load averages are unobtainable")),
    }
}

fn cpu_count(vm: &Thread) -> PyResult {
    if let Some(count) = vm.config().cpu_count {
        return vm.int(count.into());
    }
    match c::sysconf(libc::_SC_NPROCESSORS_ONLN) {
        Ok(count @ 1..) => vm.int(count),
        _ => none(),
    }
}

/// The number of a property, by its name in a table or as it is.
fn property(vm: &Thread, table: &[(&str, i64)], name: Ref<'_>) -> PyResult<i32> {
    if let Some(text) = name.downcast::<Str>() {
        let found = table.iter().find(|(known, _)| text.as_str() == Some(known));
        return match found {
            Some((_, number)) => Ok(*number as i32),
            None => Err(vm.value_error("unrecognized configuration name")),
        };
    }
    if !is_index(vm, name) {
        return Err(vm.type_error("configuration names must be strings or integers"));
    }
    vm.to_c_int(name)
}

fn sysconf(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = property(vm, constants::SYSCONF_NAMES, name)?;
    vm.int(check(vm, c::sysconf(name))?)
}

fn confstr(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = property(vm, constants::CONFSTR_NAMES, name)?;
    match check(vm, c::confstr(name))? {
        Some(value) => vm.fs_decode(&value),
        None => none(),
    }
}

/// The version of the library that threads come from, such as `NPTL 2.42`.
pub(crate) fn thread_library() -> Option<String> {
    #[cfg(target_env = "gnu")]
    return c::confstr(libc::_CS_GNU_LIBPTHREAD_VERSION)
        .ok()
        .flatten()
        .and_then(|text| String::from_utf8(text).ok());
    #[cfg(not(target_env = "gnu"))]
    None
}

fn pathconf(vm: &Thread, place: Ref<'_>, name: Ref<'_>) -> PyResult {
    let place = path_or_fd("pathconf", "path").read(vm, Some(place))?;
    let name = property(vm, constants::PATHCONF_NAMES, name)?;
    let limit = match &place.place {
        Place::Path(path) => c::limit(|| c::pathconf(path, name)),
        Place::Fd(fd) => c::limit(|| c::fpathconf(*fd, name)),
    };
    vm.int(place.check(vm, limit)?)
}

fn fpathconf(vm: &Thread, fd: Ref<'_>, name: Ref<'_>) -> PyResult {
    let fd = super::argument::file_number(vm, fd)?;
    let name = property(vm, constants::PATHCONF_NAMES, name)?;
    vm.int(check(vm, c::limit(|| c::fpathconf(fd, name)))?)
}

/// A buffer of zeros, or MemoryError.
fn zeros(vm: &Thread, size: usize) -> PyResult<Vec<u8>> {
    let mut buffer = Vec::new();
    if buffer.try_reserve_exact(size).is_err() {
        return Err(vm.memory_error());
    }
    buffer.resize(size, 0);
    Ok(buffer)
}

fn urandom(vm: &Thread, size: Ref<'_>) -> PyResult {
    let Ok(size) = usize::try_from(vm.to_isize(size)?) else {
        return Err(vm.value_error("negative argument not allowed"));
    };
    let mut buffer = zeros(vm, size)?;
    match vm.allow_threads(|| getrandom::fill(&mut buffer)) {
        Ok(()) => vm.bytes(&buffer),
        Err(error) => check(vm, Err(Errno(error.raw_os_error().unwrap_or(libc::EIO)))),
    }
}

fn getrandom(vm: &Thread, size: Ref<'_>, flags: Option<Ref<'_>>) -> PyResult {
    let size = vm.to_isize(size)?;
    let flags = super::argument::int_or(vm, flags, 0)?;
    let Ok(size) = usize::try_from(size) else { return check(vm, Err(Errno(libc::EINVAL))) };
    let mut buffer = zeros(vm, size)?;
    let given = blocking(vm, || c::getrandom(&mut buffer, flags as u32))?;
    vm.bytes(&buffer[..given])
}

fn strerror(vm: &Thread, code: Ref<'_>) -> PyResult {
    let code = vm.to_c_int(code)?;
    vm.str(&os_error::strerror(code))
}

/// The number of a device, or of a part of it; -1 is none.
pub(super) fn device(vm: &Thread, value: Ref<'_>) -> PyResult<u64> {
    let number = vm.to_integer(value)?;
    if number.as_ref().to_i64() == Some(-1) {
        return Ok(u64::MAX);
    }
    unsigned(vm, value, "can't convert negative int to unsigned", "int too big to convert")
}

/// A word without a sign.
pub(super) fn unsigned_word(vm: &Thread, value: Ref<'_>) -> PyResult<u64> {
    unsigned(
        vm,
        value,
        "can't convert negative value to unsigned int",
        "Python int too large to convert to C unsigned long",
    )
}

fn unsigned(vm: &Thread, value: Ref<'_>, negative: &str, large: &str) -> PyResult<u64> {
    let number = vm.to_integer(value)?;
    if number.as_ref().is_negative() {
        return Err(vm.overflow_error(negative));
    }
    let mut bytes = [0; 8];
    let fits = pyx_vm::number::int_bytes::to_bytes(
        number.as_ref(),
        &mut bytes,
        pyx_vm::number::int_bytes::ByteOrder::Little,
        false,
    );
    match fits {
        Ok(()) => Ok(u64::from_le_bytes(bytes)),
        Err(_) => Err(vm.overflow_error(large)),
    }
}

fn part(vm: &Thread, part: u32) -> PyResult {
    vm.int(if part == u32::MAX { -1 } else { i64::from(part) })
}

fn makedev(vm: &Thread, major: Ref<'_>, minor: Ref<'_>) -> PyResult {
    let part = |value: Ref<'_>| {
        let number = device(vm, value)?;
        if number != u64::MAX && u32::try_from(number).is_err() {
            return Err(vm.overflow_error("Python int too large to convert to C unsigned int"));
        }
        Ok(number as u32)
    };
    let number = libc::makedev(part(major)?, part(minor)?);
    if number == u64::MAX { vm.int(-1) } else { vm.uint(number) }
}

fn major(vm: &Thread, number: Ref<'_>) -> PyResult {
    let number = device(vm, number)?;
    part(vm, libc::major(number))
}

fn minor(vm: &Thread, number: Ref<'_>) -> PyResult {
    let number = device(vm, number)?;
    part(vm, libc::minor(number))
}

/// Whether a value is an int.
pub(super) fn is_int(value: Ref<'_>) -> bool {
    int_value(value).is_some()
}
