//! The image of a code template: bytes that outlive the process, for `marshal`, `.pyc` files and the embedded library.
//!
//! ```text
//! image    := fingerprint:u64le  texts  code
//! texts    := count  (length byte*)*                the file name, then every name and string of the image, each once
//! code     := name qualname filename                indices of texts
//!             first_line flags arg_count posonly_arg_count kwonly_arg_count near_locals temporaries
//!             locals names constants words exceptions depths positions
//! ```
//!
//! Numbers are LEB128, signed ones in zigzag; words are eight bytes each, least significant first. The fingerprint is
//! taken from the opcode table, so an image made by another edition of the compiler is refused, not misread. What an
//! image says is checked only so far that reading it cannot fail otherwise than with [`Damaged`]: whether the code does harm is for
//! the [verifier](super::verify) to say.

use std::fmt;
use std::rc::Rc;

use ahash::AHashMap;

use super::code::{
    AsyncConstruct, AsyncReason, Code, Constant, DepthTable, ExceptionRange, Local, LocalKind, Text,
};
use super::opcode::Opcode;
use crate::stack::StackLimit;

/// The version of the form above; a change of the opcodes changes the fingerprint by itself.
const VERSION: u64 = 1;

/// What stands at the head of every image: a hash (FNV-1a) over the opcode table and the version of the form.
pub const FINGERPRINT: u64 = fingerprint();

const fn fingerprint() -> u64 {
    let mut hash = hash_bytes(0xcbf2_9ce4_8422_2325 ^ VERSION, b"pyx");
    let mut index = 0;
    while index < Opcode::ALL.len() {
        let opcode = Opcode::ALL[index];
        hash = hash_bytes(hash, opcode.name().as_bytes());
        hash = hash_bytes(hash, opcode.signature().as_bytes());
        index += 1;
    }
    hash
}

const fn hash_bytes(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x100_0000_01b3);
        index += 1;
    }
    hash
}

/// Why bytes are not an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damaged {
    /// It ends too early.
    Truncated,
    /// It was made by another edition of the compiler.
    Foreign,
    /// It says something that makes no sense.
    Malformed,
    /// It is nested too deeply.
    TooDeep,
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "the code ends too early",
            Self::Foreign => "the code was made by another version of pyx",
            Self::Malformed => "the code is damaged",
            Self::TooDeep => "the code is nested too deeply",
        })
    }
}

impl std::error::Error for Damaged {}

/// The index of the outermost block's file name among the texts.
const FILENAME: usize = 0;

// ---- writing ----

/// The image of a code template.
pub fn write(code: &Code) -> Vec<u8> {
    // The file name is nobody else's text, so that a reader can put another one in its place.
    let mut writer = Writer { texts: vec![code.filename.clone()], ..Writer::default() };
    writer.code(code);
    let mut image = FINGERPRINT.to_le_bytes().to_vec();
    push_number(&mut image, writer.texts.len() as u64);
    for text in &writer.texts {
        push_number(&mut image, text.len() as u64);
        image.extend_from_slice(text);
    }
    image.extend_from_slice(&writer.bytes);
    image
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    texts: Vec<Text>,
    known: AHashMap<Text, u64>,
}

fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

impl Writer {
    fn number(&mut self, number: u64) {
        push_number(&mut self.bytes, number);
    }

