//! `scandir`: the entries of a directory, which know what they are without asking the system, as a rule.

use std::cell::{Cell, RefCell};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::Slot;
use pyx_vm::mutex::{Mutex, Timeout};
use pyx_vm::native::*;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

use super::argument::{Place, name_object, optional_path};
use super::c::{self, Errno};
use super::directory::{c_path, join};
use super::entries::{Entries, Entry};
use super::stat;

pub(super) const FUNCTIONS: &[MethodDef] = &[function(
    "scandir($module, /, path=None)",
    ZeroOpt(scandir),
    "An iterator over the entries of a directory, as DirEntry objects.",
)];

payload! {
    /// The iterator of a directory.
    struct Scandir: Native {
        /// What is left to read; none at the end, when it is closed, and while a thread reads.
        entries: RefCell<Option<Entries>>,
        /// Held by the thread that reads.
        reading: Mutex,
        closed: Cell<bool>,
        /// The directory as it was given; None for the current one.
        path: Owned,
        /// The directory's bytes, before the name in the paths of entries; empty where it is a descriptor.
        prefix: Vec<u8>,
        /// The descriptor that the iterator was made of.
        fd: Cell<Option<i32>>,
        as_bytes: bool,
    }

    /// An entry of a directory.
    struct DirEntry: Native {
        name: Owned,
        path: Owned,
        /// The path that the system gets.
        system_path: Vec<u8>,
        /// The directory that the path is relative to.
        directory: i32,
        /// The bits of its mode that say what it is; 0 where the directory does not say it.
        kind: u32,
        inode: u64,
        stat: Slot,
        lstat: Slot,
        /// The modes in the two results.
        stat_mode: Cell<Option<u32>>,
        lstat_mode: Cell<Option<u32>>,
    }
}

untraced!(Entries);
class! { Scandir => SCANDIR; DirEntry => DIR_ENTRY; }

