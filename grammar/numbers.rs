//! Number literals: where one ends, and what it is worth.

use bumpalo::Bump;

use crate::ast::{BigInt, ConstantValue};
use crate::error::Complaint;
use crate::lexer::{Lexer, Lexing};
use crate::token::Kind;

impl Lexer<'_> {
    /// A number whose first digit logos has found.
    pub(crate) fn number(&mut self) -> Lexing {
        let start = self.start();
        let bytes = &self.text.as_bytes()[start as usize..];
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let decimal = digits == 1 || matches!(bytes[0], b'1'..=b'9');
        let plain = decimal && bytes.get(digits) != Some(&b'.') && ends_number(bytes.get(digits));
        let length = if plain { digits } else { self.scan_number(start)? };
        self.seek(start + length as u32);
        self.push(Kind::Number, start, start + length as u32);
        Ok(())
    }

    #[cold]
    fn scan_number(&mut self, start: u32) -> Lexing<usize> {
        let scanned = Scanner { bytes: &self.text.as_bytes()[start as usize..], at: 0 }.number();
        match scanned {
            Ok((length, base)) => {
                self.check_number_end(start + length as u32, base)?;
                Ok(length)
            }
            Err(Malformed { from, at, message }) => {
                let at = start + at as u32;
                let from = from.map_or(at, |from| start + from as u32);
                Err(self.mistake_from(from, at, message))
            }
        }
    }

    /// What may follow a number: nothing that goes on like a name, but for the keywords that always could.
    fn check_number_end(&mut self, end: u32, base: &str) -> Lexing {
        let rest = &self.text.as_bytes()[end as usize..];
        if ends_number(rest.first()) {
            return Ok(());
        }
        let message = format!("invalid {base} literal");
        let mistake = self.mistake(end, message.clone());
        if !begins_with_operator(rest) {
            return Err(mistake);
        }
        self.complaints.push(Complaint { at: end, message, as_error: mistake.error });
        Ok(())
    }
}

/// Whether a byte after a number cannot belong to it. A letter beyond ASCII begins a name, says CPython.
fn ends_number(next: Option<&u8>) -> bool {
    !next.is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'_')
}

/// Whether one of the keywords follows that may stand right after a number.
fn begins_with_operator(rest: &[u8]) -> bool {
    let word = |word: &[u8]| {
        rest.starts_with(word)
            && !rest
                .get(word.len())
                .is_some_and(|&next| next.is_ascii_alphanumeric() || next == b'_' || next >= 0x80)
    };
    [b"and".as_slice(), b"else", b"for", b"or", b"not"].into_iter().any(word)
        || [b"if", b"in", b"is"].into_iter().any(|start| rest.starts_with(start))
}

struct Scanner<'s> {
    bytes: &'s [u8],
    at: usize,
}

/// A malformed number: up to where it was read, and from where the complaint is about it.
struct Malformed {
    from: Option<usize>,
    at: usize,
    message: String,
}

type Scanned<T> = Result<T, Malformed>;

