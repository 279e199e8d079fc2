//! The image of a code template: bytes that outlive the process, for `marshal`, `.pyc` files and the embedded library.
//!
//! ```text
//! image    := fingerprint:u64le  count:u32le  (end:u32le)*  byte*  code
//!                                                   the texts, after where each of them ends: the file name, then every
//!                                                   name and string of the image, each once
//! code     := head constants locals names words exceptions depths positions async_reason
//! head     := name qualname filename                indices of texts
//!             first_line flags arg_count posonly_arg_count kwonly_arg_count near_locals temporaries local_count
//! ```
//!
//! Numbers are LEB128, signed ones in zigzag; words are eight bytes each, least significant first. The fingerprint is
//! taken from the opcode table, so an image made by another edition of the compiler is refused, not misread. What an
//! image says is checked only so far that reading it cannot fail otherwise than with [`Damaged`]: whether the code does harm is for
//! the [verifier](super::verify) to say.
//!
//! Code within code stands behind its length. So an image that is known to be whole need not be read at once: of its inner
//! code only the [head](Head) is looked at until somebody wants the rest ([`Unread`]). Most functions of a module are
//! never called.

use std::fmt;
use std::rc::Rc;

use ahash::AHashMap;

use super::code::{
    AsyncConstruct, AsyncReason, Code, Constant, DepthTable, ExceptionRange, InnerCode, Local, LocalKind,
    Text,
};
use super::opcode::Opcode;
use crate::stack::StackLimit;

/// The version of the form above; a change of the opcodes changes the fingerprint by itself.
const VERSION: u64 = 2;

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
    image.extend((writer.texts.len() as u32).to_le_bytes());
    let mut end = 0;
    for text in &writer.texts {
        end += text.len() as u32;
        image.extend(end.to_le_bytes());
    }
    writer.texts.iter().for_each(|text| image.extend_from_slice(text));
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

    fn text(&mut self, text: &[u8]) {
        let index = self.known.get(text).copied().unwrap_or_else(|| {
            let (text, index) = (Text::from(text), self.texts.len() as u64);
            self.known.insert(text.clone(), index);
            self.texts.push(text);
            index
        });
        self.number(index);
    }

    fn blob(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    fn head(&mut self, head: &Head<&[u8]>) {
        self.text(head.name);
        self.text(head.qualname);
        if head.filename == &*self.texts[FILENAME] {
            self.size(FILENAME)
        } else {
            self.text(head.filename)
        }
        self.signed(head.first_line.into());
        for number in [
            head.flags,
            head.arg_count,
            head.posonly_arg_count,
            head.kwonly_arg_count,
            head.near_locals,
            head.temporaries,
            head.local_count,
        ] {
            self.number(number.into());
        }
    }

    fn code(&mut self, code: &Code) {
        self.head(&Head::of(code));
        self.constants(&code.constants);
        for local in &code.locals {
            self.text(&local.name);
            self.bytes.push(local.kind as u8 | u8::from(local.cell) << 2 | u8::from(local.inlined) << 3);
        }
        self.size(code.names.len());
        code.names.iter().for_each(|name| self.text(name));
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
            Constant::Code(code) => {
                let outer = std::mem::take(&mut self.bytes);
                self.code(code);
                let inner = std::mem::replace(&mut self.bytes, outer);
                self.blob(&inner);
            }
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
    let (table, code) = TextTable::of(image)?;
    let mut texts = table.all()?;
    if let (Some(filename), Some(own)) = (filename, texts.get_mut(FILENAME)) {
        *own = filename.into();
    }
    let mut reader = Reader { rest: code, end: image.len(), texts: Texts::Read(texts), stack };
    let code = reader.code()?;
    if reader.rest.is_empty() { Ok(code) } else { Err(Damaged::Malformed) }
}

/// Where the texts of an image lie.
#[derive(Clone, Copy)]
struct TextTable<'a> {
    ends: &'a [[u8; 4]],
    bytes: &'a [u8],
}

