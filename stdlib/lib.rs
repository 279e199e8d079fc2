//! Native modules of pyx, and the embedded pure-Python standard library.

mod abc;
mod archive;
pub mod atexit;
mod bisect;
pub mod boot;
mod cmath;
mod codecs;
mod collections;
pub mod compile;
mod csv;
mod errno;
mod functools;
mod heapq;
pub mod imp;
mod io;
mod itertools;
mod json;
pub mod library;
pub mod marshal;
mod math;
mod operator;
mod posix;
mod random;
mod signal;
mod stat;
mod statistics;
mod suggestions;
pub mod sys;
mod sysconfig;
mod thread;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &abc::ABC,
    &atexit::ATEXIT,
    &bisect::BISECT,
    &cmath::CMATH,
    &codecs::CODECS,
    &collections::COLLECTIONS,
    &csv::CSV,
    &errno::ERRNO,
    &functools::FUNCTOOLS,
    &heapq::HEAPQ,
    &imp::IMP,
    &io::IO,
    &itertools::ITERTOOLS,
    &json::JSON,
    &marshal::MARSHAL,
    &math::MATH,
    &operator::OPERATOR,
    &posix::POSIX,
    &random::RANDOM,
    &signal::SIGNAL,
    &stat::STAT,
    &statistics::STATISTICS,
    &suggestions::SUGGESTIONS,
    &sys::SYS,
    &sysconfig::SYSCONFIG,
    &thread::THREAD,
    &time::TIME,
    &pyx_vm::collector::GC_MODULE,
    &pyx_vm::contextvars::CONTEXTVARS_MODULE,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
    &pyx_vm::warn::WARNINGS_MODULE,
];
