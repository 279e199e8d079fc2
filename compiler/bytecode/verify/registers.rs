//! What is known of the registers at one point of the code.
//!
//! A state is copied to every label and met with the states of all jumps there, so it shares what has not changed: kinds
//! lie in leaves of 32, leaves in branches of 32, and a copy of a state is a copy of pointers. Two states that came
//! from one differ in few leaves, and equal pointers need no look.

use std::rc::Rc;

use crate::bytecode::operand::Register;

/// What is known of the content of a register.
///
/// ```text
///                 MAYBE            an object, or nothing at all
///                   |
///                 VALUE            an object
///    .-----.------.--+--.-----.-----.
///  CELL  STR   LIST  SET  DICT  TUPLE
///                                 |
///                              cells(n)   a tuple of n cells
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind(u16);

impl Kind {
    /// An unbound local, an absent argument, no exception; or an object.
    pub(super) const MAYBE: Self = Self(0);
    pub(super) const VALUE: Self = Self(1);
    pub(super) const CELL: Self = Self(2);
    pub(super) const LIST: Self = Self(3);
    pub(super) const SET: Self = Self(4);
    pub(super) const DICT: Self = Self(5);
    pub(super) const STR: Self = Self(6);
    pub(super) const TUPLE: Self = Self(7);
    const CELLS: u16 = 8;

    /// A tuple of `n` cells, as long as that many can be closed over.
    pub(super) fn cells(n: usize) -> Self {
        u16::try_from(n).ok().and_then(|n| n.checked_add(Self::CELLS)).map_or(Self::TUPLE, Self)
    }

    /// What is known of something that is one or the other.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            _ if self == other => self,
            (Self::MAYBE, _) | (_, Self::MAYBE) => Self::MAYBE,
            _ if self.0 >= Self::TUPLE.0 && other.0 >= Self::TUPLE.0 => Self::TUPLE,
            _ => Self::VALUE,
        }
    }

    /// Whether this is one of those.
    pub(super) fn is(self, wanted: Self) -> bool {
        self.or(wanted) == wanted
    }
}

const WIDTH: usize = 32;

type Leaf = [Kind; WIDTH];
type Branch = Vec<Rc<Leaf>>;

/// The kinds of all registers.
#[derive(Clone, Debug)]
pub(super) struct Registers(Vec<Rc<Branch>>);

impl Registers {
    /// That many registers, with nothing in them.
    pub(super) fn new(count: usize) -> Self {
        let leaf = Rc::new([Kind::MAYBE; WIDTH]);
        let leaves = count.div_ceil(WIDTH);
        let branch = |leaves: usize| Rc::new(vec![Rc::clone(&leaf); leaves]);
        let full = branch(leaves.min(WIDTH));
        let mut branches = vec![full; leaves / WIDTH];
        branches.extend((!leaves.is_multiple_of(WIDTH)).then(|| branch(leaves % WIDTH)));
        Self(branches)
    }

    pub(super) fn get(&self, register: Register) -> Kind {
        let register = usize::from(register);
        self.0[register / WIDTH / WIDTH][register / WIDTH % WIDTH][register % WIDTH]
    }

    pub(super) fn set(&mut self, register: Register, kind: Kind) {
        if self.get(register) != kind {
            let register = usize::from(register);
            let branch = Rc::make_mut(&mut self.0[register / WIDTH / WIDTH]);
            Rc::make_mut(&mut branch[register / WIDTH % WIDTH])[register % WIDTH] = kind;
        }
    }

    /// Forgets what does not hold in the other state too; whether that was anything.
    pub(super) fn meet(&mut self, other: &Self) -> bool {
        let mut changed = false;
        for (mine, its) in self.0.iter_mut().zip(&other.0).filter(|(mine, its)| !Rc::ptr_eq(mine, its)) {
            for at in 0..mine.len() {
                if !Rc::ptr_eq(&mine[at], &its[at])
                    && let Some(met) = met(&mine[at], &its[at])
                {
                    Rc::make_mut(mine)[at] = met;
                    changed = true;
                }
            }
        }
        changed
    }
}

/// What holds in both leaves, if that is less than what holds in the first.
fn met(mine: &Rc<Leaf>, its: &Rc<Leaf>) -> Option<Rc<Leaf>> {
    let mut met = **mine;
    met.iter_mut().zip(its.iter()).for_each(|(kind, other)| *kind = kind.or(*other));
    if met == **mine {
        None
    } else if met == **its {
        Some(Rc::clone(its))
    } else {
        Some(Rc::new(met))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_form_a_lattice() {
        let kinds = [
            Kind::MAYBE,
            Kind::VALUE,
            Kind::CELL,
            Kind::LIST,
            Kind::SET,
            Kind::DICT,
            Kind::STR,
            Kind::TUPLE,
            Kind::cells(0),
            Kind::cells(1),
            Kind::cells(60_000),
        ];
        for a in kinds {
            for b in kinds {
                assert_eq!(a.or(b), b.or(a));
                assert!(a.is(a.or(b)));
                for c in kinds {
                    assert_eq!(a.or(b).or(c), a.or(b.or(c)), "{a:?} {b:?} {c:?}");
                }
            }
        }
        assert!(Kind::cells(2).is(Kind::TUPLE) && !Kind::TUPLE.is(Kind::cells(2)));
        assert!(Kind::CELL.is(Kind::VALUE) && !Kind::MAYBE.is(Kind::VALUE));
        assert_eq!(Kind::cells(70_000), Kind::TUPLE);
    }

    #[test]
    fn states_meet() {
        for count in [1, 31, 32, 33, 1023, 1024, 1025, 65_536] {
            let last = (count - 1) as Register;
            let mut bound = Registers::new(count);
            bound.set(0, Kind::VALUE);
            bound.set(last, Kind::LIST);
            let mut other = bound.clone();
            assert!(!other.meet(&bound));
            other.set(last, Kind::VALUE);
            assert!(bound.meet(&other));
            assert!(!bound.meet(&other));
            assert_eq!(bound.get(last), Kind::VALUE);
            assert!(bound.meet(&Registers::new(count)));
            assert_eq!(bound.get(0), Kind::MAYBE);
        }
    }
}
