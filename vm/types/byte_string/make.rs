//! Making byte strings: what constructors accept, `fromhex`, `hex`, `decode` and `maketrans`.

use std::ops::ControlFlow;

use super::ByteString;
use crate::exception::{PyResult, Raised};
use crate::heap::inline::{Bytes, Str};
use crate::native::Bound;
use crate::text::hex::{FromHexError, from_hex, from_hex_text, hex as hex_digits, hex_size};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

// ---- constructors ----

/// What a constructor is to make its bytes of.
pub(crate) enum Source<'a> {
    /// So many zeros.
    Zeros(usize),
    /// The bytes of a bytes object.
    Encoded(Owned),
    /// An object with bytes in it: a buffer or an iterable of ints.
    Object(Ref<'a>),
}

/// Sorts out the arguments `source`, `encoding` and `errors`. `special` is asked about a source that is no text.
pub(crate) fn source<'a>(
    vm: &Thread,
    name: &str,
    bound: &Bound<'a>,
    special: impl FnOnce(Ref<'a>) -> PyResult<Option<Owned>>,
) -> PyResult<Source<'a>> {
    let encoding = vm.c_string(format_args!("{name}() argument 'encoding'"), bound.optional(1))?;
    let errors = vm.c_string(format_args!("{name}() argument 'errors'"), bound.optional(2))?;
    let unexpected = match (encoding, errors) {
        (Some(_), _) => Some("encoding without a string argument"),
        (None, Some(_)) => Some("errors without a string argument"),
        (None, None) => None,
    };
    match (bound.optional(0), unexpected) {
        (Some(text), _) if text.downcast::<Str>().is_some() => {
            if encoding.is_none() {
                return Err(vm.type_error("string argument without an encoding"));
            }
            crate::codecs::encode_str(vm, text, encoding, errors).map(Source::Encoded)
        }
        (_, Some(unexpected)) => Err(vm.type_error(unexpected)),
        (None, None) => Ok(Source::Zeros(0)),
        (Some(object), None) => match special(object)? {
            Some(bytes) => Ok(Source::Encoded(bytes)),
            None => size_or_object(vm, object),
        },
    }
}

fn size_or_object<'a>(vm: &Thread, object: Ref<'a>) -> PyResult<Source<'a>> {
    if !vm.is_index(object) {
        return Ok(Source::Object(object));
    }
    match vm.to_count(object) {
        Ok(size) => match usize::try_from(size) {
            Ok(size) => Ok(Source::Zeros(size)),
            Err(_) => Err(vm.value_error("negative count")),
        },
        // What only seems to be an index may still be a buffer.
        Err(raised) if raised.is(&vm.exceptions().TypeError) => Ok(Source::Object(object)),
        Err(raised) => Err(raised),
    }
}

/// Calls `push` with the ints of an iterable as bytes, as they come; `name` is the type that is made of them.
pub(crate) fn extend_with_ints(
    vm: &Thread,
    name: &str,
    iterable: Ref<'_>,
    mut push: impl FnMut(u8) -> PyResult<()>,
) -> PyResult<()> {
    let refused = |vm: &Thread| {
        let got = vm.type_name(iterable);
        vm.type_error(format_args!("cannot convert '{got}' object to {name}"))
    };
    if iterable.downcast::<Str>().is_some() {
        return Err(refused(vm));
    }
    let each = |item: Owned| {
        if let Some(value) = item.borrow().as_small_int()
            && let Ok(byte) = u8::try_from(value)
        {
            push(byte)?;
        } else {
            push(byte_of(vm, if name == "bytes" { "bytes" } else { "byte" }, item.borrow())?)?;
        }
        Ok(ControlFlow::<()>::Continue(()))
    };
    // Lists and tuples are walked through where they are, as long as they are.
    let has_iterator =
        iterable.is_exact(crate::heap::Kind::List) || iterable.is_exact(crate::heap::Kind::Tuple);
    if has_iterator {
        return vm.walk(iterable, each).map(drop);
    }
    match vm.iter(iterable) {
        Ok(iterator) => vm.walk_iterator(iterator.borrow(), each).map(drop),
        Err(raised) if raised.is(&vm.exceptions().TypeError) => Err(refused(vm)),
        Err(raised) => Err(raised),
    }
}

/// An int from 0 to 255.
pub(crate) fn byte(vm: &Thread, value: Ref<'_>) -> PyResult<u8> {
    byte_of(vm, "byte", value)
}

