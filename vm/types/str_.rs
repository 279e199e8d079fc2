//! `str`: its table, and what it does as a sequence. The methods are in the files below; the algorithms in
//! [`crate::text`].

mod case;
mod change;
mod format;
mod make;
mod new;
mod pad;
mod percent;
mod search;
mod split;
mod translate;

pub(crate) use format::dunder_format as format;
pub(crate) use make::{concatenate, exact, part};

use make::payload;

use crate::class;
use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::heap::{Header, Kind, flag};
use crate::native::*;
use crate::protocol::sequence::index_of;
use crate::protocol::slots::CompareOp;
use crate::text::index::{extended_slice, extended_slice_bytes};
use crate::text::output::Output;
use crate::text::output::repeat as push_repeated;
use crate::text::wtf8::Text;
use crate::text::{repr as quote, search as find};
use crate::types::searched;
use crate::types::slice::Slice;
use crate::types::str_iterator::StrIterator;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

class! { Str => STR; }

pub(crate) static STR: TypeDef = TypeDef {
    flags: TypeFlags { match_self: true, ..TypeFlags::BASE },
    doc: "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n\
          Text: an object's own readable form, or what bytes say in an encoding.",
    methods: METHODS,
    slots: Slots {
        repr: Some(repr),
        str: Some(exact),
        hash: Some(|vm, this| Ok(hash(vm, payload(this)))),
        compare: Some(compare),
        iter: Some(iter),
        new: Some(new::new),
        remainder: Some(percent::remainder),
        mapping_len: Some(len),
        getitem: Some(getitem),
        len: Some(len),
        concat: Some(concat),
        repeat: Some(repeat),
        item: Some(item),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<Str>("str")
};

const METHODS: &[MethodDef] = &[
    method(
        "encode($self, /, encoding='utf-8', errors='strict')",
        OneOpt2(encode),
        "The bytes of the text in an encoding.\n\n\
         What the encoding lacks goes to an error handler: 'strict', 'ignore', 'replace', 'xmlcharrefreplace'\n\
         or another one that the module codecs knows.",
    ),
    method(
        "replace($self, old, new, /, count=-1)",
        ThreeOpt(change::replace),
        "The text with all occurrences of a part replaced, or the first of them where a count is given.",
    ),
    method(
        "split($self, /, sep=None, maxsplit=-1)",
        OneOpt2(split::split),
        "The parts between separators, as a list.\n\n\
         Without a separator, stretches of white space separate, and empty parts are left out. At most maxsplit\n\
         splits are made, from the left; -1 is no limit.",
    ),
    method(
        "rsplit($self, /, sep=None, maxsplit=-1)",
        OneOpt2(split::rsplit),
        "The parts between separators, as a list; where maxsplit limits the splits, they are made from the right.",
    ),
    method(
        "join($self, iterable, /)",
        Two(split::join),
        "The strings of an iterable, with the text between them.",
    ),
    method(
        "capitalize($self, /)",
        One(case::capitalize),
        "The first character in title case, the others in lower case.",
    ),
    method("casefold($self, /)", One(case::casefold), "The text for comparisons that ignore case."),
    method(
        "title($self, /)",
        One(case::title),
        "Each word with an initial in title case, and the rest in lower case.",
    ),
    method(
        "center($self, width, fillchar=' ', /)",
        TwoOpt(pad::center),
        "The text in the middle of so many characters.",
    ),
    method(
        "count($self, sub[, start[, end]], /)",
        TwoOpt2(searched::count::<Str>),
        "How often a part occurs in s[start:end], without overlap.",
    ),
    method(
        "expandtabs($self, /, tabsize=8)",
        OneOpt(pad::expandtabs),
        "The text with spaces in place of tabs, up to the next multiple of the tab size.",
    ),
    method(
        "find($self, sub[, start[, end]], /)",
        TwoOpt2(searched::find::<Str>),
        "The lowest index in s[start:end] where a part starts, or -1.",
    ),
    method(
        "partition($self, sep, /)",
        Two(split::partition),
        "What precedes the first separator, the separator, and what follows it.\n\n\
         Without a separator in the text: the text and two empty strings.",
    ),
    method(
        "index($self, sub[, start[, end]], /)",
        TwoOpt2(searched::index::<Str>),
        "The lowest index in s[start:end] where a part starts.\n\nRaises ValueError if there is none.",
    ),
    method("ljust($self, width, fillchar=' ', /)", TwoOpt(pad::ljust), "The text, filled up on the right."),
    method("lower($self, /)", One(case::lower), "The text in lower case."),
    method(
        "lstrip($self, chars=None, /)",
        OneOpt(change::lstrip),
        "The text without white space, or the given characters, at its start.",
    ),
    method(
        "rfind($self, sub[, start[, end]], /)",
        TwoOpt2(searched::rfind::<Str>),
        "The highest index in s[start:end] where a part starts, or -1.",
    ),
    method(
        "rindex($self, sub[, start[, end]], /)",
        TwoOpt2(searched::rindex::<Str>),
        "The highest index in s[start:end] where a part starts.\n\nRaises ValueError if there is none.",
    ),
    method("rjust($self, width, fillchar=' ', /)", TwoOpt(pad::rjust), "The text, filled up on the left."),
    method(
        "rstrip($self, chars=None, /)",
        OneOpt(change::rstrip),
        "The text without white space, or the given characters, at its end.",
    ),
    method(
        "rpartition($self, sep, /)",
        Two(split::rpartition),
        "What precedes the last separator, the separator, and what follows it.\n\n\
         Without a separator in the text: two empty strings and the text.",
    ),
    method(
        "splitlines($self, /, keepends=False)",
        OneOpt(split::splitlines),
        "The lines, as a list, with their ends if that is wished.",
    ),
    method(
        "strip($self, chars=None, /)",
        OneOpt(change::strip),
        "The text without white space, or the given characters, at either end.",
    ),
    method("swapcase($self, /)", One(case::swapcase), "The text with upper and lower case exchanged."),
    method(
        "translate($self, table, /)",
        Two(translate::translate),
        "Each character replaced by what the table has for its code point.\n\n\
         That is a code point, a string, or None, which deletes it; where the table raises LookupError, the character\n\
         stays. str.maketrans() makes such tables.",
    ),
    method("upper($self, /)", One(case::upper), "The text in upper case."),
    method(
        "startswith($self, prefix[, start[, end]], /)",
        TwoOpt2(searched::startswith::<Str>),
        "Whether s[start:end] starts with a prefix, or with one of a tuple of prefixes.",
    ),
    method(
        "endswith($self, suffix[, start[, end]], /)",
        TwoOpt2(searched::endswith::<Str>),
        "Whether s[start:end] ends with a suffix, or with one of a tuple of suffixes.",
    ),
    method(
        "removeprefix($self, prefix, /)",
        Two(change::removeprefix),
        "The text without a prefix, if it has that.",
    ),
    method(
        "removesuffix($self, suffix, /)",
        Two(change::removesuffix),
        "The text without a suffix, if it has that.",
    ),
    method("isascii($self, /)", One(case::isascii), "Whether all characters are ASCII."),
    method("islower($self, /)", One(case::islower), "Whether there are cased characters, all in lower case."),
    method("isupper($self, /)", One(case::isupper), "Whether there are cased characters, all in upper case."),
    method("istitle($self, /)", One(case::istitle), "Whether the text has words, each in title case."),
    method("isspace($self, /)", One(case::isspace), "Whether there are characters, all white space."),
    method("isdecimal($self, /)", One(case::isdecimal), "Whether there are characters, all decimal digits."),
    method("isdigit($self, /)", One(case::isdigit), "Whether there are characters, all digits."),
    method("isnumeric($self, /)", One(case::isnumeric), "Whether there are characters, all numeric."),
    method("isalpha($self, /)", One(case::isalpha), "Whether there are characters, all letters."),
    method("isalnum($self, /)", One(case::isalnum), "Whether there are characters, all letters or numeric."),
    method(
        "isidentifier($self, /)",
        One(case::isidentifier),
        "Whether the text is an identifier, as far as its characters say; keyword.iskeyword() tells keywords.",
    ),
    method(
        "isprintable($self, /)",
        One(case::isprintable),
        "Whether repr() shows all characters as they are.",
    ),
    method(
        "zfill($self, width, /)",
        Two(pad::zfill),
        "The text filled up on the left with zeros, which go behind a sign.",
    ),
    method(
        "format($self, /, *args, **kwargs)",
        Many(format::format),
        "The text with its replacement fields, in braces, replaced by the arguments.",
    ),
    method(
        "format_map($self, mapping, /)",
        Two(format::format_map),
        "The text with its replacement fields, in braces, replaced by the items of a mapping.",
    ),
    method(
        "__format__($self, format_spec, /)",
        Two(format::dunder_format),
        "The text as a format specification wants it.",
    ),
    static_method(
        "maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)",
        OneOpt2(translate::maketrans),
        "A table for str.translate().\n\n\
         One argument: a dict of code points or single characters to code points, strings or None.\n\
         Two: strings of equal length, the characters of the first becoming those of the second; a third string\n\
         lists characters to delete.",
    ),
    method("__sizeof__($self, /)", One(sizeof), "The bytes of memory that the string takes."),
    method("__getnewargs__($self, /)", One(getnewargs), "The arguments that make the string again."),
];

// ---- as an object ----

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let text = payload(this);
    if let Some(quote) = quote::plain_quote(text.as_bytes()) {
        return vm.write_str(text.len() + 2, text.len() + 2, false, |out| {
            out.push(quote);
            out.extend_from_slice(text.as_bytes());
            out.push(quote);
        });
    }
    let mut out = vm.scratch.take();
    quote::repr(text.text(), &mut out);
    vm.text(out.as_text())
}

