//! Which part of a failing expression did it: the operator of a binary operation, the brackets of a call or subscript.
//!
//! A traceback knows the range of the whole expression; this module finds its outermost operation in the text, with a
//! scanner for just what that takes: brackets, strings, and operators between operands. In doubt there are no anchors, and
//! the whole range gets carets.

/// The part of the expression to be marked apart, as offsets into its characters, and what kind of expression it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchors {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// What the outermost operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Operator,
    Subscript,
    /// A call of anything but a plain name.
    Call,
    /// A call of a plain name.
    CallOfName,
}

/// Finds the outermost operation of an expression.
pub(super) fn find(text: &[char]) -> Option<Anchors> {
    let tokens = tokenize(text)?;
    if tokens.iter().any(|token| token.what == What::Other) || !tokens.is_sorted_by(may_follow) {
        return None;
    }
    let operators = tokens.iter().filter(|token| matches!(token.what, What::Binary(_)));
    let starts_with_unary = tokens.first().is_some_and(|token| token.what == What::Unary);
    let outermost = operators.clone().min_by_key(|token| token.precedence());
    let Some(outermost) = outermost else {
        return if starts_with_unary { None } else { trailer(&tokens) };
    };
    let mut same = operators.filter(|token| token.precedence() == outermost.precedence());
    let outermost = if outermost.what == What::Binary(POWER) {
        // `-a ** b` is the negation of a power. Powers associate to the right.
        if starts_with_unary && !is_await(text, &tokens[0]) {
            return None;
        }
        same.next()
    } else {
        same.next_back()
    };
    outermost.map(|token| Anchors { start: token.start, end: token.end, kind: Kind::Operator })
}

/// Whether the second token may stand behind the first: two operands without an operator are no expression, but may be
/// a statement such as `raise f(x)`.
fn may_follow(first: &Token, second: &Token) -> bool {
    let operands = matches!(first.what, What::Name | What::Number | What::String | What::Brackets(_))
        && matches!(second.what, What::Name | What::Number | What::String);
    !operands || (first.what == What::String && second.what == What::String)
}

/// The brackets at the end of a primary.
fn trailer(tokens: &[Token]) -> Option<Anchors> {
    let (last, before) = tokens.split_last()?;
    let before_last = before.last()?;
    let kind = match last.what {
        What::Brackets('[') => Kind::Subscript,
        What::Brackets('(') if before.len() == 1 && before_last.what == What::Name => Kind::CallOfName,
        What::Brackets('(') => Kind::Call,
        _ => return None,
    };
    Some(Anchors { start: last.start, end: last.end, kind })
}

#[derive(Clone, Copy, Debug)]
struct Token {
    what: What,
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A name, which may stand for an operand, or as an attribute behind a dot.
    Name,
    Number,
    String,
    /// Between an operand and its attribute.
    Dot,
    /// A bracketed part, by its opening bracket.
    Brackets(char),
    /// A binary operator of this precedence.
    Binary(u8),
    /// A unary operator, or `await`.
    Unary,
    /// What makes the expression something else: comparison, lambda, tuple, and so on.
    Other,
}

const POWER: u8 = 6;

impl Token {
    fn precedence(&self) -> u8 {
        if let What::Binary(precedence) = self.what { precedence } else { u8::MAX }
    }

    /// Whether an operator behind it is a binary one.
    fn ends_operand(&self) -> bool {
        matches!(self.what, What::Name | What::Number | What::String | What::Brackets(_))
    }
}

fn is_await(text: &[char], token: &Token) -> bool {
    text[token.start..token.end].iter().collect::<String>() == "await"
}

/// The tokens outside brackets; none if the text is not an expression.
fn tokenize(text: &[char]) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = at;
        let char = text[at];
        let what = match char {
            _ if char.is_whitespace() || char == '\\' => {
                at += 1;
                continue;
            }
            '#' => {
                at = line_end(text, at);
                continue;
            }
            '(' | '[' | '{' => {
                at = closing(text, at)? + 1;
                What::Brackets(char)
            }
            ')' | ']' | '}' => return None,
            '\'' | '"' => {
                at = string_end(text, at, false)?;
                What::String
            }
            _ if char.is_alphabetic() || char == '_' => {
                at = word_end(text, at);
                let word: String = text[start..at].iter().collect();
                if matches!(text.get(at), Some('\'' | '"')) && is_string_prefix(&word) {
                    at = string_end(text, at, word.to_ascii_lowercase().contains(['f', 't']))?;
                    What::String
                } else {
                    word_kind(&word)
                }
            }
            _ if char.is_ascii_digit() => {
                at = number_end(text, at);
                What::Number
            }
            '.' => {
                at += 1;
                What::Dot
            }
            _ => {
                let after_operand = tokens.last().is_some_and(Token::ends_operand);
                let (what, length) = operator(&text[at..], after_operand);
                at += length;
                what
            }
        };
        tokens.push(Token { what, start, end: at });
    }
    Some(tokens)
}

fn word_kind(word: &str) -> What {
    match word {
        "and" | "or" | "not" | "in" | "is" | "if" | "else" | "lambda" | "for" | "async" | "yield"
        | "from" => What::Other,
        "await" => What::Unary,
        _ => What::Name,
    }
}

