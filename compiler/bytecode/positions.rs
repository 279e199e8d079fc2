//! Where instructions come from: the location table, `co_linetable`.
//!
//! The format is CPython's (its `Objects/locations.md`), with a 64-bit word for a code unit: entries in the order of the
//! code, each for one to eight words. The first byte of an entry, the only one with its high bit set, holds the form and the
//! number of words; the rest depends on the form:
//!
//! ```text
//! 0x80 | form << 3 | words - 1
//! form 0-9     one byte: the line before; column 8 * form + (byte >> 4), as many columns as its low four bits say
//! form 10-12   column, end column, a byte each; form - 10 lines further
//! form 13      line difference (signed); no columns
//! form 14      line difference (signed), lines to the end, column + 1, end column + 1
//! form 15      nothing: no location
//! ```
//!
//! Numbers are in groups of six bits, low ones first, bit 6 set on all but the last; a signed number has its sign in the
//! lowest bit. Line differences count from the line of the entry before, the first one from `co_firstlineno`. What
//! goes in comes out, whatever the lines and columns are; a table from a hostile file gives nonsense at worst.

pub use pyx_grammar::Position;

const NO_COLUMNS: u8 = 13;
const LONG: u8 = 14;
const NO_LOCATION: u8 = 15;

/// The most words that one entry covers.
const ENTRY_WORDS: u32 = 8;

/// Writes a location table.
#[derive(Debug)]
pub struct PositionsBuilder {
    table: Vec<u8>,
    /// The line of the last entry that had one.
    line: i32,
    /// The location that is not yet written, and how many words it covers so far.
    pending: (Option<Position>, u32),
}

impl PositionsBuilder {
    /// A table for code that begins on this line.
    pub fn new(first_line: i32) -> Self {
        Self { table: Vec::new(), line: first_line, pending: (None, 0) }
    }

    /// The location of the next `words` words. A negative column or end line is one that is not known.
    pub fn push(&mut self, position: Option<Position>, words: u32) {
        if position != self.pending.0 {
            self.flush();
            self.pending.0 = position;
        }
        self.pending.1 += words;
    }

    /// The table.
    pub fn finish(mut self) -> Vec<u8> {
        self.flush();
        self.table
    }

    fn flush(&mut self) {
        let (position, mut words) = std::mem::take(&mut self.pending);
        while words > 0 {
            let covered = words.min(ENTRY_WORDS);
            self.entry(position, covered);
            words -= covered;
        }
    }

    fn entry(&mut self, position: Option<Position>, words: u32) {
        let Some(at) = position else { return self.start(NO_LOCATION, words) };
        let lines = i64::from(at.lineno) - i64::from(self.line);
        self.line = at.lineno;
        let (column, end) = (at.col_offset, at.end_col_offset);
        let one_line = at.end_lineno == at.lineno;
        let has_columns = column >= 0 && end >= 0;
        match (lines, column, end) {
            (0, 0..80, _) if one_line && (column..column + 16).contains(&end) => {
                self.start((column / 8) as u8, words);
                self.table.push(((column % 8) << 4 | (end - column)) as u8);
            }
            (0..=2, 0..128, 0..128) if one_line => {
                self.start(10 + lines as u8, words);
                self.table.extend([column as u8, end as u8]);
            }
            _ if !has_columns && (one_line || at.end_lineno < 0) => {
                self.start(NO_COLUMNS, words);
                self.signed(lines);
            }
            _ => {
                self.start(LONG, words);
                self.signed(lines);
                self.number(u64::from(at.end_lineno.wrapping_sub(at.lineno) as u32));
                self.number(u64::from(column.wrapping_add(1) as u32));
                self.number(u64::from(end.wrapping_add(1) as u32));
            }
        }
    }

    fn start(&mut self, form: u8, words: u32) {
        self.table.push(0x80 | form << 3 | (words - 1) as u8);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 64 {
            self.table.push(0x40 | (number & 63) as u8);
            number >>= 6;
        }
        self.table.push(number as u8);
    }

    fn signed(&mut self, number: i64) {
        self.number(number.unsigned_abs() << 1 | u64::from(number < 0));
    }
}

/// A stretch of words with one location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    /// The first word.
    pub start: u32,
    /// The word after the last.
    pub end: u32,
    /// The location, unless there is none. Columns that are not known are -1.
    pub at: Option<T>,
}

/// The entries of a location table, as `co_positions()` wants them.
pub fn positions(table: &[u8], first_line: i32) -> impl Iterator<Item = Stretch<Position>> + Clone {
    Reader { rest: table, line: first_line, word: 0 }
}

