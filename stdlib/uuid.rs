//! `_uuid`: identifiers made of the time and the machine (RFC 9562, version 1).
//!
//! Two of them differ by time, or by a sequence number that changes when the clock goes back. Other processes have
//! sequence numbers of their own, by chance; so nothing is promised across processes (the status is -1).

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static UUID: ModuleDef = ModuleDef {
    doc: "Identifiers made of the time and the machine.",
    functions: &[function(
        "generate_time_safe($module, /)",
        Zero(generate),
        "The 16 bytes of a new identifier, and whether other processes cannot make the same: 0, or -1 for not known.",
    )
    .untold()],
    exec: Some(exec),
    ..ModuleDef::new("_uuid")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for (name, value) in [("has_stable_extractable_node", 0), ("has_uuid_generate_time_safe", 1)] {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(Owned::small_int(value).borrow()))?;
    }
    Ok(())
}

/// What identifiers of this process are made of.
struct Generator {
    /// The machine's number.
    node: [u8; 6],
    sequence: u16,
    /// The last time that was used, in units of 100 ns since 1582.
    last: u64,
}

static GENERATOR: Mutex<Option<Generator>> = Mutex::new(None);

/// Units of 100 ns between the start of the Gregorian calendar and 1970.
const GREGORIAN: u64 = 0x01b2_1dd2_1381_4000;

fn generate(vm: &Thread) -> PyResult {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|_| vm.os_error("no random numbers"))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() / 100);
    let mut generator = GENERATOR.lock().unwrap_or_else(PoisonError::into_inner);
    let generator = generator.get_or_insert_with(|| Generator::new(random));
    vm.pair(vm.bytes(&generator.next(GREGORIAN.wrapping_add(now as u64)))?, Owned::small_int(-1))
}

impl Generator {
    fn new(random: [u8; 8]) -> Self {
        let [a, b, node @ ..] = random;
        let node = hardware_address().unwrap_or_else(|| {
            // The bit says that no hardware has this number.
            let mut node = node;
            node[0] |= 1;
            node
        });
        Self { node, sequence: u16::from_be_bytes([a, b]), last: 0 }
    }

    fn next(&mut self, now: u64) -> [u8; 16] {
        if now < self.last {
            self.sequence = self.sequence.wrapping_add(1);
        }
        // Two calls within a unit of time get neighbouring times.
        let time = if now == self.last { now + 1 } else { now };
        self.last = time;
        let [high @ .., mid_a, mid_b, a, b, c, d] = time.to_be_bytes();
        let [version, high] = [high[0] & 0x0f | 0x10, high[1]];
        let [sequence, low] = (self.sequence & 0x3fff | 0x8000).to_be_bytes();
        let [n0, n1, n2, n3, n4, n5] = self.node;
        [a, b, c, d, mid_a, mid_b, version, high, sequence, low, n0, n1, n2, n3, n4, n5]
    }
}

/// The address of the first network interface that has one.
fn hardware_address() -> Option<[u8; 6]> {
    let mut interfaces: Vec<_> = std::fs::read_dir("/sys/class/net").ok()?.flatten().collect();
    interfaces.sort_by_key(std::fs::DirEntry::file_name);
    interfaces.iter().find_map(|interface| {
        let text = std::fs::read_to_string(interface.path().join("address")).ok()?;
        let bytes: Vec<u8> =
            text.trim().split(':').map(|byte| u8::from_str_radix(byte, 16)).collect::<Result<_, _>>().ok()?;
        let address: [u8; 6] = bytes.try_into().ok()?;
        (address != [0; 6]).then_some(address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_version_and_variant_and_differ() {
        let mut generator = Generator { node: [1, 2, 3, 4, 5, 6], sequence: 0xffff, last: 0 };
        let first = generator.next(0x01ef_1234_5678_9abc);
        assert_eq!(first, [0x56, 0x78, 0x9a, 0xbc, 0x12, 0x34, 0x11, 0xef, 0xbf, 0xff, 1, 2, 3, 4, 5, 6]);
        assert_ne!(generator.next(0x01ef_1234_5678_9abc), first);
        // The clock goes back.
        assert_eq!(generator.next(5)[8..10], [0x80, 0]);
    }
}
