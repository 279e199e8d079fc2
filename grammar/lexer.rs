//! The lexer: a source becomes a vector of tokens in one go.
//!
//! Logos finds raw tokens. What no regular expression can say is done by hand, each in its own file: layout and brackets
//! (`layout`), the bodies of strings (`strings`), the inside of f- and t-strings (`interpolation`), numbers
//! (`numbers`), and which names are keywords (`soft_keywords`).
//!
//! A mistake ends the vector with an error token and is raised when, and if, a parser gets there: a mistake of the
//! grammar before it comes first.

use logos::Logos;

use crate::error::{Complaint, SyntaxError};
use crate::interpolation::Interpolated;
use crate::layout::{Bracket, Indentation};
use crate::source::Source;
use crate::token::{Kind, Tokens};
use crate::{Mode, ParseOptions, unicode};

/// What the lexer found.
#[derive(Debug)]
pub(crate) struct Lexed {
    pub(crate) tokens: Tokens,
    /// What the error token means, if there is one.
    pub(crate) mistake: Option<Mistake>,
    /// Offsets of the brackets that are open where the tokens end.
    pub(crate) open_brackets: Vec<u32>,
    /// Whether the tokens end inside an f- or t-string.
    pub(crate) inside_string: bool,
    pub(crate) complaints: Vec<Complaint>,
    /// The comments `# type: ignore`: where the comment starts, where its tag does, and where both end.
    pub(crate) type_ignores: Vec<(u32, u32, u32)>,
    /// The comments inside replacement fields of f- and t-strings.
    pub(crate) comments: Vec<(u32, u32)>,
    /// In single mode, where the one statement ends; there must be nothing after it.
    pub(crate) rest: Option<u32>,
}

/// A mistake of the lexer.
#[derive(Clone, Debug)]
pub(crate) struct Mistake {
    pub(crate) error: SyntaxError,
    /// CPython has two kinds: those its tokenizer raises at once, and those that are but a state of the tokenizer, and
    /// worded only if the parser stops there.
    pub(crate) raised: bool,
    /// Where CPython's tokenizer stands then.
    pub(crate) cursor: u32,
}

pub(crate) type Lexing<T = ()> = Result<T, Box<Mistake>>;

/// The tokens of a source.
pub(crate) fn lex(source: &Source, mode: Mode, options: ParseOptions) -> Lexed {
    let mut lexer = Lexer::new(source, mode, options);
    let mistake = lexer.run().err();
    if mistake.is_some() {
        let end = lexer.position();
        lexer.push(Kind::Error, lexer.start(), end);
    }
    Lexed {
        tokens: lexer.tokens,
        mistake: mistake.map(|mistake| *mistake),
        open_brackets: lexer.brackets.iter().map(|bracket| bracket.start).collect(),
        inside_string: !lexer.strings.is_empty(),
        complaints: lexer.complaints,
        type_ignores: lexer.type_ignores,
        comments: lexer.comments,
        rest: lexer.rest,
    }
}

pub(crate) struct Lexer<'s> {
    pub(crate) source: &'s Source,
    pub(crate) text: &'s str,
    pub(crate) options: ParseOptions,
    pub(crate) mode: Mode,
    ascii: bool,
    raw: logos::Lexer<'s, Kind>,
    pub(crate) tokens: Tokens,
    pub(crate) brackets: Vec<Bracket>,
    pub(crate) indents: Vec<Indentation>,
    /// The f- and t-strings that are open here, the innermost last.
    pub(crate) strings: Vec<Interpolated>,
    pub(crate) complaints: Vec<Complaint>,
    type_ignores: Vec<(u32, u32, u32)>,
    comments: Vec<(u32, u32)>,
    /// The index of the first token of the logical line.
    pub(crate) line_start: usize,
    /// The next block belongs to a `match` statement.
    pub(crate) match_block: bool,
    /// Indices of a `(` after `with` and of its `)`, where `as` stood between them.
    pub(crate) with_items: Option<(usize, usize)>,
    pub(crate) rest: Option<u32>,
    /// Where the last logical line ended.
    pub(crate) last_newline: u32,
}

impl<'s> Lexer<'s> {
    fn new(source: &'s Source, mode: Mode, options: ParseOptions) -> Self {
        let text = source.text();
        let mut tokens = Tokens::with_capacity(text.len() / 4 + 16);
        tokens.push(mode_token(mode), 0, 0);
        Self {
            source,
            text,
            options,
            mode,
            ascii: text.is_ascii(),
            raw: Kind::lexer(text),
            tokens,
            brackets: Vec::new(),
            indents: vec![Indentation::default()],
            strings: Vec::new(),
            complaints: Vec::new(),
            type_ignores: Vec::new(),
            comments: Vec::new(),
            line_start: 1,
            match_block: false,
            with_items: None,
            rest: None,
            last_newline: 0,
        }
    }