    fn size(&mut self, size: usize) {
        self.number(size as u64);
    }

    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }

    fn text(&mut self, text: &Text) {
        let next = self.texts.len() as u64;
        let index = *self.known.entry(text.clone()).or_insert(next);
        if index == next {
            self.texts.push(text.clone());
        }
        self.number(index);
    }

    fn blob(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    fn code(&mut self, code: &Code) {
        self.text(&code.name);
        self.text(&code.qualname);
        if code.filename == self.texts[FILENAME] {
            self.size(FILENAME)
        } else {
            self.text(&code.filename)
        }
        self.signed(code.first_line.into());
        for number in [
            code.flags,
            code.arg_count,
            code.posonly_arg_count,
            code.kwonly_arg_count,
            code.near_locals,
            code.temporaries,
        ] {
            self.number(number.into());
        }
        self.size(code.locals.len());
        for local in &code.locals {
            self.text(&local.name);
            self.bytes.push(local.kind as u8 | u8::from(local.cell) << 2 | u8::from(local.hidden) << 3);
        }
        self.size(code.names.len());
        code.names.iter().for_each(|name| self.text(name));
        self.constants(&code.constants);
        self.size(code.words.len());
        self.bytes.extend(code.words.iter().flat_map(|word| word.to_le_bytes()));
        self.size(code.exceptions.len());
        for range in &code.exceptions {
            for number in [range.start, range.end, range.handler, range.depth] {
                self.number(number.into());
            }
        }
        self.size(code.depths.0.len());
        for &(word, depth) in &code.depths.0 {
            self.number(word.into());
            self.number(depth.into());
        }
        self.blob(&code.positions);
        match code.async_reason {
            None => self.bytes.push(0),
            Some(reason) => {
                self.bytes.push(1 + reason.construct as u8);
                self.signed(reason.line.into());
                self.signed(reason.column.into());
            }
        }
    }

    fn constants(&mut self, constants: &[Constant]) {
        self.size(constants.len());
        constants.iter().for_each(|constant| self.constant(constant));
    }

    fn constant(&mut self, constant: &Constant) {
        self.bytes.push(tag::of(constant));
        match constant {
            Constant::None | Constant::Ellipsis | Constant::Bool(_) => {}
            Constant::Int(value) => self.signed(*value),
            Constant::BigInt { negative, magnitude } => {
                self.bytes.push(u8::from(*negative));
                self.blob(magnitude);
            }
            Constant::Float(bits) => self.bytes.extend_from_slice(&bits.to_le_bytes()),
            Constant::Complex(real, imag) => {
                self.bytes.extend([real, imag].iter().flat_map(|bits| bits.to_le_bytes()));
            }
            Constant::Str(text) => self.text(text),
            Constant::Bytes(bytes) => self.blob(bytes),
            Constant::Tuple(items) | Constant::FrozenSet(items) => self.constants(items),
            Constant::Slice(parts) => parts.iter().for_each(|part| self.constant(part)),
            Constant::Code(code) => self.code(code),
            Constant::Object(index) => self.number((*index).into()),
        }
    }
}

/// The bytes that say what kind a constant is of.
mod tag {
    use super::Constant;

    pub(super) const NONE: u8 = b'N';
    pub(super) const ELLIPSIS: u8 = b'.';
    pub(super) const TRUE: u8 = b'T';
    pub(super) const FALSE: u8 = b'F';
    pub(super) const INT: u8 = b'i';
    pub(super) const BIG_INT: u8 = b'l';
    pub(super) const FLOAT: u8 = b'g';
    pub(super) const COMPLEX: u8 = b'y';
    pub(super) const STR: u8 = b'u';
    pub(super) const BYTES: u8 = b's';
    pub(super) const TUPLE: u8 = b'(';
    pub(super) const FROZEN_SET: u8 = b'>';
    pub(super) const SLICE: u8 = b':';
    pub(super) const CODE: u8 = b'c';
    pub(super) const OBJECT: u8 = b'o';

    pub(super) fn of(constant: &Constant) -> u8 {
        match constant {
            Constant::None => NONE,
            Constant::Ellipsis => ELLIPSIS,
            Constant::Bool(true) => TRUE,
            Constant::Bool(false) => FALSE,
            Constant::Int(_) => INT,
            Constant::BigInt { .. } => BIG_INT,
            Constant::Float(_) => FLOAT,
            Constant::Complex(..) => COMPLEX,
            Constant::Str(_) => STR,
            Constant::Bytes(_) => BYTES,
            Constant::Tuple(_) => TUPLE,
            Constant::FrozenSet(_) => FROZEN_SET,
            Constant::Slice(_) => SLICE,
            Constant::Code(_) => CODE,
            Constant::Object(_) => OBJECT,
        }
    }
}