static SCANDIR: TypeDef = TypeDef {
    module: "posix",
    flags: TypeFlags { no_new: true, mutable: true, ..TypeFlags::NONE },
    methods: &[
        method("__enter__($self, /)", One(enter), "The iterator itself."),
        method("__exit__($self, /, *args)", Many(exit), "Close the iterator.")
            .untold()
            .wording(Wording::Tuple),
        method("close($self, /)", One(close), "Stop reading."),
    ],
    slots: Slots { iter: Some(itself), next: Some(next), finalize: Some(finalize), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Scandir>("ScandirIterator")
};

pub(super) static DIR_ENTRY: TypeDef = TypeDef {
    module: "posix",
    flags: TypeFlags { no_new: true, mutable: true, ..TypeFlags::NONE },
    methods: &[
        method(
            "is_dir($self, /, *, follow_symlinks=True)",
            OneOpt(is_dir),
            "Whether the entry is a directory.",
        ),
        method("is_file($self, /, *, follow_symlinks=True)", OneOpt(is_file), "Whether the entry is a file."),
        method("is_symlink($self, /)", One(is_symlink), "Whether the entry is a symbolic link.")
            .wording(Wording::DefiningClass),
        method(
            "is_junction($self, /)",
            One(is_junction),
            "Whether the entry is a junction, which only Windows has.",
        ),
        method(
            "stat($self, /, *, follow_symlinks=True)",
            OneOpt(entry_stat),
            "What the system knows about the entry.",
        ),
        method("inode($self, /)", One(inode), "The entry's inode."),
        method("__fspath__($self, /)", One(path), "The entry's path."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        member("name", name, "The entry's name."),
        member("path", path, "The directory as it was given to scandir(), and the name."),
    ],
    slots: Slots { repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<DirEntry>("DirEntry")
};

fn scandir(vm: &Thread, directory: Option<Ref<'_>>) -> PyResult {
    let directory = optional_path("scandir", "path").read(vm, directory)?;
    let entries = vm.allow_threads(|| Entries::open(&directory));
    let entries = directory.check(vm, entries)?;
    let (prefix, fd) = match &directory.place {
        Place::Path(path) => (path.to_bytes().to_vec(), None),
        Place::Fd(fd) => (Vec::new(), Some(*fd)),
    };
    let as_bytes = directory.is_bytes();
    let path = directory.object;
    let entries = RefCell::new(Some(entries));
    let (reading, closed, fd) = (Mutex::default(), Cell::new(false), Cell::new(fd));
    vm.new_object(Scandir { entries, reading, closed, path, prefix, fd, as_bytes })
}

// ---- the iterator ----

fn iterator(this: Ref<'_>) -> &Scandir {
    this.downcast().expect("the method checks its receiver")
}

fn itself(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(this.own())
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let scandir = iterator(this);
    scandir.reading.acquire(vm, Timeout::Forever)?;
    let found = scandir.read(vm);
    scandir.reading.release();
    match found {
        Ok(Some(entry)) => new_entry(vm, scandir, entry).map(Some),
        Ok(None) => Ok(None),
        Err(errno) => {
            let path = scandir.path.borrow();
            Err(vm.errno_error(errno.0, (!path.is_none()).then_some(path), None))
        }
    }
}

impl Scandir {
    /// The next entry; after the last one, or an error, there is nothing more to read.
    fn read(&self, vm: &Thread) -> super::c::Result<Option<Entry>> {
        let Some(mut entries) = self.entries.take() else { return Ok(None) };
        let found = vm.allow_threads(|| entries.next());
        if matches!(found, Ok(Some(_))) && !self.closed.get() {
            self.entries.replace(Some(entries));
        }
        found
    }
}

fn close(_: &Thread, this: Ref<'_>) -> PyResult {
    iterator(this).closed.set(true);
    iterator(this).entries.take();
    none()
}

fn enter(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(this.own())
}

fn exit(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    close(vm, arguments.required(0))
}

fn finalize(vm: &Thread, this: Ref<'_>) {
    if iterator(this).entries.take().is_none() {
        return;
    }
    let warned = vm.repr_string(this).and_then(|repr| {
        vm.warn_about(&vm.exceptions().ResourceWarning, &format!("unclosed scandir iterator {repr}"), this)
    });
    if let Err(raised) = warned {
        vm.unraisable(raised, None, Some(this));
    }
}

// ---- the entries ----

/// The kind of an entry of which the directory does not say what it is.
const UNKNOWN: u32 = 0;

fn new_entry(vm: &Thread, scandir: &Scandir, Entry { name, kind, inode }: Entry) -> PyResult {
    let relative_to_fd = scandir.fd.get().is_some();
    let path = if relative_to_fd || scandir.path.borrow().is_none() {
        // The current directory is not shown as `./`, unless it was given so.
        name.clone()
    } else {
        join(&scandir.prefix, &name)
    };
    let shown = if scandir.path.borrow().is_none() { join(b".", &name) } else { path.clone() };
    vm.new_object(DirEntry {
        name: name_object(vm, &name, scandir.as_bytes)?,
        path: name_object(vm, &shown, scandir.as_bytes)?,
        system_path: path,
        directory: scandir.fd.get().unwrap_or(libc::AT_FDCWD),
        kind,
        inode,
        stat: Slot::empty(),
        lstat: Slot::empty(),
        stat_mode: Cell::new(None),
        lstat_mode: Cell::new(None),
    })
}

fn entry(this: Ref<'_>) -> &DirEntry {
    this.downcast().expect("the method checks its receiver")
}

impl DirEntry {
    /// The result of `stat`, kept for the next time, and the mode in it.
    fn stat(&self, vm: &Thread, follow_symlinks: bool) -> PyResult<(Owned, u32)> {
        let of_link = !follow_symlinks || !self.is_symlink(vm)?;
        let (slot, mode) =
            if of_link { (&self.lstat, &self.lstat_mode) } else { (&self.stat, &self.stat_mode) };
        if let (Some(result), Some(mode)) = (slot.get(), mode.get()) {
            return Ok((result, mode));
        }
        let flags = if of_link { libc::AT_SYMLINK_NOFOLLOW } else { 0 };
        let path = c_path(self.system_path.clone());
        let found = vm.allow_threads(|| c::fstatat(self.directory, &path, flags));
        let found = found.map_err(|errno| self.error(vm, errno))?;
        let result = stat::result(vm, &found)?;
        mode.set(Some(found.st_mode));
        slot.set(result.clone());
        Ok((result, found.st_mode))
    }

    fn error(&self, vm: &Thread, errno: Errno) -> Raised {
        vm.errno_error(errno.0, Some(self.path.borrow()), None)
    }

    fn is_symlink(&self, vm: &Thread) -> PyResult<bool> {
        self.is(vm, libc::S_IFLNK, false)
    }

    /// Whether the entry is of a kind; one that is gone is of none.
    fn is(&self, vm: &Thread, kind: u32, follow_symlinks: bool) -> PyResult<bool> {
        match self.kind {
            UNKNOWN => {}
            libc::S_IFLNK if follow_symlinks => {}
            known => return Ok(known == kind),
        }
        match self.stat(vm, follow_symlinks) {
            Ok((_, mode)) => Ok(mode & libc::S_IFMT == kind),
            Err(raised) if raised.is(&vm.exceptions().FileNotFoundError) => Ok(false),
            Err(raised) => Err(raised),
        }
    }
}

fn follow(vm: &Thread, follow_symlinks: Option<Ref<'_>>) -> PyResult<bool> {
    super::argument::flag(vm, follow_symlinks, true)
}

fn is_dir(vm: &Thread, this: Ref<'_>, follow_symlinks: Option<Ref<'_>>) -> PyResult {
    entry(this).is(vm, libc::S_IFDIR, follow(vm, follow_symlinks)?).map(Owned::bool)
}

fn is_file(vm: &Thread, this: Ref<'_>, follow_symlinks: Option<Ref<'_>>) -> PyResult {
    entry(this).is(vm, libc::S_IFREG, follow(vm, follow_symlinks)?).map(Owned::bool)
}

fn is_symlink(vm: &Thread, this: Ref<'_>) -> PyResult {
    entry(this).is_symlink(vm).map(Owned::bool)
}

fn is_junction(_: &Thread, _: Ref<'_>) -> PyResult {
    Ok(Owned::bool(false))
}

fn entry_stat(vm: &Thread, this: Ref<'_>, follow_symlinks: Option<Ref<'_>>) -> PyResult {
    let follow_symlinks = follow(vm, follow_symlinks)?;
    entry(this).stat(vm, follow_symlinks).map(|(result, _)| result)
}

fn inode(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.uint(entry(this).inode)
}

fn name(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(entry(this).name.clone())
}

fn path(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(entry(this).path.clone())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let name = vm.repr(entry(this).name.borrow())?;
    let mut text = pyx_vm::text::wtf8::TextBuf::from("<DirEntry ");
    text.push_text(name.borrow().downcast::<pyx_vm::heap::inline::Str>().expect("a repr").text());
    text.push_str(">");
    vm.text(text.as_text())
}
