//! Numbers.

use super::scanner::{Place, Scan, Scanner, Stop, Token, kind};

impl Scanner {
    /// A number that starts with a digit, or with a point before one.
    pub(super) fn number(&mut self, start: Place) -> Scan<Token> {
        let base = if self.ahead(0) == b'0' { self.ahead(1).to_ascii_lowercase() } else { 0 };
        match base {
            b'x' => self.prefixed(16, "hexadecimal")?,
            b'o' => self.prefixed(8, "octal")?,
            b'b' => self.prefixed(2, "binary")?,
            _ => self.decimal(start)?,
        }
        Ok(self.make(kind::NUMBER, start))
    }

    /// Digits behind `0x` and its like.
    fn prefixed(&mut self, base: u32, name: &str) -> Scan<()> {
        self.here.at += 2;
        let is_digit = |byte: u8| char::from(byte).is_digit(base);
        loop {
            if self.ahead(0) == b'_' {
                self.here.at += 1;
            }
            if !is_digit(self.ahead(0)) {
                self.refuse_digit(name)?;
                return Err(self.mistake(format!("invalid {name} literal")));
            }
            while is_digit(self.ahead(0)) {
                self.here.at += 1;
            }
            if self.ahead(0) != b'_' {
                break;
            }
        }
        self.refuse_digit(name)?;
        self.check_end(name)
    }

    /// A decimal digit is none of the base.
    fn refuse_digit(&mut self, name: &str) -> Scan<()> {
        let byte = self.ahead(0);
        if !byte.is_ascii_digit() {
            return Ok(());
        }
        self.here.at += 1;
        Err(self.mistake(format!("invalid digit '{}' in {name} literal", char::from(byte))))
    }

    fn decimal(&mut self, start: Place) -> Scan<()> {
        let leading_zero = self.ahead(0) == b'0';
        if self.ahead(0) != b'.' {
            self.digits()?;
        }
        let digits = self.here.at;
        let mut is_integer = true;
        if self.ahead(0) == b'.' {
            is_integer = false;
            self.here.at += 1;
            if self.ahead(0).is_ascii_digit() {
                self.digits()?;
            }
        }
        if matches!(self.ahead(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.ahead(1), b'+' | b'-'));
            if self.ahead(1 + sign).is_ascii_digit() {
                is_integer = false;
                self.here.at += 1 + sign;
                self.digits()?;
            } else if sign == 1 {
                self.here.at += 2;
                return Err(self.invalid("decimal"));
            }
        }
        if matches!(self.ahead(0), b'j' | b'J') {
            self.here.at += 1;
            return self.check_end("imaginary");
        }
        let text = &self.buffer[start.at..digits];
        if leading_zero && is_integer && !self.extra && text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
            let zeros = text.bytes().take_while(|byte| matches!(byte, b'0' | b'_')).count() as i32;
            let message = "leading zeros in decimal integer literals are not permitted; \
                           use an 0o prefix for octal integers";
            let column = self.column(start);
            return Err(self.mistake_at(start, column + 1, column + zeros + 1, message));
        }
        self.check_end("decimal")
    }

    /// Digits, and single underscores between them.
    fn digits(&mut self) -> Scan<()> {
        loop {
            while self.ahead(0).is_ascii_digit() {
                self.here.at += 1;
            }
            if self.ahead(0) != b'_' {
                return Ok(());
            }
            self.here.at += 1;
            if !self.ahead(0).is_ascii_digit() {
                return Err(self.invalid("decimal"));
            }
        }
    }

    fn invalid(&self, name: &str) -> Stop {
        self.mistake(format!("invalid {name} literal"))
    }

    /// No letter may follow, keywords excepted; to those who want all tokens, that is a name.
    fn check_end(&self, name: &str) -> Scan<()> {
        let rest = &self.buffer[self.here.at..];
        /// What may stand right behind a number, as in `1if x else 2`.
        const KEYWORDS: [&str; 8] = ["and", "else", "for", "if", "in", "is", "not", "or"];
        let may_follow = self.extra
            || KEYWORDS.iter().any(|keyword| rest.starts_with(keyword))
            || !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if may_follow { Ok(()) } else { Err(self.invalid(name)) }
    }
}