/// Stretches of equal lines, as `co_lines()` wants them.
pub fn lines(table: &[u8], first_line: i32) -> impl Iterator<Item = Stretch<i32>> + Clone {
    let mut entries = positions(table, first_line).peekable();
    std::iter::from_fn(move || {
        let line = |entry: &Stretch<Position>| entry.at.map(|at| at.lineno);
        let first = entries.next()?;
        let mut end = first.end;
        while let Some(next) = entries.next_if(|next| line(next) == line(&first)) {
            end = next.end;
        }
        Some(Stretch { start: first.start, end, at: line(&first) })
    })
}

/// The location of one word.
pub fn position_at(table: &[u8], first_line: i32, word: u32) -> Option<Position> {
    positions(table, first_line).find(|entry| word < entry.end)?.at
}

/// A location table that says the same of lines, and nothing of columns.
pub fn without_columns(table: &[u8], first_line: i32) -> Vec<u8> {
    let mut builder = PositionsBuilder::new(first_line);
    for stretch in positions(table, first_line) {
        let line =
            |at: Position| Position { end_lineno: at.lineno, col_offset: -1, end_col_offset: -1, ..at };
        builder.push(stretch.at.map(line), stretch.end - stretch.start);
    }
    builder.finish()
}

/// Places where reading a location table can begin, so that no word is far from one.
#[derive(Debug)]
pub struct Index {
    landmarks: Box<[Landmark]>,
}

/// A place in a table: the offset of an entry, and what the entries before it add up to.
#[derive(Clone, Copy, Debug)]
struct Landmark {
    offset: usize,
    line: i32,
    word: u32,
}

/// The entries between two landmarks.
const STRIDE: usize = 32;

impl Index {
    /// The index of a table.
    pub fn new(table: &[u8], first_line: i32) -> Self {
        let mut reader = Reader { rest: table, line: first_line, word: 0 };
        let mut landmarks = Vec::new();
        loop {
            let offset = table.len() - reader.rest.len();
            landmarks.push(Landmark { offset, line: reader.line, word: reader.word });
            if reader.nth(STRIDE - 1).is_none() {
                return Self { landmarks: landmarks.into() };
            }
        }
    }

    /// The location of one word. The table is the one that the index was made of.
    pub fn position_at(&self, table: &[u8], word: u32) -> Option<Position> {
        let after = self.landmarks.partition_point(|landmark| landmark.word <= word);
        let &Landmark { offset, line, word: first } = self.landmarks.get(after.checked_sub(1)?)?;
        let mut near = Reader { rest: table.get(offset..)?, line, word: first };
        near.find(|entry| word < entry.end)?.at
    }
}

#[derive(Clone)]
struct Reader<'t> {
    rest: &'t [u8],
    line: i32,
    word: u32,
}

impl Iterator for Reader<'_> {
    type Item = Stretch<Position>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.byte()?;
        let start = self.word;
        self.word = start.saturating_add(u32::from(first & 7) + 1);
        let form = first >> 3 & 15;
        let at = if form == NO_LOCATION { None } else { Some(self.location(form)?) };
        Some(Stretch { start, end: self.word, at })
    }
}

