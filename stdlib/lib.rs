//! Native modules of pyx, and the embedded pure-Python standard library.

mod archive;
mod bisect;
pub mod boot;
mod cmath;
pub mod compile;
mod functools;
mod heapq;
pub mod imp;
mod itertools;
pub mod library;
pub mod marshal;
mod math;
mod operator;
mod posix;
mod random;
mod statistics;
pub mod sys;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &bisect::BISECT,
    &cmath::CMATH,
    &functools::FUNCTOOLS,
    &heapq::HEAPQ,
    &imp::IMP,
    &itertools::ITERTOOLS,
    &marshal::MARSHAL,
    &math::MATH,
    &operator::OPERATOR,
    &posix::POSIX,
    &random::RANDOM,
    &statistics::STATISTICS,
    &sys::SYS,
    &time::TIME,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
