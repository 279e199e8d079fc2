//! `_sre`: regular expressions.
//!
//! The module `re` parses a pattern and compiles it to code (`sre/code.rs`). Here the code is checked and translated to a
//! program (`decode.rs`), which the matcher (`engine.rs`) runs over the memory of a str or a bytes-like object
//! (`subject.rs`).

mod charset;
mod code;
mod decode;
mod engine;
mod first;
mod match_;
mod pattern;
mod program;
mod scanner;
mod subject;
mod template;
#[cfg(test)]
mod tests;
mod unit;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::dict::Dict;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::heap::{Trace, Visitor};
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use charset::{ascii_lower, unicode_lower, unicode_upper};
use pattern::{Pattern, Source};

/// A part of an object that holds no other objects.
struct Plain<T>(T);

impl<T> Trace for Plain<T> {
    const TRACED: bool = false;
    fn trace(&self, _visitor: &mut Visitor<'_>) {}
}

pub(crate) static SRE: ModuleDef = ModuleDef {
    functions: &[
        function(
            "compile($module, /, pattern, flags, code, groups, groupindex, indexgroup)",
            Many(compile),
            "The pattern of some code.",
        ),
        function(
            "template($module, pattern, template, /)",
            Two(template::template),
            "The template in a list of literals, with numbers of groups between them.",
        ),
        function(
            "getcodesize($module, /)",
            Zero(|vm| vm.size(size_of::<u32>())),
            "The bytes of a word of code.",
        ),
        function(
            "ascii_iscased($module, character, /)",
            One(|vm, character| {
                let code = vm.to_c_int(character)? as u32;
                Ok(Owned::bool(u8::try_from(code).is_ok_and(|byte| byte.is_ascii_alphabetic())))
            }),
            "Whether a character is an ASCII letter.",
        ),
        function(
            "unicode_iscased($module, character, /)",
            One(|vm, character| {
                let code = vm.to_c_int(character)? as u32;
                Ok(Owned::bool(unicode_lower(code) != code || unicode_upper(code) != code))
            }),
            "Whether a character has another case.",
        ),
        function(
            "ascii_tolower($module, character, /)",
            One(|vm, character| {
                let code = vm.to_c_int(character)? as u32;
                vm.int((ascii_lower(code) as i32).into())
            }),
            "A character in lower case, if it is an ASCII letter.",
        ),
        function(
            "unicode_tolower($module, character, /)",
            One(|vm, character| {
                let code = vm.to_c_int(character)? as u32;
                vm.int((unicode_lower(code) as i32).into())
            }),
            "A character in lower case.",
        ),
    ],
    exec: Some(exec),
    ..ModuleDef::new("_sre")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    // The types exist from the start, as their names in messages do.
    for def in [&pattern::PATTERN, &match_::MATCH, &scanner::SCANNER, &template::TEMPLATE] {
        drop(vm.class_of(def)?);
    }
    set("MAGIC", vm.int(code::MAGIC.into())?)?;
    set("CODESIZE", vm.size(size_of::<u32>())?)?;
    set("MAXREPEAT", vm.int(code::MAXREPEAT.into())?)?;
    set("MAXGROUPS", vm.size(code::MAXGROUPS)?)?;
    set("copyright", vm.str(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ")?)
}

fn compile(vm: &Thread, bound: &Bound<'_>) -> PyResult {
    let argument = |index: usize, name: &str, class: &str| {
        let got = vm.type_name(bound.required(index));
        vm.type_error(format_args!("compile() argument '{name}' must be {class}, not {got}"))
    };
    let flags = vm.to_c_int(bound.required(1))?;
    let Some(code) = bound.required(2).downcast::<List>() else { return Err(argument(2, "code", "list")) };
    let groups = vm.to_isize(bound.required(3))?;
    let groupindex = bound.required(4);
    if groupindex.downcast::<Dict>().is_none() {
        return Err(argument(4, "groupindex", "dict"));
    }
    let indexgroup = bound.required(5);
    if indexgroup.downcast::<Tuple>().is_none() {
        return Err(argument(5, "indexgroup", "tuple"));
    }
    let items = code.items().copy_vec(vm, 0, code.items().len())?;
    let mut code = vm.vec(items.len())?;
    for item in items {
        code.push(word(vm, item.borrow())?);
    }
    let pattern = bound.required(0);
    Pattern::compile(vm, Source { pattern, flags, code, groups, groupindex, indexgroup })
}

/// A word of code.
fn word(vm: &Thread, item: Ref<'_>) -> PyResult<u32> {
    if int_value(item).is_none() {
        return Err(vm.type_error("an integer is required"));
    }
    match vm.to_index_clipped(item)? {
        ..0 => Err(vm.overflow_error("can't convert negative value to unsigned int")),
        word => {
            u32::try_from(word).map_err(|_| vm.overflow_error("regular expression code size limit exceeded"))
        }
    }
}
