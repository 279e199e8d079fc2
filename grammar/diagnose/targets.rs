//! Targets of assignments, loops and `del`: expressions of a few forms, told by what follows them.

use crate::ast::*;
use crate::token::Kind;

use super::core::{Parse, Recogniser, Rule};
use super::expressions::{alternative, need};

impl<'a> Recogniser<'a, '_> {
    pub(super) fn star_targets(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let only = need!(p.star_target());
            Ok((!p.next_is(Kind::Comma)?).then_some(only))
        });
        let start = self.at;
        let targets = need!(self.listed(Self::star_target));
        self.token(Kind::Comma)?;
        Ok(Some(self.tuple(start, &targets)))
    }

    pub(super) fn star_target(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::StarTarget, |p| {
            alternative!(p, |p| {
                need!(p.token(Kind::Star));
                if p.next_is(Kind::Star)? {
                    return Ok(None);
                }
                p.star_target()
            });
            p.target_with_star_atom()
        })
    }

    fn target_with_star_atom(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::TargetWithStarAtom, |p| {
            alternative!(p, Self::attribute_or_subscript);
            p.star_atom()
        })
    }

    fn star_atom(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, Self::name);
        alternative!(self, |p| p.parenthesised(Self::target_with_star_atom));
        alternative!(self, |p| {
            need!(p.token(Kind::Lpar));
            need!(p.optional(Self::star_targets_with_comma));
            need!(p.token(Kind::Rpar));
            Ok(Some(p.placeholder()))
        });
        need!(self.token(Kind::Lsqb));
        need!(self.optional(|p| {
            need!(p.listed(Self::star_target));
            p.token(Kind::Comma)?;
            Ok(Some(()))
        }));
        need!(self.token(Kind::Rsqb));
        Ok(Some(self.placeholder()))
    }

    /// Targets with at least one comma.
    fn star_targets_with_comma(&mut self) -> Parse<()> {
        let count = need!(self.listed(Self::star_target)).len();
        let comma = self.token(Kind::Comma)?.is_some();
        Ok((count > 1 || comma).then_some(()))
    }

    fn parenthesised(&mut self, rule: fn(&mut Self) -> Parse<Expr<'a>>) -> Parse<Expr<'a>> {
        need!(self.token(Kind::Lpar));
        let inner = need!(rule(self));
        need!(self.token(Kind::Rpar));
        Ok(Some(inner))
    }

    pub(super) fn single_target(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, Self::attribute_or_subscript);
        alternative!(self, Self::name);
        self.attempt(|p| p.parenthesised(Self::single_target))
    }

    /// An attribute or subscript that is not itself the start of something longer.
    pub(super) fn attribute_or_subscript(&mut self) -> Parse<Expr<'a>> {
        let start = self.at;
        let value = need!(self.target_primary());
        if self.next_is(Kind::Lpar)? {
            return Ok(None);
        }
        let found = need!(self.trailer(start, value));
        Ok((!self.target_goes_on()?).then_some(found))
    }

    /// What stands before the last attribute or subscript of a target.
    fn target_primary(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::TargetPrimary, |p| {
            let start = p.at;
            let mut found = need!(p.atom());
            if !p.target_goes_on()? {
                return Ok(None);
            }
            while let Some(longer) = p.attempt(|p| {
                let longer = need!(p.trailer(start, found));
                Ok(p.target_goes_on()?.then_some(longer))
            })? {
                found = longer;
            }
            Ok(Some(found))
        })
    }

    fn target_goes_on(&mut self) -> Result<bool, super::core::Raised> {
        self.next_is_any(&[Kind::Lpar, Kind::Lsqb, Kind::Dot])
    }

    pub(super) fn del_targets(&mut self) -> Parse<()> {
        need!(self.listed(Self::del_target));
        self.token(Kind::Comma)?;
        Ok(Some(()))
    }

    fn del_target(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::DelTarget, |p| {
            alternative!(p, Self::attribute_or_subscript);
            alternative!(p, Self::name);
            alternative!(p, |p| p.parenthesised(Self::del_target));
            for (open, close) in [(Kind::Lpar, Kind::Rpar), (Kind::Lsqb, Kind::Rsqb)] {
                alternative!(p, |p| {
                    need!(p.token(open));
                    need!(p.optional(Self::del_targets));
                    need!(p.token(close));
                    Ok(Some(p.placeholder()))
                });
            }
            Ok(None)
        })
    }
}
