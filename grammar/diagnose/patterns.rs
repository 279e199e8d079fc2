//! Patterns of `case`. A pattern yields a node that says only where it stands.

use crate::ast::*;
use crate::targets::describe;
use crate::token::Kind;

use super::core::{Parse, Recogniser, Rule};
use super::expressions::{alternative, need};

/// What makes a name more than a captured variable.
const NAME_GOES_ON: [Kind; 3] = [Kind::Dot, Kind::Lpar, Kind::Equal];

impl<'a> Recogniser<'a, '_> {
    fn place(&self, start: usize) -> Expr<'a> {
        Expr { loc: self.since(start), ..self.placeholder() }
    }

    pub(super) fn patterns(&mut self) -> Parse<()> {
        alternative!(self, Self::open_sequence);
        Ok(self.pattern()?.map(|_| ()))
    }

    fn open_sequence(&mut self) -> Parse<()> {
        need!(self.maybe_star_pattern());
        need!(self.token(Kind::Comma));
        self.attempt(Self::sequence_items)?;
        Ok(Some(()))
    }

    fn sequence_items(&mut self) -> Parse<()> {
        need!(self.listed(Self::maybe_star_pattern));
        self.token(Kind::Comma)?;
        Ok(Some(()))
    }

    fn maybe_star_pattern(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| p.remembered(Rule::StarPattern, |p| {
            let start = need!(p.token(Kind::Star));
            if p.attempt(Self::capture_target)?.is_none() {
                need!(p.soft_keyword("_"));
            }
            Ok(Some(p.place(start)))
        }));
        self.pattern()
    }

    fn pattern(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = p.at;
            need!(p.or_pattern());
            need!(p.token(Kind::As));
            need!(p.capture_target());
            Ok(Some(p.place(start)))
        });
        self.mistake(|p| {
            need!(p.or_pattern());
            need!(p.token(Kind::As));
            let wildcard = need!(p.soft_keyword("_"));
            let loc = p.loc(wildcard);
            p.raise::<()>(loc, "cannot use '_' as a target")
        })?;
        self.mistake(|p| {
            need!(p.or_pattern());
            need!(p.token(Kind::As));
            let target = need!(p.expression());
            p.raise::<()>(target.loc, format!("cannot use {} as pattern target", describe(target)))
        })?;
        self.attempt(Self::or_pattern)
    }

    fn or_pattern(&mut self) -> Parse<Expr<'a>> {
        let start = self.at;
        need!(self.separated(Kind::Vbar, Self::closed_pattern));
        Ok(Some(self.place(start)))
    }

    fn closed_pattern(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::ClosedPattern, |p| {
            alternative!(p, Self::literal);
            alternative!(p, Self::capture_target);
            alternative!(p, |p| {
                let wildcard = need!(p.soft_keyword("_"));
                Ok(Some(p.place(wildcard)))
            });
            alternative!(p, |p| {
                let value = need!(p.dotted_value());
                Ok((!p.next_is_any(&NAME_GOES_ON)?).then_some(value))
            });
            alternative!(p, |p| {
                need!(p.token(Kind::Lpar));
                let inner = need!(p.pattern());
                need!(p.token(Kind::Rpar));
                Ok(Some(inner))
            });
            alternative!(p, Self::sequence);
            alternative!(p, Self::mapping);
            p.class_pattern()
        })
    }

    /// A number, string or named constant, as a pattern or as a key.
    fn literal(&mut self) -> Parse<Expr<'a>> {
        let start = self.at;
        alternative!(self, |p| {
            need!(p.signed_number());
            Ok((!p.next_is_any(&[Kind::Plus, Kind::Minus])?).then_some(p.place(start)))
        });
        alternative!(self, Self::complex_number);
        alternative!(self, |p| {
            if !p.next_is_any(&[Kind::String, Kind::FStringStart, Kind::TStringStart])? {
                return Ok(None);
            }
            p.strings()
        });
        need!(self.token_of(&[Kind::None, Kind::True, Kind::False]));
        Ok(Some(self.place(start)))
    }

    fn signed_number(&mut self) -> Parse<Expr<'a>> {
        self.token(Kind::Minus)?;
        self.number()
    }

    fn complex_number(&mut self) -> Parse<Expr<'a>> {
        let start = self.at;
        let real = need!(self.signed_number());
        if is_imaginary(real) {
            return self.raise(real.loc, "real number required in complex literal");
        }
        need!(self.token_of(&[Kind::Plus, Kind::Minus]));
        let imaginary = need!(self.number());
        if !is_imaginary(imaginary) {
            return self.raise(imaginary.loc, "imaginary number required in complex literal");
        }
        Ok(Some(self.place(start)))
    }

    /// A name that is bound: not `_`, and nothing that a name begins.
    fn capture_target(&mut self) -> Parse<Expr<'a>> {
        if self.soft_keyword("_")?.is_some() {
            return Ok(None);
        }
        let name = need!(self.name());
        Ok((!self.next_is_any(&NAME_GOES_ON)?).then_some(name))
    }

    fn name_or_dotted(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, Self::dotted_value);
        self.name()
    }

    /// A name with at least one dot.
    fn dotted_value(&mut self) -> Parse<Expr<'a>> {
        let start = need!(self.token(Kind::Name));
        let parts = self.many(|p| {
            need!(p.token(Kind::Dot));
            p.token(Kind::Name)
        })?;
        Ok((!parts.is_empty()).then(|| self.place(start)))
    }

    fn sequence(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = need!(p.token(Kind::Lsqb));
            p.attempt(Self::sequence_items)?;
            need!(p.token(Kind::Rsqb));
            Ok(Some(p.place(start)))
        });
        let start = need!(self.token(Kind::Lpar));
        self.attempt(Self::open_sequence)?;
        need!(self.token(Kind::Rpar));
        Ok(Some(self.place(start)))
    }

    fn mapping(&mut self) -> Parse<Expr<'a>> {
        let start = need!(self.token(Kind::Lbrace));
        let items = self.attempt(|p| p.listed(Self::mapping_item))?;
        self.attempt(|p| {
            if items.is_some() {
                need!(p.token(Kind::Comma));
            }
            need!(p.token(Kind::DoubleStar));
            p.capture_target()
        })?;
        if self.at > start + 1 {
            self.token(Kind::Comma)?;
        }
        need!(self.token(Kind::Rbrace));
        Ok(Some(self.place(start)))
    }

    fn mapping_item(&mut self) -> Parse<()> {
        if self.attempt(Self::literal)?.is_none() {
            need!(self.dotted_value());
        }
        need!(self.token(Kind::Colon));
        need!(self.pattern());
        Ok(Some(()))
    }

    fn class_pattern(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, |p| {
            let start = p.at;
            need!(p.name_or_dotted());
            need!(p.token(Kind::Lpar));
            let positional = p.attempt(Self::positional_patterns)?;
            let keywords = p.attempt(|p| {
                if positional.is_some() {
                    need!(p.token(Kind::Comma));
                }
                p.keyword_patterns()
            })?;
            if positional.is_some() || keywords.is_some() {
                p.token(Kind::Comma)?;
            }
            need!(p.token(Kind::Rpar));
            Ok(Some(p.place(start)))
        });
        self.mistake(|p| {
            need!(p.name_or_dotted());
            need!(p.token(Kind::Lpar));
            p.attempt(|p| {
                need!(p.positional_patterns());
                p.token(Kind::Comma)
            })?;
            need!(p.keyword_patterns());
            need!(p.token(Kind::Comma));
            let patterns = need!(p.positional_patterns());
            let (Some(first), Some(last)) = (patterns.first(), patterns.last()) else { return Ok(None) };
            p.raise::<()>(first.loc.to(last.loc), "positional patterns follow keyword patterns")
        })?;
        Ok(None)
    }

    fn positional_patterns(&mut self) -> Parse<Vec<Expr<'a>>> {
        self.listed(Self::pattern)
    }

    fn keyword_patterns(&mut self) -> Parse<Vec<()>> {
        self.listed(|p| {
            need!(p.token(Kind::Name));
            need!(p.token(Kind::Equal));
            need!(p.pattern());
            Ok(Some(()))
        })
    }
}

fn is_imaginary(number: Expr<'_>) -> bool {
    matches!(number.kind, ExprKind::Constant(Constant { value: ConstantValue::Complex(_), .. }))
}
