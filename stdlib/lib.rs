//! Native modules of pyx, and the embedded pure-Python standard library.

mod archive;
mod bisect;
pub mod boot;
mod cmath;
pub mod compile;
mod heapq;
mod imp;
pub mod library;
mod marshal;
mod math;
mod posix;
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
    &posix::POSIX,
    &random::RANDOM,
    &statistics::STATISTICS,
    &sys::SYS,
    &time::TIME,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
