//! `_blake2`: the hash functions BLAKE2b and BLAKE2s, with keys, salts, and places in trees.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::signature;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::*;

pub(crate) static BLAKE2: ModuleDef = ModuleDef {
    doc: "The hash functions BLAKE2b and BLAKE2s.",
    types: &[&BLAKE2B_TYPE, &BLAKE2S_TYPE],
    exec: Some(|vm, module| {
        for (name, value) in [
            ("BLAKE2B_MAX_DIGEST_SIZE", 64),
            ("BLAKE2B_MAX_KEY_SIZE", 64),
            ("BLAKE2B_PERSON_SIZE", 16),
            ("BLAKE2B_SALT_SIZE", 16),
            ("BLAKE2S_MAX_DIGEST_SIZE", 32),
            ("BLAKE2S_MAX_KEY_SIZE", 32),
            ("BLAKE2S_PERSON_SIZE", 8),
            ("BLAKE2S_SALT_SIZE", 8),
        ] {
            set(vm, module, name, &vm.int(value)?)?;
        }
        set_classes(vm, module, &[])
    }),
    ..ModuleDef::new("_blake2")
};

/// One of the two functions; its sizes are class attributes.
macro_rules! blake2_type {
    ($id:ident, $name:literal, $new:ident, $whole:literal, $part:literal) => {
        static $id: TypeDef = TypeDef {
            module: "_blake2",
            signature: concat!(
                "(data=b'', *, digest_size=_blake2.",
                $name,
                ".MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', \
                 fanout=1, depth=1, leaf_size=0,\n        node_offset=0, node_depth=0, inner_size=0, \
                 last_node=False,\n        usedforsecurity=True, string=None)"
            ),
            doc: concat!("An object that hashes with ", $name, "."),
            methods: &[
                COPY,
                DIGEST,
                HEXDIGEST,
                method("update($self, data, /)", Two(update), "Hash more bytes."),
            ],
            getset: &[NAME, BLOCK_SIZE, DIGEST_SIZE],
            slots: Slots { new: Some($new), ..Slots::NONE },
            attributes: &[
                MODULE,
                ClassAttribute { name: "SALT_SIZE", make: |vm, _| vm.int($part) },
                ClassAttribute { name: "PERSON_SIZE", make: |vm, _| vm.int($part) },
                ClassAttribute { name: "MAX_KEY_SIZE", make: |vm, _| vm.int($whole) },
                ClassAttribute { name: "MAX_DIGEST_SIZE", make: |vm, _| vm.int($whole) },
            ],
            ..TypeDef::new::<Hash>($name)
        };
    };
}

blake2_type!(BLAKE2B_TYPE, "blake2b", new_blake2b, 64, 16);
blake2_type!(BLAKE2S_TYPE, "blake2s", new_blake2s, 32, 8);

/// The parameters of both functions.
struct Parameters {
    digest_size: usize,
    key: Vec<u8>,
    salt: Vec<u8>,
    person: Vec<u8>,
    fanout: u8,
    depth: u8,
    leaf_size: u32,
    node_offset: u64,
    node_depth: u8,
    inner_size: usize,
    last_node: bool,
}

/// What differs between the functions: a name for errors, and sizes.
struct Limits {
    name: &'static str,
    whole: i32,
    part: usize,
    offset: u64,
}

