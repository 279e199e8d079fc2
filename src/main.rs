//! The `pyx` command.

use std::process::ExitCode;

use pyx_vm::bootstrap::Python;
use pyx_vm::exception::PyResult;
use pyx_vm::vm::{CompileRequest, Config, Hooks, Thread};

/// Small blocks come and go with every list and dict; the system's allocator takes twice as long for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let python = Python::new(Config::default());
    let vm = python.vm();
    vm.install(Hooks { compile: pyx_stdlib::compile::compile });
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: pyx FILE");
        return ExitCode::from(2);
    };
    match run(vm, &path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(raised) => {
            eprint!("{}", vm.describe(raised.exception()));
            ExitCode::FAILURE
        }
    }
}

fn run(vm: &Thread, path: &str) -> PyResult<()> {
    vm.install_modules(pyx_stdlib::MODULES);
    vm.make_builtins()?;
    let source = std::fs::read(path).map_err(|error| vm.os_error(error))?;
    let (source, filename) = (vm.bytes(&source)?, vm.str(path)?);
    let request = CompileRequest {
        source: source.borrow(),
        filename: filename.borrow(),
        mode: "exec",
        flags: 0,
        optimize: -1,
        feature_version: -1,
    };
    let code = pyx_stdlib::compile::compile(vm, &request)?;
    let globals = vm.dict()?;
    let name = vm.intern("__name__")?;
    let main = vm.intern("__main__")?;
    vm.set_item(globals.borrow(), name.borrow(), Some(main.borrow()))?;
    vm.run_code(code, globals.clone(), globals, None)?;
    Ok(())
}