impl<'a> TextTable<'a> {
    /// The texts of an image, and the rest of it: the code.
    fn of(image: &'a [u8]) -> Read<(Self, &'a [u8])> {
        let (&fingerprint, rest) = image.split_first_chunk().ok_or(Damaged::Truncated)?;
        if u64::from_le_bytes(fingerprint) != FINGERPRINT {
            return Err(Damaged::Foreign);
        }
        let (&count, rest) = rest.split_first_chunk().ok_or(Damaged::Truncated)?;
        let size = (u32::from_le_bytes(count) as usize).checked_mul(4).ok_or(Damaged::Truncated)?;
        let (ends, rest) = rest.split_at_checked(size).ok_or(Damaged::Truncated)?;
        let (ends, _) = ends.as_chunks();
        let len = ends.last().map_or(0, |&end| u32::from_le_bytes(end) as usize);
        let (bytes, code) = rest.split_at_checked(len).ok_or(Damaged::Truncated)?;
        Ok((Self { ends, bytes }, code))
    }

    fn get(self, index: usize) -> Read<&'a [u8]> {
        let end = |index: usize| self.ends.get(index).map(|&end| u32::from_le_bytes(end) as usize);
        let start = index.checked_sub(1).map_or(Some(0), end);
        let range = start.zip(end(index)).ok_or(Damaged::Malformed)?;
        self.bytes.get(range.0..range.1).ok_or(Damaged::Malformed)
    }

    fn all(self) -> Read<Vec<Text>> {
        (0..self.ends.len()).map(|index| self.get(index).map(Text::from)).collect()
    }
}

/// What the texts of code are taken from.
enum Texts<'a> {
    /// All are read, and shared.
    Read(Vec<Text>),
    /// Each is read when it is wanted, and so is inner code.
    Lying(TextTable<'a>, &'a Rc<Whole>),
}

