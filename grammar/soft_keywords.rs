//! `match`, `case` and `type`: names, unless a statement begins with them.
//!
//! The grammar never has to guess, because a line tells by its tokens what it is: a `match` statement is a line that
//! starts with `match`, goes on with something else than `:`, and ends in `:`. Its block consists of lines that start
//! with `case`. A `type` statement is `type` where a statement can start, and a name after it.

use crate::lexer::Lexer;
use crate::token::Kind;

impl Lexer<'_> {
    /// What a soft keyword is here. `match` is decided at the end of its line.
    pub(crate) fn soft_keyword(&self, kind: Kind) -> Kind {
        let first = self.tokens.len() == self.line_start && self.brackets.is_empty();
        match kind {
            Kind::Case if first && self.indents[self.indents.len() - 1].is_match => Kind::Case,
            Kind::Type if self.at_statement_start() && self.peek().is_name() => Kind::Type,
            _ => Kind::Name,
        }
    }

    /// At the end of a logical line: it is a `match` statement if it looks like one from both ends.
    pub(crate) fn finish_match_line(&mut self) {
        let (first, count) = (self.line_start, self.tokens.len() - self.line_start);
        if count > 2
            && self.tokens.get(first).kind == Kind::Name
            && self.tokens.last().is_some_and(|last| last.kind == Kind::Colon)
            && self.tokens.get(first + 1).kind != Kind::Colon
            && self.text_of(first) == "match"
        {
            self.tokens.amend(first, Kind::Match);
            self.match_block = true;
        }
    }

    fn at_statement_start(&self) -> bool {
        let previous = self.tokens.get(self.tokens.len() - 1).kind;
        self.brackets.is_empty()
            && (self.tokens.len() == self.line_start || matches!(previous, Kind::Semi | Kind::Colon))
    }

    fn text_of(&self, index: usize) -> &str {
        let token = self.tokens.get(index);
        &self.text[token.start as usize..self.tokens.end(token) as usize]
    }
}
