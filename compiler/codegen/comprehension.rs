//! Comprehensions and generator expressions.
//!
//! Most list, set and dict comprehensions run in the frame of the block around them (PEP 709). Their variables are locals of
//! the frame. If the block has a local of the same name, what that holds waits in a temporary; at the end it comes back, and
//! the other variables are unbound, also when an exception ends the comprehension.

use std::rc::Rc;

use pyx_grammar::Loc;
use pyx_grammar::ast::{Comprehension, Expr, ExprKind, Identifier};

use super::{Codegen, Result};
use crate::bytecode::code::Code;
use crate::bytecode::opcode::{AwaitedBy, instruction};
use crate::bytecode::operand::{Count, Register};
use crate::emit::{Emitter, NO_LOC, kept};
use crate::symtable::{Meaning, Role, ScopeId, flag};

/// An inlined comprehension around the current expression, and where its variables live.
#[derive(Debug)]
pub(super) struct Inlined<'a> {
    pub(super) scope: ScopeId,
    variables: Vec<(Identifier<'a>, Register, bool)>,
}

impl<'a> Inlined<'a> {
    /// The register of a variable, and whether it holds a cell.
    pub(super) fn find(&self, name: Identifier<'a>) -> Option<(Register, bool)> {
        let found = self.variables.iter().find(|(variable, ..)| *variable == name);
        found.map(|&(_, register, cell)| (register, cell))
    }
}

/// What a comprehension makes of its items.
#[derive(Clone, Copy)]
enum Element<'a> {
    List(Expr<'a>),
    Set(Expr<'a>),
    Dict(Expr<'a>, Expr<'a>),
    Generator(Expr<'a>),
}

/// A comprehension of any kind.
#[derive(Clone, Copy)]
struct Parts<'a> {
    element: Element<'a>,
    generators: &'a [Comprehension<'a>],
    scope: ScopeId,
    name: &'static str,
    loc: Loc,
    /// The register of the collection in the making.
    collection: Register,
}

