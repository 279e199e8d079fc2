//! `code`: a block of bytecode, instantiated from a compiler template.
//!
//! The template is shared and immutable; an instance adds what belongs to one interpreter: words with inline caches,
//! constants and names as values. Facts that a call or the loop wants at once lie in fields of their own.
//!
//! Code of the embedded library may be *incomplete*: what a function needs to be made of it is there, and the rest still lies
//! in the image. Whoever wants the rest says so ([`Thread::complete`]): calls do, before there is a frame, and what shows
//! the code to Python.
//!
//! What Python sees of it is in [`object`]; offsets there are twice the index of a word, as if an instruction word were
//! CPython's unit of two bytes.

mod construct;
mod object;
pub mod walk;

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use pyx_compiler::bytecode::code::{self as template, Constant, InnerCode, flags};
use pyx_compiler::bytecode::image::{Head, Parts, Piece, Unread};
use pyx_compiler::bytecode::opcode::Opcode;
use pyx_compiler::bytecode::positions;

use crate::class;
use crate::exception::PyResult;
use crate::frame::Frame;
use crate::heap::inline::Str;
use crate::heap::{Late, Slot};
use crate::monitoring::marks::MarksCell;
use crate::types::str_;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A code object.
    pub struct Code: Code {
        pub(crate) words: Words,
        /// The word where frames start: behind the function's head, if the code has one.
        pub(crate) entry: Cell<u32>,
        /// The address of that word.
        pub(crate) start: Start,
        pub(crate) constants: Late<Owned>,
        pub(crate) names: Late<Owned>,
        /// Names of all locals, in register order as `template.locals`.
        pub(crate) locals: Late<Owned>,
        /// Positional arguments that a call with nothing else fills in place; `u32::MAX` where calls need more.
        pub(crate) fast_args: Cell<u32>,
        /// Parameters that take a position, positional-only ones included.
        pub(crate) arg_count: u32,
        /// Parameters that take no keyword.
        pub(crate) positional_only: u32,
        /// Parameters that take a keyword only.
        pub(crate) keyword_only: u32,
        /// Registers that hold locals: the near ones come first, the far ones last.
        pub(crate) local_count: u32,
        pub(crate) near_locals: u32,
        pub(crate) registers: u32,
        /// The size class of its frames.
        pub(crate) frame_class: u32,
        pub(crate) flags: u32,
        pub(crate) name: Owned,
        pub(crate) qualname: Owned,
        /// A str; `_imp._fix_co_filename` changes it.
        pub(crate) filename: Slot,
        pub(crate) template: Template,
        locations: LocationIndex,
        pub(crate) marks: MarksCell,
    }
}

class! { Code => CODE; }

/// The instructions, whose cache fields change.
pub(crate) struct Words(pub(crate) Late<Cell<u64>>);

/// Where frames start, as soon as the words have their final place.
pub(crate) struct Start(Cell<*const u64>);

impl Start {
    fn unknown() -> Self {
        Self(Cell::new(std::ptr::null()))
    }

    #[inline(always)]
    pub(crate) fn get(&self) -> *const u64 {
        self.0.get()
    }
}

/// The template behind a code object.
pub(crate) struct Template(InnerCode);

/// The index of a long location table, once a location was asked for.
#[derive(Default)]
struct LocationIndex(OnceCell<Box<positions::Index>>);

/// The bytes of a location table that is read from its beginning each time.
const SHORT_TABLE: usize = 128;

/// The entries of a location table.
pub(crate) struct PositionTable(Box<[positions::Stretch<positions::Position>]>);

crate::untraced!(Words, Start, Template, LocationIndex, PositionTable);

pub(crate) use object::CODE;

/// `fast_args` of code whose calls need binding, or that makes a generator.
pub(crate) const NOT_FAST: u32 = u32::MAX;

pub(crate) const GENERATOR_LIKE: u32 = flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR;

impl Code {
    /// The compiler's template.
    pub fn template(&self) -> &Rc<template::Code> {
        &self.template.0
    }

