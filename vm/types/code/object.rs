//! `code` as Python sees it.
//!
//! | attribute | form |
//! |---|---|
//! | `co_code` | the words of the instructions, eight bytes each, least significant first; inline caches are zero |
//! | `co_linetable` | CPython's format of 3.11 and later, with a word in place of a code unit |
//! | `co_exceptiontable` | CPython's format, likewise |
//! | `co_stacksize` | the most temporaries alive at once |

use std::hash::{BuildHasher, Hash, Hasher};
use std::rc::Rc;

use pyx_compiler::bytecode::code::{self as template, Constant, ExceptionRange, LocalKind};
use pyx_compiler::bytecode::positions;

use super::walk::{self, Walk};
use super::{Code, construct};
use crate::exception::PyResult;
use crate::native::*;
use crate::protocol::attribute::display;
use crate::protocol::slots::CompareOp;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) static CODE: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, ..TypeFlags::NONE },
    signature: "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, codestring, constants, names, \
                varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, freevars=(), cellvars=(), /)",
    doc: "The compiled code of a module, function, class body or comprehension. \
          Made by hand, its instructions must be such that the interpreter can trust them.",
    methods: &[
        method("__sizeof__($self, /)", One(sizeof), "The bytes that the object takes."),
        method(
            "co_lines($self, /)",
            One(|vm, this| walk::walk(vm, this, Walk::Lines)),
            "An iterator over (start, end, line) for each stretch of instructions from one line.",
        ),
        method(
            "co_branches($self, /)",
            One(|vm, this| walk::walk(vm, this, Walk::Branches)),
            "An iterator over (branch, not taken, taken): the offsets of conditional jumps and of where they lead.",
        ),
        method(
            "co_positions($self, /)",
            One(|vm, this| walk::walk(vm, this, Walk::Positions)),
            "An iterator over (line, end line, column, end column) of each instruction word.",
        ),
        method(
            "replace($self, /, **changes)",
            Raw(construct::replace),
            "A copy with some attributes changed.",
        ),
        method(
            "_varname_from_oparg($self, /, oparg)",
            Two(varname_from_oparg),
            "The name of a local variable, cell or free variable by its number.",
        ),
        method("__replace__($self, /, **changes)", Raw(construct::replace), "The same as replace()."),
    ],
    getset: &[
        member("co_argcount", |vm, this| count(vm, template(this).arg_count), "Positional parameters."),
        member(
            "co_posonlyargcount",
            |vm, this| count(vm, template(this).posonly_arg_count),
            "Positional-only parameters.",
        ),
        member(
            "co_kwonlyargcount",
            |vm, this| count(vm, template(this).kwonly_arg_count),
            "Keyword-only parameters.",
        ),
        member(
            "co_stacksize",
            |vm, this| count(vm, template(this).temporaries),
            "The most temporaries at once.",
        ),
        member("co_flags", |vm, this| count(vm, payload(this).flags), "Flags: what kind of code it is."),
        member(
            "co_nlocals",
            |vm, this| vm.size(template(this).locals.iter().filter(|local| local.is_varname()).count()),
            "How many local variables there are, parameters included.",
        ),
        member("co_consts", |vm, this| vm.tuple(whole(vm, this)?.constants.to_vec()), "The constants."),
        member(
            "co_names",
            |vm, this| vm.tuple(whole(vm, this)?.names.to_vec()),
            "Names of globals and attributes.",
        ),
        member(
            "co_filename",
            |_, this| Ok(payload(this).filename.get_or_none()),
            "The file that the code is from.",
        ),
        member("co_name", |_, this| Ok(payload(this).name.clone()), "The name."),
        member(
            "co_qualname",
            |_, this| Ok(payload(this).qualname.clone()),
            "The name with those of the enclosing classes and functions.",
        ),
        member("co_firstlineno", |vm, this| vm.int(template(this).first_line.into()), "The first line."),
        member(
            "co_linetable",
            |vm, this| vm.bytes(&template(this).positions),
            "Where the instructions come from.",
        ),
        member(
            "co_exceptiontable",
            |vm, this| vm.bytes(&encode_exceptions(&template(this).exceptions)),
            "Where exceptions go.",
        ),
        getter("co_lnotab", line_number_table, "The older form of the line table; deprecated."),
        getter(
            "_co_code_adaptive",
            adaptive_code,
            "The instructions with the present state of their caches.",
        ),
        getter(
            "co_varnames",
            |vm, this| vm.tuple(names_where(vm, this, template::Local::is_varname)?.collect()),
            "Names of local variables, parameters first.",
        ),
        getter(
            "co_cellvars",
            |vm, this| vm.tuple(names_where(vm, this, template::Local::is_cellvar)?.collect()),
            "Names of local variables that inner functions use.",
        ),
        getter(
            "co_freevars",
            |vm, this| vm.tuple(names_where(vm, this, |local| local.kind == LocalKind::Free)?.collect()),
            "Names of variables of enclosing functions.",
        ),
        getter("co_code", |vm, this| vm.bytes(&encode_words(&template(this).words)), "The instructions."),
    ],
    slots: Slots {
        new: Some(construct::new),
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        ..Slots::NONE
    },
    ..TypeDef::new::<Code>("code")
};