// ---- reading ----

type Read<T> = Result<T, Damaged>;

/// The code template of an image. A file name, if given, stands in for the one of the outermost block, wherever it occurs.
pub fn read(image: &[u8], filename: Option<&[u8]>, stack: StackLimit) -> Read<Rc<Code>> {
    let mut reader = Reader { rest: image, texts: Vec::new(), stack };
    let fingerprint = reader.array().map(u64::from_le_bytes)?;
    if fingerprint != FINGERPRINT {
        return Err(Damaged::Foreign);
    }
    reader.texts = reader.sequence(|reader| reader.blob().map(Text::from))?;
    if let (Some(filename), Some(own)) = (filename, reader.texts.get_mut(FILENAME)) {
        *own = filename.into();
    }
    let code = reader.code()?;
    if reader.rest.is_empty() { Ok(code) } else { Err(Damaged::Malformed) }
}

struct Reader<'a> {
    rest: &'a [u8],
    texts: Vec<Text>,
    stack: StackLimit,
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, len: usize) -> Read<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(len).ok_or(Damaged::Truncated)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Damaged::Truncated)?;
        self.rest = rest;
        Ok(*bytes)
    }

    #[inline]
    fn byte(&mut self) -> Read<u8> {
        let (&byte, rest) = self.rest.split_first().ok_or(Damaged::Truncated)?;
        self.rest = rest;
        Ok(byte)
    }

    #[inline]
    fn number(&mut self) -> Read<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damaged::Malformed)
    }

    fn signed(&mut self) -> Read<i64> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn small(&mut self) -> Read<u32> {
        u32::try_from(self.number()?).map_err(|_| Damaged::Malformed)
    }

    /// A number of things of at least one byte each: no more than there are bytes.
    fn count(&mut self) -> Read<usize> {
        match usize::try_from(self.number()?) {
            Ok(count) if count <= self.rest.len() => Ok(count),
            _ => Err(Damaged::Truncated),
        }
    }

    fn sequence<T>(&mut self, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let count = self.count()?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn blob(&mut self) -> Read<&'a [u8]> {
        let len = self.count()?;
        self.bytes(len)
    }

    fn text(&mut self) -> Read<Text> {
        let index = self.number()? as usize;
        self.texts.get(index).cloned().ok_or(Damaged::Malformed)
    }

    fn code(&mut self) -> Read<Rc<Code>> {
        let (name, qualname, filename) = (self.text()?, self.text()?, self.text()?);
        Ok(Rc::new(Code {
            name,
            qualname,
            filename,
            first_line: i32::try_from(self.signed()?).map_err(|_| Damaged::Malformed)?,
            flags: self.small()?,
            arg_count: self.small()?,
            posonly_arg_count: self.small()?,
            kwonly_arg_count: self.small()?,
            near_locals: self.small()?,
            temporaries: self.small()?,
            locals: self.sequence(Self::local)?,
            names: self.sequence(Self::text)?,
            constants: self.sequence(Self::constant)?,
            words: self.words()?,
            exceptions: self.sequence(Self::range)?,
            depths: DepthTable(self.sequence(|reader| Ok((reader.small()?, reader.small()?)))?),
            positions: self.blob()?.to_vec(),
            async_reason: self.async_reason()?,
        }))
    }

    fn async_reason(&mut self) -> Read<Option<AsyncReason>> {
        let number = usize::from(self.byte()?);
        let Some(index) = number.checked_sub(1) else { return Ok(None) };
        let construct = *AsyncConstruct::ALL.get(index).ok_or(Damaged::Malformed)?;
        let mut small = || i32::try_from(self.signed()?).map_err(|_| Damaged::Malformed);
        Ok(Some(AsyncReason { construct, line: small()?, column: small()? }))
    }

    fn local(&mut self) -> Read<Local> {
        let (name, bits) = (self.text()?, self.byte()?);
        let kind = match bits & 3 {
            0 => LocalKind::Parameter,
            1 => LocalKind::Variable,
            2 => LocalKind::Free,
            _ => return Err(Damaged::Malformed),
        };
        Ok(Local { name, kind, cell: bits & 4 != 0, hidden: bits & 8 != 0 })
    }

    fn words(&mut self) -> Read<Vec<u64>> {
        let count = self.count()?;
        let bytes = self.bytes(count.checked_mul(8).ok_or(Damaged::Truncated)?)?;
        let (words, _) = bytes.as_chunks();
        Ok(words.iter().map(|&word| u64::from_le_bytes(word)).collect())
    }

    fn range(&mut self) -> Read<ExceptionRange> {
        let (start, end) = (self.small()?, self.small()?);
        Ok(ExceptionRange { start, end, handler: self.small()?, depth: self.small()? })
    }

    fn constant(&mut self) -> Read<Constant> {
        self.stack.check().map_err(|_| Damaged::TooDeep)?;
        Ok(match self.byte()? {
            tag::NONE => Constant::None,
            tag::ELLIPSIS => Constant::Ellipsis,
            tag::TRUE => Constant::Bool(true),
            tag::FALSE => Constant::Bool(false),
            tag::INT => Constant::Int(self.signed()?),
            tag::BIG_INT => Constant::BigInt { negative: self.byte()? != 0, magnitude: self.blob()?.into() },
            tag::FLOAT => Constant::Float(self.array().map(u64::from_le_bytes)?),
            tag::COMPLEX => {
                let real = self.array().map(u64::from_le_bytes)?;
                Constant::Complex(real, self.array().map(u64::from_le_bytes)?)
            }
            tag::STR => Constant::Str(self.text()?),
            tag::BYTES => Constant::Bytes(self.blob()?.into()),
            tag::TUPLE => Constant::Tuple(self.sequence(Self::constant)?.into()),
            tag::FROZEN_SET => Constant::FrozenSet(self.sequence(Self::constant)?.into()),
            tag::SLICE => Constant::Slice(Rc::new([self.constant()?, self.constant()?, self.constant()?])),
            tag::CODE => Constant::Code(self.code()?),
            tag::OBJECT => Constant::Object(self.small()?),
            _ => return Err(Damaged::Malformed),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, compile};
    use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, parse};

    fn sample() -> Rc<Code> {
        let text = "import a.b as c\nx = -(1 << 80), 1.5, 2j, 'é\\ud800', b'\\xff', ..., None, True\n\
            def f(a, /, b=2, *c, d, **e):\n  try:\n    return lambda: (a, [y for y in b if y in {1, 2}])\n  finally:\n    b[1:2]\n\
            async def g():\n  async with a as b:\n    await b\n";
        let source = Source::new(text);
        let (arena, mut warnings) = (Bump::new(), Vec::new());
        let tree = parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut warnings).unwrap();
        let locations = Locations::of_source(&source);
        compile(tree, &locations, b"sample.py", &Options::default(), &mut warnings).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let code = sample();
        let image = write(&code);
        assert_eq!(read(&image, None, StackLimit::default()).unwrap(), code);
        let renamed = read(&image, Some(b"other.py"), StackLimit::default()).unwrap();
        assert_eq!(&*renamed.filename, b"other.py");
        assert_eq!(renamed.words, code.words);
    }

    #[test]
    fn damage_is_an_error() {
        let image = write(&sample());
        for len in 0..image.len() {
            assert!(read(&image[..len], None, StackLimit::default()).is_err());
        }
        for index in 0..image.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut changed = image.clone();
                changed[index] = value;
                // Whatever comes of it, it does not panic.
                drop(read(&changed, None, StackLimit::default()));
            }
        }
        let mut foreign = image.clone();
        foreign[0] ^= 1;
        assert_eq!(read(&foreign, None, StackLimit::default()), Err(Damaged::Foreign));
    }
}
