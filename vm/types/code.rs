//! `code`: a block of bytecode, instantiated from a compiler template.
//!
//! The template is shared and immutable; an instance adds what belongs to one interpreter: words with inline caches,
//! constants and names as values. Facts that a call or the loop wants at once lie in fields of their own.
//!
//! What Python sees of it is in [`object`]; offsets there are twice the index of a word, as if an instruction word were
//! CPython's unit of two bytes.

mod construct;
mod object;
pub mod walk;

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use pyx_compiler::bytecode::code::{self as template, Constant, flags};
use pyx_compiler::bytecode::opcode::Opcode;
use pyx_compiler::bytecode::positions;

use crate::class;
use crate::exception::PyResult;
use crate::frame::Frame;
use crate::heap::Slot;
use crate::heap::inline::Str;
use crate::monitoring::marks::MarksCell;
use crate::types::str_;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A code object.
    pub struct Code: Code {
        pub(crate) words: Words,
        /// The word where frames start: behind the function's head, if the code has one.
        pub(crate) entry: u32,
        /// The address of that word.
        pub(crate) start: Start,
        pub(crate) constants: Box<[Owned]>,
        pub(crate) names: Box<[Owned]>,
        /// Names of all locals, in register order as `template.locals`.
        pub(crate) locals: Box<[Owned]>,
        /// Positional arguments that a call with nothing else fills in place; `u32::MAX` where calls need more.
        pub(crate) fast_args: u32,
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
pub(crate) struct Words(pub(crate) Box<[Cell<u64>]>);

/// Where frames start, as soon as the words have their final place.
pub(crate) struct Start(Cell<*const u64>);

impl Start {
    #[inline(always)]
    pub(crate) fn get(&self) -> *const u64 {
        self.0.get()
    }
}

/// The template behind a code object.
pub(crate) struct Template(pub(crate) Rc<template::Code>);

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

    /// Gives the code another file name, and so all code within it that has the same: the file was moved after it was compiled.
    pub fn rename_file(&self, filename: Ref<'_>) {
        let old = self.filename.get_or_none();
        let mut codes = vec![self];
        while let Some(code) = codes.pop() {
            if same_text(code.filename.get_or_none().borrow(), old.borrow()) {
                code.filename.set(filename.own());
                codes.extend(
                    code.constants.iter().filter_map(|constant| constant.borrow().downcast::<Self>()),
                );
            }
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
    /// What code is made from: a template that says everything about it, and the values behind its `Constant::Object`s.
    pub fn code_template(&self, code: &Code) -> PyResult<(Rc<template::Code>, Vec<Owned>)> {
        let mut objects = Vec::new();
        let template = self.describe_code(code, &mut objects)?;
        Ok((template, objects))
    }

    /// The template of a code object. Constants that are objects get new places at the end of `objects`.
    fn describe_code(&self, code: &Code, objects: &mut Vec<Owned>) -> PyResult<Rc<template::Code>> {
        self.check_stack()?;
        let mut constants = Vec::with_capacity(code.constants.len());
        for (constant, value) in code.template().constants.iter().zip(&code.constants) {
            constants.push(match value.borrow().downcast::<Code>() {
                Some(inner) => Constant::Code(self.describe_code(inner, objects)?),
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
        self.check_stack()?;
        let constants = code
            .constants
            .iter()
            .map(|constant| self.constant(constant, objects))
            .collect::<PyResult<Box<[_]>>>()?;
        self.instantiate(code, constants)
    }

    /// A code object of a template, its constants being these values.
    fn instantiate(&self, code: &Rc<template::Code>, constants: Box<[Owned]>) -> PyResult {
        let plain;
        let code = if self.interpreter().config.debug_ranges {
            code
        } else {
            let positions = positions::without_columns(&code.positions, code.first_line);
            plain = Rc::new(template::Code { positions, ..(**code).clone() });
            &plain
        };
        let intern_all = |texts: &mut dyn Iterator<Item = &template::Text>| {
            texts.map(|text| self.intern_text(text)).collect::<PyResult<Box<[_]>>>()
        };
        let simple = code.flags & (GENERATOR_LIKE | flags::VARARGS | flags::VARKEYWORDS) == 0
            && code.flags & flags::OPTIMIZED != 0
            && code.kwonly_arg_count == 0
            && code.arg_count <= code.near_locals;
        let made = self.new_object(Code {
            words: Words(code.words.iter().map(|&word| Cell::new(word)).collect()),
            entry: u32::from(code.words.first() == Some(&(Opcode::Nop as u64))),
            start: Start(Cell::new(std::ptr::null())),
            constants,
            names: intern_all(&mut code.names.iter())?,
            locals: intern_all(&mut code.locals.iter().map(|local| &local.name))?,
            fast_args: if simple { code.arg_count } else { NOT_FAST },
            arg_count: code.arg_count,
            positional_only: code.posonly_arg_count,
            keyword_only: code.kwonly_arg_count,
            local_count: code.locals.len() as u32,
            near_locals: code.near_locals,
            registers: code.registers() as u32,
            frame_class: Frame::class(code.registers()),
            flags: code.flags,
            name: self.intern_text(&code.name)?,
            qualname: self.intern_text(&code.qualname)?,
            filename: Slot::new(self.text(crate::text::wtf8::Text::trusted(&code.filename))?),
            template: Template(code.clone()),
            locations: LocationIndex::default(),
            marks: MarksCell::default(),
        })?;
        let new: &Code = made.borrow().downcast().expect("just made");
        new.start.0.set(new.words.0.as_ptr().cast::<u64>().wrapping_add(new.entry as usize));
        self.mark_new(new);
        Ok(made)
    }

    /// The interned str of generalised UTF-8.
    pub(crate) fn intern_text(&self, text: &[u8]) -> PyResult {
        str_::intern(self, self.text(crate::text::wtf8::Text::trusted(text))?)
    }

    /// The value of a constant; `objects` are the values behind `Constant::Object`.
    pub fn constant(&self, constant: &Constant, objects: &[Owned]) -> PyResult {
        self.check_stack()?;
        let all = |items: &[Constant]| {
            items.iter().map(|item| self.constant(item, objects)).collect::<PyResult<Vec<_>>>()
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
            Constant::Str(text) if looks_like_name(text) => self.intern_text(text),
            Constant::Str(text) => self.text(crate::text::wtf8::Text::trusted(text)),
            Constant::Bytes(bytes) => self.bytes(bytes),
            Constant::Tuple(items) => self.tuple(all(items)?),
            Constant::FrozenSet(items) => self.frozenset(all(items)?),
            Constant::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let part = |constant| self.constant(constant, objects);
                self.slice(part(start)?, part(stop)?, part(step)?)
            }
            Constant::Code(code) => self.new_code(code, objects),
            Constant::Object(index) => Ok(objects[*index as usize].clone()),
        }
    }
}

/// Strings that read like names are interned, as CPython does: they are likely keys.
fn looks_like_name(text: &[u8]) -> bool {
    text.iter().all(|&byte| byte == b'_' || byte.is_ascii_alphanumeric())
}
