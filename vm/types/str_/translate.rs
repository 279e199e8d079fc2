//! `translate` and `maketrans`.

use super::make::payload;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::protocol::conversion::small_value;
use crate::text::translate::{Translation, translate as apply};
use crate::types::int::int_ref;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) fn translate(vm: &Thread, this: Ref<'_>, table: Ref<'_>) -> PyResult {
    let translated = apply(payload(this).text(), |code| translation(vm, table, code))?;
    vm.text(translated.as_text())
}

/// What a table says of a character.
fn translation(vm: &Thread, table: Ref<'_>, code: u32) -> PyResult<Translation> {
    let Some(entry) = entry(vm, table, Owned::small_int(code as i32).borrow())? else {
        return Ok(Translation::Keep);
    };
    let entry = entry.borrow();
    if entry.is_none() {
        return Ok(Translation::Delete);
    }
    if let Some(text) = entry.downcast::<Str>() {
        return Ok(Translation::Text(text.text().into()));
    }
    if int_ref(entry).is_none() {
        return Err(vm.type_error("character mapping must return integer, None or str"));
    }
    match small_value(entry) {
        Some(code @ 0..=0x10_ffff) => Ok(Translation::Code(code as u32)),
        _ => Err(vm.value_error("character mapping must be in range(0x110000)")),
    }
}

/// The entry of a table; `None` where looking it up raises LookupError.
fn entry(vm: &Thread, table: Ref<'_>, key: Ref<'_>) -> PyResult<Option<Owned>> {
    let found = match table.downcast::<Dict>().filter(|_| table.is_exact(Kind::Dict)) {
        Some(dict) => vm.hash(key).and_then(|hash| dict.table.get(vm, key, hash)),
        None => vm.get_item(table, key).map(Some),
    };
    match found {
        Ok(entry) => Ok(entry),
        Err(raised) if raised.is(&vm.exceptions().LookupError) => Ok(None),
        Err(raised) => Err(raised),
    }
}

pub(super) fn maketrans(
    vm: &Thread,
    from: Ref<'_>,
    to: Option<Ref<'_>>,
    deleted: Option<Ref<'_>>,
) -> PyResult {
    let to = to.map(|to| vm.str_argument("maketrans() argument 2", to)).transpose()?;
    let deleted = deleted.map(|deleted| vm.str_argument("maketrans() argument 3", deleted)).transpose()?;
    match to {
        Some(to) => of_characters(vm, from, to, deleted),
        None => of_dict(vm, from),
    }
}

/// A table of the characters of two strings, and of characters to delete.
fn of_characters(vm: &Thread, from: Ref<'_>, to: &Str, deleted: Option<&Str>) -> PyResult {
    let Some(from) = from.downcast::<Str>() else {
        return Err(vm.type_error("first maketrans argument must be a string if there is a second argument"));
    };
    if from.len() != to.len() {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    let table = vm.dict()?;
    let set = |code: u32, value: Ref<'_>| {
        vm.set_item(table.borrow(), Owned::small_int(code as i32).borrow(), Some(value))
    };
    for (from, to) in from.text().code_points().zip(to.text().code_points()) {
        set(from, Owned::small_int(to as i32).borrow())?;
    }
    for code in deleted.into_iter().flat_map(|deleted| deleted.text().code_points()) {
        set(code, Ref::NONE)?;
    }
    Ok(table)
}

/// A table of the entries of a dict, whose keys may be characters.
fn of_dict(vm: &Thread, dict: Ref<'_>) -> PyResult {
    let Some(entries) = dict.downcast::<Dict>().filter(|_| dict.is_exact(Kind::Dict)) else {
        return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
    };
    let table = vm.dict()?;
    let mut position = 0;
    while let Some((key, value)) = entries.table.next(&mut position) {
        let key = match key.borrow().downcast::<Str>() {
            Some(text) if text.len() == 1 => {
                Owned::small_int(text.text().code_point_at(0).unwrap_or_default() as i32)
            }
            Some(_) => return Err(vm.value_error("string keys in translatetable must be of length 1")),
            None if int_ref(key.borrow()).is_some() => key,
            None => return Err(vm.type_error("keys in translate table mustbe strings or integers")),
        };
        vm.set_item(table.borrow(), key.borrow(), Some(value.borrow()))?;
    }
    Ok(table)
}
