//! How a `SyntaxError` is shown: the place, the line with carets below, and the message.

use crate::heap::inline::Str;
use crate::types::exception::syntax_error::Place;
use crate::types::int::Int;
use crate::value::Owned;
use crate::vm::Thread;

/// The place of an error in Rust's terms.
#[derive(Clone, Debug, Default)]
struct Error {
    message: Option<String>,
    file: Option<String>,
    /// As it is shown.
    line: Option<String>,
    end_line: Option<String>,
    text: Option<String>,
    /// Columns in characters, from 1.
    offset: Option<i64>,
    end_offset: Option<i64>,
}

/// The lines that show an error of the class `class_name`.
pub(super) fn format(vm: &Thread, class_name: &str, place: &Place) -> String {
    let error = Error {
        message: place
            .msg
            .as_ref()
            .filter(|message| vm.is_true(message.borrow()).unwrap_or(false))
            .map(|m| shown(vm, m)),
        file: present(place.filename.as_ref()).map(|file| shown(vm, file)),
        line: present(place.lineno.as_ref()).map(|line| shown(vm, line)),
        end_line: present(place.end_lineno.as_ref()).map(|line| shown(vm, line)),
        text: place.text.as_ref().and_then(text_of),
        offset: place.offset.as_ref().and_then(number),
        end_offset: place.end_offset.as_ref().and_then(number),
    };
    error.format(class_name)
}

fn present(value: Option<&Owned>) -> Option<&Owned> {
    value.filter(|value| !value.borrow().is_none())
}

fn text_of(value: &Owned) -> Option<String> {
    Some(value.borrow().downcast::<Str>()?.to_string_lossy().into_owned())
}

fn shown(vm: &Thread, value: &Owned) -> String {
    vm.to_str(value.borrow()).ok().as_ref().and_then(text_of).unwrap_or_default()
}

fn number(value: &Owned) -> Option<i64> {
    let value = value.borrow();
    value.as_small_int().or_else(|| i64::try_from(value.downcast::<Int>()?.value()).ok())
}

/// No line is longer; columns that a program made up may be.
const MOST_CARETS: usize = 100_000;

impl Error {
    fn format(&self, class_name: &str) -> String {
        let mut output = String::new();
        let mut suffix = String::new();
        if let Some(line) = &self.line {
            let file = self.file.as_deref().filter(|file| !file.is_empty()).unwrap_or("<string>");
            output.push_str(&format!("  File \"{file}\", line {line}\n"));
        } else if let Some(file) = &self.file {
            suffix = format!(" ({file})");
        }
        if let Some(text) = &self.text {
            self.push_line(text, &mut output);
        }
        let message = self.message.as_deref().unwrap_or("<no detail available>");
        output.push_str(&format!("{class_name}: {message}{suffix}\n"));
        output
    }

    /// The line without its indentation, and carets below the error.
    fn push_line(&self, text: &str, output: &mut String) {
        let line = text.trim_end_matches('\n');
        let shown = line.trim_start_matches([' ', '\n', '\x0c']);
        output.push_str(&format!("    {shown}\n"));
        let Some(offset) = self.offset else { return };
        let removed = count(line) - count(shown);
        let (start, end) = self.range(offset, text, line);
        let Ok(width) = usize::try_from(start.saturating_sub(removed + 1)) else { return };
        // Tabs stay, so that the carets stand where the characters do.
        let space = |char: char| if char.is_whitespace() { char } else { ' ' };
        let margin: String = shown.chars().take(width).map(space).collect();
        let carets = "^".repeat(usize::try_from(end.saturating_sub(start)).unwrap_or(1).min(MOST_CARETS));
        output.push_str(&format!("    {margin}{carets}\n"));
    }

    /// The columns from which and before which the carets stand, from 1.
    fn range(&self, offset: i64, text: &str, line: &str) -> (i64, i64) {
        let behind = count(line) + 1;
        let limit = |offset| if !text.is_empty() && offset > count(text) { behind } else { offset };
        let end = if self.line == self.end_line {
            self.end_offset.filter(|&end| end != 0).unwrap_or(offset)
        } else {
            behind
        };
        let (start, end) = (limit(offset), limit(end));
        if start >= end || end < 0 { (start, start.saturating_add(1)) } else { (start, end) }
    }
}

fn count(text: &str) -> i64 {
    text.chars().count() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str, columns: (i64, i64)) -> String {
        let error = Error {
            message: Some("invalid syntax".into()),
            file: Some("f.py".into()),
            line: Some("3".into()),
            end_line: Some("3".into()),
            text: Some(text.into()),
            offset: Some(columns.0),
            end_offset: Some(columns.1),
        };
        error.format("SyntaxError")
    }

    #[test]
    fn carets_stand_below_the_error() {
        let place = "  File \"f.py\", line 3\n";
        assert_eq!(
            show("  x = = 1\n", (7, 8)),
            format!("{place}    x = = 1\n        ^\nSyntaxError: invalid syntax\n")
        );
        assert_eq!(
            show("a\tb c", (3, 6)),
            format!("{place}    a\tb c\n     \t^^^\nSyntaxError: invalid syntax\n")
        );
        assert_eq!(show("abc", (99, 0)), format!("{place}    abc\n       ^\nSyntaxError: invalid syntax\n"));
        assert_eq!(show("  abc", (1, 2)), format!("{place}    abc\nSyntaxError: invalid syntax\n"));
    }

    #[test]
    fn without_a_line_the_file_follows_the_message() {
        let error = Error { message: Some("m".into()), file: Some("f".into()), ..Error::default() };
        assert_eq!(error.format("SyntaxError"), "SyntaxError: m (f)\n");
    }
}
