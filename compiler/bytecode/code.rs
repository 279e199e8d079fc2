//! The code template: what the compiler makes of one module, function, class body or comprehension.
//!
//! A template is immutable and belongs to no interpreter. The VM instantiates it: it copies the words, whose cache fields
//! are zero here, turns [`Constant`]s into values, and interns the names.

use std::cell::OnceCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::image::Unread;

/// `co_flags`, with CPython's values.
pub mod flags {
    /// Locals live in registers.
    pub const OPTIMIZED: u32 = 0x1;
    /// A call makes a new local namespace.
    pub const NEWLOCALS: u32 = 0x2;
    /// Takes `*args`.
    pub const VARARGS: u32 = 0x4;
    /// Takes `**kwargs`.
    pub const VARKEYWORDS: u32 = 0x8;
    /// Defined inside a function.
    pub const NESTED: u32 = 0x10;
    /// A generator function.
    pub const GENERATOR: u32 = 0x20;
    /// An `async def` function, or a module with top-level await.
    pub const COROUTINE: u32 = 0x80;
    /// A generator that `await` accepts (`types.coroutine`).
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// An async generator function.
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// `from __future__` flags, `barry_as_FLUFL` the lowest, as in `__future__`.
    pub const FUTURE_MASK: u32 = 0x01fe_0000;
    /// `from __future__ import barry_as_FLUFL`
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x40_0000;
    /// `from __future__ import generator_stop`
    pub const FUTURE_GENERATOR_STOP: u32 = 0x80_0000;
    /// `from __future__ import annotations`
    pub const FUTURE_ANNOTATIONS: u32 = 0x100_0000;
    /// The first constant is the docstring.
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    /// Defined in a class body.
    pub const METHOD: u32 = 0x800_0000;
}

/// A compiled block.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// `co_name`
    pub name: Text,
    /// `co_qualname`
    pub qualname: Text,
    /// `co_filename`
    pub filename: Text,
    /// `co_firstlineno`
    pub first_line: i32,
    /// `co_flags`
    pub flags: u32,
    /// Positional parameters, positional-only ones included.
    pub arg_count: u32,
    /// Positional-only parameters.
    pub posonly_arg_count: u32,
    /// Keyword-only parameters.
    pub kwonly_arg_count: u32,
    /// All locals in register order: parameters, other locals, cells that are not parameters, free variables; those
    /// from `near_locals` on are far.
    pub locals: Vec<Local>,
    /// How many locals live in 16-bit registers, before the temporaries; the far ones follow the temporaries.
    pub near_locals: u32,
    /// The most temporaries live at once.
    pub temporaries: u32,
    /// `co_names`
    pub names: Vec<Text>,
    /// `co_consts`
    pub constants: Vec<Constant>,
    /// The instructions.
    pub words: Vec<u64>,
    /// Where exceptions go, sorted by start; of nested ranges the inner one stands first... see `ExceptionRange`.
    pub exceptions: Vec<ExceptionRange>,
    /// For each instruction that can raise or suspend, the live temporaries after it consumed its operands.
    pub depths: DepthTable,
    /// Source positions of the words, in the format of CPython's `co_linetable` with a word for a code unit.
    pub positions: Vec<u8>,
    /// Of a module or cell that is a coroutine: why.
    pub async_reason: Option<AsyncReason>,
}

/// What first makes the code of a module or cell a coroutine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsyncReason {
    /// The construct.
    pub construct: AsyncConstruct,
    /// The line it is in, from 1.
    pub line: i32,
    /// The column it begins at: bytes from 0.
    pub column: i32,
}

/// The constructs that suspend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsyncConstruct {
    /// `await x`
    Await,
    /// `async for`
    For,
    /// `async with`
    With,
    /// A comprehension with `async for` or `await`.
    Comprehension,
}

impl AsyncConstruct {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Await, Self::For, Self::With, Self::Comprehension];

    /// As an error message would name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Await => "await",
            Self::For => "async for",
            Self::With => "async with",
            Self::Comprehension => "asynchronous comprehension",
        }
    }
}

/// A name or string constant: generalised UTF-8 (surrogates as three bytes).
pub type Text = Rc<[u8]>;

/// A local variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// Its name.
    pub name: Text,
    /// What kind it is.
    pub kind: LocalKind,
    /// A cell: captured by an inner function.
    pub cell: bool,
    /// A cell that an inlined comprehension makes, or puts aside: as in CPython, it is numbered with the plain locals.
    pub inlined: bool,
}

impl Local {
    /// Whether it is in `co_varnames`: what is local, but for what lives in a cell from the start and is no parameter.
    pub fn is_varname(&self) -> bool {
        match self.kind {
            LocalKind::Parameter => true,
            LocalKind::Variable => !self.cell || self.inlined,
            LocalKind::Free => false,
        }
    }

