//! Hash functions: `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2` and `_hmac`.
//!
//! The functions are crates'; [`Hasher`] is any of them, in the middle of its data. Objects copy it whenever somebody wants
//! to know the digest so far.

mod blake2;
mod hmac;
mod sha3;

pub(crate) use blake2::BLAKE2;
pub(crate) use hmac::HMAC;
pub(crate) use sha3::SHA3;

use std::cell::RefCell;

use ::sha3::digest::{DynDigest, ExtendableOutput, Update, XofReader};
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

/// From so many bytes on, CPython lets other threads run.
const GIL_MINSIZE: i64 = 2048;

// ---- hashers ----

/// A hash function in the middle of its data.
pub(super) enum Hasher {
    /// With a digest of fixed size.
    Fixed(Box<dyn DynDigest>),
    /// SHAKE128
    Shake128(shake::Shake128),
    /// SHAKE256
    Shake256(shake::Shake256),
    /// BLAKE2b
    Blake2b(Box<blake2b_simd::State>),
    /// BLAKE2s
    Blake2s(Box<blake2s_simd::State>),
}

/// A hasher in an object, which refers to no others.
pub(super) struct State(RefCell<Hasher>);

pyx_vm::untraced!(Hasher, State);

impl State {
    pub(super) fn new(hasher: Hasher) -> Self {
        Self(RefCell::new(hasher))
    }

    pub(super) fn update(&self, bytes: &[u8]) {
        self.0.borrow_mut().update(bytes);
    }

    pub(super) fn copied(&self) -> Hasher {
        self.0.borrow().clone()
    }
}

impl Clone for Hasher {
    fn clone(&self) -> Self {
        match self {
            Self::Fixed(hasher) => Self::Fixed(hasher.box_clone()),
            Self::Shake128(hasher) => Self::Shake128(hasher.clone()),
            Self::Shake256(hasher) => Self::Shake256(hasher.clone()),
            Self::Blake2b(hasher) => Self::Blake2b(hasher.clone()),
            Self::Blake2s(hasher) => Self::Blake2s(hasher.clone()),
        }
    }
}

impl Hasher {
    /// Adds data.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Fixed(hasher) => hasher.update(bytes),
            Self::Shake128(hasher) => hasher.update(bytes),
            Self::Shake256(hasher) => hasher.update(bytes),
            Self::Blake2b(hasher) => _ = hasher.update(bytes),
            Self::Blake2s(hasher) => _ = hasher.update(bytes),
        }
    }

    /// The digest; of so many bytes, where the function has any number of them.
    pub(super) fn finish(self, size: usize) -> Vec<u8> {
        let mut digest = vec![0; size];
        match self {
            Self::Fixed(hasher) => return hasher.finalize().into_vec(),
            Self::Shake128(hasher) => hasher.finalize_xof().read(&mut digest),
            Self::Shake256(hasher) => hasher.finalize_xof().read(&mut digest),
            Self::Blake2b(hasher) => return hasher.finalize().as_bytes().to_vec(),
            Self::Blake2s(hasher) => return hasher.finalize().as_bytes().to_vec(),
        }
        digest
    }
}

/// A hash function.
pub(super) struct Algorithm {
    pub(super) name: &'static str,
    pub(super) block_size: usize,
    /// The size of the digest; 0 is any.
    pub(super) digest_size: usize,
    pub(super) start: fn() -> Hasher,
}

pyx_vm::untraced!(&'static Algorithm);

fn fixed<H: DynDigest + Default + 'static>() -> Hasher {
    Hasher::Fixed(Box::new(H::default()))
}

macro_rules! algorithms {
    ($($id:ident: $name:literal, $block:literal, $digest:literal, $start:expr;)*) => {
        $(pub(super) static $id: Algorithm =
            Algorithm { name: $name, block_size: $block, digest_size: $digest, start: $start };)*
        /// Those that HMAC can use.
        pub(super) static ALGORITHMS: &[&Algorithm] = &[$(&$id),*];
    };
}

