//! `match`.

use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};

use super::dispatch::{Flow, Machine, out_of_line};
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::types::type_::{Type, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Machine<'_> {
    out_of_line! {
        pub(super) fn jump_if_not_sequence(&mut self, i: JumpIfNotSequence) -> Flow {
            let matches = has_flag(self.vm(), self.keep(i.src), type_flag::SEQUENCE);
            self.jump_if_true(!matches, Opcode::JumpIfNotSequence, i.target)
        }
    }

    out_of_line! {
        pub(super) fn jump_if_not_mapping(&mut self, i: JumpIfNotMapping) -> Flow {
            let matches = has_flag(self.vm(), self.keep(i.src), type_flag::MAPPING);
            self.jump_if_true(!matches, Opcode::JumpIfNotMapping, i.target)
        }
    }

    out_of_line! {
        pub(super) fn get_len(&mut self, i: GetLen) -> Flow {
            self.save();
            let result = self.vm().length(self.keep(i.src)).and_then(|len| self.vm().size(len));
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn match_keys(&mut self, i: MatchKeys) -> Flow {
            self.save();
            let result = match_keys(self.vm(), self.keep(i.subject), self.keep(i.keys));
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn match_class(&mut self, i: MatchClass) -> Flow {
            self.save();
            let base = i.base.register;
            let (subject, class) = (self.take_temporary(base), self.take_temporary(base + 1));
            let names = self.take_temporary(base + 2);
            let count = usize::from(i.count.0);
            let result = match_class(self.vm(), subject.borrow(), class.borrow(), count, names.borrow());
            self.finish(i.dst, result)
        }
    }
}

fn has_flag(vm: &Thread, subject: Ref<'_>, flag: u64) -> bool {
    vm.class(subject).downcast::<Type>().is_some_and(|class| class.flags.get() & flag != 0)
}

fn items(tuple: Ref<'_>) -> &[Owned] {
    tuple.downcast::<Tuple>().map_or(&[], Tuple::as_slice)
}

/// The values of a mapping at all of the keys, or None (PEP 634).
fn match_keys(vm: &Thread, subject: Ref<'_>, keys: Ref<'_>) -> PyResult {
    let mut seen: Vec<&Owned> = Vec::new();
    let mut values = Vec::new();
    let marker = vm.new_object(crate::types::cell::Cell { content: crate::heap::Slot::empty() })?;
    let get = vm.get_attr(subject, vm.names().get.borrow())?;
    for key in items(keys) {
        for other in &seen {
            if vm.equal(other.borrow(), key.borrow())? {
                let key = vm.repr_string(key.borrow())?;
                return Err(vm.value_error(format_args!("mapping pattern checks duplicate key ({key})")));
            }
        }
        seen.push(key);
        let value = match subject
            .downcast::<Dict>()
            .filter(|_| subject.header().is_some_and(|h| h.is_exact(Kind::Dict)))
        {
            Some(dict) => {
                dict.table.get(vm, key.borrow(), crate::types::key::dict_hash(vm, key.borrow())?)?
            }
            None => {
                let value = vm.call(get.borrow(), &[key.borrow(), marker.borrow()])?;
                (!value.borrow().is(marker.borrow())).then_some(value)
            }
        };
        match value {
            Some(value) => values.push(value),
            None => return Ok(Owned::none()),
        }
    }
    vm.tuple(values)
}

/// The attributes that a class pattern binds, or None (PEP 634).
fn match_class(vm: &Thread, subject: Ref<'_>, class: Ref<'_>, count: usize, names: Ref<'_>) -> PyResult {
    let Some(type_) = class.downcast::<Type>() else {
        return Err(vm.type_error("called match pattern must be a class"));
    };
    if !vm.is_instance(subject, class)? {
        return Ok(Owned::none());
    }
    let mut seen: Vec<Owned> = Vec::new();
    let mut values = Vec::new();
    if count > 0 {
        let (match_args, match_self) = match vm.get_attr_opt(class, vm.intern("__match_args__")?.borrow())? {
            Some(args) => (args, false),
            None => (vm.empty_tuple(), type_.flags.get() & type_flag::MATCH_SELF != 0),
        };
        let Some(args) = match_args.borrow().downcast::<Tuple>() else {
            let (class, args) = (vm.class_name(class), vm.type_name(match_args.borrow()));
            return Err(vm.type_error(format_args!("{class}.__match_args__ must be a tuple (got {args})")));
        };
        let allowed = if match_self { 1 } else { args.len() };
        if allowed < count {
            let plural = if allowed == 1 { "" } else { "s" };
            let name = vm.class_name(class);
            return Err(vm.type_error(format_args!(
                "{name}() accepts {allowed} positional sub-pattern{plural} ({count} given)"
            )));
        }
        if match_self {
            values.push(subject.own());
        } else {
            for name in &args.as_slice()[..count] {
                if name.borrow().downcast::<Str>().is_none() {
                    let got = vm.type_name(name.borrow());
                    return Err(
                        vm.type_error(format_args!("__match_args__ elements must be strings (got {got})"))
                    );
                }
                match matched_attribute(vm, subject, class, name, &mut seen)? {
                    Some(value) => values.push(value),
                    None => return Ok(Owned::none()),
                }
            }
        }
    }
    for name in items(names) {
        match matched_attribute(vm, subject, class, name, &mut seen)? {
            Some(value) => values.push(value),
            None => return Ok(Owned::none()),
        }
    }
    vm.tuple(values)
}

fn matched_attribute(
    vm: &Thread,
    subject: Ref<'_>,
    class: Ref<'_>,
    name: &Owned,
    seen: &mut Vec<Owned>,
) -> PyResult<Option<Owned>> {
    for other in seen.iter() {
        if vm.equal(other.borrow(), name.borrow())? {
            let (class, name) = (vm.class_name(class), vm.repr_string(name.borrow())?);
            return Err(
                vm.type_error(format_args!("{class}() got multiple sub-patterns for attribute {name}"))
            );
        }
    }
    seen.push(name.clone());
    vm.get_attr_opt(subject, name.borrow())
}
