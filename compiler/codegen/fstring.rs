//! f-strings, t-strings, and `'…' % (…)`, which is compiled as an f-string where the format is simple.

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    BinOp, Constant as ConstantNode, ConstantValue, Expr, ExprKind, FormattedValue, Interpolation, JoinedStr,
    TemplateStr, WtfStr,
};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::{Conversion, instruction};
use crate::bytecode::operand::{Count, Kind};
use crate::emit::{Emitter, NO_LOC, kept};
use crate::fold;
use crate::percent::{self, Piece};

/// More parts are joined by `str.join`.
const MAX_PARTS: usize = 32;

impl<'a> Codegen<'_, 'a> {
    /// An f-string.
    pub(super) fn joined_str(&mut self, node: &'a JoinedStr<'a>, loc: Loc) -> Result<()> {
        match node.values.len() {
            0 => self.push_constant(Constant::Str([].into()), loc),
            n if n > MAX_PARTS => self.join(node.values, loc)?,
            n => {
                self.push_all(node.values.iter().copied())?;
                self.build_string(n as u32, loc);
            }
        }
        Ok(())
    }

    fn build_string(&mut self, n: u32, loc: Loc) {
        if n > 1 {
            let base = self.unit.emitter.last(n);
            self.emit(instruction::BuildString { dst: Emitter::out_at(base), base, n: Count(n as u16) }, loc);
        }
    }

    /// `''.join([…])`
    fn join(&mut self, values: &'a [Expr<'a>], loc: Loc) -> Result<()> {
        self.push_constant(Constant::Str([].into()), loc);
        let object = self.unit.emitter.top();
        let name = self.name_index(WtfStr::new("join"));
        let base = self.unit.emitter.last(1);
        self.emit(instruction::LoadMethod { base, object, name, shape: Default::default() }, loc);
        let list = self.unit.emitter.next();
        let base_of_list = self.unit.emitter.last(0);
        self.emit(instruction::BuildList { dst: list, base: base_of_list, n: Count(0) }, loc);
        for &value in values {
            let item = self.expr(value)?;
            let list = kept(self.unit.emitter.peek(u32::from(item.own)).register);
            self.emit(instruction::ListAppend { list, item }, loc);
        }
        let base = self.unit.emitter.last(3);
        self.emit(instruction::CallMethod { dst: Emitter::out_at(base), base, n: Count(1) }, loc);
        Ok(())
    }

    /// `{value!c:spec}`
    pub(super) fn formatted_value(&mut self, node: &'a FormattedValue<'a>, loc: Loc) -> Result<()> {
        self.push(node.value)?;
        let conversion = match node.conversion {
            -1 => Conversion::None,
            115 => Conversion::Str,
            114 => Conversion::Repr,
            97 => Conversion::Ascii,
            other => {
                return self.error(loc, format!("Unrecognized conversion character {other}"));
            }
        };
        self.convert(conversion, loc);
        match node.format_spec {
            Some(spec) => {
                self.push(spec)?;
                self.format_spec(loc);
            }
            None => self.format_simple(loc),
        }
        Ok(())
    }

    fn convert(&mut self, conversion: Conversion, loc: Loc) {
        if conversion != Conversion::None {
            let src = self.unit.emitter.top();
            let dst = self.unit.emitter.after(&[src]);
            self.emit(instruction::Convert { dst, src, how: Kind(conversion as u16) }, loc);
        }
    }

    fn format_simple(&mut self, loc: Loc) {
        let src = self.unit.emitter.top();
        let dst = self.unit.emitter.after(&[src]);
        self.emit(instruction::FormatSimple { dst, src }, loc);
    }

    fn format_spec(&mut self, loc: Loc) {
        let (src, spec) = (self.unit.emitter.peek(1), self.unit.emitter.peek(0));
        let dst = self.unit.emitter.after(&[src, spec]);
        self.emit(instruction::FormatSpec { dst, src, spec }, loc);
    }

    // ---- t-strings ----

    /// A t-string: the strings between the interpolations, and these.
    pub(super) fn template_str(&mut self, node: &'a TemplateStr<'a>, loc: Loc) -> Result<()> {
        let mut strings = vec![Vec::new()];
        let mut interpolations = Vec::new();
        for value in node.values {
            match value.kind {
                ExprKind::Constant(&ConstantNode { value: ConstantValue::Str(text), .. }) => {
                    strings.last_mut().expect("it is never empty").extend_from_slice(text.as_bytes());
                }
                _ => {
                    interpolations.push(*value);
                    strings.push(Vec::new());
                }
            }
        }
        let strings: Vec<Constant> = strings.into_iter().map(|text| Constant::Str(text.into())).collect();
        self.note_first_constant(&strings[0].clone());
        self.push_constant(Constant::Tuple(strings.into()), loc);
        let interpolations = self.arena.alloc_slice_copy(&interpolations);
        self.items_as_tuple(interpolations, loc)?;
        let base = self.unit.emitter.last(2);
        self.emit(instruction::BuildTemplate { dst: Emitter::out_at(base), base }, loc);
        Ok(())
    }

    /// One interpolation of a t-string.
    pub(super) fn interpolation(&mut self, node: &'a Interpolation<'a>, loc: Loc) -> Result<()> {
        self.push(node.value)?;
        self.push_constant(fold::value(node.str), loc);
        match node.format_spec {
            Some(spec) => self.push(spec)?,
            None => {
                let dst = self.unit.emitter.next();
                self.emit(instruction::PushNull { dst }, loc);
            }
        }
        let conversion = match node.conversion {
            115 => Conversion::Str,
            114 => Conversion::Repr,
            97 => Conversion::Ascii,
            _ => Conversion::None,
        };
        let base = self.unit.emitter.last(3);
        let conversion = Kind(conversion as u16);
        self.emit(instruction::BuildInterpolation { dst: Emitter::out_at(base), base, conversion }, loc);
        Ok(())
    }

    // ---- the % operator ----

    /// The parts of `'…' % (…)`, if it can be compiled as an f-string.
    pub(super) fn as_format(&self, node: &BinOp<'a>) -> Option<Vec<Piece<'a>>> {
        percent::pieces(node).filter(|pieces| pieces.len() <= MAX_PARTS)
    }

    /// `'…' % (…)` as an f-string.
    pub(super) fn format_operator(
        &mut self,
        node: &'a BinOp<'a>,
        loc: Loc,
    ) -> Result<crate::bytecode::operand::In> {
        let pieces = self.as_format(node).expect("other operators have a left spine");
        let n = pieces.len();
        if n == 0 {
            self.push_constant(Constant::Str([].into()), loc);
        }
        for piece in pieces {
            match piece {
                Piece::Literal(text) => self.push_constant(Constant::Str(text.into()), NO_LOC),
                Piece::Value { value, conversion, spec } => {
                    self.push(value)?;
                    self.convert(conversion, value.loc);
                    if spec.is_empty() {
                        self.format_simple(value.loc);
                    } else {
                        self.push_constant(Constant::Str(spec.into()), value.loc);
                        self.format_spec(value.loc);
                    }
                }
            }
        }
        self.build_string(n as u32, loc);
        Ok(self.unit.emitter.top())
    }
}
