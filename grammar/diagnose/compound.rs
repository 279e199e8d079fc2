//! Compound statements: a line that ends in a colon, and a block.

use crate::token::Kind;

use super::core::{Parse, Raised, Recogniser, Rule};
use super::expressions::{alternative, need};
use crate::targets::{TargetKind, describe};

impl Recogniser<'_, '_> {
    pub(super) fn compound_statement(&mut self) -> Parse<()> {
        let kind = self.peek()?;
        if matches!(kind, Kind::Def | Kind::At | Kind::Async) {
            alternative!(self, |p| p.decorated(Self::function));
        }
        let mut start = self.at;
        let parsed = if matches!(kind, Kind::Class | Kind::At) {
            self.attempt(|p| {
                p.decorated(|p| {
                    start = p.at;
                    p.class()
                })
            })
        } else {
            self.plain_compound_statement(kind)
        };
        if let Ok(Some(())) = parsed {
            self.note_compound(start);
        }
        parsed
    }

    /// One that is no definition.
    fn plain_compound_statement(&mut self, kind: Kind) -> Parse<()> {
        if kind == Kind::If {
            return self.attempt(Self::if_statement);
        }
        if matches!(kind, Kind::With | Kind::Async) {
            alternative!(self, Self::with_statement);
        }
        if matches!(kind, Kind::For | Kind::Async) {
            alternative!(self, Self::for_statement);
        }
        match kind {
            Kind::Try => self.attempt(Self::try_statement),
            Kind::While => self.attempt(Self::while_statement),
            _ => self.attempt(Self::match_statement),
        }
    }

    fn block(&mut self) -> Parse<()> {
        self.remembered_end(Rule::Block, |p| {
            alternative!(p, |p| {
                need!(p.token(Kind::Newline));
                need!(p.token(Kind::Indent));
                need!(p.statements());
                Ok(p.token(Kind::Dedent)?.map(|_| ()))
            });
            alternative!(p, Self::simple_statements);
            p.mistake(|p| p.missing_block(None))?;
            Ok(None)
        })
    }

    /// A line end that no indentation follows.
    fn missing_block(&mut self, after: Option<(&str, usize)>) -> Parse<()> {
        need!(self.token(Kind::Newline));
        if self.next_is(Kind::Indent)? {
            return Ok(None);
        }
        self.raise_indentation(match after {
            Some((what, keyword)) => {
                format!("expected an indented block after {what} on line {}", self.line_of(keyword))
            }
            None => "expected an indented block".to_owned(),
        })
    }

    /// What can be wrong after the head of a statement: no colon, or no block after it.
    fn invalid_end(&mut self, what: &str, head: impl Fn(&mut Self) -> Parse<usize>) -> Result<(), Raised> {
        self.mistake(|p| {
            need!(head(p));
            p.colon_expected()
        })?;
        self.block_expected(what, head)
    }

    /// No colon at the end of the line.
    fn colon_expected(&mut self) -> Parse<()> {
        need!(self.token(Kind::Newline));
        self.raise_last("expected ':'")
    }

    /// No block after a head and its colon.
    fn block_expected(&mut self, what: &str, head: impl Fn(&mut Self) -> Parse<usize>) -> Result<(), Raised> {
        self.mistake(|p| {
            let keyword = need!(head(p));
            need!(p.token(Kind::Colon));
            p.missing_block(Some((what, keyword)))
        })
    }

    fn line_of(&self, token: usize) -> i32 {
        self.builder.source.line_and_column(self.loc(token).start()).0
    }

    /// A keyword and a condition.
    fn condition(&mut self, keyword: Kind) -> Parse<usize> {
        let start = need!(self.token(keyword));
        need!(self.named_expression());
        Ok(Some(start))
    }

    // if, while

    fn if_statement(&mut self) -> Parse<()> {
        self.conditional_block(Kind::If, "'if' statement")
    }

    fn elif(&mut self) -> Parse<()> {
        self.conditional_block(Kind::Elif, "'elif' statement")
    }

    fn conditional_block(&mut self, keyword: Kind, what: &str) -> Parse<()> {
        if self.mistakes {
            self.invalid_end(what, |p| p.condition(keyword))?;
        }
        need!(self.condition(keyword));
        need!(self.token(Kind::Colon));
        need!(self.block());
        if self.attempt(Self::elif)?.is_none() {
            self.attempt(Self::else_block)?;
        }
        Ok(Some(()))
    }

    fn else_block(&mut self) -> Parse<()> {
        self.block_expected("'else' statement", |p| p.token(Kind::Else))?;
        self.mistake(|p| {
            need!(p.token(Kind::Else));
            need!(p.token(Kind::Colon));
            need!(p.block());
            need!(p.token(Kind::Elif));
            p.raise_last::<()>("'elif' block follows an 'else' block")
        })?;
        need!(self.token(Kind::Else));
        need!(self.forced(Kind::Colon, ":"));
        self.block()
    }