algorithms! {
    MD5_ALGORITHM: "md5", 64, 16, fixed::<md5::Md5>;
    SHA1_ALGORITHM: "sha1", 64, 20, fixed::<sha1::Sha1>;
    SHA224: "sha224", 64, 28, fixed::<sha2::Sha224>;
    SHA256: "sha256", 64, 32, fixed::<sha2::Sha256>;
    SHA384: "sha384", 128, 48, fixed::<sha2::Sha384>;
    SHA512: "sha512", 128, 64, fixed::<sha2::Sha512>;
    SHA3_224: "sha3_224", 144, 28, fixed::<::sha3::Sha3_224>;
    SHA3_256: "sha3_256", 136, 32, fixed::<::sha3::Sha3_256>;
    SHA3_384: "sha3_384", 104, 48, fixed::<::sha3::Sha3_384>;
    SHA3_512: "sha3_512", 72, 64, fixed::<::sha3::Sha3_512>;
    BLAKE2B: "blake2b", 128, 64, || Hasher::Blake2b(Box::default());
    BLAKE2S: "blake2s", 64, 32, || Hasher::Blake2s(Box::default());
}

// ---- arguments ----

/// Shows the bytes of an argument to a function.
pub(super) fn with_data<R>(vm: &Thread, data: Ref<'_>, read: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    if data.downcast::<Str>().is_some() {
        return Err(vm.type_error("Strings must be encoded before hashing"));
    }
    if !vm.exports_buffer(data) {
        return Err(vm.type_error("object supporting the buffer API required"));
    }
    vm.with_bytes_like(data, read)
}

/// The data that a constructor gets, as `data` or by its old name `string`.
pub(super) fn first_data<'a>(
    vm: &Thread,
    data: Option<Ref<'a>>,
    string: Option<Ref<'a>>,
) -> PyResult<Option<Ref<'a>>> {
    let string = string.filter(|string| !string.is_none());
    if data.is_some() && string.is_some() {
        return Err(vm.type_error(
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for \
             removal in a future version.",
        ));
    }
    Ok(data.or(string))
}

// ---- objects ----

payload! {
    /// An object that hashes.
    pub(super) struct Hash: Native {
        pub(super) algorithm: &'static Algorithm,
        /// Of an algorithm with any size, the one that was chosen.
        pub(super) digest_size: usize,
        pub(super) hasher: State,
    }
}

class! { Hash => MD5_TYPE; }

impl Hash {
    pub(super) fn new(algorithm: &'static Algorithm) -> Self {
        let hasher = State::new((algorithm.start)());
        Self { algorithm, digest_size: algorithm.digest_size, hasher }
    }

    /// Hashes the first data.
    pub(super) fn with(self, vm: &Thread, data: Option<Ref<'_>>) -> PyResult<Self> {
        if let Some(data) = data {
            self.update(vm, data)?;
        }
        Ok(self)
    }

    fn update(&self, vm: &Thread, data: Ref<'_>) -> PyResult<()> {
        with_data(vm, data, |bytes| self.hasher.update(bytes))
    }

    pub(super) fn digest(&self, size: usize) -> Vec<u8> {
        self.hasher.copied().finish(size)
    }
}

pub(super) fn payload(this: Ref<'_>) -> &Hash {
    this.downcast().expect("the method checks its receiver")
}

pub(super) fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Hash { algorithm, digest_size, hasher } = payload(this);
    let hasher = State::new(hasher.copied());
    vm.new_object_of(vm.class(this), Hash { algorithm, digest_size: *digest_size, hasher })
}

fn digest(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.bytes(&payload(this).digest(0))
}

/// Bytes as hexadecimal digits.
pub(super) fn hexadecimal(vm: &Thread, bytes: &[u8]) -> PyResult {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let text: String = digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect();
    vm.str(&text)
}

fn hexdigest(vm: &Thread, this: Ref<'_>) -> PyResult {
    hexadecimal(vm, &payload(this).digest(0))
}

pub(super) fn update(vm: &Thread, this: Ref<'_>, data: Ref<'_>) -> PyResult {
    payload(this).update(vm, data)?;
    none()
}

fn name(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str(payload(this).algorithm.name)
}

fn block_size(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(payload(this).algorithm.block_size)
}

fn digest_size(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(payload(this).digest_size)
}

pub(super) const COPY: MethodDef = method("copy($self, /)", One(copy), "Another object in the same state.");
pub(super) const DIGEST: MethodDef = method("digest($self, /)", One(digest), "The digest, as bytes.");
pub(super) const HEXDIGEST: MethodDef =
    method("hexdigest($self, /)", One(hexdigest), "The digest, as hexadecimal digits.");
pub(super) const NAME: GetSet = getter("name", name, "The name of the hash function.");
pub(super) const BLOCK_SIZE: GetSet = getter("block_size", block_size, "The size of a block in bytes.");
pub(super) const DIGEST_SIZE: GetSet = getter("digest_size", digest_size, "The size of the digest in bytes.");

