//! The databases of users and groups.

use super::*;

/// An account of a user.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: Vec<u8>,
    pub(crate) password: Vec<u8>,
    pub(crate) id: uid_t,
    pub(crate) group: gid_t,
    pub(crate) comment: Vec<u8>,
    pub(crate) home: Vec<u8>,
    pub(crate) shell: Vec<u8>,
}

/// A group of users.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: Vec<u8>,
    pub(crate) password: Vec<u8>,
    pub(crate) id: gid_t,
    pub(crate) members: Vec<Vec<u8>>,
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

/// # Safety
/// The texts of the struct are valid.
unsafe fn user(entry: &libc::passwd) -> User {
    // SAFETY: the caller's.
    unsafe {
        User {
            name: text(entry.pw_name),
            password: text(entry.pw_passwd),
            id: entry.pw_uid,
            group: entry.pw_gid,
            comment: text(entry.pw_gecos),
            home: text(entry.pw_dir),
            shell: text(entry.pw_shell),
        }
    }
}

/// # Safety
/// The texts of the struct are valid, and its members end with a null.
unsafe fn group(entry: &libc::group) -> Group {
    let mut members = Vec::new();
    let mut at = entry.gr_mem;
    // SAFETY: the caller's.
    unsafe {
        while !at.is_null() && !(*at).is_null() {
            members.push(text(*at));
            at = at.add(1);
        }
        Group { name: text(entry.gr_name), password: text(entry.gr_passwd), id: entry.gr_gid, members }
    }
}

/// An entry that a call looks up, with a buffer that is large enough for its texts; `None` if there is none.
fn entry<T, R>(
    call: impl Fn(*mut T, &mut [c_char], *mut *mut T) -> c_int,
    copy: impl Fn(&T) -> R,
) -> Result<Option<R>> {
    let mut buffer = vec![0; 1024];
    loop {
        let mut entry = MaybeUninit::uninit();
        let mut found = std::ptr::null_mut();
        match call(entry.as_mut_ptr(), &mut buffer, &raw mut found) {
            0 if found.is_null() => return Ok(None),
            // SAFETY: the call has filled in the struct, whose texts lie in the buffer.
            0 => return Ok(Some(copy(unsafe { &*found }))),
            libc::ERANGE if buffer.len() < 1 << 24 => buffer.resize(2 * buffer.len(), 0),
            libc::ENOENT | libc::ESRCH => return Ok(None),
            errno => return Err(Errno(errno)),
        }
    }
}

/// `getpwnam`
pub(crate) fn user_named(name: &CStr) -> Result<Option<User>> {
    entry(
        // SAFETY: the call reads a string, and writes a struct, a buffer of the size it is told, and a pointer.
        |entry, buffer, found| unsafe {
            libc::getpwnam_r(name.as_ptr(), entry, buffer.as_mut_ptr(), buffer.len(), found)
        },
        // SAFETY: the call has filled in the struct.
        |entry| unsafe { user(entry) },
    )
}

/// `getpwuid`
pub(crate) fn user_with_id(id: uid_t) -> Result<Option<User>> {
    entry(
        // SAFETY: the call writes a struct, a buffer of the size it is told, and a pointer.
        |entry, buffer, found| unsafe {
            libc::getpwuid_r(id, entry, buffer.as_mut_ptr(), buffer.len(), found)
        },
        // SAFETY: the call has filled in the struct.
        |entry| unsafe { user(entry) },
    )
}

/// `getgrnam`
pub(crate) fn group_named(name: &CStr) -> Result<Option<Group>> {
    entry(
        // SAFETY: the call reads a string, and writes a struct, a buffer of the size it is told, and a pointer.
        |entry, buffer, found| unsafe {
            libc::getgrnam_r(name.as_ptr(), entry, buffer.as_mut_ptr(), buffer.len(), found)
        },
        // SAFETY: the call has filled in the struct.
        |entry| unsafe { group(entry) },
    )
}

/// `getgrgid`
pub(crate) fn group_with_id(id: gid_t) -> Result<Option<Group>> {
    entry(
        // SAFETY: the call writes a struct, a buffer of the size it is told, and a pointer.
        |entry, buffer, found| unsafe {
            libc::getgrgid_r(id, entry, buffer.as_mut_ptr(), buffer.len(), found)
        },
        // SAFETY: the call has filled in the struct.
        |entry| unsafe { group(entry) },
    )
}

/// Guards the position in the databases, of which the C library has one for the whole process.
static WALK: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// All users.
pub(crate) fn all_users() -> Vec<User> {
    let _guard = WALK.lock();
    let mut users = Vec::new();
    // SAFETY: nobody else walks the database; each entry is valid until the next call.
    unsafe {
        libc::setpwent();
        while let Some(entry) = libc::getpwent().as_ref() {
            users.push(user(entry));
        }
        libc::endpwent();
    }
    users
}

/// All groups.
pub(crate) fn all_groups() -> Vec<Group> {
    let _guard = WALK.lock();
    let mut groups = Vec::new();
    // SAFETY: nobody else walks the database; each entry is valid until the next call.
    unsafe {
        libc::setgrent();
        while let Some(entry) = libc::getgrent().as_ref() {
            groups.push(group(entry));
        }
        libc::endgrent();
    }
    groups
}
