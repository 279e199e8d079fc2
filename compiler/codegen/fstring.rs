//! f-strings, t-strings, and `'…' % (…)`, which is compiled as an f-string where the format is simple.

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    BinOp, Constant as ConstantNode, ConstantValue, Expr, ExprKind, FormattedValue, Interpolation, JoinedStr,
    Operator, TemplateStr, WtfStr,
};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::{Conversion, instruction};
use crate::bytecode::operand::{Count, Kind};
use crate::emit::{Emitter, NO_LOC, kept};
use crate::fold;

/// More parts are joined by `str.join`.
const MAX_PARTS: usize = 32;

/// A part of a `%` format.
enum Piece<'a> {
    Literal(Vec<u8>),
    Value { value: Expr<'a>, conversion: Conversion, spec: Vec<u8> },
}

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

    /// The parts of `'…' % (…)`, if the format uses nothing but `%s`, `%r` and `%a` and fits the tuple.
    pub(super) fn as_format(&self, node: &BinOp<'a>) -> Option<(WtfStr<'a>, &'a [Expr<'a>])> {
        if node.op != Operator::Mod {
            return None;
        }
        let ExprKind::Constant(&ConstantNode { value: ConstantValue::Str(format), .. }) = node.left.kind else {
            return None;
        };
        let ExprKind::Tuple(tuple) = node.right.kind else { return None };
        let starred = tuple.elts.iter().any(|elt| matches!(elt.kind, ExprKind::Starred(_)));
        (!starred && pieces(format.as_bytes(), tuple.elts).is_some()).then_some((format, tuple.elts))
    }

    /// `'…' % (…)` as an f-string.
    pub(super) fn format_operator(
        &mut self,
        node: &'a BinOp<'a>,
        loc: Loc,
    ) -> Result<crate::bytecode::operand::In> {
        let (format, elts) = self.as_format(node).expect("other operators have a left spine");
        let pieces = pieces(format.as_bytes(), elts).expect("it was found to be simple");
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

/// Takes a `%` format apart; `None` if it is not simple, or does not use each value once.
fn pieces<'a>(format: &[u8], values: &[Expr<'a>]) -> Option<Vec<Piece<'a>>> {
    let mut pieces = Vec::new();
    let mut values = values.iter();
    let mut rest = format;
    while !rest.is_empty() {
        let literal = take_literal(&mut rest)?;
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        if rest.is_empty() {
            break;
        }
        let value = *values.next()?;
        let (conversion, spec) = take_conversion(&mut rest)?;
        pieces.push(Piece::Value { value, conversion, spec });
    }
    let fits = values.next().is_none() && pieces.len() <= MAX_PARTS;
    fits.then_some(pieces)
}

/// Takes text up to a conversion or the end; `%%` stands for `%`.
fn take_literal(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let mut literal = Vec::new();
    while let Some((&byte, behind)) = rest.split_first() {
        if byte == b'%' {
            match behind.first()? {
                b'%' => {
                    literal.push(b'%');
                    *rest = &behind[1..];
                    continue;
                }
                _ => break,
            }
        }
        literal.push(byte);
        *rest = behind;
    }
    Some(literal)
}

/// Takes `%-10.3s` and the like: the conversion, and the format spec that means the same.
fn take_conversion(rest: &mut &[u8]) -> Option<(Conversion, Vec<u8>)> {
    *rest = &rest[1..];
    let mut left = false;
    while let Some((&flag @ (b'-' | b'+' | b' ' | b'#' | b'0'), behind)) = rest.split_first() {
        left |= flag == b'-';
        *rest = behind;
    }
    let width = take_digits(rest)?;
    let mut precision = None;
    if let Some((b'.', behind)) = rest.split_first() {
        *rest = behind;
        precision = Some(take_digits(rest)?.unwrap_or(0));
    }
    let (&letter, behind) = rest.split_first()?;
    *rest = behind;
    let conversion = match letter {
        b's' => Conversion::Str,
        b'r' => Conversion::Repr,
        b'a' => Conversion::Ascii,
        _ => return None,
    };
    let mut spec = String::new();
    if let Some(width) = width {
        if !left && width > 0 {
            spec.push('>');
        }
        spec += &width.to_string();
    }
    if let Some(precision) = precision {
        spec += &format!(".{precision}");
    }
    Some((conversion, spec.into_bytes()))
}

/// Takes a number of up to two digits, if one stands here; `None` if it has more.
fn take_digits(rest: &mut &[u8]) -> Option<Option<u32>> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 2 {
        return None;
    }
    let number = rest[..digits].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    *rest = &rest[digits..];
    Some((digits > 0).then_some(number))
}
