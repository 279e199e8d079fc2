//! Arguments of calls, and their many wrong orders.

use crate::ast::*;
use crate::token::Kind;

use super::core::{Parse, Raised, Recogniser, Rule};
use super::expressions::{alternative, need};

/// What a list of arguments holds: the positional ones, and what keywords follow.
#[derive(Clone, Default)]
struct Arguments<'a> {
    positional: Vec<Expr<'a>>,
    /// `**x` is among the keywords.
    unpacks: bool,
}

/// An argument with a keyword or stars.
enum Keyword<'a> {
    Named,
    Starred(Expr<'a>),
    Unpacked,
}

impl<'a> Recogniser<'a, '_> {
    pub(super) fn arguments(&mut self) -> Parse<()> {
        self.remembered_end(Rule::Arguments, |p| {
            alternative!(p, |p| {
                need!(p.argument_list());
                p.token(Kind::Comma)?;
                Ok(p.next_is(Kind::Rpar)?.then_some(()))
            });
            if p.mistakes {
                p.invalid_arguments()?;
            }
            Ok(None)
        })
    }

    fn argument_list(&mut self) -> Parse<Arguments<'a>> {
        alternative!(self, |p| {
            let positional = need!(p.positional_arguments());
            let keywords = p.attempt(|p| {
                need!(p.token(Kind::Comma));
                p.keyword_arguments()
            })?;
            Ok(Some(sorted(positional, keywords.unwrap_or_default())))
        });
        let keywords = need!(self.keyword_arguments());
        Ok(Some(sorted(Vec::new(), keywords)))
    }

    fn positional_arguments(&mut self) -> Parse<Vec<Expr<'a>>> {
        self.listed(|p| {
            alternative!(p, Self::starred_expression);
            let found = match p.attempt(Self::assignment_expression)? {
                Some(found) => found,
                None => need!(p.unnamed_expression()),
            };
            Ok((!p.next_is(Kind::Equal)?).then_some(found))
        })
    }

    /// Keywords: first those among which `*x` may stand, then those among which `**x` may.
    fn keyword_arguments(&mut self) -> Parse<Vec<Keyword<'a>>> {
        alternative!(self, |p| {
            let mut keywords = need!(p.listed(Self::keyword_or_starred));
            need!(p.token(Kind::Comma));
            keywords.extend(need!(p.listed(Self::keyword_or_double_starred)));
            Ok(Some(keywords))
        });
        alternative!(self, |p| p.listed(Self::keyword_or_starred));
        self.listed(Self::keyword_or_double_starred)
    }

    fn keyword_or_starred(&mut self) -> Parse<Keyword<'a>> {
        if self.mistakes {
            self.invalid_keyword()?;
        }
        alternative!(self, Self::keyword);
        Ok(self.starred_expression()?.map(Keyword::Starred))
    }

    fn keyword_or_double_starred(&mut self) -> Parse<Keyword<'a>> {
        if self.mistakes {
            self.invalid_keyword()?;
        }
        alternative!(self, Self::keyword);
        self.attempt(|p| {
            need!(p.token(Kind::DoubleStar));
            need!(p.expression());
            Ok(Some(Keyword::Unpacked))
        })
    }

    fn keyword(&mut self) -> Parse<Keyword<'a>> {
        need!(self.name());
        need!(self.token(Kind::Equal));
        need!(self.expression());
        Ok(Some(Keyword::Named))
    }

    /// `*x`, in a call or a subscript.
    pub(super) fn starred_expression(&mut self) -> Parse<Expr<'a>> {
        self.mistake(|p| {
            let start = need!(p.token(Kind::Star));
            need!(p.expression());
            need!(p.token(Kind::Equal));
            let value = need!(p.expression());
            let loc = p.loc(start).to(value.loc);
            p.raise::<()>(loc, "cannot assign to iterable argument unpacking")
        })?;
        alternative!(self, |p| p.starred_by(Self::expression));
        self.mistake(|p| {
            need!(p.token(Kind::Star));
            p.raise_last::<()>("Invalid star expression")
        })?;
        Ok(None)
    }

    fn invalid_arguments(&mut self) -> Result<(), Raised> {
        let unparenthesised = "Generator expression must be parenthesized";
        self.mistake(|p| {
            need!(p.arguments_with_keywords());
            let comma = need!(p.token(Kind::Comma));
            need!(p.listed(|p| {
                let starred = need!(p.starred_expression());
                Ok((!p.next_is(Kind::Equal)?).then_some(starred))
            }));
            let loc = p.loc(comma);
            p.raise_from::<()>(loc, "iterable argument unpacking follows keyword argument unpacking")
        })?;
        self.mistake(|p| {
            let element = need!(p.expression());
            let last = need!(p.clauses());
            need!(p.token(Kind::Comma));
            need!(p.optional(|p| {
                alternative!(p, |p| Ok(p.argument_list()?.map(|_| ())));
                need!(p.expression());
                Ok(p.clauses()?.map(|_| ()))
            }));
            p.raise::<()>(element.loc.to(last), unparenthesised)
        })?;
        self.mistake(Self::keyword_with_clauses)?;
        self.mistake(|p| {
            p.attempt(|p| {
                need!(p.argument_list());
                p.token(Kind::Comma)
            })?;
            let start = p.at;
            need!(p.name());
            need!(p.token(Kind::Equal));
            let loc = p.since(start);
            if !p.next_is_any(&[Kind::Comma, Kind::Rpar])? {
                return Ok(None);
            }
            p.raise::<()>(loc, "expected argument value expression")
        })?;
        self.mistake(|p| {
            let arguments = need!(p.argument_list());
            let last = need!(p.clauses());
            match arguments.positional[..] {
                [_, .., element] => p.raise::<()>(element.loc.to(last), unparenthesised),
                _ => Ok(None),
            }
        })?;
        self.mistake(|p| {
            need!(p.argument_list());
            need!(p.token(Kind::Comma));
            let element = need!(p.expression());
            let last = need!(p.clauses());
            p.raise::<()>(element.loc.to(last), unparenthesised)
        })?;
        self.mistake(|p| {
            let arguments = need!(p.argument_list());
            need!(p.token(Kind::Comma));
            need!(p.argument_list());
            p.raise_last::<()>(if arguments.unpacks {
                "positional argument follows keyword argument unpacking"
            } else {
                "positional argument follows keyword argument"
            })
        })
    }

    /// Arguments that end in keywords.
    fn arguments_with_keywords(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.positional_arguments());
            need!(p.token(Kind::Comma));
            Ok(p.keyword_arguments()?.map(|_| ()))
        });
        Ok(self.keyword_arguments()?.map(|_| ()))
    }

    fn invalid_keyword(&mut self) -> Result<(), Raised> {
        self.mistake(|p| {
            let start = need!(p.token_of(&[Kind::True, Kind::False, Kind::None]));
            need!(p.token(Kind::Equal));
            let (loc, constant) = (p.since(start), p.text(start));
            p.raise::<()>(loc, format!("cannot assign to {constant}"))
        })?;
        self.mistake(Self::keyword_with_clauses)?;
        self.mistake(|p| {
            if p.ahead(|p| {
                need!(p.token(Kind::Name));
                p.token(Kind::Equal)
            })? {
                return Ok(None);
            }
            let target = need!(p.expression());
            let equal = need!(p.token(Kind::Equal));
            let loc = target.loc.to(p.loc(equal));
            p.raise::<()>(loc, "expression cannot contain assignment, perhaps you meant \"==\"?")
        })?;
        self.mistake(|p| {
            let start = need!(p.token(Kind::DoubleStar));
            need!(p.expression());
            need!(p.token(Kind::Equal));
            let value = need!(p.expression());
            let loc = p.loc(start).to(value.loc);
            p.raise::<()>(loc, "cannot assign to keyword argument unpacking")
        })
    }

    /// `f(a=b for b in c)`
    fn keyword_with_clauses(&mut self) -> Parse<()> {
        let start = self.at;
        need!(self.name());
        need!(self.token(Kind::Equal));
        let loc = self.since(start);
        need!(self.expression());
        need!(self.clauses());
        self.raise(loc, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
    }
}

fn sorted<'a>(mut positional: Vec<Expr<'a>>, keywords: Vec<Keyword<'a>>) -> Arguments<'a> {
    let mut unpacks = false;
    for keyword in keywords {
        match keyword {
            Keyword::Named => {}
            Keyword::Starred(value) => positional.push(value),
            Keyword::Unpacked => unpacks = true,
        }
    }
    Arguments { positional, unpacks }
}
