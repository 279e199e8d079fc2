//! Native modules of pyx, and the embedded pure-Python standard library.

mod bisect;
mod cmath;
pub mod compile;
mod heapq;
mod io;
mod math;
mod posix;
mod random;
mod statistics;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &bisect::BISECT,
    &cmath::CMATH,
    &heapq::HEAPQ,
    &io::IO,
    &math::MATH,
    &posix::POSIX,
    &random::RANDOM,
    &statistics::STATISTICS,
    &time::TIME,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
