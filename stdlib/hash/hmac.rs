//! `_hmac`: messages authenticated with a key, by any of the hash functions (RFC 2104).

use pyx_vm::exception::{PyResult, Raised, classes, exception_def};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::*;

macro_rules! computer {
    ($name:literal, $algorithm:ident) => {
        function(
            concat!("compute_", $name, "($module, key, msg, /)"),
            Two(|vm, key, message| compute(vm, &$algorithm, key, message)),
            concat!("The code of a message with a key, by ", $name, "."),
        )
    };
}

pub(crate) static HMAC: ModuleDef = ModuleDef {
    doc: "Messages authenticated with a key.",
    functions: &[
        computer!("blake2b_32", BLAKE2B),
        computer!("blake2s_32", BLAKE2S),
        function(
            "compute_digest($module, /, key, msg, digest)",
            Three(compute_digest),
            "The code of a message with a key, by the hash function of a name.",
        ),
        computer!("md5", MD5_ALGORITHM),
        computer!("sha1", SHA1_ALGORITHM),
        computer!("sha224", SHA224),
        computer!("sha256", SHA256),
        computer!("sha384", SHA384),
        computer!("sha3_224", SHA3_224),
        computer!("sha3_256", SHA3_256),
        computer!("sha3_384", SHA3_384),
        computer!("sha3_512", SHA3_512),
        computer!("sha512", SHA512),
        function(
            "new($module, /, key, msg=None, digestmod=None)",
            OneOpt2(new),
            "An object that authenticates with a key, by the hash function of a name.",
        ),
    ],
    types: &[&HMAC_TYPE],
    exec: Some(|vm, module| set_classes(vm, module, &[("UnknownHashError", &UNKNOWN)])),
    ..ModuleDef::new("_hmac")
};

static UNKNOWN: TypeDef =
    exception_def("_hmac", "UnknownHashError", &classes::ValueError, "There is no such hash function.");

payload! {
    /// An object that authenticates a message.
    struct Hmac: Native {
        algorithm: &'static Algorithm,
        /// Hashes the message.
        inner: State,
        /// Hashes the digest of that.
        outer: Hasher,
    }
}

class! { Hmac => HMAC_TYPE; }

static HMAC_TYPE: TypeDef = TypeDef {
    module: "_hmac",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method("copy($self, /)", One(copy_hmac), "Another object in the same state."),
        method("update($self, /, msg)", Two(update_hmac), "More of the message."),
        method("digest($self, /)", One(digest_hmac), "The code, as bytes."),
        method("hexdigest($self, /)", One(hexdigest_hmac), "The code, as hexadecimal digits."),
    ],
    getset: &[
        getter("name", name_hmac, "The name of the method."),
        getter(
            "block_size",
            |vm, this| vm.size(hmac(this).algorithm.block_size),
            "The size of a block in bytes.",
        ),
        getter(
            "digest_size",
            |vm, this| vm.size(hmac(this).algorithm.digest_size),
            "The size of the code in bytes.",
        ),
    ],
    slots: Slots { repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Hmac>("HMAC")
};

impl Hmac {
    fn new(algorithm: &'static Algorithm, key: &[u8]) -> Self {
        let mut block = vec![0; algorithm.block_size];
        if key.len() > block.len() {
            let mut hasher = (algorithm.start)();
            hasher.update(key);
            let digest = hasher.finish(0);
            block[..digest.len()].copy_from_slice(&digest);
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let padded = |pad: u8| {
            let mut hasher = (algorithm.start)();
            hasher.update(&block.iter().map(|byte| byte ^ pad).collect::<Vec<_>>());
            hasher
        };
        Self { algorithm, inner: State::new(padded(0x36)), outer: padded(0x5c) }
    }

    fn digest(&self) -> Vec<u8> {
        let inner = self.inner.copied();
        let mut outer = self.outer.clone();
        outer.update(&inner.finish(0));
        outer.finish(0)
    }

    fn update(&self, vm: &Thread, message: Ref<'_>) -> PyResult<()> {
        with_data(vm, message, |bytes| self.inner.update(bytes))
    }
}

fn hmac(this: Ref<'_>) -> &Hmac {
    this.downcast().expect("the method checks its receiver")
}

/// The hash function of a name, in whatever case.
fn algorithm(vm: &Thread, digest: Ref<'_>) -> PyResult<&'static Algorithm> {
    let name = digest.downcast::<Str>().and_then(Str::as_str).map(str::to_lowercase);
    let found = name.and_then(|name| ALGORITHMS.iter().find(|algorithm| algorithm.name == name));
    found.copied().ok_or_else(|| unknown(vm, digest))
}

#[cold]
fn unknown(vm: &Thread, digest: Ref<'_>) -> Raised {
    match vm.repr_string(digest) {
        Ok(digest) => vm.module_error(&UNKNOWN, format_args!("unsupported hash type: {digest}")),
        Err(raised) => raised,
    }
}

fn compute(vm: &Thread, algorithm: &'static Algorithm, key: Ref<'_>, message: Ref<'_>) -> PyResult {
    let hmac = with_data(vm, key, |key| Hmac::new(algorithm, key))?;
    hmac.update(vm, message)?;
    vm.bytes(&hmac.digest())
}

fn compute_digest(vm: &Thread, key: Ref<'_>, message: Ref<'_>, digest: Ref<'_>) -> PyResult {
    compute(vm, algorithm(vm, digest)?, key, message)
}

fn new(vm: &Thread, key: Ref<'_>, message: Option<Ref<'_>>, digest: Option<Ref<'_>>) -> PyResult {
    let Some(digest) = digest else {
        return Err(vm.type_error("new() missing 1 required argument 'digestmod'"));
    };
    let algorithm = algorithm(vm, digest)?;
    let hmac = with_data(vm, key, |key| Hmac::new(algorithm, key))?;
    if let Some(message) = message.filter(|message| !message.is_none()) {
        hmac.update(vm, message)?;
    }
    vm.new_object(hmac)
}

fn copy_hmac(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Hmac { algorithm, inner, outer } = hmac(this);
    let inner = State::new(inner.copied());
    vm.new_object(Hmac { algorithm, inner, outer: outer.clone() })
}

fn update_hmac(vm: &Thread, this: Ref<'_>, message: Ref<'_>) -> PyResult {
    hmac(this).update(vm, message)?;
    none()
}

fn digest_hmac(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.bytes(&hmac(this).digest())
}

fn hexdigest_hmac(vm: &Thread, this: Ref<'_>) -> PyResult {
    hexadecimal(vm, &hmac(this).digest())
}

fn name_hmac(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str(&format!("hmac-{}", hmac(this).algorithm.name))
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let name = hmac(this).algorithm.name;
    vm.str(&format!("<{name} HMAC object @ {:#x}>", this.id()))
}
