//! Strings, and the replacement fields of f- and t-strings.

use crate::actions::Middle;
use crate::ast::*;
use crate::dump::str_repr;
use crate::token::Kind;

use super::core::{Parse, Raised, Recogniser, Rule};
use super::expressions::{alternative, need};

impl<'a> Recogniser<'a, '_> {
    /// Adjacent string literals.
    pub(super) fn strings(&mut self) -> Parse<Expr<'a>> {
        self.remembered(Rule::Strings, |p| {
            p.mistake(|p| p.mixed_strings(Self::string_or_fstring, Self::tstring))?;
            p.mistake(|p| p.mixed_strings(Self::tstring, Self::string_or_fstring))?;
            alternative!(p, |p| p.concatenated(Self::string_or_fstring));
            p.concatenated(Self::tstring)
        })
    }

    fn mixed_strings(
        &mut self,
        one: fn(&mut Self) -> Parse<Expr<'a>>,
        other: fn(&mut Self) -> Parse<Expr<'a>>,
    ) -> Parse<()> {
        let Some(last) = self.many(one)?.last().map(|last| last.loc) else { return Ok(None) };
        let next = need!(other(self));
        self.raise(last.to(next.loc), "cannot mix t-string literals with string or bytes literals")
    }

    fn concatenated(&mut self, one: fn(&mut Self) -> Parse<Expr<'a>>) -> Parse<Expr<'a>> {
        let start = self.at;
        let parts = self.many(one)?;
        let Some(first) = parts.first() else { return Ok(None) };
        let is_bytes = |part: &Expr<'_>| {
            matches!(part.kind, ExprKind::Constant(Constant { value: ConstantValue::Bytes(_), .. }))
        };
        if parts.iter().any(|part| is_bytes(part) != is_bytes(first)) {
            return self.raise_last("cannot mix bytes and nonbytes literals");
        }
        let whole = parts.iter().find(|part| !matches!(part.kind, ExprKind::Constant(_))).unwrap_or(first);
        Ok(Some(Expr { kind: whole.kind, loc: self.since(start) }))
    }

    fn string_or_fstring(&mut self) -> Parse<Expr<'a>> {
        if !self.next_is(Kind::String)? {
            return self.interpolated(Kind::FStringStart);
        }
        let index = need!(self.token(Kind::String));
        let loc = self.loc(index);
        let string = self.builder.string(loc.start(), loc.end());
        self.act(string)
    }

    fn tstring(&mut self) -> Parse<Expr<'a>> {
        self.interpolated(Kind::TStringStart)
    }

    fn interpolated(&mut self, opening: Kind) -> Parse<Expr<'a>> {
        let start = need!(self.token(opening));
        let texts = self.many(|p| {
            alternative!(p, |p| Ok(p.replacement_field()?.map(|()| None)));
            Ok(p.token(Kind::FStringMiddle)?.map(Some))
        })?;
        need!(self.token(Kind::FStringEnd));
        for text in texts.into_iter().flatten() {
            self.check_text(text)?;
        }
        let loc = self.since(start);
        let kind = if opening == Kind::TStringStart {
            let newer = self.builder.since(14, "t-strings are");
            need!(self.act(newer));
            ExprKind::TemplateStr(self.builder.node(TemplateStr { values: &[] }))
        } else {
            ExprKind::JoinedStr(self.builder.node(JoinedStr { values: &[] }))
        };
        Ok(Some(Expr { kind, loc }))
    }

    /// The text of an f-string may have malformed escapes.
    fn check_text(&mut self, index: usize) -> Result<(), Raised> {
        let loc = self.loc(index);
        let list = self.builder.none();
        let text = Middle { raw: self.is_raw(index), l: loc.start(), r: loc.end() };
        let checked = self.builder.text(list, text);
        self.act(checked).map(|_| ())
    }

    fn replacement_field(&mut self) -> Parse<()> {
        alternative!(self, |p| {
            need!(p.token(Kind::Lbrace));
            need!(p.annotated_rhs());
            p.token(Kind::Equal)?;
            need!(p.optional(Self::conversion));
            need!(p.optional(|p| {
                need!(p.token(Kind::Colon));
                p.format_specification()
            }));
            need!(p.token(Kind::Rbrace));
            Ok(Some(()))
        });
        if self.mistakes {
            self.invalid_replacement_field()?;
        }
        Ok(None)
    }

    fn format_specification(&mut self) -> Parse<()> {
        self.many(|p| {
            if let Some(text) = p.token(Kind::FStringMiddle)? {
                p.check_text(text)?;
                return Ok(Some(()));
            }
            p.replacement_field()
        })?;
        Ok(Some(()))
    }

    fn conversion(&mut self) -> Parse<()> {
        let mark = need!(self.token(Kind::Exclamation));
        let name = need!(self.token(Kind::Name));
        let kind = self.string_kind(mark);
        if self.loc(mark).end() != self.loc(name).start() {
            let loc = self.since(mark);
            return self.raise(
                loc,
                format!("{kind}-string: conversion type must come right after the exclamation mark"),
            );
        }
        let text = self.text(name);
        if !matches!(text, "s" | "r" | "a") {
            let (loc, shown) = (self.loc(name), str_repr(text.into()));
            let expected = "expected 's', 'r', or 'a'";
            return self
                .raise(loc, format!("{kind}-string: invalid conversion character {shown}: {expected}"));
        }
        Ok(Some(()))
    }

    fn invalid_replacement_field(&mut self) -> Result<(), Raised> {
        use Kind::{Colon, Equal, Exclamation, Lbrace, Name, Rbrace};
        let kind = self.string_kind(self.at);
        for (token, text) in [(Equal, '='), (Exclamation, '!'), (Colon, ':'), (Rbrace, '}')] {
            self.mistake(|p| {
                need!(p.token(Lbrace));
                let found = need!(p.token(token));
                let loc = p.loc(found);
                p.raise::<()>(loc, format!("{kind}-string: valid expression required before '{text}'"))
            })?;
        }
        self.mistake(|p| {
            need!(p.token(Lbrace));
            if p.ahead(Self::annotated_rhs)? {
                return Ok(None);
            }
            p.raise_next::<()>(format!("{kind}-string: expecting a valid expression after '{{'"))
        })?;
        self.expect(&[Equal, Exclamation, Colon, Rbrace], "'=', or '!', or ':', or '}'", |_| Ok(Some(())))?;
        self.expect(&[Exclamation, Colon, Rbrace], "'!', or ':', or '}'", |p| {
            Ok(p.token(Equal)?.map(|_| ()))
        })?;
        self.mistake(|p| {
            need!(p.field_expression());
            p.token(Equal)?;
            need!(p.token(Exclamation));
            if p.next_is_any(&[Colon, Rbrace])? {
                return p.raise_next::<()>(format!("{kind}-string: missing conversion character"));
            }
            if p.next_is(Name)? {
                return Ok(None);
            }
            p.raise_next(format!("{kind}-string: invalid conversion character"))
        })?;
        self.expect(&[Colon, Rbrace], "':' or '}'", Self::field_head)?;
        self.expect(&[Rbrace], "'}', or format specs", |p| {
            need!(p.field_head());
            need!(p.token(Colon));
            p.format_specification()
        })?;
        self.expect(&[Rbrace], "'}'", Self::field_head)
    }

    /// Complains when none of some tokens follows the start of a field and `rest`.
    fn expect(
        &mut self,
        tokens: &[Kind],
        names: &str,
        rest: fn(&mut Self) -> Parse<()>,
    ) -> Result<(), Raised> {
        let kind = self.string_kind(self.at);
        self.mistake(|p| {
            need!(p.field_expression());
            need!(rest(p));
            if p.next_is_any(tokens)? {
                return Ok(None);
            }
            p.raise_next::<()>(format!("{kind}-string: expecting {names}"))
        })
    }

    fn field_expression(&mut self) -> Parse<()> {
        need!(self.token(Kind::Lbrace));
        need!(self.annotated_rhs());
        Ok(Some(()))
    }

    /// What may stand between the expression and the format specification.
    fn field_head(&mut self) -> Parse<()> {
        self.token(Kind::Equal)?;
        self.attempt(|p| {
            need!(p.token(Kind::Exclamation));
            p.token(Kind::Name)
        })?;
        Ok(Some(()))
    }

    /// Whether a token belongs to an f-string or to a t-string.
    pub(super) fn string_kind(&self, index: usize) -> char {
        if self.opening(index) == Kind::TStringStart { 't' } else { 'f' }
    }

    fn is_raw(&self, index: usize) -> bool {
        self.raw_kind(index) == Kind::RawFStringMiddle
    }

    /// The token that opens the string around a token.
    fn opening(&self, index: usize) -> Kind {
        let mut closed = 0;
        for before in (0..index).rev() {
            match self.kind(before) {
                Kind::FStringEnd => closed += 1,
                Kind::FStringStart | Kind::TStringStart if closed > 0 => closed -= 1,
                kind @ (Kind::FStringStart | Kind::TStringStart) => return kind,
                _ => {}
            }
        }
        Kind::FStringStart
    }
}
