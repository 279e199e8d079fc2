//! UTF-7: ASCII, with everything else as UTF-16 in base 64 between `+` and `-`.

use super::utf16::{is_low, join, split};
use super::{DecodeProblem, DecodeStep, Decoder, EncodeStep, Encoder};
use crate::text::wtf8::{Text, TextBuf};

/// The UTF-7 decoder.
#[derive(Clone, Debug)]
pub struct Utf7Decoder {
    is_final: bool,
    /// The base-64 section that is open.
    section: Option<Section>,
    /// Where the last section or special character started; errors start there.
    start: usize,
}

/// The UTF-7 encoder.
#[derive(Clone, Copy, Debug)]
pub struct Utf7Encoder;

/// What is known within a base-64 section.
#[derive(Clone, Debug)]
struct Section {
    /// The length of the output when the section started.
    out: usize,
    bits: Bits,
    /// A high surrogate that awaits a low one.
    high: Option<u16>,
}

/// Bits that wait to be enough.
#[derive(Clone, Copy, Debug, Default)]
struct Bits {
    value: u32,
    count: u32,
}

impl Utf7Decoder {
    /// A decoder. With `is_final`, an open section at the end is complete or an error; otherwise it is decoded anew
    /// when there is more.
    pub fn new(is_final: bool) -> Self {
        Self { is_final, section: None, start: 0 }
    }

    fn problem(&self, end: usize, reason: &'static str) -> DecodeStep {
        DecodeStep::Problem(DecodeProblem { encoding: "utf7", start: self.start, end, reason })
    }

    /// Read outside of a section; returns how many bytes are read.
    fn read_direct(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<usize, DecodeStep> {
        let byte = input[at];
        if !byte.is_ascii() {
            self.start = at;
            return Err(self.problem(at + 1, "unexpected special character"));
        }
        if byte != b'+' {
            out.push(byte.into());
            return Ok(1);
        }
        self.start = at;
        match input.get(at + 1) {
            Some(b'-') => {
                out.push(b'+'.into());
                Ok(2)
            }
            Some(&byte) if base64_value(byte).is_none() => Err(self.problem(at + 2, "ill-formed sequence")),
            _ => {
                self.section = Some(Section { out: out.len(), bits: Bits::default(), high: None });
                Ok(1)
            }
        }
    }

    /// Leave a section at a byte that is not of base 64; returns whether the byte belongs to the section.
    fn leave(
        &mut self,
        section: &Section,
        byte: u8,
        at: usize,
        out: &mut TextBuf,
    ) -> Result<usize, DecodeStep> {
        if section.bits.count >= 6 {
            return Err(self.problem(at + 1, "partial character in shift sequence"));
        }
        if section.bits.value != 0 {
            return Err(self.problem(at + 1, "non-zero padding bits in shift sequence"));
        }
        if let Some(high) = section.high
            && byte.is_ascii()
            && byte != b'+'
        {
            out.push(high.into());
        }
        Ok(usize::from(byte == b'-'))
    }

    /// What the end of the input means.
    fn finish(&mut self, input: &[u8], out: &mut TextBuf) -> DecodeStep {
        let Some(section) = self.section.take() else { return DecodeStep::Done(input.len()) };
        if !self.is_final {
            out.truncate(section.out);
            return DecodeStep::Done(self.start);
        }
        let Bits { value, count } = section.bits;
        if section.high.is_some() || count >= 6 || value != 0 {
            return self.problem(input.len(), "unterminated shift sequence");
        }
        DecodeStep::Done(input.len())
    }
}

impl<E> Decoder<E> for Utf7Decoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        let mut at = at;
        while let Some(&byte) = input.get(at) {
            let step = match (&mut self.section, base64_value(byte)) {
                (Some(section), Some(value)) => {
                    section.read(value, out);
                    Ok(1)
                }
                (Some(_), None) => match self.section.take() {
                    Some(section) => self.leave(&section, byte, at, out),
                    None => Ok(0),
                },
                (None, _) => self.read_direct(input, at, out),
            };
            match step {
                Ok(len) => at += len,
                Err(problem) => return Ok(problem),
            }
        }
        Ok(self.finish(input, out))
    }
}

impl Section {
    fn read(&mut self, digit: u32, out: &mut TextBuf) {
        self.bits = Bits { value: self.bits.value << 6 | digit, count: self.bits.count + 6 };
        let Some(unit) = self.bits.take_unit() else { return };
        if let Some(high) = self.high.take() {
            if is_low(unit) {
                out.push(join(high, unit));
                return;
            }
            out.push(high.into());
        }
        if matches!(unit, 0xd800..=0xdbff) {
            self.high = Some(unit);
        } else {
            out.push(unit.into());
        }
    }
}

impl Bits {
    fn take_unit(&mut self) -> Option<u16> {
        self.count = self.count.checked_sub(16)?;
        let unit = (self.value >> self.count) as u16;
        self.value &= (1 << self.count) - 1;
        Some(unit)
    }

    /// Add a unit and append the digits that are full.
    fn push_unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        self.value = self.value << 16 | u32::from(unit);
        self.count += 16;
        while self.count >= 6 {
            self.count -= 6;
            out.push(base64_digit(self.value >> self.count));
        }
        self.value &= (1 << self.count) - 1;
    }

    /// Append the digit of the remaining bits.
    fn finish(&mut self, out: &mut Vec<u8>) {
        if self.count > 0 {
            out.push(base64_digit(self.value << (6 - self.count)));
        }
        *self = Self::default();
    }
}

impl<E> Encoder<E> for Utf7Encoder {
    fn encoding(&self) -> &'static str {
        "utf7"
    }

    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E> {
        let mut section: Option<Bits> = None;
        for code in text.slice(at..text.len()).code_points() {
            if is_direct(code) {
                let byte = code as u8;
                if let Some(mut bits) = section.take() {
                    bits.finish(out);
                    // Only a byte that could belong to the section needs the explicit end.
                    if base64_value(byte).is_some() || byte == b'-' {
                        out.push(b'-');
                    }
                }
                out.push(byte);
            } else if section.is_none() && code == u32::from(b'+') {
                out.extend_from_slice(b"+-");
            } else {
                if section.is_none() {
                    out.push(b'+');
                }
                let bits = section.get_or_insert_default();
                match u16::try_from(code) {
                    Ok(unit) => bits.push_unit(unit, out),
                    Err(_) => split(code).into_iter().for_each(|unit| bits.push_unit(unit, out)),
                }
            }
        }
        if let Some(mut bits) = section {
            bits.finish(out);
            out.push(b'-');
        }
        Ok(EncodeStep::Done)
    }

    fn replace(&mut self, _: Text<'_>, _: &mut Vec<u8>) -> Result<bool, E> {
        // Every text can be encoded, so that nothing is ever replaced.
        Ok(false)
    }
}

/// Whether a character stands for itself: printable ASCII except `+`, `\` and `~`, and common white space.
fn is_direct(code: u32) -> bool {
    let byte = if code < 0x80 { code as u8 } else { 0 };
    matches!(byte, b' '..=b'}' | b'\t' | b'\n' | b'\r') && byte != b'+' && byte != b'\\'
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64_digit(value: u32) -> u8 {
    DIGITS[(value & 0x3f) as usize]
}

fn base64_value(byte: u8) -> Option<u32> {
    Some(
        match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        }
        .into(),
    )
}
