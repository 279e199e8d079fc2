//! What formatting needs of the interpreter: limits, locale, Unicode's digits, and exceptions for errors.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::exception::PyResult;
use crate::format::{Context, FormatError, Locale};
use crate::heap::inline::Str;
use crate::number::literal::NonAscii;
use crate::text::unicode;
use crate::value::Ref;
use crate::vm::Thread;

/// The numeric locale, until a program sets one.
static C_LOCALE: LazyLock<Locale> = LazyLock::new(Locale::c);

impl Thread {
    /// `format(value, spec)` of a builtin type: `write` appends the text that the specification asks for.
    pub(crate) fn format_by(
        &self,
        value: Ref<'_>,
        spec: Ref<'_>,
        write: impl FnOnce(&[u8], &Context<'_>, &mut Vec<u8>) -> Result<(), FormatError>,
    ) -> PyResult {
        let Some(spec) = spec.downcast::<Str>() else {
            return Err(self.bad_argument("__format__() argument", "str", spec));
        };
        if spec.is_empty() {
            return self.to_str(value);
        }
        let class = self.type_of(value);
        let type_name =
            if class.is_heap_type() { self.type_name(value).into() } else { Cow::Borrowed(class.def.0.name) };
        let context = Context {
            type_name: &type_name,
            locale: &C_LOCALE,
            digit_limit: self.digit_limit(),
            classify: &classify,
        };
        let mut text = self.scratch.take();
        write(spec.as_bytes(), &context, text.bytes_mut()).map_err(|error| self.raised(error))?;
        self.text(text.as_text())
    }
}

/// What a non-ASCII character means in a number.
pub fn classify(code: u32) -> NonAscii {
    match unicode::decimal(code) {
        Some(digit) => NonAscii::Digit(digit),
        None if unicode::is_space(code) => NonAscii::Space,
        None => NonAscii::Other,
    }
}