    /// Whether all of the code is there, so that it can run.
    #[inline(always)]
    pub(crate) fn is_complete(&self) -> bool {
        !self.words.0.is_empty()
    }

    /// [`Code::fast_args`] of complete code.
    fn exact_arguments(&self) -> u32 {
        let simple = self.flags & (GENERATOR_LIKE | flags::VARARGS | flags::VARKEYWORDS) == 0
            && self.flags & flags::OPTIMIZED != 0
            && self.keyword_only == 0
            && self.arg_count <= self.near_locals;
        if simple { self.arg_count } else { NOT_FAST }
    }

    /// Whether calling a function of this code makes a generator, coroutine or async generator.
    #[inline(always)]
    pub(crate) fn is_generator_like(&self) -> bool {
        self.flags & GENERATOR_LIKE != 0
    }

    /// How many parameters take a position.
    #[inline(always)]
    pub(crate) fn positional(&self) -> usize {
        self.arg_count as usize
    }

    /// How many parameters have a name of their own: all but `*args` and `**kwargs`.
    #[inline(always)]
    pub(crate) fn named(&self) -> usize {
        (self.arg_count + self.keyword_only) as usize
    }

    /// How many parameters there are.
    #[inline(always)]
    pub(crate) fn parameter_count(&self) -> usize {
        let collects = |flag| usize::from(self.flags & flag != 0);
        self.named() + collects(flags::VARARGS) + collects(flags::VARKEYWORDS)
    }

    /// The register of local number `index`.
    #[inline(always)]
    pub(crate) fn local_register(&self, index: usize) -> usize {
        if index < self.near_locals as usize {
            index
        } else {
            index + (self.registers - self.local_count) as usize
        }
    }

    /// The source line of every word, or -1.
    pub(crate) fn lines(&self) -> Vec<i32> {
        let template = self.template();
        let mut lines = vec![-1; template.words.len()];
        for stretch in positions::lines(&template.positions, template.first_line) {
            let end = lines.len().min(stretch.end as usize);
            if let (Some(line), Some(words)) = (stretch.at, lines.get_mut(stretch.start as usize..end)) {
                words.fill(line);
            }
        }
        lines
    }

    /// The source line of a word, if it has one.
    pub fn line_at(&self, word: u32) -> Option<i32> {
        self.position_at(word).map(|position| position.lineno)
    }

    /// The location of a word, if it has one. Columns that are not known are -1.
    pub fn position_at(&self, word: u32) -> Option<positions::Position> {
        let template = self.template();
        let (table, first_line) = (&template.positions, template.first_line);
        if table.len() <= SHORT_TABLE {
            return positions::position_at(table, first_line, word);
        }
        let index = self.locations.0.get_or_init(|| Box::new(positions::Index::new(table, first_line)));
        index.position_at(table, word)
    }
}

fn same_text(a: Ref<'_>, b: Ref<'_>) -> bool {
    a.downcast::<Str>().map(Str::as_bytes) == b.downcast::<Str>().map(Str::as_bytes)
}

impl Thread {
    /// Gives code another file name, and so all code within it that has the same: the file was moved after it was compiled.
    pub fn rename_code_file(&self, code: &Code, filename: Ref<'_>) -> PyResult<()> {
        let old = code.filename.get_or_none();
        let mut codes = vec![code];
        while let Some(code) = codes.pop() {
            if same_text(code.filename.get_or_none().borrow(), old.borrow()) {
                self.complete(code)?;
                code.filename.set(filename.own());
                codes.extend(
                    code.constants.iter().filter_map(|constant| constant.borrow().downcast::<Code>()),
                );
            }
        }
        Ok(())
    }

    /// What code is made from: a template that says everything about it, and the values behind its `Constant::Object`s.
    pub fn code_template(&self, code: &Code) -> PyResult<(Rc<template::Code>, Vec<Owned>)> {
        let mut objects = Vec::new();
        let template = self.describe_code(code, &mut objects)?;
        Ok((template, objects))
    }