fn byte_of(vm: &Thread, what: &str, value: Ref<'_>) -> PyResult<u8> {
    let value = vm.to_index_clipped(value)?;
    u8::try_from(value).map_err(|_| vm.value_error(format_args!("{what} must be in range(0, 256)")))
}

// ---- hexadecimal ----

pub(super) fn fromhex<T: ByteString>(vm: &Thread, class: Ref<'_>, digits: Ref<'_>) -> PyResult {
    let bytes = match digits.downcast::<Str>() {
        Some(text) => from_hex_text(text.text()),
        None if vm.exports_buffer(digits) => from_hex(&vm.bytes_like(digits)?),
        None => {
            let got = vm.type_name(digits);
            return Err(
                vm.type_error(format_args!("fromhex() argument must be str or bytes-like, not {got}"))
            );
        }
    };
    let bytes = bytes.map_err(|error| match error {
        FromHexError::Odd => {
            vm.value_error("fromhex() arg must contain an even number of hexadecimal digits")
        }
        FromHexError::Invalid(at) => {
            vm.value_error(format_args!("non-hexadecimal number found in fromhex() arg at position {at}"))
        }
    })?;
    let made = T::make(vm, &bytes)?;
    if vm.class(made.borrow()).is(class) { Ok(made) } else { vm.call(class, &[made.borrow()]) }
}

pub(super) fn hex<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    separator: Option<Ref<'_>>,
    group: Option<Ref<'_>>,
) -> PyResult {
    let (separator, group) = hex_arguments(vm, separator, group)?;
    hex_of(vm, &T::read(this), separator, group)
}

/// The arguments of `hex`: a separator of one ASCII character, and the number of bytes between separators.
pub(crate) fn hex_arguments(
    vm: &Thread,
    separator: Option<Ref<'_>>,
    group: Option<Ref<'_>>,
) -> PyResult<(Option<u8>, isize)> {
    let group = group.map_or(Ok(1), |group| vm.to_c_int(group))?;
    let Some(separator) = separator else { return Ok((None, group as isize)) };
    if vm.length(separator)? != 1 {
        return Err(vm.value_error("sep must be length 1."));
    }
    let byte = match (separator.downcast::<Str>(), separator.downcast::<Bytes>()) {
        (Some(text), _) => text.as_bytes()[0],
        (_, Some(bytes)) => bytes.as_bytes()[0],
        _ => return Err(vm.type_error("sep must be str or bytes.")),
    };
    if !byte.is_ascii() {
        return Err(vm.value_error("sep must be ASCII."));
    }
    Ok((Some(byte), group as isize))
}

impl Thread {
    /// Bytes as hexadecimal digits, with the arguments of `bytes.hex`.
    pub fn hex_digits(
        &self,
        bytes: &[u8],
        separator: Option<Ref<'_>>,
        group: Option<Ref<'_>>,
    ) -> PyResult<Vec<u8>> {
        let (separator, group) = hex_arguments(self, separator, group)?;
        if hex_size(bytes.len(), separator.is_some(), group).is_none() {
            return Err(self.memory_error());
        }
        Ok(hex_digits(bytes, separator, group))
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex_of(vm: &Thread, bytes: &[u8], separator: Option<u8>, group: isize) -> PyResult {
    if hex_size(bytes.len(), separator.is_some(), group).is_none() {
        return Err(vm.memory_error());
    }
    vm.ascii_str(&hex_digits(bytes, separator, group))
}

// ---- text ----

pub(crate) fn decode(
    vm: &Thread,
    this: Ref<'_>,
    encoding: Option<Ref<'_>>,
    errors: Option<Ref<'_>>,
) -> PyResult {
    let encoding = vm.c_string("decode() argument 'encoding'", encoding)?;
    let errors = vm.c_string("decode() argument 'errors'", errors)?;
    crate::codecs::decode_object(vm, this, encoding, errors)
}

pub(super) fn maketrans(vm: &Thread, from: Ref<'_>, to: Ref<'_>) -> PyResult {
    let from = vm.copy_bytes_like(from)?;
    let to = vm.bytes_like(to)?;
    if from.len() != to.len() {
        return Err(different_lengths(vm));
    }
    let mut table: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    for (&from, &to) in from.iter().zip(to.iter()) {
        table[usize::from(from)] = to;
    }
    vm.bytes(&table)
}

#[cold]
fn different_lengths(vm: &Thread) -> Raised {
    vm.value_error("maketrans arguments must have same length")
}
