//! Parameters of functions and lambdas, and of types.

use crate::ast::*;
use crate::token::Kind;

use super::core::{Parse, Raised, Recogniser, Rule};
use super::expressions::{alternative, need};

/// Whose parameters they are: a function's may have annotations and end in `)`, a lambda's end in `:`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Function,
    Lambda,
}

impl Owner {
    fn close(self) -> Kind {
        match self {
            Self::Function => Kind::Rpar,
            Self::Lambda => Kind::Colon,
        }
    }
}

/// Whether a parameter has a default.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Default {
    No,
    Yes,
    Maybe,
}

impl Recogniser<'_, '_> {
    pub(super) fn parameters(&mut self) -> Parse<()> {
        self.parameters_of(Owner::Function)
    }

    pub(super) fn lambda_parameters(&mut self) -> Parse<()> {
        self.parameters_of(Owner::Lambda)
    }

    fn parameters_of(&mut self, owner: Owner) -> Parse<()> {
        if self.mistakes {
            self.invalid_parameters(owner)?;
        }
        alternative!(self, |p| {
            need!(p.slash_after(owner, Default::No));
            p.some(owner, Default::No)?;
            p.some(owner, Default::Yes)?;
            p.optional_star(owner)
        });
        alternative!(self, |p| {
            need!(p.slash_after(owner, Default::Yes));
            p.some(owner, Default::Yes)?;
            p.optional_star(owner)
        });
        alternative!(self, |p| {
            need!(p.at_least_one(owner, Default::No));
            p.some(owner, Default::Yes)?;
            p.optional_star(owner)
        });
        alternative!(self, |p| {
            need!(p.at_least_one(owner, Default::Yes));
            p.optional_star(owner)
        });
        self.attempt(|p| p.star_parameters(owner))
    }

    /// Parameters, the last ones with defaults if so asked, and `/` after them.
    fn slash_after(&mut self, owner: Owner, default: Default) -> Parse<()> {
        self.attempt(|p| {
            if default == Default::Yes {
                p.some(owner, Default::No)?;
            }
            need!(p.at_least_one(owner, default));
            need!(p.token(Kind::Slash));
            p.comma_or_close(owner)
        })
    }

    fn either_slash(&mut self, owner: Owner) -> Parse<()> {
        alternative!(self, |p| p.slash_after(owner, Default::No));
        self.slash_after(owner, Default::Yes)
    }

    fn comma_or_close(&mut self, owner: Owner) -> Parse<()> {
        let comma = self.token(Kind::Comma)?.is_some();
        Ok((comma || self.next_is(owner.close())?).then_some(()))
    }

    fn some(&mut self, owner: Owner, default: Default) -> Result<usize, Raised> {
        Ok(self.many(|p| p.parameter_and_comma(owner, default))?.len())
    }

    fn at_least_one(&mut self, owner: Owner, default: Default) -> Parse<()> {
        Ok((self.some(owner, default)? > 0).then_some(()))
    }

    /// A parameter with its comma, or before the end.
    fn parameter_and_comma(&mut self, owner: Owner, default: Default) -> Parse<Loc> {
        let loc = need!(self.parameter(owner));
        let has_default = default != Default::No && self.attempt(Self::default)?.is_some();
        if default == Default::Yes && !has_default {
            return Ok(None);
        }
        need!(self.parameter_end(owner));
        Ok(Some(loc))
    }

    fn parameter_end(&mut self, owner: Owner) -> Parse<()> {
        let comma = self.token(Kind::Comma)?.is_some();
        if owner == Owner::Function {
            self.token(Kind::TypeComment)?;
        }
        Ok((comma || self.next_is(owner.close())?).then_some(()))
    }

    fn parameter(&mut self, owner: Owner) -> Parse<Loc> {
        let start = need!(self.token(Kind::Name));
        if owner == Owner::Function {
            self.attempt(|p| {
                need!(p.token(Kind::Colon));
                p.expression()
            })?;
        }
        Ok(Some(self.since(start)))
    }

