//! Encodings: what `str.encode` and `bytes.decode` do.

use crate::exception::PyResult;
use crate::heap::inline::{Bytes, Str};
use crate::text::codec::builtin::Builtin;
use crate::text::codec::errors::{Native, Policy};
use crate::value::Ref;
use crate::vm::Thread;

/// `text.encode(encoding, errors)`: a bytes object.
pub(crate) fn encode_str(
    vm: &Thread,
    text: Ref<'_>,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult {
    let payload = text.downcast::<Str>().expect("a str");
    let builtin = builtin(vm, encoding)?;
    if let (Builtin::Utf8, Some(utf8)) = (builtin, payload.as_str()) {
        return vm.bytes(utf8.as_bytes());
    }
    let mut handler = Native(policy(vm, errors)?);
    match builtin.encode(payload.text(), &mut handler) {
        Ok(bytes) => vm.bytes(&bytes),
        Err(raised) => {
            let problem = raised.problem;
            Err(vm.unicode_encode_error(problem.encoding, text, problem.start..problem.end, problem.reason))
        }
    }
}

impl Thread {
    /// The str that bytes are the UTF-8 of; a policy says what becomes of those that are not.
    pub fn decode_utf8(&self, bytes: &[u8], policy: Policy) -> PyResult {
        match Builtin::Utf8.decode(bytes, &mut Native(policy)) {
            Ok(text) => self.text(text.as_text()),
            Err(raised) => {
                let problem = raised.problem;
                let object = self.bytes(bytes)?;
                let range = problem.start..problem.end;
                Err(self.unicode_decode_error(problem.encoding, object.borrow(), range, problem.reason))
            }
        }
    }
}

/// The text of a bytes-like object.
pub(crate) fn decode_object(
    vm: &Thread,
    object: Ref<'_>,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult {
    let builtin = builtin(vm, encoding)?;
    let copy;
    let bytes = match object.downcast::<Bytes>() {
        Some(bytes) => bytes.as_bytes(),
        None => {
            copy = vm.copy_bytes_like(object)?;
            &copy
        }
    };
    let mut handler = Native(policy(vm, errors)?);
    match builtin.decode(bytes, &mut handler) {
        Ok(text) => vm.text(text.as_text()),
        Err(raised) => {
            let problem = raised.problem;
            let object = vm.bytes(bytes)?;
            let range = problem.start..problem.end;
            Err(vm.unicode_decode_error(problem.encoding, object.borrow(), range, problem.reason))
        }
    }
}

fn builtin(vm: &Thread, encoding: Option<&str>) -> PyResult<Builtin> {
    let Some(name) = encoding else { return Ok(Builtin::Utf8) };
    Builtin::from_name(name.as_bytes())
        .ok_or_else(|| vm.lookup_error(format_args!("unknown encoding: {name}")))
}

fn policy(vm: &Thread, errors: Option<&str>) -> PyResult<Policy> {
    let name = errors.unwrap_or("strict");
    Policy::from_name(name.as_bytes())
        .ok_or_else(|| vm.lookup_error(format_args!("unknown error handler name '{name}'")))
}