    fn run(&mut self) -> Lexing {
        self.begin_line()?;
        while let Some(found) = self.raw.next() {
            self.token(found.unwrap_or(Kind::Unknown))?;
            if self.rest.is_some() {
                break;
            }
        }
        self.end_of_source()
    }

    #[inline]
    fn token(&mut self, kind: Kind) -> Lexing {
        match kind {
            Kind::LineEnd => return self.line_end(),
            Kind::Continuation => return self.continuation(),
            Kind::Backslash => return Err(self.stray_backslash(self.position())),
            Kind::Comment => self.comment(),
            Kind::Digit => return self.number(),
            Kind::StringStart => return self.string(),
            Kind::FStringStart | Kind::TStringStart => return self.interpolated_string(kind),
            Kind::NonAscii => return self.non_ascii_name(),
            Kind::Lpar | Kind::Lsqb | Kind::Lbrace => return self.open(kind),
            Kind::Rpar | Kind::Rsqb | Kind::Rbrace => return self.close(kind),
            Kind::Colon | Kind::ColonEqual => return self.colon(kind),
            Kind::LessGreater => self.less_greater(),
            Kind::Unknown => return self.unknown(),
            kind if kind.is_word() => return self.word(kind),
            kind => self.push_raw(kind),
        }
        Ok(())
    }

    /// A name or keyword, unless it goes on in a character that only a name can hold.
    #[inline]
    fn word(&mut self, kind: Kind) -> Lexing {
        if !self.ascii && self.byte(self.position()) >= 0x80 {
            return self.non_ascii_name();
        }
        if matches!(self.byte(self.position()), b'\'' | b'"') {
            self.check_prefix()?;
        }
        let kind = match kind {
            Kind::As => self.note_as(),
            Kind::Match | Kind::Case | Kind::Type => self.soft_keyword(kind),
            kind => kind,
        };
        self.push_raw(kind);
        Ok(())
    }

    /// A name right before a quote may be meant as a prefix: one that is made of their letters, each once, is wrong
    /// for the letters that exclude each other.
    #[cold]
    fn check_prefix(&self) -> Lexing {
        let word = self.text[self.start() as usize..self.position() as usize].to_ascii_lowercase();
        let is_prefix =
            word.char_indices().all(|(at, letter)| "burft".contains(letter) && !word[..at].contains(letter));
        let clash = |(a, b): &(char, char)| word.contains(*a) && word.contains(*b);
        let pairs = [('u', 'b'), ('u', 'r'), ('u', 'f'), ('u', 't'), ('b', 'f'), ('b', 't'), ('f', 't')];
        match pairs.iter().find(|pair| clash(pair)) {
            Some((a, b)) if is_prefix => {
                let message = format!("'{a}' and '{b}' prefixes are incompatible");
                Err(self.mistake_from(self.start() + 1, self.position() + 1, message))
            }
            _ => Ok(()),
        }
    }

