//! Native modules of pyx, and the embedded pure-Python standard library.

pub mod compile;
