//! Source text, and where things stand in it.
//!
//! A [`Source`] is the text as the lexer wants it: UTF-8, `\n` the only line end, closed by one. A node of the tree
//! says where it stands with a [`Loc`], eight bytes: either a byte range of the source, which costs the parser
//! nothing, or an index into a table of [`Position`]s, for trees that come from Python's own `ast` nodes, whose lines
//! and columns may be anything. [`Locations`] turns both into lines and columns, when somebody asks.

use std::cell::Cell;
use std::sync::OnceLock;

use crate::Mode;

/// A program's text: UTF-8, lines ended by `\n`, the last one too.
#[derive(Debug, Default)]
pub struct Source {
    text: String,
    newline_added: bool,
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    /// The most bytes a source may have: positions take 32 bits, and the highest marks a table index.
    pub const MAX_LEN: usize = u32::MAX as usize - 16;

    /// Text that has already been decoded; `\r\n` and `\r` become `\n`, and a missing last `\n` is added.
    pub fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.contains('\r') {
            text = text.replace("\r\n", "\n").replace('\r', "\n");
        }
        let newline_added = !text.is_empty() && !text.ends_with('\n');
        if newline_added {
            text.push('\n');
        }
        Self { text, newline_added, line_starts: OnceLock::new() }
    }

    /// The text, its line ends normalised.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the last line had no line end of its own.
    pub fn newline_added(&self) -> bool {
        self.newline_added
    }

    /// The number of lines.
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The offset at which a line starts, counted from 1.
    pub(crate) fn line_start(&self, lineno: i32) -> u32 {
        let index = usize::try_from(lineno - 1).unwrap_or(0);
        self.line_starts().get(index).copied().unwrap_or(self.text.len() as u32)
    }

    /// Whether a line, counted from 1, is the last one that has text.
    pub fn is_last_line(&self, lineno: i32) -> bool {
        self.line_starts().get(lineno as usize).is_none_or(|&next| next as usize >= self.text.len())
    }

    /// A line with its line end, counted from 1; empty when there is no such line.
    pub fn line(&self, lineno: i32) -> &str {
        let starts = self.line_starts();
        let Some(index) = usize::try_from(lineno).ok().and_then(|line| line.checked_sub(1)) else {
            return "";
        };
        let Some(&start) = starts.get(index) else { return "" };
        let end = starts.get(index + 1).map_or(self.text.len(), |&end| end as usize);
        &self.text[start as usize..end]
    }

    /// A line as CPython's tokenizer has it: for a file it adds a line end that is missing, for the rest it does not.
    pub(crate) fn line_as_read(&self, lineno: i32, mode: Mode) -> &str {
        let line = self.line(lineno);
        if self.is_last_line(lineno) && !self.ends_line(mode) { line.trim_end_matches('\n') } else { line }
    }

    /// Whether the last line ends as far as CPython sees it.
    pub(crate) fn ends_line(&self, mode: Mode) -> bool {
        !self.newline_added || matches!(mode, Mode::Exec | Mode::Interactive)
    }

    /// The line, counted from 1, and the column, in bytes, of a byte offset.
    pub fn line_and_column(&self, offset: u32) -> (i32, i32) {
        self.line_and_column_near(offset, 0)
    }

    /// As [`Self::line_and_column`], with a guess at the line's index that is tried first.
    fn line_and_column_near(&self, offset: u32, guess: usize) -> (i32, i32) {
        let starts = self.line_starts();
        let holds = |index: usize| {
            starts.get(index).is_some_and(|&start| start <= offset)
                && starts.get(index + 1).is_none_or(|&next| offset < next)
        };
        let index = if holds(guess) {
            guess
        } else if holds(guess + 1) {
            guess + 1
        } else {
            starts.partition_point(|&start| start <= offset) - 1
        };
        (index as i32 + 1, (offset - starts[index]) as i32)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let after_newline = memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at as u32 + 1);
            let mut starts = vec![0];
            starts.extend(after_newline);
            starts
        })
    }
}

/// Where a node stands: a byte range of the source, or an index into a table of positions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Loc {
    start: u32,
    end: u32,
}

impl Loc {
    const TABLE: u32 = u32::MAX;

    /// The bytes from `start` up to `end` of the source.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The entry `index` of the table of positions that the tree comes with.
    pub const fn from_index(index: u32) -> Self {
        Self { start: index, end: Self::TABLE }
    }

    /// The index into the table of positions, unless this is a range of the source.
    pub const fn index(self) -> Option<u32> {
        if self.end == Self::TABLE { Some(self.start) } else { None }
    }

    /// The offset of the first byte, of a location in the source.
    pub const fn start(self) -> u32 {
        self.start
    }

    /// The offset after the last byte, of a location in the source.
    pub const fn end(self) -> u32 {
        self.end
    }

    /// From the start of this location to the end of another, both in the source.
    #[must_use]
    pub const fn to(self, last: Loc) -> Self {
        Self { start: self.start, end: last.end }
    }
}

/// Lines counted from 1 and columns in UTF-8 bytes from 0, as Python's `ast` gives them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[allow(missing_docs, reason = "the fields are those of Python's `ast` nodes")]
pub struct Position {
    pub lineno: i32,
    pub col_offset: i32,
    pub end_lineno: i32,
    pub end_col_offset: i32,
}

/// Turns [`Loc`]s into [`Position`]s: the source for byte ranges, a table for the rest.
#[derive(Clone, Debug)]
pub struct Locations<'s> {
    source: Option<&'s Source>,
    table: &'s [Position],
    /// The index of the line that was asked for last: the next question is nearly always about it or its neighbour.
    recent: Cell<usize>,
}

impl<'s> Locations<'s> {
    /// The locations of a tree that was parsed from `source`.
    pub fn of_source(source: &'s Source) -> Self {
        Self { source: Some(source), table: &[], recent: Cell::new(0) }
    }

    /// The locations of a tree whose nodes bring their own positions.
    pub fn of_table(table: &'s [Position]) -> Self {
        Self { source: None, table, recent: Cell::new(0) }
    }

    /// The source, if the tree came from one.
    pub fn source(&self) -> Option<&'s Source> {
        self.source
    }

    /// The lines and columns of a location.
    pub fn resolve(&self, loc: Loc) -> Position {
        match (loc.index(), self.source) {
            (Some(index), _) => self.table[index as usize],
            (None, Some(source)) => self.resolve_in(source, loc),
            (None, None) => Position::default(),
        }
    }

    fn resolve_in(&self, source: &Source, loc: Loc) -> Position {
        let (lineno, col_offset) = source.line_and_column_near(loc.start, self.recent.get());
        let line = lineno as usize - 1;
        self.recent.set(line);
        let (end_lineno, end_col_offset) = source.line_and_column_near(loc.end, line);
        Position { lineno, col_offset, end_lineno, end_col_offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_normalised() {
        assert_eq!(Source::new("a\r\nb\rc").text(), "a\nb\nc\n");
        assert_eq!(Source::new("").text(), "");
    }

    #[test]
    fn offsets_resolve_in_any_order() {
        let source = Source::new("ab\ncd\n\nefg");
        let locations = Locations::of_source(&source);
        let at = |start, end| {
            let p = locations.resolve(Loc::new(start, end));
            (p.lineno, p.col_offset, p.end_lineno, p.end_col_offset)
        };
        assert_eq!(at(7, 10), (4, 0, 4, 3));
        assert_eq!(at(0, 5), (1, 0, 2, 2));
        assert_eq!(at(6, 6), (3, 0, 3, 0));
        assert_eq!(source.line(2), "cd\n");
        assert_eq!(source.line(9), "");
    }
}
