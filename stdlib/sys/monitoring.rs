//! `sys.monitoring`, and the functions of `sys` that trace and profile.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::monitoring::legacy::Hook;
use pyx_vm::monitoring::{Event, PROFILE, are_local};
use pyx_vm::native::*;
use pyx_vm::types::code::Code;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(super) static MONITORING: ModuleDef = ModuleDef {
    functions: &[
        function(
            "use_tool_id($module, tool_id, name, /)",
            Two(use_tool_id),
            "Begin to use a tool, under a name.",
        ),
        function(
            "clear_tool_id($module, tool_id, /)",
            One(clear_tool_id),
            "Take a tool's events and callbacks away.",
        ),
        function("free_tool_id($module, tool_id, /)", One(free_tool_id), "End the use of a tool."),
        function(
            "get_tool($module, tool_id, /)",
            One(get_tool),
            "The name under which a tool is in use, or None.",
        ),
        function(
            "register_callback($module, tool_id, event, func, /)",
            Three(register_callback),
            "Set what a tool calls at an event, or None; the former callback.",
        ),
        function(
            "get_events($module, tool_id, /)",
            One(get_events),
            "The events that a tool listens to everywhere.",
        ),
        function(
            "set_events($module, tool_id, event_set, /)",
            Two(set_events),
            "Set the events that a tool listens to everywhere.",
        ),
        function(
            "get_local_events($module, tool_id, code, /)",
            Two(get_local_events),
            "The events that a tool listens to in a code object.",
        ),
        function(
            "set_local_events($module, tool_id, code, event_set, /)",
            Three(set_local_events),
            "Set the events that a tool listens to in a code object.",
        ),
        function(
            "restart_events($module, /)",
            Zero(restart_events),
            "Let all tools hear again what they have switched off.",
        ),
        function(
            "_all_events($module, /)",
            Zero(all_events),
            "For each event that some listen to everywhere, the tools that do, a bit for each.",
        ),
    ],
    exec: Some(exec),
    ..ModuleDef::new("sys.monitoring")
};

