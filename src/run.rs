//! Runs a program: a file, a module, text from the command line, or what comes from standard input.

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::{fs, process};

use pyx_compiler::bytecode::code::flags;
use pyx_compiler::bytecode::disassemble;
use pyx_stdlib::{boot, compile, imp, marshal, sys};
use pyx_vm::bootstrap::Python;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::types::code::Code;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::{CompileRequest, Hooks, Thread};

use crate::cli::{CommandLine, Program};
use crate::repl::Session;
use crate::{paths, shutdown};

/// `PyCF_ALLOW_TOP_LEVEL_AWAIT`
const TOP_LEVEL_AWAIT: u32 = pyx_compiler::ALLOW_TOP_LEVEL_AWAIT;

/// The status of a program that an interrupt from the keyboard ended, as shells show it.
const INTERRUPTED: u8 = 130;

/// The status when standard output could not be written to the end.
const OUTPUT_LOST: u8 = 120;

/// Runs the program of a command line; the status that the process ends with.
pub(crate) fn run(mut line: CommandLine) -> u8 {
    paths::find(&mut line.config, line.environment);
    let python = Python::new(line.config.clone());
    let vm = python.vm();
    vm.install(Hooks { compile: compile::compile });
    if let Err(raised) = boot::boot(vm) {
        let text = vm.describe(raised.exception());
        // There is nowhere else to say it.
        let _ =
            write!(io::stderr(), "Fatal Python error: init_import: the interpreter does not start\n{text}");
        process::exit(1);
    }
    let runner = Runner { vm, line: &line, interrupted: Cell::new(false) };
    let mut status = runner.finish(runner.start().and_then(|()| runner.program()));
    if runner.wants_prompt_after() {
        status = runner.finish(runner.prompt(false));
    }
    if !shutdown::finish(vm) {
        status = OUTPUT_LOST;
    }
    if status == INTERRUPTED && runner.interrupted.get() {
        shutdown::interrupt(vm);
    }
    // What is left of the interpreter ends with the process, which has nothing else to clean up.
    let _ = io::stdout().flush();
    pyx_stdlib::posix::end_process(status.into())
}

struct Runner<'v> {
    vm: &'v Thread,
    line: &'v CommandLine,
    /// The program ended by an interrupt from the keyboard.
    interrupted: Cell<bool>,
}

