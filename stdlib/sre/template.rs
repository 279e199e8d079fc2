//! `_sre.SRE_Template`: a replacement with references to groups, taken apart.

use std::ops::Range;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::Kind;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

payload! {
    /// A literal, and then groups with a literal behind each.
    pub(super) struct Template: Native {
        pub(super) literal: Owned,
        rest: Vec<(usize, Owned)>,
        /// Whether all literals are of class str.
        pub(super) is_text: bool,
        /// Whether all literals are of class bytes.
        pub(super) is_bytes: bool,
    }
}

class! { Template => TEMPLATE; }

pub(super) static TEMPLATE: TypeDef = TypeDef {
    module: "_sre",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Template>("SRE_Template")
};

/// `_sre.template(pattern, template)`; that the groups fit the pattern turns out when they are asked for.
pub(super) fn template(vm: &Thread, _pattern: Ref<'_>, template: Ref<'_>) -> PyResult {
    let Some(list) = template.downcast::<List>() else {
        let got = vm.type_name(template);
        return Err(vm.type_error(format_args!("template() argument 2 must be list, not {got}")));
    };
    let invalid = || vm.type_error("invalid template");
    let items = list.items().copy_vec(vm, 0, list.items().len())?;
    if items.len() % 2 == 0 {
        return Err(invalid());
    }
    let mut items = items.into_iter();
    let literal = items.next().ok_or_else(invalid)?;
    let mut rest = vm.vec(items.len() / 2)?;
    while let (Some(group), Some(literal)) = (items.next(), items.next()) {
        if int_value(group.borrow()).is_none() {
            return Err(vm.type_error("an integer is required"));
        }
        let group = usize::try_from(vm.to_isize(group.borrow())?).map_err(|_| invalid())?;
        rest.push((group, literal));
    }
    let all = |kind| {
        literal.borrow().is_exact(kind) && rest.iter().all(|(_, literal)| literal.borrow().is_exact(kind))
    };
    let (is_text, is_bytes) = (all(Kind::Str), all(Kind::Bytes));
    vm.new_object(Template { literal, rest, is_text, is_bytes })
}

impl Template {
    /// Whether it refers to no groups.
    pub(super) fn is_literal(&self) -> bool {
        self.rest.is_empty()
    }

    /// The replacement for a match. Groups are given by a function; nothing is one that did not take part.
    pub(super) fn expand(
        &self,
        vm: &Thread,
        groups: usize,
        group: impl Fn(usize) -> Option<PyResult>,
    ) -> PyResult {
        let parts = self.parts(vm, groups, group)?;
        let is_text = self.literal.borrow().downcast::<Str>().is_some();
        join(vm, if is_text { vm.empty_str() } else { vm.bytes(&[])? }, parts)
    }

    /// The same as a list of parts to be joined.
    fn parts(
        &self,
        vm: &Thread,
        groups: usize,
        group: impl Fn(usize) -> Option<PyResult>,
    ) -> PyResult<Vec<Owned>> {
        let mut parts = vm.vec(2 * self.rest.len() + 1)?;
        parts.push(self.literal.clone());
        for (number, literal) in &self.rest {
            self.check(vm, *number, groups)?;
            parts.extend(group(*number).transpose()?);
            if !is_empty(literal.borrow()) {
                parts.push(literal.clone());
            }
        }
        Ok(parts)
    }

    /// Appends the replacement for a match to a buffer; groups are given as parts of what was searched. All literals are
    /// of the same class, text or bytes.
    pub(super) fn write(
        &self,
        vm: &Thread,
        out: &mut Vec<u8>,
        memory: &[u8],
        groups: usize,
        group: impl Fn(usize) -> Option<Range<usize>>,
    ) -> PyResult<()> {
        append(vm, out, contents(self.literal.borrow()))?;
        for (number, literal) in &self.rest {
            self.check(vm, *number, groups)?;
            if let Some(part) = group(*number) {
                append(vm, out, &memory[part])?;
            }
            append(vm, out, contents(literal.borrow()))?;
        }
        Ok(())
    }

    fn check(&self, vm: &Thread, group: usize, groups: usize) -> PyResult<()> {
        if group <= groups { Ok(()) } else { Err(vm.index_error("no such group")) }
    }
}

/// The bytes of a str or a bytes object.
pub(super) fn contents(object: Ref<'_>) -> &[u8] {
    match object.downcast::<Str>() {
        Some(text) => text.as_bytes(),
        None => object.downcast::<Bytes>().map_or(&[], Bytes::as_bytes),
    }
}

fn is_empty(literal: Ref<'_>) -> bool {
    let is_plain = literal.is_exact(Kind::Str) || literal.is_exact(Kind::Bytes);
    is_plain && contents(literal).is_empty()
}

/// Appends bytes to a buffer, which may raise MemoryError.
pub(super) fn append(vm: &Thread, out: &mut Vec<u8>, bytes: &[u8]) -> PyResult<()> {
    if out.try_reserve(bytes.len()).is_err() {
        return Err(vm.memory_error());
    }
    out.extend_from_slice(bytes);
    Ok(())
}

/// The concatenation of a list of strs, or of bytes-like objects, as the template's literal or the searched object has it.
pub(super) fn join(vm: &Thread, empty: Owned, parts: Vec<Owned>) -> PyResult {
    vm.call_method(empty.borrow(), &vm.intern("join")?, &[vm.list(parts)?.borrow()])
}