fn compare(_vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    Ok(match (a.downcast::<Str>(), b.downcast::<Str>()) {
        (Some(a), Some(b)) => Owned::bool(op.holds(a.as_bytes().cmp(b.as_bytes()))),
        _ => Owned::not_implemented(),
    })
}

/// The hash of a str, which is then cached.
#[inline]
pub(crate) fn hash(vm: &Thread, text: &Str) -> i64 {
    match text.cached_hash() {
        0 => compute_hash(vm, text),
        hash => hash,
    }
}

/// 0 for the empty str only, and never -1, as in CPython.
#[inline(never)]
fn compute_hash(vm: &Thread, text: &Str) -> i64 {
    if text.is_empty() {
        return 0;
    }
    let hash = hash_of(vm, text.as_bytes());
    text.set_hash(hash);
    hash
}

/// The hash of a str with these bytes, of which there are some.
#[inline]
fn hash_of(vm: &Thread, bytes: &[u8]) -> i64 {
    match vm.interpreter().hash_keys.hash_one(bytes) as i64 {
        0 | -1 => -2,
        hash => hash,
    }
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let text = payload(this);
    let index_word = if text.is_ascii() { 0 } else { size_of::<usize>() };
    vm.size(size_of::<Header>() + size_of::<Str>() + index_word + text.as_bytes().len())
}