/// An operator and its length.
fn operator(text: &[char], after_operand: bool) -> (What, usize) {
    let next = text.get(1).copied().unwrap_or(' ');
    let third = text.get(2).copied().unwrap_or(' ');
    let binary = |precedence, length: usize| {
        let augmented = text.get(length) == Some(&'=');
        if augmented || !after_operand { (What::Other, length) } else { (What::Binary(precedence), length) }
    };
    match (text[0], next) {
        ('*', '*') => binary(POWER, 2),
        ('/', '/') => binary(5, 2),
        ('<', '<') | ('>', '>') => binary(3, 2),
        ('+' | '-', _) if !after_operand => (What::Unary, 1),
        ('~', _) => (What::Unary, 1),
        ('-', '>') => (What::Other, 2),
        ('*' | '/' | '%' | '@', _) => binary(5, 1),
        ('+' | '-', _) => binary(4, 1),
        ('&', _) => binary(2, 1),
        ('^', _) => binary(1, 1),
        ('|', _) => binary(0, 1),
        ('<' | '>' | '=' | '!' | ':', '=') if third != '=' => (What::Other, 2),
        _ => (What::Other, 1),
    }
}

fn line_end(text: &[char], at: usize) -> usize {
    text[at..].iter().position(|&char| char == '\n').map_or(text.len(), |length| at + length)
}

fn word_end(text: &[char], at: usize) -> usize {
    let is_word = |char: &char| char.is_alphanumeric() || *char == '_' || !char.is_ascii();
    text[at..].iter().position(|char| !is_word(char)).map_or(text.len(), |length| at + length)
}

/// The end of a number: a sign belongs to it behind an exponent's `e`.
fn number_end(text: &[char], start: usize) -> usize {
    let mut at = start;
    let is_hexadecimal = matches!(text.get(start + 1), Some('x' | 'X'));
    while let Some(&char) = text.get(at) {
        let signed = matches!(char, '+' | '-') && matches!(text[at - 1], 'e' | 'E') && !is_hexadecimal;
        if !(char.is_ascii_alphanumeric() || char == '_' || char == '.' || signed) {
            break;
        }
        at += 1;
    }
    at
}

fn is_string_prefix(word: &str) -> bool {
    matches!(
        word.to_ascii_lowercase().as_str(),
        "r" | "b" | "u" | "f" | "t" | "br" | "rb" | "fr" | "rf" | "tr" | "rt"
    )
}

/// The position of the bracket that closes the one at a position.
fn closing(text: &[char], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = open;
    while at < text.len() {
        match text[at] {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            '\'' | '"' => {
                let prefix_start =
                    text[..at].iter().rposition(|char| !char.is_ascii_alphabetic()).map_or(0, |at| at + 1);
                let prefix: String = text[prefix_start..at].iter().collect();
                let formatted = is_string_prefix(&prefix) && prefix.to_ascii_lowercase().contains(['f', 't']);
                at = string_end(text, at, formatted)?;
                continue;
            }
            '#' => at = line_end(text, at).saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The position behind a string whose opening quote is at a position.
fn string_end(text: &[char], start: usize, formatted: bool) -> Option<usize> {
    let quote = text[start];
    let triple = text[start..].starts_with(&[quote; 3]);
    let width = if triple { 3 } else { 1 };
    let mut at = start + width;
    while at < text.len() {
        match text[at] {
            '\\' => at += 2,
            '{' if formatted && text.get(at + 1) == Some(&'{') => at += 2,
            '{' if formatted => at = closing(text, at)? + 1,
            char if char == quote && (!triple || text[at..].starts_with(&[quote; 3])) => {
                return Some(at + width);
            }
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with the anchored part in angle quotes.
    fn anchored(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let Some(Anchors { start, end, .. }) = find(&chars) else { return text.to_owned() };
        let part = |range: std::ops::Range<usize>| chars[range].iter().collect::<String>();
        format!("{}«{}»{}", part(0..start), part(start..end), part(end..chars.len()))
    }

    #[test]
    fn binary_operators() {
        assert_eq!(anchored("a + b"), "a «+» b");
        assert_eq!(anchored("a + b * c"), "a «+» b * c");
        assert_eq!(anchored("a - b - c"), "a - b «-» c");
        assert_eq!(anchored("a ** b ** c"), "a «**» b ** c");
        assert_eq!(anchored("x | y ^ z"), "x «|» y ^ z");
        assert_eq!(anchored("(a + b) / -c"), "(a + b) «/» -c");
        assert_eq!(anchored("1e-5 + 2"), "1e-5 «+» 2");
        assert_eq!(anchored("-a * b"), "-a «*» b");
        assert_eq!(anchored("a//b"), "a«//»b");
        assert_eq!(anchored("await a ** b"), "await a «**» b");
    }

    #[test]
    fn calls_and_subscripts() {
        assert_eq!(anchored("f(a + b)"), "f«(a + b)»");
        assert_eq!(anchored("a.b[c](d)"), "a.b[c]«(d)»");
        assert_eq!(anchored("a[b][c]"), "a[b]«[c]»");
        assert_eq!(anchored("'(' .join(x)"), "'(' .join«(x)»");
        assert_eq!(anchored("f'{a[\"x\"]}'[0]"), "f'{a[\"x\"]}'«[0]»");
        assert_eq!(anchored("f(')', \"\"\"]\"\"\", # )\n)"), "f«(')', \"\"\"]\"\"\", # )\n)»");
    }

    #[test]
    fn anything_else_has_no_anchors() {
        for text in [
            "a.b",
            "-a",
            "-a ** b",
            "a < b",
            "not a + b",
            "lambda: f(x)",
            "(a)",
            "await f(x)",
            "x if y else z(1)",
            "raise f(x)",
            "del a[b]",
            "",
        ] {
            assert_eq!(anchored(text), text);
        }
    }
}
