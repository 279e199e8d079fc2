//! `pwd`: the accounts of users.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::posix::argument::{check, fs_string, id, id_object};
use crate::posix::c::{self, User};

pub(crate) static PWD: ModuleDef = ModuleDef {
    doc: "The accounts of users.",
    functions: &[
        function("getpwuid($module, uidobj, /)", One(getpwuid), "The account of a user, by the id."),
        function("getpwnam($module, name, /)", One(getpwnam), "The account of a user, by the name."),
        function("getpwall($module, /)", Zero(getpwall), "All accounts, in any order."),
    ],
    types: &[&STRUCT_PASSWD],
    ..ModuleDef::new("pwd")
};

struct_sequence! {
    /// `pwd.struct_passwd`
    static STRUCT_PASSWD: "pwd", "struct_passwd", "The account of a user; a tuple with attributes.";
    visible {
        pw_name: "the user's name",
        pw_passwd: "the password, or a mark that it is elsewhere",
        pw_uid: "the user's id",
        pw_gid: "the id of the user's group",
        pw_gecos: "the user's full name, or another comment",
        pw_dir: "the user's directory",
        pw_shell: "the user's shell",
    }
}

fn account(vm: &Thread, user: &User) -> PyResult {
    let items = [
        vm.fs_decode(&user.name)?,
        vm.fs_decode(&user.password)?,
        id_object(vm, user.id)?,
        id_object(vm, user.group)?,
        vm.fs_decode(&user.comment)?,
        vm.fs_decode(&user.home)?,
        vm.fs_decode(&user.shell)?,
    ];
    vm.struct_sequence(&STRUCT_PASSWD, &items)
}

fn getpwuid(vm: &Thread, user: Ref<'_>) -> PyResult {
    let number = match id(vm, "uid", user) {
        Ok(number) => number,
        Err(raised) if raised.is(&vm.exceptions().OverflowError) => {
            return Err(vm.error(&vm.exceptions().KeyError, "getpwuid(): uid not found"));
        }
        Err(raised) => return Err(raised),
    };
    match check(vm, vm.allow_threads(|| c::user_with_id(number)))? {
        Some(user) => account(vm, &user),
        None => {
            let user = vm.str_string(user)?;
            Err(vm.error(&vm.exceptions().KeyError, format_args!("getpwuid(): uid not found: {user}")))
        }
    }
}

fn getpwnam(vm: &Thread, name: Ref<'_>) -> PyResult {
    vm.str_argument("getpwnam() argument", name)?;
    let text = fs_string(vm, name)?;
    match check(vm, vm.allow_threads(|| c::user_named(&text)))? {
        Some(user) => account(vm, &user),
        None => {
            let name = vm.repr_string(name)?;
            Err(vm.error(&vm.exceptions().KeyError, format_args!("getpwnam(): name not found: {name}")))
        }
    }
}

fn getpwall(vm: &Thread) -> PyResult {
    let accounts: Vec<Owned> =
        c::all_users().iter().map(|user| account(vm, user)).collect::<PyResult<_>>()?;
    vm.list(accounts)
}
