//! `input`: a prompt on standard output, and a line from standard input.

use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::text::wtf8::Text;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `input(prompt)`
pub(super) fn input(vm: &Thread, prompt: Option<Ref<'_>>) -> PyResult {
    let standard = |name: &Owned| match vm.sys_attribute(name)? {
        Some(file) if !file.borrow().is_none() => Ok(file),
        _ => Err(vm.runtime_error(format_args!("lost sys.{}", vm.str_string(name.borrow())?))),
    };
    let (stdin, stdout) = (standard(&vm.names().stdin)?, standard(&vm.names().stdout)?);
    let stderr = standard(&vm.names().stderr)?;
    // What was said before the question comes before it.
    if let Err(raised) = vm.call_method(stderr.borrow(), &vm.names().flush, &[]) {
        vm.unraisable(raised, None, None);
    }
    if let Some(prompt) = prompt {
        let prompt = vm.to_str(prompt)?;
        vm.call_method(stdout.borrow(), &vm.names().write, &[prompt.borrow()])?;
    }
    if let Err(raised) = vm.call_method(stdout.borrow(), &vm.names().flush, &[]) {
        vm.unraisable(raised, None, None);
    }
    let line = vm.call_method(stdin.borrow(), &vm.names().readline, &[])?;
    let Some(text) = line.borrow().downcast::<Str>() else {
        return Err(vm.type_error("object.readline() returned non-string"));
    };
    match text.as_bytes() {
        [] => Err(vm.eof_error("EOF when reading a line")),
        [line @ .., b'\n'] => vm.text(Text::trusted(line)),
        _ => Ok(line),
    }
}
