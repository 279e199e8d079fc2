//! The algorithms behind `str` and `bytes`: calculations on Rust types that never see the interpreter.
//!
//! A `str` comes as a [`wtf8::Text`], a `bytes` object as `&[u8]`. Where both behave alike, functions take bytes, for
//! positions in generalised UTF-8 are positions between code points. Functions whose result can be much longer than
//! their arguments tell its size first, so that the caller can refuse to allocate it.

pub mod case;
pub mod codec;
pub mod escape;
pub mod hex;
pub mod index;
pub mod output;
pub mod pad;
pub mod predicate;
pub mod replace;
pub mod repr;
pub mod scratch;
pub mod search;
pub mod space;
pub mod split;
pub mod strip;
pub mod translate;
pub mod unicode;
pub mod width;
pub mod wtf8;
