//! `_stat`: what the bits of a file's mode mean.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static STAT: ModuleDef = ModuleDef {
    doc: "What the bits of a file's mode mean, and the positions of the items of os.stat_result.",
    functions: &[
        function("S_IFMT($self, object, /)", One(s_ifmt), "The bits that tell the type of the file."),
        function("S_IMODE($self, object, /)", One(s_imode), "The bits that os.chmod() can set."),
        function("S_ISBLK($self, object, /)", One(is::<BLK>), "Whether the mode is that of a block device."),
        function(
            "S_ISCHR($self, object, /)",
            One(is::<CHR>),
            "Whether the mode is that of a character device.",
        ),
        function("S_ISDIR($self, object, /)", One(is::<DIR>), "Whether the mode is that of a directory."),
        function("S_ISDOOR($self, object, /)", One(is::<NOTHING>), "Whether the mode is that of a door."),
        function("S_ISFIFO($self, object, /)", One(is::<FIFO>), "Whether the mode is that of a named pipe."),
        function("S_ISLNK($self, object, /)", One(is::<LNK>), "Whether the mode is that of a symbolic link."),
        function(
            "S_ISPORT($self, object, /)",
            One(is::<NOTHING>),
            "Whether the mode is that of an event port.",
        ),
        function("S_ISREG($self, object, /)", One(is::<REG>), "Whether the mode is that of a regular file."),
        function("S_ISSOCK($self, object, /)", One(is::<SOCK>), "Whether the mode is that of a socket."),
        function("S_ISWHT($self, object, /)", One(is::<NOTHING>), "Whether the mode is that of a whiteout."),
        function("filemode($self, object, /)", One(filemode), "The mode as ls -l shows it: '-rwxr-xr-x'."),
    ],
    exec: Some(exec),
    ..ModuleDef::new("_stat")
};

const FMT: u32 = 0o170_000;
const SOCK: u32 = 0o140_000;
const LNK: u32 = 0o120_000;
const REG: u32 = 0o100_000;
const BLK: u32 = 0o060_000;
const DIR: u32 = 0o040_000;
const CHR: u32 = 0o020_000;
const FIFO: u32 = 0o010_000;
/// Types of files that this system does not have.
const NOTHING: u32 = 0;

static CONSTANTS: &[(&str, u32)] = &[
    ("S_IFDIR", DIR),
    ("S_IFCHR", CHR),
    ("S_IFBLK", BLK),
    ("S_IFREG", REG),
    ("S_IFIFO", FIFO),
    ("S_IFLNK", LNK),
    ("S_IFSOCK", SOCK),
    ("S_IFDOOR", NOTHING),
    ("S_IFPORT", NOTHING),
    ("S_IFWHT", NOTHING),
    ("S_ISUID", 0o4000),
    ("S_ISGID", 0o2000),
    ("S_ISVTX", 0o1000),
    ("S_ENFMT", 0o2000),
    ("S_IREAD", 0o400),
    ("S_IWRITE", 0o200),
    ("S_IEXEC", 0o100),
    ("S_IRWXU", 0o700),
    ("S_IRUSR", 0o400),
    ("S_IWUSR", 0o200),
    ("S_IXUSR", 0o100),
    ("S_IRWXG", 0o070),
    ("S_IRGRP", 0o040),
    ("S_IWGRP", 0o020),
    ("S_IXGRP", 0o010),
    ("S_IRWXO", 0o007),
    ("S_IROTH", 0o004),
    ("S_IWOTH", 0o002),
    ("S_IXOTH", 0o001),
    ("UF_SETTABLE", 0x0000_ffff),
    ("UF_NODUMP", 0x0000_0001),
    ("UF_IMMUTABLE", 0x0000_0002),
    ("UF_APPEND", 0x0000_0004),
    ("UF_OPAQUE", 0x0000_0008),
    ("UF_NOUNLINK", 0x0000_0010),
    ("UF_COMPRESSED", 0x0000_0020),
    ("UF_TRACKED", 0x0000_0040),
    ("UF_DATAVAULT", 0x0000_0080),
    ("UF_HIDDEN", 0x0000_8000),
    ("SF_SETTABLE", 0xffff_0000),
    ("SF_ARCHIVED", 0x0001_0000),
    ("SF_IMMUTABLE", 0x0002_0000),
    ("SF_APPEND", 0x0004_0000),
    ("SF_NOUNLINK", 0x0010_0000),
    ("SF_SNAPSHOT", 0x0020_0000),
    ("SF_FIRMLINK", 0x0080_0000),
    ("SF_DATALESS", 0x4000_0000),
    ("ST_MODE", 0),
    ("ST_INO", 1),
    ("ST_DEV", 2),
    ("ST_NLINK", 3),
    ("ST_UID", 4),
    ("ST_GID", 5),
    ("ST_SIZE", 6),
    ("ST_ATIME", 7),
    ("ST_MTIME", 8),
    ("ST_CTIME", 9),
];

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for &(name, value) in CONSTANTS {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(vm.int(i64::from(value))?.borrow()))?;
    }
    Ok(())
}

/// A mode as the system has it: an unsigned number of 32 bits.
fn mode(vm: &Thread, object: Ref<'_>) -> PyResult<u32> {
    let value = vm.to_integer(object)?;
    if value.as_ref().is_negative() {
        return Err(vm.overflow_error("can't convert negative value to unsigned int"));
    }
    if value.as_ref().bit_length() > 64 {
        return Err(vm.overflow_error("Python int too large to convert to C unsigned long"));
    }
    let mode = value.as_ref().to_i64().and_then(|mode| u32::try_from(mode).ok());
    mode.ok_or_else(|| vm.overflow_error("mode out of range"))
}

fn s_ifmt(vm: &Thread, object: Ref<'_>) -> PyResult {
    vm.uint(u64::from(mode(vm, object)? & FMT))
}

fn s_imode(vm: &Thread, object: Ref<'_>) -> PyResult {
    vm.uint(u64::from(mode(vm, object)? & 0o7777))
}

/// Whether a mode is of this type.
fn is<const TYPE: u32>(vm: &Thread, object: Ref<'_>) -> PyResult {
    let mode = mode(vm, object)?;
    Ok(Owned::bool(TYPE != NOTHING && mode & FMT == TYPE))
}

fn filemode(vm: &Thread, object: Ref<'_>) -> PyResult {
    let mode = mode(vm, object)?;
    let kind = match mode & FMT {
        SOCK => 's',
        LNK => 'l',
        REG => '-',
        BLK => 'b',
        DIR => 'd',
        CHR => 'c',
        FIFO => 'p',
        _ => '?',
    };
    let mut text = String::from(kind);
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (mode & special != 0, bits & 1 != 0) {
            (true, true) => letter,
            (true, false) => letter.to_ascii_uppercase(),
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    vm.str(&text)
}
