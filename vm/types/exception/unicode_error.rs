//! `UnicodeDecodeError`, `UnicodeEncodeError` and `UnicodeTranslateError`, which know what could not be converted, and where.

use std::ops::Range;

use super::{Exception, Field, SOLID, field, fields, init as init_base, payload, text_of};
use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::heap::inline::{Bytes, Str};
use crate::native::*;
use crate::text::wtf8::TextBuf;
use crate::types::int::Int;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// As CPython has it, `__new__` is in their namespaces.
const FLAGS: TypeFlags = TypeFlags { bases_new: true, ..SOLID };

fields! { ENCODING, OBJECT, START, END, REASON }

/// What `UnicodeDecodeError` is beyond its row in the class table.
pub(crate) const UNICODE_DECODE_ERROR: TypeDef = TypeDef {
    flags: FLAGS,
    getset: GETSET,
    slots: Slots { init: Some(init_decode), str: Some(str_decode), ..Slots::NONE },
    ..TypeDef::new::<Exception>("UnicodeDecodeError")
};

/// What `UnicodeEncodeError` is beyond its row in the class table.
pub(crate) const UNICODE_ENCODE_ERROR: TypeDef = TypeDef {
    flags: FLAGS,
    getset: GETSET,
    slots: Slots { init: Some(init_encode), str: Some(str_encode), ..Slots::NONE },
    ..TypeDef::new::<Exception>("UnicodeEncodeError")
};

/// What `UnicodeTranslateError` is beyond its row in the class table.
pub(crate) const UNICODE_TRANSLATE_ERROR: TypeDef = TypeDef {
    flags: FLAGS,
    getset: GETSET,
    slots: Slots { init: Some(init_translate), str: Some(str_translate), ..Slots::NONE },
    ..TypeDef::new::<Exception>("UnicodeTranslateError")
};

const GETSET: &[GetSet] = &[
    field!("encoding", ENCODING, "The encoding."),
    field!("object", OBJECT, "What was to be converted."),
    position!("start", START, "Where the part that cannot be converted starts."),
    position!("end", END, "Where it ends."),
    field!("reason", REASON, "Why it cannot be converted."),
];

/// An attribute that is a machine word; 0 while the field is empty.
macro_rules! position {
    ($name:literal, $field:expr, $doc:literal) => {
        GetSet {
            name: $name,
            get: |vm, this| vm.int(payload(this).position($field) as i64),
            set: Some(|vm, this, value| set_position(vm, this, $field, value)),
            doc: $doc,
            member: true,
        }
    };
}
use position;

impl Exception {
    fn position(&self, field: Field) -> isize {
        self.get(field).and_then(|position| word(position.borrow())).unwrap_or(0)
    }
}

/// The value of an int that fits a machine word.
fn word(value: Ref<'_>) -> Option<isize> {
    match value.as_small_int().or_else(|| value.as_bool().map(i64::from)) {
        Some(value) => Some(value as isize),
        None => isize::try_from(value.downcast::<Int>()?.value()).ok(),
    }
}

fn set_position(vm: &Thread, this: Ref<'_>, field: Field, value: Option<Ref<'_>>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.type_error("can't delete numeric/char attribute")) };
    let is_int =
        value.as_small_int().is_some() || value.as_bool().is_some() || value.downcast::<Int>().is_some();
    if !is_int {
        return Err(vm.type_error("an integer is required"));
    }
    let Some(word) = word(value) else {
        return Err(vm.overflow_error("Python int too large to convert to C ssize_t"));
    };
    payload(this).set(field, Some(vm.int(word as i64)?));
    Ok(())
}

// ---- construction ----

fn init_decode(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let &[encoding, object, start, end, reason] = five(vm, this, args)?;
    let encoding = str_argument(vm, 1, encoding)?;
    let (start, end) = (vm.to_isize(start)?, vm.to_isize(end)?);
    let reason = str_argument(vm, 5, reason)?;
    let object = bytes_argument(vm, object)?;
    set_fields(vm, this, Some(encoding), object, (start, end), reason)
}

