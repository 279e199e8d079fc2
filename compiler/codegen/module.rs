//! The outermost block: a module, an interactive statement, an expression; and docstrings.

use std::rc::Rc;

use pyx_grammar::ast::{Expr, ExprKind, Identifier, Mod, Stmt, StmtKind, WtfStr};

use super::{Codegen, Result};
use crate::Display;
use crate::bytecode::code::{Code, Constant};
use crate::bytecode::opcode::{IntrinsicKind, instruction};
use crate::docstring::docstring;
use crate::emit::NO_LOC;
use pyx_grammar::Loc;

impl<'a> Codegen<'_, 'a> {
    /// The code of a whole tree.
    pub(super) fn module(&mut self, tree: Mod<'a>) -> Result<Rc<Code>> {
        let top = self.table.top();
        self.enter(top, Identifier::new("<module>"), 1)?;
        match tree {
            Mod::Module(module) => self.module_body(module.body)?,
            Mod::Interactive(unit) => self.interactive_body(unit.body)?,
            Mod::Expression(expression) => {
                let value = self.expr(expression.body)?;
                self.return_operand(value, expression.body.loc);
            }
            Mod::FunctionType(_) => {
                return self.error(NO_LOC, "a function type has no code");
            }
        }
        self.leave()
    }

    fn module_body(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        let start = self.module_start(body);
        self.begin_annotations(start)?;
        let at = self.unit.emitter.items.len();
        let body = self.store_docstring(body);
        self.statements(body)?;
        self.end_annotations(start, Some(at))?;
        self.emit_return(Constant::None, NO_LOC);
        Ok(())
    }

    /// Where the code that sets a module up counts as standing: at its first statement.
    fn module_start(&self, body: &[Stmt<'a>]) -> Loc {
        let without_docstring = self.options.optimize >= 2 && body.len() > 1 && docstring(body).is_some();
        body.get(usize::from(without_docstring)).map_or(NO_LOC, |first| first.loc)
    }

    /// Binds `__doc__`; the statements behind the docstring come back.
    pub(super) fn store_docstring(&mut self, body: &'a [Stmt<'a>]) -> &'a [Stmt<'a>] {
        let Some(docstring) = docstring(body) else { return body };
        if self.options.optimize < 2 {
            let StmtKind::Expr(statement) = body[0].kind else {
                unreachable!("a docstring is an expression")
            };
            let text = clean_docstring(docstring);
            self.push_constant(Constant::Str(text.into()), statement.value.loc);
            let value = self.unit.emitter.top();
            self.store(WtfStr::new("__doc__"), value, NO_LOC);
        } else {
            self.note_left_out_docstring(body);
        }
        &body[1..]
    }

    /// What a docstring leaves behind where there are to be none: a `pass` if nothing else stands in the body, and a
    /// second string stays no docstring.
    pub(super) fn note_left_out_docstring(&mut self, body: &'a [Stmt<'a>]) {
        if body.len() == 1 {
            self.nop(body[0].loc);
        }
        if let Some(second) = docstring(&body[1..]) {
            self.note_first_constant(&Constant::Str(second.as_bytes().into()));
        }
    }

    // ---- interactive ----

    fn interactive_body(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        let start = self.module_start(body);
        self.begin_annotations(start)?;
        let at = self.unit.emitter.items.len();
        let (display, returns) = (self.options.display, self.options.return_display);
        let of_last = returns || matches!(display, Display::LastExpr | Display::LastExprOrAssign);
        let (rest, last) = match body.split_last() {
            Some((last, rest)) if of_last && display != Display::None => (rest, Some(*last)),
            _ => (body, None),
        };
        self.interactive = display == Display::All;
        self.statements(rest)?;
        let has_value = match last {
            Some(last) => self.last_statement(last)?,
            None => false,
        };
        if has_value && !returns {
            self.display_top();
        }
        self.interactive = false;
        self.end_annotations(start, Some(at))?;
        if has_value && returns {
            let src = self.unit.emitter.top();
            self.emit(instruction::ReturnValue { src }, NO_LOC);
        } else {
            self.emit_return(Constant::None, NO_LOC);
        }
        Ok(())
    }

    /// The last statement of a cell; whether it leaves a value, which the cell shows.
    fn last_statement(&mut self, statement: Stmt<'a>) -> Result<bool> {
        if let StmtKind::Expr(node) = statement.kind {
            self.push(node.value)?;
            return Ok(true);
        }
        self.statement(statement)?;
        if self.options.display == Display::LastExprOrAssign
            && let Some(name) = assigned_name(statement)
        {
            let value = self.load(name, statement.loc);
            self.pushed(value, statement.loc);
            return Ok(true);
        }
        Ok(false)
    }

    /// Shows the topmost temporary.
    pub(super) fn display_top(&mut self) {
        self.intrinsic(IntrinsicKind::Print, 1, NO_LOC);
        self.unit.emitter.drop_top(NO_LOC);
    }

    /// Whether the values of expression statements are shown here.
    pub(super) fn displays_here(&self) -> bool {
        self.interactive && self.outer.len() == 1
    }

    /// Emits nothing but the mark that a line was reached.
    pub(super) fn nop(&mut self, loc: Loc) {
        self.emit(instruction::Nop {}, loc);
    }
}

/// The name that an assignment statement binds, if it binds just one.
fn assigned_name<'a>(statement: Stmt<'a>) -> Option<Identifier<'a>> {
    let target: Expr<'a> = match statement.kind {
        StmtKind::Assign(node) => *node.targets.last()?,
        StmtKind::AnnAssign(node) if node.value.is_some() => node.target,
        StmtKind::AugAssign(node) => node.target,
        _ => return None,
    };
    match target.kind {
        ExprKind::Name(name) => Some(name.id),
        _ => None,
    }
}

/// A docstring without the indentation that its lines have in common, the first line apart; tabs count to multiples of
/// eight, and the first line loses all of its own.
pub(super) fn clean_docstring(text: WtfStr<'_>) -> Vec<u8> {
    let expanded = expand_tabs(text.as_bytes());
    let indent_of = |line: &[u8]| line.iter().take_while(|&&byte| byte == b' ').count();
    let mut lines = expanded.split(|&byte| byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let margin = lines.clone().filter(|line| indent_of(line) < line.len()).map(indent_of).min().unwrap_or(0);
    let mut cleaned = first[indent_of(first)..].to_vec();
    for line in lines {
        cleaned.push(b'\n');
        cleaned.extend_from_slice(&line[margin.min(indent_of(line))..]);
    }
    cleaned
}

fn expand_tabs(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if !text.contains(&b'\t') {
        return text.into();
    }
    let mut expanded = Vec::with_capacity(text.len() + 8);
    let mut column = 0;
    for &byte in text {
        match byte {
            b'\t' => {
                let width = 8 - column % 8;
                expanded.extend(std::iter::repeat_n(b' ', width));
                column += width;
                continue;
            }
            b'\n' | b'\r' => column = 0,
            _ if byte & 0xC0 != 0x80 => column += 1,
            _ => {}
        }
        expanded.push(byte);
    }
    expanded.into()
}