/// The argument is a copy, never the str itself.
fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.tuple_array([vm.text(payload(this).text())?])
}

fn encode(vm: &Thread, this: Ref<'_>, encoding: Option<Ref<'_>>, errors: Option<Ref<'_>>) -> PyResult {
    let encoding = vm.c_string("encode() argument 'encoding'", encoding)?;
    let errors = vm.c_string("encode() argument 'errors'", errors)?;
    crate::codecs::encode_str(vm, this, encoding, errors)
}

// ---- as a sequence ----

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(payload(this).len())
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = if this.is_exact(Kind::Str) && payload(this).is_ascii() {
        &vm.types().str_ascii_iterator
    } else {
        &vm.types().str_iterator
    };
    vm.new_object_in(class, StrIterator::new(this.own()))
}

fn item(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    character(vm, payload(this), usize::try_from(index).unwrap_or(usize::MAX))
}

/// The character at an index.
#[inline]
fn character(vm: &Thread, text: &Str, index: usize) -> PyResult {
    if index >= text.len() {
        return Err(vm.index_error("string index out of range"));
    }
    if text.is_ascii() {
        return Ok(vm.latin1(text.as_bytes()[index]));
    }
    let code = text.text().code_point_at(text.offset(index)).expect("the index is in range");
    vm.character(code)
}

/// The character at an index of any sign, if there is one.
#[inline]
pub(crate) fn subscript(vm: &Thread, text: &Str, index: i64) -> Option<PyResult> {
    Some(character(vm, text, index_of(index, text.len())?))
}

pub(crate) fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let text = payload(this);
    if let Some(slice) = key.downcast::<Slice>() {
        return self::slice(vm, this, slice);
    }
    if !vm.is_index(key) {
        let name = vm.type_name(key);
        return Err(vm.type_error(format_args!("string indices must be integers, not '{name}'")));
    }
    let index = index_of(vm.to_index(key)? as i64, text.len());
    character(vm, text, index.unwrap_or(usize::MAX))
}

