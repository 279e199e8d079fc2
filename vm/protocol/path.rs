//! Paths: `os.fspath`, and the file system's encoding, which is UTF-8 with `surrogateescape`: bytes that are not text become
//! lone surrogates, and those become the bytes again, so that every name of a file survives the way through a str.

use crate::exception::PyResult;
use crate::heap::inline::{Bytes, Str};
use crate::text::codec::builtin::Builtin;
use crate::text::codec::errors::{Native, Policy};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// `os.fspath(path)`: a str or bytes object.
    pub fn fspath(&self, path: Ref<'_>) -> PyResult {
        match self.fspath_opt(path)? {
            Some(path) => Ok(path),
            None => {
                let got = self.type_name(path);
                Err(self.type_error(format_args!("expected str, bytes or os.PathLike object, not {got}")))
            }
        }
    }

    /// `os.fspath(path)`, or `None` for what is no path.
    pub fn fspath_opt(&self, path: Ref<'_>) -> PyResult<Option<Owned>> {
        if is_path(path) {
            return Ok(Some(path.own()));
        }
        let name = self.intern("__fspath__")?;
        // A class says with None that its objects are no paths.
        if self.lookup(self.class(path), name.borrow()).is_none_or(|method| method.borrow().is_none()) {
            return Ok(None);
        }
        let Some(result) = self.call_special(path, &name, &[])? else { return Ok(None) };
        if !is_path(result.borrow()) {
            let (class, got) = (self.type_name(path), self.type_name(result.borrow()));
            return Err(self.type_error(format_args!(
                "expected {class}.__fspath__() to return str or bytes, not {got}"
            )));
        }
        Ok(Some(result))
    }

    /// `os.fsencode(path)` of a str or bytes object.
    ///
    /// # Panics
    /// If it is neither.
    pub fn fs_encode(&self, path: Ref<'_>) -> PyResult<Vec<u8>> {
        if let Some(bytes) = path.downcast::<Bytes>() {
            return Ok(bytes.as_bytes().to_vec());
        }
        let text = path.downcast::<Str>().expect("a path is a str or bytes object");
        if let Some(text) = text.as_str() {
            return Ok(text.as_bytes().to_vec());
        }
        Builtin::Utf8.encode(text.text(), &mut Native(Policy::SurrogateEscape)).map_err(|raised| {
            let problem = raised.problem;
            self.unicode_encode_error(problem.encoding, path, problem.start..problem.end, problem.reason)
        })
    }

    /// `os.fsdecode(path)` of bytes from the system: a str.
    pub fn fs_decode(&self, path: &[u8]) -> PyResult {
        if let Ok(text) = std::str::from_utf8(path) {
            return self.str(text);
        }
        match Builtin::Utf8.decode(path, &mut Native(Policy::SurrogateEscape)) {
            Ok(text) => self.text(text.as_text()),
            Err(raised) => {
                let (object, problem) = (self.bytes(path)?, raised.problem);
                let range = problem.start..problem.end;
                Err(self.unicode_decode_error(problem.encoding, object.borrow(), range, problem.reason))
            }
        }
    }
}

fn is_path(object: Ref<'_>) -> bool {
    object.downcast::<Str>().is_some() || object.downcast::<Bytes>().is_some()
}