    fn default(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.token(Kind::Equal));
            need!(p.expression());
            Ok(Some(()))
        });
        self.mistake(|p| {
            let equal = need!(p.token(Kind::Equal));
            if !p.next_is_any(&[Kind::Rpar, Kind::Comma])? {
                return Ok(None);
            }
            let loc = p.loc(equal);
            p.raise::<()>(loc, "expected default value expression")
        })?;
        Ok(None)
    }

    fn optional_star(&mut self, owner: Owner) -> Parse<()> {
        Ok(self.optional(|p| p.star_parameters(owner))?.map(|_| ()))
    }

    /// `*` or `**`, and what may follow.
    fn star_parameters(&mut self, owner: Owner) -> Parse<()> {
        if self.mistakes {
            self.invalid_star(owner)?;
        }
        alternative!(self, |p| {
            need!(p.token(Kind::Star));
            need!(p.parameter_and_comma(owner, Default::No));
            p.after_star(owner)
        });
        if owner == Owner::Function {
            alternative!(self, |p| {
                need!(p.token(Kind::Star));
                need!(p.token(Kind::Name));
                need!(p.token(Kind::Colon));
                need!(p.star_expression());
                need!(p.parameter_end(owner));
                p.after_star(owner)
            });
        }
        alternative!(self, |p| {
            need!(p.token(Kind::Star));
            need!(p.token(Kind::Comma));
            need!(p.at_least_one(owner, Default::Maybe));
            Ok(p.optional(|p| p.double_star(owner))?.map(|_| ()))
        });
        self.attempt(|p| p.double_star(owner))
    }

    fn after_star(&mut self, owner: Owner) -> Parse<()> {
        self.some(owner, Default::Maybe)?;
        Ok(self.optional(|p| p.double_star(owner))?.map(|_| ()))
    }

    fn double_star(&mut self, owner: Owner) -> Parse<()> {
        if self.mistakes {
            self.invalid_double_star(owner)?;
        }
        need!(self.token(Kind::DoubleStar));
        need!(self.parameter_and_comma(owner, Default::No));
        Ok(Some(()))
    }

    fn invalid_parameters(&mut self, owner: Owner) -> Result<(), Raised> {
        self.mistake(|p| {
            let slash = need!(p.token(Kind::Slash));
            need!(p.token(Kind::Comma));
            p.raise_at::<()>(slash, "at least one argument must precede /")
        })?;
        self.mistake(|p| {
            need!(p.either_slash(owner));
            p.some(owner, Default::Maybe)?;
            let slash = need!(p.token(Kind::Slash));
            p.raise_at::<()>(slash, "/ may appear only once")
        })?;
        self.mistake(|p| {
            p.slash_after(owner, Default::No)?;
            p.some(owner, Default::No)?;
            if p.slash_after(owner, Default::Yes)?.is_none() {
                need!(p.at_least_one(owner, Default::Yes));
            }
            let loc = need!(p.parameter_and_comma(owner, Default::No));
            p.raise::<()>(loc, "parameter without a default follows parameter with a default")
        })?;
        self.mistake(|p| {
            p.some(owner, Default::No)?;
            let open = need!(p.token(Kind::Lpar));
            match owner {
                Owner::Function => need!(p.at_least_one(owner, Default::No)),
                Owner::Lambda => need!(p.listed(|p| p.parameter(owner)).map(|found| found.map(|_| ()))),
            }
            p.token(Kind::Comma)?;
            need!(p.token(Kind::Rpar));
            let loc = p.since(open);
            p.raise::<()>(
                loc,
                match owner {
                    Owner::Function => "Function parameters cannot be parenthesized",
                    Owner::Lambda => "Lambda expression parameters cannot be parenthesized",
                },
            )
        })?;
        self.mistake(|p| {
            p.attempt(|p| p.either_slash(owner))?;
            p.some(owner, Default::Maybe)?;
            need!(p.token(Kind::Star));
            need!(p.comma_or_parameter(owner));
            p.some(owner, Default::Maybe)?;
            let slash = need!(p.token(Kind::Slash));
            p.raise_at::<()>(slash, "/ must be ahead of *")
        })?;
        self.mistake(|p| {
            need!(p.at_least_one(owner, Default::Maybe));
            need!(p.token(Kind::Slash));
            let star = need!(p.token(Kind::Star));
            p.raise_at::<()>(star, "expected comma between / and *")
        })
    }

    fn comma_or_parameter(&mut self, owner: Owner) -> Parse<()> {
        if self.token(Kind::Comma)?.is_some() {
            return Ok(Some(()));
        }
        Ok(self.attempt(|p| p.parameter_and_comma(owner, Default::No))?.map(|_| ()))
    }

    fn invalid_star(&mut self, owner: Owner) -> Result<(), Raised> {
        self.mistake(|p| {
            let star = need!(p.token(Kind::Star));
            let comma = p.token(Kind::Comma)?.is_some();
            let bare = p.token(owner.close())?.is_some() || (comma && p.token(Kind::DoubleStar)?.is_some());
            let message = "named arguments must follow bare *";
            match (bare, owner) {
                (false, _) => Ok(None),
                (true, Owner::Function) => p.raise_at::<()>(star, message),
                (true, Owner::Lambda) => p.raise_last(message),
            }
        })?;
        self.mistake(|p| {
            need!(p.token(Kind::Star));
            need!(p.token(Kind::Comma));
            need!(p.token(Kind::TypeComment));
            p.raise_last::<()>("bare * has associated type comment")
        })?;
        self.mistake(|p| {
            need!(p.token(Kind::Star));
            need!(p.parameter(owner));
            let equal = need!(p.token(Kind::Equal));
            p.raise_at::<()>(equal, "var-positional argument cannot have default value")
        })?;
        self.mistake(|p| {
            need!(p.token(Kind::Star));
            need!(p.parameter_or_comma(owner));
            p.some(owner, Default::Maybe)?;
            let star = need!(p.token(Kind::Star));
            need!(p.parameter_or_comma(owner));
            p.raise_at::<()>(star, "* argument may appear only once")
        })
    }

    fn parameter_or_comma(&mut self, owner: Owner) -> Parse<()> {
        alternative!(self, |p| Ok(p.parameter_and_comma(owner, Default::No)?.map(|_| ())));
        Ok(self.token(Kind::Comma)?.map(|_| ()))
    }

    fn invalid_double_star(&mut self, owner: Owner) -> Result<(), Raised> {
        let message = "arguments cannot follow var-keyword argument";
        self.mistake(|p| {
            need!(p.token(Kind::DoubleStar));
            need!(p.parameter(owner));
            let equal = need!(p.token(Kind::Equal));
            p.raise_at::<()>(equal, "var-keyword argument cannot have default value")
        })?;
        self.mistake(|p| {
            need!(p.token(Kind::DoubleStar));
            need!(p.parameter(owner));
            need!(p.token(Kind::Comma));
            let loc = need!(p.parameter(owner));
            p.raise::<()>(loc, message)
        })?;
        self.mistake(|p| {
            need!(p.token(Kind::DoubleStar));
            need!(p.parameter(owner));
            need!(p.token(Kind::Comma));
            let next = need!(p.token_of(&[Kind::Star, Kind::DoubleStar, Kind::Slash]));
            p.raise_at::<()>(next, message)
        })
    }

    fn raise_at<T>(&mut self, token: usize, message: &str) -> Parse<T> {
        let loc = self.loc(token);
        self.raise(loc, message)
    }

    // Type parameters

    pub(super) fn type_parameters(&mut self) -> Parse<()> {
        self.mistake(|p| {
            need!(p.token(Kind::Lsqb));
            let close = need!(p.token(Kind::Rsqb));
            let loc = p.loc(close);
            p.raise_from::<()>(loc, "Type parameter list cannot be empty")
        })?;
        need!(self.token(Kind::Lsqb));
        need!(self.listed(Self::type_parameter));
        self.token(Kind::Comma)?;
        need!(self.token(Kind::Rsqb));
        let newer = self.builder.since(12, "Type parameter lists are");
        self.act(newer)
    }

    fn type_parameter(&mut self) -> Parse<()> {
        self.remembered_end(Rule::TypeParam, |p| {
            alternative!(p, |p| {
                need!(p.token(Kind::Name));
                p.attempt(|p| {
                    need!(p.token(Kind::Colon));
                    p.expression()
                })?;
                p.type_default(Self::expression)
            });
            p.mistake(|p| p.invalid_bound(Kind::Star, "TypeVarTuple"))?;
            p.mistake(|p| p.invalid_bound(Kind::DoubleStar, "ParamSpec"))?;
            alternative!(p, |p| {
                need!(p.token(Kind::Star));
                need!(p.token(Kind::Name));
                p.type_default(Self::star_expression)
            });
            need!(p.token(Kind::DoubleStar));
            need!(p.token(Kind::Name));
            p.type_default(Self::expression)
        })
    }

    fn type_default<'a>(&mut self, value: fn(&mut Self) -> Parse<Expr<'a>>) -> Parse<()> {
        let found = self.attempt(|p| {
            need!(p.token(Kind::Equal));
            value(p)
        })?;
        if found.is_none() {
            return Ok(Some(()));
        }
        let newer = self.builder.since(13, "Type parameter defaults are");
        self.act(newer)
    }

    fn invalid_bound(&mut self, star: Kind, class: &str) -> Parse<()> {
        need!(self.token(star));
        need!(self.token(Kind::Name));
        let colon = need!(self.token(Kind::Colon));
        let bound = need!(self.expression());
        let what = if matches!(bound.kind, ExprKind::Tuple(_)) { "constraints" } else { "bound" };
        let loc = self.loc(colon);
        self.raise_from(loc, format!("cannot use {what} with {class}"))
    }
}
