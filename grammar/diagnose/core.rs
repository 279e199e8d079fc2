//! The recogniser's machinery: tokens, backtracking, memory, and the ways of raising.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};

use bumpalo::Bump;

use crate::actions::{Builder, Failure, Rejection};
use crate::ast::*;
use crate::error::{ErrorKind, SyntaxError, characters_before};
use crate::lexer::Lexed;
use crate::source::Source;
use crate::token::Kind;
use crate::{Mode, ParseOptions};

/// What a rule comes to: nothing if it does not apply, and an error if that is now certain.
pub(super) type Parse<T> = Result<Option<T>, Raised>;

/// An error that has been raised.
#[derive(Debug)]
pub(super) struct Raised {
    error: Box<SyntaxError>,
    yields: Yields,
}

/// Whether a mistake of the lexer further on, or a bracket that is never closed, weighs more than an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Yields {
    Never,
    /// If there is anything left to read.
    Unread,
    Always,
}

impl Raised {
    /// An error of the parser.
    pub(super) fn by_parser(error: SyntaxError) -> Self {
        Self { error: Box::new(error), yields: Yields::Unread }
    }

    /// The error for want of a better one.
    pub(super) fn generic(error: SyntaxError) -> Self {
        Self { error: Box::new(error), yields: Yields::Always }
    }
}

/// The rules whose results are remembered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Rule {
    Expression,
    StarExpression,
    Disjunction,
    Conjunction,
    Inversion,
    BitwiseOr,
    Factor,
    AwaitPrimary,
    Primary,
    Strings,
    Arguments,
    StarTarget,
    TargetWithStarAtom,
    TargetPrimary,
    DelTarget,
    InvalidNamedExpression,
    SimpleStatement,
    Block,
    ClosedPattern,
    StarPattern,
    TypeParam,
}

/// Remembered results, and where each ends.
type Memory<'a> = HashMap<(Rule, usize), (Option<Expr<'a>>, usize), BuildHasherDefault<DefaultHasher>>;

/// How much native stack the recogniser may use. CPython's parser gives up at a like depth.
const STACK_BUDGET: usize = 1 << 20;

/// A recursive-descent parser with backtracking. An expression yields its node, anything else where it ends.
pub(super) struct Recogniser<'a, 'l> {
    pub(super) builder: Builder<'a>,
    source: &'a Source,
    lexed: &'l Lexed,
    pub(super) mode: Mode,
    /// The next token, and the one furthest on that was looked at.
    pub(super) at: usize,
    reached: usize,
    /// Whether the rules for mistakes are tried.
    pub(super) mistakes: bool,
    memory: Memory<'a>,
    /// Line and column of the last compound statement, functions apart, that was read to its end.
    pub(super) after: (i32, i32),
    /// How many brackets are open after each token.
    levels: Vec<u16>,
    /// The stack's address when all began.
    stack: usize,
}

impl<'a, 'l> Recogniser<'a, 'l> {
    pub(super) fn new(
        source: &'a Source,
        lexed: &'l Lexed,
        mode: Mode,
        options: ParseOptions,
        arena: &'a Bump,
    ) -> Self {
        let mut builder = Builder::new(source, options, arena);
        builder.comments.clone_from(&lexed.comments);
        Self {
            builder,
            source,
            lexed,
            mode,
            at: 1,
            reached: 1,
            mistakes: false,
            after: (0, 0),
            memory: HashMap::default(),
            levels: levels(lexed),
            stack: stack_address(),
        }
    }

    /// Switches the rules for mistakes on; tokens up to `reached` have been read.
    pub(super) fn look_for_mistakes(&mut self, reached: usize) {
        self.mistakes = true;
        self.reached = reached;
    }

    // Tokens

    pub(super) fn reached(&self) -> usize {
        self.reached
    }

    /// The kind of a token, as CPython's tokenizer has it: it knows no soft keywords.
    pub(super) fn kind(&self, index: usize) -> Kind {
        match self.lexed.tokens.get(index.min(self.lexed.tokens.len() - 1)).kind {
            Kind::Match | Kind::Case | Kind::Type => Kind::Name,
            Kind::WithLpar => Kind::Lpar,
            Kind::RawFStringMiddle => Kind::FStringMiddle,
            kind => kind,
        }
    }

    /// The kind of a token, as our lexer has it.
    pub(super) fn raw_kind(&self, index: usize) -> Kind {
        self.lexed.tokens.get(index).kind
    }