impl Parameters {
    fn read(vm: &Thread, limits: &Limits, arguments: &Bound<'_>) -> PyResult<Self> {
        let Limits { name, whole, part, offset } = *limits;
        let number = |index: usize, default: i32| {
            arguments.optional(index).map_or(Ok(default), |value| vm.to_i32(value))
        };
        let bytes = |index: usize, what: &str, most: usize| {
            let bytes =
                arguments.optional(index).map_or(Ok(Vec::new()), |value| vm.copy_bytes_like(value))?;
            if bytes.len() > most {
                return Err(vm.value_error(format_args!("maximum {what} length is {most} bytes")));
            }
            Ok(bytes)
        };
        let byte = |value: i32, what: &str, least: u8| {
            u8::try_from(value)
                .ok()
                .filter(|&byte| byte >= least)
                .ok_or_else(|| vm.value_error(format_args!("{what} must be between {least} and 255")))
        };
        let unsigned = |index: usize, what: &str| {
            let Some(value) = arguments.optional(index) else { return Ok(0) };
            let number = vm.to_integer(value)?;
            if number.as_ref().is_negative() {
                return Err(vm.value_error("Cannot convert negative int"));
            }
            let number = number.as_ref().to_u64();
            number.ok_or_else(|| vm.overflow_error(format_args!("Python int too large for C {what}")))
        };
        let digest_size = number(1, whole)?;
        if !(1..=whole).contains(&digest_size) {
            return Err(vm.value_error(format_args!(
                "digest_size for {name} must be between 1 and {whole} bytes, here it is {digest_size}"
            )));
        }
        let (salt, person) = (bytes(3, "salt", part)?, bytes(4, "person", part)?);
        let (fanout, depth) = (byte(number(5, 1)?, "fanout", 0)?, byte(number(6, 1)?, "depth", 1)?);
        let leaf_size = u32::try_from(unsigned(7, "unsigned long")?)
            .map_err(|_| vm.overflow_error("leaf_size is too large"))?;
        let node_offset = unsigned(8, "unsigned long long")?;
        if node_offset > offset {
            return Err(vm.overflow_error("node_offset is too large"));
        }
        let node_depth = byte(number(9, 0)?, "node_depth", 0)?;
        let inner_size = number(10, 0)?;
        if !(0..=whole).contains(&inner_size) {
            return Err(vm.value_error(format_args!("inner_size must be between 0 and is {whole}")));
        }
        let last_node = arguments.optional(11).map_or(Ok(false), |value| vm.is_true(value))?;
        Ok(Self {
            digest_size: digest_size as usize,
            key: bytes(2, "key", whole as usize)?,
            salt,
            person,
            fanout,
            depth,
            leaf_size,
            node_offset,
            node_depth,
            inner_size: inner_size as usize,
            last_node,
        })
    }
}

macro_rules! hasher {
    ($krate:ident, $parameters:ident) => {
        $krate::Params::new()
            .hash_length($parameters.digest_size)
            .key(&$parameters.key)
            .salt(&$parameters.salt)
            .personal(&$parameters.person)
            .fanout($parameters.fanout)
            .max_depth($parameters.depth)
            .max_leaf_length($parameters.leaf_size)
            .node_offset($parameters.node_offset)
            .node_depth($parameters.node_depth)
            .inner_hash_length($parameters.inner_size)
            .last_node($parameters.last_node)
            .to_state()
    };
}

fn make(
    vm: &Thread,
    class: Ref<'_>,
    algorithm: &'static Algorithm,
    limits: &Limits,
    arguments: &Bound<'_>,
    start: impl FnOnce(&Parameters) -> Hasher,
) -> PyResult {
    let data = first_data(vm, arguments.optional(0), arguments.optional(13))?;
    let parameters = Parameters::read(vm, limits, arguments)?;
    let hasher = State::new(start(&parameters));
    let hash = Hash { algorithm, digest_size: parameters.digest_size, hasher };
    vm.new_object_of(class, hash.with(vm, data)?)
}

fn new_blake2b(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    const LIMITS: Limits = Limits { name: "Blake2b", whole: 64, part: 16, offset: u64::MAX };
    let signature = signature!(
        "blake2b(data=b'', *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)"
    );
    args.bind(vm, signature, |arguments| {
        make(vm, class, &BLAKE2B, &LIMITS, arguments, |parameters| {
            Hasher::Blake2b(Box::new(hasher!(blake2b_simd, parameters)))
        })
    })
}

fn new_blake2s(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    const LIMITS: Limits = Limits { name: "Blake2s", whole: 32, part: 8, offset: (1 << 48) - 1 };
    let signature = signature!(
        "blake2s(data=b'', *, digest_size=32, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True, string=None)"
    );
    args.bind(vm, signature, |arguments| {
        make(vm, class, &BLAKE2S, &LIMITS, arguments, |parameters| {
            Hasher::Blake2s(Box::new(hasher!(blake2s_simd, parameters)))
        })
    })
}
