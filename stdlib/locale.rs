//! `_locale`: what depends on where people live, as the C library knows it.

mod c;

use std::ffi::{CStr, CString};

use pyx_vm::exception::{PyResult, classes, exception_def};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) use c::{changes, is_alphanumeric, locked, to_lower, to_upper};

pub(crate) static LOCALE: ModuleDef = ModuleDef {
    doc: "The locale of the process.",
    functions: &[
        function(
            "setlocale($module, category, locale=None, /)",
            OneOpt(setlocale),
            "Set the locale of a category, or ask for it.",
        ),
        function(
            "localeconv($module, /)",
            Zero(localeconv),
            "A dict that says how numbers and amounts of money are written.",
        ),
        function(
            "strcoll($module, os1, os2, /)",
            Two(strcoll),
            "Whether the first string comes before the second (a negative number), behind it, or neither (0).",
        ),
        function(
            "strxfrm($module, string, /)",
            One(strxfrm),
            "A string that compares as the locale orders the given one.",
        ),
        function("nl_langinfo($module, key, /)", One(nl_langinfo), "An item of the locale."),
        function("gettext($module, msg, /)", One(gettext), "The translation of a message."),
        function(
            "dgettext($module, domain, msg, /)",
            Two(dgettext),
            "The translation of a message in a domain.",
        ),
        function(
            "dcgettext($module, domain, msg, category, /)",
            Three(dcgettext),
            "The translation of a message in a domain and a category.",
        ),
        function(
            "textdomain($module, domain, /)",
            One(textdomain),
            "Set the domain of messages, and return it.",
        ),
        function(
            "bindtextdomain($module, domain, dir, /)",
            Two(bindtextdomain),
            "Set the directory with the messages of a domain, and return it.",
        ),
        function(
            "bind_textdomain_codeset($module, domain, codeset, /)",
            Two(bind_textdomain_codeset),
            "Set the encoding of the messages of a domain, and return it.",
        ),
        function("getencoding($module, /)", Zero(getencoding), "The encoding of the locale."),
    ],
    types: &[&ERROR],
    exec: Some(exec),
    ..ModuleDef::new("_locale")
};

static ERROR: TypeDef = exception_def("locale", "Error", &classes::Exception, "");

macro_rules! numbers {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name),)*] };
}

/// The categories.
static CATEGORIES: &[(&str, i32)] = numbers! {
    LC_CTYPE LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_NUMERIC LC_ALL
};

/// The items of `nl_langinfo`.
#[rustfmt::skip]
static ITEMS: &[(&str, i32)] = numbers! {
    DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6 DAY_7
    ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7
    MON_1 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 MON_10 MON_11 MON_12
    ABMON_1 ABMON_2 ABMON_3 ABMON_4 ABMON_5 ABMON_6 ABMON_7 ABMON_8 ABMON_9 ABMON_10 ABMON_11 ABMON_12
    RADIXCHAR THOUSEP YESEXPR NOEXPR CRNCYSTR D_FMT D_T_FMT T_FMT AM_STR PM_STR CODESET T_FMT_AMPM
    ERA ERA_D_FMT ERA_D_T_FMT ERA_T_FMT ALT_DIGITS
};

/// An item that the crate `libc` does not list.
const DATE_FMT: (&str, i32) = ("_DATE_FMT", 0x2006c);

/// `CHAR_MAX`, which stands for a number that a locale does not have.
const CHAR_MAX: i32 = std::ffi::c_char::MAX as i32;

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    c::initialise();
    let set = |name: &str, number: i32| {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(vm.int(number.into())?.borrow()))
    };
    let others = [DATE_FMT, ("CHAR_MAX", CHAR_MAX)];
    CATEGORIES.iter().chain(ITEMS).chain(&others).try_for_each(|&(name, number)| set(name, number))
}

// ---- arguments and results ----

/// A string for C.
fn c_string(vm: &Thread, text: &str) -> PyResult<CString> {
    CString::new(text).map_err(|_| vm.value_error("embedded null character"))
}

/// An argument that must be a str.
fn string(vm: &Thread, place: &str, argument: Ref<'_>) -> PyResult<CString> {
    if argument.downcast::<Str>().is_none() {
        let got = vm.type_name(argument);
        return Err(vm.type_error(format_args!("{place} must be str, not {got}")));
    }
    c_string(vm, vm.utf8(argument)?)
}