fn init_encode(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let &[encoding, object, start, end, reason] = five(vm, this, args)?;
    let encoding = str_argument(vm, 1, encoding)?;
    let object = str_argument(vm, 2, object)?;
    let (start, end) = (vm.to_isize(start)?, vm.to_isize(end)?);
    let reason = str_argument(vm, 5, reason)?;
    set_fields(vm, this, Some(encoding), object, (start, end), reason)
}

fn init_translate(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init_base(vm, this, args)?;
    let &[object, start, end, reason] = args.positional() else { return Err(wrong_count(vm, 4, args)) };
    let object = str_argument(vm, 1, object)?;
    let (start, end) = (vm.to_isize(start)?, vm.to_isize(end)?);
    let reason = str_argument(vm, 4, reason)?;
    set_fields(vm, this, None, object, (start, end), reason)
}

/// The five arguments of the other two.
fn five<'a>(vm: &Thread, this: Ref<'_>, args: &Args<'a>) -> PyResult<&'a [Ref<'a>; 5]> {
    init_base(vm, this, args)?;
    args.positional().try_into().map_err(|_| wrong_count(vm, 5, args))
}

#[cold]
fn wrong_count(vm: &Thread, count: usize, args: &Args<'_>) -> Raised {
    let given = args.positional().len();
    vm.type_error(format_args!("function takes exactly {count} arguments ({given} given)"))
}

fn str_argument(vm: &Thread, position: usize, value: Ref<'_>) -> PyResult {
    if value.downcast::<Str>().is_some() {
        return Ok(value.own());
    }
    let class = vm.type_name(value);
    Err(vm.type_error(format_args!("argument {position} must be str, not {class}")))
}

/// A bytes object with the contents of a bytes-like one.
fn bytes_argument(vm: &Thread, value: Ref<'_>) -> PyResult {
    if value.downcast::<Bytes>().is_some() {
        return Ok(value.own());
    }
    if vm.type_of(value).slots.buffer.get().is_none() {
        let class = vm.type_name(value);
        return Err(vm.type_error(format_args!("a bytes-like object is required, not '{class}'")));
    }
    vm.call(vm.types().bytes.borrow(), &[value])
}

fn set_fields(
    vm: &Thread,
    this: Ref<'_>,
    encoding: Option<Owned>,
    object: Owned,
    (start, end): (isize, isize),
    reason: Owned,
) -> PyResult<()> {
    let exception = payload(this);
    exception.set(ENCODING, encoding);
    exception.set(OBJECT, Some(object));
    exception.set(START, Some(vm.int(start as i64)?));
    exception.set(END, Some(vm.int(end as i64)?));
    exception.set(REASON, Some(reason));
    Ok(())
}

// ---- text ----

/// What the texts have in common: what could not be done (which for a lone byte or character says which one), where, and
/// why. Nothing while the exception is incomplete.
fn describe(vm: &Thread, this: Ref<'_>, with_codec: bool, failure: &Failure<'_>) -> PyResult {
    let exception = payload(this);
    if exception.get(OBJECT).is_none() {
        return Ok(vm.empty_str());
    }
    let reason = shown(vm, exception.get(REASON))?;
    let encoding = shown(vm, exception.get(ENCODING))?;
    let (start, end) = (exception.position(START), exception.position(END));
    let lone = usize::try_from(start).ok().filter(|_| end == start.wrapping_add(1));
    let object = exception.get(OBJECT).unwrap_or_else(Owned::none);
    let item = (failure.item)(vm, object.borrow(), lone)?;
    let mut text = TextBuf::default();
    if with_codec {
        text.push_str("'");
        text.push_text(text_of(&encoding));
        text.push_str("' codec ");
    }
    text.push_str(&match item {
        Some(item) => format!("{} {} {item} in position {start}: ", failure.verb, failure.noun),
        None => format!("{} {}s in position {start}-{}: ", failure.verb, failure.noun, end.wrapping_sub(1)),
    });
    text.push_text(text_of(&reason));
    vm.text(text.as_text())
}

/// `str(value)` of an attribute, which may have been deleted.
fn shown(vm: &Thread, value: Option<Owned>) -> PyResult {
    match value {
        Some(value) => vm.to_str(value.borrow()),
        None => vm.str("<NULL>"),
    }
}

