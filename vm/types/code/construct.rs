//! Code objects made by hand: `CodeType(...)` and `code.replace(...)`.
//!
//! What comes from a program is proved harmless by the verifier before it can run; bad bytecode is a ValueError.

use std::rc::Rc;

use pyx_compiler::bytecode::code::{
    self as template, Constant, DepthTable, ExceptionRange, Local, LocalKind, flags,
};
use pyx_compiler::bytecode::verify;

use super::Code;
use super::object::{encode_exceptions, encode_words, names_where, whole};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::inline::{Bytes, Str, Tuple};
use crate::native::*;
use crate::signature;
use crate::types::constructor;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// All that a code object is made of.
struct Parts {
    arg_count: i32,
    posonly_arg_count: i32,
    kwonly_arg_count: i32,
    local_count: i32,
    stack_size: i32,
    flags: i32,
    code: Vec<u8>,
    constants: Vec<Owned>,
    names: Vec<Owned>,
    varnames: Vec<Owned>,
    filename: Owned,
    name: Owned,
    qualname: Owned,
    first_line: i32,
    line_table: Vec<u8>,
    exception_table: Vec<u8>,
    freevars: Vec<Owned>,
    cellvars: Vec<Owned>,
}

pub(super) fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    constructor::no_keywords(vm, "code", args)?;
    let args = args.positional();
    constructor::count(vm, "code", args.len(), 16, 18)?;
    let wrong = |index: usize, expected: &str| {
        let got = vm.type_name(args[index]);
        vm.type_error(format_args!("code() argument {} must be {expected}, not {got}", index + 1))
    };
    let bytes = |index: usize| match args[index].downcast::<Bytes>() {
        Some(bytes) => Ok(bytes.as_bytes().to_vec()),
        None => Err(wrong(index, "bytes")),
    };
    let tuple = |index: usize| match args.get(index).map(|value| value.downcast::<Tuple>()) {
        None => Ok(Vec::new()),
        Some(Some(tuple)) => Ok(tuple.as_slice().to_vec()),
        Some(None) => Err(wrong(index, "tuple")),
    };
    let text = |index: usize| match args[index].downcast::<Str>() {
        Some(_) => Ok(args[index].own()),
        None => Err(wrong(index, "str")),
    };
    let names = |index: usize| -> PyResult<Vec<Owned>> {
        let names = tuple(index)?;
        match names.iter().find(|name| name.borrow().downcast::<Str>().is_none()) {
            Some(name) => {
                let got = vm.type_name(name.borrow());
                Err(vm.type_error(format_args!("name tuples must contain only strings, not '{got}'")))
            }
            None => Ok(names),
        }
    };
    let int = |index: usize| vm.to_c_int(args[index]);
    let parts = Parts {
        arg_count: int(0)?,
        posonly_arg_count: int(1)?,
        kwonly_arg_count: int(2)?,
        local_count: int(3)?,
        stack_size: int(4)?,
        flags: int(5)?,
        code: bytes(6)?,
        constants: tuple(7)?,
        names: names(8)?,
        varnames: names(9)?,
        filename: text(10)?,
        name: text(11)?,
        qualname: text(12)?,
        first_line: int(13)?,
        line_table: bytes(14)?,
        exception_table: bytes(15)?,
        freevars: names(16)?,
        cellvars: names(17)?,
    };
    for (what, value) in [
        ("argcount", parts.arg_count),
        ("posonlyargcount", parts.posonly_arg_count),
        ("kwonlyargcount", parts.kwonly_arg_count),
        ("nlocals", parts.local_count),
        ("stacksize", parts.stack_size),
        ("flags", parts.flags),
    ] {
        if value < 0 {
            return Err(vm.value_error(format_args!("code: {what} must not be negative")));
        }
    }
    build(vm, parts, None)
}

/// `code.replace(**changes)`
pub(super) fn replace(vm: &Thread, args: &Args<'_>) -> PyResult {
    let Some((this, rest)) = args.split_first() else {
        return Err(vm.type_error("unbound method code.replace() needs an argument"));
    };
    if this.downcast::<Code>().is_none() {
        let got = vm.type_name(this);
        return Err(vm.type_error(format_args!(
            "descriptor 'replace' for 'code' objects doesn't apply to a '{got}' object"
        )));
    }
    if !rest.positional().is_empty() {
        return Err(vm.type_error("replace() takes no positional arguments"));
    }
    let signature = signature!(
        "replace(*, co_argcount=0, co_posonlyargcount=0, co_kwonlyargcount=0, co_nlocals=0, co_stacksize=0, co_flags=0, co_firstlineno=0, co_code=b'', co_consts=(), co_names=(), co_varnames=(), co_freevars=(), co_cellvars=(), co_filename='', co_name='', co_qualname='', co_linetable=b'', co_exceptiontable=b'')"
    );
    rest.bind(vm, signature, |changes| changed(vm, this, changes))
}