/// The numbers that PEP 669 gives to kinds of tools.
const KINDS: &[(&str, i64)] =
    &[("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)];

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    set("DISABLE", vm.monitoring_disable()?)?;
    set("MISSING", vm.monitoring_missing()?)?;
    for &(name, number) in KINDS {
        set(name, vm.int(number)?)?;
    }
    let events = vm.namespace()?;
    for &event in Event::ALL {
        let bit = vm.int(event.bit().into())?;
        vm.set_attr(events.borrow(), vm.intern(event.name())?.borrow(), Some(bit.borrow()))?;
    }
    vm.set_attr(events.borrow(), vm.intern("NO_EVENTS")?.borrow(), Some(vm.int(0)?.borrow()))?;
    set("events", events)
}

fn tool(vm: &Thread, number: Ref<'_>) -> PyResult<usize> {
    let number = vm.to_c_int(number)?;
    usize::try_from(number).ok().filter(|&tool| tool < PROFILE).ok_or_else(|| {
        vm.value_error(format_args!("invalid tool {number} (must be between 0 and {})", PROFILE - 1))
    })
}

/// A tool that is in use.
fn used_tool(vm: &Thread, number: Ref<'_>) -> PyResult<usize> {
    let tool = tool(vm, number)?;
    match vm.tool_name(tool) {
        Some(_) => Ok(tool),
        None => Err(vm.value_error(format_args!("tool {tool} is not in use"))),
    }
}

fn code(vm: &Thread, object: Ref<'_>) -> PyResult<()> {
    match object.downcast::<Code>() {
        Some(_) => Ok(()),
        None => Err(vm.type_error("code must be a code object")),
    }
}

fn use_tool_id(vm: &Thread, number: Ref<'_>, name: Ref<'_>) -> PyResult {
    let tool = tool(vm, number)?;
    if name.downcast::<Str>().is_none() {
        return Err(vm.value_error("tool name must be a str"));
    }
    if vm.tool_name(tool).is_some() {
        return Err(vm.value_error(format_args!("tool {tool} is already in use")));
    }
    vm.use_tool(tool, name.own());
    none()
}

fn clear_tool_id(vm: &Thread, number: Ref<'_>) -> PyResult {
    let tool = tool(vm, number)?;
    if vm.tool_name(tool).is_some() {
        vm.clear_tool(tool)?;
    }
    none()
}

fn free_tool_id(vm: &Thread, number: Ref<'_>) -> PyResult {
    let tool = tool(vm, number)?;
    if vm.tool_name(tool).is_some() {
        vm.free_tool(tool)?;
    }
    none()
}

fn get_tool(vm: &Thread, number: Ref<'_>) -> PyResult {
    Ok(vm.tool_name(tool(vm, number)?).unwrap_or_else(Owned::none))
}

fn register_callback(vm: &Thread, number: Ref<'_>, event: Ref<'_>, function: Ref<'_>) -> PyResult {
    let tool = tool(vm, number)?;
    let bits = vm.to_c_int(event)?;
    if bits.count_ones() != 1 {
        return Err(vm.value_error("The callback can only be set for one event at a time"));
    }
    let Some(&event) = Event::ALL.iter().find(|event| event.bit() == bits as u32) else {
        return Err(vm.value_error(format_args!("invalid event {bits}")));
    };
    let callback = (!function.is_none()).then(|| function.own());
    Ok(vm.set_callback(tool, event, callback).unwrap_or_else(Owned::none))
}

fn get_events(vm: &Thread, number: Ref<'_>) -> PyResult {
    vm.int(vm.monitored(tool(vm, number)?).into())
}

fn set_events(vm: &Thread, number: Ref<'_>, events: Ref<'_>) -> PyResult {
    tool(vm, number)?;
    let set = vm.event_set(vm.to_c_int(events)?.into())?;
    vm.set_monitored(used_tool(vm, number)?, set)?;
    none()
}

fn get_local_events(vm: &Thread, number: Ref<'_>, object: Ref<'_>) -> PyResult {
    code(vm, object)?;
    let tool = tool(vm, number)?;
    vm.int(object.downcast::<Code>().map_or(0, |code| code.monitored_by(tool)).into())
}

fn set_local_events(vm: &Thread, number: Ref<'_>, object: Ref<'_>, events: Ref<'_>) -> PyResult {
    code(vm, object)?;
    tool(vm, number)?;
    let bits = vm.to_c_int(events)?;
    let set = vm.event_set(bits.into())?;
    if !are_local(set) {
        return Err(vm.value_error(format_args!("invalid local event set 0x{bits:x}")));
    }
    let tool = used_tool(vm, number)?;
    if let Some(code) = object.downcast::<Code>() {
        vm.set_monitored_in(code, tool, set)?;
    }
    none()
}

fn restart_events(vm: &Thread) -> PyResult {
    vm.restart_monitoring();
    none()
}

fn all_events(vm: &Thread) -> PyResult {
    let dict = vm.dict()?;
    for (event, tools) in vm.all_monitored() {
        let (name, tools) = (vm.intern(event.name())?, vm.int(tools.into())?);
        vm.set_item(dict.borrow(), name.borrow(), Some(tools.borrow()))?;
    }
    Ok(dict)
}

// ---- sys.settrace and its family ----

pub(super) fn settrace(vm: &Thread, function: Ref<'_>) -> PyResult {
    set(vm, Hook::Trace, function)
}

pub(super) fn setprofile(vm: &Thread, function: Ref<'_>) -> PyResult {
    set(vm, Hook::Profile, function)
}

fn set(vm: &Thread, hook: Hook, function: Ref<'_>) -> PyResult {
    vm.set_hook(hook, (!function.is_none()).then(|| function.own()))?;
    none()
}

pub(super) fn settraceallthreads(vm: &Thread, function: Ref<'_>) -> PyResult {
    set_everywhere(vm, Hook::Trace, function)
}

pub(super) fn setprofileallthreads(vm: &Thread, function: Ref<'_>) -> PyResult {
    set_everywhere(vm, Hook::Profile, function)
}

fn set_everywhere(vm: &Thread, hook: Hook, function: Ref<'_>) -> PyResult {
    let function = (!function.is_none()).then(|| function.own());
    vm.set_hook_everywhere(hook, function.as_ref())?;
    none()
}

pub(super) fn gettrace(vm: &Thread) -> PyResult {
    Ok(vm.hook(Hook::Trace).unwrap_or_else(Owned::none))
}

pub(super) fn getprofile(vm: &Thread) -> PyResult {
    Ok(vm.hook(Hook::Profile).unwrap_or_else(Owned::none))
}

pub(super) fn call_tracing(vm: &Thread, function: Ref<'_>, arguments: Ref<'_>) -> PyResult {
    let Some(tuple) = arguments.downcast::<Tuple>() else {
        return Err(vm.bad_argument("call_tracing() argument 2", "tuple", arguments));
    };
    let arguments: Vec<Ref<'_>> = tuple.as_slice().iter().map(Owned::borrow).collect();
    vm.call_monitored(function, &arguments)
}