    /// Whether it is in `co_cellvars`: a cell of the block's own.
    pub fn is_cellvar(&self) -> bool {
        self.cell && self.kind != LocalKind::Free
    }
}

/// What kind of local a register holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalKind {
    /// A parameter.
    Parameter,
    /// Any other name bound in the block.
    Variable,
    /// A free variable: its cell comes from the closure.
    Free,
}

/// A constant of the code.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// `True`, `False`
    Bool(bool),
    /// An int that fits 64 bits.
    Int(i64),
    /// A larger int, as magnitude bytes, least significant first.
    BigInt {
        /// Below zero.
        negative: bool,
        /// The magnitude.
        magnitude: Rc<[u8]>,
    },
    /// A float, compared and shared by its bits.
    Float(u64),
    /// A complex number, by the bits of its parts.
    Complex(u64, u64),
    /// A string.
    Str(Text),
    /// A bytes object.
    Bytes(Rc<[u8]>),
    /// A tuple.
    Tuple(Rc<[Constant]>),
    /// A frozenset, of `x in {…}`.
    FrozenSet(Rc<[Constant]>),
    /// A slice with constant parts.
    Slice(Rc<[Constant; 3]>),
    /// The code of an inner block.
    Code(InnerCode),
    /// An object that a Python `ast.Constant` held: an index into the caller's table.
    Object(u32),
}

/// Code that may still lie in an image: it is read when somebody looks at it.
#[derive(Clone)]
pub struct InnerCode {
    code: OnceCell<Rc<Code>>,
    unread: Option<Unread>,
}

impl InnerCode {
    /// Where the code lies, unless it has been read.
    pub fn unread(&self) -> Option<&Unread> {
        self.unread.as_ref().filter(|_| self.code.get().is_none())
    }

    /// Where the code lies, if it comes from an image that is still there.
    pub fn origin(&self) -> Option<&Unread> {
        self.unread.as_ref()
    }
}

impl From<Rc<Code>> for InnerCode {
    fn from(code: Rc<Code>) -> Self {
        Self { code: OnceCell::from(code), unread: None }
    }
}

impl From<Unread> for InnerCode {
    fn from(unread: Unread) -> Self {
        Self { code: OnceCell::new(), unread: Some(unread) }
    }
}

impl Deref for InnerCode {
    type Target = Rc<Code>;

    fn deref(&self) -> &Rc<Code> {
        self.code.get_or_init(|| self.unread.as_ref().expect("it is there or can be read").read())
    }
}

impl PartialEq for InnerCode {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for InnerCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Instructions from `start` up to `end` whose exceptions go to `handler`. Ranges do not overlap: where handlers
/// nest, the table holds the innermost one for each stretch. Offsets are word indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExceptionRange {
    /// The first word.
    pub start: u32,
    /// The word after the last.
    pub end: u32,
    /// The handler's first instruction.
    pub handler: u32,
    /// Live temporaries that the handler keeps.
    pub depth: u32,
}

/// Live temporaries for each instruction, run-length encoded: `(first word, depth)`, sorted by word; an entry holds up to
/// the next one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DepthTable(pub Vec<(u32, u32)>);

impl DepthTable {
    /// The depth of the instruction at the word index.
    pub fn at(&self, word: u32) -> u32 {
        match self.0.partition_point(|&(start, _)| start <= word) {
            0 => 0,
            n => self.0[n - 1].1,
        }
    }
}

impl Constant {
    /// Whether it is an object of the caller's, or contains one. Code within it is not looked at.
    pub fn has_objects(&self) -> bool {
        let mut pending = vec![std::slice::from_ref(self)];
        while let Some(constants) = pending.pop() {
            for constant in constants {
                match constant {
                    Self::Object(_) => return true,
                    Self::Tuple(items) | Self::FrozenSet(items) => pending.push(items),
                    Self::Slice(parts) => pending.push(&**parts),
                    _ => {}
                }
            }
        }
        false
    }
}

impl Code {
    /// How many objects of the caller's its constants refer to, those of code within it included: one more than the highest
    /// index.
    pub fn objects_needed(&self) -> usize {
        let mut needed = 0;
        let mut pending: Vec<&[Constant]> = vec![&self.constants];
        while let Some(constants) = pending.pop() {
            for constant in constants {
                match constant {
                    Constant::Object(index) => needed = needed.max(*index as usize + 1),
                    Constant::Tuple(items) | Constant::FrozenSet(items) => pending.push(items),
                    Constant::Slice(parts) => pending.push(&**parts),
                    Constant::Code(code) => pending.push(&code.constants),
                    _ => {}
                }
            }
        }
        needed
    }

    /// The number of registers of a frame.
    pub fn registers(&self) -> usize {
        self.locals.len() + self.temporaries as usize
    }
}