pub(super) fn payload(this: Ref<'_>) -> &Code {
    this.downcast().expect("the descriptor checks its receiver")
}

/// The payload of code that is to be shown.
pub(super) fn whole<'a>(vm: &Thread, this: Ref<'a>) -> PyResult<&'a Code> {
    let code = payload(this);
    vm.complete(code)?;
    Ok(code)
}

pub(super) fn template(this: Ref<'_>) -> &Rc<template::Code> {
    payload(this).template()
}

fn count(vm: &Thread, number: u32) -> PyResult {
    vm.int(number.into())
}

pub(super) fn names_where<'a>(
    vm: &Thread,
    this: Ref<'a>,
    wanted: impl Fn(&template::Local) -> bool + 'a,
) -> PyResult<impl Iterator<Item = Owned> + 'a> {
    let locals = template(this).locals.iter().zip(&whole(vm, this)?.locals);
    Ok(locals.filter(move |(local, _)| wanted(local)).map(|(_, name)| name.clone()))
}

pub(super) fn encode_words(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn adaptive_code(vm: &Thread, this: Ref<'_>) -> PyResult {
    let words: Vec<u64> = whole(vm, this)?.words.0.iter().map(std::cell::Cell::get).collect();
    vm.bytes(&encode_words(&words))
}

/// CPython's exception table: start, length, handler and depth as numbers of six bits a byte, the highest first. The first
/// byte of an entry has its highest bit set.
pub(super) fn encode_exceptions(ranges: &[ExceptionRange]) -> Vec<u8> {
    let mut table = Vec::new();
    for range in ranges {
        let first = table.len();
        for number in [range.start, range.end - range.start, range.handler, range.depth << 1] {
            let digits = (32 - number.leading_zeros()).div_ceil(6).max(1);
            for digit in (0..digits).rev() {
                let more = if digit > 0 { 0x40 } else { 0 };
                table.push((number >> (6 * digit) & 63) as u8 | more);
            }
        }
        table[first] |= 0x80;
    }
    table
}

/// The older form: pairs of how far the offset and the line go on, a byte each.
fn line_number_table(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.warn(&vm.exceptions().DeprecationWarning, "co_lnotab is deprecated, use co_lines instead.")?;
    let template = template(this);
    let (mut table, mut offset, mut line) = (Vec::new(), 0u32, template.first_line);
    for stretch in positions::lines(&template.positions, template.first_line) {
        let Some(at) = stretch.at.filter(|&at| at != line) else { continue };
        let (mut bytes, mut lines) = (2 * stretch.start - offset, at.wrapping_sub(line));
        while bytes > 255 {
            table.extend([255, 0]);
            bytes -= 255;
        }
        while !(-128..=127).contains(&lines) {
            let step = lines.clamp(-128, 127);
            table.extend([bytes as u8, step as u8]);
            bytes = 0;
            lines -= step;
        }
        table.extend([bytes as u8, lines as u8]);
        (offset, line) = (2 * stretch.start, at);
    }
    vm.bytes(&table)
}

fn varname_from_oparg(vm: &Thread, this: Ref<'_>, number: Ref<'_>) -> PyResult {
    let number = vm.to_c_int(number)?;
    let locals = &whole(vm, this)?.locals;
    match usize::try_from(number).ok().and_then(|index| locals.get(index)) {
        Some(name) => Ok(name.clone()),
        None => Err(vm.index_error("tuple index out of range")),
    }
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let code = whole(vm, this)?;
    let template = code.template();
    let objects = code.constants.len() + code.names.len() + code.locals.len();
    let tables = template.positions.len() + size_of_val(&template.exceptions[..]);
    vm.size(size_of::<Code>() + 16 + size_of_val(&code.words.0[..]) + 8 * objects + tables)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let code = payload(this);
    let line = if code.template().first_line == 0 { -1 } else { code.template().first_line };
    let (name, file) = (display(code.name.borrow()), display(code.filename.get_or_none().borrow()));
    vm.str(&format!("<code object {name} at {:#x}, file \"{file}\", line {line}>", this.id()))
}

/// Equal code does the same at the same place: everything counts but the name of the file.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(first), Some(second)) = (op, a.downcast(), b.downcast()) else {
        return Ok(Owned::not_implemented());
    };
    let equal = a.is(b) || is_equal(vm, first, second)?;
    Ok(Owned::bool(equal == (op == CompareOp::Eq)))
}

