//! The values of structs, packed and unpacked.

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Bytes;
use pyx_vm::number::half;
use pyx_vm::types::bytearray::ByteArray;
use pyx_vm::types::int::int_ref;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::error;
use super::layout::{Item, Layout};

/// Packs values, as many as the layout has, into bytes that are zero.
pub(super) fn pack_all(vm: &Thread, layout: &Layout, values: &[Ref<'_>], bytes: &mut [u8]) -> PyResult<()> {
    let mut values = values.iter();
    for item in &layout.items {
        for (nth, &value) in values.by_ref().take(item.count).enumerate() {
            let at = item.offset + nth * item.size;
            pack(vm, item, value, &mut bytes[at..at + item.size])?;
        }
    }
    Ok(())
}

/// The values in bytes, as a tuple.
pub(super) fn unpack_all(vm: &Thread, layout: &Layout, bytes: &[u8]) -> PyResult {
    let mut values = Vec::with_capacity(layout.len().min(bytes.len() + layout.items.len()));
    for item in &layout.items {
        for nth in 0..item.count {
            let at = item.offset + nth * item.size;
            values.push(unpack(vm, item, &bytes[at..at + item.size])?);
        }
    }
    vm.tuple(values)
}

fn pack(vm: &Thread, item: &Item, value: Ref<'_>, out: &mut [u8]) -> PyResult<()> {
    match item.letter {
        b'c' => match value.downcast::<Bytes>().map(Bytes::as_bytes) {
            Some(&[byte]) => out[0] = byte,
            _ => return Err(error(vm, "char format requires a bytes object of length 1")),
        },
        b'?' => out[0] = u8::from(vm.is_true(value)?),
        b'e' | b'f' | b'd' => pack_float(vm, item, float(vm, value)?, out)?,
        b'F' | b'D' => {
            let number = vm.to_complex(value).map_err(|_| error(vm, "required argument is not a complex"))?;
            let half = out.len() / 2;
            let part = Item { letter: if item.letter == b'F' { b'f' } else { b'd' }, ..*item };
            pack_float(vm, &part, number.real, &mut out[..half])?;
            pack_float(vm, &part, number.imag, &mut out[half..])?;
        }
        b's' => {
            let bytes = byte_string(vm, 's', value)?;
            let len = bytes.len().min(out.len());
            out[..len].copy_from_slice(&bytes[..len]);
        }
        b'p' => {
            let bytes = byte_string(vm, 'p', value)?;
            if let Some((length, out)) = out.split_first_mut() {
                let len = bytes.len().min(out.len());
                out[..len].copy_from_slice(&bytes[..len]);
                *length = len.min(255) as u8;
            }
        }
        _ => put(out, item.big_endian, integer(vm, item, value)?),
    }
    Ok(())
}

fn byte_string(vm: &Thread, letter: char, value: Ref<'_>) -> PyResult<Vec<u8>> {
    let is_byte_string = value.downcast::<Bytes>().is_some() || value.downcast::<ByteArray>().is_some();
    if !is_byte_string {
        return Err(error(vm, format_args!("argument for '{letter}' must be a bytes object")));
    }
    vm.copy_bytes_like(value)
}

fn float(vm: &Thread, value: Ref<'_>) -> PyResult<f64> {
    vm.to_f64(value).map_err(|_| error(vm, "required argument is not a float"))
}

fn pack_float(vm: &Thread, item: &Item, value: f64, out: &mut [u8]) -> PyResult<()> {
    let too_large = |letter| vm.overflow_error(format_args!("float too large to pack with {letter} format"));
    let bits = match item.letter {
        b'e' => half::from_f64(value).ok_or_else(|| too_large('e'))?.into(),
        b'f' => {
            let single = value as f32;
            if single.is_infinite() && value.is_finite() {
                return Err(too_large('f'));
            }
            single.to_bits().into()
        }
        _ => value.to_bits(),
    };
    put(out, item.big_endian, bits);
    Ok(())
}

/// Writes the low bytes of a word.
fn put(out: &mut [u8], big_endian: bool, bits: u64) {
    let len = out.len();
    if big_endian {
        out.copy_from_slice(&bits.to_be_bytes()[8 - len..]);
    } else {
        out.copy_from_slice(&bits.to_le_bytes()[..len]);
    }
}

/// Reads a word of at most 8 bytes.
fn get(bytes: &[u8], big_endian: bool) -> u64 {
    let mut word = [0; 8];
    if big_endian {
        word[8 - bytes.len()..].copy_from_slice(bytes);
        u64::from_be_bytes(word)
    } else {
        word[..bytes.len()].copy_from_slice(bytes);
        u64::from_le_bytes(word)
    }
}

/// An int as the bits of an item.
fn integer(vm: &Thread, item: &Item, value: Ref<'_>) -> PyResult<u64> {
    let index = match int_ref(value) {
        Some(_) => value.own(),
        None if vm.is_index(value) => match vm.index(value) {
            Err(raised) if raised.is(&vm.exceptions().TypeError) => return Err(no_integer(vm)),
            index => index?,
        },
        None => return Err(no_integer(vm)),
    };
    let Some(int) = int_ref(index.borrow()) else { return Err(no_integer(vm)) };
    let bits = 8 * item.size as u32;
    let signed = int.to_i64();
    if item.letter == b'P' {
        return signed
            .map(|value| value as u64)
            .or_else(|| int.to_u64())
            .ok_or_else(|| error(vm, "int too large to convert"));
    }
    let fits = if item.letter.is_ascii_lowercase() {
        signed.filter(|value| matches!(value >> (bits - 1), 0 | -1)).map(|value| value as u64)
    } else {
        int.to_u64().filter(|value| bits == 64 || value >> bits == 0)
    };
    fits.ok_or_else(|| out_of_range(vm, item, bits))
}

#[cold]
fn no_integer(vm: &Thread) -> Raised {
    error(vm, "required argument is not an integer")
}

#[cold]
fn out_of_range(vm: &Thread, item: &Item, bits: u32) -> Raised {
    let (least, most) = if item.letter.is_ascii_lowercase() {
        (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
    } else {
        (0, (1i128 << bits) - 1)
    };
    let letter = char::from(item.letter);
    error(vm, format_args!("'{letter}' format requires {least} <= number <= {most}"))
}

fn unpack(vm: &Thread, item: &Item, bytes: &[u8]) -> PyResult {
    match item.letter {
        b'c' | b's' => vm.bytes(bytes),
        b'p' => match bytes.split_first() {
            Some((&len, rest)) => vm.bytes(&rest[..rest.len().min(len.into())]),
            None => vm.bytes(&[]),
        },
        b'?' => Ok(Owned::bool(bytes[0] != 0)),
        b'e' | b'f' | b'd' => vm.float(unpack_float(item.letter, item.big_endian, bytes)),
        b'F' | b'D' => {
            let letter = if item.letter == b'F' { b'f' } else { b'd' };
            let (real, imag) = bytes.split_at(bytes.len() / 2);
            let part = |bytes| unpack_float(letter, item.big_endian, bytes);
            vm.complex(part(real), part(imag))
        }
        letter => {
            let word = get(bytes, item.big_endian);
            if letter.is_ascii_lowercase() {
                let unused = 64 - 8 * bytes.len() as u32;
                vm.int((word << unused) as i64 >> unused)
            } else {
                vm.uint(word)
            }
        }
    }
}

fn unpack_float(letter: u8, big_endian: bool, bytes: &[u8]) -> f64 {
    let bits = get(bytes, big_endian);
    match letter {
        b'e' => half::to_f64(bits as u16),
        b'f' => f32::from_bits(bits as u32).into(),
        _ => f64::from_bits(bits),
    }
}
