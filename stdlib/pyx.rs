//! `pyx`: what pyx adds to Python. Tasks on the built-in scheduler, and code that awaits outside of functions.

use std::os::fd::RawFd;

use pyx_compiler::bytecode::code::{AsyncReason, flags};
use pyx_compiler::{ALLOW_TOP_LEVEL_AWAIT, Display};
use pyx_vm::builtins::Executor;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::Sent;
use pyx_vm::scheduler::task::{CANCELLED, TASK, Task};
use pyx_vm::struct_sequence;
use pyx_vm::types::code::Code;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::{CompileRequest, Thread};

use crate::compile;

pub(crate) static PYX: ModuleDef = ModuleDef {
    doc: "What pyx adds to Python: tasks on the built-in scheduler, and code that awaits outside of functions.",
    functions: &[
        function(
            "sleep($module, delay, result=None, /)",
            OneOpt(sleep),
            "Waits some seconds; with 0, lets other tasks run. Its value is the result.",
        ),
        function(
            "spawn($module, awaitable, /, *, name=None)",
            Many(spawn),
            "Makes a task of an awaitable; it runs from now on.",
        ),
        function(
            "gather($module, /, *awaitables, return_exceptions=False)",
            Many(gather),
            "Runs awaitables at the same time, and gives their values in a list.\n\n\
             The first exception is raised, unless exceptions are to be returned in place of values.",
        ),
        function(
            "run($module, awaitable, /)",
            One(|vm, awaitable| vm.run_until_complete(awaitable)),
            "Runs an awaitable to its end on the built-in scheduler, from code that cannot await.",
        ),
        function(
            "current_task($module, /)",
            Zero(|vm| Ok(vm.scheduler()?.current_task().unwrap_or_else(Owned::none))),
            "The task that runs, or None.",
        ),
        function(
            "tasks($module, /)",
            Zero(|vm| vm.list(vm.scheduler()?.tasks())),
            "The tasks that are not over.",
        ),
        function(
            "readable($module, fd, /)",
            One(|vm, fd| vm.readiness(descriptor(vm, fd)?, false)),
            "Waits until a file descriptor, or an object with fileno(), can be read.",
        ),
        function(
            "writable($module, fd, /)",
            One(|vm, fd| vm.readiness(descriptor(vm, fd)?, true)),
            "Waits until a file descriptor, or an object with fileno(), can be written.",
        ),
        function(
            "adapt($module, cls, function, /)",
            Two(|vm, class, function| vm.scheduler()?.adapt(vm, class, function).and_then(|()| none())),
            "Teaches the scheduler another library's awaitables: when a task yields an instance of the class,\n\
             function(task, instance) is called, and sees to it that task.wake() or task.wake_error() is.",
        ),
        function(
            "add_hook($module, hook, /)",
            One(|vm, hook| vm.scheduler()?.add_hook(vm, hook).and_then(|()| none())),
            "Has hook(event, task) called when a task is created, resumed, suspended or finished.",
        ),
        function(
            "needs_async($module, source, /)",
            One(needs_async),
            "Why code must run as a coroutine, or None if it need not.\n\n\
             The code is source text, a tree of ast nodes, or a code object. It is not executed.",
        ),
        function(
            "compile_interactive($module, /, source, filename, *, display='last_expr', flags=0)",
            Many(compile_interactive),
            "Compiles a cell: any number of statements, one of whose values may be shown.\n\n\
             The display is 'last_expr', 'last_expr_or_assign', 'all' or 'none'; a semicolon at the end silences.",
        ),
        function(
            "exec_async($module, /, source, globals=None, locals=None)",
            Many(exec_async),
            "Executes source text, a tree or a code object, which may await outside of functions.\n\n\
             Await what this gives, in any event loop. Names are bound as exec() would; the value is that of\n\
             the last statement, if it is an expression.",
        ),
    ],
    types: &[&TASK, &CANCELLED],
    exec: Some(|vm, module| {
        let name = vm.intern("AsyncReason")?;
        vm.set_attr(module, name.borrow(), Some(vm.class_of(&ASYNC_REASON)?.borrow()))
    }),
    ..ModuleDef::new("pyx")
};

// ---- tasks ----

fn sleep(vm: &Thread, delay: Ref<'_>, result: Option<Ref<'_>>) -> PyResult {
    let seconds = vm.to_f64(delay)?;
    if seconds.is_nan() {
        return Err(vm.value_error("Invalid delay: NaN (not a number)"));
    }
    vm.sleep(seconds, result.unwrap_or(Ref::NONE).own())
}

fn spawn(vm: &Thread, args: &Bound<'_>) -> PyResult {
    vm.spawn(args.required(0), args.optional(1))
}

/// Tasks for awaitables; what is a task stays it, and one awaitable given twice is one task.
fn gather(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let awaitables = args.rest();
    let mut tasks: Vec<Owned> = Vec::with_capacity(awaitables.len());
    for (index, &awaitable) in awaitables.iter().enumerate() {
        let earlier = awaitables[..index].iter().position(|other| other.is(awaitable));
        let task = match earlier {
            Some(earlier) => tasks[earlier].clone(),
            None if awaitable.downcast::<Task>().is_some() => awaitable.own(),
            None => vm.spawn(awaitable, None)?,
        };
        tasks.push(task);
    }
    let return_exceptions = args.optional(0).map_or(Ok(false), |flag| vm.is_true(flag))?;
    vm.gather(tasks, return_exceptions)
}

