//! The values of string literals: adjacent ones joined, f- and t-strings put together.
//!
//! While an f- or t-string is read, its text and fields are [`Part`]s, the same for both; what they become is known
//! when the string around them ends.

use crate::actions::{Action, Builder, Failure, Mark, Rejection, unworded};
use crate::ast::*;
use crate::error::Complaint;
use crate::strings::{self, EscapeKind, InvalidEscapes, Literal};

/// A literal among adjacent ones.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StringPart<'a> {
    /// A string token.
    Plain(u32, u32),
    /// An f-string.
    Formatted(&'a [Part<'a>]),
    /// A t-string.
    Template(&'a [Part<'a>]),
}

/// A stretch of an f- or t-string.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    Text(WtfStr<'a>, Loc),
    Field(&'a Field<'a>, Loc),
}

/// A replacement field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    value: Expr<'a>,
    /// The source of the expression.
    source: &'a str,
    conversion: i32,
    format_spec: Option<Expr<'a>>,
}

/// The text of an f- or t-string, as it stands in the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Middle {
    pub(crate) raw: bool,
    pub(crate) l: u32,
    pub(crate) r: u32,
}

/// The value of a string literal that is no f- or t-string.
#[derive(Clone, Copy)]
enum Plain<'a> {
    Str(WtfStr<'a>),
    Bytes(&'a [u8]),
}

impl<'a> Builder<'a> {
    /// A string literal on its own.
    pub(crate) fn string(&mut self, l: u32, r: u32) -> Action<Expr<'a>> {
        let (value, kind) = self.plain_string(l, r)?;
        let value = match value {
            Plain::Str(text) => ConstantValue::Str(text),
            Plain::Bytes(bytes) => ConstantValue::Bytes(bytes),
        };
        Ok(self.expr(l, r, ExprKind::Constant, Constant { value, kind }))
    }

    /// Adjacent string literals, or an f- or t-string.
    pub(crate) fn strings(&mut self, list: Mark<StringPart<'a>>, l: u32, r: u32) -> Action<Expr<'a>> {
        let parts: &[StringPart<'a>] = self.take(list);
        let template = parts.iter().filter(|part| matches!(part, StringPart::Template(_))).count();
        if template > 0 && template < parts.len() {
            let message = "cannot mix t-string literals with string or bytes literals";
            return Err(self.error(Loc::new(l, r), message).into());
        }
        if parts.iter().all(|part| matches!(part, StringPart::Plain(..))) {
            return self.join_plain(parts, l, r);
        }
        let values = self.values(parts)?;
        Ok(if template > 0 {
            self.expr(l, r, ExprKind::TemplateStr, TemplateStr { values })
        } else {
            self.expr(l, r, ExprKind::JoinedStr, JoinedStr { values })
        })
    }

    /// Strings without fields; all are bytes, or none.
    fn join_plain(&mut self, parts: &[StringPart<'a>], l: u32, r: u32) -> Action<Expr<'a>> {
        let mut joined = bumpalo::collections::Vec::new_in(self.arena);
        let mut first = None;
        for part in parts {
            let StringPart::Plain(from, to) = *part else { continue };
            let (value, kind) = self.plain_string(from, to)?;
            let is_bytes = matches!(value, Plain::Bytes(_));
            let (_, bytes_first) = *first.get_or_insert((kind, is_bytes));
            if is_bytes != bytes_first {
                return Err(Self::mixed_bytes());
            }
            match value {
                Plain::Str(text) => joined.extend_from_slice(text.as_bytes()),
                Plain::Bytes(bytes) => joined.extend_from_slice(bytes),
            }
        }
        let (kind, is_bytes) = first.unwrap_or_default();
        let bytes = joined.into_bump_slice();
        let value = if is_bytes {
            ConstantValue::Bytes(bytes)
        } else {
            ConstantValue::Str(WtfStr::from_bytes(bytes))
        };
        Ok(self.expr(l, r, ExprKind::Constant, Constant { value, kind }))
    }

    /// CPython words this at the last token read.
    fn mixed_bytes() -> Failure {
        Rejection::AtLast("cannot mix bytes and nonbytes literals".to_owned()).into()
    }

    /// The value of a string token, and its `kind`: `u` if it has that prefix.
    fn plain_string(&mut self, l: u32, r: u32) -> Action<(Plain<'a>, Option<WtfStr<'a>>)> {
        let literal = Literal::new(self.slice(l, r));
        if literal.bytes && !literal.body.is_ascii() {
            let message = "bytes can only contain ASCII literal characters";
            return Err(self.error(Loc::new(l, r), message).into());
        }
        let decoded = match (literal.bytes, literal.raw) {
            (true, true) => Ok((Plain::Bytes(literal.body.as_bytes()), None)),
            (true, false) => strings::decode_bytes(literal.body, self.arena)
                .map(|(bytes, invalid)| (Plain::Bytes(bytes), invalid)),
            (false, true) => Ok((Plain::Str(literal.body.into()), None)),
            (false, false) => strings::decode_str(literal.body, self.arena)
                .map(|(text, invalid)| (Plain::Str(text), invalid)),
        };
        let (value, invalid) = decoded.map_err(|message| self.error(Loc::new(l, r), message))?;
        self.complain(l + literal.offset, invalid);
        Ok((value, literal.unicode.then_some("u".into())))
    }

    /// A warning about the first meaningless escape of the text that starts at an offset.
    fn complain(&mut self, text: u32, invalid: InvalidEscapes) {
        let Some((at, kind)) = invalid else { return };
        let at = text + at as u32;
        let rest = &self.source.text()[at as usize + 1..];
        let length = match kind {
            EscapeKind::Octal => 3,
            EscapeKind::Unknown => rest.chars().next().map_or(0, char::len_utf8),
        };
        self.complaints.push(Complaint::about_escape(self.source, at, &rest[..length], kind));
    }

    // f- and t-strings

    pub(crate) fn fstring(&mut self, parts: Mark<Part<'a>>) -> Action<Mark<StringPart<'a>>> {
        self.since(6, "Format strings are")?;
        let parts = self.take(parts);
        Ok(self.one(StringPart::Formatted(parts)))
    }

    pub(crate) fn template(&mut self, parts: Mark<Part<'a>>) -> Action<Mark<StringPart<'a>>> {
        self.since(14, "t-strings are")?;
        let parts = self.take(parts);
        Ok(self.one(StringPart::Template(parts)))
    }

    /// A stretch of text.
    pub(crate) fn text(&mut self, list: Mark<Part<'a>>, middle: Middle) -> Action<Mark<Part<'a>>> {
        let text = self.slice(middle.l, middle.r);
        let value = if middle.raw { text.into() } else { self.decode_text(text, middle.l)? };
        let value = self.single_braces(value);
        Ok(self.more(list, Part::Text(value, Loc::new(middle.l, middle.r))))
    }

    /// The value of the text at an offset, braces still doubled.
    fn decode_text(&mut self, text: &'a str, l: u32) -> Action<WtfStr<'a>> {
        // A backslash before the brace of a field is text, about which the lexer has already complained.
        let (body, backslash) = match text.strip_suffix('\\') {
            Some(body) if trailing_backslashes(text) % 2 == 1 => (body, "\\"),
            _ => (text, ""),
        };
        let at_last = |message| Failure::from(Rejection::AtLast(message));
        let (value, invalid) = strings::decode_str(body, self.arena).map_err(at_last)?;
        if invalid.is_some() {
            // CPython cuts the text at doubled braces, and complains about each piece.
            for piece in body.split_inclusive(['{', '}']) {
                let start = l + (piece.as_ptr().addr() - text.as_ptr().addr()) as u32;
                if let Ok((_, Some((at, kind)))) = strings::decode_str(piece, self.arena)
                    && !matches!(piece.as_bytes().get(at + 1), Some(b'{' | b'}'))
                {
                    self.complain(start, Some((at, kind)));
                }
            }
        }
        Ok(if backslash.is_empty() { value } else { self.join(&[value.as_bytes(), backslash.as_bytes()]) })
    }

    /// Text with each doubled brace written once.
    fn single_braces(&self, text: WtfStr<'a>) -> WtfStr<'a> {
        let bytes = text.as_bytes();
        if memchr::memchr2(b'{', b'}', bytes).is_none() {
            return text;
        }
        let mut single = bumpalo::collections::Vec::with_capacity_in(bytes.len(), self.arena);
        let mut rest = bytes;
        while let [byte, after @ ..] = rest {
            single.push(*byte);
            let doubled = matches!(byte, b'{' | b'}') && after.first() == Some(byte);
            rest = if doubled { &after[1..] } else { after };
        }
        WtfStr::from_bytes(single.into_bump_slice())
    }

    /// A replacement field; `{x=}` is text and a field.
    pub(crate) fn field(
        &mut self,
        value: Expr<'a>,
        debug: Option<(u32, u32)>,
        conversion: Option<(u32, u32)>,
        format_spec: Option<Expr<'a>>,
        l: u32,
        r: u32,
    ) -> Action<Mark<Part<'a>>> {
        let spec_start = format_spec.map(|spec| spec.loc.start());
        let end = conversion.map(|(start, _)| start).or(spec_start).unwrap_or(r - 1);
        let mut source = self.without_comments(l + 1, end);
        let conversion = match conversion {
            Some(place) => self.conversion(place)?,
            None if debug.is_some() && format_spec.is_none() => i32::from(b'r'),
            None => -1,
        };
        let list = self.none();
        if let Some((equal, _)) = debug {
            self.more(list, Part::Text(source.into(), Loc::new(l + 1, end)));
            source = self.without_comments(l + 1, equal);
        }
        let field = self.node(Field { value, source, conversion, format_spec });
        Ok(self.more(list, Part::Field(field, Loc::new(l, r))))
    }

    /// `!r`, `!s` or `!a`, without a blank between.
    fn conversion(&self, (l, r): (u32, u32)) -> Action<i32> {
        match self.slice(l, r).as_bytes() {
            [b'!', letter @ (b'r' | b's' | b'a')] => Ok(i32::from(*letter)),
            _ => unworded(),
        }
    }

    /// The source between two offsets, without its comments.
    fn without_comments(&self, l: u32, r: u32) -> &'a str {
        let inside = |&&(start, _): &&(u32, u32)| l <= start && start < r;
        if !self.comments.iter().any(|comment| inside(&comment)) {
            return self.slice(l, r);
        }
        let mut kept = bumpalo::collections::String::with_capacity_in((r - l) as usize, self.arena);
        let mut at = l;
        for &(start, end) in self.comments.iter().filter(inside) {
            kept.push_str(self.slice(at, start));
            at = end;
        }
        kept.push_str(self.slice(at, r));
        kept.into_bump_str()
    }

    pub(crate) fn format_spec(&mut self, parts: Mark<Part<'a>>, l: u32, r: u32) -> Expr<'a> {
        let parts = self.take(parts);
        let mut joiner = Joiner::default();
        for &part in parts {
            joiner.add(self, part, false);
        }
        let values = joiner.finish(self);
        self.expr(l, r, ExprKind::JoinedStr, JoinedStr { values })
    }

    /// The values of an f- or t-string: texts that meet are one, and empty ones are none.
    fn values(&mut self, parts: &[StringPart<'a>]) -> Action<&'a [Expr<'a>]> {
        let mut joiner = Joiner::default();
        for part in parts {
            match *part {
                StringPart::Plain(l, r) => {
                    let (value, kind) = self.plain_string(l, r)?;
                    let Plain::Str(text) = value else { return Err(Self::mixed_bytes()) };
                    joiner.add_text(text, kind, Loc::new(l, r));
                }
                StringPart::Formatted(parts) => parts.iter().for_each(|&part| joiner.add(self, part, false)),
                StringPart::Template(parts) => parts.iter().for_each(|&part| joiner.add(self, part, true)),
            }
        }
        Ok(joiner.finish(self))
    }

    fn field_expr(&self, field: &Field<'a>, loc: Loc, template: bool) -> Expr<'a> {
        let Field { value, source, conversion, format_spec } = *field;
        let kind = if template {
            let str = ConstantValue::Str(source.into());
            ExprKind::Interpolation(self.node(Interpolation { value, str, conversion, format_spec }))
        } else {
            ExprKind::FormattedValue(self.node(FormattedValue { value, conversion, format_spec }))
        };
        Expr { kind, loc }
    }

    fn join(&self, texts: &[&[u8]]) -> WtfStr<'a> {
        if let [only] = texts {
            return WtfStr::from_bytes(self.arena.alloc_slice_copy(only));
        }
        let length = texts.iter().map(|text| text.len()).sum();
        let mut joined = bumpalo::collections::Vec::with_capacity_in(length, self.arena);
        texts.iter().for_each(|text| joined.extend_from_slice(text));
        WtfStr::from_bytes(joined.into_bump_slice())
    }
}

fn trailing_backslashes(text: &str) -> usize {
    text.bytes().rev().take_while(|&byte| byte == b'\\').count()
}

/// Puts texts that meet together.
#[derive(Default)]
struct Joiner<'a> {
    values: Vec<Expr<'a>>,
    /// Texts since the last field, with the kind of the first and what they cover.
    texts: Vec<WtfStr<'a>>,
    place: Option<(Option<WtfStr<'a>>, Loc)>,
}

impl<'a> Joiner<'a> {
    fn add(&mut self, builder: &Builder<'a>, part: Part<'a>, template: bool) {
        match part {
            Part::Text(text, loc) => self.add_text(text, None, loc),
            Part::Field(field, loc) => {
                self.flush(builder);
                self.values.push(builder.field_expr(field, loc, template));
            }
        }
    }

    fn add_text(&mut self, text: WtfStr<'a>, kind: Option<WtfStr<'a>>, loc: Loc) {
        let (_, place) = self.place.get_or_insert((kind, loc));
        *place = place.to(loc);
        self.texts.push(text);
    }

    fn flush(&mut self, builder: &Builder<'a>) {
        let Some((kind, loc)) = self.place.take() else { return };
        let text = match self.texts[..] {
            [only] => only,
            _ => builder.join(&self.texts.iter().map(|text| text.as_bytes()).collect::<Vec<_>>()),
        };
        self.texts.clear();
        if !text.is_empty() {
            let value = ConstantValue::Str(text);
            self.values.push(Expr { kind: ExprKind::Constant(builder.node(Constant { value, kind })), loc });
        }
    }

    fn finish(mut self, builder: &Builder<'a>) -> &'a [Expr<'a>] {
        self.flush(builder);
        builder.arena.alloc_slice_copy(&self.values)
    }
}
