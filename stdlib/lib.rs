//! Native modules of pyx, and the embedded pure-Python standard library.

mod abc;
mod archive;
mod array;
mod ast;
pub mod atexit;
mod binascii;
mod bisect;
pub mod boot;
mod cmath;
mod codecs;
mod collections;
pub mod compile;
mod constants;
mod csv;
mod datetime;
mod errno;
mod fcntl;
mod functools;
mod grp;
mod hash;
mod heapq;
pub mod imp;
pub mod io;
mod itertools;
mod json;
pub mod library;
mod locale;
pub mod marshal;
mod math;
mod opcode;
mod operator;
mod pickle;
pub mod posix;
mod posixsubprocess;
mod pwd;
mod pyx;
mod queue;
mod random;
mod resource;
mod select;
pub mod signal;
mod socket;
mod sre;
mod stat;
mod statistics;
mod string;
mod structure;
mod suggestions;
pub mod sys;
mod sysconfig;
mod termios;
mod thread;
mod time;
mod tokenize;
mod types;
mod unicodedata;
mod uuid;

use pyx_vm::native::ModuleDef;

/// The native modules, one row each.
pub static MODULES: &[&ModuleDef] = &[
    &abc::ABC,
    &array::ARRAY_MODULE,
    &ast::AST,
    &atexit::ATEXIT,
    &binascii::BINASCII,
    &bisect::BISECT,
    &cmath::CMATH,
    &codecs::CODECS,
    &collections::COLLECTIONS,
    &csv::CSV,
    &datetime::DATETIME,
    &errno::ERRNO,
    &fcntl::FCNTL,
    &functools::FUNCTOOLS,
    &grp::GRP,
    &hash::BLAKE2,
    &hash::HMAC,
    &hash::MD5,
    &hash::SHA1,
    &hash::SHA2,
    &hash::SHA3,
    &heapq::HEAPQ,
    &imp::IMP,
    &io::IO,
    &itertools::ITERTOOLS,
    &json::JSON,
    &locale::LOCALE,
    &marshal::MARSHAL,
    &math::MATH,
    &opcode::OPCODE,
    &operator::OPERATOR,
    &pickle::PICKLE,
    &posix::POSIX,
    &posixsubprocess::POSIXSUBPROCESS,
    &pwd::PWD,
    &pyx::PYX,
    &queue::QUEUE,
    &random::RANDOM,
    &resource::RESOURCE,
    &select::SELECT,
    &signal::SIGNAL,
    &socket::SOCKET,
    &sre::SRE,
    &stat::STAT,
    &statistics::STATISTICS,
    &string::STRING,
    &structure::STRUCT,
    &suggestions::SUGGESTIONS,
    &sys::SYS,
    &sysconfig::SYSCONFIG,
    &termios::TERMIOS,
    &thread::THREAD,
    &time::TIME,
    &tokenize::TOKENIZE,
    &types::TYPES,
    &unicodedata::UNICODEDATA,
    &uuid::UUID,
    &pyx_vm::collector::GC_MODULE,
    &pyx_vm::contextvars::CONTEXTVARS_MODULE,
    &pyx_vm::types::typing::TYPING_MODULE,
    &pyx_vm::types::weakref::WEAKREF_MODULE,
    &pyx_vm::warn::WARNINGS_MODULE,
];
