//! What the `Kind` operands mean: their values by name.

use super::opcode::{AwaitedBy, CommonConstant, Conversion, IntrinsicKind, ManagerKind, Opcode};

/// The values that the `Kind` operand of an instruction may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// One of these, by its index.
    OneOf(&'static [&'static str]),
    /// Any number of these, by their bits.
    Set(&'static [&'static str]),
}

impl Kinds {
    /// The values of the instruction's `Kind` operand; none if it has no such operand.
    pub const fn of(opcode: Opcode) -> Self {
        match opcode {
            Opcode::LoadCommon => Self::OneOf(CommonConstant::NAMES),
            Opcode::Convert | Opcode::BuildInterpolation => Self::OneOf(Conversion::NAMES),
            Opcode::GetAwaitable => Self::OneOf(AwaitedBy::NAMES),
            Opcode::LoadManager => Self::OneOf(ManagerKind::NAMES),
            Opcode::Intrinsic => Self::OneOf(IntrinsicKind::NAMES),
            Opcode::LoadSuperAttr => Self::OneOf(&["implicit", "explicit"]),
            Opcode::Reraise => {
                Self::OneOf(&["here", "there", "here_passing_cleanup", "there_passing_cleanup"])
            }
            Opcode::MakeFunction => Self::Set(&["defaults", "kwdefaults", "annotate", "closure"]),
            _ => Self::OneOf(&[]),
        }
    }

    /// Whether this is one of the values.
    pub const fn allows(self, bits: u32) -> bool {
        match self {
            Self::OneOf(names) => (bits as usize) < names.len(),
            Self::Set(names) => bits >> names.len() == 0,
        }
    }

    /// The value's name; of a set, the names with `+` in between.
    pub fn name(self, bits: u32) -> Option<String> {
        match self {
            _ if !self.allows(bits) => None,
            Self::OneOf(names) => Some(names[bits as usize].to_owned()),
            Self::Set(names) => {
                let members = names.iter().enumerate().filter(|&(bit, _)| bits >> bit & 1 != 0);
                Some(members.map(|(_, name)| *name).collect::<Vec<_>>().join("+"))
            }
        }
    }
}

macro_rules! named {
    ($($Kind:ident { $($Variant:ident),* $(,)? })*) => {$(
        impl $Kind {
            /// All values, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),*];

            const NAMES: &'static [&'static str] = &[$(stringify!($Variant)),*];

            /// The value with this number.
            pub fn from_bits(bits: u16) -> Option<Self> {
                Self::ALL.get(usize::from(bits)).copied()
            }

            /// The value's name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Variant => stringify!($Variant)),* }
            }
        }
    )*};
}

named! {
    CommonConstant {
        None, True, False, Ellipsis, AssertionError, NotImplementedError, All, Any, Tuple,
    }
    Conversion { None, Str, Repr, Ascii }
    AwaitedBy { Await, Enter, Exit }
    ManagerKind { With, AsyncWith }
    IntrinsicKind {
        Print, ImportStar, StopIterationError, TypeVar, TypeVarWithBound, TypeVarWithConstraints, ParamSpec,
        TypeVarTuple, SetTypeParamDefault, SubscriptGeneric, TypeAlias, SetFunctionTypeParams, PrepReraiseStar,
        NoteAnnotation,
    }
}

impl IntrinsicKind {
    /// How many operands the intrinsic takes.
    pub const fn arity(self) -> u32 {
        match self {
            Self::StopIterationError => 0,
            Self::Print
            | Self::ImportStar
            | Self::TypeVar
            | Self::ParamSpec
            | Self::TypeVarTuple
            | Self::SubscriptGeneric
            | Self::TypeAlias => 1,
            Self::TypeVarWithBound
            | Self::TypeVarWithConstraints
            | Self::SetTypeParamDefault
            | Self::SetFunctionTypeParams
            | Self::PrepReraiseStar
            | Self::NoteAnnotation => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytecode::operand::Role;

    #[test]
    fn numbers_are_indices() {
        assert!(CommonConstant::ALL.iter().enumerate().all(|(i, &kind)| kind as usize == i));
        assert!(Conversion::ALL.iter().enumerate().all(|(i, &kind)| kind as usize == i));
        assert!(AwaitedBy::ALL.iter().enumerate().all(|(i, &kind)| kind as usize == i));
        assert!(ManagerKind::ALL.iter().enumerate().all(|(i, &kind)| kind as usize == i));
        assert!(IntrinsicKind::ALL.iter().enumerate().all(|(i, &kind)| kind as usize == i));
        assert_eq!(IntrinsicKind::from_bits(13).map(IntrinsicKind::name), Some("NoteAnnotation"));
        assert_eq!(Conversion::from_bits(4), None);
    }

    #[test]
    fn every_kind_operand_has_its_values() {
        use crate::bytecode::opcode::Instruction;
        for &opcode in Opcode::ALL {
            let mut words = vec![opcode as u64];
            words.resize(opcode.words(), 0);
            let mut has_kind = false;
            let instruction = Instruction::decode(&words, 0).unwrap();
            instruction.operands(|_, operand| has_kind |= operand.role == Role::Kind);
            assert_eq!(has_kind, Kinds::of(opcode) != Kinds::OneOf(&[]), "{opcode:?}");
        }
    }

    #[test]
    fn sets_name_their_members() {
        let parts = Kinds::of(Opcode::MakeFunction);
        assert_eq!(parts.name(9).as_deref(), Some("defaults+closure"));
        assert_eq!(parts.name(16), None);
        assert_eq!(Kinds::of(Opcode::Convert).name(2).as_deref(), Some("Repr"));
    }
}
