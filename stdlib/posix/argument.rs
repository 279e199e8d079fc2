//! Arguments of the functions of `posix` as what the system wants: paths, descriptors, ids; and its errors as `OSError`.

use std::ffi::{CStr, CString};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::c::{self, Errno};
use crate::library;

/// Which values a parameter for a path takes, and how errors name it.
#[derive(Clone, Copy)]
pub(crate) struct PathParameter {
    function: &'static str,
    name: &'static str,
    nullable: bool,
    descriptor: bool,
}

/// A parameter that takes paths.
pub(crate) const fn path(function: &'static str, name: &'static str) -> PathParameter {
    PathParameter { function, name, nullable: false, descriptor: false }
}

/// A parameter that takes paths and open files.
pub(crate) const fn path_or_fd(function: &'static str, name: &'static str) -> PathParameter {
    PathParameter { descriptor: true, ..path(function, name) }
}

/// A parameter that takes paths, open files, and None for the current directory.
pub(crate) const fn optional_path(function: &'static str, name: &'static str) -> PathParameter {
    PathParameter { nullable: true, ..path_or_fd(function, name) }
}

/// A path, or the number of an open file.
#[derive(Debug)]
pub(crate) enum Place {
    /// A path.
    Path(CString),
    /// An open file.
    Fd(i32),
}

/// The argument of a [`PathParameter`].
pub(crate) struct PathArgument {
    /// What errors show: the str or bytes object, or the int; None where the argument was left out.
    pub(crate) object: Owned,
    /// What it means.
    pub(crate) place: Place,
}

impl PathParameter {
    /// Reads the argument.
    pub(crate) fn read(&self, vm: &Thread, value: Option<Ref<'_>>) -> PyResult<PathArgument> {
        let value = value.unwrap_or(Ref::NONE);
        if self.nullable && value.is_none() {
            return Ok(PathArgument { object: Owned::none(), place: Place::Path(c".".into()) });
        }
        if self.descriptor && is_index(vm, value) {
            if value.as_bool().is_some() {
                vm.warn(&vm.exceptions().RuntimeWarning, "bool is used as a file descriptor")?;
            }
            return Ok(PathArgument { object: value.own(), place: Place::Fd(descriptor_number(vm, value)?) });
        }
        let Some(object) = vm.fspath_opt(value)? else {
            let (Self { function, name, .. }, got) = (self, vm.type_name(value));
            let expected = self.expected();
            return Err(vm.type_error(format_args!("{function}: {name} should be {expected}, not {got}")));
        };
        let bytes = vm.fs_encode(object.borrow())?;
        library::provide(vm, &bytes);
        match CString::new(bytes) {
            Ok(path) => Ok(PathArgument { object, place: Place::Path(path) }),
            Err(_) => {
                let Self { function, name, .. } = self;
                Err(vm.value_error(format_args!("{function}: embedded null character in {name}")))
            }
        }
    }

    fn expected(&self) -> &'static str {
        match (self.descriptor, self.nullable) {
            (true, true) => "string, bytes, os.PathLike, integer or None",
            (true, false) => "string, bytes, os.PathLike or integer",
            (false, true) => "string, bytes, os.PathLike or None",
            (false, false) => "string, bytes or os.PathLike",
        }
    }

    /// ValueError if the argument is an open file, and yet another argument says how to look up paths.
    pub(crate) fn refuse_with_fd(
        &self,
        vm: &Thread,
        path: &PathArgument,
        options: &PathOptions,
    ) -> PyResult<()> {
        let function = self.function;
        if !matches!(path.place, Place::Fd(_)) {
            return Ok(());
        }
        if options.dir_fd != libc::AT_FDCWD {
            return Err(
                vm.value_error(format_args!("{function}: can't specify dir_fd without matching path"))
            );
        }
        if !options.follow_symlinks {
            return Err(
                vm.value_error(format_args!("{function}: cannot use fd and follow_symlinks together"))
            );
        }
        Ok(())
    }
}

/// How paths are looked up.
pub(crate) struct PathOptions {
    pub(crate) dir_fd: i32,
    pub(crate) follow_symlinks: bool,
}

