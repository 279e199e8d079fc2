//! Native modules of pyx, and the embedded pure-Python standard library.

mod bisect;
mod cmath;
pub mod compile;
mod functools;
mod heapq;
mod itertools;
mod math;
mod operator;
mod random;
mod statistics;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &bisect::BISECT,
    &cmath::CMATH,
    &functools::FUNCTOOLS,
    &heapq::HEAPQ,
    &itertools::ITERTOOLS,
    &math::MATH,
    &operator::OPERATOR,
    &random::RANDOM,
    &statistics::STATISTICS,
    &time::TIME,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