impl Runner<'_> {
    // ---- before and after ----

    /// What comes before the program: `site`.
    fn start(&self) -> PyResult<()> {
        if !self.line.config.no_site {
            self.vm.import_module(&self.vm.intern("site")?)?;
        }
        Ok(())
    }

    /// The status that the program's end gives, told to the user if it is an exception.
    fn finish(&self, result: PyResult<u8>) -> u8 {
        let raised = match result {
            Ok(status) => return status,
            Err(raised) => raised,
        };
        if raised.is(&self.vm.exceptions().SystemExit) {
            return self.exit_status(&raised);
        }
        self.interrupted.set(raised.is(&self.vm.exceptions().KeyboardInterrupt));
        self.vm.report_uncaught(raised);
        if self.interrupted.get() { INTERRUPTED } else { 1 }
    }

    /// The status in a SystemExit: a number, or else text that is shown.
    fn exit_status(&self, raised: &Raised) -> u8 {
        let vm = self.vm;
        shutdown::flush(vm);
        let Ok(code) = vm.get_attr(raised.exception(), vm.names().code.borrow()) else { return 1 };
        let code = code.borrow();
        if code.is_none() {
            return 0;
        }
        if vm.is_instance(code, vm.types().int.borrow()).unwrap_or(false) {
            // As the system takes it: the lowest eight bits; what is too large is -1.
            return vm.to_i64(code).map_or(0xff, |status| status as u8);
        }
        if let Ok(text) = vm.str_string(code) {
            vm.write_stderr(&format!("{text}\n"));
        }
        1
    }

    /// `-i`, or the program has set `PYTHONINSPECT` meanwhile.
    fn wants_prompt_after(&self) -> bool {
        let is_prompt = matches!(self.line.program, Program::Standard(_)) && io::stdin().is_terminal();
        let asked = self.line.config.inspect || self.line.environment.is_set("PYTHONINSPECT");
        asked && !is_prompt
    }

    // ---- the program ----

    fn program(&self) -> PyResult<u8> {
        match &self.line.program {
            Program::Command(text) => {
                self.put_first(OsStr::new(""))?;
                self.command(text)
            }
            Program::Module(name) => {
                // An error here leaves the path empty, as it is for a directory that is gone.
                let directory = std::env::current_dir().map(OsString::from).unwrap_or_default();
                self.put_first(&directory)?;
                self.module(&self.vm.fs_decode(name.as_bytes())?, true)
            }
            Program::File(file) => self.file(file),
            Program::Standard(_) => {
                self.put_first(OsStr::new(""))?;
                self.standard_input()
            }
        }
    }

    /// Puts the program's directory first on `sys.path`, unless that is unwanted.
    fn put_first(&self, directory: &OsStr) -> PyResult<()> {
        if self.line.config.safe_path { Ok(()) } else { self.put_first_always(directory) }
    }

    fn put_first_always(&self, directory: &OsStr) -> PyResult<()> {
        let (vm, directory) = (self.vm, self.vm.fs_decode(directory.as_bytes())?);
        vm.set_program_directory(directory.clone());
        let Some(path) = vm.sys_get("path")? else { return Err(vm.runtime_error("unable to get sys.path")) };
        let first = Owned::small_int(0);
        vm.call_method(path.borrow(), &vm.intern("insert")?, &[first.borrow(), directory.borrow()]).map(drop)
    }

    /// `-c`: the text may be indented as a whole.
    fn command(&self, text: &OsStr) -> PyResult<u8> {
        let (vm, text) = (self.vm, self.vm.fs_decode(text.as_bytes())?);
        let text = dedented(vm.utf8(text.borrow())?);
        vm.register_source("<string>", &text);
        let (source, name) = (vm.str(&text)?, vm.str("<string>")?);
        let code = self.compiled(CompileRequest::new(source.borrow(), name.borrow(), "exec"))?;
        let linecache = vm.import_module(&vm.intern("linecache")?)?;
        let register = vm.get_attr(linecache.borrow(), vm.intern("_register_code")?.borrow())?;
        vm.call(register.borrow(), &[code.borrow(), source.borrow(), name.borrow()])?;
        self.code(code)
    }

    /// A module by its name; or the `__main__` of what is first on `sys.path`.
    fn module(&self, name: &Owned, set_argv: bool) -> PyResult<u8> {
        let vm = self.vm;
        let runpy = vm.import_module(&vm.intern("runpy")?)?;
        let run = vm.intern("_run_module_as_main")?;
        vm.call_method(runpy.borrow(), &run, &[name.borrow(), Owned::bool(set_argv).borrow()])?;
        Ok(0)
    }

    fn file(&self, file: &OsStr) -> PyResult<u8> {
        let vm = self.vm;
        let name = vm.fs_decode(file.as_bytes())?;
        if self.is_importable(&name)? {
            self.put_first_always(file)?;
            return self.module(&vm.intern("__main__")?, false);
        }
        // The program knows itself by its absolute path, whatever sys.argv says.
        let name = match std::env::current_dir() {
            Ok(directory) if !file.as_bytes().starts_with(b"/") => {
                let file = file.as_bytes();
                let file = OsStr::from_bytes(file.strip_prefix(b"./").unwrap_or(file));
                vm.fs_decode(directory.join(file).as_os_str().as_bytes())?
            }
            _ => name,
        };
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(self.cannot_open(file, &error)),
        };
        self.put_first(&paths::directory_of(file))?;
        self.set_main(&[("__file__", name.borrow()), ("__cached__", Ref::NONE)])?;
        if let Some(code) = bytecode(&bytes) {
            self.set_loader("SourcelessFileLoader", &name)?;
            return self.code(marshal::loads(vm, code)?);
        }
        self.set_loader("SourceFileLoader", &name)?;
        let source = vm.bytes(if self.line.skip_first_line { after_first_line(&bytes) } else { &bytes })?;
        self.request(CompileRequest {
            is_file: true,
            ..CompileRequest::new(source.borrow(), name.borrow(), "exec")
        })
    }

    /// Whether a path is of a directory or archive that modules can be imported from.
    fn is_importable(&self, path: &Owned) -> PyResult<bool> {
        let vm = self.vm;
        let Some(hooks) = vm.sys_get("path_hooks")? else { return Ok(false) };
        for hook in vm.collect(hooks.borrow())? {
            match vm.call(hook.borrow(), &[path.borrow()]) {
                Ok(_) => return Ok(true),
                Err(raised) if raised.is(&vm.exceptions().ImportError) => {}
                Err(raised) => return Err(raised),
            }
        }
        Ok(false)
    }

    fn cannot_open(&self, file: &OsStr, error: &io::Error) -> u8 {
        let name = self.line.config.executable.display();
        let path = std::path::absolute(Path::new(file)).unwrap_or_else(|_| file.into());
        let number = error.raw_os_error().unwrap_or_default();
        let reason = io::Error::from_raw_os_error(number).to_string();
        let reason = reason.split(" (os error").next().unwrap_or_default();
        let path = path.display();
        self.vm.write_stderr(&format!("{name}: can't open file '{path}': [Errno {number}] {reason}\n"));
        2
    }

    fn standard_input(&self) -> PyResult<u8> {
        if io::stdin().is_terminal() || self.line.config.interactive {
            return self.prompt(true);
        }
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| self.vm.os_error(error))?;
        let text = if self.line.skip_first_line { after_first_line(&bytes) } else { &bytes };
        self.vm.register_source("<stdin>", &String::from_utf8_lossy(text));
        let source = self.vm.bytes(text)?;
        self.source(source.borrow(), self.vm.str("<stdin>")?)
    }

    /// Compiles a program and runs it in `__main__`.
    fn source(&self, source: Ref<'_>, filename: Owned) -> PyResult<u8> {
        self.request(CompileRequest::new(source, filename.borrow(), "exec"))
    }

    fn request(&self, request: CompileRequest<'_>) -> PyResult<u8> {
        self.code(self.compiled(request)?)
    }

    fn compiled(&self, request: CompileRequest<'_>) -> PyResult {
        compile::compile(self.vm, &CompileRequest { flags: TOP_LEVEL_AWAIT, ..request })
    }

    fn code(&self, code: Owned) -> PyResult<u8> {
        let Some(payload) = code.borrow().downcast::<Code>() else {
            return Err(self.vm.runtime_error("Bad code object in .pyc file"));
        };
        if self.line.disassemble {
            let text = disassemble::disassemble(payload.template());
            io::stdout().write_all(text.as_bytes()).map_err(|error| self.vm.os_error(error))?;
            return Ok(0);
        }
        let is_coroutine = payload.template().flags & flags::COROUTINE != 0;
        let namespace = self.main_namespace()?;
        let result = self.vm.run_code(code, namespace.clone(), namespace, None)?;
        if is_coroutine {
            run_coroutine(self.vm, &result)?;
        }
        shutdown::flush(self.vm);
        Ok(0)
    }

    // ---- __main__ ----

    fn main_namespace(&self) -> PyResult {
        let vm = self.vm;
        let main = vm.added_module(vm.intern("__main__")?.borrow())?;
        vm.get_attr(main.borrow(), vm.names().__dict__.borrow())
    }

    fn set_main(&self, items: &[(&str, Ref<'_>)]) -> PyResult<()> {
        let namespace = self.main_namespace()?;
        items.iter().try_for_each(|(name, value)| {
            self.vm.set_item(namespace.borrow(), self.vm.intern(name)?.borrow(), Some(*value))
        })
    }

    /// Makes `__main__` know how it was loaded, for those who ask for its source.
    fn set_loader(&self, class: &str, file: &Owned) -> PyResult<()> {
        let vm = self.vm;
        let external = vm.import_module(&vm.intern("_frozen_importlib_external")?)?;
        let class = vm.get_attr(external.borrow(), vm.intern(class)?.borrow())?;
        let loader = vm.call(class.borrow(), &[vm.intern("__main__")?.borrow(), file.borrow()])?;
        self.set_main(&[("__loader__", loader.borrow())])
    }

    // ---- the prompt ----

    /// Reads, executes and prints, with a greeting if the session starts here.
    fn prompt(&self, greet: bool) -> PyResult<u8> {
        let vm = self.vm;
        for (name, prompt) in [("ps1", ">>> "), ("ps2", "... ")] {
            if vm.sys_get(name)?.is_none() {
                vm.sys_set(name, vm.str(prompt)?.borrow())?;
            }
        }
        if greet && !self.line.config.quiet {
            vm.write_stderr(&format!(
                "Python {} on {}\nawait works here. Type \"help\" or \"copyright\" for more information.\n",
                sys::version_text(),
                std::env::consts::OS
            ));
        }
        if greet {
            self.startup()?;
        }
        Session::new(vm, self.main_namespace()?)?.run()?;
        Ok(0)
    }

    /// Runs the file that `PYTHONSTARTUP` names, in the namespace of the prompt. It may await, as the prompt may.
    fn startup(&self) -> PyResult<()> {
        let vm = self.vm;
        let file = std::env::var_os("PYTHONSTARTUP").filter(|file| !file.is_empty());
        let Some(file) = file.filter(|_| !self.line.config.ignore_environment) else { return Ok(()) };
        let result = fs::read(&file).map_err(|error| {
            vm.write_stderr("Could not open PYTHONSTARTUP\n");
            vm.os_error(error)
        });
        let name = vm.fs_decode(file.as_bytes())?;
        self.set_main(&[("__file__", name.borrow())])?;
        let result = result.and_then(|bytes| {
            let source = vm.bytes(&bytes)?;
            let request = CompileRequest::new(source.borrow(), name.borrow(), "exec");
            self.request(CompileRequest { is_file: true, ..request })
        });
        let namespace = self.main_namespace()?;
        vm.set_item(namespace.borrow(), vm.intern("__file__")?.borrow(), None)?;
        match result {
            Err(raised) if !raised.is(&vm.exceptions().SystemExit) => vm.report_uncaught(raised),
            result => drop(result?),
        }
        Ok(())
    }
}

/// Runs the coroutine of a program with `await` outside of functions, and ends the tasks that it leaves.
fn run_coroutine(vm: &Thread, coroutine: &Owned) -> PyResult<()> {
    let result = vm.run_until_complete(coroutine.borrow());
    vm.cancel_all_tasks()?;
    result.map(drop)
}

/// The marshalled code of a `.pyc` file, if that is what the bytes are.
fn bytecode(bytes: &[u8]) -> Option<&[u8]> {
    const HEADER: usize = 16;
    bytes.starts_with(&imp::magic_number().to_le_bytes()).then(|| bytes.get(HEADER..).unwrap_or_default())
}

/// The text behind the first line, whose line end stays, so that lines keep their numbers.
fn after_first_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    &bytes[end..]
}