struct Reader<'a> {
    rest: &'a [u8],
    /// Where the rest ends in the image.
    end: usize,
    texts: Texts<'a>,
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

    fn sequence<T>(&mut self, item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
        let count = self.count()?;
        self.items(count, item)
    }

    fn items<T>(&mut self, count: usize, mut item: impl FnMut(&mut Self) -> Read<T>) -> Read<Vec<T>> {
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
        match &self.texts {
            Texts::Read(texts) => texts.get(index).cloned().ok_or(Damaged::Malformed),
            Texts::Lying(_, whole) if index == FILENAME => Ok(whole.filename.clone()),
            Texts::Lying(table, _) => table.get(index).map(Text::from),
        }
    }

    /// A text that is not made.
    fn lying_text(&mut self) -> Read<&'a [u8]> {
        let index = self.number()? as usize;
        match self.texts {
            Texts::Lying(_, whole) if index == FILENAME => Ok(&whole.filename),
            Texts::Lying(table, _) => table.get(index),
            Texts::Read(_) => Err(Damaged::Malformed),
        }
    }

    fn head<T>(&mut self, text: impl Fn(&mut Self) -> Read<T>) -> Read<Head<T>> {
        Ok(Head {
            name: text(self)?,
            qualname: text(self)?,
            filename: text(self)?,
            first_line: i32::try_from(self.signed()?).map_err(|_| Damaged::Malformed)?,
            flags: self.small()?,
            arg_count: self.small()?,
            posonly_arg_count: self.small()?,
            kwonly_arg_count: self.small()?,
            near_locals: self.small()?,
            temporaries: self.small()?,
            local_count: self.small()?,
        })
    }

    fn code(&mut self) -> Read<Rc<Code>> {
        let head = self.head(Self::text)?;
        let constants = self.sequence(Self::constant)?;
        if head.local_count as usize > self.rest.len() {
            return Err(Damaged::Truncated);
        }
        Ok(Rc::new(Code {
            name: head.name,
            qualname: head.qualname,
            filename: head.filename,
            first_line: head.first_line,
            flags: head.flags,
            arg_count: head.arg_count,
            posonly_arg_count: head.posonly_arg_count,
            kwonly_arg_count: head.kwonly_arg_count,
            near_locals: head.near_locals,
            temporaries: head.temporaries,
            constants,
            locals: (0..head.local_count).map(|_| self.local()).collect::<Read<_>>()?,
            names: self.sequence(Self::text)?,
            words: self.words(|word| word)?.into(),
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
        Ok(Local { name, kind, cell: bits & 4 != 0, inlined: bits & 8 != 0 })
    }

    fn words<T>(&mut self, make: impl Fn(u64) -> T) -> Read<Box<[T]>> {
        let count = self.count()?;
        let bytes = self.bytes(count.checked_mul(8).ok_or(Damaged::Truncated)?)?;
        let (words, _) = bytes.as_chunks();
        Ok(words.iter().map(|&word| make(u64::from_le_bytes(word))).collect())
    }

    fn range(&mut self) -> Read<ExceptionRange> {
        let (start, end) = (self.small()?, self.small()?);
        Ok(ExceptionRange { start, end, handler: self.small()?, depth: self.small()? })
    }

    fn constant(&mut self) -> Read<Constant> {
        self.stack.check().map_err(|_| Damaged::TooDeep)?;
        Ok(match self.piece(Self::text)? {
            Piece::Plain(constant) => constant,
            Piece::Str(text) => Constant::Str(text),
            Piece::Bytes(bytes) => Constant::Bytes(bytes.into()),
            Piece::Tuple(count) => Constant::Tuple(self.items(count, Self::constant)?.into()),
            Piece::FrozenSet(count) => Constant::FrozenSet(self.items(count, Self::constant)?.into()),
            Piece::Slice => Constant::Slice(Rc::new([self.constant()?, self.constant()?, self.constant()?])),
            Piece::Code(code) => Constant::Code(code),
        })
    }

    fn piece<T>(&mut self, text: impl Fn(&mut Self) -> Read<T>) -> Read<Piece<'a, T>> {
        Ok(Piece::Plain(match self.byte()? {
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
            tag::OBJECT => Constant::Object(self.small()?),
            tag::STR => return text(self).map(Piece::Str),
            tag::BYTES => return self.blob().map(Piece::Bytes),
            tag::TUPLE => return self.count().map(Piece::Tuple),
            tag::FROZEN_SET => return self.count().map(Piece::FrozenSet),
            tag::SLICE => return Ok(Piece::Slice),
            tag::CODE => return self.inner_code().map(Piece::Code),
            _ => return Err(Damaged::Malformed),
        }))
    }

    fn inner_code(&mut self) -> Read<InnerCode> {
        let len = self.count()?;
        let at = self.end - self.rest.len();
        let bytes = self.bytes(len)?;
        if let Texts::Lying(_, whole) = self.texts {
            return Ok(Unread { whole: whole.clone(), at, len }.into());
        }
        let (outer, end) =
            (std::mem::replace(&mut self.rest, bytes), std::mem::replace(&mut self.end, at + len));
        let code = self.code()?;
        if !self.rest.is_empty() {
            return Err(Damaged::Malformed);
        }
        (self.rest, self.end) = (outer, end);
        Ok(code.into())
    }
}

// ---- reading later ----

/// The bytes of an image that outlives its being read.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// Part of the program.
    Static(&'static [u8]),
    /// Kept by the code that is still to be read.
    Shared(Rc<[u8]>),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Static(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// An image without damage.
struct Whole {
    bytes: Bytes,
    /// The file name of the outermost block.
    filename: Text,
}

/// What is known of code before it is read; the fields of [`Code`] of the same names.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "as in `Code`")]
pub struct Head<T> {
    pub name: T,
    pub qualname: T,
    pub filename: T,
    pub first_line: i32,
    pub flags: u32,
    pub arg_count: u32,
    pub posonly_arg_count: u32,
    pub kwonly_arg_count: u32,
    pub near_locals: u32,
    pub temporaries: u32,
    /// How many `locals` there are.
    pub local_count: u32,
}

impl<'c> Head<&'c [u8]> {
    /// What is known of code that has been read.
    pub fn of(code: &'c Code) -> Self {
        Self {
            name: &code.name,
            qualname: &code.qualname,
            filename: &code.filename,
            first_line: code.first_line,
            flags: code.flags,
            arg_count: code.arg_count,
            posonly_arg_count: code.posonly_arg_count,
            kwonly_arg_count: code.kwonly_arg_count,
            near_locals: code.near_locals,
            temporaries: code.temporaries,
            local_count: code.locals.len() as u32,
        }
    }
}

/// Code that lies unread in an image.
#[derive(Clone)]
pub struct Unread {
    whole: Rc<Whole>,
    at: usize,
    len: usize,
}

/// What is promised of the images of [`Unread::new`].
const WHOLE: &str = "an image without damage";

impl Unread {
    /// The code of an image that [`write`] made: damage found later is a panic. The file name stands in for the one of
    /// the outermost block, wherever it occurs.
    pub fn new(bytes: Bytes, filename: &[u8]) -> Read<Self> {
        let (_, code) = TextTable::of(&bytes)?;
        let (at, len) = (bytes.len() - code.len(), code.len());
        Ok(Self { whole: Rc::new(Whole { bytes, filename: filename.into() }), at, len })
    }

    fn reader(&self) -> Reader<'_> {
        let image = &*self.whole.bytes;
        let (table, _) = TextTable::of(image).expect(WHOLE);
        let end = self.at + self.len;
        // What is nested in the constants of one block was nested in its source, and compiled with less stack.
        let stack = StackLimit::at(0);
        Reader { rest: &image[self.at..end], end, texts: Texts::Lying(table, &self.whole), stack }
    }

    /// What the code begins with.
    pub fn head(&self) -> Head<&[u8]> {
        self.reader().head(Reader::lying_text).expect(WHOLE)
    }

    /// The rest, to be read in its order.
    pub fn parts(&self) -> Parts<'_> {
        let mut reader = self.reader();
        reader.head(Reader::number).expect(WHOLE);
        Parts(reader)
    }

    /// The docstring, if the code has one.
    pub fn docstring(&self) -> Option<Text> {
        if self.head().flags & super::code::flags::HAS_DOCSTRING == 0 {
            return None;
        }
        let mut parts = self.parts();
        parts.count();
        match parts.constant() {
            Piece::Str(text) => Some(text.into()),
            _ => None,
        }
    }

    /// The code, that within it still unread.
    pub fn read(&self) -> Rc<Code> {
        self.reader().code().expect(WHOLE)
    }
}

/// A constant, or what its parts follow.
#[derive(Debug)]
pub enum Piece<'a, T = &'a [u8]> {
    /// Whatever has no text or bytes, and no parts.
    Plain(Constant),
    /// A str.
    Str(T),
    /// A bytes object.
    Bytes(&'a [u8]),
    /// A tuple; so many items follow.
    Tuple(usize),
    /// A frozenset; so many items follow.
    FrozenSet(usize),
    /// A slice; its three parts follow.
    Slice,
    /// Code.
    Code(InnerCode),
}

/// The parts of unread code behind its head, which are asked for in their order: how many constants there are, and each; the
/// name of each local; how many names there are, and each; the words.
pub struct Parts<'a>(Reader<'a>);

impl<'a> Parts<'a> {
    /// How many constants or names follow.
    pub fn count(&mut self) -> usize {
        self.0.count().expect(WHOLE)
    }

    /// The next constant, or part of one.
    pub fn constant(&mut self) -> Piece<'a> {
        self.0.piece(Reader::lying_text).expect(WHOLE)
    }

    /// The name of the next local.
    pub fn local(&mut self) -> &'a [u8] {
        let name = self.0.lying_text().expect(WHOLE);
        self.0.byte().expect(WHOLE);
        name
    }

    /// The next name.
    pub fn name(&mut self) -> &'a [u8] {
        self.0.lying_text().expect(WHOLE)
    }

    /// The words.
    pub fn words<T>(&mut self, make: impl Fn(u64) -> T) -> Box<[T]> {
        self.0.words(make).expect(WHOLE)
    }
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unread code at {}..{}", self.at, self.at + self.len)
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
    fn code_is_read_when_it_is_wanted() {
        let code = sample();
        let later = Unread::new(Bytes::Shared(write(&code).into()), b"sample.py").unwrap();
        assert_eq!((later.head().name, later.head().first_line), (&b"<module>"[..], code.first_line));
        let read = later.read();
        let inner = |constant: &Constant| match constant {
            Constant::Code(inner) => inner.unread().is_some(),
            _ => false,
        };
        assert_eq!(read.constants.iter().filter(|constant| inner(constant)).count(), 2);
        // Comparing reads all there is.
        assert_eq!(read, code);
        assert!(!read.constants.iter().any(inner));
        let other = Unread::new(Bytes::Shared(write(&code).into()), b"other.py").unwrap();
        assert_eq!(other.head().filename, b"other.py");
    }

    #[test]
    fn docstrings_are_found() {
        let code = |text: &str| {
            let source = Source::new(text);
            let (arena, mut warnings) = (Bump::new(), Vec::new());
            let tree = parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut warnings).unwrap();
            let locations = Locations::of_source(&source);
            let code = compile(tree, &locations, b"a.py", &Options::default(), &mut warnings).unwrap();
            let read = Unread::new(Bytes::Shared(write(&code).into()), b"a.py").unwrap().read();
            let inner = read.constants.iter().find_map(|constant| match constant {
                Constant::Code(inner) => inner.unread().and_then(Unread::docstring),
                _ => None,
            });
            inner.map(|text| text.to_vec())
        };
        assert_eq!(code("def f():\n  'words'\n"), Some(b"words".to_vec()));
        assert_eq!(code("def f():\n  return 'words'\n"), None);
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
