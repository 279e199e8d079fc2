//! Unicode 16.0: what Python asks about characters.
//!
//! The tables are our own, generated from what CPython 3.14 answers (`generate.py`), so that every predicate agrees
//! with it, its private choices included: `str.isspace` counts the ASCII separators, `str.isprintable` the plain space.
//! A character is a `u32`, because Python's strings hold surrogates, which `char` does not.

pub mod casing;
pub mod database;
pub mod names;
pub mod normalize;
pub mod properties;
pub mod ucd_3_2_0;

mod hangul;
#[rustfmt::skip]
mod name_tables;
mod packed;
#[rustfmt::skip]
mod tables;

pub use properties::*;
