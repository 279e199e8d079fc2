//! The source lines below an entry of a traceback, with carets where the failing expression stands (PEP 657).

use super::anchors::{self, Anchors, Kind};
use crate::text::width::traceback_width;
use crate::text::wtf8::Text;

/// Where an expression stands within some lines: from a column of the first to a column of the last, counted in bytes of the
/// lines as they are in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The lines of an expression as a traceback shows them, each ended: without their common indentation, the
/// uninteresting ones among them left out, with carets below.
pub(super) fn render(lines: &[String], span: Span) -> String {
    let dedented = dedent(lines);
    let (Some(first), Some(last)) = (dedented.first(), dedented.last()) else { return String::new() };
    let removed = lines[0].chars().count() - first.chars().count();
    let offset = |line: &String, bytes| chars_before(line, bytes).saturating_sub(removed);
    let start = offset(&lines[0], span.start);
    let end = offset(&lines[lines.len() - 1], span.end).min(last.chars().count());
    let excerpt = Excerpt::new(&dedented, start, end);
    indent(&dedent(&excerpt.render()))
}

/// The first line alone, for entries without columns.
pub(super) fn render_line(line: &str) -> String {
    format!("    {}\n", line.trim())
}

fn indent(lines: &[String]) -> String {
    lines.iter().map(|line| format!("    {line}\n")).collect()
}

/// How many characters lie before a byte offset; an offset within a character counts it.
fn chars_before(line: &str, bytes: usize) -> usize {
    line.char_indices().take_while(|&(at, _)| at < bytes).count()
}

/// Takes the leading white space away that all lines but the blank ones share.
fn dedent(lines: &[String]) -> Vec<String> {
    let margin_of = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut margin: Option<&str> = None;
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        let own = &line[..margin_of(line)];
        margin = Some(margin.map_or(own, |margin| common_prefix(margin, own)));
    }
    let margin = margin.map_or(0, str::len);
    lines
        .iter()
        .map(|line| if line.trim().is_empty() { String::new() } else { line[margin..].to_owned() })
        .collect()
}

fn common_prefix<'t>(a: &'t str, b: &str) -> &'t str {
    let length = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    &a[..length]
}

/// Lines with an expression in them.
struct Excerpt<'l> {
    lines: &'l [String],
    /// Columns on the screen where the expression starts in the first line and ends in the last.
    start: usize,
    end: usize,
    /// The part that is marked apart: line and column on the screen of its two ends.
    marked: Option<[(usize, usize); 2]>,
    shows_carets: bool,
}

impl<'l> Excerpt<'l> {
    fn new(lines: &'l [String], start: usize, end: usize) -> Self {
        let text: Vec<char> = lines.join("\n").chars().collect();
        let (first, last) = (&lines[0], &lines[lines.len() - 1]);
        let text_end = text.len() - (last.chars().count() - end);
        let segment = text.get(start..text_end).unwrap_or_default();
        let anchors = anchors::find(segment);
        let surroundings = (first.chars().take(start).collect(), last.chars().skip(end).collect());
        Self {
            lines,
            start: width_before(first, start),
            end: width_before(last, end),
            marked: anchors.map(|Anchors { start: from, end: to, .. }| {
                [from, to].map(|offset| position(lines, start + offset))
            }),
            shows_carets: shows_carets(anchors, &surroundings),
        }
    }

    /// The first and last lines, those around the ends of the marked part, and carets below them.
    fn render(&self) -> Vec<String> {
        let last = self.lines.len() - 1;
        let mut significant = vec![0, last];
        for (line, _) in self.marked.into_iter().flatten() {
            significant.extend(line.saturating_sub(1)..=(line + 1).min(last));
        }
        significant.sort_unstable();
        significant.dedup();
        let mut output = Vec::new();
        let mut previous = 0;
        for line in significant {
            match line - previous {
                0 | 1 => {}
                2 => self.push_line(line - 1, &mut output),
                distance => output.push(format!("...<{} lines>...", distance - 1)),
            }
            self.push_line(line, &mut output);
            previous = line;
        }
        output
    }

    fn push_line(&self, index: usize, output: &mut Vec<String>) {
        output.push(self.lines[index].clone());
        if self.shows_carets {
            output.push(self.carets(index));
        }
    }

    fn carets(&self, index: usize) -> String {
        let line = &self.lines[index];
        let blank = line.chars().take_while(|char| char.is_whitespace()).count();
        let width = if index == self.lines.len() - 1 { self.end } else { width_before(line, usize::MAX) };
        let caret = |column: usize| match self.marked {
            _ if column < blank || (index == 0 && column < self.start) => ' ',
            Some([from, to]) if (index, column) >= from && (index, column) < to => '^',
            Some(_) => '~',
            None => '^',
        };
        (0..width).map(caret).collect()
    }
}

/// Whether carets say more than the lines do: not if they would span all there is, nor below a lone call.
fn shows_carets(anchors: Option<Anchors>, (before, after): &(String, String)) -> bool {
    let is_lone_call =
        anchors.is_some_and(|anchors| anchors.kind == Kind::CallOfName) && after.trim().is_empty() && {
            let before = before.trim();
            before == "return" || before.strip_suffix('=').is_some_and(|target| is_name(target.trim_end()))
        };
    !is_lone_call && (anchors.is_some() || !before.trim().is_empty() || !after.trim().is_empty())
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|char: char| char.is_ascii_digit())
        && text.chars().all(|char| char.is_alphanumeric() || char == '_')
}

/// The columns that the first `count` characters of a line take on the screen.
fn width_before(line: &str, count: usize) -> usize {
    let end = line.char_indices().nth(count).map_or(line.len(), |(at, _)| at);
    traceback_width(Text::from(&line[..end]))
}

/// Line and column on the screen of a character among the lines.
fn position(lines: &[String], mut offset: usize) -> (usize, usize) {
    for (index, line) in lines.iter().enumerate() {
        let length = line.chars().count();
        if offset <= length {
            return (index, width_before(line, offset));
        }
        offset -= length + 1;
    }
    (lines.len() - 1, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(source: &str, start: usize, end: usize) -> String {
        let lines: Vec<String> = source.lines().map(str::to_owned).collect();
        render(&lines, Span { start, end })
    }

    #[test]
    fn an_operator_is_marked_apart() {
        assert_eq!(show("    x = 1 + a / b", 12, 17), "    x = 1 + a / b\n            ~~^~~\n");
    }

    #[test]
    fn a_whole_line_needs_no_carets() {
        assert_eq!(show("raise ValueError", 0, 16), "    raise ValueError\n");
        assert_eq!(show("x = f(1)", 4, 8), "    x = f(1)\n");
        assert_eq!(show("return f(1)", 7, 11), "    return f(1)\n");
        assert_eq!(show("f(1)", 0, 4), "    f(1)\n    ~^^^\n");
    }

    #[test]
    fn many_lines_are_abbreviated() {
        let source = "  f(a,\n    b,\n    c,\n    d,\n    e,\n    g)";
        let shown = "    f(a,\n    ~^^^\n      b,\n      ^^\n    ...<2 lines>...\n      e,\n      ^^\n      g)\n      ^^\n";
        assert_eq!(show(source, 2, 6), shown);
        let source = "x = (1 +\n\n\n\n\n 'a'";
        let shown = "    x = (1 +\n         ~~^\n    \n    \n    ...<3 lines>...\n     'a'\n     ~~~\n";
        assert_eq!(show(source, 5, 4), shown);
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(show("x = '日本' + 1", 4, 16), "    x = '日本' + 1\n        ~~~~~~~^~~\n");
    }
}
