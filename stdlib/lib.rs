//! Native modules of pyx, and the embedded pure-Python standard library.

mod ast;
mod bisect;
mod cmath;
pub mod compile;
mod heapq;
mod math;
mod random;
mod statistics;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &ast::AST,
    &bisect::BISECT,
    &cmath::CMATH,
    &heapq::HEAPQ,
    &math::MATH,
    &random::RANDOM,
    &statistics::STATISTICS,
    &time::TIME,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
];