impl<'a> Codegen<'_, 'a> {
    /// A comprehension or generator expression into the next temporary.
    pub(super) fn comprehension(&mut self, e: Expr<'a>) -> Result<()> {
        let parts = self.comprehension_parts(e);
        let scope = self.table.scope(parts.scope);
        let is_async = scope.is_coroutine && !matches!(parts.element, Element::Generator(_));
        if is_async && !self.may_await_in_comprehension() {
            return self.error(e.loc, "asynchronous comprehension outside of an asynchronous function");
        }
        if scope.inlined {
            return self.inlined_comprehension(parts);
        }
        let code = self.comprehension_code(parts)?;
        self.make_function(code, 0, e.loc);
        self.outermost_iterator(parts.generators)?;
        self.call_top(1, e.loc);
        if is_async {
            self.await_top(AwaitedBy::Await, e.loc);
        }
        Ok(())
    }

    fn comprehension_parts(&self, e: Expr<'a>) -> Parts<'a> {
        let (element, generators, scope, name) = match e.kind {
            ExprKind::ListComp(node) => {
                (Element::List(node.elt), node.generators, self.table.of(node, Role::Body), "<listcomp>")
            }
            ExprKind::SetComp(node) => {
                (Element::Set(node.elt), node.generators, self.table.of(node, Role::Body), "<setcomp>")
            }
            ExprKind::DictComp(node) => (
                Element::Dict(node.key, node.value),
                node.generators,
                self.table.of(node, Role::Body),
                "<dictcomp>",
            ),
            ExprKind::GeneratorExp(node) => {
                (Element::Generator(node.elt), node.generators, self.table.of(node, Role::Body), "<genexpr>")
            }
            _ => unreachable!("only comprehensions come here"),
        };
        let collection = self.unit.emitter.next().register;
        Parts { element, generators, scope, name, loc: e.loc, collection }
    }

    /// The iterator of the outermost `for`, which is made in the block around.
    fn outermost_iterator(&mut self, generators: &'a [Comprehension<'a>]) -> Result<()> {
        let outermost = &generators[0];
        self.comprehension_iterator(outermost)
    }

    fn comprehension_iterator(&mut self, generator: &'a Comprehension<'a>) -> Result<()> {
        if generator.is_async { self.get_aiter(generator.iter) } else { self.get_iter(generator.iter) }
    }

    // ---- inlined ----

    fn inlined_comprehension(&mut self, parts: Parts<'a>) -> Result<()> {
        let loc = parts.loc;
        let first = parts.generators[0].iter.loc;
        if self.same_line(loc, first) {
            self.build_empty(parts.element, loc);
            self.outermost_iterator(parts.generators)?;
        } else {
            self.outermost_iterator(parts.generators)?;
            self.build_empty(parts.element, loc);
            self.unit.emitter.swap_top(loc);
        }
        let saved = self.begin_inlined(parts.scope, loc);
        let (handler, outer) = self.unit.emitter.begin_region();
        self.unit.emitter.region_keeps_less(if saved.is_empty() { 2 } else { 1 });
        self.generators(parts.generators, parts, true)?;
        self.unit.emitter.end_region(outer);
        let variables = self.unit.inlined.pop().map_or_else(Vec::new, |inlined| inlined.variables);
        self.end_inlined(&variables, &saved, false, loc);
        let end = self.unit.emitter.label();
        self.unit.emitter.jump(end, NO_LOC);
        let depth = self.unit.emitter.depth;
        self.unit.emitter.bind_handler(handler);
        self.end_inlined(&variables, &saved, true, NO_LOC);
        self.reraise(loc);
        self.unit.emitter.depth = depth;
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// Begins to see the comprehension's variables. What the block still wants of their registers is saved in temporaries
    /// below the iterator; the result are these registers.
    fn begin_inlined(&mut self, scope: ScopeId, loc: Loc) -> Vec<Register> {
        let (mut variables, mut saved) = (Vec::new(), Vec::new());
        for symbol in &self.table.scope(scope).symbols {
            let bound = symbol.is(flag::DEF_LOCAL) && !symbol.is(flag::DEF_NONLOCAL | flag::DEF_INLINED);
            let here = matches!(symbol.meaning, Meaning::Local | Meaning::Cell);
            if !bound || !here || symbol.name == ".0" {
                continue;
            }
            let cell = symbol.meaning == Meaning::Cell;
            let of_block = self.unit.kind.is_function_like() && self.block_has(symbol.name);
            let (register, is_wanted) = self.unit.locals.begin_inlined(symbol.name, cell, of_block);
            if is_wanted {
                let dst = self.unit.emitter.next();
                self.emit(instruction::SaveLocal { dst, local: kept(register) }, loc);
                self.unit.emitter.swap_top(loc);
                saved.push(register);
            }
            if cell {
                self.emit(instruction::MakeCell { local: kept(register) }, loc);
            }
            variables.push((symbol.name, register, cell));
        }
        self.unit.inlined.push(Inlined { scope, variables });
        saved
    }

    /// Whether the block has a local of the name, other than those of its comprehensions.
    fn block_has(&self, name: Identifier<'a>) -> bool {
        self.scope_of_unit().symbols.get(name).is_some_and(|symbol| {
            matches!(symbol.meaning, Meaning::Local | Meaning::Cell) && !symbol.is(flag::DEF_INLINED)
        })
    }

    /// Unbinds the comprehension's variables, and gives the block its own back. In the handler, the saved exception lies above
    /// what was saved.
    fn end_inlined(
        &mut self,
        variables: &[(Identifier<'a>, Register, bool)],
        saved: &[Register],
        in_handler: bool,
        loc: Loc,
    ) {
        for &(name, register, _) in variables.iter().filter(|(_, register, _)| !saved.contains(register)) {
            self.emit(instruction::ClearLocal { local: kept(register) }, loc);
            self.unit.locals.end_inlined(name);
        }
        for &register in saved.iter().rev() {
            if in_handler {
                self.unit.emitter.swap_top(loc);
            }
            let saved = self.unit.emitter.top();
            self.emit(instruction::RestoreLocal { local: kept(register), saved }, loc);
        }
    }

    // ---- with a frame of their own ----

    fn comprehension_code(&mut self, parts: Parts<'a>) -> Result<Rc<Code>> {
        let line = self.positions.line(parts.loc);
        self.enter(parts.scope, Identifier::new(parts.name), line)?;
        self.unit.arg_count = 1;
        let parts = Parts { collection: self.unit.emitter.next().register, ..parts };
        self.build_empty(parts.element, parts.loc);
        let argument = self.load_mangled(Identifier::new(".0"), parts.loc);
        self.pushed(argument, parts.loc);
        self.generators(parts.generators, parts, true)?;
        match parts.element {
            Element::Generator(_) => self.emit_return(crate::bytecode::code::Constant::None, NO_LOC),
            _ => {
                let result = self.unit.emitter.top();
                self.return_operand(result, parts.loc);
            }
        }
        self.leave()
    }

    // ---- loops ----

    /// The empty collection; a generator expression has none.
    fn build_empty(&mut self, element: Element<'a>, loc: Loc) {
        let base = self.unit.emitter.last(0);
        let (dst, n) = (Emitter::out_at(base), Count(0));
        match element {
            Element::List(_) => self.emit(instruction::BuildList { dst, base, n }, loc),
            Element::Set(_) => self.emit(instruction::BuildSet { dst, base, n }, loc),
            Element::Dict(..) => self.emit(instruction::BuildMap { dst, base, n }, loc),
            Element::Generator(_) => {}
        }
    }

    /// The loops from here inwards. The first one's iterator is in the topmost temporary already; the collection lies below
    /// the iterators.
    fn generators(
        &mut self,
        generators: &'a [Comprehension<'a>],
        parts: Parts<'a>,
        outermost: bool,
    ) -> Result<()> {
        self.options.stack.check()?;
        let Some((generator, inner)) = generators.split_first() else { return self.element(parts) };
        if !outermost {
            if let Some(only) = only_item(generator) {
                let item = self.expr_before(only, &[generator.target])?;
                self.store_target(generator.target, item)?;
                return self.filtered(generator, inner, parts);
            }
            self.comprehension_iterator(generator)?;
        }
        if generator.is_async {
            return self.async_generator_loop(generator, inner, parts);
        }
        let end = self.unit.emitter.label();
        let depth = self.unit.emitter.depth - 1;
        let start = self.unit.emitter.label_here();
        self.for_iter(generator.target, generator.iter.loc, end)?;
        self.filtered(generator, inner, parts)?;
        let loc = self.element_loc(parts);
        self.unit.emitter.jump_back(start, loc);
        self.unit.emitter.depth = depth;
        self.unit.emitter.bind(end);
        Ok(())
    }

    fn async_generator_loop(
        &mut self,
        generator: &'a Comprehension<'a>,
        inner: &'a [Comprehension<'a>],
        parts: Parts<'a>,
    ) -> Result<()> {
        let start = self.unit.emitter.label_here();
        let depth = self.unit.emitter.depth - 1;
        let handler = self.async_next(generator.target, generator.iter.loc, parts.loc)?;
        self.filtered(generator, inner, parts)?;
        let loc = self.element_loc(parts);
        self.unit.emitter.jump_back(start, loc);
        self.end_async_for(handler, generator.iter.loc);
        self.unit.emitter.depth = depth;
        Ok(())
    }

    /// The conditions of one `for`, then what is inside of it.
    fn filtered(
        &mut self,
        generator: &'a Comprehension<'a>,
        inner: &'a [Comprehension<'a>],
        parts: Parts<'a>,
    ) -> Result<()> {
        let skip = self.unit.emitter.label();
        // A jump to the jump back stands where that does.
        let loc = self.element_loc(parts);
        for &test in generator.ifs {
            self.jump_if(test, skip, false, loc)?;
        }
        self.generators(inner, parts, false)?;
        self.unit.emitter.bind(skip);
        Ok(())
    }

    /// Where the item counts as standing: from the key to the value, of a dict's.
    fn element_loc(&mut self, parts: Parts<'a>) -> Loc {
        match parts.element {
            Element::List(e) | Element::Set(e) | Element::Generator(e) => e.loc,
            Element::Dict(key, value) => self.positions.span(key.loc, value.loc),
        }
    }

    /// What is done with each combination of items.
    fn element(&mut self, parts: Parts<'a>) -> Result<()> {
        let loc = self.element_loc(parts);
        match parts.element {
            Element::List(e) => {
                let item = self.expr(e)?;
                let list = kept(parts.collection);
                self.emit(instruction::ListAppend { list, item }, loc);
            }
            Element::Set(e) => {
                let item = self.expr(e)?;
                let set = kept(parts.collection);
                self.emit(instruction::SetAdd { set, item }, loc);
            }
            Element::Dict(key, value) => {
                let key = self.expr_before(key, &[value])?;
                let value = self.expr(value)?;
                let map = kept(parts.collection);
                self.emit(instruction::MapAdd { map, key, value }, loc);
            }
            Element::Generator(e) => {
                let src = self.expr(e)?;
                self.emit_yield(src, loc);
                self.unit.emitter.drop_top(loc);
            }
        }
        Ok(())
    }
}

/// The item of `for target in [item]`, which is an assignment rather than a loop.
fn only_item<'a>(generator: &Comprehension<'a>) -> Option<Expr<'a>> {
    let elts = match generator.iter.kind {
        ExprKind::List(node) => node.elts,
        ExprKind::Tuple(node) => node.elts,
        _ => return None,
    };
    match elts {
        &[only] if !generator.is_async && !matches!(only.kind, ExprKind::Starred(_)) => Some(only),
        _ => None,
    }
}
