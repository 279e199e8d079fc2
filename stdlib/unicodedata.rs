//! `unicodedata`: the Unicode character database, as it is and as it was in version 3.2.
//!
//! The module's functions are those of the current version; `ucd_3_2_0` is an object with the same methods. A macro
//! makes both from one body, which asks a [`Version`] for a property. The tables are in [`pyx_vm::text::unicode`].

use pyx_vm::class;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::native::*;
use pyx_vm::text::unicode::names::{self, Named};
use pyx_vm::text::unicode::normalize::{self as forms, Form, Version as Tables};
use pyx_vm::text::unicode::{database, properties, ucd_3_2_0};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// The version of the tables.
const VERSION: &str = "16.0.0";

/// Where properties are looked up.
struct Version {
    category: fn(u32) -> &'static str,
    bidirectional: fn(u32) -> &'static str,
    east_asian_width: fn(u32) -> &'static str,
    mirrored: fn(u32) -> bool,
    combining: fn(u32) -> u8,
    decomposition: fn(u32) -> String,
    decimal: fn(u32) -> Option<u8>,
    digit: fn(u32) -> Option<u8>,
    numeric: fn(u32) -> Option<f64>,
    name: fn(u32) -> Option<String>,
    /// The character or sequence with a name.
    lookup: fn(&[u8]) -> Option<Found>,
    tables: Tables,
}

