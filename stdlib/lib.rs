//! Native modules of pyx, and the embedded pure-Python standard library.

pub mod compile;
mod time;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[&pyx_vm::types::weakref::WEAKREF_MODULE, &time::TIME];