fn is_equal(vm: &Thread, first: &Code, second: &Code) -> PyResult<bool> {
    vm.check_stack()?;
    vm.complete(first)?;
    vm.complete(second)?;
    let (a, b) = (first.template(), second.template());
    let same_form = a.name == b.name
        && a.qualname == b.qualname
        && a.first_line == b.first_line
        && a.flags == b.flags
        && a.arg_count == b.arg_count
        && a.posonly_arg_count == b.posonly_arg_count
        && a.kwonly_arg_count == b.kwonly_arg_count
        && a.locals == b.locals
        && a.names == b.names
        && a.words == b.words
        && a.exceptions == b.exceptions
        && a.positions == b.positions
        && a.constants.len() == b.constants.len();
    if !same_form {
        return Ok(false);
    }
    let constants = a.constants.iter().zip(&b.constants).zip(first.constants.iter().zip(&second.constants));
    for ((form, other_form), (value, other)) in constants {
        let (value, other) = (value.borrow(), other.borrow());
        let equal = match (value.downcast::<Code>(), other.downcast::<Code>()) {
            (Some(value), Some(other)) => is_equal(vm, value, other)?,
            _ if value.is(other) => true,
            _ if matches!(form, Constant::Object(_)) || matches!(other_form, Constant::Object(_)) => {
                vm.class(value).is(vm.class(other)) && vm.equal(value, other)?
            }
            _ => form == other_form,
        };
        if !equal {
            return Ok(false);
        }
    }
    Ok(true)
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let code = template(this);
    let mut hasher = vm.interpreter().hash_keys.build_hasher();
    (&code.name, &code.names, &code.words, code.first_line, code.flags).hash(&mut hasher);
    (code.arg_count, code.posonly_arg_count, code.kwonly_arg_count, &code.positions).hash(&mut hasher);
    code.locals.iter().for_each(|local| local.name.hash(&mut hasher));
    let hash = hasher.finish() as i64;
    Ok(if hash == -1 { -2 } else { hash })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::code::construct::decode_exceptions;

    #[test]
    fn exception_tables_round_trip() {
        let ranges = [
            ExceptionRange { start: 0, end: 5, handler: 70, depth: 0 },
            ExceptionRange { start: 64, end: 5000, handler: 300_000, depth: 33 },
        ];
        let table = encode_exceptions(&ranges);
        assert_eq!(table[..4], [0x80, 5, 0x41, 6]);
        assert_eq!(decode_exceptions(&table).as_deref(), Some(&ranges[..]));
        assert_eq!(decode_exceptions(&table[..7]), None);
    }
}
