//! Native modules of pyx, and the embedded pure-Python standard library.

mod archive;
mod bisect;
mod cmath;
mod collections;
pub mod compile;
mod csv;
mod functools;
mod heapq;
mod itertools;
mod imp;
mod json;
pub mod library;
mod marshal;
mod math;
mod posix;
mod operator;
mod queue;
mod random;
mod statistics;
mod sys;
mod time;
mod types;

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
    &imp::IMP,
    &json::JSON,
    &marshal::MARSHAL,
    &math::MATH,
    &posix::POSIX,
    &operator::OPERATOR,
    &queue::QUEUE,
    &random::RANDOM,
    &statistics::STATISTICS,
    &sys::SYS,
    &time::TIME,
    &types::TYPES,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