/// An argument that must be a str or None.
fn optional(vm: &Thread, place: &str, argument: Ref<'_>) -> PyResult<Option<CString>> {
    match argument.downcast::<Str>() {
        _ if argument.is_none() => Ok(None),
        Some(_) => c_string(vm, vm.utf8(argument)?).map(Some),
        None => {
            let got = vm.type_name(argument);
            Err(vm.type_error(format_args!("{place} must be str or None, not {got}")))
        }
    }
}

/// The characters of an argument that must be a str, with a zero behind them.
fn wide(vm: &Thread, place: &str, argument: Ref<'_>) -> PyResult<Vec<libc::wchar_t>> {
    let Some(text) = argument.downcast::<Str>() else {
        let got = vm.type_name(argument);
        return Err(vm.type_error(format_args!("{place} must be str, not {got}")));
    };
    let mut wide = vm.vec(text.len() + 1)?;
    wide.extend(text.text().code_points().map(|code| code as libc::wchar_t));
    if wide.contains(&0) {
        return Err(vm.value_error("embedded null character"));
    }
    wide.push(0);
    Ok(wide)
}

/// Text of C's, or the error of text that is none in the locale's encoding.
fn decoded(vm: &Thread, text: c::Decoded) -> PyResult {
    match text {
        Ok(characters) => vm.text(characters.into_iter().collect::<TextBuf>().as_text()),
        Err(c::Undecodable { bytes, at }) => {
            Err(vm.unicode_decode_error("locale", vm.bytes(&bytes)?.borrow(), at..at + 1, "decoding error"))
        }
    }
}

/// A string that C returned, or what goes wrong where it could not.
fn result(vm: &Thread, result: Option<Vec<u8>>) -> PyResult {
    match result {
        Some(text) => decoded(vm, c::decode(text)),
        None => Err(vm.io_error(&std::io::Error::last_os_error(), None)),
    }
}

// ---- the locale ----

fn setlocale(vm: &Thread, category: Ref<'_>, locale: Option<Ref<'_>>) -> PyResult {
    let category = vm.to_c_int(category)?;
    let none = Owned::none();
    let name = optional(vm, "setlocale() argument 2", locale.unwrap_or(none.borrow()))?;
    match c::set_locale(category, name.as_deref()) {
        Some(locale) => decoded(vm, c::decode(locale)),
        None if name.is_some() => Err(vm.module_error(&ERROR, "unsupported locale setting")),
        None => Err(vm.module_error(&ERROR, "locale query failed")),
    }
}

fn localeconv(vm: &Thread) -> PyResult {
    const TEXTS: [&str; 8] = [
        "int_curr_symbol",
        "currency_symbol",
        "mon_decimal_point",
        "mon_thousands_sep",
        "positive_sign",
        "negative_sign",
        "decimal_point",
        "thousands_sep",
    ];
    const NUMBERS: [&str; 8] = [
        "int_frac_digits",
        "frac_digits",
        "p_cs_precedes",
        "p_sep_by_space",
        "n_cs_precedes",
        "n_sep_by_space",
        "p_sign_posn",
        "n_sign_posn",
    ];
    let c::Conventions { texts, numbers, grouping: sizes, mon_grouping } = c::conventions();
    let mut texts = TEXTS.iter().zip(texts);
    let dict = vm.dict()?;
    let set = |name: &str, value: Owned| {
        vm.set_item(dict.borrow(), vm.intern(name)?.borrow(), Some(value.borrow()))
    };
    let mut put_texts =
        |count| texts.by_ref().take(count).try_for_each(|(name, text)| set(name, decoded(vm, text)?));
    put_texts(4)?;
    set("mon_grouping", grouping(vm, &mon_grouping)?)?;
    put_texts(2)?;
    for (name, &number) in NUMBERS.iter().zip(&numbers) {
        set(name, vm.int(i64::from(number))?)?;
    }
    put_texts(2)?;
    set("grouping", grouping(vm, &sizes)?)?;
    Ok(dict)
}

/// The sizes of groups of digits; a zero behind them says that the last one repeats.
fn grouping(vm: &Thread, sizes: &[u8]) -> PyResult {
    let end = sizes.iter().position(|&size| i32::from(size) == CHAR_MAX).map_or(sizes.len(), |end| end + 1);
    let mut items: Vec<Owned> =
        sizes[..end].iter().map(|&size| vm.int(size.into())).collect::<PyResult<_>>()?;
    if end == sizes.len() && end > 0 && i32::from(sizes[end - 1]) != CHAR_MAX {
        items.push(vm.int(0)?);
    }
    vm.list(items)
}