/// A file descriptor, or the one of a file object.
fn descriptor(vm: &Thread, file: Ref<'_>) -> PyResult<RawFd> {
    let number =
        if vm.is_index(file) { file.own() } else { vm.call_method(file, &vm.intern("fileno")?, &[])? };
    let number = vm.to_i64(number.borrow())?;
    RawFd::try_from(number).ok().filter(|fd| *fd >= 0).ok_or_else(|| {
        vm.value_error(format_args!("file descriptor cannot be a negative integer ({number})"))
    })
}

// ---- code ----

struct_sequence! {
    /// `pyx.AsyncReason`
    static ASYNC_REASON: "pyx", "AsyncReason", "Why code must run as a coroutine: what makes it one first, and where.";
    visible {
        construct: "await, async for, async with, asynchronous comprehension, or async def",
        line: "its line, from 1",
        column: "where it begins: bytes, from 0",
    }
}

fn needs_async(vm: &Thread, source: Ref<'_>) -> PyResult {
    if source.downcast::<Code>().is_some() {
        return reason(vm, source);
    }
    let filename = vm.str("<cell>")?;
    let request = CompileRequest {
        flags: ALLOW_TOP_LEVEL_AWAIT,
        ..CompileRequest::new(source, filename.borrow(), "interactive")
    };
    let code = compile::compile(vm, &request)?;
    reason(vm, code.borrow())
}

/// Why a code object is a coroutine's; the caller knows that it is a code object.
fn reason(vm: &Thread, code: Ref<'_>) -> PyResult {
    let template = code.downcast::<Code>().expect("a code object").template();
    if template.flags & flags::COROUTINE == 0 {
        return none();
    }
    let fields = match template.async_reason {
        Some(AsyncReason { construct, line, column }) => {
            [vm.str(construct.name())?, vm.int(line.into())?, vm.int(column.into())?]
        }
        // The body of an `async def`: not a module's code.
        None => [vm.str("async def")?, vm.int(template.first_line.into())?, vm.int(0)?],
    };
    vm.struct_sequence(&ASYNC_REASON, &fields)
}

fn display_of(vm: &Thread, name: Option<Ref<'_>>) -> PyResult<Display> {
    let Some(name) = name else { return Ok(Display::LastExpr) };
    match name.downcast::<Str>().and_then(Str::as_str) {
        Some("last_expr") => Ok(Display::LastExpr),
        Some("last_expr_or_assign") => Ok(Display::LastExprOrAssign),
        Some("all") => Ok(Display::All),
        Some("none") => Ok(Display::None),
        _ => Err(vm.value_error("display must be 'last_expr', 'last_expr_or_assign', 'all' or 'none'")),
    }
}

fn compile_interactive(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let filename = vm.fspath(args.required(1))?;
    let flags = args.optional(3).map_or(Ok(0), |flags| vm.to_i64(flags))? as u32;
    let request = CompileRequest {
        display: display_of(vm, args.optional(2))?,
        flags: flags | ALLOW_TOP_LEVEL_AWAIT,
        ..CompileRequest::new(args.required(0), filename.borrow(), "interactive")
    };
    compile::compile(vm, &request)
}

fn exec_async(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let source = args.required(0);
    let code = if source.downcast::<Code>().is_some() {
        source.own()
    } else {
        let filename = vm.str("<cell>")?;
        if let Some(text) = source.downcast::<Str>().and_then(Str::as_str) {
            vm.register_source("<cell>", text);
        }
        let request = CompileRequest {
            flags: ALLOW_TOP_LEVEL_AWAIT,
            return_display: true,
            ..CompileRequest::new(source, filename.borrow(), "interactive")
        };
        compile::compile(vm, &request)?
    };
    let (globals, locals) = vm.namespaces(Executor::ExecAsync, args.optional(1), args.optional(2))?;
    if code.borrow().downcast::<Code>().is_some_and(|code| code.template().flags & flags::COROUTINE != 0) {
        return vm.run_code(code, globals, locals, None);
    }
    vm.new_object(PlainExec { code: Slot::new(code), globals, locals })
}

pyx_vm::payload! {
    /// Code without `await`, which runs when it is awaited.
    struct PlainExec: Native {
        /// Empty once it ran.
        code: Slot,
        globals: Owned,
        locals: Owned,
    }
}

pyx_vm::class! { PlainExec => PLAIN_EXEC; }

static PLAIN_EXEC: TypeDef = TypeDef {
    module: "pyx",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    doc: "Runs code when it is awaited.",
    slots: Slots {
        await_: Some(|_, this| Ok(this.own())),
        iter: Some(|_, this| Ok(this.own())),
        next: Some(|vm, this| match send(vm, this, Ref::NONE)? {
            Sent::Yield(value) => Ok(Some(value)),
            Sent::Return(value) => Err(vm.stop_iteration(value.borrow())),
        }),
        send: Some(send),
        ..Slots::NONE
    },
    ..TypeDef::new::<PlainExec>("PlainExec")
};

fn send(vm: &Thread, this: Ref<'_>, _value: Ref<'_>) -> PyResult<Sent> {
    let payload: &PlainExec = this.downcast().expect("a plain exec");
    let Some(code) = payload.code.take() else {
        return Err(vm.runtime_error("cannot reuse already awaited code"));
    };
    vm.run_code(code, payload.globals.clone(), payload.locals.clone(), None).map(Sent::Return)
}