    fn while_statement(&mut self) -> Parse<()> {
        if self.mistakes {
            self.invalid_end("'while' statement", |p| p.condition(Kind::While))?;
        }
        need!(self.condition(Kind::While));
        need!(self.token(Kind::Colon));
        need!(self.block());
        self.attempt(Self::else_block)?;
        Ok(Some(()))
    }

    // for

    fn for_statement(&mut self) -> Parse<()> {
        if self.mistakes {
            self.invalid_end("'for' statement", |p| {
                p.token(Kind::Async)?;
                let keyword = need!(p.token(Kind::For));
                need!(p.star_targets());
                need!(p.token(Kind::In));
                need!(p.star_expressions());
                Ok(Some(keyword))
            })?;
        }
        let mut committed = false;
        alternative!(self, |p| {
            let is_async = p.token(Kind::Async)?.is_some();
            need!(p.token(Kind::For));
            need!(p.star_targets());
            need!(p.token(Kind::In));
            committed = true;
            need!(p.star_expressions());
            need!(p.token(Kind::Colon));
            p.token(Kind::TypeComment)?;
            need!(p.block());
            p.attempt(Self::else_block)?;
            p.since_if(is_async, 5, "Async for loops are")
        });
        if !committed {
            self.mistake(Self::invalid_for_target)?;
        }
        Ok(None)
    }

    fn since_if(&mut self, newer: bool, version: u8, what: &str) -> Parse<()> {
        let checked = if newer { self.builder.since(version, what) } else { Ok(()) };
        self.act(checked)
    }

    // with

    fn with_statement(&mut self) -> Parse<()> {
        let what = "'with' statement";
        self.block_expected(what, |p| p.with_head(false))?;
        self.block_expected(what, |p| p.with_head(true))?;
        for parenthesised in [true, false] {
            alternative!(self, |p| {
                let is_async = p.token(Kind::Async)?.is_some();
                need!(p.token(Kind::With));
                need!(p.with_items(parenthesised));
                need!(p.token(Kind::Colon));
                p.token(Kind::TypeComment)?;
                need!(p.block());
                p.since_if(is_async, 5, "Async with statements are")
            });
        }
        for parenthesised in [false, true] {
            self.mistake(|p| {
                need!(p.with_head(parenthesised));
                p.colon_expected()
            })?;
        }
        Ok(None)
    }

    fn with_items(&mut self, parenthesised: bool) -> Parse<()> {
        if !parenthesised {
            return Ok(self.listed(Self::with_item)?.map(|_| ()));
        }
        need!(self.token(Kind::Lpar));
        need!(self.listed(Self::with_item));
        self.token(Kind::Comma)?;
        Ok(self.token(Kind::Rpar)?.map(|_| ()))
    }

    fn with_item(&mut self) -> Parse<()> {
        let ends = [Kind::Comma, Kind::Rpar, Kind::Colon];
        alternative!(self, |p| {
            need!(p.expression());
            need!(p.token(Kind::As));
            need!(p.star_target());
            Ok(p.next_is_any(&ends)?.then_some(()))
        });
        self.mistake(|p| {
            need!(p.expression());
            need!(p.token(Kind::As));
            let target = need!(p.expression());
            if !p.next_is_any(&ends)? {
                return Ok(None);
            }
            p.raise_unless_target(target, TargetKind::Star)
        })?;
        Ok(self.expression()?.map(|_| ()))
    }

    /// The head of a `with` statement, read leniently.
    fn with_head(&mut self, parenthesised: bool) -> Parse<usize> {
        self.token(Kind::Async)?;
        let keyword = need!(self.token(Kind::With));
        if parenthesised {
            need!(self.token(Kind::Lpar));
        }
        need!(self.listed(|p| {
            need!(if parenthesised { p.expressions() } else { p.expression() });
            p.attempt(|p| {
                need!(p.token(Kind::As));
                p.star_target()
            })?;
            Ok(Some(()))
        }));
        if parenthesised {
            self.token(Kind::Comma)?;
            need!(self.token(Kind::Rpar));
        }
        Ok(Some(keyword))
    }

    // try

    fn try_statement(&mut self) -> Parse<()> {
        if self.mistakes {
            self.invalid_try()?;
        }
        alternative!(self, |p| {
            need!(p.try_block());
            p.finally()
        });
        for star in [false, true] {
            alternative!(self, |p| {
                need!(p.try_block());
                if p.many(|p| p.except(star))?.is_empty() {
                    return Ok(None);
                }
                p.attempt(Self::else_block)?;
                p.attempt(Self::finally)?;
                p.since_if(star, 11, "Exception groups are")
            });
        }
        Ok(None)
    }

