//! Native modules of pyx, and the embedded pure-Python standard library.

mod archive;
mod bisect;
mod cmath;
pub mod compile;
mod heapq;
mod imp;
pub mod library;
mod marshal;
mod math;
mod random;
mod statistics;
mod sys;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &bisect::BISECT,
    &cmath::CMATH,
    &heapq::HEAPQ,
    &imp::IMP,
    &marshal::MARSHAL,
    &math::MATH,
    &random::RANDOM,
    &statistics::STATISTICS,
    &sys::SYS,
    &time::TIME,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
