//! Operands: what the fields of an instruction are, and how each is packed into a 64-bit word.
//!
//! An instruction word is `op:8 | own:8 | a:16 | b:16 | c:16`, low bits first. An operand of the first group takes one of
//! the 16-bit fields in order of declaration; a wide operand takes two neighbouring ones. Operands declared after `ext`
//! live in the words that follow, as 32-bit halves, low half first. The `own` byte holds one *ownership bit* for
//! each of `a`, `b`, `c` (bits 0, 1, 2) and a five-bit field for the instruction's own use (`Flags`).
//!
//! Ownership is decided by one function of the code generator and only read here:
//!
//! - an [`In`] operand is either *borrowed* in place (bit clear): a local, or a temporary that a later instruction
//!   still wants; or it is a temporary, *moved* (bit set): after the instruction the register is dead, whether the
//!   instruction succeeded or raised;
//! - an [`Out`] operand is either a dead temporary, simply written (bit clear), or a local, whose old value is
//!   dropped after the new one is in place (bit set).

/// A register of the frame: locals first, then temporaries.
pub type Register = u16;

/// A field of an instruction.
pub trait Operand: Copy {
    /// How many 16-bit slots of the instruction word it takes: 1, or 2 for a wide operand.
    const SLOTS: u32;
    /// What the instruction does with it.
    const ROLE: Role;
    /// The field's bits; 16 unless wide.
    fn bits(self) -> u32;
    /// The field's bit in the `own` byte.
    fn owns(self) -> bool {
        false
    }
    /// The operand that packs to these bits.
    fn unpack(bits: u32, own: bool) -> Self;
    /// Sets a jump distance; nothing for other operands.
    fn set_label(&mut self, _target: Label) {}
    /// Sets a destination; nothing for other operands.
    fn set_out(&mut self, _out: Out) {}
}

/// What an instruction does with an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Writes the register.
    Write,
    /// Reads the register: borrows it, or (owned) consumes a temporary.
    Read,
    /// Reads the register, local or temporary, which stays live.
    Keep,
    /// First register of a range that the row's `takes` or `gives` clause sizes.
    Base,
    /// A small signed int, by value.
    Imm,
    /// A number of items.
    Count,
    /// Which variant of the instruction.
    Kind,
    /// Index into the constants.
    Const,
    /// Index into the names.
    Name,
    /// Jump distance in words, from the end of the instruction to the target.
    Label,
    /// Index of a far local.
    Far,
    /// A signed 32-bit number.
    Int,
    /// Inline cache state, zero in a template.
    Cache,
    /// A row's flag, in the `own` byte.
    Flag,
}

macro_rules! registers {
    ($($(#[$doc:meta])* $name:ident: $role:ident, $own:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name {
            /// The register.
            pub register: Register,
            /// The ownership bit; see the module.
            pub own: bool,
        }

        impl Operand for $name {
            const SLOTS: u32 = 1;
            const ROLE: Role = Role::$role;
            #[inline(always)]
            fn bits(self) -> u32 {
                u32::from(self.register)
            }
            fn owns(self) -> bool {
                self.own
            }
            #[inline(always)]
            fn unpack(bits: u32, own: bool) -> Self {
                Self { register: bits as u16, own: own && $own }
            }
            fn set_out(&mut self, out: Out) {
                if Self::ROLE == Role::Write {
                    (self.register, self.own) = (out.register, out.own);
                }
            }
        }
    )*};
}

registers! {
    /// A destination: a dead temporary, or (owned) a local whose old value is dropped.
    Out: Write, true;
    /// A source: a borrowed register, or (owned) a temporary that is consumed.
    In: Read, true;
    /// A register that is read and stays live.
    Kept: Keep, false;
    /// The first register of a range.
    Base: Base, false;
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($int:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $int);

        impl Operand for $name {
            const SLOTS: u32 = 1;
            const ROLE: Role = Role::$name;
            #[inline(always)]
            fn bits(self) -> u32 {
                u32::from(self.0 as u16)
            }
            #[inline(always)]
            fn unpack(bits: u32, _own: bool) -> Self {
                Self(bits as $int)
            }
        }
    )*};
}

numbers! {
    /// A small signed integer standing for the int of that value.
    Imm(i16);
    /// How many items.
    Count(u16);
    /// Which variant of the instruction; the row says of what enumeration.
    Kind(u16);
}

macro_rules! wides {
    ($($(#[$doc:meta])* $name:ident($int:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
        pub struct $name(pub $int);

        impl Operand for $name {
            const SLOTS: u32 = 2;
            const ROLE: Role = Role::$name;
            #[inline(always)]
            fn bits(self) -> u32 {
                self.0 as u32
            }
            #[inline(always)]
            fn unpack(bits: u32, _own: bool) -> Self {
                Self(bits as $int)
            }
        }
    )*};
}

impl Operand for Label {
    const SLOTS: u32 = 2;
    const ROLE: Role = Role::Label;
    #[inline(always)]
    fn bits(self) -> u32 {
        self.0 as u32
    }
    #[inline(always)]
    fn unpack(bits: u32, _own: bool) -> Self {
        Self(bits as i32)
    }
    fn set_label(&mut self, target: Label) {
        *self = target;
    }
}

/// Jump distance in words, from the end of the instruction (its extension and cache words included).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Label(pub i32);

wides! {
    /// Index into the code's constants.
    Const(u32);
    /// Index into the code's names.
    Name(u32);
    /// Index into the far locals: those that do not fit 16-bit registers.
    Far(u32);
    /// A signed 32-bit integer standing for the int of that value.
    Int(i32);
    /// A 32-bit half of inline cache; zero in a template.
    Cache(u32);
}