    /// The next token's kind. Looking at a mistake of the lexer raises it.
    pub(super) fn peek(&mut self) -> Result<Kind, Raised> {
        self.reached = self.reached.max(self.at.min(self.lexed.tokens.len() - 1));
        let kind = self.kind(self.at);
        match (&self.lexed.mistake, kind) {
            (Some(mistake), Kind::Error) => {
                Err(Raised { error: Box::new(mistake.error.clone()), yields: Yields::Never })
            }
            _ => Ok(kind),
        }
    }

    /// A token of a kind: its index.
    pub(super) fn token(&mut self, kind: Kind) -> Parse<usize> {
        if self.peek()? != kind {
            return Ok(None);
        }
        self.at += 1;
        Ok(Some(self.at - 1))
    }

    /// Whether the next token is of a kind.
    pub(super) fn next_is(&mut self, kind: Kind) -> Result<bool, Raised> {
        Ok(self.peek()? == kind)
    }

    /// Whether the next token is one of these.
    pub(super) fn next_is_any(&mut self, kinds: &[Kind]) -> Result<bool, Raised> {
        let next = self.peek()?;
        Ok(kinds.contains(&next))
    }

    /// Any of these tokens.
    pub(super) fn token_of(&mut self, kinds: &[Kind]) -> Parse<usize> {
        let next = self.peek()?;
        self.accept(kinds.contains(&next))
    }

    fn accept(&mut self, accepted: bool) -> Parse<usize> {
        if !accepted {
            return Ok(None);
        }
        self.at += 1;
        Ok(Some(self.at - 1))
    }

    /// A name with this text: a soft keyword.
    pub(super) fn soft_keyword(&mut self, text: &str) -> Parse<usize> {
        let found = self.peek()? == Kind::Name && self.text(self.at) == text;
        self.accept(found)
    }

    /// A token that must be here.
    pub(super) fn forced(&mut self, kind: Kind, text: &str) -> Parse<usize> {
        match self.token(kind)? {
            Some(index) => Ok(Some(index)),
            None => Err(Raised::by_parser(self.error_at_token(self.at, format!("expected '{text}'")))),
        }
    }

