//! Functions and lambdas.

use std::rc::Rc;

use pyx_grammar::Loc;
use pyx_grammar::ast::{Arguments, Expr, FunctionDef, Identifier, Lambda, Stmt};

use super::{Codegen, Result};
use crate::bytecode::code::{Code, Constant, LocalKind, flags};
use crate::bytecode::opcode::{IntrinsicKind, function_parts, instruction};
use crate::bytecode::operand::{Base, Count, In, Kind};
use crate::emit::{Emitter, NO_LOC, borrowed, kept};
use crate::symtable::Role;

/// So many decorators wait in temporaries; more wait in a list.
const MAX_DECORATORS: usize = 1000;

impl<'a> Codegen<'_, 'a> {
    /// `def` and `async def`
    pub(super) fn function_def(&mut self, node: &'a FunctionDef<'a>, loc: Loc) -> Result<()> {
        let first_line = self.first_line(node.decorator_list, loc);
        self.decorators(node.decorator_list)?;
        let parts = self.defaults(node.args, loc)?;
        if node.type_params.is_empty() {
            self.function(node, parts, first_line, loc)?;
        } else {
            self.generic_function(node, parts, first_line, loc)?;
        }
        self.apply_decorators(node.decorator_list);
        let function = self.unit.emitter.top();
        self.store(node.name, function, loc);
        Ok(())
    }

    /// The function object, its default parts being in the topmost temporaries already.
    pub(super) fn function(
        &mut self,
        node: &'a FunctionDef<'a>,
        mut parts: u16,
        first_line: i32,
        loc: Loc,
    ) -> Result<()> {
        if self.function_annotations(node, loc)? {
            parts |= function_parts::ANNOTATE;
        }
        let code = self.function_body(node, first_line)?;
        self.make_function(code, parts, loc);
        Ok(())
    }

    fn function_body(&mut self, node: &'a FunctionDef<'a>, first_line: i32) -> Result<Rc<Code>> {
        let scope = self.table.of(node, Role::Body);
        self.enter(scope, node.name, first_line)?;
        self.set_parameters(node.args);
        let body = self.take_docstring(node.body);
        self.statements(body)?;
        self.emit_return(Constant::None, NO_LOC);
        self.leave()
    }

    pub(super) fn set_parameters(&mut self, args: &Arguments<'a>) {
        self.unit.posonly_arg_count = args.posonlyargs.len() as u32;
        self.unit.arg_count = (args.posonlyargs.len() + args.args.len()) as u32;
        self.unit.kwonly_arg_count = args.kwonlyargs.len() as u32;
    }

    /// Makes the docstring the first constant; the statements behind it come back.
    fn take_docstring(&mut self, body: &'a [Stmt<'a>]) -> &'a [Stmt<'a>] {
        let Some(docstring) = crate::docstring::docstring(body) else { return body };
        if self.options.optimize < 2 {
            let text = super::module::clean_docstring(docstring);
            self.note_constant(Constant::Str(text.into()));
            self.unit.flags |= flags::HAS_DOCSTRING;
        } else {
            self.note_left_out_docstring(body);
        }
        &body[1..]
    }

    /// `lambda`
    pub(super) fn lambda(&mut self, node: &'a Lambda<'a>, loc: Loc) -> Result<()> {
        let parts = self.defaults(node.args, loc)?;
        let scope = self.table.of(node, Role::Body);
        let line = self.positions.line(loc);
        self.enter(scope, Identifier::new("<lambda>"), line)?;
        self.set_parameters(node.args);
        let value = self.expr(node.body)?;
        self.return_operand(value, node.body.loc);
        self.emit_return(Constant::None, NO_LOC);
        let code = self.leave()?;
        self.make_function(code, parts, loc);
        Ok(())
    }

    // ---- parts of the function object ----

    /// The tuple and the dict of defaults into the next temporaries, where there are any.
    pub(super) fn defaults(&mut self, args: &'a Arguments<'a>, loc: Loc) -> Result<u16> {
        let mut parts = 0;
        if !args.defaults.is_empty() {
            self.items_as_tuple(args.defaults, loc)?;
            parts |= function_parts::DEFAULTS;
        }
        if args.kw_defaults.iter().any(Option::is_some) {
            self.keyword_defaults(args, loc)?;
            parts |= function_parts::KW_DEFAULTS;
        }
        Ok(parts)
    }

    fn keyword_defaults(&mut self, args: &'a Arguments<'a>, loc: Loc) -> Result<()> {
        const CHUNK: usize = 16;
        let mut pairs = 0;
        let mut built = false;
        for (arg, default) in args.kwonlyargs.iter().zip(args.kw_defaults) {
            let Some(default) = *default else { continue };
            let name = self.mangle(arg.arg);
            self.push_text(name, loc);
            self.push(default)?;
            if built {
                let (key, value) = (self.unit.emitter.peek(1), self.unit.emitter.peek(0));
                let map = kept(self.unit.emitter.peek(2).register);
                self.emit(instruction::MapAdd { map, key, value }, loc);
                continue;
            }
            pairs += 1;
            if pairs == CHUNK {
                self.build_map(pairs, loc);
                built = true;
            }
        }
        if !built {
            self.build_map(pairs, loc);
        }
        Ok(())
    }

    /// The function object of a code, from its parts in the topmost temporaries and its closure.
    pub(super) fn make_function(&mut self, code: Rc<Code>, mut parts: u16, loc: Loc) {
        if self.closure(&code, loc) {
            parts |= function_parts::CLOSURE;
        }
        let base = self.unit.emitter.last(parts.count_ones());
        let code = Constant::Code(code.into());
        self.note_first_constant(&code);
        let code = self.constant_index(code);
        let dst = Emitter::out_at(base);
        let pad = Default::default();
        self.emit(instruction::MakeFunction { dst, base, parts: Kind(parts), code, pad }, loc);
    }

    /// The tuple of the cells that the code closes over, if there are any.
    fn closure(&mut self, code: &Code, loc: Loc) -> bool {
        let mut n = 0;
        for local in code.locals.iter().filter(|local| local.kind == LocalKind::Free) {
            let name = self.arena_name(&local.name);
            let cell = self.cell_register(name).expect("a free variable is a cell of the block around");
            self.copy(borrowed(cell), loc);
            n += 1;
        }
        if n > 0 {
            self.build_tuple(n, loc);
        }
        n > 0
    }

    /// A text as a name of the tree.
    fn arena_name(&self, text: &[u8]) -> Identifier<'a> {
        Identifier::from_bytes(self.arena.alloc_slice_copy(text))
    }

    // ---- decorators ----

    /// The line of the first decorator, or of the definition.
    pub(super) fn first_line(&self, decorators: &[Expr<'a>], loc: Loc) -> i32 {
        self.positions.line(decorators.first().map_or(loc, |first| first.loc))
    }

    /// Evaluates decorators into the next temporaries; those beyond many of them into a list.
    pub(super) fn decorators(&mut self, decorators: &'a [Expr<'a>]) -> Result<()> {
        let (first, rest) = decorators.split_at(decorators.len().min(MAX_DECORATORS));
        self.push_all(first.iter().copied())?;
        if let Some(next) = rest.first() {
            self.build_list(0, next.loc);
            let list = kept(self.unit.emitter.top().register);
            for decorator in rest {
                let item = self.expr(*decorator)?;
                self.emit(instruction::ListAppend { list, item }, decorator.loc);
            }
        }
        Ok(())
    }

    /// Calls the decorators, which lie in the temporaries below the decorated object, the last one first.
    pub(super) fn apply_decorators(&mut self, decorators: &[Expr<'a>]) {
        let (first, rest) = decorators.split_at(decorators.len().min(MAX_DECORATORS));
        for decorator in rest.iter().rev() {
            self.pop_decorator(decorator.loc);
            self.call_top(1, decorator.loc);
        }
        if let Some(next) = rest.first() {
            self.unit.emitter.swap_top(next.loc);
            self.unit.emitter.drop_top(next.loc);
        }
        for decorator in first.iter().rev() {
            self.call_top(1, decorator.loc);
        }
    }

    /// Takes the last item from the list below the topmost temporary, and puts it between the two.
    fn pop_decorator(&mut self, loc: Loc) {
        let object = In { own: false, ..self.unit.emitter.peek(1) };
        let base = Base { register: self.unit.emitter.next().register, own: false };
        let name = self.name_index(Identifier::new("pop"));
        self.emit(instruction::LoadMethod { base, object, name, shape: Default::default() }, loc);
        let op = instruction::CallMethod { dst: Emitter::out_at(base), base, n: Count(0) };
        self.emit(op, loc);
        self.unit.emitter.swap_top(loc);
    }

    /// Calls the function in the topmost temporaries, `n` arguments behind it.
    pub(super) fn call_top(&mut self, n: u32, loc: Loc) {
        let base: Base = self.unit.emitter.last(n + 1);
        self.emit(instruction::Call { dst: Emitter::out_at(base), base, n: Count(n as u16) }, loc);
    }

    /// Sets `__type_params__` of the function in the topmost temporary but one.
    pub(super) fn set_type_params(&mut self, loc: Loc) {
        self.intrinsic(IntrinsicKind::SetFunctionTypeParams, 2, loc);
    }
}