impl PathOptions {
    /// From the arguments `dir_fd` and `follow_symlinks`.
    pub(crate) fn read(
        vm: &Thread,
        dir: Option<Ref<'_>>,
        follow_symlinks: Option<Ref<'_>>,
    ) -> PyResult<Self> {
        Ok(Self { dir_fd: dir_fd(vm, dir)?, follow_symlinks: flag(vm, follow_symlinks, true)? })
    }

    /// The flag of the `…at` calls for not following a symlink.
    pub(crate) fn nofollow(&self) -> i32 {
        if self.follow_symlinks { 0 } else { libc::AT_SYMLINK_NOFOLLOW }
    }
}

impl PathArgument {
    /// The path, where the parameter takes no open files.
    pub(crate) fn c_str(&self) -> &CStr {
        match &self.place {
            Place::Path(path) => path,
            Place::Fd(_) => c"",
        }
    }

    /// The `OSError` about the path.
    #[cold]
    pub(crate) fn error(&self, vm: &Thread, errno: Errno) -> Raised {
        let object = self.object.borrow();
        vm.errno_error(errno.0, (!object.is_none()).then_some(object), None)
    }

    /// The result of a call about the path.
    pub(crate) fn check<T>(&self, vm: &Thread, result: c::Result<T>) -> PyResult<T> {
        result.map_err(|errno| self.error(vm, errno))
    }

    /// The result of a call about two paths.
    pub(crate) fn check_with<T>(&self, vm: &Thread, other: &Self, result: c::Result<T>) -> PyResult<T> {
        result
            .map_err(|errno| vm.errno_error(errno.0, Some(self.object.borrow()), Some(other.object.borrow())))
    }

    /// Whether the argument was given as bytes, so that results are bytes as well.
    pub(crate) fn is_bytes(&self) -> bool {
        self.object.borrow().downcast::<Bytes>().is_some()
    }
}

/// The result of a call that is about no file.
pub(crate) fn check<T>(vm: &Thread, result: c::Result<T>) -> PyResult<T> {
    result.map_err(|errno| vm.errno_error(errno.0, None, None))
}

/// Calls what may block, again whenever a signal interrupts it; its handlers run in between (PEP 475).
pub(crate) fn uninterrupted<T>(
    vm: &Thread,
    mut call: impl FnMut() -> c::Result<T>,
) -> PyResult<c::Result<T>> {
    loop {
        match vm.allow_threads(&mut call) {
            Err(Errno(libc::EINTR)) => vm.check_signals()?,
            result => return Ok(result),
        }
    }
}

/// As `uninterrupted`, of a call that is about no file.
pub(crate) fn blocking<T>(vm: &Thread, call: impl FnMut() -> c::Result<T>) -> PyResult<T> {
    let result = uninterrupted(vm, call)?;
    check(vm, result)
}

/// Whether a value is an int, or stands for one as an index.
pub(crate) fn is_index(vm: &Thread, value: Ref<'_>) -> bool {
    vm.is_index(value)
}

/// The number of an open file that is an int.
fn descriptor_number(vm: &Thread, value: Ref<'_>) -> PyResult<i32> {
    let number = vm.to_integer(value)?;
    number.as_ref().to_i64().and_then(|number| i32::try_from(number).ok()).ok_or_else(|| {
        let side = if number.as_ref().is_negative() { "less than minimum" } else { "greater than maximum" };
        vm.overflow_error(format_args!("fd is {side}"))
    })
}

/// The argument `dir_fd`.
pub(crate) fn dir_fd(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<i32> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(libc::AT_FDCWD) };
    if !is_index(vm, value) {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("argument should be integer or None, not {got}")));
    }
    if value.as_bool().is_some() {
        vm.warn(&vm.exceptions().RuntimeWarning, "bool is used as a file descriptor")?;
    }
    descriptor_number(vm, value)
}

