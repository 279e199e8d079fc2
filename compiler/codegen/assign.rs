//! Assignment, augmented assignment and deletion.

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    Assign, Attribute, AugAssign, Delete, Expr, ExprContext, ExprKind, Identifier, Slice, Subscript,
};

use super::{Codegen, Result};
use crate::bytecode::opcode::instruction;
use crate::bytecode::operand::{Base, Count, In, Int, Register};
use crate::emit::{Emitter, borrowed, kept, local_out};
use crate::fold;
use crate::symtable::ScopeKind;

/// A local that is to receive a value. Its register is asked for when the value is there: a new local gets its place in
/// `co_varnames` when it is bound.
#[derive(Clone, Copy)]
pub(super) struct LocalTarget<'a> {
    pub(super) name: Identifier<'a>,
    pub(super) loc: Loc,
}

/// Up to so many values of a display are put in the order of their targets by swaps; more go through a tuple.
const MAX_SWAPPED: usize = 7;

/// CPython makes a constant of a display of more constants than this, also where it is unpacked at once.
const MAX_SWAPPED_CONSTANTS: usize = 3;

/// Up to so many items are unpacked at once; more in chunks, to save temporaries.
const MAX_UNPACKED: usize = 4096;

impl<'a> Codegen<'_, 'a> {
    /// `targets = value`
    pub(super) fn assign(&mut self, node: &'a Assign<'a>) -> Result<()> {
        if let &[target] = node.targets {
            return self.assign_one(target, node.value);
        }
        let value = self.expr_before(node.value, node.targets)?;
        let locals: Option<Vec<LocalTarget<'a>>> =
            node.targets.iter().map(|&target| self.local_target(target)).collect();
        if let Some(locals) = locals {
            self.assign_locals(&locals, value);
            return Ok(());
        }
        let (&last, firsts) = node.targets.split_last().expect("an assignment has targets");
        for &target in firsts {
            self.store_target(target, In { own: false, ..value })?;
        }
        self.store_target(last, value)
    }

    /// `a = b = value`, all targets locals: the first one is written by what makes the value, and read for the others.
    fn assign_locals(&mut self, locals: &[LocalTarget<'a>], value: In) {
        let mut value = value;
        for local in locals {
            let register = self.register_of(*local);
            self.store_local(register, value, local.loc);
            value = borrowed(register);
        }
    }

    /// `target = value`
    pub(super) fn assign_one(&mut self, target: Expr<'a>, value: Expr<'a>) -> Result<()> {
        if let Some(local) = self.local_target(target) {
            return self.assign_local(local, value);
        }
        if let (Some(targets), Some(values)) = (plain_display(target), plain_display(value))
            && targets.len() == values.len()
            && !targets.is_empty()
            && self.are_in_line(value, values)
        {
            return self.assign_display(target, targets, value, values);
        }
        let value = self.expr_before(value, &[target])?;
        self.store_target(target, value)
    }

    /// Whether a display need not be made to show that its line is reached.
    fn are_in_line(&self, display: Expr<'a>, values: &[Expr<'a>]) -> bool {
        let swapped = matches!(display.kind, ExprKind::Tuple(_)) && values.len() <= MAX_SWAPPED_CONSTANTS;
        swapped || values.iter().all(|value| self.same_line(value.loc, display.loc))
    }

    /// The local that a target names, if it is one with a register.
    pub(super) fn local_target(&self, target: Expr<'a>) -> Option<LocalTarget<'a>> {
        let ExprKind::Name(name) = target.kind else { return None };
        let name = self.mangle(name.id);
        self.is_near_local(name).then_some(LocalTarget { name, loc: target.loc })
    }

    /// The register of a local target.
    pub(super) fn register_of(&mut self, target: LocalTarget<'a>) -> Register {
        self.near_register(target.name).expect("a target is a near local")
    }

    /// A value into a local, which is not written before the value is complete.
    pub(super) fn assign_local(&mut self, target: LocalTarget<'a>, value: Expr<'a>) -> Result<()> {
        match value.kind {
            ExprKind::IfExp(node) => self.conditional(node, Some(target)),
            ExprKind::BoolOp(node) => self.bool_op(node, value.loc, Some(target)),
            _ => {
                let value = self.expr(value)?;
                let register = self.register_of(target);
                self.store_local(register, value, target.loc);
                Ok(())
            }
        }
    }

    /// `a, b = x, y` without a tuple: all values, then all stores.
    fn assign_display(
        &mut self,
        target: Expr<'a>,
        targets: &'a [Expr<'a>],
        value: Expr<'a>,
        values: &'a [Expr<'a>],
    ) -> Result<()> {
        if targets.len() > MAX_SWAPPED_CONSTANTS
            && let Some(constant) = fold::constant(value, self.fold_options())
        {
            self.note_leaf(values);
            self.note_constant(constant);
        }
        let locals: Option<Vec<LocalTarget<'a>>> = targets.iter().map(|&t| self.local_target(t)).collect();
        match locals {
            Some(locals) if distinct(&locals) && locals.len() <= MAX_UNPACKED => {
                self.assign_display_to_locals(&locals, values)
            }
            _ if targets.len() <= MAX_SWAPPED => {
                self.push_all(values.iter().copied())?;
                self.reverse(targets.len() as u32, value.loc);
                for &target in targets {
                    let value = self.unit.emitter.top();
                    self.store_target(target, value)?;
                }
                Ok(())
            }
            _ => {
                let value = self.expr(value)?;
                self.store_target(target, value)
            }
        }
    }

    /// Distinct locals may be stored in any order: the last one first, straight from what makes its value.
    fn assign_display_to_locals(&mut self, locals: &[LocalTarget<'a>], values: &'a [Expr<'a>]) -> Result<()> {
        let (&last_value, first_values) = values.split_last().expect("the display is not empty");
        let (&last, firsts) = locals.split_last().expect("there are as many targets");
        let mut operands = Vec::with_capacity(firsts.len());
        for (at, &value) in first_values.iter().enumerate() {
            let operand = self.expr_before(value, &values[at + 1..])?;
            let rebound = !operand.own && locals.iter().any(|&local| self.is_at(local, operand.register));
            operands.push(if rebound { self.copy(operand, value.loc) } else { operand });
        }
        let last_operand = self.expr(last_value)?;
        let registers: Vec<Register> = locals.iter().map(|&local| self.register_of(local)).collect();
        self.store_local(registers[firsts.len()], last_operand, last.loc);
        for ((local, operand), &register) in firsts.iter().zip(operands).zip(&registers).rev() {
            self.store_local(register, operand, local.loc);
        }
        Ok(())
    }

    /// Whether this is the register of a local target.
    fn is_at(&self, target: LocalTarget<'a>, register: Register) -> bool {
        self.unit.locals.near[usize::from(register)].name == target.name
    }

    /// Reverses the order of the last `n` temporaries.
    fn reverse(&mut self, n: u32, loc: Loc) {
        for i in 0..n / 2 {
            let (a, b) = (self.unit.emitter.peek(i).register, self.unit.emitter.peek(n - 1 - i).register);
            self.emit(instruction::Swap { a: kept(b), b: kept(a) }, loc);
        }
    }

    /// Stores a value that was evaluated before: into a name, an attribute, an item, or unpacked.
    pub(super) fn store_target(&mut self, target: Expr<'a>, value: In) -> Result<()> {
        match target.kind {
            ExprKind::Name(name) => {
                self.store(name.id, value, target.loc);
                Ok(())
            }
            ExprKind::Attribute(node) => {
                let value = self.protect(value, &[node.value]);
                let object = self.expr(node.value)?;
                self.store_attribute(node, object, value, target);
                Ok(())
            }
            ExprKind::Subscript(node) => self.store_subscript(node, value, target.loc),
            ExprKind::Tuple(node) => self.unpack(node.elts, value, target.loc),
            ExprKind::List(node) => self.unpack(node.elts, value, target.loc),
            ExprKind::Starred(_) => {
                self.error(target.loc, "starred assignment target must be in a list or tuple")
            }
            _ => self.error(target.loc, "cannot assign to expression here"),
        }
    }

    fn store_attribute(&mut self, node: &'a Attribute<'a>, object: In, value: In, target: Expr<'a>) {
        self.note_static_attribute(node);
        let attr = self.mangle(node.attr);
        let name = self.name_index(attr);
        let loc = self.attribute_loc(target.loc, node);
        self.emit(instruction::StoreAttr { object, value, name, shape: Default::default() }, loc);
    }

    fn store_subscript(&mut self, node: &'a Subscript<'a>, value: In, loc: Loc) -> Result<()> {
        let value = self.protect(value, &[node.value, node.slice]);
        if let ExprKind::Slice(slice) = node.slice.kind
            && self.has_bounds_only(slice, node.slice)
        {
            self.push(node.value)?;
            self.slice_bounds(slice, node.slice.loc)?;
            let base = self.unit.emitter.last(3);
            self.emit(instruction::StoreSlice { value, base }, loc);
            return Ok(());
        }
        let object = self.expr_before(node.value, &[node.slice])?;
        let key = self.expr(node.slice)?;
        self.emit(instruction::StoreItem { object, key, value }, loc);
        Ok(())
    }

    // ---- unpacking ----

    /// Unpacks a value to targets, at most one of them starred.
    pub(super) fn unpack(&mut self, targets: &'a [Expr<'a>], value: In, loc: Loc) -> Result<()> {
        let is_starred = |target: &Expr<'a>| matches!(target.kind, ExprKind::Starred(_));
        if let Some(at) = targets.iter().position(is_starred) {
            if let Some(second) = targets[at + 1..].iter().find(|target| is_starred(target)) {
                let _ = second;
                return self.error(loc, "multiple starred expressions in assignment");
            }
            if at >= 1 << 8 || targets.len() - at > 1 << 23 {
                return self.error(loc, "too many expressions in star-unpacking assignment");
            }
            let after = targets.len() - at - 1;
            self.unpack_star(value, at, after, loc);
        } else if let Some((first, second)) = self.local_pair(targets, loc) {
            self.emit(
                instruction::UnpackPair { first: local_out(first), second: local_out(second), src: value },
                loc,
            );
            return Ok(());
        } else if targets.len() > MAX_UNPACKED {
            return self.unpack_in_chunks(targets, value, loc);
        } else {
            let base = self.unpacked_base(value);
            self.emit(instruction::Unpack { base, src: value, n: Count(targets.len() as u16) }, loc);
        }
        self.store_unpacked(targets)
    }

    /// Stores the items that an `unpack` left, the first one on top.
    fn store_unpacked(&mut self, targets: &'a [Expr<'a>]) -> Result<()> {
        for target in targets {
            let target = match target.kind {
                ExprKind::Starred(starred) => starred.value,
                _ => *target,
            };
            let value = self.unit.emitter.top();
            self.store_target(target, value)?;
        }
        Ok(())
    }

    /// The registers of two locals on the line of the location, if the targets are that.
    pub(super) fn local_pair(&mut self, targets: &[Expr<'a>], loc: Loc) -> Option<(Register, Register)> {
        let &[first, second] = targets else { return None };
        if !self.same_line(first.loc, loc) || !self.same_line(second.loc, loc) {
            return None;
        }
        let (first, second) = (self.local_target(first)?, self.local_target(second)?);
        Some((self.register_of(first), self.register_of(second)))
    }

    fn unpack_star(&mut self, src: In, before: usize, after: usize, loc: Loc) {
        let base = self.unpacked_base(src);
        let (before, after) = (Int(before as i32), Int(after as i32));
        self.emit(instruction::UnpackStar { base, src, before, after }, loc);
    }

    fn unpacked_base(&self, src: In) -> Base {
        Base { register: self.unit.emitter.after(&[src]).register, own: false }
    }

    /// Unpacks the first targets and a list of the rest, again and again.
    fn unpack_in_chunks(&mut self, targets: &'a [Expr<'a>], value: In, loc: Loc) -> Result<()> {
        let mut value = value;
        let mut rest = targets;
        while rest.len() > MAX_UNPACKED {
            let (chunk, behind) = rest.split_at(MAX_UNPACKED);
            self.unpack_star(value, MAX_UNPACKED, 0, loc);
            self.store_unpacked(chunk)?;
            value = self.unit.emitter.top();
            rest = behind;
        }
        let base = self.unpacked_base(value);
        self.emit(instruction::Unpack { base, src: value, n: Count(rest.len() as u16) }, loc);
        self.store_unpacked(rest)
    }

    // ---- augmented assignment ----

    /// `target op= value`
    pub(super) fn aug_assign(&mut self, node: &'a AugAssign<'a>, loc: Loc) -> Result<()> {
        let target = node.target;
        match target.kind {
            ExprKind::Name(name) => {
                let old = self.load(name.id, target.loc);
                let old = self.protect(old, &[node.value]);
                let new = self.operate(old, node.op, node.value, true, loc)?;
                self.store(name.id, new, target.loc);
                Ok(())
            }
            ExprKind::Attribute(inner) => self.aug_assign_attribute(inner, node, loc),
            ExprKind::Subscript(inner) => match inner.slice.kind {
                ExprKind::Slice(slice) if self.has_bounds_only(slice, inner.slice) => {
                    self.aug_assign_slice(inner, slice, node, loc)
                }
                _ => self.aug_assign_item(inner, node, loc),
            },
            _ => self.error(target.loc, "illegal expression for augmented assignment"),
        }
    }

    fn aug_assign_attribute(
        &mut self,
        inner: &'a Attribute<'a>,
        node: &'a AugAssign<'a>,
        loc: Loc,
    ) -> Result<()> {
        let object = self.expr_before(inner.value, &[node.value])?;
        let attr = self.mangle(inner.attr);
        let name = self.name_index(attr);
        let at = self.attribute_loc(node.target.loc, inner);
        let dst = self.unit.emitter.next();
        let again = In { own: false, ..object };
        self.emit(instruction::LoadAttr { dst, object: again, name, shape: Default::default() }, at);
        let old = self.unit.emitter.top();
        let value = self.operate(old, node.op, node.value, true, loc)?;
        self.emit(instruction::StoreAttr { object, value, name, shape: Default::default() }, at);
        Ok(())
    }

    fn aug_assign_item(
        &mut self,
        inner: &'a Subscript<'a>,
        node: &'a AugAssign<'a>,
        loc: Loc,
    ) -> Result<()> {
        let at = node.target.loc;
        let object = self.expr_before(inner.value, &[inner.slice, node.value])?;
        let key = self.expr_before(inner.slice, &[node.value])?;
        let dst = self.unit.emitter.next();
        let (again, same) = (In { own: false, ..object }, In { own: false, ..key });
        self.emit(instruction::LoadItem { dst, object: again, key: same }, at);
        let old = self.unit.emitter.top();
        let value = self.operate(old, node.op, node.value, true, loc)?;
        self.emit(instruction::StoreItem { object, key, value }, at);
        Ok(())
    }

    fn aug_assign_slice(
        &mut self,
        inner: &'a Subscript<'a>,
        slice: &'a Slice<'a>,
        node: &'a AugAssign<'a>,
        loc: Loc,
    ) -> Result<()> {
        let at = node.target.loc;
        self.push(inner.value)?;
        self.slice_bounds(slice, inner.slice.loc)?;
        let base = self.unit.emitter.last(3);
        let object = In { register: base.register, own: false };
        for bound in [1, 1] {
            let bound = In { own: false, ..self.unit.emitter.peek(bound) };
            self.copy(bound, at);
        }
        let bounds = self.unit.emitter.last(2);
        self.emit(instruction::LoadSlice { dst: Emitter::out_at(bounds), object, bounds }, at);
        let old = self.unit.emitter.top();
        let value = self.operate(old, node.op, node.value, true, loc)?;
        self.emit(instruction::StoreSlice { value, base }, at);
        Ok(())
    }

    // ---- deletion ----

    /// `del targets`
    pub(super) fn delete_statement(&mut self, node: &'a Delete<'a>) -> Result<()> {
        node.targets.iter().try_for_each(|&target| self.delete_target(target))
    }

    fn delete_target(&mut self, target: Expr<'a>) -> Result<()> {
        let loc = target.loc;
        match target.kind {
            ExprKind::Name(name) => self.delete(name.id, loc),
            ExprKind::Attribute(node) => {
                let object = self.expr(node.value)?;
                let attr = self.mangle(node.attr);
                let name = self.name_index(attr);
                let loc = self.attribute_loc(loc, node);
                self.emit(instruction::DeleteAttr { object, name, pad: Default::default() }, loc);
            }
            ExprKind::Subscript(node) => {
                let object = self.expr_before(node.value, &[node.slice])?;
                let key = self.expr(node.slice)?;
                self.emit(instruction::DeleteItem { object, key }, loc);
            }
            ExprKind::Tuple(node) => return node.elts.iter().try_for_each(|&elt| self.delete_target(elt)),
            ExprKind::List(node) => return node.elts.iter().try_for_each(|&elt| self.delete_target(elt)),
            _ => return self.error(loc, "cannot delete expression here"),
        }
        Ok(())
    }

    // ---- slices ----

    /// Whether a slice is compiled as two bounds: it has no step, and is no constant.
    pub(super) fn has_bounds_only(&self, slice: &'a Slice<'a>, e: Expr<'a>) -> bool {
        slice.step.is_none() && fold::constant(e, self.fold_options()).is_none()
    }

    /// Evaluates the bounds of a slice, None where they are left out.
    pub(super) fn slice_bounds(&mut self, slice: &'a Slice<'a>, loc: Loc) -> Result<()> {
        for bound in [slice.lower, slice.upper] {
            match bound {
                Some(bound) => self.push(bound)?,
                None => self.push_none(loc),
            }
        }
        Ok(())
    }

    /// A slice as a value.
    pub(super) fn slice(&mut self, node: &'a Slice<'a>, e: Expr<'a>) -> Result<()> {
        if let Some(constant) = fold::constant(e, self.fold_options()) {
            self.push_constant(constant, e.loc);
            return Ok(());
        }
        self.slice_bounds(node, e.loc)?;
        let n = match node.step {
            Some(step) => {
                self.push(step)?;
                3
            }
            None => 2,
        };
        let base = self.unit.emitter.last(n);
        self.emit(instruction::BuildSlice { dst: Emitter::out_at(base), base, n: Count(n as u16) }, e.loc);
        Ok(())
    }

    /// Notes that a method assigns an attribute of its first parameter, for `__static_attributes__` of its class.
    fn note_static_attribute(&mut self, node: &'a Attribute<'a>) {
        let ExprKind::Name(name) = node.value.kind else { return };
        if name.id != "self" || node.ctx != ExprContext::Store {
            return;
        }
        if let Some(class) = self.outer.iter_mut().rev().find(|unit| unit.kind == ScopeKind::Class) {
            class.static_attributes.number(node.attr);
        }
    }
}

/// The elements of a tuple or list display without stars.
fn plain_display<'a>(e: Expr<'a>) -> Option<&'a [Expr<'a>]> {
    let elts = match e.kind {
        ExprKind::Tuple(node) => node.elts,
        ExprKind::List(node) => node.elts,
        _ => return None,
    };
    (!elts.iter().any(|elt| matches!(elt.kind, ExprKind::Starred(_)))).then_some(elts)
}

fn distinct(locals: &[LocalTarget<'_>]) -> bool {
    locals.len() < 20
        && locals
            .iter()
            .enumerate()
            .all(|(at, local)| locals[..at].iter().all(|earlier| earlier.name != local.name))
}

