//! `errno`: the numbers of the operating system's errors.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static ERRNO: ModuleDef = ModuleDef {
    doc: "The numbers of the operating system's errors, and the names by numbers in errorcode.",
    exec: Some(exec),
    ..ModuleDef::new("errno")
};

macro_rules! errors {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name),)*] };
}

/// The errors; of two names for the same number, the later one is the one that `errorcode` gives.
#[rustfmt::skip]
static ERRORS: &[(&str, i32)] = errors! {
    EDEADLK EOPNOTSUPP EWOULDBLOCK EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN
    ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY
    ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLOCK ENAMETOOLONG ENOLCK ENOSYS
    ENOTEMPTY ELOOP ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR
    EXFULL ENOANO EBADRQC EBADSLT EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV
    ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD
    ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE
    ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT ENOTSUP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE
    EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN
    ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE
    EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED
    EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
};

/// An error that is newer than the table of the crate `libc`.
const EFTYPE: (&str, i32) = ("EFTYPE", 134);

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let codes = vm.dict()?;
    for &(name, number) in ERRORS.iter().chain([&EFTYPE]) {
        let (name, number) = (vm.intern(name)?, Owned::small_int(number));
        vm.set_attr(module, name.borrow(), Some(number.borrow()))?;
        vm.set_item(codes.borrow(), number.borrow(), Some(name.borrow()))?;
    }
    vm.set_attr(module, vm.intern("errorcode")?.borrow(), Some(codes.borrow()))
}