    fn try_block(&mut self) -> Parse<()> {
        need!(self.token(Kind::Try));
        need!(self.forced(Kind::Colon, ":"));
        self.block()
    }

    fn invalid_try(&mut self) -> Result<(), Raised> {
        let message = "cannot have both 'except' and 'except*' on the same 'try'";
        self.block_expected("'try' statement", |p| p.token(Kind::Try))?;
        self.mistake(|p| {
            need!(p.token(Kind::Try));
            need!(p.token(Kind::Colon));
            need!(p.block());
            if p.next_is_any(&[Kind::Except, Kind::Finally])? {
                return Ok(None);
            }
            p.raise_last::<()>("expected 'except' or 'finally' block")
        })?;
        self.mistake(|p| {
            need!(p.try_and_handlers(false));
            let start = need!(p.token(Kind::Except));
            need!(p.token(Kind::Star));
            let loc = p.since(start);
            need!(p.exception_and_name());
            need!(p.token(Kind::Colon));
            p.raise::<()>(loc, message)
        })?;
        self.mistake(|p| {
            need!(p.try_and_handlers(true));
            let start = need!(p.token(Kind::Except));
            need!(p.optional(Self::exception_and_name));
            need!(p.token(Kind::Colon));
            let loc = p.loc(start);
            p.raise::<()>(loc, message)
        })
    }

    /// `try`, blocks, and handlers of one kind.
    fn try_and_handlers(&mut self, star: bool) -> Parse<()> {
        need!(self.token(Kind::Try));
        need!(self.token(Kind::Colon));
        self.many(Self::block)?;
        Ok((!self.many(|p| p.except(star))?.is_empty()).then_some(()))
    }

    /// An exception class, and perhaps a name for it.
    fn exception_and_name(&mut self) -> Parse<()> {
        need!(self.expression());
        self.attempt(|p| {
            need!(p.token(Kind::As));
            p.token(Kind::Name)
        })?;
        Ok(Some(()))
    }

    /// `except`, or `except*`.
    fn except_keyword(&mut self, star: bool) -> Parse<usize> {
        let keyword = need!(self.token(Kind::Except));
        if star {
            need!(self.token(Kind::Star));
        }
        Ok(Some(keyword))
    }

    fn except(&mut self, star: bool) -> Parse<()> {
        let what = if star { "'except*' statement" } else { "'except' statement" };
        self.block_expected(what, |p| {
            let keyword = need!(p.except_keyword(star));
            need!(p.exception_and_name());
            Ok(Some(keyword))
        })?;
        if !star {
            self.block_expected(what, |p| p.token(Kind::Except))?;
        }
        alternative!(self, |p| {
            need!(p.except_keyword(star));
            need!(p.exception_and_name());
            need!(p.token(Kind::Colon));
            p.block()
        });
        alternative!(self, |p| {
            need!(p.except_keyword(star));
            need!(p.expressions());
            need!(p.token(Kind::Colon));
            need!(p.block());
            p.since_if(true, 14, "except expressions without parentheses are")
        });
        if !star {
            alternative!(self, |p| {
                need!(p.token(Kind::Except));
                need!(p.token(Kind::Colon));
                p.block()
            });
        }
        if self.mistakes {
            self.invalid_except(star)?;
        }
        Ok(None)
    }

    fn invalid_except(&mut self, star: bool) -> Result<(), Raised> {
        self.mistake(|p| {
            need!(p.except_keyword(star));
            let first = need!(p.expression());
            need!(p.token(Kind::Comma));
            need!(p.expressions());
            need!(p.token(Kind::As));
            need!(p.token(Kind::Name));
            need!(p.token(Kind::Colon));
            let message = "multiple exception types must be parenthesized when using 'as'";
            p.raise_from::<()>(first.loc, message)
        })?;
        self.mistake(|p| {
            need!(p.except_keyword(star));
            need!(p.exception_and_name());
            p.colon_expected()
        })?;
        self.mistake(|p| {
            need!(p.except_keyword(star));
            if !star {
                return p.colon_expected();
            }
            need!(p.token_of(&[Kind::Newline, Kind::Colon]));
            p.raise_last::<()>("expected one or more exception types")
        })?;
        self.mistake(|p| {
            need!(p.except_keyword(star));
            need!(p.expression());
            need!(p.token(Kind::As));
            let target = need!(p.expression());
            need!(p.token(Kind::Colon));
            need!(p.block());
            let statement = if star { "except*" } else { "except" };
            p.raise::<()>(target.loc, format!("cannot use {statement} statement with {}", describe(target)))
        })
    }

