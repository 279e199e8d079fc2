//! Native modules of pyx, and the embedded pure-Python standard library.

mod archive;
mod array;
mod binascii;
mod bisect;
mod cmath;
mod codecs;
pub mod compile;
mod functools;
mod heapq;
mod imp;
mod itertools;
pub mod library;
mod marshal;
mod math;
mod operator;
mod posix;
mod random;
mod statistics;
mod string;
mod structure;
mod sys;
mod time;
mod unicodedata;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &array::ARRAY_MODULE,
    &binascii::BINASCII,
    &bisect::BISECT,
    &cmath::CMATH,
    &codecs::CODECS,
    &functools::FUNCTOOLS,
    &heapq::HEAPQ,
    &itertools::ITERTOOLS,
    &imp::IMP,
    &marshal::MARSHAL,
    &math::MATH,
    &posix::POSIX,
    &operator::OPERATOR,
    &random::RANDOM,
    &statistics::STATISTICS,
    &string::STRING,
    &structure::STRUCT,
    &sys::SYS,
    &time::TIME,
    &unicodedata::UNICODEDATA,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