    /// A name beyond ASCII. Bytes above it are taken for letters first, and judged afterwards, as CPython does.
    fn non_ascii_name(&mut self) -> Lexing {
        let start = self.start();
        let length = self.text[start as usize..]
            .bytes()
            .take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80)
            .count();
        let end = start + length as u32;
        let name = &self.text[start as usize..end as usize];
        if let Some((index, bad)) = unicode::first_non_identifier(name) {
            let at = start + (index + bad.len_utf8()) as u32;
            return Err(self.invalid_character(at, bad));
        }
        self.seek(end);
        self.push(Kind::Name, start, end);
        Ok(())
    }

    /// `<>` is one token after `from __future__ import barry_as_FLUFL`, and two otherwise.
    fn less_greater(&mut self) {
        let at = self.start();
        if self.options.barry_as_flufl || self.text[..at as usize].contains("barry_as_FLUFL") {
            return self.push_raw(Kind::NotEqual);
        }
        self.push(Kind::Less, at, at + 1);
        self.seek(at + 1);
    }

    /// A character that begins no token. The printable ones are the grammar's to refuse.
    fn unknown(&mut self) -> Lexing {
        let character = self.text[self.start() as usize..].chars().next().unwrap_or_default();
        if character.is_control() {
            return Err(self.invalid_character(self.position(), character));
        }
        self.push_raw(Kind::Unknown);
        Ok(())
    }

    fn invalid_character(&self, at: u32, character: char) -> Box<Mistake> {
        let code = u32::from(character);
        if unicode::is_printable(character) {
            self.mistake(at, format!("invalid character '{character}' (U+{code:04X})"))
        } else {
            self.mistake(at, format!("invalid non-printable character U+{code:04X}"))
        }
    }

    /// A comment is nothing, unless type comments are wanted and this is one. Those in replacement fields are noted:
    /// `{x=}` shows its source without them.
    fn comment(&mut self) {
        if !self.strings.is_empty() {
            self.comments.push((self.start(), self.position()));
        }
        if !self.options.type_comments {
            return;
        }
        let (start, end) = (self.start(), self.position());
        match self.type_comment(start, end) {
            Some(TypeComment::Ignore(tag)) => {
                // One that has its line for itself, inside brackets, takes the line end along, as it does outside.
                let line = &self.text[..start as usize];
                let alone = line.trim_end_matches([' ', '\t', '\x0C']).ends_with('\n');
                self.type_ignores.push((start, tag, end + u32::from(alone)));
            }
            Some(TypeComment::Type(from)) => self.push(Kind::TypeComment, from, end),
            None => {}
        }
    }

    /// Takes note of `# type: ignore` on a line of its own.
    pub(crate) fn note_type_ignore(&mut self, start: u32, end: u32) {
        if let Some(TypeComment::Ignore(tag)) = self.type_comment(start, end) {
            self.type_ignores.push((start, tag, end));
        }
    }

    /// Whether the comment at an offset is to be a token.
    pub(crate) fn is_type_comment(&self, at: u32) -> bool {
        let line = &self.text[at as usize..];
        let end = at as usize + line.find('\n').unwrap_or(line.len());
        self.options.type_comments && matches!(self.type_comment(at, end as u32), Some(TypeComment::Type(_)))
    }

    /// What a comment is to type checkers. Blanks in `# type: ` may be missing or many.
    fn type_comment(&self, start: u32, end: u32) -> Option<TypeComment> {
        let blank = [' ', '\t'];
        let comment = self.text[start as usize..end as usize].trim_end_matches('\n');
        let rest = comment.strip_prefix('#')?.trim_start_matches(blank);
        let content = rest.strip_prefix("type:")?.trim_start_matches(blank);
        let from = start + (comment.len() - content.len()) as u32;
        let goes_on = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
        let ignore = content.strip_prefix("ignore").is_some_and(|tag| !tag.starts_with(goes_on));
        Some(if ignore { TypeComment::Ignore(from + 6) } else { TypeComment::Type(from) })
    }

    /// Where the raw token in hand starts.
    #[inline]
    pub(crate) fn start(&self) -> u32 {
        self.raw.span().start as u32
    }

    /// Where reading goes on: the end of the raw token in hand.
    #[inline]
    pub(crate) fn position(&self) -> u32 {
        self.raw.span().end as u32
    }

    /// Where the last token ends: layout stands there.
    pub(crate) fn here(&self) -> u32 {
        self.tokens.last().map_or(0, |token| self.tokens.end(token))
    }

    /// The byte at an offset; 0 at the end.
    #[inline]
    pub(crate) fn byte(&self, at: u32) -> u8 {
        self.text.as_bytes().get(at as usize).copied().unwrap_or(0)
    }

    /// Goes on reading at an offset.
    pub(crate) fn seek(&mut self, to: u32) {
        let at = self.position();
        if to < at {
            self.raw = Kind::lexer(self.text);
            self.raw.bump(to as usize);
        } else {
            self.raw.bump((to - at) as usize);
        }
    }

    /// The kind of the token that follows the one in hand.
    pub(crate) fn peek(&self) -> Kind {
        let mut ahead = self.raw.clone();
        loop {
            match ahead.next() {
                Some(Ok(Kind::Continuation)) => {}
                Some(Ok(kind)) => return kind,
                _ => return Kind::Unknown,
            }
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, kind: Kind, start: u32, end: u32) {
        self.tokens.push(kind, start, end);
    }

    /// Passes the raw token in hand on.
    #[inline]
    pub(crate) fn push_raw(&mut self, kind: Kind) {
        let span = self.raw.span();
        self.push(kind, span.start as u32, span.end as u32);
    }

    /// A line as CPython sees it.
    pub(crate) fn line(&self, lineno: i32) -> &'s str {
        self.source.line_as_read(lineno, self.mode)
    }

    /// A mistake after the character that ends at an offset, as CPython's tokenizer places its errors.
    pub(crate) fn mistake(&self, at: u32, message: impl Into<String>) -> Box<Mistake> {
        Box::new(Mistake { error: SyntaxError::after(self.source, at, message), raised: true, cursor: at })
    }

    /// A mistake from one offset to another, placed likewise.
    pub(crate) fn mistake_from(&self, from: u32, at: u32, message: impl Into<String>) -> Box<Mistake> {
        let mut mistake = self.mistake(at, message);
        mistake.error.offset -= (at - from) as i32;
        mistake
    }

    /// A mistake that CPython's tokenizer leaves to the parser to word.
    pub(crate) fn unraised(&self, error: SyntaxError) -> Box<Mistake> {
        Box::new(Mistake { error, raised: false, cursor: self.position() })
    }
}

fn mode_token(mode: Mode) -> Kind {
    match mode {
        Mode::Exec => Kind::ModeExec,
        Mode::Eval => Kind::ModeEval,
        Mode::Single => Kind::ModeSingle,
        Mode::Interactive => Kind::ModeInteractive,
        Mode::FuncType => Kind::ModeFuncType,
    }
}

/// A comment that type checkers read, and where its content starts.
enum TypeComment {
    Type(u32),
    Ignore(u32),
}
