//! `_sha3`: the hash functions of the family SHA-3, and SHAKE, whose digests have any size.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::signature;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::*;

static SHAKE128: Algorithm = Algorithm {
    name: "shake_128",
    block_size: 168,
    digest_size: 0,
    start: || Hasher::Shake128(Default::default()),
};
static SHAKE256: Algorithm = Algorithm {
    name: "shake_256",
    block_size: 136,
    digest_size: 0,
    start: || Hasher::Shake256(Default::default()),
};

/// The class of a hash function of the family, by its name, algorithm, and the methods that give digests.
macro_rules! sha3_type {
    ($id:ident, $name:literal, $algorithm:ident, $digest:expr, $hexdigest:expr) => {
        static $id: TypeDef = TypeDef {
            module: "_sha3",
            doc: concat!("An object that hashes with ", $name, "."),
            methods: &[
                COPY,
                $digest,
                $hexdigest,
                method("update($self, data, /)", Two(update), "Hash more bytes."),
            ],
            getset: &[
                BLOCK_SIZE,
                NAME,
                DIGEST_SIZE,
                getter("_capacity_bits", capacity_bits, "The bits of the state that no data touches."),
                getter("_rate_bits", rate_bits, "The bits of a block."),
                getter("_suffix", suffix, "What follows the data."),
            ],
            slots: Slots { new: Some(|vm, class, args| new(vm, class, &$algorithm, args)), ..Slots::NONE },
            attributes: &[MODULE],
            ..TypeDef::new::<Hash>($name)
        };
    };
}

const SHAKE_DIGEST: MethodDef =
    method("digest($self, /, length)", Two(shake_digest), "So many bytes of the digest.");
const SHAKE_HEXDIGEST: MethodDef = method(
    "hexdigest($self, /, length)",
    Two(shake_hexdigest),
    "So many bytes of the digest, as hexadecimal digits.",
);

sha3_type!(SHA3_224_TYPE, "sha3_224", SHA3_224, DIGEST, HEXDIGEST);
sha3_type!(SHA3_256_TYPE, "sha3_256", SHA3_256, DIGEST, HEXDIGEST);
sha3_type!(SHA3_384_TYPE, "sha3_384", SHA3_384, DIGEST, HEXDIGEST);
sha3_type!(SHA3_512_TYPE, "sha3_512", SHA3_512, DIGEST, HEXDIGEST);
sha3_type!(SHAKE128_TYPE, "shake_128", SHAKE128, SHAKE_DIGEST, SHAKE_HEXDIGEST);
sha3_type!(SHAKE256_TYPE, "shake_256", SHAKE256, SHAKE_DIGEST, SHAKE_HEXDIGEST);

pub(crate) static SHA3: ModuleDef = ModuleDef {
    doc: "The hash functions of the family SHA-3, and SHAKE.",
    types: &[&SHA3_224_TYPE, &SHA3_256_TYPE, &SHA3_384_TYPE, &SHA3_512_TYPE, &SHAKE128_TYPE, &SHAKE256_TYPE],
    exec: Some(|vm, module| {
        set(vm, module, "implementation", &vm.str("RustCrypto")?)?;
        set_classes(vm, module, &[])
    }),
    ..ModuleDef::new("_sha3")
};

fn new(vm: &Thread, class: Ref<'_>, algorithm: &'static Algorithm, args: &Args<'_>) -> PyResult {
    let start = |arguments: &Bound<'_>| {
        let data = first_data(vm, arguments.optional(0), arguments.optional(2))?;
        vm.new_object_of(class, Hash::new(algorithm).with(vm, data)?)
    };
    // Errors name the function.
    match algorithm.name {
        "sha3_224" => {
            args.bind(vm, signature!("sha3_224(data=b'', *, usedforsecurity=True, string=None)"), start)
        }
        "sha3_256" => {
            args.bind(vm, signature!("sha3_256(data=b'', *, usedforsecurity=True, string=None)"), start)
        }
        "sha3_384" => {
            args.bind(vm, signature!("sha3_384(data=b'', *, usedforsecurity=True, string=None)"), start)
        }
        "sha3_512" => {
            args.bind(vm, signature!("sha3_512(data=b'', *, usedforsecurity=True, string=None)"), start)
        }
        "shake_128" => {
            args.bind(vm, signature!("shake_128(data=b'', *, usedforsecurity=True, string=None)"), start)
        }
        _ => args.bind(vm, signature!("shake_256(data=b'', *, usedforsecurity=True, string=None)"), start),
    }
}

fn size(vm: &Thread, length: Ref<'_>) -> PyResult<usize> {
    let number = vm.to_integer(length)?;
    if number.as_ref().is_negative() {
        return Err(vm.value_error("Cannot convert negative int"));
    }
    match number.as_ref().to_i64() {
        None => Err(vm.overflow_error("Python int too large for C unsigned long")),
        Some(size) if size >= 1 << 29 => Err(vm.value_error("length is too large")),
        Some(size) => Ok(size as usize),
    }
}

fn shake_digest(vm: &Thread, this: Ref<'_>, length: Ref<'_>) -> PyResult {
    let size = size(vm, length)?;
    vm.bytes(&payload(this).digest(size))
}

fn shake_hexdigest(vm: &Thread, this: Ref<'_>, length: Ref<'_>) -> PyResult {
    let size = size(vm, length)?;
    hexadecimal(vm, &payload(this).digest(size))
}

fn rate_bits(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(payload(this).algorithm.block_size * 8)
}

fn capacity_bits(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(1600 - payload(this).algorithm.block_size * 8)
}

fn suffix(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.bytes(if payload(this).algorithm.digest_size == 0 { b"\x1f" } else { b"\x06" })
}
