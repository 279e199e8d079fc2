//! Tuple, list, set and dict displays: small ones from a range of temporaries, large ones item by item.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Dict, Expr, ExprKind, List, Set, Tuple};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::instruction;
use crate::bytecode::operand::{Count, In};
use crate::emit::{Emitter, kept};
use crate::fold;

/// So many items are built from temporaries at once.
const CHUNK: usize = 30;

/// A list or set that begins with so many constant items is made from a constant tuple or frozenset, unless it has more
/// items than the most of these.
const CONSTANT_ITEMS: std::ops::RangeInclusive<usize> = 3..=30;

/// A collection that grows item by item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Growing {
    List,
    Set,
}

impl<'a> Codegen<'_, 'a> {
    /// A tuple display.
    pub(super) fn tuple(&mut self, node: &'a Tuple<'a>, e: Expr<'a>) -> Result<()> {
        if let Some(constant) = fold::constant(e, self.fold_options()) {
            self.note_leaf(node.elts);
            self.push_folded(constant, e.loc);
            return Ok(());
        }
        self.items_as_tuple(node.elts, e.loc)
    }

    /// The values of expressions, some of them perhaps starred, in a tuple.
    pub(super) fn items_as_tuple(&mut self, elts: &'a [Expr<'a>], loc: Loc) -> Result<()> {
        let constants: Option<Vec<Constant>> =
            elts.iter().map(|&elt| fold::constant(elt, self.fold_options())).collect();
        if let Some(constants) = constants {
            self.note_leaf(elts);
            self.push_folded(Constant::Tuple(constants.into()), loc);
            return Ok(());
        }
        if elts.len() <= CHUNK && !elts.iter().any(is_starred) {
            self.push_all(elts.iter().copied())?;
            self.build_tuple(elts.len() as u32, loc);
            return Ok(());
        }
        self.items(Growing::List, elts, loc)?;
        self.list_to_tuple(loc);
        Ok(())
    }

    /// A tuple of the last `n` temporaries.
    pub(super) fn build_tuple(&mut self, n: u32, loc: Loc) {
        let base = self.unit.emitter.last(n);
        self.emit(instruction::BuildTuple { dst: Emitter::out_at(base), base, n: Count(n as u16) }, loc);
    }

    /// A dict of the last `pairs` pairs of temporaries.
    pub(super) fn build_map(&mut self, pairs: usize, loc: Loc) {
        let base = self.unit.emitter.last(2 * pairs as u32);
        self.emit(instruction::BuildMap { dst: Emitter::out_at(base), base, n: Count(pairs as u16) }, loc);
    }

    /// A list of the last `n` temporaries.
    pub(super) fn build_list(&mut self, n: u32, loc: Loc) {
        self.build(Growing::List, n, loc);
    }

    /// The first leaf of folded expressions may be the first constant of the block.
    pub(super) fn note_leaf(&mut self, all: &[Expr<'a>]) {
        if !self.unit.constants.has_none() {
            return;
        }
        if let Some(first) = fold::first_leaf(all, self.fold_options()) {
            self.note_first_constant(&first);
        }
    }

    /// A list display.
    pub(super) fn list(&mut self, node: &'a List<'a>, loc: Loc) -> Result<()> {
        self.items(Growing::List, node.elts, loc)
    }

    /// A set display.
    pub(super) fn set(&mut self, node: &'a Set<'a>, loc: Loc) -> Result<()> {
        self.items(Growing::Set, node.elts, loc)
    }

    /// A list or set of the values of expressions.
    fn items(&mut self, what: Growing, elts: &'a [Expr<'a>], loc: Loc) -> Result<()> {
        let plain = elts.iter().take_while(|elt| !is_starred(elt)).count();
        let (first, rest) = elts.split_at(if elts.len() > CHUNK { 0 } else { plain });
        if CONSTANT_ITEMS.contains(&plain)
            && elts.len() <= *CONSTANT_ITEMS.end()
            && let Some(items) = self.constants(first)
        {
            self.note_leaf(first);
            self.build(what, 0, loc);
            let all = match what {
                Growing::List => Constant::Tuple(items.into()),
                Growing::Set => fold::frozenset(items),
            };
            self.push_folded(all, loc);
            let items = self.unit.emitter.top();
            self.extend(what, items, loc);
        } else {
            self.push_all(first.iter().copied())?;
            self.build(what, first.len() as u32, loc);
        }
        self.grow(what, rest, loc)
    }

    /// A list of the last `n` temporaries and of more expressions, as a tuple.
    pub(super) fn append_items(&mut self, n: u32, elts: &'a [Expr<'a>], loc: Loc) -> Result<()> {
        self.build(Growing::List, n, loc);
        self.grow(Growing::List, elts, loc)?;
        self.list_to_tuple(loc);
        Ok(())
    }

    /// The list in the topmost temporary becomes a tuple.
    pub(super) fn list_to_tuple(&mut self, loc: Loc) {
        let src = self.unit.emitter.top();
        let dst = self.unit.emitter.after(&[src]);
        self.emit(instruction::ListToTuple { dst, src }, loc);
    }

    /// Adds the values of expressions to the collection in the topmost temporary.
    fn grow(&mut self, what: Growing, elts: &'a [Expr<'a>], loc: Loc) -> Result<()> {
        for elt in elts {
            match elt.kind {
                ExprKind::Starred(starred) => {
                    let items = self.expr(starred.value)?;
                    self.extend(what, items, loc);
                }
                _ => {
                    let item = self.expr(*elt)?;
                    self.add(what, item, loc);
                }
            }
        }
        Ok(())
    }

    fn constants(&self, elts: &[Expr<'a>]) -> Option<Vec<Constant>> {
        elts.iter().map(|&elt| fold::constant(elt, self.fold_options())).collect()
    }

    fn build(&mut self, what: Growing, n: u32, loc: Loc) {
        let base = self.unit.emitter.last(n);
        let (dst, n) = (Emitter::out_at(base), Count(n as u16));
        match what {
            Growing::List => self.emit(instruction::BuildList { dst, base, n }, loc),
            Growing::Set => self.emit(instruction::BuildSet { dst, base, n }, loc),
        }
    }

    fn add(&mut self, what: Growing, item: In, loc: Loc) {
        let collection = kept(self.unit.emitter.peek(u32::from(item.own)).register);
        match what {
            Growing::List => self.emit(instruction::ListAppend { list: collection, item }, loc),
            Growing::Set => self.emit(instruction::SetAdd { set: collection, item }, loc),
        }
    }

    fn extend(&mut self, what: Growing, items: In, loc: Loc) {
        let collection = kept(self.unit.emitter.peek(u32::from(items.own)).register);
        match what {
            Growing::List => self.emit(instruction::ListExtend { list: collection, items }, loc),
            Growing::Set => self.emit(instruction::SetUpdate { set: collection, items }, loc),
        }
    }

    /// A dict display.
    pub(super) fn dict(&mut self, node: &'a Dict<'a>, loc: Loc) -> Result<()> {
        let together = node.keys.iter().take(CHUNK / 2).take_while(|key| key.is_some()).count();
        let pairs = || node.keys.iter().zip(node.values);
        for (key, &value) in pairs().take(together) {
            self.push_all(*key)?;
            self.push(value)?;
        }
        self.build_map(together, loc);
        for (key, &value) in pairs().skip(together) {
            match *key {
                Some(key) => self.add_pair(key, value, loc)?,
                None => {
                    let items = self.expr(value)?;
                    let map = kept(self.unit.emitter.peek(u32::from(items.own)).register);
                    self.emit(instruction::DictUpdate { map, items }, loc);
                }
            }
        }
        Ok(())
    }

    /// Adds a pair to the dict in the topmost temporary.
    pub(super) fn add_pair(&mut self, key: Expr<'a>, value: Expr<'a>, loc: Loc) -> Result<()> {
        let map = kept(self.unit.emitter.top().register);
        let key = self.expr_before(key, &[value])?;
        let value = self.expr(value)?;
        self.emit(instruction::MapAdd { map, key, value }, loc);
        Ok(())
    }
}

fn is_starred(e: &Expr<'_>) -> bool {
    matches!(e.kind, ExprKind::Starred(_))
}
