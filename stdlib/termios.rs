//! `termios`: the settings of terminals.
//!
//! Speeds are the numbers that the C library's functions take, which are not those of bits per second.

use crate::constants::int_constants;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Bytes;
use pyx_vm::native::*;
use pyx_vm::types::exception::Exception;
use pyx_vm::types::exception::os_error::strerror;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::posix::argument::{file_number, uninterrupted};
use crate::posix::c::{self, Errno};

pub(crate) static TERMIOS: ModuleDef = ModuleDef {
    doc: "The settings of terminals. Arguments named fd are descriptors, or files that have one.",
    functions: &[
        function(
            "tcgetattr($module, fd, /)",
            One(tcgetattr),
            "The settings of a terminal: [iflag, oflag, cflag, lflag, ispeed, ospeed, cc].",
        ),
        function(
            "tcsetattr($module, fd, when, attributes, /)",
            Three(tcsetattr),
            "Change the settings of a terminal.",
        ),
        function("tcsendbreak($module, fd, duration, /)", Two(tcsendbreak), "Send a break."),
        function("tcdrain($module, fd, /)", One(tcdrain), "Wait until all output is written."),
        function("tcflush($module, fd, queue, /)", Two(tcflush), "Discard what waits to be read or written."),
        function("tcflow($module, fd, action, /)", Two(tcflow), "Stop or restart input or output."),
        function(
            "tcgetwinsize($module, fd, /)",
            One(tcgetwinsize),
            "The size of a terminal: rows and columns.",
        ),
        function("tcsetwinsize($module, fd, winsize, /)", Two(tcsetwinsize), "Set the size of a terminal."),
    ],
    exec: Some(exec),
    ..ModuleDef::new("termios")
};

static ERROR: TypeDef = TypeDef {
    module: "termios",
    flags: TypeFlags {
        base: true,
        dict: true,
        weakref: true,
        mutable: true,
        python: true,
        ..TypeFlags::NONE
    },
    attributes: &[MODULE],
    ..TypeDef::new::<Exception>("error")
};

/// The class `termios.error`.
fn error_class(vm: &Thread) -> PyResult {
    vm.class_with_bases(&ERROR, std::slice::from_ref(&vm.exceptions().Exception))
}

#[cold]
fn error(vm: &Thread, errno: Errno) -> Raised {
    let make = || {
        let (number, text) = (Owned::small_int(errno.0), vm.str(&strerror(errno.0))?);
        Ok(vm.error_with(&error_class(vm)?, &[number.borrow(), text.borrow()]))
    };
    make().unwrap_or_else(|raised: Raised| raised)
}

fn check<T>(vm: &Thread, result: c::Result<T>) -> PyResult<T> {
    result.map_err(|errno| error(vm, errno))
}

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for &(name, value) in CONSTANTS {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(vm.int(value)?.borrow()))?;
    }
    let name = vm.intern("error")?;
    vm.set_attr(module, name.borrow(), Some(error_class(vm)?.borrow()))
}

fn done(vm: &Thread, result: c::Result<i32>) -> PyResult {
    check(vm, result)?;
    none()
}

fn tcgetattr(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let settings = check(vm, c::tcgetattr(fd))?;
    let (input, output) = c::speeds(&settings);
    let raw = settings.c_lflag & libc::ICANON == 0;
    let mut characters = Vec::new();
    for (index, &character) in settings.c_cc.iter().enumerate() {
        // Without lines, these two are a count and a time.
        let is_number = raw && matches!(index, libc::VMIN | libc::VTIME);
        characters.push(if is_number { Owned::small_int(character.into()) } else { vm.bytes(&[character])? });
    }
    vm.list(vec![
        vm.int(settings.c_iflag.into())?,
        vm.int(settings.c_oflag.into())?,
        vm.int(settings.c_cflag.into())?,
        vm.int(settings.c_lflag.into())?,
        vm.int(input.into())?,
        vm.int(output.into())?,
        vm.list(characters)?,
    ])
}

/// The items of a list of so many.
fn items(list: Ref<'_>, count: usize) -> Option<Vec<Owned>> {
    let items = list.downcast::<List>()?.items();
    (items.len() == count).then(|| items.to_vec(0, count))
}