fn changed(vm: &Thread, this: Ref<'_>, changes: &Bound<'_>) -> PyResult {
    let old = whole(vm, this)?;
    let code = old.template();
    let wrong = |name: &str, expected: &str, value: Ref<'_>| {
        let got = vm.type_name(value);
        vm.type_error(format_args!("replace() argument '{name}' must be {expected}, not {got}"))
    };
    let int = |index: usize, old: i32| changes.optional(index).map_or(Ok(old), |value| vm.to_c_int(value));
    let bytes = |index: usize, name: &str, old: Vec<u8>| match changes.optional(index) {
        None => Ok(old),
        Some(value) => match value.downcast::<Bytes>() {
            Some(bytes) => Ok(bytes.as_bytes().to_vec()),
            None => Err(wrong(name, "bytes", value)),
        },
    };
    let tuple = |index: usize, name: &str, old: Vec<Owned>| match changes.optional(index) {
        None => Ok(old),
        Some(value) => match value.downcast::<Tuple>() {
            Some(tuple) => Ok(tuple.as_slice().to_vec()),
            None => Err(wrong(name, "tuple", value)),
        },
    };
    let text = |index: usize, name: &str, old: &Owned| match changes.optional(index) {
        None => Ok(old.clone()),
        Some(value) if value.downcast::<Str>().is_some() => Ok(value.own()),
        Some(value) => Err(wrong(name, "str", value)),
    };
    let varnames: Vec<Owned> = names_where(vm, this, Local::is_varname)?.collect();
    let old_count = varnames.len() as i32;
    let free = |local: &Local| local.kind == LocalKind::Free;
    let parts = Parts {
        arg_count: int(0, code.arg_count as i32)?,
        posonly_arg_count: int(1, code.posonly_arg_count as i32)?,
        kwonly_arg_count: int(2, code.kwonly_arg_count as i32)?,
        local_count: int(3, old_count)?,
        stack_size: int(4, code.temporaries as i32)?,
        flags: int(5, code.flags as i32)?,
        first_line: int(6, code.first_line)?,
        code: bytes(7, "co_code", encode_words(&code.words))?,
        constants: tuple(8, "co_consts", old.constants.to_vec())?,
        names: tuple(9, "co_names", old.names.to_vec())?,
        varnames: tuple(10, "co_varnames", varnames)?,
        freevars: tuple(11, "co_freevars", names_where(vm, this, free)?.collect())?,
        cellvars: tuple(12, "co_cellvars", names_where(vm, this, Local::is_cellvar)?.collect())?,
        filename: text(13, "co_filename", &old.filename.get_or_none())?,
        name: text(14, "co_name", &old.name)?,
        qualname: text(15, "co_qualname", &old.qualname)?,
        line_table: bytes(16, "co_linetable", code.positions.clone())?,
        exception_table: bytes(17, "co_exceptiontable", encode_exceptions(&code.exceptions))?,
    };
    for (what, value) in [
        ("argcount", parts.arg_count),
        ("posonlyargcount", parts.posonly_arg_count),
        ("kwonlyargcount", parts.kwonly_arg_count),
        ("nlocals", parts.local_count),
        ("stacksize", parts.stack_size),
        ("flags", parts.flags),
        ("firstlineno", parts.first_line),
    ] {
        if value < 0 {
            return Err(vm.value_error(format_args!("co_{what} must be a positive integer")));
        }
    }
    build(vm, parts, Some(code))
}

