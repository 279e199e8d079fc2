//! `posix_spawn`.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{flag, fs_string, is_mapping, path};
use super::c::{self, FileAction, SpawnAttributes};
use super::process::{environment, program_arguments};
use super::schedule;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function(
        "posix_spawn($module, path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, \
         setsigmask=(), setsigdef=(), scheduler=None)",
        Many(posix_spawn),
        "Run a program in a new process; the result is its id.",
    ),
    function(
        "posix_spawnp($module, path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, \
         setsigmask=(), setsigdef=(), scheduler=None)",
        Many(posix_spawnp),
        "Run a program, which is looked for along PATH, in a new process; the result is its id.",
    ),
];

fn posix_spawn(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    spawn(vm, "posix_spawn", false, arguments)
}

fn posix_spawnp(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    spawn(vm, "posix_spawnp", true, arguments)
}

fn spawn(vm: &Thread, function: &'static str, search: bool, arguments: &Bound<'_>) -> PyResult {
    let program = path(function, "path").read(vm, arguments.optional(0))?;
    let items = sequence(vm, arguments.required(1), || format!("{function}: argv must be a tuple or list"))?;
    if items.is_empty() {
        return Err(vm.value_error(format_args!("{function}: argv must not be empty")));
    }
    let env = arguments.required(2);
    if !env.is_none() && !is_mapping(vm, env) {
        return Err(vm.type_error(format_args!("{function}: environment must be a mapping object or None")));
    }
    let program_arguments = program_arguments(vm, &items)?;
    if program_arguments[0].is_empty() {
        return Err(vm.value_error(format_args!("{function}: argv first element cannot be empty")));
    }
    let env = if env.is_none() { None } else { Some(environment(vm, env)?) };
    let actions = match arguments.optional(3).filter(|actions| !actions.is_none()) {
        Some(actions) => file_actions(vm, actions)?,
        None => Vec::new(),
    };
    let attributes = attributes(vm, arguments)?;
    let result = vm.allow_threads(|| {
        c::spawn(program.c_str(), search, &program_arguments, env.as_deref(), &actions, &attributes)
    });
    Ok(Owned::small_int(program.check(vm, result)?))
}

/// The items of a tuple or list.
fn sequence(vm: &Thread, value: Ref<'_>, message: impl FnOnce() -> String) -> PyResult<Vec<Owned>> {
    if value.downcast::<Tuple>().is_none() && value.downcast::<pyx_vm::types::list::List>().is_none() {
        return Err(vm.type_error(message()));
    }
    vm.collect(value)
}

fn file_actions(vm: &Thread, actions: Ref<'_>) -> PyResult<Vec<FileAction>> {
    if !vm.is_sequence(actions) {
        return Err(vm.type_error("file_actions must be a sequence or None"));
    }
    vm.collect(actions)?.iter().map(|action| file_action(vm, action.borrow())).collect()
}

fn file_action(vm: &Thread, action: Ref<'_>) -> PyResult<FileAction> {
    let Some([tag, rest @ ..]) = action.downcast::<Tuple>().map(Tuple::as_slice) else {
        return Err(vm.type_error("Each file_actions element must be a non-empty tuple"));
    };
    let number = |index: usize| vm.to_c_int(rest[index].borrow());
    match (vm.to_i64(tag.borrow())?, rest.len()) {
        (0, 4) => {
            Ok(FileAction::Open(number(0)?, fs_string(vm, rest[1].borrow())?, number(2)?, number(3)? as u32))
        }
        (0, _) => Err(vm.type_error("A open file_action tuple must have 5 elements")),
        (1, 1) => Ok(FileAction::Close(number(0)?)),
        (1, _) => Err(vm.type_error("A close file_action tuple must have 2 elements")),
        (2, 2) => Ok(FileAction::Dup2(number(0)?, number(1)?)),
        (2, _) => Err(vm.type_error("A dup2 file_action tuple must have 3 elements")),
        (3, 1) => Ok(FileAction::CloseFrom(number(0)?)),
        (3, _) => Err(vm.type_error("A closefrom file_action tuple must have 2 elements")),
        _ => Err(vm.type_error("Unknown file_actions identifier")),
    }
}

fn attributes(vm: &Thread, arguments: &Bound<'_>) -> PyResult<SpawnAttributes> {
    let group = match arguments.optional(4).filter(|group| !group.is_none()) {
        Some(group) => Some(vm.to_c_int(group)?),
        None => None,
    };
    let signals =
        |index: usize| arguments.optional(index).map(|signals| signal_numbers(vm, signals)).transpose();
    let scheduler = match arguments.optional(9).filter(|scheduler| !scheduler.is_none()) {
        Some(scheduler) => Some(scheduler_of(vm, scheduler)?),
        None => None,
    };
    Ok(SpawnAttributes {
        group,
        reset_ids: flag(vm, arguments.optional(5), false)?,
        new_session: flag(vm, arguments.optional(6), false)?,
        blocked: signals(7)?,
        defaults: signals(8)?,
        scheduler,
    })
}

/// The numbers of signals that an iterable gives.
fn signal_numbers(vm: &Thread, signals: Ref<'_>) -> PyResult<Vec<i32>> {
    let mut numbers = Vec::new();
    for signal in vm.collect(signals)? {
        let number = vm.to_i64(signal.borrow())?;
        if !(1..=64).contains(&number) {
            return Err(vm.value_error(format_args!("signal number {number} out of range [1; 64]")));
        }
        numbers.push(number as i32);
    }
    Ok(numbers)
}

/// A policy, or None where it stays, and the parameters.
fn scheduler_of(vm: &Thread, scheduler: Ref<'_>) -> PyResult<(Option<i32>, i32)> {
    let Some(scheduler) = scheduler.downcast::<Tuple>() else {
        return Err(vm.type_error("posix_spawn: scheduler must be a tuple or None"));
    };
    let [policy, param] = scheduler.as_slice() else {
        return Err(vm.type_error("A scheduler tuple must have two elements"));
    };
    let policy = if policy.borrow().is_none() { None } else { Some(vm.to_c_int(policy.borrow())?) };
    Ok((policy, schedule::priority(vm, param.borrow())?))
}
