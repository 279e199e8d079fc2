//! Native modules of pyx, and the embedded pure-Python standard library.

mod archive;
mod bisect;
mod cmath;
pub mod compile;
mod functools;
mod heapq;
pub mod io;
mod itertools;
mod imp;
pub mod library;
mod marshal;
mod math;
mod posix;
mod operator;
mod random;
mod statistics;
mod sys;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &bisect::BISECT,
    &cmath::CMATH,
    &functools::FUNCTOOLS,
    &heapq::HEAPQ,
    &io::IO,
    &itertools::ITERTOOLS,
    &imp::IMP,
    &marshal::MARSHAL,
    &math::MATH,
    &posix::POSIX,
    &operator::OPERATOR,
    &random::RANDOM,
    &statistics::STATISTICS,
    &sys::SYS,
    &time::TIME,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