    /// The template of a code object. Constants that are objects get new places at the end of `objects`.
    fn describe_code(&self, code: &Code, objects: &mut Vec<Owned>) -> PyResult<Rc<template::Code>> {
        self.check_stack()?;
        self.complete(code)?;
        let mut constants = Vec::with_capacity(code.constants.len());
        for (constant, value) in code.template().constants.iter().zip(&code.constants) {
            constants.push(match value.borrow().downcast::<Code>() {
                Some(inner) => Constant::Code(self.describe_code(inner, objects)?.into()),
                None if constant.has_objects() => {
                    objects.push(value.clone());
                    Constant::Object(objects.len() as u32 - 1)
                }
                None => constant.clone(),
            });
        }
        let filename = code.filename.get_or_none();
        let filename = filename.borrow().downcast::<Str>().map_or(&[][..], Str::as_bytes).into();
        Ok(Rc::new(template::Code { constants, filename, ..(**code.template()).clone() }))
    }

    /// A code object of a template. `objects` are the values behind `Constant::Object`.
    pub fn new_code(&self, code: &Rc<template::Code>, objects: &[Owned]) -> PyResult {
        let filename = self.text(crate::text::wtf8::Text::trusted(&code.filename))?;
        self.code_within(code, Outside { objects, filename: &filename })
    }

    /// A code object of a template, in the constants of another.
    fn code_within(&self, code: &Rc<template::Code>, outside: Outside<'_>) -> PyResult {
        self.check_stack()?;
        let filename = outside.filename_of(self, &code.filename)?;
        let constants = self.constants(code, Outside { filename: &filename, ..outside })?;
        self.instantiate(code, constants, filename)
    }

    fn constants(&self, code: &template::Code, outside: Outside<'_>) -> PyResult<Box<[Owned]>> {
        code.constants.iter().map(|constant| self.constant(constant, outside)).collect()
    }

    /// A code object of a template, its constants being these values.
    fn instantiate(&self, code: &Rc<template::Code>, constants: Box<[Owned]>, filename: Owned) -> PyResult {
        let plain;
        let code = if self.interpreter().config.debug_ranges {
            code
        } else {
            let positions = positions::without_columns(&code.positions, code.first_line);
            plain = Rc::new(template::Code { positions, ..(**code).clone() });
            &plain
        };
        let (name, qualname) = (self.intern_text(&code.name)?, self.intern_text(&code.qualname)?);
        let made = self.incomplete(&Head::of(code), [name, qualname, filename], code.clone().into())?;
        let intern_all = |texts: &mut dyn Iterator<Item = &template::Text>| {
            texts.map(|text| self.intern_text(text)).collect::<PyResult<Box<[_]>>>()
        };
        let filling = Filling {
            constants,
            names: intern_all(&mut code.names.iter())?,
            locals: intern_all(&mut code.locals.iter().map(|local| &local.name))?,
            words: code.words.iter().map(|&word| Cell::new(word)).collect(),
        };
        self.fill(made.borrow().downcast().expect("just made"), filling);
        Ok(made)
    }

    /// Incomplete code.
    pub fn unread_code(&self, unread: &Unread) -> PyResult {
        let filename = self.text(crate::text::wtf8::Text::trusted(unread.head().filename))?;
        self.unread_within(unread, Outside { objects: &[], filename: &filename })
    }

    fn unread_within(&self, unread: &Unread, outside: Outside<'_>) -> PyResult {
        if !self.interpreter().config.debug_ranges {
            // What is read later would have its columns.
            return self.code_within(&InnerCode::from(unread.clone()), outside);
        }
        let head = unread.head();
        let name = self.intern_text(head.name)?;
        // Functions of a module have it in common; the others' is as good as nobody else's.
        let qualname = match head.qualname {
            text if text == head.name => name.clone(),
            text => self.text(crate::text::wtf8::Text::trusted(text))?,
        };
        let filename = outside.filename_of(self, head.filename)?;
        self.incomplete(&head, [name, qualname, filename], unread.clone().into())
    }

