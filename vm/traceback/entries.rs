//! The entries of a traceback: in which function of which file, and at which line and columns.

use super::carets::{self, Span};
use super::source::Cache;
use crate::frame;
use crate::heap::inline::Str;
use crate::types::traceback::Traceback;
use crate::value::{Owned, Ref};

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) file: String,
    pub(super) function: String,
    pub(super) line: Option<i32>,
    /// Where the expression ends, and its columns in bytes, if they are known.
    pub(super) columns: Option<Columns>,
}

/// The extent of the expression that an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) start: usize,
    pub(super) end_line: i32,
    pub(super) end: usize,
}

/// The entries of a traceback, outermost first: at most so many, the innermost ones.
pub(super) fn entries(traceback: Option<Owned>, limit: Option<usize>) -> Vec<Entry> {
    let chain = std::iter::successors(traceback, |traceback| payload(traceback)?.next.get());
    let mut entries: Vec<_> = chain.filter_map(|traceback| payload(&traceback).map(entry)).collect();
    let excess = limit.map_or(0, |limit| entries.len().saturating_sub(limit));
    entries.split_off(excess)
}

fn payload(traceback: &Owned) -> Option<&Traceback> {
    traceback.borrow().downcast()
}

fn entry(traceback: &Traceback) -> Entry {
    let code = frame::code_of_object(traceback.frame.borrow());
    let offset = u32::try_from(traceback.lasti.get()).ok();
    let position = offset.and_then(|offset| code.position_at(offset / 2));
    let known_line = Some(traceback.line.get()).filter(|&line| line >= 0);
    let columns = position.and_then(|position| {
        Some(Columns {
            start: usize::try_from(position.col_offset).ok()?,
            end_line: Some(position.end_lineno).filter(|&line| line >= position.lineno)?,
            end: usize::try_from(position.end_col_offset).ok()?,
        })
    });
    Entry {
        file: shown(code.filename.get_or_none().borrow()),
        function: shown(code.name.borrow()),
        line: known_line.or(position.map(|position| position.lineno)),
        columns,
    }
}

fn shown(text: Ref<'_>) -> String {
    text.downcast::<Str>().map_or_else(String::new, |text| text.to_string_lossy().into_owned())
}

/// How many entries for the same line of a function are shown before the rest are counted.
const REPEATED: usize = 3;

/// The entries as a traceback lists them. Without carets, as unraisable exceptions are reported, each is followed by a line
/// of source text only.
pub(super) fn format(entries: &[Entry], sources: &mut Cache<'_>, with_carets: bool) -> String {
    let mut output = String::new();
    let runs = entries.chunk_by(|a, b| {
        a.line.is_some() && a.line == b.line && a.file == b.file && a.function == b.function
    });
    for run in runs {
        for entry in &run[..run.len().min(REPEATED)] {
            entry.format(sources, with_carets, &mut output);
        }
        if let more @ 1.. = run.len().saturating_sub(REPEATED) {
            let s = if more == 1 { "" } else { "s" };
            output.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
        }
    }
    output
}

impl Entry {
    fn format(&self, sources: &mut Cache<'_>, with_carets: bool, output: &mut String) {
        let Self { file, function, .. } = self;
        let name = if file.starts_with("<stdin-") && file.ends_with('>') { "<stdin>" } else { file };
        let line = self.line.map_or_else(|| "None".to_owned(), |line| line.to_string());
        output.push_str(&format!("  File \"{name}\", line {line}, in {function}\n"));
        let Some(first) = self.line else { return };
        let last = self.columns.map_or(first, |columns| columns.end_line);
        let lines = sources.lines(file, first, last);
        if lines.iter().all(|line| line.trim().is_empty()) {
            return;
        }
        output.push_str(&match self.columns {
            Some(Columns { start, end, .. }) if with_carets => carets::render(&lines, Span { start, end }),
            _ => carets::render_line(&lines[0]),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Sources;
    use super::*;

    #[test]
    fn repeated_entries_are_counted() {
        let sources = Sources::default();
        sources.register("x", "f()\n\nraise E");
        let entry = |line| Entry { file: "x".into(), function: "f".into(), line: Some(line), columns: None };
        let mut entries = vec![entry(1); 5];
        entries.push(entry(3));
        let text = format(&entries, &mut Cache::new(&sources), true);
        let once = "  File \"x\", line 1, in f\n    f()\n";
        let last = "  File \"x\", line 3, in f\n    raise E\n";
        assert_eq!(text, format!("{}  [Previous line repeated 2 more times]\n{last}", once.repeat(3)));
    }
}
