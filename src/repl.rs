//! The prompt: reads, executes and prints, and lets background tasks run while it waits.
//!
//! Lines are read by a thread of their own, which knows nothing of Python: the interpreter's thread runs the scheduler
//! until a line arrives. Each input is one code object. If that is a coroutine's it runs as a task in the foreground; an
//! interrupt cancels it, and other tasks live on.

mod lines;

use std::time::Instant;

use pyx_compiler::ALLOW_TOP_LEVEL_AWAIT;
use pyx_compiler::bytecode::code::flags;
use pyx_stdlib::compile::{self, ALLOW_INCOMPLETE_INPUT, DONT_IMPLY_DEDENT};
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::scheduler::Step;
use pyx_vm::types::code::Code;
use pyx_vm::value::Owned;
use pyx_vm::vm::{CompileRequest, Thread};

use crate::shutdown;
use lines::{Input, Lines};

/// A session at the prompt.
pub(crate) struct Session<'v> {
    vm: &'v Thread,
    namespace: Owned,
    lines: Lines,
    /// Inputs so far.
    cells: usize,
}

/// What the input so far amounts to.
enum Unit {
    /// More lines must come.
    Incomplete,
    Code(Owned),
}

impl<'v> Session<'v> {
    /// A session whose inputs run in this namespace.
    pub(crate) fn new(vm: &'v Thread, namespace: Owned) -> PyResult<Self> {
        let scheduler = vm.scheduler()?;
        scheduler.eager_reports.set(true);
        Ok(Self { vm, namespace, lines: Lines::start(scheduler.waker()), cells: 0 })
    }

    /// Runs inputs until they end. The error is what ends the program, such as SystemExit.
    pub(crate) fn run(mut self) -> PyResult<()> {
        loop {
            let result = match self.read() {
                Ok(Some(code)) => self.execute(code),
                Ok(None) => return self.vm.cancel_all_tasks(),
                Err(raised) => Err(raised),
            };
            if let Err(raised) = result {
                self.report(raised)?;
            }
            shutdown::flush(self.vm);
        }
    }

    /// Shows an exception and goes on, unless it ends the program.
    fn report(&self, raised: Raised) -> PyResult<()> {
        let exceptions = self.vm.exceptions();
        if raised.is(&exceptions.SystemExit) {
            self.vm.cancel_all_tasks()?;
            return Err(raised);
        }
        self.vm.report_uncaught(raised);
        Ok(())
    }

    /// The code of the next input; `None` at the end.
    fn read(&mut self) -> PyResult<Option<Owned>> {
        let mut lines: Vec<String> = Vec::new();
        loop {
            let prompt = self.prompt(if lines.is_empty() { "ps1" } else { "ps2" })?;
            match self.next_line(prompt)? {
                Input::Line(line) => lines.push(line),
                Input::Interrupt => {
                    self.vm.write_stderr("KeyboardInterrupt\n");
                    lines.clear();
                    continue;
                }
                Input::End if lines.is_empty() => return Ok(None),
                // As an empty line, which ends whatever can end.
                Input::End => lines.push(String::new()),
            }
            // No line end at the end: it would be the empty line that closes a block.
            let text = lines.join("\n");
            if text.trim().is_empty() {
                lines.clear();
                continue;
            }
            match self.compile(&text)? {
                Unit::Code(code) => return Ok(Some(code)),
                Unit::Incomplete => {}
            }
        }
    }

    /// `sys.ps1` or `sys.ps2` as text.
    fn prompt(&self, name: &str) -> PyResult<String> {
        match self.vm.sys_get(name)? {
            Some(prompt) => self.vm.str_string(prompt.borrow()),
            None => Ok(String::new()),
        }
    }

    /// Waits for a line, and runs tasks meanwhile.
    fn next_line(&mut self, prompt: String) -> PyResult<Input> {
        self.lines.ask(prompt);
        loop {
            if let Some(input) = self.lines.try_take() {
                return Ok(input);
            }
            if let Err(raised) = self.run_tasks() {
                if !raised.is(&self.vm.exceptions().KeyboardInterrupt) {
                    return Err(raised);
                }
                if !self.lines.are_edited() {
                    return Err(raised);
                }
            }
        }
    }

    /// Runs tasks until all of them wait, and then until something happens.
    fn run_tasks(&self) -> PyResult<()> {
        let deadline: Option<Instant> = match self.vm.step_tasks(1024)? {
            Step::Ready => return self.vm.check_signals(),
            Step::Idle { deadline } => deadline,
            Step::Done => None,
        };
        shutdown::flush(self.vm);
        self.vm.wait_for_events(deadline)
    }

    /// Compiles what was typed so far, as one input.
    fn compile(&mut self, text: &str) -> PyResult<Unit> {
        let vm = self.vm;
        let name = format!("<cell {}>", self.cells + 1);
        let (source, filename) = (vm.str(text)?, vm.str(&name)?);
        vm.register_source(&name, text);
        let request = CompileRequest {
            flags: ALLOW_TOP_LEVEL_AWAIT | ALLOW_INCOMPLETE_INPUT | DONT_IMPLY_DEDENT,
            ..CompileRequest::new(source.borrow(), filename.borrow(), "single")
        };
        match compile::compile(vm, &request) {
            Ok(code) => {
                self.cells += 1;
                Ok(Unit::Code(code))
            }
            Err(raised) if raised.is(&vm.exceptions()._IncompleteInputError) => Ok(Unit::Incomplete),
            Err(raised) => {
                self.cells += 1;
                Err(raised)
            }
        }
    }

    fn execute(&self, code: Owned) -> PyResult<()> {
        let vm = self.vm;
        let is_coroutine = code
            .borrow()
            .downcast::<Code>()
            .is_some_and(|code| code.template().flags & flags::COROUTINE != 0);
        let result = vm.run_code(code, self.namespace.clone(), self.namespace.clone(), None)?;
        if is_coroutine {
            vm.run_until_complete(result.borrow())?;
        }
        Ok(())
    }
}