    /// A code object that lacks what [`Thread::fill`] gives it.
    fn incomplete(&self, head: &Head<&[u8]>, names: [Owned; 3], template: InnerCode) -> PyResult {
        let registers = head.local_count + head.temporaries;
        let [name, qualname, filename] = names;
        self.new_object(Code {
            words: Words(Late::empty()),
            entry: Cell::new(0),
            start: Start::unknown(),
            constants: Late::empty(),
            names: Late::empty(),
            locals: Late::empty(),
            fast_args: Cell::new(NOT_FAST),
            arg_count: head.arg_count,
            positional_only: head.posonly_arg_count,
            keyword_only: head.kwonly_arg_count,
            local_count: head.local_count,
            near_locals: head.near_locals,
            registers,
            frame_class: Frame::class(registers as usize),
            flags: head.flags,
            name,
            qualname,
            filename: Slot::new(filename),
            template: Template(template),
            locations: LocationIndex::default(),
            marks: MarksCell::default(),
        })
    }

    /// Completes code that is to run or to be shown.
    #[inline]
    pub(crate) fn complete(&self, code: &Code) -> PyResult<()> {
        if code.is_complete() { Ok(()) } else { self.complete_now(code) }
    }

    #[cold]
    fn complete_now(&self, code: &Code) -> PyResult<()> {
        self.check_stack()?;
        let filename = code.filename.get_or_none();
        let outside = Outside { objects: &[], filename: &filename };
        let origin = code.template.0.origin().expect("incomplete code lies in an image");
        let mut parts = origin.parts();
        let constants = exactly(parts.count(), || self.read_constant(&mut parts, outside))?.into();
        let locals = exactly(code.local_count as usize, || self.intern_text(parts.local()))?.into();
        let names = exactly(parts.count(), || self.intern_text(parts.name()))?.into();
        self.fill(code, Filling { constants, names, locals, words: parts.words(Cell::new) });
        Ok(())
    }

    /// Gives code what it lacks. Nothing of it runs Python, so nobody else has done it meanwhile.
    fn fill(&self, code: &Code, filling: Filling) {
        code.entry.set(u32::from(filling.words.first().map(Cell::get) == Some(Opcode::Nop as u64)));
        code.constants.fill(filling.constants);
        code.names.fill(filling.names);
        code.locals.fill(filling.locals);
        code.words.0.fill(filling.words);
        code.start.0.set(code.words.0.as_ptr().cast::<u64>().wrapping_add(code.entry.get() as usize));
        code.fast_args.set(code.exact_arguments());
        self.mark_new(code);
    }

    /// The docstring of code, or None.
    pub(crate) fn code_docstring(&self, code: &Code) -> PyResult {
        if code.flags & flags::HAS_DOCSTRING == 0 {
            return Ok(Owned::none());
        }
        match code.template.0.origin().filter(|_| !code.is_complete()).and_then(Unread::docstring) {
            Some(text) => self.text(crate::text::wtf8::Text::trusted(&text)),
            None => {
                self.complete(code)?;
                Ok(code.constants.first().cloned().unwrap_or_else(Owned::none))
            }
        }
    }

    /// The interned str of generalised UTF-8.
    pub(crate) fn intern_text(&self, text: &[u8]) -> PyResult {
        str_::intern_bytes(self, text)
    }

    /// The value of a constant without objects and code.
    pub fn plain_constant(&self, constant: &Constant) -> PyResult {
        self.constant(constant, Outside { objects: &[], filename: &self.empty_str() })
    }