impl Reader<'_> {
    /// The location that an entry of this form goes on with; `None` where the table is cut short.
    fn location(&mut self, form: u8) -> Option<Position> {
        Some(match form {
            0..10 => {
                let byte = i32::from(self.byte()?);
                let column = i32::from(form) * 8 + (byte >> 4 & 7);
                self.on_one_line(column, column + (byte & 15))
            }
            10..13 => {
                self.line = self.line.wrapping_add(i32::from(form) - 10);
                let (column, end) = (self.byte()?, self.byte()?);
                self.on_one_line(i32::from(column), i32::from(end))
            }
            NO_COLUMNS => {
                self.advance()?;
                self.on_one_line(-1, -1)
            }
            _ => {
                self.advance()?;
                let end_lineno = self.line.wrapping_add(self.number()? as i32);
                let col_offset = (self.number()? as i32).wrapping_sub(1);
                let end_col_offset = (self.number()? as i32).wrapping_sub(1);
                Position { lineno: self.line, col_offset, end_lineno, end_col_offset }
            }
        })
    }

    fn on_one_line(&self, col_offset: i32, end_col_offset: i32) -> Position {
        Position { lineno: self.line, col_offset, end_lineno: self.line, end_col_offset }
    }

    fn advance(&mut self) -> Option<()> {
        let number = self.number()?;
        let lines = (number >> 1) as i32;
        self.line =
            if number & 1 == 0 { self.line.wrapping_add(lines) } else { self.line.wrapping_sub(lines) };
        Some(())
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 63).checked_shl(shift).unwrap_or(0);
            shift = (shift + 6).min(64);
            if byte & 64 == 0 {
                return Some(number);
            }
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lineno: i32, col_offset: i32, end_lineno: i32, end_col_offset: i32) -> Option<Position> {
        Some(Position { lineno, col_offset, end_lineno, end_col_offset })
    }

    fn build(first_line: i32, entries: &[(Option<Position>, u32)]) -> Vec<u8> {
        let mut builder = PositionsBuilder::new(first_line);
        for &(position, words) in entries {
            builder.push(position, words);
        }
        builder.finish()
    }

    /// The location of each word.
    fn words(table: &[u8], first_line: i32) -> Vec<Option<Position>> {
        positions(table, first_line)
            .flat_map(|entry| std::iter::repeat_n(entry.at, (entry.end - entry.start) as usize))
            .collect()
    }

    #[test]
    fn each_form_has_its_bytes() {
        assert_eq!(build(1, &[(at(1, 19, 1, 30), 2)]), [0x80 | 2 << 3 | 1, 0x3b]);
        assert_eq!(build(1, &[(at(3, 100, 3, 127), 1)]), [0x80 | 12 << 3, 100, 127]);
        assert_eq!(build(9, &[(at(2, -1, -1, -1), 1)]), [0x80 | 13 << 3, 15]);
        assert_eq!(build(1, &[(at(1, 0, 70, 129), 1)]), [0x80 | 14 << 3, 0, 0x40 | 5, 1, 1, 0x40 | 2, 2]);
        assert_eq!(build(1, &[(None, 9)]), [0xff, 0xf8]);
    }

    #[test]
    fn what_goes_in_comes_out() {
        let edges = [-1, 0, 1, 7, 8, 15, 16, 79, 80, 127, 128, 129, 5000, i32::MAX];
        let mut entries = vec![(None, 3)];
        for line in [1, 2, 3, 1, 5, 70, i32::MAX, 0, 4] {
            for lines in [0, 1, 90] {
                for column in edges {
                    for end in edges {
                        let columns = if column < 0 || end < 0 { (-1, -1) } else { (column, end) };
                        let end_line = line.saturating_add(lines);
                        entries.push((at(line, columns.0, end_line, columns.1), 1 + (line & 15) as u32));
                    }
                }
            }
            entries.push((None, 20));
        }
        let table = build(7, &entries);
        let expected = entries.iter().flat_map(|&(at, words)| std::iter::repeat_n(at, words as usize));
        let mut found = words(&table, 7).into_iter();
        for expected in expected {
            assert_eq!(found.next(), Some(expected));
        }
        assert_eq!(found.next(), None);
        assert_eq!(position_at(&table, 7, 2), None);
        assert_eq!(position_at(&table, 7, 3), entries[1].0);
        assert_eq!(position_at(&table, 7, u32::MAX), None);
        let index = Index::new(&table, 7);
        for (word, expected) in words(&table, 7).into_iter().enumerate() {
            assert_eq!(index.position_at(&table, word as u32), expected);
        }
        assert_eq!(index.position_at(&table, u32::MAX), None);
    }

    #[test]
    fn lines_are_merged() {
        let table = build(1, &[(at(1, 0, 1, 5), 2), (at(1, 3, 1, 4), 9), (None, 1), (at(4, 0, 4, 1), 1)]);
        let lines: Vec<_> = lines(&table, 1).map(|entry| (entry.start, entry.end, entry.at)).collect();
        assert_eq!(lines, [(0, 11, Some(1)), (11, 12, None), (12, 13, Some(4))]);
    }

    #[test]
    fn columns_can_be_left_out() {
        let table = build(1, &[(at(1, 0, 2, 5), 2), (None, 1), (at(4, 0, 4, 1), 1)]);
        let lines = without_columns(&table, 1);
        assert_eq!(words(&lines, 1), [at(1, -1, 1, -1), at(1, -1, 1, -1), None, at(4, -1, 4, -1)]);
    }

    #[test]
    fn any_bytes_can_be_read() {
        let mut state = 1u64;
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    (state >> 33) as u8
                })
                .collect();
            assert!(positions(&bytes, i32::MAX).count() <= bytes.len());
        }
        assert_eq!(positions(&[0xf0, 0x7f, 0x7f, 0x7f], 1).count(), 0);
    }
}