    fn finally(&mut self) -> Parse<()> {
        self.block_expected("'finally' statement", |p| p.token(Kind::Finally))?;
        need!(self.token(Kind::Finally));
        need!(self.forced(Kind::Colon, ":"));
        self.block()
    }

    // match

    fn match_statement(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.match_head());
            need!(p.token(Kind::Colon));
            need!(p.token(Kind::Newline));
            need!(p.token(Kind::Indent));
            if p.many(Self::case)?.is_empty() {
                return Ok(None);
            }
            need!(p.token(Kind::Dedent));
            p.since_if(true, 10, "Pattern matching is")
        });
        self.mistake(|p| {
            need!(p.match_head());
            need!(p.token(Kind::Newline));
            need!(p.since_if(true, 10, "Pattern matching is"));
            p.raise_last::<()>("expected ':'")
        })?;
        self.block_expected("'match' statement", Self::match_head)?;
        Ok(None)
    }

    fn match_head(&mut self) -> Parse<usize> {
        let keyword = need!(self.soft_keyword("match"));
        let several = self.attempt(|p| {
            need!(p.star_named_expression());
            need!(p.token(Kind::Comma));
            p.attempt(Self::star_named_expressions)?;
            Ok(Some(()))
        })?;
        if several.is_none() {
            need!(self.named_expression());
        }
        Ok(Some(keyword))
    }

    fn case(&mut self) -> Parse<()> {
        if self.mistakes {
            self.invalid_end("'case' statement", Self::case_head)?;
        }
        need!(self.case_head());
        need!(self.token(Kind::Colon));
        self.block()
    }

    fn case_head(&mut self) -> Parse<usize> {
        let keyword = need!(self.soft_keyword("case"));
        need!(self.patterns());
        self.attempt(|p| {
            need!(p.token(Kind::If));
            p.named_expression()
        })?;
        Ok(Some(keyword))
    }

    // Functions and classes

    fn decorated(&mut self, definition: impl FnOnce(&mut Self) -> Parse<()>) -> Parse<()> {
        self.many(|p| {
            need!(p.token(Kind::At));
            need!(p.named_expression());
            p.token(Kind::Newline)
        })?;
        definition(self)
    }

    fn function(&mut self) -> Parse<()> {
        self.block_expected("function definition", |p| {
            p.token(Kind::Async)?;
            let keyword = need!(p.token(Kind::Def));
            need!(p.signature(false));
            Ok(Some(keyword))
        })?;
        self.mistake(|p| {
            p.token(Kind::Async)?;
            need!(p.token(Kind::Def));
            need!(p.signature(true));
            need!(p.forced(Kind::Colon, ":"));
            p.attempt(Self::function_type_comment)?;
            p.block()
        })?;
        let is_async = self.token(Kind::Async)?.is_some();
        need!(self.token(Kind::Def));
        need!(self.signature(false));
        need!(self.token(Kind::Colon));
        self.attempt(Self::function_type_comment)?;
        need!(self.block());
        self.since_if(is_async, 5, "Async functions are")
    }

    /// From the name to the type that is returned.
    fn signature(&mut self, forced: bool) -> Parse<()> {
        need!(self.token(Kind::Name));
        need!(self.optional(Self::type_parameters));
        if forced {
            need!(self.forced(Kind::Lpar, "("));
        } else {
            need!(self.token(Kind::Lpar));
        }
        need!(self.optional(Self::parameters));
        need!(self.token(Kind::Rpar));
        self.attempt(|p| {
            need!(p.token(Kind::Rarrow));
            p.expression()
        })?;
        Ok(Some(()))
    }

    fn function_type_comment(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.token(Kind::Newline));
            need!(p.token(Kind::TypeComment));
            let block_follows = p.ahead(|p| {
                need!(p.token(Kind::Newline));
                p.token(Kind::Indent)
            })?;
            Ok(block_follows.then_some(()))
        });
        self.mistake(|p| {
            for kind in [Kind::TypeComment, Kind::Newline, Kind::TypeComment, Kind::Newline, Kind::Indent] {
                need!(p.token(kind));
            }
            p.raise_last::<()>("Cannot have two type comments on def")
        })?;
        Ok(self.token(Kind::TypeComment)?.map(|_| ()))
    }

    fn class(&mut self) -> Parse<()> {
        if self.mistakes {
            self.invalid_end("class definition", Self::class_head)?;
        }
        need!(self.class_head());
        need!(self.token(Kind::Colon));
        self.block()
    }

    fn class_head(&mut self) -> Parse<usize> {
        let keyword = need!(self.token(Kind::Class));
        need!(self.token(Kind::Name));
        need!(self.optional(Self::type_parameters));
        self.attempt(|p| {
            need!(p.token(Kind::Lpar));
            need!(p.optional(Self::arguments));
            p.token(Kind::Rpar)
        })?;
        Ok(Some(keyword))
    }
}