/// The text without the white space that all its lines begin with, as `textwrap.dedent` has it.
fn dedented(text: &str) -> String {
    let blank = |line: &str| line.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
    let indent = |line: &'_ str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut lines = text.split('\n').filter(|line| !blank(line));
    let Some(first) = lines.next() else { return text.to_owned() };
    let common =
        |margin: &str, line: &str| margin.bytes().zip(line.bytes()).take_while(|(a, b)| a == b).count();
    let margin = lines.fold(&first[..indent(first)], |margin, line| &margin[..common(margin, line)]);
    if margin.is_empty() {
        return text.to_owned();
    }
    let cut = |line| if blank(line) { "" } else { &line[margin.len()..] };
    text.split('\n').map(cut).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_dedented() {
        assert_eq!(dedented("  a\n    b\n   \n  c"), "a\n  b\n\nc");
        assert_eq!(dedented("a\n  b"), "a\n  b");
        assert_eq!(dedented(" \ta\n \t b"), "a\n b");
        assert_eq!(dedented("\ta\n b"), "\ta\n b");
        assert_eq!(dedented(""), "");
    }

    #[test]
    fn first_lines_are_skipped() {
        assert_eq!(after_first_line(b"#!x\na\nb"), b"\na\nb");
        assert_eq!(after_first_line(b"#!x"), b"");
    }
}
