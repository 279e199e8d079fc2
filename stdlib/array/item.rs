//! The types of items: how values become bytes, and bytes values.

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::types::int::int_ref;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

/// The type of an array's items, by its type code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u8);

pyx_vm::untraced!(Code);

/// All type codes.
pub(super) const CODES: &str = "bBuwhHiIlLqQfd";

const NOT_A_CHARACTER: &str = "array item must be a unicode character";

impl Code {
    pub(super) fn new(letter: u32) -> Option<Self> {
        let letter = u8::try_from(letter).ok().filter(|letter| CODES.as_bytes().contains(letter))?;
        Some(Self(letter))
    }

    pub(super) fn letter(self) -> char {
        char::from(self.0)
    }

    /// The bytes of an item.
    pub(super) fn size(self) -> usize {
        match self.0 {
            b'b' | b'B' => 1,
            b'h' | b'H' => 2,
            b'u' | b'w' | b'i' | b'I' | b'f' => 4,
            _ => 8,
        }
    }

    /// Whether items are characters.
    pub(super) fn is_text(self) -> bool {
        matches!(self.0, b'u' | b'w')
    }

    pub(super) fn is_integer(self) -> bool {
        !self.is_text() && !matches!(self.0, b'f' | b'd')
    }

    pub(super) fn is_signed(self) -> bool {
        self.is_integer() && self.0.is_ascii_lowercase()
    }

    /// The format of items in views.
    pub(super) fn format(self) -> &'static str {
        let place = CODES.bytes().position(|code| code == self.0).unwrap_or(0);
        if self.is_text() { "w" } else { &CODES[place..=place] }
    }

    /// The item in as many bytes as it has.
    pub(super) fn unpack(self, vm: &Thread, bytes: &[u8]) -> PyResult {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        let word =
            u64::from_le_bytes(if cfg!(target_endian = "big") { reversed(word, bytes.len()) } else { word });
        let unused = 64 - 8 * bytes.len() as u32;
        match self.0 {
            b'u' | b'w' => vm.character(character(vm, word as u32)?),
            b'f' => vm.float(f32::from_bits(word as u32).into()),
            b'd' => vm.float(f64::from_bits(word)),
            _ if self.is_signed() => vm.int((word << unused) as i64 >> unused),
            _ => vm.uint(word),
        }
    }

    /// A value as the bytes of an item, so many of the first ones.
    pub(super) fn pack(self, vm: &Thread, value: Ref<'_>) -> PyResult<[u8; 8]> {
        let word = match self.0 {
            b'u' | b'w' => code_point(vm, value)?.into(),
            b'f' => (vm.to_f64(value)? as f32).to_bits().into(),
            b'd' => vm.to_f64(value)?.to_bits(),
            _ => self.integer(vm, value)?,
        };
        let word = word.to_le_bytes();
        Ok(if cfg!(target_endian = "big") { reversed(word, self.size()) } else { word })
    }

    /// An int as the bits of an item. The messages are those of the C types through which CPython converts.
    fn integer(self, vm: &Thread, value: Ref<'_>) -> PyResult<u64> {
        let between = |value: i64, least: i64, most: i64, name: &str| {
            if value < least {
                Err(vm.overflow_error(format_args!("{name} is less than minimum")))
            } else if value > most {
                Err(vm.overflow_error(format_args!("{name} is greater than maximum")))
            } else {
                Ok(value as u64)
            }
        };
        let short = |value| -> PyResult<i64> {
            let value = vm.to_i64(value)?;
            between(value, i16::MIN.into(), i16::MAX.into(), "signed short integer")?;
            Ok(value)
        };
        match self.0 {
            b'b' => between(short(value)?, i8::MIN.into(), i8::MAX.into(), "signed char"),
            b'B' => between(byte(vm, value)?, 0, u8::MAX.into(), "unsigned byte integer"),
            b'h' => short(value).map(|value| value as u64),
            b'H' => between(vm.to_i32(value)?.into(), 0, u16::MAX.into(), "unsigned short"),
            b'i' => vm.to_i32(value).map(|value| i64::from(value) as u64),
            b'l' => vm.to_i64(value).map(|value| value as u64),
            b'q' => match small(vm, value)? {
                Some(value) => Ok(value as u64),
                None => Err(vm.overflow_error("int too big to convert")),
            },
            b'I' => {
                match unsigned(vm, value, "can't convert negative value to unsigned int", TOO_LARGE_LONG)? {
                    value @ ..=0xffff_ffff => Ok(value),
                    _ => Err(vm.overflow_error("unsigned int is greater than maximum")),
                }
            }
            b'L' => unsigned(vm, value, "can't convert negative value to unsigned int", TOO_LARGE_LONG),
            _ => unsigned(vm, value, "can't convert negative int to unsigned", "int too big to convert"),
        }
    }
}

const TOO_LARGE_LONG: &str = "Python int too large to convert to C unsigned long";

/// An int that C converts to `unsigned char`: its range is checked before, by way of `long`.
fn byte(vm: &Thread, value: Ref<'_>) -> PyResult<i64> {
    vm.to_i64(value)
}

fn small(vm: &Thread, value: Ref<'_>) -> PyResult<Option<i64>> {
    let index = vm.index(value)?;
    Ok(int_ref(index.borrow()).and_then(|int| int.to_i64()))
}

fn unsigned(vm: &Thread, value: Ref<'_>, negative: &str, too_large: &str) -> PyResult<u64> {
    let index = vm.index(value)?;
    let Some(int) = int_ref(index.borrow()) else { return Err(vm.type_error("an integer is required")) };
    if int.is_negative() {
        return Err(vm.overflow_error(negative));
    }
    int.to_u64().ok_or_else(|| vm.overflow_error(too_large))
}

/// The code point of a str of one character.
fn code_point(vm: &Thread, value: Ref<'_>) -> PyResult<u32> {
    let Some(text) = value.downcast::<Str>() else {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("{NOT_A_CHARACTER}, not {got}")));
    };
    match text.text().code_point_at(0) {
        Some(code) if text.len() == 1 => Ok(code),
        _ => {
            let len = text.len();
            Err(vm.type_error(format_args!("{NOT_A_CHARACTER}, not a string of length {len}")))
        }
    }
}

/// A number that is a code point.
pub(super) fn character(vm: &Thread, code: u32) -> PyResult<u32> {
    if code <= 0x10_ffff { Ok(code) } else { Err(no_character(vm, code)) }
}

#[cold]
fn no_character(vm: &Thread, code: u32) -> Raised {
    vm.value_error(format_args!("character U+{code:x} is not in range [U+0000; U+10ffff]"))
}

/// The first bytes in the opposite order.
fn reversed(mut word: [u8; 8], size: usize) -> [u8; 8] {
    word[..size].reverse();
    word
}
