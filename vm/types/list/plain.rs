//! Sorting keys whose comparison runs no Python: ints, floats without nans, strs, and tuples of them.
//!
//! Each key gets a *rank*, a 64-bit number that never contradicts the order: numbers as such, the first bytes of a str, the
//! rank of a tuple's first item. Most comparisons compare ranks, which lie side by side in memory; keys of equal rank are
//! compared in full where the rank is not all there is to know.

use std::cmp::{Ordering, Reverse};

use crate::exception::PyResult;
use crate::heap::flag;
use crate::heap::inline::{Str, Tuple};
use crate::number::{IntRef, int_float, int_ops};
use crate::types::float::Float;
use crate::types::int::int_ref;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Tuples nested more deeply than this are left to Python.
const DEPTH: u32 = 4;

/// A key's rank and place.
#[derive(Clone, Copy)]
struct Ranked {
    rank: u64,
    place: usize,
}

/// What a column of values has in common.
enum Class {
    /// Nothing seen yet.
    Unknown,
    /// Ints that are immediates, and bools: the rank says all.
    SmallInt,
    /// Floats, none a nan: the rank says all.
    Float,
    /// Ints of any size and floats.
    Number,
    Text,
    /// Tuples; for each position what the items there have in common.
    Tuple(Vec<Class>),
}

/// Sorts values that are all immediate ints: equal ones are identical, so any sort is stable. Whether they are.
pub(super) fn sort_small_ints(values: &mut [Owned], reverse: bool) -> bool {
    if !values.iter().all(|value| value.value().is_int()) {
        return false;
    }
    // The words of immediate ints order as the ints do.
    values.sort_unstable_by_key(|value| value.value().bits() as i64);
    if reverse {
        values.reverse();
    }
    true
}

/// The places of keys in their order; `None` if finding it takes Python.
pub(super) fn order(vm: &Thread, keys: &[Owned], reverse: bool) -> PyResult<Option<Vec<usize>>> {
    let mut class = Class::Unknown;
    if !keys.iter().all(|key| class.admit(key.borrow(), DEPTH)) {
        return Ok(None);
    }
    let mut ranked = vm.vec(keys.len())?;
    ranked.extend(keys.iter().zip(0..).map(|(key, place)| Ranked { rank: class.rank(key.borrow()), place }));
    let full = |a: &Ranked, b: &Ranked| {
        a.rank.cmp(&b.rank).then_with(|| class.compare(keys[a.place].borrow(), keys[b.place].borrow()))
    };
    match (class.is_ranked(), reverse) {
        (true, false) => ranked.sort_by_key(|key| key.rank),
        (true, true) => ranked.sort_by_key(|key| Reverse(key.rank)),
        (false, false) => ranked.sort_by(full),
        (false, true) => ranked.sort_by(|a, b| full(b, a)),
    }
    Ok(Some(ranked.into_iter().map(|key| key.place).collect()))
}

impl Class {
    /// Takes a value into the column; whether it could.
    fn admit(&mut self, value: Ref<'_>, depth: u32) -> bool {
        if let Self::Tuple(columns) = self {
            return admit_tuple(columns, value, depth);
        }
        let Some(class) = Self::of(value) else { return false };
        match (&*self, class) {
            (Self::Unknown, Self::Tuple(mut columns)) => {
                let admitted = admit_tuple(&mut columns, value, depth);
                *self = Self::Tuple(columns);
                return admitted;
            }
            (Self::Unknown, class) => *self = class,
            (Self::SmallInt, Self::SmallInt) | (Self::Float, Self::Float) | (Self::Text, Self::Text) => {}
            (Self::Number, Self::SmallInt | Self::Float | Self::Number) => {}
            (Self::SmallInt | Self::Float, Self::SmallInt | Self::Float | Self::Number) => {
                *self = Self::Number;
            }
            _ => return false,
        }
        true
    }

    /// The class of a value, if there is one.
    fn of(value: Ref<'_>) -> Option<Self> {
        if value.as_small_int().is_some() || value.as_bool().is_some() {
            return Some(Self::SmallInt);
        }
        if value.as_immediate_float().is_some() {
            return Some(Self::Float);
        }
        if value.header()?.has(flag::SUBCLASS) {
            return None;
        }
        if value.downcast::<Str>().is_some() {
            Some(Self::Text)
        } else if value.downcast::<Tuple>().is_some() {
            Some(Self::Tuple(Vec::new()))
        } else if let Some(float) = value.downcast::<Float>() {
            (!float.value().is_nan()).then_some(Self::Float)
        } else {
            int_ref(value).map(|_| Self::Number)
        }
    }

