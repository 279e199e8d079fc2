//! Arguments of native functions as Rust values, with CPython's words where they are something else.

use std::fmt;

use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::value::Ref;
use crate::vm::Thread;

impl Thread {
    /// An argument that must be a str: `place` is for example `find() argument 1`.
    #[inline]
    pub fn str_argument<'a>(&self, place: impl fmt::Display, value: Ref<'a>) -> PyResult<&'a Str> {
        value.downcast().ok_or_else(|| self.bad_argument(place, "str", value))
    }

    /// A limit on the number of splits or replacements, an index in Python: negative is none.
    pub(crate) fn limit(&self, value: Option<Ref<'_>>) -> PyResult<usize> {
        let limit = value.map_or(Ok(-1), |value| self.to_isize(value))?;
        Ok(usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// The name of an encoding or of an error handler, which C takes as a string without NUL.
    pub fn c_string<'a>(
        &self,
        place: impl fmt::Display,
        value: Option<Ref<'a>>,
    ) -> PyResult<Option<&'a str>> {
        let Some(value) = value else { return Ok(None) };
        self.str_argument(place, value)?;
        let name = self.utf8(value)?;
        if name.contains('\0') {
            return Err(self.value_error("embedded null character"));
        }
        Ok(Some(name))
    }
}