/// The code object of its parts; what CPython's parts do not say is as in `old`.
fn build(vm: &Thread, parts: Parts, old: Option<&template::Code>) -> PyResult {
    let malformed = || vm.value_error("code: co_code is malformed");
    let (chunks, rest) = parts.code.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(malformed());
    }
    let Some(exceptions) = decode_exceptions(&parts.exception_table) else {
        return Err(vm.value_error("code: co_exceptiontable is malformed"));
    };
    let all_names = [&parts.names, &parts.varnames, &parts.freevars, &parts.cellvars];
    if all_names.into_iter().flatten().any(|name| name.borrow().downcast::<Str>().is_none()) {
        return Err(vm.system_error("non-string found in code slot"));
    }
    let collecting = [flags::VARARGS, flags::VARKEYWORDS].into_iter();
    let collecting = collecting.filter(|flag| parts.flags as u32 & flag != 0).count();
    let parameters = parts.arg_count as usize + parts.kwonly_arg_count as usize + collecting;
    if parts.varnames.len() < parameters {
        return Err(vm.value_error("code: co_varnames is too small"));
    }
    if parts.local_count as usize != parts.varnames.len() {
        return Err(vm.value_error("code: co_nlocals != len(co_varnames)"));
    }
    let locals = locals(&parts, parameters);
    let unchanged = old.filter(|old| old.locals.len() == locals.len());
    let mut code = template::Code {
        name: bytes_of(&parts.name).into(),
        qualname: bytes_of(&parts.qualname).into(),
        filename: bytes_of(&parts.filename).into(),
        first_line: parts.first_line,
        flags: parts.flags as u32,
        arg_count: parts.arg_count as u32,
        posonly_arg_count: parts.posonly_arg_count as u32,
        kwonly_arg_count: parts.kwonly_arg_count as u32,
        near_locals: unchanged.map_or(locals.len() as u32, |old| old.near_locals),
        locals,
        temporaries: parts.stack_size as u32,
        names: parts.names.iter().map(|name| bytes_of(name).into()).collect(),
        constants: constants(vm, &parts.constants)?,
        words: chunks.iter().map(|&word| u64::from_le_bytes(word)).collect(),
        exceptions,
        depths: DepthTable::default(),
        positions: parts.line_table,
        async_reason: old.and_then(|old| old.async_reason),
    };
    let verified = verify::depths(&code).and_then(|depths| {
        code.depths = depths;
        verify::verify(&code)
    });
    match verified {
        Ok(()) => vm.instantiate(&Rc::new(code), parts.constants.into(), parts.filename),
        Err(error) => Err(vm.value_error(error)),
    }
}

fn bytes_of(text: &Owned) -> &[u8] {
    text.borrow().downcast::<Str>().expect("checked to be a str").as_bytes()
}

/// Local variables, then cells that are not parameters, then free variables.
fn locals(parts: &Parts, parameters: usize) -> Vec<Local> {
    let is_in = |names: &[Owned], name: &Owned| names.iter().any(|other| bytes_of(other) == bytes_of(name));
    let local = |name: &Owned, kind: LocalKind, cell: bool, inlined: bool| Local {
        name: bytes_of(name).into(),
        kind,
        cell,
        inlined,
    };
    let named = parts.varnames.iter().enumerate().map(|(index, name)| {
        let kind = if index < parameters { LocalKind::Parameter } else { LocalKind::Variable };
        let cell = is_in(&parts.cellvars, name);
        local(name, kind, cell, cell && kind == LocalKind::Variable)
    });
    let cells = parts.cellvars.iter().filter(|name| !is_in(&parts.varnames, name));
    named
        .chain(cells.map(|name| local(name, LocalKind::Variable, true, false)))
        .chain(parts.freevars.iter().map(|name| local(name, LocalKind::Free, false, false)))
        .collect()
}

/// The form of each constant, as far as the verifier asks: code, strings and tuples of these.
fn constants(vm: &Thread, values: &[Owned]) -> PyResult<Vec<Constant>> {
    vm.check_stack()?;
    let mut forms = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let value = value.borrow();
        let class = vm.class(value);
        let is = |exact: &Owned| class.is(exact.borrow());
        forms.push(if let Some(code) = value.downcast::<Code>() {
            Constant::Code(code.template().clone().into())
        } else if let Some(text) = value.downcast::<Str>().filter(|_| is(&vm.types().str)) {
            Constant::Str(text.as_bytes().into())
        } else if let Some(items) = value.downcast::<Tuple>().filter(|_| is(&vm.types().tuple)) {
            Constant::Tuple(constants(vm, items.as_slice())?.into())
        } else {
            Constant::Object(index as u32)
        });
    }
    Ok(forms)
}

/// The ranges of an exception table; `None` if it is malformed.
pub(super) fn decode_exceptions(table: &[u8]) -> Option<Vec<ExceptionRange>> {
    let mut ranges = Vec::new();
    let mut rest = table;
    while !rest.is_empty() {
        let mut number = || {
            let mut number = 0u32;
            loop {
                let (&byte, behind) = rest.split_first()?;
                rest = behind;
                number = number.checked_mul(64)? | u32::from(byte & 63);
                if byte & 0x40 == 0 {
                    return Some(number);
                }
            }
        };
        let (start, length, handler, depth) = (number()?, number()?, number()?, number()?);
        ranges.push(ExceptionRange { start, end: start.checked_add(length)?, handler, depth: depth >> 1 });
    }
    Some(ranges)
}
