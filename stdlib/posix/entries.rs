//! Reading a directory.

use std::os::fd::{AsRawFd, OwnedFd};

use rustix::fs::Dir;

use super::argument::{PathArgument, Place};
use super::c::{self, Errno};

/// A directory that is being read, without the entries `.` and `..`.
pub(super) struct Entries(Dir);

/// An entry of a directory.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    /// The bits of its mode that say what it is; 0 where the file system does not say it here.
    pub(super) kind: u32,
    pub(super) inode: u64,
}

impl Entries {
    /// Opens a directory by its path, or starts again with one that is open, whose descriptor stays open afterwards.
    pub(super) fn open(directory: &PathArgument) -> c::Result<Self> {
        let fd: OwnedFd = match &directory.place {
            Place::Path(path) => {
                let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
                c::owned(c::openat(libc::AT_FDCWD, path, flags, 0)?)
            }
            Place::Fd(fd) if c::fstat(*fd)?.st_mode & libc::S_IFMT != libc::S_IFDIR => {
                return Err(Errno(libc::ENOTDIR));
            }
            Place::Fd(fd) => c::owned(c::fcntl(*fd, libc::F_DUPFD_CLOEXEC)?),
        };
        if c::fstat(fd.as_raw_fd())?.st_mode & libc::S_IFMT != libc::S_IFDIR {
            return Err(Errno(libc::ENOTDIR));
        }
        let mut dir = Dir::new(fd).map_err(errno)?;
        dir.rewind();
        Ok(Self(dir))
    }

    /// The next entry.
    pub(super) fn next(&mut self) -> c::Result<Option<Entry>> {
        loop {
            let Some(entry) = self.0.read() else { return Ok(None) };
            let entry = entry.map_err(errno)?;
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                let name = name.to_vec();
                return Ok(Some(Entry { name, kind: entry.file_type().as_raw_mode(), inode: entry.ino() }));
            }
        }
    }
}

fn errno(errno: rustix::io::Errno) -> Errno {
    Errno(errno.raw_os_error())
}