/// The number of an open file: an int, or an object with `fileno()`.
pub(crate) fn file_number(vm: &Thread, value: Ref<'_>) -> PyResult<i32> {
    const WANTED: &str = "argument must be an int, or have a fileno() method.";
    let number = if int_value(value).is_some() {
        if value.as_bool().is_some() {
            vm.warn(&vm.exceptions().RuntimeWarning, "bool is used as a file descriptor")?;
        }
        vm.to_c_int(value)?
    } else {
        let name = vm.intern("fileno")?;
        let Some(fileno) = vm.get_attr_opt(value, name.borrow())? else { return Err(vm.type_error(WANTED)) };
        let number = vm.call(fileno.borrow(), &[])?;
        if int_value(number.borrow()).is_none() {
            return Err(vm.type_error("fileno() returned a non-integer"));
        }
        vm.to_c_int(number.borrow())?
    };
    if number < 0 {
        return Err(vm.value_error(format_args!("file descriptor cannot be a negative integer ({number})")));
    }
    Ok(number)
}

/// A truth value that may have been left out.
pub(crate) fn flag(vm: &Thread, value: Option<Ref<'_>>, default: bool) -> PyResult<bool> {
    value.map_or(Ok(default), |value| vm.is_true(value))
}

/// A C int that may have been left out.
pub(crate) fn int_or(vm: &Thread, value: Option<Ref<'_>>, default: i32) -> PyResult<i32> {
    value.map_or(Ok(default), |value| vm.to_c_int(value))
}

/// The id of a user or a group; -1 says that it is to stay.
pub(crate) fn id(vm: &Thread, kind: &str, value: Ref<'_>) -> PyResult<u32> {
    if !is_index(vm, value) {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("{kind} should be integer, not {got}")));
    }
    let number = vm.to_integer(value)?;
    match number.as_ref().to_i64() {
        Some(-1) => Ok(u32::MAX),
        Some(number @ 0..) if number <= i64::from(u32::MAX) => Ok(number as u32),
        // CPython calls everything too small that fits a word and no id.
        None if !number.as_ref().is_negative() => {
            Err(vm.overflow_error(format_args!("{kind} is greater than maximum")))
        }
        _ => Err(vm.overflow_error(format_args!("{kind} is less than minimum"))),
    }
}

/// An id as Python shows it: -1 for the one that stands for none.
pub(crate) fn id_object(vm: &Thread, id: u32) -> PyResult {
    vm.int(if id == u32::MAX { -1 } else { i64::from(id) })
}

/// A path-like argument without NUL, as functions take it that name no parameter: `os.fsencode`.
pub(crate) fn fs_string(vm: &Thread, value: Ref<'_>) -> PyResult<CString> {
    let path = vm.fspath(value)?;
    let bytes = vm.fs_encode(path.borrow())?;
    library::provide(vm, &bytes);
    CString::new(bytes).map_err(|_| vm.value_error("embedded null byte"))
}

/// A str argument as C takes it.
pub(crate) fn c_string(vm: &Thread, place: &str, value: Ref<'_>) -> PyResult<CString> {
    if value.downcast::<Str>().is_none() {
        let got = if value.is_none() { "None".to_owned() } else { vm.type_name(value) };
        return Err(vm.type_error(format_args!("{place} must be str, not {got}")));
    }
    CString::new(vm.utf8(value)?).map_err(|_| vm.value_error("embedded null character"))
}

/// A name that the system gives, as str, or as bytes.
pub(crate) fn name_object(vm: &Thread, name: &[u8], as_bytes: bool) -> PyResult {
    if as_bytes { vm.bytes(name) } else { vm.fs_decode(name) }
}

/// Whether an object has items by key, as far as can be told.
pub(crate) fn is_mapping(vm: &Thread, object: Ref<'_>) -> bool {
    vm.intern("keys").is_ok_and(|name| matches!(vm.get_attr_opt(object, name.borrow()), Ok(Some(_))))
}

/// The result of a method without arguments.
pub(crate) fn method(vm: &Thread, object: Ref<'_>, name: &str) -> PyResult {
    let name = vm.intern(name)?;
    vm.call_method(object, &name, &[])
}
