//! Tokens: what the lexer hands to the grammar.
//!
//! A [`Token`] is eight bytes: where it starts, how long it is, and its [`Kind`]. The text is looked up in the source by
//! whoever needs it. Logos recognises what a regular expression can; the variants without a pattern are made by the
//! lexer: it alone knows about strings, layout, and which names are keywords today.

use logos::Logos;

/// The kind of a token.
#[derive(Logos, Clone, Copy, PartialEq, Eq, Debug)]
#[logos(skip r"[ \t\x0C]+")]
#[repr(u8)]
pub(crate) enum Kind {
    // What the lexer makes of the rest.
    /// Zero-width, like the two that follow: it stands where the token before it ends.
    Newline,
    Indent,
    Dedent,
    End,
    /// A mistake, which the lexer has described; always the last token.
    Error,
    Number,
    String,
    FStringMiddle,
    RawFStringMiddle,
    FStringEnd,
    TypeComment,
    /// The `(` of `with (a as b): …`
    WithLpar,
    // The first token of all: what the grammar is to read.
    ModeExec,
    ModeEval,
    ModeSingle,
    ModeInteractive,
    ModeFuncType,

    // What logos reports and the lexer never passes on as it is.
    #[token("\n")]
    LineEnd,
    #[token("\\\n")]
    Continuation,
    #[token("\\")]
    Backslash,
    #[regex(r"#[^\n]*", allow_greedy = true)]
    Comment,
    #[regex(r"[^\x00-\x7F]")]
    NonAscii,
    #[regex(r"\.?[0-9]")]
    Digit,
    #[regex(r#"([rR]|[uU]|[bB]|[bB][rR]|[rR][bB])?['"]"#)]
    StringStart,
    /// Anything else: no token of Python begins so.
    Unknown,

    #[regex(r#"([fF]|[fF][rR]|[rR][fF])['"]"#)]
    FStringStart,
    #[regex(r#"([tT]|[tT][rR]|[rR][tT])['"]"#)]
    TStringStart,
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*", priority = 3)]
    Name,

    // Soft keywords: plain names, unless the lexer finds that they begin such a statement.
    #[token("match")]
    Match,
    #[token("case")]
    Case,
    #[token("type")]
    Type,

    #[token("False")]
    False,
    #[token("None")]
    None,
    #[token("True")]
    True,
    #[token("and")]
    And,
    #[token("as")]
    As,
    #[token("assert")]
    Assert,
    #[token("async")]
    Async,
    #[token("await")]
    Await,
    #[token("break")]
    Break,
    #[token("class")]
    Class,
    #[token("continue")]
    Continue,
    #[token("def")]
    Def,
    #[token("del")]
    Del,
    #[token("elif")]
    Elif,
    #[token("else")]
    Else,
    #[token("except")]
    Except,
    #[token("finally")]
    Finally,
    #[token("for")]
    For,
    #[token("from")]
    From,
    #[token("global")]
    Global,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("in")]
    In,
    #[token("is")]
    Is,
    #[token("lambda")]
    Lambda,
    #[token("nonlocal")]
    Nonlocal,
    #[token("not")]
    Not,
    #[token("or")]
    Or,
    #[token("pass")]
    Pass,
    #[token("raise")]
    Raise,
    #[token("return")]
    Return,
    #[token("try")]
    Try,
    #[token("while")]
    While,
    #[token("with")]
    With,
    #[token("yield")]
    Yield,

    #[token("(")]
    Lpar,
    #[token(")")]
    Rpar,
    #[token("[")]
    Lsqb,
    #[token("]")]
    Rsqb,
    #[token("{")]
    Lbrace,
    #[token("}")]
    Rbrace,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(";")]
    Semi,
    #[token(".")]
    Dot,
    #[token("...")]
    Ellipsis,
    #[token("!")]
    Exclamation,
    #[token("->")]
    Rarrow,
    #[token(":=")]
    ColonEqual,
    #[token("=")]
    Equal,
    #[token("+=")]
    PlusEqual,
    #[token("-=")]
    MinEqual,
    #[token("*=")]
    StarEqual,
    #[token("@=")]
    AtEqual,
    #[token("/=")]
    SlashEqual,
    #[token("%=")]
    PercentEqual,
    #[token("&=")]
    AmperEqual,
    #[token("|=")]
    VbarEqual,
    #[token("^=")]
    CircumflexEqual,
    #[token("<<=")]
    LeftShiftEqual,
    #[token(">>=")]
    RightShiftEqual,
    #[token("**=")]
    DoubleStarEqual,
    #[token("//=")]
    DoubleSlashEqual,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("//")]
    DoubleSlash,
    #[token("%")]
    Percent,
    #[token("@")]
    At,
    #[token("**")]
    DoubleStar,
    #[token("<<")]
    LeftShift,
    #[token(">>")]
    RightShift,
    #[token("&")]
    Amper,
    #[token("|")]
    Vbar,
    #[token("^")]
    Circumflex,
    #[token("~")]
    Tilde,
    #[token("==")]
    EqEqual,
    #[token("!=")]
    NotEqual,
    /// Two tokens, or [`Kind::NotEqual`] where Barry is in charge.
    #[token("<>")]
    LessGreater,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
}

