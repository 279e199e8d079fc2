//! Whole texts, and simple statements.

use crate::Mode;
use crate::ast::*;
use crate::targets::{TargetKind, describe};
use crate::token::Kind;

use super::core::{Parse, Raised, Recogniser, Rule};
use super::expressions::{alternative, need};

const AUGMENTED: [Kind; 13] = [
    Kind::PlusEqual,
    Kind::MinEqual,
    Kind::StarEqual,
    Kind::AtEqual,
    Kind::SlashEqual,
    Kind::PercentEqual,
    Kind::AmperEqual,
    Kind::VbarEqual,
    Kind::CircumflexEqual,
    Kind::LeftShiftEqual,
    Kind::RightShiftEqual,
    Kind::DoubleStarEqual,
    Kind::DoubleSlashEqual,
];

impl<'a> Recogniser<'a, '_> {
    /// The whole text.
    pub(super) fn top(&mut self) -> Parse<()> {
        match self.mode {
            Mode::Exec | Mode::Interactive => {
                self.attempt(Self::statements)?;
                need!(self.token(Kind::End));
            }
            Mode::Eval => {
                need!(self.expressions());
                self.many(|p| p.token(Kind::Newline))?;
                need!(self.token(Kind::End));
            }
            Mode::Single => return self.interactive_statement(),
            Mode::FuncType => {
                need!(self.token(Kind::Lpar));
                need!(self.optional(Self::type_expressions));
                need!(self.token(Kind::Rpar));
                need!(self.token(Kind::Rarrow));
                need!(self.expression());
                self.many(|p| p.token(Kind::Newline))?;
                need!(self.token(Kind::End));
            }
        }
        Ok(Some(()))
    }

    fn interactive_statement(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.compound_statement());
            need!(p.token(Kind::Newline));
            Ok(Some(()))
        });
        alternative!(self, Self::simple_statements);
        Ok(self.token(Kind::Newline)?.map(|_| ()))
    }

    fn type_expressions(&mut self) -> Parse<()> {
        let plain = self.attempt(|p| p.listed(Self::expression))?;
        let mut before = plain.is_some();
        for stars in [Kind::Star, Kind::DoubleStar] {
            let found = self.attempt(|p| {
                if before {
                    need!(p.token(Kind::Comma));
                }
                need!(p.token(stars));
                p.expression()
            })?;
            before |= found.is_some();
        }
        Ok(before.then_some(()))
    }

    pub(super) fn statements(&mut self) -> Parse<()> {
        let mut found = false;
        while self
            .attempt(|p| {
                alternative!(p, Self::compound_statement);
                p.simple_statements()
            })?
            .is_some()
        {
            found = true;
        }
        Ok(found.then_some(()))
    }

    pub(super) fn simple_statements(&mut self) -> Parse<()> {
        need!(self.separated(Kind::Semi, Self::simple_statement));
        self.token(Kind::Semi)?;
        need!(self.token(Kind::Newline));
        Ok(Some(()))
    }

    pub(super) fn simple_statement(&mut self) -> Parse<()> {
        self.remembered_end(Rule::SimpleStatement, |p| {
            alternative!(p, Self::assignment);
            alternative!(p, Self::type_alias);
            alternative!(p, |p| Ok(p.star_expressions()?.map(|_| ())));
            match p.peek()? {
                Kind::Return => {
                    p.at += 1;
                    p.attempt(Self::star_expressions)?;
                    Ok(Some(()))
                }
                Kind::Import | Kind::From => p.import(),
                Kind::Raise => p.raise_statement(),
                Kind::Del => p.del_statement(),
                Kind::Yield => Ok(p.yield_expression()?.map(|_| ())),
                Kind::Assert => p.assert_statement(),
                Kind::Pass | Kind::Break | Kind::Continue => {
                    p.at += 1;
                    Ok(Some(()))
                }
                Kind::Global | Kind::Nonlocal => {
                    p.at += 1;
                    Ok(p.listed(Self::name)?.map(|_| ()))
                }
                _ => Ok(None),
            }
        })
    }

    fn raise_statement(&mut self) -> Parse<()> {
        need!(self.token(Kind::Raise));
        if self.attempt(Self::expression)?.is_some() {
            self.attempt(|p| {
                need!(p.token(Kind::From));
                p.expression()
            })?;
        }
        Ok(Some(()))
    }

    fn assert_statement(&mut self) -> Parse<()> {
        need!(self.token(Kind::Assert));
        need!(self.expression());
        self.attempt(|p| {
            need!(p.token(Kind::Comma));
            p.expression()
        })?;
        Ok(Some(()))
    }

    fn del_statement(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.token(Kind::Del));
            need!(p.del_targets());
            Ok(p.next_is_any(&[Kind::Semi, Kind::Newline])?.then_some(()))
        });
        self.mistake(|p| {
            need!(p.token(Kind::Del));
            let targets = need!(p.star_expressions());
            p.raise_unless_target(targets, TargetKind::Del)
        })?;
        Ok(None)
    }

    fn type_alias(&mut self) -> Parse<()> {
        need!(self.soft_keyword("type"));
        need!(self.token(Kind::Name));
        need!(self.optional(Self::type_parameters));
        need!(self.token(Kind::Equal));
        need!(self.expression());
        let newer = self.builder.since(12, "Type statement is");
        self.act(newer)
    }

    // Assignments

    fn assignment(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.token(Kind::Name));
            p.annotation("Variable annotation syntax is")
        });
        alternative!(self, |p| {
            let target = p.attempt(|p| {
                need!(p.token(Kind::Lpar));
                need!(p.single_target());
                p.token(Kind::Rpar)
            })?;
            if target.is_none() {
                need!(p.attribute_or_subscript());
            }
            p.annotation("Variable annotations syntax is")
        });
        alternative!(self, |p| {
            let targets = p.many(Self::assigned_target)?;
            if targets.is_empty() {
                return Ok(None);
            }
            need!(p.annotated_rhs());
            if p.next_is(Kind::Equal)? {
                return Ok(None);
            }
            p.token(Kind::TypeComment)?;
            Ok(Some(()))
        });
        let mut committed = false;
        alternative!(self, |p| {
            need!(p.single_target());
            need!(p.token_of(&AUGMENTED));
            committed = true;
            Ok(p.annotated_rhs()?.map(|_| ()))
        });
        if self.mistakes && !committed {
            self.invalid_assignment()?;
        }
        Ok(None)
    }

    /// `: annotation = value`
    fn annotation(&mut self, what: &str) -> Parse<()> {
        need!(self.token(Kind::Colon));
        need!(self.expression());
        self.attempt(|p| {
            need!(p.token(Kind::Equal));
            p.annotated_rhs()
        })?;
        let newer = self.builder.since(6, what);
        self.act(newer)
    }

    fn assigned_target(&mut self) -> Parse<()> {
        need!(self.star_targets());
        Ok(self.token(Kind::Equal)?.map(|_| ()))
    }

    fn invalid_assignment(&mut self) -> Result<(), Raised> {
        self.mistake(|p| {
            let target = need!(p.list_or_tuple());
            need!(p.token(Kind::Colon));
            need!(p.expression());
            let what = describe(target);
            p.raise::<()>(target.loc, format!("only single target (not {what}) can be annotated"))
        })?;
        self.mistake(|p| {
            let first = need!(p.star_named_expression());
            need!(p.token(Kind::Comma));
            p.many(Self::star_named_expressions)?;
            need!(p.token(Kind::Colon));
            need!(p.expression());
            p.raise::<()>(first.loc, "only single target (not tuple) can be annotated")
        })?;
        self.mistake(|p| {
            let target = need!(p.expression());
            need!(p.token(Kind::Colon));
            need!(p.expression());
            p.raise::<()>(target.loc, "illegal target for annotation")
        })?;
        self.mistake(|p| {
            p.many(Self::assigned_target)?;
            let target = need!(p.star_expressions());
            need!(p.token(Kind::Equal));
            p.raise_unless_target(target, TargetKind::Star)
        })?;
        self.mistake(|p| {
            p.many(Self::assigned_target)?;
            let target = need!(p.yield_expression());
            need!(p.token(Kind::Equal));
            p.raise::<()>(target.loc, "assignment to yield expression not possible")
        })?;
        self.mistake(|p| {
            let target = need!(p.star_expressions());
            need!(p.token_of(&AUGMENTED));
            need!(p.annotated_rhs());
            let what = describe(target);
            p.raise::<()>(target.loc, format!("'{what}' is an illegal expression for augmented assignment"))
        })
    }

    /// A list or tuple display, or one in parentheses.
    fn list_or_tuple(&mut self) -> Parse<Expr<'a>> {
        alternative!(self, Self::list);
        alternative!(self, Self::tuple_display);
        self.attempt(|p| {
            need!(p.token(Kind::Lpar));
            let inner = need!(p.list_or_tuple());
            need!(p.token(Kind::Rpar));
            Ok(Some(inner))
        })
    }

    // Imports

    fn import(&mut self) -> Parse<()> {
        self.mistake(|p| {
            let import = need!(p.token(Kind::Import));
            need!(p.listed(Self::dotted_name));
            need!(p.token(Kind::From));
            need!(p.dotted_name());
            let loc = p.loc(import);
            p.raise_from::<()>(loc, "Did you mean to use 'from ... import ...' instead?")
        })?;
        self.mistake(|p| {
            need!(p.token(Kind::Import));
            p.names_expected()
        })?;
        alternative!(self, |p| {
            need!(p.token(Kind::Import));
            Ok(p.listed(Self::dotted_alias)?.map(|_| ()))
        });
        need!(self.token(Kind::From));
        let dots = self.many(|p| p.token_of(&[Kind::Dot, Kind::Ellipsis]))?;
        let module = self.attempt(|p| {
            let start = need!(p.dotted_name());
            need!(p.token(Kind::Import));
            let names = p.at;
            need!(p.imported_names());
            Ok(Some((start, names)))
        })?;
        if let Some((start, names)) = module {
            self.note_future_import(dots.is_empty(), start, names);
            return Ok(Some(()));
        }
        if dots.is_empty() {
            return Ok(None);
        }
        need!(self.token(Kind::Import));
        self.imported_names()
    }

    /// `from __future__ import barry_as_FLUFL` changes what is read from here on.
    fn note_future_import(&mut self, absolute: bool, module: usize, names: usize) {
        let barry = || (names..self.at).any(|index| self.text(index) == "barry_as_FLUFL");
        if absolute && self.text(module) == "__future__" && barry() {
            self.builder.options.barry_as_flufl = true;
        }
    }

    /// The end of the line where names should be.
    fn names_expected(&mut self) -> Parse<()> {
        let newline = need!(self.token(Kind::Newline));
        self.raise_from_line_end(newline, "Expected one or more names after 'import'")
    }

    fn imported_names(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.token(Kind::Lpar));
            need!(p.listed(Self::imported_alias));
            p.token(Kind::Comma)?;
            Ok(p.token(Kind::Rpar)?.map(|_| ()))
        });
        alternative!(self, |p| {
            need!(p.listed(Self::imported_alias));
            Ok((!p.next_is(Kind::Comma)?).then_some(()))
        });
        alternative!(self, |p| Ok(p.token(Kind::Star)?.map(|_| ())));
        self.mistake(|p| {
            need!(p.listed(Self::imported_alias));
            need!(p.token(Kind::Comma));
            need!(p.token(Kind::Newline));
            p.raise_last::<()>("trailing comma not allowed without surrounding parentheses")
        })?;
        self.mistake(Self::names_expected)?;
        Ok(None)
    }

    fn imported_alias(&mut self) -> Parse<()> {
        self.alias(|p| p.token(Kind::Name))
    }

    fn dotted_alias(&mut self) -> Parse<()> {
        self.alias(Self::dotted_name)
    }

    fn alias(&mut self, name: fn(&mut Self) -> Parse<usize>) -> Parse<()> {
        self.mistake(|p| {
            need!(name(p));
            need!(p.token(Kind::As));
            if p.ahead(|p| {
                need!(p.token(Kind::Name));
                p.token_of(&[Kind::Comma, Kind::Rpar, Kind::Semi, Kind::Newline])
            })? {
                return Ok(None);
            }
            let target = need!(p.expression());
            p.raise::<()>(target.loc, format!("cannot use {} as import target", describe(target)))
        })?;
        need!(name(self));
        self.attempt(|p| {
            need!(p.token(Kind::As));
            p.token(Kind::Name)
        })?;
        Ok(Some(()))
    }

    fn dotted_name(&mut self) -> Parse<usize> {
        let start = need!(self.token(Kind::Name));
        self.many(|p| {
            need!(p.token(Kind::Dot));
            p.token(Kind::Name)
        })?;
        Ok(Some(start))
    }
}
