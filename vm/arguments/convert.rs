//! Arguments of native functions as Rust values, with CPython's words where they are something else.

use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::value::Ref;
use crate::vm::Thread;

impl Thread {
    /// `find() argument 1 must be str, not int`: `place` is what stands between the function and `must`.
    #[cold]
    pub fn bad_argument(&self, place: &str, expected: &str, value: Ref<'_>) -> Raised {
        let got = if value.is_none() { "None".into() } else { self.type_name(value) };
        self.type_error(format_args!("{place} must be {expected}, not {got}"))
    }

    /// An argument that must be a str: `place` is for example `find() argument 1`.
    #[inline]
    pub fn str_argument<'a>(&self, place: &str, value: Ref<'a>) -> PyResult<&'a Str> {
        value.downcast().ok_or_else(|| self.bad_argument(place, "str", value))
    }

    /// An argument that C takes as an `int`.
    pub fn to_c_int(&self, value: Ref<'_>) -> PyResult<i32> {
        let too_large = || self.overflow_error("Python int too large to convert to C int");
        match self.to_i64(value) {
            Ok(value) => i32::try_from(value).map_err(|_| too_large()),
            Err(raised) if raised.is(&self.exceptions().OverflowError) => Err(too_large()),
            Err(raised) => Err(raised),
        }
    }

    /// A limit on the number of splits or replacements, an index in Python: negative is none.
    pub(crate) fn limit(&self, value: Option<Ref<'_>>) -> PyResult<usize> {
        let limit = value.map_or(Ok(-1), |value| self.to_isize(value))?;
        Ok(usize::try_from(limit).unwrap_or(usize::MAX))
    }

    /// The name of an encoding or of an error handler, which C takes as a string without NUL.
    pub(crate) fn c_string<'a>(&self, place: &str, value: Option<Ref<'a>>) -> PyResult<Option<&'a str>> {
        let Some(value) = value else { return Ok(None) };
        let text = self.str_argument(place, value)?;
        let Some(name) = text.as_str() else {
            return Err(crate::codecs::surrogate_error(self, value));
        };
        if name.contains('\0') {
            return Err(self.value_error("embedded null character"));
        }
        Ok(Some(name))
    }
}