fn strcoll(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let (a, b) = (wide(vm, "strcoll() argument 1", a)?, wide(vm, "strcoll() argument 2", b)?);
    vm.int(c::collate(&a, &b).into())
}

fn strxfrm(vm: &Thread, string: Ref<'_>) -> PyResult {
    let Some(transformed) = c::transform(&wide(vm, "strxfrm() argument", string)?) else {
        return Err(vm.memory_error());
    };
    if let Some(code) = transformed.iter().map(|&code| code as u32).find(|&code| code > 0x10ffff) {
        return Err(vm.value_error(format_args!("character U+{code:x} is not in range [U+0000; U+10ffff]")));
    }
    vm.text(transformed.into_iter().map(|code| code as u32).collect::<TextBuf>().as_text())
}

fn nl_langinfo(vm: &Thread, key: Ref<'_>) -> PyResult {
    let key = vm.to_c_int(key)?;
    if !ITEMS.iter().chain([&DATE_FMT]).any(|&(_, item)| item == key) {
        return Err(vm.value_error("unsupported langinfo constant"));
    }
    let category = match key {
        libc::RADIXCHAR | libc::THOUSEP => libc::LC_NUMERIC,
        libc::CRNCYSTR => libc::LC_MONETARY,
        libc::YESEXPR | libc::NOEXPR => libc::LC_MESSAGES,
        libc::CODESET => libc::LC_CTYPE,
        _ => libc::LC_TIME,
    };
    let most = match key {
        libc::ALT_DIGITS => 100,
        libc::ERA => usize::MAX,
        _ => 1,
    };
    decoded(vm, c::language_info(key, category, most))
}

fn getencoding(vm: &Thread) -> PyResult {
    if vm.config().utf8_mode {
        return vm.str("utf-8");
    }
    decoded(vm, c::language_info(libc::CODESET, libc::LC_CTYPE, 1))
}

// ---- messages ----

fn translation(vm: &Thread, domain: Option<&CStr>, message: &CStr, category: Option<i32>) -> PyResult {
    decoded(vm, c::decode(c::translate(domain, message, category)))
}

fn gettext(vm: &Thread, message: Ref<'_>) -> PyResult {
    translation(vm, None, &string(vm, "gettext() argument", message)?, None)
}

fn dgettext(vm: &Thread, domain: Ref<'_>, message: Ref<'_>) -> PyResult {
    let domain = optional(vm, "dgettext() argument 1", domain)?;
    let message = string(vm, "dgettext() argument 2", message)?;
    translation(vm, domain.as_deref(), &message, None)
}

fn dcgettext(vm: &Thread, domain: Ref<'_>, message: Ref<'_>, category: Ref<'_>) -> PyResult {
    let domain = optional(vm, "dcgettext() argument 1", domain)?;
    let message = string(vm, "dcgettext() argument 2", message)?;
    translation(vm, domain.as_deref(), &message, Some(vm.to_c_int(category)?))
}

fn textdomain(vm: &Thread, domain: Ref<'_>) -> PyResult {
    let domain = optional(vm, "textdomain() argument", domain)?;
    result(vm, c::text_domain(domain.as_deref()))
}

fn bindtextdomain(vm: &Thread, domain: Ref<'_>, directory: Ref<'_>) -> PyResult {
    let domain = string(vm, "bindtextdomain() argument 1", domain)?;
    if domain.is_empty() {
        return Err(vm.module_error(&ERROR, "domain must be a non-empty string"));
    }
    let directory = if directory.is_none() {
        None
    } else {
        let path = vm.fs_encode(directory)?;
        Some(CString::new(path).map_err(|_| vm.value_error("embedded null byte"))?)
    };
    result(vm, c::bind_directory(&domain, directory.as_deref()))
}

fn bind_textdomain_codeset(vm: &Thread, domain: Ref<'_>, codeset: Ref<'_>) -> PyResult {
    let domain = string(vm, "bind_textdomain_codeset() argument 1", domain)?;
    let codeset = optional(vm, "bind_textdomain_codeset() argument 2", codeset)?;
    match c::bind_codeset(&domain, codeset.as_deref()) {
        Some(codeset) => decoded(vm, c::decode(codeset)),
        None => none(),
    }
}