fn tcsetattr(vm: &Thread, fd: Ref<'_>, when: Ref<'_>, attributes: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let when = vm.to_c_int(when)?;
    let Some(attributes) = items(attributes, 7) else {
        return Err(vm.type_error("tcsetattr, arg 3: must be 7 element list"));
    };
    let mut settings = check(vm, c::tcgetattr(fd))?;
    let word = |index: usize| vm.to_i64(attributes[index].borrow()).map(|word| word as u32);
    settings.c_iflag = word(0)?;
    settings.c_oflag = word(1)?;
    settings.c_cflag = word(2)?;
    settings.c_lflag = word(3)?;
    let (input, output) = (word(4)?, word(5)?);
    let Some(characters) = items(attributes[6].borrow(), libc::NCCS) else {
        let count = libc::NCCS;
        return Err(vm.type_error(format_args!("tcsetattr: attributes[6] must be {count} element list")));
    };
    for (slot, character) in settings.c_cc.iter_mut().zip(&characters) {
        *slot = match character.borrow().downcast::<Bytes>().map(Bytes::as_bytes) {
            Some(&[character]) => character,
            None if vm.is_index(character.borrow()) => vm.to_i64(character.borrow())? as u8,
            _ => {
                return Err(vm.type_error(
                    "tcsetattr: elements of attributes must be bytes objects of length 1 or integers",
                ));
            }
        };
    }
    check(vm, c::set_speeds(&mut settings, input, output))?;
    let result = uninterrupted(vm, || c::tcsetattr(fd, when, &settings))?;
    done(vm, result)
}

fn tcsendbreak(vm: &Thread, fd: Ref<'_>, duration: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let duration = vm.to_c_int(duration)?;
    done(vm, vm.allow_threads(|| c::tcsendbreak(fd, duration)))
}

fn tcdrain(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let result = uninterrupted(vm, || c::tcdrain(fd))?;
    done(vm, result)
}

fn tcflush(vm: &Thread, fd: Ref<'_>, queue: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let queue = vm.to_c_int(queue)?;
    done(vm, vm.allow_threads(|| c::tcflush(fd, queue)))
}

fn tcflow(vm: &Thread, fd: Ref<'_>, action: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let action = vm.to_c_int(action)?;
    done(vm, vm.allow_threads(|| c::tcflow(fd, action)))
}

fn tcgetwinsize(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let size = check(vm, c::window_size(file_number(vm, fd)?))?;
    vm.pair(Owned::small_int(size.ws_row.into()), Owned::small_int(size.ws_col.into()))
}

fn tcsetwinsize(vm: &Thread, fd: Ref<'_>, size: Ref<'_>) -> PyResult {
    const WANTED: &str = "tcsetwinsize, arg 2: must be a two-item sequence";
    let fd = file_number(vm, fd)?;
    if !vm.is_sequence(size) {
        return Err(vm.type_error(WANTED));
    }
    let items = vm.collect(size)?;
    let [rows, columns] = &items[..] else { return Err(vm.type_error(WANTED)) };
    let number = |value: &Owned| {
        u16::try_from(vm.to_i64(value.borrow())?)
            .map_err(|_| vm.overflow_error("winsize value(s) out of range."))
    };
    let (rows, columns) = (number(rows)?, number(columns)?);
    let mut new = check(vm, c::window_size(fd))?;
    (new.ws_row, new.ws_col) = (rows, columns);
    done(vm, c::set_window_size(fd, &new))
}

