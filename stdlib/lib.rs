//! Native modules of pyx, and the embedded pure-Python standard library.

mod abc;
pub mod atexit;
mod bisect;
mod cmath;
pub mod compile;
mod errno;
mod heapq;
mod math;
mod posix;
mod random;
mod signal;
mod stat;
mod statistics;
mod sys;
mod thread;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &abc::ABC,
    &atexit::ATEXIT,
    &bisect::BISECT,
    &cmath::CMATH,
    &errno::ERRNO,
    &heapq::HEAPQ,
    &math::MATH,
    &posix::POSIX,
    &random::RANDOM,
    &signal::SIGNAL,
    &stat::STAT,
    &statistics::STATISTICS,
    &sys::SYS,
    &thread::THREAD,
    &time::TIME,
    &pyx_vm::contextvars::CONTEXTVARS_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
    &pyx_vm::warn::WARNINGS_MODULE,
];