    pub(super) fn name(&mut self) -> Parse<Expr<'a>> {
        let Some(index) = self.token(Kind::Name)? else { return Ok(None) };
        let loc = self.loc(index);
        Ok(Some(self.builder.name_expr(loc.start(), loc.end())))
    }

    pub(super) fn text(&self, index: usize) -> &'a str {
        let loc = self.loc(index);
        self.builder.slice(loc.start(), loc.end())
    }

    /// Where a token stands.
    pub(super) fn loc(&self, index: usize) -> Loc {
        let token = self.lexed.tokens.get(index);
        Loc::new(token.start, self.lexed.tokens.end(token))
    }

    /// From a token to the last one taken.
    pub(super) fn since(&self, first: usize) -> Loc {
        self.loc(first).to(self.loc(self.at - 1))
    }

    /// Whether the last token taken is inside brackets.
    pub(super) fn in_brackets(&self) -> bool {
        self.levels[self.at - 1] > 0
    }

    // Control

    /// Tries a rule; if it does not apply, nothing was read.
    pub(super) fn attempt<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let start = self.at;
        let found = rule(self)?;
        if found.is_none() {
            self.at = start;
        }
        Ok(found)
    }

    /// Whether a rule applies here; nothing is read.
    pub(super) fn ahead<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Result<bool, Raised> {
        let start = self.at;
        let found = rule(self)?;
        self.at = start;
        Ok(found.is_some())
    }

    /// Tries a rule for a mistake, if their time has come. All it can do is raise.
    pub(super) fn mistake(&mut self, rule: impl FnOnce(&mut Self) -> Parse<()>) -> Result<(), Raised> {
        if self.mistakes {
            let start = self.at;
            rule(self)?;
            self.at = start;
        }
        Ok(())
    }

    /// Tries a rule with those for mistakes switched off.
    pub(super) fn without_mistakes<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let before = std::mem::replace(&mut self.mistakes, false);
        let found = rule(self);
        self.mistakes = before;
        found
    }

    /// An optional part.
    pub(super) fn optional<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<Option<T>> {
        self.attempt(rule).map(Some)
    }

    /// As many as there are.
    pub(super) fn many<T>(&mut self, mut rule: impl FnMut(&mut Self) -> Parse<T>) -> Result<Vec<T>, Raised> {
        let mut found = Vec::new();
        while let Some(item) = self.attempt(&mut rule)? {
            found.push(item);
        }
        Ok(found)
    }

    /// At least one, with commas between.
    pub(super) fn listed<T>(&mut self, rule: impl FnMut(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        self.separated(Kind::Comma, rule)
    }

    /// At least one, with separators between.
    pub(super) fn separated<T>(
        &mut self,
        separator: Kind,
        mut rule: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        let Some(first) = self.attempt(&mut rule)? else { return Ok(None) };
        let mut found = vec![first];
        while let Some(item) = self.attempt(|p| {
            if p.token(separator)?.is_none() {
                return Ok(None);
            }
            rule(p)
        })? {
            found.push(item);
        }
        Ok(Some(found))
    }

    /// A rule whose result is remembered. The native stack is watched here, because every recursion comes by.
    pub(super) fn remembered(
        &mut self,
        rule: Rule,
        body: impl FnOnce(&mut Self) -> Parse<Expr<'a>>,
    ) -> Parse<Expr<'a>> {
        let start = self.at;
        if let Some(&(found, end)) = self.memory.get(&(rule, start)) {
            self.at = end;
            return Ok(found);
        }
        if self.stack.abs_diff(stack_address()) > STACK_BUDGET {
            return Err(too_complex());
        }
        let found = self.attempt(body)?;
        self.memory.insert((rule, start), (found, self.at));
        Ok(found)
    }

    /// The same for rules that have no node to show.
    pub(super) fn remembered_end(
        &mut self,
        rule: Rule,
        body: impl FnOnce(&mut Self) -> Parse<()>,
    ) -> Parse<()> {
        let found = self.remembered(rule, |p| Ok(body(p)?.map(|()| p.placeholder())))?;
        Ok(found.map(|_| ()))
    }

    /// A node that nobody looks at.
    pub(super) fn placeholder(&self) -> Expr<'a> {
        self.builder.constant(ConstantValue::None, 0, 0)
    }

    /// An action of the grammar that may refuse.
    pub(super) fn act<T>(&mut self, result: Result<T, Failure>) -> Parse<T> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Failure::User { error: Rejection::Error(error) }) => {
                Err(Raised { error, yields: Yields::Unread })
            }
            Err(Failure::User { error: Rejection::AtLast(message) }) => {
                Err(Raised::by_parser(self.error_at_last(ErrorKind::Syntax, message)))
            }
            Err(_) => Ok(None),
        }
    }

    // Raising

    /// About an expression or a stretch of tokens.
    pub(super) fn raise<T>(&mut self, loc: Loc, message: impl Into<String>) -> Parse<T> {
        let place = self.place_of(loc);
        Err(Raised::by_parser(self.error(ErrorKind::Syntax, place, message.into())))
    }

    /// From the start of something to where reading has got.
    pub(super) fn raise_from<T>(&mut self, loc: Loc, message: impl Into<String>) -> Parse<T> {
        let cursor = self.cursor();
        let (lineno, column) = self.source.line_and_column(loc.start());
        let place = Place { lineno, start: column + 1, end_lineno: cursor.lineno, end: cursor.column };
        Err(Raised::by_parser(self.error(ErrorKind::Syntax, place, message.into())))
    }

    /// From a line end to where reading has got.
    pub(super) fn raise_from_line_end<T>(&mut self, newline: usize, message: &str) -> Parse<T> {
        let end = self.loc(newline).end();
        let (from, to) = self.line_end_of(newline).unwrap_or((end, end));
        self.raise_from(Loc::new(from, to), message)
    }

    /// At the end of a dictionary key, without an end of its own.
    pub(super) fn raise_key<T>(&mut self, key: Expr<'a>) -> Parse<T> {
        let place = self.place_of(key.loc);
        let place = Place { start: place.end - 1, end: 0, ..place };
        Err(Raised::by_parser(self.error(
            ErrorKind::Syntax,
            place,
            "':' expected after dictionary key".to_owned(),
        )))
    }

    /// About the last token read.
    pub(super) fn raise_last<T>(&mut self, message: impl Into<String>) -> Parse<T> {
        Err(Raised::by_parser(self.error_at_last(ErrorKind::Syntax, message)))
    }

    /// About the next token.
    pub(super) fn raise_next<T>(&mut self, message: impl Into<String>) -> Parse<T> {
        self.peek()?;
        let place = self.place_of_token(self.at);
        Err(Raised::by_parser(self.error(ErrorKind::Syntax, place, message.into())))
    }

    /// About a block that is missing.
    pub(super) fn raise_indentation<T>(&mut self, message: impl Into<String>) -> Parse<T> {
        Err(Raised::by_parser(self.error_at_last(ErrorKind::Indentation, message)))
    }

    pub(super) fn error_at_last(&self, kind: ErrorKind, message: impl Into<String>) -> SyntaxError {
        let place = self.place_of_token(self.reached);
        self.error(kind, place, message.into())
    }

    /// The error about a token. One that takes no room has no columns.
    pub(super) fn error_at_token(&self, index: usize, message: impl Into<String>) -> SyntaxError {
        let mut place = self.place_of_token(index);
        if place.end < 0 {
            (place.start, place.end) = (0, 0);
        }
        self.error(ErrorKind::Syntax, place, message.into())
    }

    /// The error that stands in the end: what the lexer finds further on may weigh more than what the parser says.
    pub(super) fn settle(&self, raised: Raised) -> SyntaxError {
        let read = raised.yields == Yields::Unread && self.at_end_of_source();
        if raised.yields == Yields::Never
            || read
            || matches!(self.kind(self.reached), Kind::End | Kind::Error)
        {
            return *raised.error;
        }
        let Some(mistake) = &self.lexed.mistake else { return *raised.error };
        if mistake.raised {
            return if self.lexed.inside_string { *raised.error } else { mistake.error.clone() };
        }
        match self.lexed.open_brackets.last() {
            Some(&bracket)
                if self.place_of_token(self.reached).lineno > self.source.line_and_column(bracket).0 =>
            {
                SyntaxError::unclosed(self.source, self.mode, bracket)
            }
            _ => *raised.error,
        }
    }

    fn error(&self, kind: ErrorKind, place: Place, message: String) -> SyntaxError {
        let line = self.source.line_as_read(place.lineno, self.mode);
        // CPython has the line with its end only while its tokenizer is on it.
        let whole = self.cursor().lineno <= place.lineno;
        let text = if whole { line } else { line.strip_suffix('\n').unwrap_or(line) };
        let column = |column: i32| characters_before(text, column.min(text.len() as i32 + 1));
        SyntaxError {
            kind,
            message,
            lineno: place.lineno,
            offset: column(place.start),
            end_lineno: place.end_lineno,
            // The end is counted in the line of the start, even where it is on another.
            end_offset: if place.end > 0 { column(place.end) } else { place.end },
            text: Some(text.to_owned()),
            incomplete: false,
            after: None,
        }
    }

    /// A compound statement that begins with this token is complete.
    pub(super) fn note_compound(&mut self, start: usize) {
        let place = self.place_of_token(start);
        if place.lineno >= self.after.0 {
            self.after = (place.lineno, place.start);
        }
    }

    // Places

    fn place_of(&self, loc: Loc) -> Place {
        let (lineno, start) = self.source.line_and_column(loc.start());
        let (end_lineno, end) = self.source.line_and_column(loc.end());
        Place { lineno, start: start + 1, end_lineno, end: end + 1 }
    }

    /// Where a token stands. What takes no room stands where the lexer has got, and has no end.
    fn place_of_token(&self, index: usize) -> Place {
        let kind = self.kind(index);
        if let (Kind::Newline, Some((from, newline))) = (kind, self.line_end_of(index)) {
            return self.place_of(Loc::new(from, newline)).widened();
        }
        if !kind.is_layout() && kind != Kind::Error {
            return self.place_of(self.loc(index));
        }
        let lineno = self.cursor_after(index).lineno;
        Place { lineno, start: self.cursor().column, end_lineno: lineno, end: -1 }
    }

    /// Where the lexer stands after the last token read.
    fn cursor(&self) -> Cursor {
        self.cursor_after(self.reached)
    }

    fn cursor_after(&self, index: usize) -> Cursor {
        let end = match self.kind(index) {
            Kind::Newline => match self.line_end_of(index) {
                Some((_, newline)) => {
                    let (lineno, column) = self.source.line_and_column(newline);
                    return Cursor { lineno, column: column + 1 };
                }
                None => return self.end_cursor(),
            },
            Kind::Indent | Kind::Dedent => match self.start_after(index) {
                Some(start) => start,
                None => return self.end_cursor(),
            },
            Kind::End => return self.end_cursor(),
            Kind::Error => match &self.lexed.mistake {
                Some(mistake) if (mistake.cursor as usize) < self.source.text().len() => mistake.cursor,
                _ => return self.end_cursor(),
            },
            _ => self.loc(index).end(),
        };
        let (lineno, column) = self.source.line_and_column(end);
        Cursor { lineno, column }
    }

    /// At the end the lexer stays on the last line.
    fn end_cursor(&self) -> Cursor {
        let text = self.source.text();
        if text.is_empty() {
            return Cursor { lineno: 0, column: 0 };
        }
        let (lineno, column) = self.source.line_and_column(text.len() as u32 - 1);
        Cursor { lineno, column: column + i32::from(self.source.ends_line(self.mode)) }
    }

    /// Where the next token stands that takes room.
    fn start_after(&self, index: usize) -> Option<u32> {
        let later = (index..self.lexed.tokens.len()).find(|&later| !self.kind(later).is_layout())?;
        Some(self.loc(later).start())
    }

    /// Where a NEWLINE really stands: from the comment before the line end, if there is one, to the line end. One that
    /// CPython makes up has no place.
    fn line_end_of(&self, index: usize) -> Option<(u32, u32)> {
        if self.kind(index - 1).is_layout() {
            return None;
        }
        let (from, newline) = line_end_after(self.source, self.loc(index).start())?;
        let is_real = newline as usize + 1 < self.source.text().len() || self.source.ends_line(self.mode);
        is_real.then_some((from, newline))
    }

    /// Whether CPython's tokenizer has met the end: then more input could make the difference.
    pub(super) fn at_end_of_source(&self) -> bool {
        let end = self.source.text().len() as u32 - u32::from(!self.source.ends_line(self.mode));
        match self.kind(self.reached) {
            Kind::End => true,
            Kind::Error => self.lexed.mistake.as_ref().is_some_and(|mistake| mistake.error.incomplete),
            Kind::Newline => self.line_end_of(self.reached).is_none(),
            Kind::Indent | Kind::Dedent => self.start_after(self.reached).is_none(),
            // It looks one character ahead, but not after a quote; two quotes might be three, though.
            Kind::String => {
                self.loc(self.reached).end() == end && matches!(self.text(self.reached), "''" | "\"\"")
            }
            Kind::FStringEnd | Kind::FStringStart | Kind::TStringStart | Kind::FStringMiddle => false,
            _ => self.loc(self.reached).end() == end,
        }
    }
}

