//! `posix`: the operating system's functions, which `os` is made of.
//!
//! The functions stand in files by what they are about; each file has a table, and the module's table is all of them.

pub(crate) mod argument;
pub(crate) mod c;
mod constants;
mod directory;
mod entries;
mod environment;
mod files;
mod ids;
mod pathname;
pub(crate) mod process;
mod scandir;
mod schedule;
mod spawn;
mod stat;
pub(crate) mod system;
mod terminal;
mod timer;
mod vectors;
mod xattr;

pub use process::end_process;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static POSIX: ModuleDef = ModuleDef {
    doc: "The functions of the operating system. The module os shows them, and works on other systems too.",
    functions: &FUNCTIONS,
    types: &[
        &process::WAITID_RESULT,
        &scandir::DIR_ENTRY,
        &schedule::SCHED_PARAM,
        &stat::STAT_RESULT,
        &stat::STATVFS_RESULT,
        &system::TIMES_RESULT,
        &system::UNAME_RESULT,
        &terminal::TERMINAL_SIZE,
    ],
    exec: Some(exec),
    ..ModuleDef::new("posix")
};

const FAMILIES: &[&[MethodDef]] = &[
    directory::FUNCTIONS,
    environment::FUNCTIONS,
    files::FUNCTIONS,
    ids::FUNCTIONS,
    pathname::FUNCTIONS,
    process::FUNCTIONS,
    scandir::FUNCTIONS,
    schedule::FUNCTIONS,
    spawn::FUNCTIONS,
    stat::FUNCTIONS,
    system::FUNCTIONS,
    terminal::FUNCTIONS,
    timer::FUNCTIONS,
    vectors::FUNCTIONS,
    xattr::FUNCTIONS,
];

static FUNCTIONS: [MethodDef; count(FAMILIES)] = concat(FAMILIES);

const fn count(families: &[&[MethodDef]]) -> usize {
    let (mut total, mut family) = (0, 0);
    while family < families.len() {
        total += families[family].len();
        family += 1;
    }
    total
}

/// All rows of several tables.
const fn concat<const N: usize>(families: &[&[MethodDef]]) -> [MethodDef; N] {
    let mut all = [families[0][0]; N];
    let (mut at, mut family) = (0, 0);
    while family < families.len() {
        let mut row = 0;
        while row < families[family].len() {
            all[at] = families[family][row];
            (at, row) = (at + 1, row + 1);
        }
        family += 1;
    }
    all
}

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    for &(name, value) in constants::INTS {
        set(name, vm.int(value)?)?;
    }
    for (name, table) in [
        ("pathconf_names", constants::PATHCONF_NAMES),
        ("confstr_names", constants::CONFSTR_NAMES),
        ("sysconf_names", constants::SYSCONF_NAMES),
    ] {
        set(name, names(vm, table)?)?;
    }
    let functions = constants::HAVE_FUNCTIONS.iter().map(|name| vm.str(name)).collect::<PyResult<_>>()?;
    set("_have_functions", vm.list(functions)?)?;
    set("environ", environment::create(vm)?)?;
    set("error", vm.exceptions().OSError.clone())
}

/// A dict of names and numbers.
fn names(vm: &Thread, table: &[(&str, i64)]) -> PyResult {
    let dict = vm.dict()?;
    for &(name, number) in table {
        vm.set_item(dict.borrow(), vm.intern(name)?.borrow(), Some(vm.int(number)?.borrow()))?;
    }
    Ok(dict)
}