    /// Whether equal rank means equality.
    fn is_ranked(&self) -> bool {
        matches!(self, Self::Unknown | Self::SmallInt | Self::Float)
    }

    fn rank(&self, value: Ref<'_>) -> u64 {
        match self {
            Self::Unknown => 0,
            Self::SmallInt => small_int(value) as u64 ^ 1 << 63,
            Self::Float | Self::Number => rank_of_float(approximate(value)),
            Self::Text => rank_of_text(bytes(value)),
            Self::Tuple(columns) => {
                // The empty tuple comes first.
                items(value).first().map_or(0, |first| columns[0].rank(first.borrow()))
            }
        }
    }

    /// Compares two values of the class.
    fn compare(&self, a: Ref<'_>, b: Ref<'_>) -> Ordering {
        match self {
            Self::Unknown => Ordering::Equal,
            Self::SmallInt => small_int(a).cmp(&small_int(b)),
            Self::Float | Self::Number => compare_numbers(a, b),
            Self::Text => bytes(a).cmp(bytes(b)),
            Self::Tuple(columns) => {
                let (a, b) = (items(a), items(b));
                let pairs = columns.iter().zip(a.iter().zip(b));
                pairs
                    .map(|(column, (a, b))| column.compare(a.borrow(), b.borrow()))
                    .find(|order| order.is_ne())
                    .unwrap_or_else(|| a.len().cmp(&b.len()))
            }
        }
    }
}

fn admit_tuple(columns: &mut Vec<Class>, value: Ref<'_>, depth: u32) -> bool {
    if depth == 0 || value.header().is_none_or(|header| header.has(flag::SUBCLASS)) {
        return false;
    }
    let Some(tuple) = value.downcast::<Tuple>() else { return false };
    if columns.len() < tuple.len() {
        columns.resize_with(tuple.len(), || Class::Unknown);
    }
    tuple.as_slice().iter().zip(columns).all(|(item, column)| column.admit(item.borrow(), depth - 1))
}

/// The bytes of a str.
fn bytes(text: Ref<'_>) -> &[u8] {
    text.downcast::<Str>().map(Str::as_bytes).unwrap_or_default()
}

/// The items of a tuple.
fn items(tuple: Ref<'_>) -> &[Owned] {
    tuple.downcast::<Tuple>().map(Tuple::as_slice).unwrap_or_default()
}

/// The value of an immediate int or a bool.
fn small_int(value: Ref<'_>) -> i64 {
    value.as_small_int().unwrap_or_else(|| i64::from(value.is_true()))
}

/// The value of a float object, immediate or not.
fn float(value: Ref<'_>) -> Option<f64> {
    value.as_immediate_float().or_else(|| value.downcast::<Float>().map(Float::value))
}

/// A number as a float, rounded: rounding keeps the order.
fn approximate(value: Ref<'_>) -> f64 {
    if let Some(float) = float(value) {
        return float;
    }
    let int = int_ref(value).unwrap_or(IntRef::Small(0));
    int_float::to_f64(int).unwrap_or(if int.is_negative() { f64::NEG_INFINITY } else { f64::INFINITY })
}

fn compare_numbers(a: Ref<'_>, b: Ref<'_>) -> Ordering {
    match (float(a), float(b)) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        (None, Some(b)) => int_ref(a).and_then(|a| int_float::compare(a, b)),
        (Some(a), None) => int_ref(b).and_then(|b| int_float::compare(b, a)).map(Ordering::reverse),
        (None, None) => int_ref(a).zip(int_ref(b)).map(|(a, b)| int_ops::compare(a, b)),
    }
    .expect("numbers that are not nan have an order")
}

/// A number that orders as the floats do; the zeros are equal.
fn rank_of_float(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    bits ^ (((bits as i64) >> 63) as u64 | 1 << 63)
}

/// The first bytes, as a number that orders as the texts do as far as they go.
fn rank_of_text(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let len = bytes.len().min(8);
    first[..len].copy_from_slice(&bytes[..len]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_ranked() {
        let floats = [f64::NEG_INFINITY, -1e300, -1.5, -1e-320, 0.0, 1e-320, 0.1, 2.0, 1e300, f64::INFINITY];
        assert!(floats.is_sorted_by_key(|&float| rank_of_float(float)));
        assert_eq!(rank_of_float(-0.0), rank_of_float(0.0));
    }

    #[test]
    fn texts_are_ranked() {
        let texts = ["", "a", "a\0", "a\0b", "ab", "abcdefgh", "abcdefgi", "é", "中"];
        assert!(texts.is_sorted_by_key(|text| rank_of_text(text.as_bytes())));
        assert_eq!(rank_of_text(b"abcdefgh"), rank_of_text(b"abcdefghi"));
    }
}