/// How a class words its failure.
struct Failure<'a> {
    verb: &'a str,
    noun: &'a str,
    /// Shows the item at an index, if the object has it; the index is absent where it is not about a single item.
    item: fn(&Thread, Ref<'_>, Option<usize>) -> PyResult<Option<String>>,
}

fn str_decode(vm: &Thread, this: Ref<'_>) -> PyResult {
    describe(vm, this, true, &Failure { verb: "can't decode", noun: "byte", item: show_byte })
}

fn str_encode(vm: &Thread, this: Ref<'_>) -> PyResult {
    describe(vm, this, true, &Failure { verb: "can't encode", noun: "character", item: show_character })
}

fn str_translate(vm: &Thread, this: Ref<'_>) -> PyResult {
    describe(vm, this, false, &Failure { verb: "can't translate", noun: "character", item: show_character })
}

fn show_byte(vm: &Thread, object: Ref<'_>, index: Option<usize>) -> PyResult<Option<String>> {
    let Some(bytes) = object.downcast::<Bytes>() else {
        return Err(vm.type_error("UnicodeError 'object' attribute must be a bytes"));
    };
    Ok(index.and_then(|index| bytes.as_bytes().get(index)).map(|byte| format!("{byte:#04x}")))
}

fn show_character(vm: &Thread, object: Ref<'_>, index: Option<usize>) -> PyResult<Option<String>> {
    let Some(text) = object.downcast::<Str>() else {
        return Err(vm.type_error("UnicodeError 'object' attribute must be a string"));
    };
    let code = index
        .filter(|&index| index < text.len())
        .and_then(|index| text.text().code_point_at(text.offset(index)));
    Ok(code.map(|code| match code {
        ..0x100 => format!("'\\x{code:02x}'"),
        0x100..0x1_0000 => format!("'\\u{code:04x}'"),
        _ => format!("'\\U{code:08x}'"),
    }))
}

// ---- for codecs ----

impl Thread {
    /// A `UnicodeDecodeError` about a range of bytes.
    #[cold]
    pub fn unicode_decode_error(
        &self,
        encoding: &str,
        object: Ref<'_>,
        range: Range<usize>,
        reason: &str,
    ) -> Raised {
        self.unicode_failure(&self.exceptions().UnicodeDecodeError, encoding, object, range, reason)
    }

    /// A `UnicodeEncodeError` about a range of characters.
    #[cold]
    pub fn unicode_encode_error(
        &self,
        encoding: &str,
        object: Ref<'_>,
        range: Range<usize>,
        reason: &str,
    ) -> Raised {
        self.unicode_failure(&self.exceptions().UnicodeEncodeError, encoding, object, range, reason)
    }

    fn unicode_failure(
        &self,
        class: &Owned,
        encoding: &str,
        object: Ref<'_>,
        range: Range<usize>,
        reason: &str,
    ) -> Raised {
        let make = || {
            let (encoding, reason) = (self.str(encoding)?, self.str(reason)?);
            let (start, end) = (self.size(range.start)?, self.size(range.end)?);
            let args = [encoding.borrow(), object, start.borrow(), end.borrow(), reason.borrow()];
            Ok(self.error_with(class, &args))
        };
        make().unwrap_or_else(|raised: Raised| raised)
    }
}

/// What an error handler needs to know of a `UnicodeError`.
pub(crate) struct Details {
    pub(crate) encoding: Option<Owned>,
    pub(crate) object: Option<Owned>,
    pub(crate) start: isize,
    pub(crate) end: isize,
}

/// The attributes of a `UnicodeError` of one of the three classes.
pub(crate) fn details(exception: Ref<'_>) -> Details {
    let exception = payload(exception);
    Details {
        encoding: exception.get(ENCODING),
        object: exception.get(OBJECT),
        start: exception.position(START),
        end: exception.position(END),
    }
}

/// Moves the range of a `UnicodeError`, and sets its reason: codecs use one exception for all errors in a text.
pub(crate) fn move_to(vm: &Thread, exception: Ref<'_>, range: Range<usize>, reason: &str) -> PyResult<()> {
    let payload = payload(exception);
    payload.set(START, Some(vm.size(range.start)?));
    payload.set(END, Some(vm.size(range.end)?));
    payload.set(REASON, Some(vm.str(reason)?));
    Ok(())
}
