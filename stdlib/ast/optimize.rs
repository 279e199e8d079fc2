//! Trees as the compiler sees them (`PyCF_OPTIMIZED_AST`): `__debug__` is a constant, so are signed and complex numbers in patterns; simple
//! `%` formats are f-strings; and docstrings go where they are not wanted.

use pyx_compiler::bytecode::opcode::Conversion;
use pyx_compiler::fold;
use pyx_compiler::percent::{self, Piece};
use pyx_compiler::stack::StackLimit;
use pyx_grammar::ast::{ConstantValue, Expr, ExprContext, ExprKind, Stmt, StmtKind};
use pyx_grammar::visit::{List, Node, Value};
use pyx_grammar::{Loc, Position};
use pyx_vm::exception::PyResult;
use pyx_vm::text::wtf8::Text;
use pyx_vm::value::Owned;

use super::node;
use super::write::Writer;

impl Writer<'_, '_> {
    /// What takes the place of an expression.
    pub(super) fn optimized(&self, e: Expr<'_>) -> PyResult<Option<Owned>> {
        let Some(level) = self.optimize else { return Ok(None) };
        match e.kind {
            ExprKind::Name(name) if name.id == "__debug__" && name.ctx == ExprContext::Load => {
                self.constant_at(Owned::bool(level == 0), e.loc).map(Some)
            }
            ExprKind::BinOp(operation) => match percent::pieces(operation) {
                Some(pieces) => self.joined(pieces, e.loc).map(Some),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// What takes the place of a field's value.
    pub(super) fn optimized_field(
        &self,
        node: &Node<'_>,
        name: &str,
        value: Value<'_>,
    ) -> PyResult<Option<Owned>> {
        let Some(level) = self.optimize else { return Ok(None) };
        match (node.class, name, value) {
            ("MatchValue", "value", Value::Expr(e)) => self.number(e),
            ("MatchMapping", "keys", Value::List(keys)) => {
                let key = |index| match keys.get(index) {
                    Value::Expr(e) => self.number(e)?.map_or_else(|| self.value(Value::Expr(e)), Ok),
                    other => self.value(other),
                };
                self.vm.list((0..keys.len()).map(key).collect::<PyResult<_>>()?).map(Some)
            }
            (
                "Module" | "FunctionDef" | "AsyncFunctionDef" | "ClassDef",
                "body",
                Value::List(List::Stmt([first, rest @ ..])),
            ) if level > 1 && is_docstring(first) => {
                if rest.is_empty() {
                    let pass = node::bare(self.vm, self.state.class("Pass"))?;
                    self.locate(&pass, first.loc)?;
                    return self.vm.list(vec![pass]).map(Some);
                }
                self.value(Value::List(List::Stmt(rest))).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// A number with a sign or an imaginary part, as a constant.
    fn number(&self, e: Expr<'_>) -> PyResult<Option<Owned>> {
        if !matches!(e.kind, ExprKind::UnaryOp(_) | ExprKind::BinOp(_)) {
            return Ok(None);
        }
        let stack = StackLimit::at(self.vm.stack_limit());
        let options = fold::Options { debug: self.optimize == Some(0), stack, levels: fold::Options::LEVELS };
        match fold::constant(e, options) {
            Some(constant) => {
                let value = self.vm.plain_constant(&constant)?;
                self.constant_at(value, e.loc).map(Some)
            }
            None => Ok(None),
        }
    }

    /// The f-string of a `%` format.
    fn joined(&self, pieces: Vec<Piece<'_>>, loc: Loc) -> PyResult {
        let piece = |piece| match piece {
            Piece::Literal(text) => self.text(&text),
            Piece::Value { value, conversion, spec } => {
                let letter = match conversion {
                    Conversion::None => -1,
                    Conversion::Str => i32::from(b's'),
                    Conversion::Repr => i32::from(b'r'),
                    Conversion::Ascii => i32::from(b'a'),
                };
                let spec = if spec.is_empty() { Owned::none() } else { self.text(&spec)? };
                let converted = [
                    ("value", self.value(Value::Expr(value))?),
                    ("conversion", Owned::small_int(letter)),
                    ("format_spec", spec),
                ];
                self.made("FormattedValue", &converted, Some(value.loc))
            }
        };
        let values = self.vm.list(pieces.into_iter().map(piece).collect::<PyResult<_>>()?)?;
        self.made("JoinedStr", &[("values", values)], Some(loc))
    }

    /// Text that stands nowhere in the source.
    fn text(&self, text: &[u8]) -> PyResult {
        let constant = self.made("Constant", &constant_fields(self.vm.text(Text::trusted(text))?), None)?;
        let nowhere = Position { lineno: -1, col_offset: -1, end_lineno: -1, end_col_offset: -1 };
        self.place(&constant, nowhere)?;
        Ok(constant)
    }

    fn constant_at(&self, value: Owned, loc: Loc) -> PyResult {
        self.made("Constant", &constant_fields(value), Some(loc))
    }

    fn made(&self, class: &'static str, fields: &[(&str, Owned)], loc: Option<Loc>) -> PyResult {
        let object = node::bare(self.vm, self.state.class(class))?;
        for (name, value) in fields {
            self.vm.set_attr(object.borrow(), self.state.field_name(name), Some(value.borrow()))?;
        }
        if let Some(loc) = loc {
            self.locate(&object, loc)?;
        }
        Ok(object)
    }
}

fn constant_fields(value: Owned) -> [(&'static str, Owned); 2] {
    [("value", value), ("kind", Owned::none())]
}

fn is_docstring(statement: &Stmt<'_>) -> bool {
    match statement.kind {
        StmtKind::Expr(node) => match node.value.kind {
            ExprKind::Constant(constant) => matches!(constant.value, ConstantValue::Str(_)),
            _ => false,
        },
        _ => false,
    }
}