impl Scanner<'_> {
    /// The length of the number, and what kind of literal it is called.
    fn number(mut self) -> Scanned<(usize, &'static str)> {
        let base = match (self.peek(), self.bytes.get(1)) {
            (b'0', Some(b'x' | b'X')) => self.prefixed(16, "hexadecimal")?,
            (b'0', Some(b'o' | b'O')) => self.prefixed(8, "octal")?,
            (b'0', Some(b'b' | b'B')) => self.prefixed(2, "binary")?,
            _ => self.decimal()?,
        };
        Ok((self.at, base))
    }

    fn prefixed(&mut self, radix: u32, base: &'static str) -> Scanned<&'static str> {
        let is_digit = |byte: u8| char::from(byte).is_digit(radix);
        self.at = 2;
        loop {
            if self.peek() == b'_' {
                self.at += 1;
            }
            if !is_digit(self.peek()) {
                self.refuse_digit(base)?;
                return Err(self.malformed(base));
            }
            self.skip(is_digit);
            if self.peek() != b'_' {
                self.refuse_digit(base)?;
                return Ok(base);
            }
        }
    }

    /// A decimal digit that is none in this base has a message of its own.
    fn refuse_digit(&self, base: &str) -> Scanned<()> {
        let digit = self.peek();
        if !digit.is_ascii_digit() || base == "hexadecimal" {
            return Ok(());
        }
        let message = format!("invalid digit '{}' in {base} literal", char::from(digit));
        Err(Malformed { from: None, at: self.at + 1, message })
    }

    fn decimal(&mut self) -> Scanned<&'static str> {
        let starts_with_zero = self.peek() == b'0';
        if starts_with_zero {
            self.zeros()?;
        }
        let zeros = self.at;
        let nonzero = self.peek().is_ascii_digit();
        if nonzero {
            self.digits()?;
        }
        let mut is_integer = true;
        if self.peek() == b'.' {
            is_integer = false;
            self.at += 1;
            if self.peek().is_ascii_digit() {
                self.digits()?;
            }
        }
        if matches!(self.peek(), b'e' | b'E') && self.exponent()? {
            is_integer = false;
        }
        if matches!(self.peek(), b'j' | b'J') {
            self.at += 1;
            return Ok("imaginary");
        }
        if starts_with_zero && nonzero && is_integer {
            let message = "leading zeros in decimal integer literals are not permitted; \
                           use an 0o prefix for octal integers";
            return Err(Malformed { from: Some(1), at: zeros + 1, message: message.to_owned() });
        }
        Ok("decimal")
    }

    /// Zeros, and single underscores between them and before another digit.
    fn zeros(&mut self) -> Scanned<()> {
        loop {
            if self.peek() == b'_' {
                self.at += 1;
                if !self.peek().is_ascii_digit() {
                    return Err(self.malformed("decimal"));
                }
            }
            if self.peek() != b'0' {
                return Ok(());
            }
            self.at += 1;
        }
    }

    /// Digits, and single underscores between them.
    fn digits(&mut self) -> Scanned<()> {
        loop {
            self.skip(|byte| byte.is_ascii_digit());
            if self.peek() != b'_' {
                return Ok(());
            }
            self.at += 1;
            if !self.peek().is_ascii_digit() {
                return Err(self.malformed("decimal"));
            }
        }
    }

    /// An exponent; without digits it is none, and the `e` must begin the next token.
    fn exponent(&mut self) -> Scanned<bool> {
        let e = self.at;
        self.at += 1;
        let signed = matches!(self.peek(), b'+' | b'-');
        if signed {
            self.at += 1;
        }
        if self.peek().is_ascii_digit() {
            self.digits()?;
            return Ok(true);
        }
        if signed {
            return Err(self.malformed("decimal"));
        }
        self.at = e;
        Ok(false)
    }

    fn malformed(&self, base: &str) -> Malformed {
        Malformed { from: None, at: self.at, message: format!("invalid {base} literal") }
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while wanted(self.peek()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }
}

/// The value of a literal, or the number of digits of a decimal integer with more than `max_digits`.
pub(crate) fn value<'a>(text: &'a str, max_digits: u32, arena: &'a Bump) -> Result<ConstantValue<'a>, usize> {
    let bytes = text.as_bytes();
    if bytes.len() < 19 && bytes.iter().all(u8::is_ascii_digit) {
        let value = bytes.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
        return Ok(ConstantValue::Int(value));
    }
    let text = without_underscores(text, arena);
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => Ok(integer(&text[2..], 16)),
        [b'0', b'o' | b'O', ..] => Ok(integer(&text[2..], 8)),
        [b'0', b'b' | b'B', ..] => Ok(integer(&text[2..], 2)),
        [.., b'j' | b'J'] => Ok(ConstantValue::Complex(float(&text[..text.len() - 1]))),
        digits if !digits.iter().all(u8::is_ascii_digit) => Ok(ConstantValue::Float(float(text))),
        digits if max_digits != 0 && digits.len() > max_digits as usize => Err(digits.len()),
        _ => Ok(integer(text, 10)),
    }
}

fn integer(digits: &str, radix: u32) -> ConstantValue<'_> {
    match i64::from_str_radix(digits, radix) {
        Ok(value) => ConstantValue::Int(value),
        Err(_) => ConstantValue::BigInt(BigInt { radix, digits: digits.trim_start_matches('0') }),
    }
}

/// The float that a literal's text denotes: Rust and C read the same forms, and round alike.
fn float(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

fn without_underscores<'a>(text: &'a str, arena: &'a Bump) -> &'a str {
    if !text.contains('_') {
        return text;
    }
    let mut kept = bumpalo::collections::String::with_capacity_in(text.len(), arena);
    kept.extend(text.chars().filter(|&c| c != '_'));
    kept.into_bump_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let arena = Bump::new();
        let check = |text: &'static str, expected: &str| {
            assert_eq!(format!("{:?}", value(text, 20, &arena)), expected);
        };
        check("0", "Ok(Int(0))");
        check("1_000", "Ok(Int(1000))");
        check("0xFF_ff", "Ok(Int(65535))");
        check("0b_101", "Ok(Int(5))");
        check("9223372036854775807", "Ok(Int(9223372036854775807))");
        check("9223372036854775808", r#"Ok(BigInt(BigInt { radix: 10, digits: "9223372036854775808" }))"#);
        check("0x00ffffffffffffffff", r#"Ok(BigInt(BigInt { radix: 16, digits: "ffffffffffffffff" }))"#);
        check("1_0.5e-1_0", "Ok(Float(1.05e-9))");
        check("1e999", "Ok(Float(inf))");
        check(".5j", "Ok(Complex(0.5))");
        check("010j", "Ok(Complex(10.0))");
        check("123456789012345678901", "Err(21)");
    }
}
