//! `_string`: how `string.Formatter` takes formats apart.
//!
//! Both functions parse all of a text at once; an error waits until what precedes it has been asked for.

use std::cell::Cell;

use pyx_vm::exception::PyResult;
use pyx_vm::format::brace::{Accessor, Argument, BraceError, Chunk, FieldName, Markup};
use pyx_vm::heap::inline::Str;
use pyx_vm::heap::{Items, Slot};
use pyx_vm::native::*;
use pyx_vm::payload;
use pyx_vm::protocol::format::classify;
use pyx_vm::text::wtf8::Text;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static STRING: ModuleDef = ModuleDef {
    doc: "Taking formats apart, for string.Formatter.",
    functions: &[
        function(
            "formatter_parser($self, object, /)",
            One(formatter_parser),
            "The chunks of a format: tuples of literal text, field name, format specification and conversion.",
        ),
        function(
            "formatter_field_name_split($self, object, /)",
            One(formatter_field_name_split),
            "The first part of a field's name, and an iterator over the attributes and items that follow it.",
        ),
    ],
    ..ModuleDef::new("_string")
};

payload! {
    /// An iterator over what was parsed, which ends with an error if there was one.
    struct Parsed: Native {
        items: Items,
        next: Cell<usize>,
        /// The message of the error.
        error: Slot,
    }
}

static FORMATTER_ITERATOR: TypeDef = iterator("formatteriterator");
static FIELD_NAME_ITERATOR: TypeDef = iterator("fieldnameiterator");

const fn iterator(name: &'static str) -> TypeDef {
    TypeDef {
        flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
        slots: Slots { iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
        ..TypeDef::new::<Parsed>(name)
    }
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let parsed: &Parsed = this.downcast().expect("the receiver is an iterator of this module");
    let index = parsed.next.get();
    if let Some(item) = parsed.items.get(index) {
        parsed.next.set(index + 1);
        return Ok(Some(item));
    }
    match parsed.error.take() {
        Some(message) => Err(vm.error_with(&vm.exceptions().ValueError, &[message.borrow()])),
        None => Ok(None),
    }
}

/// An iterator over what a function makes of the items up to the first error.
fn parsed<T>(
    vm: &Thread,
    class: &'static TypeDef,
    items: impl Iterator<Item = Result<T, BraceError>>,
    make: impl Fn(T) -> PyResult,
) -> PyResult {
    let parsed = Parsed { items: Items::new(), next: Cell::new(0), error: Slot::empty() };
    for item in items {
        match item {
            Ok(item) => parsed.items.push(vm, make(item)?)?,
            Err(error) => parsed.error.set(vm.str(&error.to_string())?),
        }
    }
    vm.new_object_of(vm.class_of(class)?.borrow(), parsed)
}

fn text_argument<'a>(vm: &Thread, text: Ref<'a>) -> PyResult<&'a Str> {
    text.downcast().ok_or_else(|| vm.type_error(format_args!("expected str, got {}", vm.type_name(text))))
}

fn formatter_parser(vm: &Thread, format: Ref<'_>) -> PyResult {
    let format = text_argument(vm, format)?;
    parsed(vm, &FORMATTER_ITERATOR, Markup::new(format.as_bytes()), |chunk| self::chunk(vm, &chunk))
}

fn chunk(vm: &Thread, chunk: &Chunk<'_>) -> PyResult {
    let text = |bytes| vm.text(Text::trusted(bytes));
    let literal = text(chunk.literal)?;
    let Some(field) = &chunk.field else {
        return vm.tuple(vec![literal, Owned::none(), Owned::none(), Owned::none()]);
    };
    let conversion = field.conversion.map_or_else(|| Ok(Owned::none()), |code| vm.character(code))?;
    vm.tuple(vec![literal, text(field.name)?, text(field.spec)?, conversion])
}

fn formatter_field_name_split(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = text_argument(vm, name)?;
    let text = |bytes| vm.text(Text::trusted(bytes));
    let name = FieldName::new(name.as_bytes(), &classify).map_err(|error| vm.value_error(error))?;
    let first = match name.argument() {
        Argument::Next => vm.empty_str(),
        Argument::Index(index) => vm.size(index)?,
        Argument::Keyword(name) => text(name)?,
    };
    let rest = parsed(vm, &FIELD_NAME_ITERATOR, name, |accessor| match accessor {
        Accessor::Attribute(name) => vm.pair(Owned::bool(true), text(name)?),
        Accessor::Index(index) => vm.pair(Owned::bool(false), vm.size(index)?),
        Accessor::Key(key) => vm.pair(Owned::bool(false), text(key)?),
    })?;
    vm.pair(first, rest)
}
