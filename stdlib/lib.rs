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
mod fcntl;
mod functools;
mod grp;
mod heapq;
pub mod imp;
pub mod io;
mod itertools;
mod json;
pub mod library;
pub mod marshal;
mod math;
mod operator;
mod posix;
mod posixsubprocess;
mod pwd;
mod pyx;
mod random;
mod resource;
mod select;
mod stat;
mod statistics;
pub mod sys;
mod termios;
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
    &fcntl::FCNTL,
    &functools::FUNCTOOLS,
    &grp::GRP,
    &heapq::HEAPQ,
    &imp::IMP,
    &io::IO,
    &itertools::ITERTOOLS,
    &json::JSON,
    &marshal::MARSHAL,
    &math::MATH,
    &operator::OPERATOR,
    &posix::POSIX,
    &posixsubprocess::POSIXSUBPROCESS,
    &pwd::PWD,
    &pyx::PYX,
    &random::RANDOM,
    &resource::RESOURCE,
    &select::SELECT,
    &stat::STAT,
    &statistics::STATISTICS,
    &sys::SYS,
    &termios::TERMIOS,
    &thread::THREAD,
    &time::TIME,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
