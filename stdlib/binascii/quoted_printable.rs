//! Quoted-printable: ASCII as it is, other bytes as `=XX`, lines of at most 76 characters.

/// What is quoted beyond the necessary.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// White space.
    pub(super) quote_tabs: bool,
    /// Whether line ends are line ends, not data.
    pub(super) is_text: bool,
    /// Whether the result goes to a header, where `_` stands for a blank.
    pub(super) header: bool,
}

const LINE: usize = 76;

/// The encoder: what it has written, and how long the current line is.
struct Encoder<'a> {
    data: &'a [u8],
    options: Options,
    out: Vec<u8>,
    line: usize,
    /// Whether lines end with `\r\n`, as the first one does.
    crlf: bool,
}

pub(super) fn encode(data: &[u8], options: Options) -> Vec<u8> {
    let crlf =
        matches!(data.iter().position(|&byte| byte == b'\n'), Some(at) if at > 0 && data[at - 1] == b'\r');
    let mut encoder = Encoder { data, options, out: Vec::with_capacity(data.len()), line: 0, crlf };
    let mut at = 0;
    while at < data.len() {
        at += encoder.step(at);
    }
    encoder.out
}

impl Encoder<'_> {
    /// Encodes what is at a position; the result is its length.
    fn step(&mut self, at: usize) -> usize {
        let (byte, next) = (self.data[at], self.data.get(at + 1).copied());
        if self.must_quote(byte, next) {
            if self.line + 3 >= LINE {
                self.break_line();
            }
            self.push_quoted(byte);
            self.line += 3;
            return 1;
        }
        if self.options.is_text && (byte == b'\n' || (byte == b'\r' && next == Some(b'\n'))) {
            self.line = 0;
            // White space at the end of a line would get lost.
            if let Some(&last @ (b' ' | b'\t')) = self.out.last() {
                self.out.pop();
                self.push_quoted(last);
            }
            self.push_newline();
            return if byte == b'\r' { 2 } else { 1 };
        }
        if next.is_some_and(|next| next != b'\n') && self.line + 1 >= LINE {
            self.break_line();
        }
        self.line += 1;
        self.out.push(if self.options.header && byte == b' ' { b'_' } else { byte });
        1
    }

    fn must_quote(&self, byte: u8, next: Option<u8>) -> bool {
        let Options { quote_tabs, is_text, header } = self.options;
        match byte {
            127.. | b'=' => true,
            b'_' => header,
            // A line with a dot alone ends a mail.
            b'.' => self.line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)),
            b'\r' | b'\n' => !is_text,
            b'\t' | b' ' => quote_tabs || next.is_none(),
            _ => byte < b' ',
        }
    }

    fn push_quoted(&mut self, byte: u8) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let digit = |value: u8| DIGITS[usize::from(value)];
        self.out.extend_from_slice(&[b'=', digit(byte >> 4), digit(byte & 15)]);
    }

    fn break_line(&mut self) {
        self.out.push(b'=');
        self.push_newline();
        self.line = 0;
    }

    fn push_newline(&mut self) {
        self.out.extend_from_slice(if self.crlf { b"\r\n" } else { b"\n" });
    }
}

pub(super) fn decode(data: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'_' if header => out.push(b' '),
            b'=' => rest = escape(after, &mut out),
            _ => out.push(byte),
        }
    }
    out
}

/// Decodes what follows a `=`; the result is what comes then.
fn escape<'a>(rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let hex = |byte: u8| char::from(byte).to_digit(16);
    match *rest {
        [] => rest,
        [b'\n' | b'\r', ..] => match rest.iter().position(|&byte| byte == b'\n') {
            Some(end) => &rest[end + 1..],
            None => &[],
        },
        [b'=', ref rest @ ..] => {
            out.push(b'=');
            rest
        }
        [high, low, ref after @ ..] if hex(high).is_some() && hex(low).is_some() => {
            out.push((hex(high).unwrap_or(0) << 4 | hex(low).unwrap_or(0)) as u8);
            after
        }
        _ => {
            out.push(b'=');
            rest
        }
    }
}