    /// The value of a constant.
    fn constant(&self, constant: &Constant, outside: Outside<'_>) -> PyResult {
        self.check_stack()?;
        let all = |items: &[Constant]| {
            items.iter().map(|item| self.constant(item, outside)).collect::<PyResult<Vec<_>>>()
        };
        match constant {
            Constant::None => Ok(Owned::none()),
            Constant::Ellipsis => Ok(Ref::ELLIPSIS.own()),
            Constant::Bool(value) => Ok(Owned::bool(*value)),
            Constant::Int(value) => self.int(*value),
            Constant::BigInt { negative, magnitude } => {
                let magnitude = dashu_int::UBig::from_le_bytes(magnitude);
                let sign = if *negative { dashu_base::Sign::Negative } else { dashu_base::Sign::Positive };
                self.big_int(dashu_int::IBig::from_parts(sign, magnitude))
            }
            Constant::Float(bits) => self.float(f64::from_bits(*bits)),
            Constant::Complex(real, imag) => self.complex(f64::from_bits(*real), f64::from_bits(*imag)),
            Constant::Str(text) => self.str_constant(text),
            Constant::Bytes(bytes) => self.bytes(bytes),
            Constant::Tuple(items) => self.tuple(all(items)?),
            Constant::FrozenSet(items) => self.frozenset(all(items)?),
            Constant::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let part = |constant| self.constant(constant, outside);
                self.slice(part(start)?, part(stop)?, part(step)?)
            }
            Constant::Code(code) => self.inner_code(code, outside),
            Constant::Object(index) => Ok(outside.objects[*index as usize].clone()),
        }
    }

    /// The value of the next constant of unread code.
    fn read_constant(&self, parts: &mut Parts<'_>, outside: Outside<'_>) -> PyResult {
        self.check_stack()?;
        let piece = parts.constant();
        let mut all = |count| exactly(count, || self.read_constant(parts, outside));
        match piece {
            Piece::Plain(constant) => self.constant(&constant, outside),
            Piece::Str(text) => self.str_constant(text),
            Piece::Bytes(bytes) => self.bytes(bytes),
            Piece::Tuple(count) => self.tuple(all(count)?),
            Piece::FrozenSet(count) => self.frozenset(all(count)?),
            Piece::Slice => {
                let mut part = || self.read_constant(parts, outside);
                self.slice(part()?, part()?, part()?)
            }
            Piece::Code(code) => self.inner_code(&code, outside),
        }
    }

    fn str_constant(&self, text: &[u8]) -> PyResult {
        if looks_like_name(text) {
            return self.intern_text(text);
        }
        self.text(crate::text::wtf8::Text::trusted(text))
    }

    fn inner_code(&self, code: &InnerCode, outside: Outside<'_>) -> PyResult {
        match code.unread() {
            Some(unread) => self.unread_within(unread, outside),
            None => self.code_within(code, outside),
        }
    }
}

/// So many values.
fn exactly(count: usize, mut value: impl FnMut() -> PyResult) -> PyResult<Vec<Owned>> {
    let mut values = Vec::with_capacity(count);
    for _ in 0..count {
        values.push(value()?);
    }
    Ok(values)
}

/// What makes code complete.
struct Filling {
    constants: Box<[Owned]>,
    names: Box<[Owned]>,
    locals: Box<[Owned]>,
    words: Box<[Cell<u64>]>,
}

/// What the constants of code refer to outside of it.
#[derive(Clone, Copy)]
struct Outside<'a> {
    /// The values behind `Constant::Object`.
    objects: &'a [Owned],
    /// The file name of the code around, which is mostly that of all code within.
    filename: &'a Owned,
}

impl Outside<'_> {
    fn filename_of(&self, vm: &Thread, text: &[u8]) -> PyResult {
        if self.filename.borrow().downcast::<Str>().is_some_and(|name| name.as_bytes() == text) {
            return Ok(self.filename.clone());
        }
        vm.text(crate::text::wtf8::Text::trusted(text))
    }
}

/// Strings that read like names are interned, as CPython does: they are likely keys.
fn looks_like_name(text: &[u8]) -> bool {
    text.iter().all(|&byte| byte == b'_' || byte.is_ascii_alphanumeric())
}