impl Kind {
    /// Whether this is a name: also a soft keyword that serves as one here or elsewhere.
    pub(crate) fn is_name(self) -> bool {
        matches!(self, Kind::Name | Kind::Match | Kind::Case | Kind::Type)
    }

    /// Whether this is a name or a reserved word.
    #[inline]
    pub(crate) fn is_word(self) -> bool {
        (Kind::Name as u8..=Kind::Yield as u8).contains(&(self as u8))
    }

    /// Whether a statement that begins so has a block.
    pub(crate) fn begins_block(self) -> bool {
        use Kind::*;
        matches!(self, Async | At | Class | Def | For | If | Match | Try | While | With)
    }

    /// Whether this is layout, which takes no room in the source.
    pub(crate) fn is_layout(self) -> bool {
        matches!(self, Kind::Newline | Kind::Indent | Kind::Dedent | Kind::End)
    }
}

/// A token: its kind and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) start: u32,
    /// The length, or [`Token::LONG`].
    length: u16,
    pub(crate) kind: Kind,
}

impl Token {
    /// Stands for a length that 16 bits cannot say; the true end is in [`Tokens::long`].
    const LONG: u16 = u16::MAX;
}

/// The tokens of a whole source, with what was noticed on the way.
#[derive(Default, Debug)]
pub(crate) struct Tokens {
    list: Vec<Token>,
    /// Start and end of the few tokens that are longer than [`Token`] can say, in order.
    long: Vec<(u32, u32)>,
}

impl Tokens {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity), long: Vec::new() }
    }

    #[inline]
    pub(crate) fn push(&mut self, kind: Kind, start: u32, end: u32) {
        let length = (end - start).try_into().unwrap_or(Token::LONG);
        if length == Token::LONG {
            self.long.push((start, end));
        }
        self.list.push(Token { start, length, kind });
    }

    /// Gives a token another kind, once what follows has shown what it is.
    pub(crate) fn amend(&mut self, index: usize, kind: Kind) {
        self.list[index].kind = kind;
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn get(&self, index: usize) -> Token {
        self.list[index]
    }

    pub(crate) fn last(&self) -> Option<Token> {
        self.list.last().copied()
    }

    #[inline]
    pub(crate) fn end(&self, token: Token) -> u32 {
        if token.length == Token::LONG { self.long_end(token) } else { token.start + u32::from(token.length) }
    }

    #[cold]
    fn long_end(&self, token: Token) -> u32 {
        let at = self.long.binary_search_by_key(&token.start, |&(start, _)| start);
        at.map_or(token.start, |at| self.long[at].1)
    }

    /// The tokens as the grammar reads them: start, kind, end.
    pub(crate) fn triples<E>(&self) -> impl Iterator<Item = Result<(u32, Kind, u32), E>> + use<'_, E> {
        self.list.iter().map(|&token| Ok((token.start, token.kind, self.end(token))))
    }
}
