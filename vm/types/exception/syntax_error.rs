//! `SyntaxError`, which knows where in the source text it is.

use super::{Exception, Field, SOLID, field, fields, init as init_base, payload, text_of};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::native::*;
use crate::text::wtf8::{Text, TextBuf};
use crate::types::int::Int;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

fields! { MSG, FILENAME, LINENO, OFFSET, TEXT, END_LINENO, END_OFFSET, PRINT_FILE_AND_LINE, METADATA }

/// The details, in the order in which the constructor takes them as a tuple.
const DETAILS: [Field; 7] = [FILENAME, LINENO, OFFSET, TEXT, END_LINENO, END_OFFSET, METADATA];

/// What `SyntaxError` is beyond its row in the class table.
pub(crate) const SYNTAX_ERROR: TypeDef = TypeDef {
    flags: SOLID,
    getset: &[
        field!("msg", MSG, "The message."),
        field!("filename", FILENAME, "The file."),
        field!("lineno", LINENO, "The line, from 1."),
        field!("offset", OFFSET, "The column, from 1."),
        field!("text", TEXT, "The source text of the line."),
        field!("end_lineno", END_LINENO, "The line where the error ends."),
        field!("end_offset", END_OFFSET, "The column where the error ends."),
        field!("print_file_and_line", PRINT_FILE_AND_LINE, "Whether the place is shown."),
        field!("_metadata", METADATA, "What else the parser knows, for suggestions."),
    ],
    slots: Slots { init: Some(init), str: Some(str), ..Slots::NONE },
    ..TypeDef::new::<Exception>("SyntaxError")
};

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init_base(vm, this, args)?;
    let exception = payload(this);
    let args = args.positional();
    if let Some(message) = args.first() {
        exception.set(MSG, Some(message.own()));
    }
    if let &[_, details] = args {
        set_details(vm, exception, &vm.collect_unhinted(details)?)?;
    }
    Ok(())
}

/// Sets file, line, column, text, and perhaps the end and more.
fn set_details(vm: &Thread, exception: &Exception, details: &[Owned]) -> PyResult<()> {
    let (bound, limit) = match details.len() {
        0..4 => ("least", 4),
        4..=7 => ("", 0),
        _ => ("most", 7),
    };
    if limit != 0 {
        let given = details.len();
        return Err(
            vm.type_error(format_args!("function takes at {bound} {limit} arguments ({given} given)"))
        );
    }
    for (index, field) in DETAILS.into_iter().enumerate() {
        exception.set(field, details.get(index).cloned());
    }
    if details.len() == 5 {
        return Err(vm.type_error("end_offset must be provided when end_lineno is provided"));
    }
    Ok(())
}

/// The message, with the file's base name and the line as far as they are known.
fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    let exception = payload(this);
    let message = vm.to_str(exception.get(MSG).unwrap_or_else(Owned::none).borrow())?;
    let filename = exception.get(FILENAME).filter(|name| name.borrow().downcast::<Str>().is_some());
    let line = exception.get(LINENO).and_then(|line| line_number(line.borrow()));
    let mut text = TextBuf::from(text_of(&message));
    let filename = filename.as_ref().map(|name| base_name(text_of(name)));
    match (filename, line) {
        (None, None) => return Ok(message),
        (Some(name), None) => {
            text.push_str(" (");
            text.push_text(name);
            text.push_str(")");
        }
        (Some(name), Some(line)) => {
            text.push_str(" (");
            text.push_text(name);
            text.push_str(&format!(", line {line})"));
        }
        (None, Some(line)) => text.push_str(&format!(" (line {line})")),
    }
    vm.text(text.as_text())
}

/// A line number, if the value is exactly an int; -1 if it is larger than any line number could be.
fn line_number(line: Ref<'_>) -> Option<i64> {
    line.as_small_int().or_else(|| {
        let line = line
            .downcast::<Int>()
            .filter(|_| line.header().is_some_and(|h| h.is_exact(crate::heap::Kind::Int)))?;
        Some(i64::try_from(line.value()).unwrap_or(-1))
    })
}

fn base_name(path: Text<'_>) -> Text<'_> {
    let bytes = path.as_bytes();
    let start = memchr::memrchr(b'/', bytes).map_or(0, |slash| slash + 1);
    path.slice(start..bytes.len())
}

/// Where a syntax error is: what its display needs.
pub(crate) struct Place {
    pub(crate) msg: Option<Owned>,
    pub(crate) filename: Option<Owned>,
    pub(crate) lineno: Option<Owned>,
    pub(crate) offset: Option<Owned>,
    pub(crate) text: Option<Owned>,
    pub(crate) end_lineno: Option<Owned>,
    pub(crate) end_offset: Option<Owned>,
}

/// The place of a `SyntaxError`.
pub(crate) fn place(exception: Ref<'_>) -> Place {
    let exception = payload(exception);
    Place {
        msg: exception.get(MSG),
        filename: exception.get(FILENAME),
        lineno: exception.get(LINENO),
        offset: exception.get(OFFSET),
        text: exception.get(TEXT),
        end_lineno: exception.get(END_LINENO),
        end_offset: exception.get(END_OFFSET),
    }
}
