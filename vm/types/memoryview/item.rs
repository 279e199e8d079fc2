//! Items of memoryviews: values of C in memory, as Python objects and back.

use crate::exception::{PyResult, Raised};
use crate::heap::inline::Bytes;
use crate::number::half;
use crate::protocol::buffer::Geometry;
use crate::types::int::int_ref;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What an item is: the letter of a native format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format(u8);

/// The value of an item.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Bool(bool),
    Char(u8),
}

impl Format {
    /// The format that a text means: a single letter, with an `@` before it or not.
    pub(super) fn native(text: &str) -> Option<Self> {
        match *text.strip_prefix('@').unwrap_or(text).as_bytes() {
            [letter] if size_of_letter(letter).is_some() => Some(Self(letter)),
            _ => None,
        }
    }

    /// The format of a view's items, if these are something that a memoryview can show.
    pub(super) fn of(vm: &Thread, geometry: &Geometry) -> PyResult<Self> {
        Self::native(&geometry.format).ok_or_else(|| {
            let format = &geometry.format;
            vm.not_implemented_error(match format.trim_start_matches('@').len() {
                1 => format!("memoryview: format {format} not supported"),
                _ => format!("memoryview: unsupported format {format}"),
            })
        })
    }

    pub(super) fn size(self) -> usize {
        size_of_letter(self.0).expect("a native format")
    }

    /// Whether items are single bytes.
    pub(super) fn is_byte(self) -> bool {
        matches!(self.0, b'b' | b'B' | b'c')
    }

    /// The value in the first bytes.
    pub(super) fn unpack(self, bytes: &[u8]) -> Item {
        macro_rules! read {
            ($type:ty) => {
                <$type>::from_ne_bytes(
                    bytes[..size_of::<$type>()].try_into().expect("as many bytes as the type has"),
                )
            };
        }
        match self.0 {
            b'b' => Item::Signed(read!(i8).into()),
            b'h' => Item::Signed(read!(i16).into()),
            b'i' => Item::Signed(read!(i32).into()),
            b'l' | b'q' | b'n' => Item::Signed(read!(i64)),
            b'B' => Item::Unsigned(read!(u8).into()),
            b'H' => Item::Unsigned(read!(u16).into()),
            b'I' => Item::Unsigned(read!(u32).into()),
            b'L' | b'Q' | b'N' | b'P' => Item::Unsigned(read!(u64)),
            b'e' => Item::Float(half::to_f64(read!(u16))),
            b'f' => Item::Float(read!(f32).into()),
            b'd' => Item::Float(read!(f64)),
            b'?' => Item::Bool(bytes[0] != 0),
            _ => Item::Char(bytes[0]),
        }
    }

    /// A value as the bytes of an item: so many of the first ones.
    pub(super) fn pack(self, vm: &Thread, value: Ref<'_>) -> PyResult<[u8; 8]> {
        let packed = self.try_pack(vm, value)?;
        packed.ok_or_else(|| self.refuse(vm, "value"))
    }

    /// `None` for a value that does not fit.
    fn try_pack(self, vm: &Thread, value: Ref<'_>) -> PyResult<Option<[u8; 8]>> {
        Ok(match self.0 {
            b'e' => half::from_f64(self.float(vm, value)?).map(|half| padded(&half.to_ne_bytes())),
            b'f' => Some(padded(&(self.float(vm, value)? as f32).to_ne_bytes())),
            b'd' => Some(padded(&self.float(vm, value)?.to_ne_bytes())),
            b'?' => Some(padded(&[u8::from(vm.is_true(value)?)])),
            b'c' => match value.downcast::<Bytes>().map(Bytes::as_bytes) {
                Some(&[byte]) => Some(padded(&[byte])),
                Some(_) => None,
                None => return Err(self.refuse(vm, "type")),
            },
            _ => self.integer(vm, value)?,
        })
    }

    fn integer(self, vm: &Thread, value: Ref<'_>) -> PyResult<Option<[u8; 8]>> {
        let index = vm.index(value).map_err(|raised| self.reword(vm, raised))?;
        let Some(int) = int_ref(index.borrow()) else { return Err(self.refuse(vm, "type")) };
        let size = self.size();
        let bits = 8 * size as u32;
        Ok(if self.0.is_ascii_lowercase() {
            let fits = |value: &i64| *value >> (bits - 1) == 0 || *value >> (bits - 1) == -1;
            int.to_i64().filter(fits).map(|value| padded(&value.to_ne_bytes()[..size]))
        } else {
            let fits = |value: &u64| bits == 64 || *value >> bits == 0;
            int.to_u64().filter(fits).map(|value| padded(&value.to_ne_bytes()[..size]))
        })
    }

    fn float(self, vm: &Thread, value: Ref<'_>) -> PyResult<f64> {
        vm.to_f64(value).map_err(|raised| self.reword(vm, raised))
    }

    /// A conversion's TypeError, ValueError or OverflowError in the words of memoryviews.
    fn reword(self, vm: &Thread, raised: Raised) -> Raised {
        let exceptions = vm.exceptions();
        if raised.is(&exceptions.TypeError) {
            self.refuse(vm, "type")
        } else if raised.is(&exceptions.OverflowError) || raised.is(&exceptions.ValueError) {
            self.refuse(vm, "value")
        } else {
            raised
        }
    }

    fn refuse(self, vm: &Thread, what: &str) -> Raised {
        let message = format!("memoryview: invalid {what} for format '{}'", char::from(self.0));
        if what == "type" { vm.type_error(message) } else { vm.value_error(message) }
    }
}

impl Item {
    pub(super) fn object(self, vm: &Thread) -> PyResult {
        match self {
            Self::Signed(value) => vm.int(value),
            Self::Unsigned(value) => vm.uint(value),
            Self::Float(value) => vm.float(value),
            Self::Bool(value) => Ok(Owned::bool(value)),
            Self::Char(byte) => vm.bytes(&[byte]),
        }
    }

    /// Whether the items' objects are equal.
    pub(super) fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Char(a), Self::Char(b)) => a == b,
            (Self::Char(_), _) | (_, Self::Char(_)) => false,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Float(float), int) | (int, Self::Float(float)) => {
                float.fract() == 0.0 && float as i128 == int.integer()
            }
            (a, b) => a.integer() == b.integer(),
        }
    }

    fn integer(self) -> i128 {
        match self {
            Self::Signed(value) => value.into(),
            Self::Unsigned(value) => value.into(),
            Self::Bool(value) => value.into(),
            Self::Char(_) | Self::Float(_) => 0,
        }
    }
}

fn size_of_letter(letter: u8) -> Option<usize> {
    Some(match letter {
        b'b' | b'B' | b'c' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'P' | b'd' => 8,
        _ => return None,
    })
}

fn padded(bytes: &[u8]) -> [u8; 8] {
    let mut item = [0; 8];
    item[..bytes.len()].copy_from_slice(bytes);
    item
}