static GETSET: [GetSet; 3] = [BLOCK_SIZE, NAME, DIGEST_SIZE];
static ATTRIBUTES: [ClassAttribute; 1] = [MODULE];
static METHODS: [MethodDef; 4] =
    [COPY, DIGEST, HEXDIGEST, method("update($self, obj, /)", Two(update), "Hash more bytes.")];

/// The class of the objects of a hash function, which a function of its module makes.
const fn hash_type(module: &'static str, name: &'static str) -> TypeDef {
    TypeDef {
        module,
        flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
        methods: &METHODS,
        getset: &GETSET,
        attributes: &ATTRIBUTES,
        ..TypeDef::new::<Hash>(name)
    }
}

static MD5_TYPE: TypeDef = hash_type("_md5", "md5");
static SHA1_TYPE: TypeDef = hash_type("_sha1", "sha1");
static SHA224_TYPE: TypeDef = hash_type("_sha2", "SHA224Type");
static SHA256_TYPE: TypeDef = hash_type("_sha2", "SHA256Type");
static SHA384_TYPE: TypeDef = hash_type("_sha2", "SHA384Type");
static SHA512_TYPE: TypeDef = hash_type("_sha2", "SHA512Type");

fn start(
    vm: &Thread,
    class: &'static TypeDef,
    algorithm: &'static Algorithm,
    arguments: &Bound<'_>,
) -> PyResult {
    let data = first_data(vm, arguments.optional(0), arguments.optional(2))?;
    let hash = Hash::new(algorithm).with(vm, data)?;
    vm.new_object_in(&vm.class_of(class)?, hash)
}

macro_rules! starter {
    ($name:literal, $class:ident, $algorithm:ident) => {
        function(
            concat!($name, "($module, /, data=b'', *, usedforsecurity=True, string=None)"),
            Many(|vm, arguments| start(vm, &$class, &$algorithm, arguments)),
            concat!("An object that hashes with ", $name, "."),
        )
    };
}

/// Sets attributes of a module.
fn set(vm: &Thread, module: Ref<'_>, name: &str, value: &Owned) -> PyResult<()> {
    vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()))
}

fn set_classes(vm: &Thread, module: Ref<'_>, classes: &[(&str, &'static TypeDef)]) -> PyResult<()> {
    set(vm, module, "_GIL_MINSIZE", &vm.int(GIL_MINSIZE)?)?;
    classes.iter().try_for_each(|&(name, class)| set(vm, module, name, &vm.class_of(class)?))
}

pub(crate) static MD5: ModuleDef = ModuleDef {
    doc: "The hash function MD5.",
    functions: &[starter!("md5", MD5_TYPE, MD5_ALGORITHM)],
    exec: Some(|vm, module| set_classes(vm, module, &[("MD5Type", &MD5_TYPE)])),
    ..ModuleDef::new("_md5")
};

pub(crate) static SHA1: ModuleDef = ModuleDef {
    doc: "The hash function SHA-1.",
    functions: &[starter!("sha1", SHA1_TYPE, SHA1_ALGORITHM)],
    exec: Some(|vm, module| set_classes(vm, module, &[("SHA1Type", &SHA1_TYPE)])),
    ..ModuleDef::new("_sha1")
};

pub(crate) static SHA2: ModuleDef = ModuleDef {
    doc: "The hash functions of the family SHA-2.",
    functions: &[
        starter!("sha224", SHA224_TYPE, SHA224),
        starter!("sha256", SHA256_TYPE, SHA256),
        starter!("sha384", SHA384_TYPE, SHA384),
        starter!("sha512", SHA512_TYPE, SHA512),
    ],
    types: &[&SHA224_TYPE, &SHA256_TYPE, &SHA384_TYPE, &SHA512_TYPE],
    exec: Some(|vm, module| set_classes(vm, module, &[])),
    ..ModuleDef::new("_sha2")
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_functions() {
        for algorithm in ALGORITHMS {
            let digest = (algorithm.start)().finish(0);
            assert_eq!(digest.len(), algorithm.digest_size, "{}", algorithm.name);
        }
    }

    #[test]
    fn a_copy_goes_its_own_way() {
        let mut hasher = (SHA256.start)();
        hasher.update(b"ab");
        let mut copy = hasher.clone();
        copy.update(b"c");
        hasher.update(b"c");
        assert_eq!(hasher.finish(0), copy.clone().finish(0));
        copy.update(b"d");
        assert_ne!(copy.finish(0)[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
