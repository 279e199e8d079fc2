//! `_random`: the generator behind `random.Random`.

mod mersenne;

use std::cell::RefCell;

use mersenne::{Mersenne, WORDS};
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::number::int_bytes::{self, ByteOrder};
use pyx_vm::number::{IntRef, int};
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

pub(crate) static RANDOM: ModuleDef = ModuleDef {
    doc: "The Mersenne Twister, a generator of pseudo-random numbers.",
    types: &[&GENERATOR],
    ..ModuleDef::new("_random")
};

payload! {
    /// A generator.
    pub(crate) struct Random: Native {
        state: RefCell<Mersenne>,
    }
}

untraced!(Mersenne);
class! { Random => GENERATOR; }

static GENERATOR: TypeDef = TypeDef {
    module: "_random",
    flags: TypeFlags { mutable: true, ..TypeFlags::BASE },
    doc: "A generator of pseudo-random numbers with a state of its own.",
    methods: &[
        method("random($self, /)", One(random), "The next float in the interval from 0 to 1, 1 excluded."),
        method(
            "seed($self, n=None, /)",
            OneOpt(seed),
            "Start anew from an int, from another object's hash, or at random.",
        ),
        method("getstate($self, /)", One(getstate), "The state: a tuple of ints."),
        method("setstate($self, state, /)", Two(setstate), "Go back to a state that getstate() gave."),
        method("getrandbits($self, k, /)", Two(getrandbits), "An int of so many random bits."),
    ],
    slots: Slots { new: Some(new), init: Some(init), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Random>("Random")
};

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, Random { state: RefCell::default() })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(vm.type_error("Random() takes no keyword arguments"));
    }
    match *args.positional() {
        [] => start(vm, this, None),
        [n] => start(vm, this, Some(n)),
        ref more => {
            Err(vm.type_error(format_args!("Random expected at most 1 argument, got {}", more.len())))
        }
    }
}

fn state(this: Ref<'_>) -> &RefCell<Mersenne> {
    &this.downcast::<Random>().expect("the method checks its receiver").state
}

fn random(vm: &Thread, this: Ref<'_>) -> PyResult {
    let value = state(this).borrow_mut().next_float();
    vm.float(value)
}

fn seed(vm: &Thread, this: Ref<'_>, n: Option<Ref<'_>>) -> PyResult {
    start(vm, this, n)?;
    none()
}

fn start(vm: &Thread, this: Ref<'_>, n: Option<Ref<'_>>) -> PyResult<()> {
    let key = match n.filter(|n| !n.is_none()) {
        Some(n) => match int_value(n) {
            Some(int) => words_of(int),
            None => halves(vm.hash(n)? as u64).to_vec(),
        },
        None => entropy().to_vec(),
    };
    *state(this).borrow_mut() = Mersenne::from_key(&key);
    Ok(())
}

fn halves(word: u64) -> [u32; 2] {
    [word as u32, (word >> 32) as u32]
}

/// The magnitude in words of 32 bits, the lowest first; at least one.
fn words_of(value: IntRef<'_>) -> Vec<u32> {
    let magnitude = int::abs(value);
    let length = (value.bit_length().div_ceil(32) as usize).max(1);
    let mut bytes = vec![0; length * 4];
    // So many bytes are enough for so many bits.
    let _ = int_bytes::to_bytes(magnitude.as_ref(), &mut bytes, ByteOrder::Little, false);
    bytes.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

/// Enough randomness for a whole state.
fn entropy() -> [u32; WORDS] {
    let mut bytes = [0; WORDS * 4];
    if getrandom::fill(&mut bytes).is_err() {
        // Without a source of entropy, the time and the process tell one run from another.
        let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        bytes[..16].copy_from_slice(&time.as_nanos().to_le_bytes());
        bytes[16..20].copy_from_slice(&std::process::id().to_le_bytes());
    }
    std::array::from_fn(|at| u32::from_le_bytes(std::array::from_fn(|byte| bytes[4 * at + byte])))
}

fn getrandbits(vm: &Thread, this: Ref<'_>, k: Ref<'_>) -> PyResult {
    let bits = vm.to_integer(k)?;
    if bits.as_ref().is_negative() {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    let bits = match bits.as_ref().bit_length() {
        0..=63 => bits.as_ref().to_i64().unwrap_or_default().unsigned_abs(),
        64 => return Err(vm.memory_error()),
        _ => return Err(vm.overflow_error("Python int too large for C uint64_t")),
    };
    if bits <= 32 {
        let word = state(this).borrow_mut().next_bits(bits as u32);
        return vm.int(i64::from(word));
    }
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(bits.div_ceil(32) as usize * 4).is_err() {
        return Err(vm.memory_error());
    }
    let mut state = state(this).borrow_mut();
    let mut left = bits;
    while left > 0 {
        let now = left.min(32);
        bytes.extend_from_slice(&state.next_bits(now as u32).to_le_bytes());
        left -= now;
    }
    drop(state);
    vm.number(int_bytes::from_bytes(&bytes, ByteOrder::Little, false))
}

fn getstate(vm: &Thread, this: Ref<'_>) -> PyResult {
    let (words, index) = state(this).borrow().parts();
    let mut items: Vec<Owned> = Vec::with_capacity(WORDS + 1);
    for word in words {
        items.push(vm.int(i64::from(word))?);
    }
    items.push(vm.int(i64::from(index))?);
    vm.tuple(items)
}

fn setstate(vm: &Thread, this: Ref<'_>, new_state: Ref<'_>) -> PyResult {
    let Some(tuple) = new_state.downcast::<Tuple>() else {
        return Err(vm.type_error("state vector must be a tuple"));
    };
    let Some((index, items)) = tuple.as_slice().split_last().filter(|(_, items)| items.len() == WORDS) else {
        return Err(vm.value_error("state vector is the wrong size"));
    };
    let mut words = [0; WORDS];
    for (word, item) in words.iter_mut().zip(items) {
        *word = state_word(vm, item.borrow())?;
    }
    let index = vm.to_i64(index.borrow())?;
    match u32::try_from(index).ok().and_then(|index| Mersenne::from_parts(words, index)) {
        Some(restored) => *state(this).borrow_mut() = restored,
        None => return Err(vm.value_error("invalid state")),
    }
    none()
}

/// A word of a state, with the errors of an unsigned C integer.
fn state_word(vm: &Thread, item: Ref<'_>) -> PyResult<u32> {
    let Some(value) = int_value(item) else { return Err(vm.type_error("an integer is required")) };
    if value.is_negative() {
        return Err(vm.overflow_error("can't convert negative value to unsigned int"));
    }
    if value.bit_length() > 64 {
        return Err(vm.overflow_error("Python int too large to convert to C unsigned long"));
    }
    let word = value.to_i64().and_then(|word| u32::try_from(word).ok());
    word.ok_or_else(|| vm.value_error("invalid state"))
}