const CONSTANTS: &[(&str, i64)] = int_constants! {
    B0,
    B1000000,
    B110,
    B115200,
    B1152000,
    B1200,
    B134,
    B150,
    B1500000,
    B1800,
    B19200,
    B200,
    B2000000,
    B230400,
    B2400,
    B2500000,
    B300,
    B3000000,
    B3500000,
    B38400,
    B4000000,
    B460800,
    B4800,
    B50,
    B500000,
    B57600,
    B576000,
    B600,
    B75,
    B921600,
    B9600,
    BRKINT = 2,
    BS0 = 0,
    BS1 = 8192,
    BSDLY = 8192,
    CBAUD = 4111,
    CBAUDEX = 4096,
    CDSUSP = 25,
    CEOF = 4,
    CEOL = 0,
    CEOT = 4,
    CERASE = 127,
    CFLUSH = 15,
    CIBAUD = 0x100f0000,
    CINTR = 3,
    CKILL = 21,
    CLNEXT = 22,
    CLOCAL = 2048,
    CQUIT = 28,
    CR0 = 0,
    CR1 = 512,
    CR2 = 1024,
    CR3 = 1536,
    CRDLY = 1536,
    CREAD = 128,
    CRPRNT = 18,
    CRTSCTS = 0x80000000,
    CS5 = 0,
    CS6 = 16,
    CS7 = 32,
    CS8 = 48,
    CSIZE = 48,
    CSTART = 17,
    CSTOP = 19,
    CSTOPB = 64,
    CSUSP = 26,
    CWERASE = 23,
    ECHO = 8,
    ECHOCTL = 512,
    ECHOE = 16,
    ECHOK = 32,
    ECHOKE = 2048,
    ECHONL = 64,
    ECHOPRT = 1024,
    EXTA = libc::B19200 as i64,
    EXTB = libc::B38400 as i64,
    EXTPROC = 0x10000,
    FF0 = 0,
    FF1 = 32768,
    FFDLY = 32768,
    FIOASYNC = 21586,
    FIOCLEX = 21585,
    FIONBIO = 21537,
    FIONCLEX = 21584,
    FIONREAD = 21531,
    FLUSHO = 4096,
    HUPCL = 1024,
    IBSHIFT = 16,
    ICANON = 2,
    ICRNL = 256,
    IEXTEN = 32768,
    IGNBRK = 1,
    IGNCR = 128,
    IGNPAR = 4,
    IMAXBEL = 8192,
    INLCR = 64,
    INPCK = 16,
    IOCSIZE_MASK = 0x3fff0000,
    IOCSIZE_SHIFT = 16,
    ISIG = 1,
    ISTRIP = 32,
    IUCLC = 512,
    IUTF8 = 16384,
    IXANY = 2048,
    IXOFF = 4096,
    IXON = 1024,
    NCCS = 32,
    NL0 = 0,
    NL1 = 256,
    NLDLY = 256,
    NOFLSH = 128,
    N_MOUSE = 2,
    N_PPP = 3,
    N_SLIP = 1,
    N_STRIP = 4,
    N_TTY = 0,
    OCRNL = 8,
    OFDEL = 128,
    OFILL = 64,
    OLCUC = 2,
    ONLCR = 4,
    ONLRET = 32,
    ONOCR = 16,
    OPOST = 1,
    PARENB = 256,
    PARMRK = 8,
    PARODD = 512,
    PENDIN = 16384,
    TAB0 = 0,
    TAB1 = 2048,
    TAB2 = 4096,
    TAB3 = 6144,
    TABDLY = 6144,
    TCFLSH = 21515,
    TCGETS = 21505,
    TCIFLUSH = 0,
    TCIOFF = 2,
    TCIOFLUSH = 2,
    TCION = 3,
    TCOFLUSH = 1,
    TCOOFF = 0,
    TCOON = 1,
    TCSADRAIN = 1,
    TCSAFLUSH = 2,
    TCSANOW = 0,
    TCSBRK = 21513,
    TCSBRKP = 21541,
    TCSETS = 21506,
    TCSETSF = 21508,
    TCSETSW = 21507,
    TCXONC = 21514,
    TIOCCONS = 21533,
    TIOCEXCL = 21516,
    TIOCGETD = 21540,
    TIOCGICOUNT = 21597,
    TIOCGLCKTRMIOS = 21590,
    TIOCGPGRP = 21519,
    TIOCGSERIAL = 21534,
    TIOCGSOFTCAR = 21529,
    TIOCGWINSZ = 21523,
    TIOCINQ = 21531,
    TIOCLINUX = 21532,
    TIOCMBIC = 21527,
    TIOCMBIS = 21526,
    TIOCMGET = 21525,
    TIOCMIWAIT = 21596,
    TIOCMSET = 21528,
    TIOCM_CAR = 64,
    TIOCM_CD = 64,
    TIOCM_CTS = 32,
    TIOCM_DSR = 256,
    TIOCM_DTR = 2,
    TIOCM_LE = 1,
    TIOCM_RI = 128,
    TIOCM_RNG = 128,
    TIOCM_RTS = 4,
    TIOCM_SR = 16,
    TIOCM_ST = 8,
    TIOCNOTTY = 21538,
    TIOCNXCL = 21517,
    TIOCOUTQ = 21521,
    TIOCPKT = 21536,
    TIOCPKT_DATA = 0,
    TIOCPKT_DOSTOP = 32,
    TIOCPKT_FLUSHREAD = 1,
    TIOCPKT_FLUSHWRITE = 2,
    TIOCPKT_NOSTOP = 16,
    TIOCPKT_START = 8,
    TIOCPKT_STOP = 4,
    TIOCSCTTY = 21518,
    TIOCSERCONFIG = 21587,
    TIOCSERGETLSR = 21593,
    TIOCSERGETMULTI = 21594,
    TIOCSERGSTRUCT = 21592,
    TIOCSERGWILD = 21588,
    TIOCSERSETMULTI = 21595,
    TIOCSERSWILD = 21589,
    TIOCSER_TEMT = 1,
    TIOCSETD = 21539,
    TIOCSLCKTRMIOS = 21591,
    TIOCSPGRP = 21520,
    TIOCSSERIAL = 21535,
    TIOCSSOFTCAR = 21530,
    TIOCSTI = 21522,
    TIOCSWINSZ = 21524,
    TOSTOP = 256,
    VDISCARD = 13,
    VEOF = 4,
    VEOL = 11,
    VEOL2 = 16,
    VERASE = 2,
    VINTR = 0,
    VKILL = 3,
    VLNEXT = 15,
    VMIN = 6,
    VQUIT = 1,
    VREPRINT = 12,
    VSTART = 8,
    VSTOP = 9,
    VSUSP = 10,
    VSWTC = 7,
    VSWTCH = 7,
    VT0 = 0,
    VT1 = 16384,
    VTDLY = 16384,
    VTIME = 5,
    VWERASE = 14,
    XCASE = 4,
    XTABS = 6144,
    _POSIX_VDISABLE = 0,
};
