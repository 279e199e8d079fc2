//! `grp`: the groups of users.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::posix::argument::{check, fs_string, id, id_object};
use crate::posix::c::{self, Group};

pub(crate) static GRP: ModuleDef = ModuleDef {
    doc: "The groups of users.",
    functions: &[
        function("getgrgid($module, /, id)", One(getgrgid), "A group, by the id."),
        function("getgrnam($module, /, name)", One(getgrnam), "A group, by the name."),
        function("getgrall($module, /)", Zero(getgrall), "All groups, in any order."),
    ],
    types: &[&STRUCT_GROUP],
    ..ModuleDef::new("grp")
};

struct_sequence! {
    /// `grp.struct_group`
    static STRUCT_GROUP: "grp", "struct_group", "A group of users; a tuple with attributes.";
    visible {
        gr_name: "the group's name",
        gr_passwd: "the password, or a mark that it is elsewhere",
        gr_gid: "the group's id",
        gr_mem: "the names of its members",
    }
}

fn entry(vm: &Thread, group: &Group) -> PyResult {
    let members: Vec<Owned> =
        group.members.iter().map(|member| vm.fs_decode(member)).collect::<PyResult<_>>()?;
    let items = [
        vm.fs_decode(&group.name)?,
        vm.fs_decode(&group.password)?,
        id_object(vm, group.id)?,
        vm.list(members)?,
    ];
    vm.struct_sequence(&STRUCT_GROUP, &items)
}

fn getgrgid(vm: &Thread, group: Ref<'_>) -> PyResult {
    let number = id(vm, "gid", group)?;
    match check(vm, vm.allow_threads(|| c::group_with_id(number)))? {
        Some(group) => entry(vm, &group),
        None => {
            let group = vm.str_string(group)?;
            Err(vm.error(&vm.exceptions().KeyError, format_args!("getgrgid(): gid not found: {group}")))
        }
    }
}

fn getgrnam(vm: &Thread, name: Ref<'_>) -> PyResult {
    vm.str_argument("getgrnam() argument 'name'", name)?;
    let text = fs_string(vm, name)?;
    match check(vm, vm.allow_threads(|| c::group_named(&text)))? {
        Some(group) => entry(vm, &group),
        None => {
            let name = vm.repr_string(name)?;
            Err(vm.error(&vm.exceptions().KeyError, format_args!("getgrnam(): name not found: {name}")))
        }
    }
}

fn getgrall(vm: &Thread) -> PyResult {
    let groups: Vec<Owned> = c::all_groups().iter().map(|group| entry(vm, group)).collect::<PyResult<_>>()?;
    vm.list(groups)
}