/// Lines and columns as CPython counts them in errors: columns in bytes from 1; 0 or less is none.
#[derive(Clone, Copy, Debug)]
struct Place {
    lineno: i32,
    start: i32,
    end_lineno: i32,
    end: i32,
}

impl Place {
    /// A line end is a character wide.
    fn widened(self) -> Self {
        Self { end: self.end + 1, ..self }
    }
}

/// Where the lexer stands.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    lineno: i32,
    column: i32,
}

fn levels(lexed: &Lexed) -> Vec<u16> {
    let mut level = 0u16;
    let level_after = |index: usize| {
        match lexed.tokens.get(index).kind {
            Kind::Lpar | Kind::Lsqb | Kind::Lbrace | Kind::WithLpar => level += 1,
            Kind::Rpar | Kind::Rsqb | Kind::Rbrace => level = level.saturating_sub(1),
            _ => {}
        }
        level
    };
    (0..lexed.tokens.len()).map(level_after).collect()
}

/// The end of a logical line after an offset: the comment's start, if there is one, and the line end.
pub(crate) fn line_end_after(source: &Source, offset: u32) -> Option<(u32, u32)> {
    let text = source.text();
    let mut at = offset as usize;
    let mut from = None;
    loop {
        at += text[at..].find(|c| !matches!(c, ' ' | '\t' | '\x0C')).unwrap_or(text.len() - at);
        match text.as_bytes().get(at)? {
            b'#' => {
                from = Some(at as u32);
                at += text[at..].find('\n')?;
            }
            b'\\' => at += 2,
            b'\n' => return Some((from.unwrap_or(at as u32), at as u32)),
            _ => return None,
        }
    }
}

/// About where the native stack ends now.
fn stack_address() -> usize {
    let local = 0u8;
    std::hint::black_box(&raw const local).addr()
}

fn too_complex() -> Raised {
    let error = SyntaxError {
        kind: ErrorKind::Memory,
        ..*SyntaxError::without_place("Parser stack overflowed - Python source too complex to parse")
    };
    Raised { error: Box::new(error), yields: Yields::Never }
}