enum Found {
    Character(u32),
    Sequence(&'static str),
}

static CURRENT: Version = Version {
    category: database::category,
    bidirectional: database::bidirectional,
    east_asian_width: database::east_asian_width,
    mirrored: database::mirrored,
    combining: database::combining,
    decomposition: database::decomposition,
    decimal: properties::decimal,
    digit: properties::digit,
    numeric: properties::numeric,
    name: names::name,
    lookup: |name| {
        names::lookup(name).map(|named| match named {
            Named::Character(code) | Named::Alias(code) => Found::Character(code),
            Named::Sequence(text) => Found::Sequence(text),
        })
    },
    tables: Tables::Current,
};

static OLD: Version = Version {
    category: ucd_3_2_0::category,
    bidirectional: ucd_3_2_0::bidirectional,
    east_asian_width: ucd_3_2_0::east_asian_width,
    mirrored: ucd_3_2_0::mirrored,
    combining: ucd_3_2_0::combining,
    decomposition: ucd_3_2_0::decomposition,
    decimal: ucd_3_2_0::decimal,
    digit: ucd_3_2_0::digit,
    numeric: ucd_3_2_0::numeric,
    name: ucd_3_2_0::name,
    lookup: |name| ucd_3_2_0::lookup(name).map(Found::Character),
    tables: Tables::Ucd3_2_0,
};

pyx_vm::payload! {
    /// The database of version 3.2.
    struct Ucd: Native {}
}

class! { Ucd => UCD; }

/// The rows of functions or of methods: how each is made, and the function for a body and an arity.
macro_rules! rows {
    ($row:ident, $one:ident, $two:ident, $optional:ident) => {
        &[
            $row(
                "decimal($self, chr, default=<unrepresentable>, /)",
                $optional!(decimal),
                "The decimal digit that a character is, or the default.",
            ),
            $row(
                "digit($self, chr, default=<unrepresentable>, /)",
                $optional!(digit),
                "The digit that a character is, or the default.",
            ),
            $row(
                "numeric($self, chr, default=<unrepresentable>, /)",
                $optional!(numeric),
                "The number that a character stands for, or the default.",
            ),
            $row("category($self, chr, /)", $one!(category), "The general category of a character."),
            $row(
                "bidirectional($self, chr, /)",
                $one!(bidirectional),
                "The bidirectional class of a character, empty if there is none.",
            ),
            $row(
                "combining($self, chr, /)",
                $one!(combining),
                "The canonical combining class of a character, 0 if there is none.",
            ),
            $row(
                "mirrored($self, chr, /)",
                $one!(mirrored),
                "1 if a character is mirrored in text that runs from right to left, 0 otherwise.",
            ),
            $row(
                "east_asian_width($self, chr, /)",
                $one!(east_asian_width),
                "The East Asian width of a character.",
            ),
            $row(
                "decomposition($self, chr, /)",
                $one!(decomposition),
                "What a character decomposes into, as hexadecimal numbers, empty if it does not.",
            ),
            $row(
                "name($self, chr, default=<unrepresentable>, /)",
                $optional!(name),
                "The name of a character, or the default.",
            ),
            $row(
                "lookup($self, name, /)",
                $one!(lookup),
                "The character or sequence with a name.\n\nRaises KeyError if there is none.",
            ),
            $row(
                "is_normalized($self, form, unistr, /)",
                $two!(is_normalized),
                "Whether a text is in a normalization form: 'NFC', 'NFKC', 'NFD' or 'NFKD'.",
            ),
            $row(
                "normalize($self, form, unistr, /)",
                $two!(normalize),
                "A text in a normalization form: 'NFC', 'NFKC', 'NFD' or 'NFKD'.",
            ),
        ]
    };
}

macro_rules! one {
    ($body:ident) => {
        One(|vm, a| $body(vm, &CURRENT, a))
    };
}

macro_rules! two {
    ($body:ident) => {
        Two(|vm, a, b| $body(vm, &CURRENT, a, b))
    };
}

macro_rules! optional {
    ($body:ident) => {
        OneOpt(|vm, a, b| $body(vm, &CURRENT, a, b))
    };
}

macro_rules! old_one {
    ($body:ident) => {
        Two(|vm, _, a| $body(vm, &OLD, a))
    };
}

macro_rules! old_two {
    ($body:ident) => {
        Three(|vm, _, a, b| $body(vm, &OLD, a, b))
    };
}

macro_rules! old_optional {
    ($body:ident) => {
        TwoOpt(|vm, _, a, b| $body(vm, &OLD, a, b))
    };
}

pub(crate) static UNICODEDATA: ModuleDef = ModuleDef {
    doc: "The Unicode character database, version 16.0.0.",
    functions: rows!(function, one, two, optional),
    types: &[&UCD],
    exec: Some(exec),
    ..ModuleDef::new("unicodedata")
};

static UCD: TypeDef = TypeDef {
    module: "unicodedata",
    attributes: &[MODULE, GETATTRIBUTE],
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: rows!(method, old_one, old_two, old_optional),
    getset: &[member("unidata_version", |vm, _| vm.str(ucd_3_2_0::VERSION), "The version of the database.")],
    ..TypeDef::new::<Ucd>("UCD")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let version = vm.str(VERSION)?;
    vm.set_attr(module, vm.intern("unidata_version")?.borrow(), Some(version.borrow()))?;
    let old = vm.new_object(Ucd {})?;
    vm.set_attr(module, vm.intern("ucd_3_2_0")?.borrow(), Some(old.borrow()))
}

/// The code point of an argument of one character; `place` names the argument if there are others.
fn character(vm: &Thread, name: &str, place: &str, value: Ref<'_>) -> PyResult<u32> {
    let Some(text) = value.downcast::<Str>() else {
        let got = vm.type_name(value);
        return Err(
            vm.type_error(format_args!("{name}() argument{place} must be a unicode character, not {got}"))
        );
    };
    match text.text().code_point_at(0) {
        Some(code) if text.len() == 1 => Ok(code),
        _ => Err(vm.type_error(format_args!(
            "{name}(): argument{place} must be a unicode character, not a string of length {}",
            text.len()
        ))),
    }
}

macro_rules! properties {
    ($($name:ident: |$vm:ident, $value:ident| $result:expr;)*) => {$(
        fn $name($vm: &Thread, version: &Version, chr: Ref<'_>) -> PyResult {
            let $value = (version.$name)(character($vm, stringify!($name), "", chr)?);
            $result
        }
    )*};
}

properties! {
    category: |vm, value| vm.str(value);
    bidirectional: |vm, value| vm.str(value);
    east_asian_width: |vm, value| vm.str(value);
    combining: |_vm, value| Ok(Owned::small_int(value.into()));
    mirrored: |_vm, value| Ok(Owned::small_int(value.into()));
    decomposition: |vm, value| vm.str(&value);
}

macro_rules! properties_or_default {
    ($($name:ident: |$vm:ident, $value:ident| $result:expr, $missing:literal;)*) => {$(
        fn $name($vm: &Thread, version: &Version, chr: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
            match (version.$name)(character($vm, stringify!($name), " 1", chr)?) {
                Some($value) => $result,
                None => default.map(Ref::own).ok_or_else(|| $vm.value_error($missing)),
            }
        }
    )*};
}

properties_or_default! {
    decimal: |vm, value| vm.int(value.into()), "not a decimal";
    digit: |vm, value| vm.int(value.into()), "not a digit";
    numeric: |vm, value| vm.float(value), "not a numeric character";
    name: |vm, value| vm.str(&value), "no such name";
}

fn lookup(vm: &Thread, version: &Version, name: Ref<'_>) -> PyResult {
    /// Longer names are refused at once.
    const LONGEST: usize = 256;
    let bytes = match name.downcast::<Str>() {
        Some(_) => vm.utf8(name)?.as_bytes().to_vec(),
        None if name.downcast::<Bytes>().is_none() && vm.exports_buffer(name) => {
            let got = vm.type_name(name);
            return Err(vm.type_error(format_args!(
                "lookup() argument must be read-only bytes-like object, not {got}"
            )));
        }
        None => vm.copy_bytes_like(name)?,
    };
    if bytes.len() > LONGEST {
        return Err(key_error(vm, "name too long"));
    }
    match (version.lookup)(&bytes) {
        Some(Found::Character(code)) => vm.character(code),
        Some(Found::Sequence(text)) => vm.str(text),
        None => {
            let name = String::from_utf8_lossy(&bytes);
            Err(key_error(vm, &format!("undefined character name '{name}'")))
        }
    }
}

fn key_error(vm: &Thread, message: &str) -> Raised {
    match vm.str(message) {
        Ok(message) => vm.error_with(&vm.exceptions().KeyError, &[message.borrow()]),
        Err(raised) => raised,
    }
}

/// The arguments of the functions of normalization. The form of an empty text does not matter.
fn form_and_text<'a>(
    vm: &Thread,
    name: &str,
    form: Ref<'_>,
    text: Ref<'a>,
) -> PyResult<(Option<Form>, &'a Str)> {
    let form = vm.str_argument(format_args!("{name}() argument 1"), form)?;
    let text = vm.str_argument(format_args!("{name}() argument 2"), text)?;
    match Form::from_name(form.as_bytes()) {
        Some(form) => Ok((Some(form), text)),
        None if text.is_empty() => Ok((None, text)),
        None => Err(vm.value_error("invalid normalization form")),
    }
}

fn is_normalized(vm: &Thread, version: &Version, form: Ref<'_>, text: Ref<'_>) -> PyResult {
    let (form, text) = form_and_text(vm, "is_normalized", form, text)?;
    Ok(Owned::bool(form.is_none_or(|form| forms::is_normalized(text.text(), form, version.tables))))
}

fn normalize(vm: &Thread, version: &Version, form: Ref<'_>, text: Ref<'_>) -> PyResult {
    let (form, payload) = form_and_text(vm, "normalize", form, text)?;
    match form.and_then(|form| forms::normalize(payload.text(), form, version.tables)) {
        Some(normal) => vm.text(normal.as_text()),
        None if vm.class(text).is(vm.types().str.borrow()) => Ok(text.own()),
        None => vm.text(payload.text()),
    }
}
