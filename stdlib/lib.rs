//! Native modules of pyx, and the embedded pure-Python standard library.

mod bisect;
mod cmath;
mod collections;
pub mod compile;
mod csv;
mod functools;
mod heapq;
mod itertools;
mod json;
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
    &collections::COLLECTIONS,
    &csv::CSV,
    &functools::FUNCTOOLS,
    &heapq::HEAPQ,
    &itertools::ITERTOOLS,
    &json::JSON,
    &math::MATH,
    &operator::OPERATOR,
    &random::RANDOM,
    &statistics::STATISTICS,
    &time::TIME,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
