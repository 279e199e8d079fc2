//! Expressions, from `x if y else z` down to atoms, and the mistakes people make in them.

use crate::ast::*;
use crate::targets::describe;
use crate::token::Kind;

use super::core::{Parse, Raised, Recogniser, Rule};

/// Yields nothing unless a rule applied.
macro_rules! need {
    ($found:expr) => {
        match $found? {
            Some(found) => found,
            None => return Ok(None),
        }
    };
}
pub(super) use need;

/// Tries an alternative, and is done if it applies.
macro_rules! alternative {
    ($recogniser:expr, $rule:expr) => {
        if let Some(found) = $recogniser.attempt($rule)? {
            return Ok(Some(found));
        }
    };
}
pub(super) use alternative;

impl<'a> Recogniser<'a, '_> {
    fn expr<T>(&self, loc: Loc, kind: fn(&'a T) -> ExprKind<'a>, node: T) -> Expr<'a> {
        self.builder.expr(loc.start(), loc.end(), kind, node)
    }

    // Lists of expressions

    pub(super) fn expressions(&mut self) -> Parse<Expr<'a>> {
        self.tupled(Self::expression)
    }

    pub(super) fn star_expressions(&mut self) -> Parse<Expr<'a>> {
        self.tupled(Self::star_expression)
    }

    /// One, or a tuple without parentheses.
    fn tupled(&mut self, item: fn(&mut Self) -> Parse<Expr<'a>>) -> Parse<Expr<'a>> {
        let start = self.at;
        let items = need!(self.listed(item));
        let comma = self.token(Kind::Comma)?.is_some();
        if let ([only], false) = (&items[..], comma) {
            return Ok(Some(*only));
        }
        Ok(Some(self.tuple(start, &items)))
    }

    pub(super) fn tuple(&self, start: usize, items: &[Expr<'a>]) -> Expr<'a> {
        let elts = self.builder.arena.alloc_slice_copy(items);
        self.expr(self.since(start), ExprKind::Tuple, Tuple { elts, ctx: ExprContext::Load })
    }

    pub(super) fn star_expression(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::StarExpression, |p| {
            alternative!(p, |p| p.starred_by(Self::bitwise_or));
            p.expression()
        })
    }

    /// `*` and an operand.
    pub(super) fn starred_by(&mut self, operand: fn(&mut Self) -> Parse<Expr<'a>>) -> Parse<Expr<'a>> {
        let start = need!(self.token(Kind::Star));
        let value = need!(operand(self));
        Ok(Some(self.builder.starred(value, self.since(start).start(), self.since(start).end())))
    }

    pub(super) fn star_named_expressions(&mut self) -> Parse<Vec<Expr<'a>>> {
        let items = need!(self.listed(Self::star_named_expression));
        self.token(Kind::Comma)?;
        Ok(Some(items))
    }

    pub(super) fn star_named_expression(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| p.starred_by(Self::bitwise_or));
        self.named_expression()
    }

    pub(super) fn yield_expression(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = need!(p.token(Kind::Yield));
            need!(p.token(Kind::From));
            let value = need!(p.expression());
            Ok(Some(p.expr(p.since(start), ExprKind::YieldFrom, YieldFrom { value })))
        });
        let start = need!(self.token(Kind::Yield));
        let value = self.attempt(Self::star_expressions)?;
        Ok(Some(self.expr(self.since(start), ExprKind::Yield, Yield { value })))
    }

    /// What stands right of `=`, or in a replacement field.
    pub(super) fn annotated_rhs(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, Self::yield_expression);
        self.star_expressions()
    }

    // Named expressions

    pub(super) fn named_expression(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, Self::assignment_expression);
        if self.mistakes {
            self.invalid_named_expression()?;
        }
        self.unnamed_expression()
    }

    /// An expression that no `:=` follows.
    pub(super) fn unnamed_expression(&mut self) -> Parse<Expr<'a>> {
        self.attempt(|p| {
            let found = need!(p.expression());
            Ok((!p.next_is(Kind::ColonEqual)?).then_some(found))
        })
    }

    pub(super) fn assignment_expression(&mut self) -> Parse<Expr<'a>> {
        self.attempt(|p| {
            let start = p.at;
            let target = need!(p.name());
            need!(p.token(Kind::ColonEqual));
            let value = need!(p.expression());
            let newer = p.builder.since(8, "Assignment expressions are");
            need!(p.act(newer));
            Ok(Some(p.expr(p.since(start), ExprKind::NamedExpr, NamedExpr { target, value })))
        })
    }

    fn invalid_named_expression(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::InvalidNamedExpression, |p| {
            p.mistake(|p| {
                let target = need!(p.expression());
                need!(p.token(Kind::ColonEqual));
                need!(p.expression());
                let what = describe(target);
                p.raise::<()>(target.loc, format!("cannot use assignment expressions with {what}"))
            })?;
            p.mistake(|p| {
                let target = need!(p.name());
                need!(p.token(Kind::Equal));
                let value = need!(p.bitwise_or());
                if p.next_is_any(&[Kind::Equal, Kind::ColonEqual])? {
                    return Ok(None);
                }
                p.raise::<()>(
                    target.loc.to(value.loc),
                    "invalid syntax. Maybe you meant '==' or ':=' instead of '='?",
                )
            })?;
            p.mistake(|p| {
                if p.assignable_or_constant()? {
                    return Ok(None);
                }
                let target = need!(p.bitwise_or());
                need!(p.token(Kind::Equal));
                need!(p.bitwise_or());
                if p.next_is_any(&[Kind::Equal, Kind::ColonEqual])? {
                    return Ok(None);
                }
                let what = describe(target);
                let message = format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?");
                p.raise::<()>(target.loc, message)
            })?;
            Ok(None)
        })
    }

    /// What gets another message, left of `=`: displays that can be targets, and named constants.
    fn assignable_or_constant(&mut self) -> Result<bool, Raised> {
        Ok(self.ahead(Self::list)?
            || self.ahead(Self::tuple_display)?
            || self.ahead(Self::generator_expression)?
            || self.next_is_any(&[Kind::True, Kind::None, Kind::False])?)
    }

    // Conditional expressions

    pub(super) fn expression(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::Expression, |p| {
            if p.mistakes {
                p.invalid_expression()?;
                p.mistake(Self::invalid_legacy_expression)?;
            }
            p.plain_expression()
        })
    }

    /// An expression, by the rules of the language.
    fn plain_expression(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, Self::conditional);
        alternative!(self, Self::disjunction);
        self.attempt(Self::lambda)
    }

    fn conditional(&mut self) -> Parse<Expr<'a>> {
        let start = self.at;
        let body = need!(self.disjunction());
        need!(self.token(Kind::If));
        let test = need!(self.disjunction());
        need!(self.token(Kind::Else));
        let orelse = need!(self.expression());
        Ok(Some(self.expr(self.since(start), ExprKind::IfExp, IfExp { test, body, orelse })))
    }

    fn lambda(&mut self) -> Parse<Expr<'a>> {
        let start = need!(self.token(Kind::Lambda));
        need!(self.optional(Self::lambda_parameters));
        need!(self.token(Kind::Colon));
        let body = need!(self.expression());
        let args = self.builder.no_parameters();
        Ok(Some(self.expr(self.since(start), ExprKind::Lambda, Lambda { args, body })))
    }

    fn invalid_expression(&mut self) -> Result<(), Raised> {
        self.mistake(Self::expression_between_strings)?;
        self.mistake(Self::missing_comma)?;
        self.mistake(|p| {
            let body = need!(p.disjunction());
            need!(p.token(Kind::If));
            let test = need!(p.disjunction());
            if p.next_is_any(&[Kind::Else, Kind::Colon])? {
                return Ok(None);
            }
            p.raise::<()>(body.loc.to(test.loc), "expected 'else' after 'if' expression")
        })?;
        self.mistake(|p| {
            need!(p.disjunction());
            need!(p.token(Kind::If));
            need!(p.disjunction());
            need!(p.token(Kind::Else));
            if p.ahead(Self::expression)? {
                return Ok(None);
            }
            p.raise_next::<()>("expected expression after 'else', but statement is given")
        })?;
        self.mistake(|p| {
            let statement = need!(p.token_of(&[Kind::Pass, Kind::Break, Kind::Continue]));
            need!(p.token(Kind::If));
            need!(p.disjunction());
            need!(p.token(Kind::Else));
            need!(p.simple_statement());
            let loc = p.loc(statement);
            p.raise::<()>(loc, "expected expression before 'if', but statement is given")
        })?;
        self.mistake(|p| {
            let start = need!(p.token(Kind::Lambda));
            need!(p.optional(Self::lambda_parameters));
            need!(p.token(Kind::Colon));
            let loc = p.since(start);
            if !p.next_is(Kind::FStringMiddle)? {
                return Ok(None);
            }
            let kind = p.string_kind(p.at);
            p.raise::<()>(
                loc,
                format!("{kind}-string: lambda expressions are not allowed without parentheses"),
            )
        })
    }

    /// `'a' b 'c'`: a quote too many or too few.
    fn expression_between_strings(&mut self) -> Parse<()> {
        need!(self.token(Kind::String));
        let between = self.many(|p| {
            if p.next_is(Kind::String)? {
                return Ok(None);
            }
            p.expression_without_mistakes()
        })?;
        let (Some(first), Some(last)) = (between.first(), between.last()) else { return Ok(None) };
        need!(self.token(Kind::String));
        self.raise(first.loc.to(last.loc), "invalid syntax. Is this intended to be part of the string?")
    }

    /// Two expressions side by side in brackets.
    fn missing_comma(&mut self) -> Parse<()> {
        if self.kind(self.at) == Kind::Name && self.starts_like_two_names()? {
            return Ok(None);
        }
        let first = need!(self.disjunction());
        let second = need!(self.expression_without_mistakes());
        if is_legacy_statement(first) || !self.in_brackets() {
            return Ok(None);
        }
        self.raise(first.loc.to(second.loc), "invalid syntax. Perhaps you forgot a comma?")
    }

    /// A name and a string, which may be a misspelt prefix; or a soft keyword.
    fn starts_like_two_names(&mut self) -> Result<bool, Raised> {
        let name_and_string = self.ahead(|p| {
            need!(p.token(Kind::Name));
            p.token(Kind::String)
        })?;
        Ok(name_and_string || matches!(self.text(self.at), "_" | "case" | "match" | "type"))
    }

    fn expression_without_mistakes(&mut self) -> Parse<Expr<'a>> {
        self.without_mistakes(|p| p.attempt(Self::plain_expression))
    }

    /// `print x`
    fn invalid_legacy_expression(&mut self) -> Parse<()> {
        let start = self.at;
        let name = need!(self.name());
        if self.next_is(Kind::Lpar)? {
            return Ok(None);
        }
        let operands = need!(self.star_expressions());
        if !is_legacy_statement(name) {
            return Ok(None);
        }
        let (loc, name) = (name.loc.to(operands.loc), self.text(start));
        self.raise(loc, format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?"))
    }

    // Boolean operations and comparisons

    pub(super) fn disjunction(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::Disjunction, |p| p.chain(Kind::Or, BoolOperator::Or, Self::conjunction))
    }

    fn conjunction(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::Conjunction, |p| p.chain(Kind::And, BoolOperator::And, Self::inversion))
    }

    fn chain(
        &mut self,
        token: Kind,
        op: BoolOperator,
        operand: fn(&mut Self) -> Parse<Expr<'a>>,
    ) -> Parse<Expr<'a>> {
        let start = self.at;
        let operands = need!(self.separated(token, operand));
        if let [only] = operands[..] {
            return Ok(Some(only));
        }
        let values = self.builder.arena.alloc_slice_copy(&operands);
        Ok(Some(self.expr(self.since(start), ExprKind::BoolOp, BoolOp { op, values })))
    }

    pub(super) fn inversion(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::Inversion, |p| {
            alternative!(p, |p| {
                let start = need!(p.token(Kind::Not));
                let operand = need!(p.inversion());
                let node = UnaryOp { op: UnaryOperator::Not, operand };
                Ok(Some(p.expr(p.since(start), ExprKind::UnaryOp, node)))
            });
            p.comparison()
        })
    }

    fn comparison(&mut self) -> Parse<Expr<'a>> {
        let start = self.at;
        let left = need!(self.bitwise_or());
        let pairs = self.many(|p| {
            let op = need!(p.comparison_operator());
            let right = need!(p.bitwise_or());
            Ok(Some((op, right)))
        })?;
        if pairs.is_empty() {
            return Ok(Some(left));
        }
        let ops = self.builder.arena.alloc_slice_fill_iter(pairs.iter().map(|pair| pair.0));
        let comparators = self.builder.arena.alloc_slice_fill_iter(pairs.iter().map(|pair| pair.1));
        Ok(Some(self.expr(self.since(start), ExprKind::Compare, Compare { left, ops, comparators })))
    }

    fn comparison_operator(&mut self) -> Parse<CmpOperator> {
        let start = self.at;
        let kind = self.peek()?;
        self.at += 1;
        Ok(Some(match kind {
            Kind::EqEqual => CmpOperator::Eq,
            Kind::NotEqual => return self.not_equal(start),
            Kind::LessEqual => CmpOperator::LtE,
            Kind::Less => {
                self.less_greater(start)?;
                CmpOperator::Lt
            }
            Kind::GreaterEqual => CmpOperator::GtE,
            Kind::Greater => CmpOperator::Gt,
            Kind::Not => {
                need!(self.token(Kind::In));
                CmpOperator::NotIn
            }
            Kind::In => CmpOperator::In,
            Kind::Is if self.token(Kind::Not)?.is_some() => CmpOperator::IsNot,
            Kind::Is => CmpOperator::Is,
            _ => return Ok(None),
        }))
    }

    /// `<>`, which means something only to Barry.
    fn less_greater(&mut self, start: usize) -> Result<(), Raised> {
        if !self.mistakes
            || !self.next_is(Kind::Greater)?
            || self.loc(start).end() != self.loc(self.at).start()
        {
            return Ok(());
        }
        let loc = self.loc(start).to(self.loc(self.at));
        self.raise::<()>(loc, LESS_GREATER).map(|_| ())
    }

    fn not_equal(&mut self, index: usize) -> Parse<CmpOperator> {
        match (self.text(index) == "<>", self.builder.options.barry_as_flufl) {
            (false, false) | (true, true) => Ok(Some(CmpOperator::NotEq)),
            (false, true) => self.raise_last("with Barry as BDFL, use '<>' instead of '!='"),
            (true, false) => {
                let loc = self.loc(index);
                self.mistake(|p| p.raise(loc, LESS_GREATER))?;
                Ok(None)
            }
        }
    }

    // Arithmetic

    pub(super) fn bitwise_or(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::BitwiseOr, |p| p.operation(0))
    }

    /// Operators that bind tighter than `floor`, from the left.
    fn operation(&mut self, floor: u8) -> Parse<Expr<'a>> {
        let start = self.at;
        if self.mistakes {
            self.mistake(Self::not_after_sign)?;
        }
        let mut left = need!(self.factor());
        let mut shifted = false;
        loop {
            let before = self.at;
            let op = self.peek()?;
            let Some(precedence) = precedence(op).filter(|&precedence| precedence > floor) else { break };
            self.at += 1;
            if self.mistakes && precedence > SHIFT && floor < SHIFT && !shifted {
                self.mistake(Self::not_as_operand)?;
            }
            shifted |= precedence <= SHIFT;
            let Some(right) = self.attempt(|p| p.operation(precedence))? else {
                self.at = before;
                break;
            };
            let node = BinOp { left, op: Operator::Add, right };
            left = self.expr(self.since(start), ExprKind::BinOp, node);
        }
        Ok(Some(left))
    }

    /// `a + not b`
    fn not_as_operand(&mut self) -> Parse<()> {
        let not = need!(self.token(Kind::Not));
        let operand = need!(self.inversion());
        let loc = self.loc(not).to(operand.loc);
        self.raise(loc, "'not' after an operator must be parenthesized")
    }

    /// `- not b`
    fn not_after_sign(&mut self) -> Parse<()> {
        need!(self.token_of(&[Kind::Plus, Kind::Minus, Kind::Tilde]));
        let not = need!(self.token(Kind::Not));
        let operand = need!(self.factor());
        let loc = self.loc(not).to(operand.loc);
        self.raise(loc, "'not' after an operator must be parenthesized")
    }

    fn factor(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::Factor, |p| {
            alternative!(p, |p| {
                let start = need!(p.token_of(&[Kind::Plus, Kind::Minus, Kind::Tilde]));
                let operand = need!(p.factor());
                let node = UnaryOp { op: UnaryOperator::USub, operand };
                Ok(Some(p.expr(p.since(start), ExprKind::UnaryOp, node)))
            });
            let start = p.at;
            let left = need!(p.await_primary());
            let power = p.attempt(|p| {
                need!(p.token(Kind::DoubleStar));
                p.factor()
            })?;
            let Some(right) = power else { return Ok(Some(left)) };
            let node = BinOp { left, op: Operator::Pow, right };
            Ok(Some(p.expr(p.since(start), ExprKind::BinOp, node)))
        })
    }

    // Primaries

    fn await_primary(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::AwaitPrimary, |p| {
            alternative!(p, |p| {
                let start = need!(p.token(Kind::Await));
                let value = need!(p.primary());
                let newer = p.builder.since(5, "Await expressions are");
                need!(p.act(newer));
                Ok(Some(p.expr(p.since(start), ExprKind::Await, Await { value })))
            });
            p.primary()
        })
    }

    fn primary(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::Primary, |p| {
            let start = p.at;
            let mut found = need!(p.atom());
            while let Some(longer) = p.attempt(|p| p.trailer(start, found))? {
                found = longer;
            }
            Ok(Some(found))
        })
    }

    /// An attribute, a call or a subscript of what began at a token.
    pub(super) fn trailer(&mut self, start: usize, value: Expr<'a>) -> Parse<Expr<'a>> {
        let ctx = ExprContext::Load;
        match self.peek()? {
            Kind::Dot => {
                self.at += 1;
                let attr = need!(self.token(Kind::Name));
                let node = Attribute { value, attr: self.text(attr).into(), ctx };
                Ok(Some(self.expr(self.since(start), ExprKind::Attribute, node)))
            }
            Kind::Lpar => {
                if self.attempt(Self::generator_expression)?.is_none() {
                    need!(self.call_arguments());
                }
                let node = Call { func: value, args: &[], keywords: &[] };
                Ok(Some(self.expr(self.since(start), ExprKind::Call, node)))
            }
            Kind::Lsqb => {
                self.at += 1;
                let slice = need!(self.slices());
                need!(self.token(Kind::Rsqb));
                Ok(Some(self.expr(self.since(start), ExprKind::Subscript, Subscript { value, slice, ctx })))
            }
            _ => Ok(None),
        }
    }

    /// `(` arguments `)`
    fn call_arguments(&mut self) -> Parse<()> {
        need!(self.token(Kind::Lpar));
        need!(self.optional(Self::arguments));
        need!(self.token(Kind::Rpar));
        Ok(Some(()))
    }

    fn slices(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let slice = need!(p.slice());
            Ok((!p.next_is(Kind::Comma)?).then_some(slice))
        });
        let start = self.at;
        let items = need!(self.listed(|p| {
            alternative!(p, Self::slice);
            p.starred_expression()
        }));
        self.token(Kind::Comma)?;
        Ok(Some(self.tuple(start, &items)))
    }

    fn slice(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = p.at;
            need!(p.optional(Self::expression));
            need!(p.token(Kind::Colon));
            need!(p.optional(Self::expression));
            need!(p.optional(|p| {
                need!(p.token(Kind::Colon));
                p.optional(Self::expression)
            }));
            Ok(Some(p.expr(p.since(start), ExprKind::Slice, Slice { lower: None, upper: None, step: None })))
        });
        self.named_expression()
    }

    pub(super) fn atom(&mut self) -> Parse<Expr<'a>> {
        let constant = match self.peek()? {
            Kind::Name => return self.name(),
            Kind::True => ConstantValue::True,
            Kind::False => ConstantValue::False,
            Kind::None => ConstantValue::None,
            Kind::Ellipsis => ConstantValue::Ellipsis,
            Kind::String | Kind::FStringStart | Kind::TStringStart => return self.strings(),
            Kind::Number => return self.number(),
            Kind::Lpar => {
                alternative!(self, Self::tuple_display);
                alternative!(self, Self::group);
                return self.generator_expression();
            }
            Kind::Lsqb => {
                alternative!(self, Self::list);
                return self.list_comprehension();
            }
            Kind::Lbrace => {
                alternative!(self, Self::dict);
                alternative!(self, Self::set);
                alternative!(self, Self::dict_comprehension);
                return self.set_comprehension();
            }
            _ => return Ok(None),
        };
        self.at += 1;
        let loc = self.loc(self.at - 1);
        Ok(Some(self.builder.constant(constant, loc.start(), loc.end())))
    }

    pub(super) fn number(&mut self) -> Parse<Expr<'a>> {
        let index = need!(self.token(Kind::Number));
        let loc = self.loc(index);
        let number = self.builder.number(loc.start(), loc.end());
        self.act(number)
    }
}

/// `print` and `exec` were statements once.
fn is_legacy_statement(expr: Expr<'_>) -> bool {
    matches!(expr.kind, ExprKind::Name(name) if name.id == "print" || name.id == "exec")
}

const LESS_GREATER: &str = "invalid syntax.  Maybe you meant '!=' instead of '<>'?";

const SHIFT: u8 = 4;

fn precedence(op: Kind) -> Option<u8> {
    Some(match op {
        Kind::Vbar => 1,
        Kind::Circumflex => 2,
        Kind::Amper => 3,
        Kind::LeftShift | Kind::RightShift => SHIFT,
        Kind::Plus | Kind::Minus => 5,
        Kind::Star | Kind::Slash | Kind::DoubleSlash | Kind::Percent | Kind::At => 6,
        _ => return None,
    })
}
