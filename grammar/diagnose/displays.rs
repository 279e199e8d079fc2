//! Displays, comprehensions and groups: what stands in brackets.

use crate::ast::*;
use crate::targets::{TargetKind, invalid_target, refusal};
use crate::token::Kind;

use super::core::{Parse, Raised, Recogniser};
use super::expressions::{alternative, need};

/// A clause of a comprehension: where its last part stands.
pub(super) type Clause = Loc;

impl<'a> Recogniser<'a, '_> {
    fn display<T>(&self, start: usize, kind: fn(&'a T) -> ExprKind<'a>, node: T) -> Expr<'a> {
        let loc = self.since(start);
        self.builder.expr(loc.start(), loc.end(), kind, node)
    }

    pub(super) fn group(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            need!(p.token(Kind::Lpar));
            let inner = match p.attempt(Self::yield_expression)? {
                Some(inner) => inner,
                None => need!(p.named_expression()),
            };
            need!(p.token(Kind::Rpar));
            Ok(Some(inner))
        });
        self.mistake(|p| {
            need!(p.token(Kind::Lpar));
            let starred = need!(p.starred_expression());
            need!(p.token(Kind::Rpar));
            p.raise::<()>(starred.loc, "cannot use starred expression here")
        })?;
        self.mistake(|p| {
            need!(p.token(Kind::Lpar));
            let stars = need!(p.token(Kind::DoubleStar));
            need!(p.expression());
            need!(p.token(Kind::Rpar));
            let loc = p.loc(stars);
            p.raise::<()>(loc, "cannot use double starred expression here")
        })?;
        Ok(None)
    }

    pub(super) fn tuple_display(&mut self) -> Parse<Expr<'a>> {
        let start = need!(self.token(Kind::Lpar));
        let items = self.attempt(|p| {
            let mut items = vec![need!(p.star_named_expression())];
            need!(p.token(Kind::Comma));
            items.extend(p.attempt(Self::star_named_expressions)?.unwrap_or_default());
            Ok(Some(items))
        })?;
        need!(self.token(Kind::Rpar));
        Ok(Some(self.tuple(start, &items.unwrap_or_default())))
    }

    pub(super) fn list(&mut self) -> Parse<Expr<'a>> {
        let start = need!(self.token(Kind::Lsqb));
        let items = self.attempt(Self::star_named_expressions)?.unwrap_or_default();
        need!(self.token(Kind::Rsqb));
        let elts = self.builder.arena.alloc_slice_copy(&items);
        Ok(Some(self.display(start, ExprKind::List, List { elts, ctx: ExprContext::Load })))
    }

    pub(super) fn set(&mut self) -> Parse<Expr<'a>> {
        let start = need!(self.token(Kind::Lbrace));
        need!(self.star_named_expressions());
        need!(self.token(Kind::Rbrace));
        Ok(Some(self.display(start, ExprKind::Set, Set { elts: &[] })))
    }

    // Dicts

    pub(super) fn dict(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = need!(p.token(Kind::Lbrace));
            need!(p.optional(|p| {
                need!(p.listed(Self::dict_item));
                p.token(Kind::Comma)?;
                Ok(Some(()))
            }));
            need!(p.token(Kind::Rbrace));
            Ok(Some(p.display(start, ExprKind::Dict, Dict { keys: &[], values: &[] })))
        });
        self.mistake(|p| {
            need!(p.token(Kind::Lbrace));
            p.invalid_dict_items()?;
            Ok(Some(()))
        })?;
        Ok(None)
    }

    fn dict_item(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.token(Kind::DoubleStar));
            need!(p.bitwise_or());
            Ok(Some(()))
        });
        self.key_and_value()
    }

    fn key_and_value(&mut self) -> Parse<()> {
        need!(self.expression());
        need!(self.token(Kind::Colon));
        need!(self.expression());
        Ok(Some(()))
    }

    fn invalid_dict_items(&mut self) -> Result<(), Raised> {
        self.mistake(|p| {
            need!(p.listed(Self::dict_item));
            need!(p.token(Kind::Comma));
            p.mistake(|p| {
                let key = need!(p.expression());
                if p.next_is(Kind::Colon)? {
                    return Ok(None);
                }
                p.raise_key(key)
            })?;
            p.invalid_dict_value()?;
            Ok(Some(()))
        })?;
        self.invalid_dict_value()
    }

    fn invalid_dict_value(&mut self) -> Result<(), Raised> {
        self.mistake(|p| {
            need!(p.expression());
            need!(p.token(Kind::Colon));
            let star = need!(p.token(Kind::Star));
            need!(p.bitwise_or());
            let loc = p.loc(star);
            p.raise_from::<()>(loc, "cannot use a starred expression in a dictionary value")
        })?;
        self.mistake(|p| {
            need!(p.expression());
            let colon = need!(p.token(Kind::Colon));
            if !p.next_is_any(&[Kind::Rbrace, Kind::Comma])? {
                return Ok(None);
            }
            let loc = p.loc(colon);
            p.raise::<()>(loc, "expression expected after dictionary key and ':'")
        })
    }

    // Comprehensions

    pub(super) fn list_comprehension(&mut self) -> Parse<Expr<'a>> {
        self.comprehension(Kind::Lsqb, Kind::Rsqb, ExprKind::ListComp, Self::named_expression)
    }

    pub(super) fn set_comprehension(&mut self) -> Parse<Expr<'a>> {
        self.comprehension(Kind::Lbrace, Kind::Rbrace, ExprKind::SetComp, Self::named_expression)
    }

    pub(super) fn generator_expression(&mut self) -> Parse<Expr<'a>> {
        self.comprehension(Kind::Lpar, Kind::Rpar, ExprKind::GeneratorExp, |p| {
            alternative!(p, Self::assignment_expression);
            p.unnamed_expression()
        })
    }

    fn comprehension(
        &mut self,
        open: Kind,
        close: Kind,
        kind: fn(&'a Comp<'a>) -> ExprKind<'a>,
        element: fn(&mut Self) -> Parse<Expr<'a>>,
    ) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = need!(p.token(open));
            let elt = need!(element(p));
            need!(p.clauses());
            need!(p.token(close));
            Ok(Some(p.display(start, kind, Comp { elt, generators: &[] })))
        });
        if self.mistakes {
            self.invalid_comprehension()?;
        }
        Ok(None)
    }

    fn invalid_comprehension(&mut self) -> Result<(), Raised> {
        self.mistake(|p| {
            need!(p.token_of(&[Kind::Lsqb, Kind::Lpar, Kind::Lbrace]));
            let starred = need!(p.starred_expression());
            need!(p.clauses());
            p.raise::<()>(starred.loc, "iterable unpacking cannot be used in comprehension")
        })?;
        let message = "did you forget parentheses around the comprehension target?";
        self.mistake(|p| {
            need!(p.token_of(&[Kind::Lsqb, Kind::Lbrace]));
            let first = need!(p.star_named_expression());
            need!(p.token(Kind::Comma));
            let others = need!(p.star_named_expressions());
            need!(p.clauses());
            let last = others.last().map_or(first.loc, |last| last.loc);
            p.raise::<()>(first.loc.to(last), message)
        })?;
        self.mistake(|p| {
            need!(p.token_of(&[Kind::Lsqb, Kind::Lbrace]));
            let first = need!(p.star_named_expression());
            let comma = need!(p.token(Kind::Comma));
            need!(p.clauses());
            let loc = first.loc.to(p.loc(comma));
            p.raise::<()>(loc, message)
        })
    }

    pub(super) fn dict_comprehension(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = need!(p.token(Kind::Lbrace));
            need!(p.key_and_value());
            need!(p.clauses());
            need!(p.token(Kind::Rbrace));
            let nothing = p.placeholder();
            let node = DictComp { key: nothing, value: nothing, generators: &[] };
            Ok(Some(p.display(start, ExprKind::DictComp, node)))
        });
        self.mistake(|p| {
            need!(p.token(Kind::Lbrace));
            let stars = need!(p.token(Kind::DoubleStar));
            need!(p.bitwise_or());
            need!(p.clauses());
            need!(p.token(Kind::Rbrace));
            let loc = p.loc(stars);
            p.raise::<()>(loc, "dict unpacking cannot be used in dict comprehension")
        })?;
        Ok(None)
    }

    /// `for` clauses: where the last one's last part stands.
    pub(super) fn clauses(&mut self) -> Parse<Clause> {
        Ok(self.many(Self::clause)?.last().copied())
    }

    fn clause(&mut self) -> Parse<Clause> {
        let mut committed = false;
        let found = self.attempt(|p| {
            let is_async = p.token(Kind::Async)?.is_some();
            need!(p.token(Kind::For));
            need!(p.star_targets());
            need!(p.token(Kind::In));
            committed = true;
            let iter = need!(p.disjunction());
            let conditions = p.many(|p| {
                need!(p.token(Kind::If));
                p.disjunction()
            })?;
            if is_async {
                let newer = p.builder.since(6, "Async comprehensions are");
                need!(p.act(newer));
            }
            Ok(Some(conditions.last().unwrap_or(&iter).loc))
        })?;
        if found.is_some() || committed {
            return Ok(found);
        }
        self.mistake(|p| {
            p.token(Kind::Async)?;
            need!(p.token(Kind::For));
            need!(p.listed(Self::bitwise_or));
            p.token(Kind::Comma)?;
            if p.next_is(Kind::In)? {
                return Ok(None);
            }
            p.raise_last::<()>("'in' expected after for-loop variables")
        })?;
        self.mistake(Self::invalid_for_target)?;
        Ok(None)
    }

    /// `for` and what cannot be assigned to.
    pub(super) fn invalid_for_target(&mut self) -> Parse<()> {
        self.token(Kind::Async)?;
        need!(self.token(Kind::For));
        let target = need!(self.star_expressions());
        self.raise_unless_target(target, TargetKind::For)
    }

    /// Blames what is no target in an expression, if anything is.
    pub(super) fn raise_unless_target(&mut self, target: Expr<'a>, kind: TargetKind) -> Parse<()> {
        match invalid_target(target, kind) {
            Some(invalid) => self.raise(invalid.loc, refusal(invalid, kind)),
            None => Ok(None),
        }
    }
}