fn slice(vm: &Thread, this: Ref<'_>, slice: &Slice) -> PyResult {
    let text = payload(this);
    let range = slice.bounds(vm)?.fit(text.len());
    if range.step == 1 || range.len <= 1 {
        return part(vm, this, byte_range(text, range.start..range.start + range.len));
    }
    if text.is_ascii() {
        return vm.write_str(range.len, range.len, false, |out| {
            extended_slice_bytes(text.as_bytes(), range.start, range.step, range.len, out);
        });
    }
    let offset_of = |index| text.offset(index);
    vm.text(extended_slice(text.text(), offset_of, range.start, range.step, range.len).as_text())
}

/// The bytes of a range of characters.
#[inline]
fn byte_range(text: &Str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    if text.is_ascii() { range } else { text.offset(range.start)..text.offset(range.end) }
}

fn contains(vm: &Thread, this: Ref<'_>, part: Ref<'_>) -> PyResult<bool> {
    let Some(part) = part.downcast::<Str>() else {
        let name = vm.type_name(part);
        return Err(vm.type_error(format_args!("'in <string>' requires string as left operand, not {name}")));
    };
    Ok(find::contains(payload(this).as_bytes(), part.as_bytes()))
}

fn concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let Some(tail) = other.downcast::<Str>() else {
        let name = vm.type_name(other);
        return Err(vm.type_error(format_args!("can only concatenate str (not \"{name}\") to str")));
    };
    let head = payload(this);
    if head.is_empty() {
        return exact(vm, other);
    }
    if tail.is_empty() {
        return exact(vm, this);
    }
    let (first, second) = (head.as_bytes(), tail.as_bytes());
    let surrogates = head.has_surrogates() || tail.has_surrogates();
    vm.write_str(first.len() + second.len(), head.len() + tail.len(), surrogates, |out| {
        out.extend_from_slice(first);
        out.extend_from_slice(second);
    })
}

fn repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let text = payload(this);
    let count = usize::try_from(count).unwrap_or(0);
    if text.is_empty() || count == 1 {
        return exact(vm, this);
    }
    let fits = |len: usize| len.checked_mul(count).filter(|&len| isize::try_from(len).is_ok());
    let Some(size) = fits(text.as_bytes().len()) else {
        return Err(match fits(text.len()) {
            Some(_) => vm.memory_error(),
            None => vm.overflow_error("repeated string is too long"),
        });
    };
    vm.written_str(size, text.len() * count, text.has_surrogates() && count > 0, |out| {
        push_repeated(text.as_bytes(), count, out);
    })
}

// ---- interning ----

/// The interned str equal to this one, which becomes it if there is none. A str of a subclass gives one of class str.
pub(crate) fn intern(vm: &Thread, text: Owned) -> PyResult {
    let Some(header) = text.borrow().header() else { unreachable!("a str is an object") };
    if header.has(flag::INTERNED) {
        return Ok(text);
    }
    let payload = text.borrow().downcast::<Str>().expect("a str");
    let table = &vm.interpreter().interned;
    if let Some(interned) = table.find(payload.as_bytes(), hash(vm, payload)) {
        return Ok(interned);
    }
    if header.has(flag::SUBCLASS) {
        let exact = vm.text(payload.text())?;
        return intern(vm, exact);
    }
    table.insert(text.borrow());
    Ok(text)
}

/// The interned str of these bytes, which are generalised UTF-8. Most names are there already.
pub(crate) fn intern_bytes(vm: &Thread, bytes: &[u8]) -> PyResult {
    if bytes.is_empty() {
        return intern(vm, vm.text(Text::trusted(bytes))?);
    }
    let hash = hash_of(vm, bytes);
    let table = &vm.interpreter().interned;
    if let Some(interned) = table.find(bytes, hash) {
        return Ok(interned);
    }
    let made = vm.text(Text::trusted(bytes))?;
    let text = made.borrow();
    // Those of one character are made, and interned, once.
    if !text.header().is_some_and(|header| header.has(flag::INTERNED)) {
        text.downcast::<Str>().expect("a str").set_hash(hash);
        table.insert(text);
    }
    Ok(made)
}

/// The interned str equal to this one, if there is one.
#[inline]
pub(crate) fn find_interned(vm: &Thread, text: Ref<'_>) -> Option<Owned> {
    if text.header()?.has(flag::INTERNED) {
        return Some(text.own());
    }
    let payload = text.downcast::<Str>()?;
    vm.interpreter().interned.find(payload.as_bytes(), hash(vm, payload))
}
