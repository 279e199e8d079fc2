//! What `sys` says about the interpreter and the machine: versions, sizes, flags.

use pyx_vm::exception::PyResult;
use pyx_vm::struct_sequence;
use pyx_vm::value::Owned;
use pyx_vm::vm::Thread;

/// The version of the language, as CPython numbers its releases.
const VERSION: (i32, i32, i32) = (3, 14, 8);
/// The version as one number: major, minor, micro in a byte each, then `f0` for a final release.
const HEX_VERSION: i64 =
    ((VERSION.0 as i64) << 24) | ((VERSION.1 as i64) << 16) | ((VERSION.2 as i64) << 8) | 0xf0;

struct_sequence! {
    static VERSION_INFO: "sys", "version_info", "The version of the language, as a tuple with named items.", no_new, builtin;
    visible {
        major: "major release number",
        minor: "minor release number",
        micro: "patch release number",
        releaselevel: "'alpha', 'beta', 'candidate' or 'final'",
        serial: "number among the releases of that level",
    }
}

struct_sequence! {
    static FLAGS: "sys", "flags", "What the command line and the environment asked for.", no_new, builtin;
    visible {
        debug: "-d",
        inspect: "-i",
        interactive: "-i",
        optimize: "-O or -OO",
        dont_write_bytecode: "-B",
        no_user_site: "-s",
        no_site: "-S",
        ignore_environment: "-E",
        verbose: "-v",
        bytes_warning: "-b",
        quiet: "-q",
        hash_randomization: "-R",
        isolated: "-I",
        dev_mode: "-X dev",
        utf8_mode: "-X utf8",
        warn_default_encoding: "-X warn_default_encoding",
        safe_path: "-P",
        int_max_str_digits: "-X int_max_str_digits",
    }
    hidden {
        gil: "-X gil",
        thread_inherit_context: "-X thread_inherit_context",
        context_aware_warnings: "-X context_aware_warnings",
    }
}

struct_sequence! {
    static FLOAT_INFO: "sys", "float_info", "Range and precision of floats.", builtin;
    visible {
        max: "the largest finite float",
        max_exp: "the largest int e for which radix**(e-1) is a float",
        max_10_exp: "the largest int e for which 10**e is a float",
        min: "the smallest positive normalised float",
        min_exp: "the smallest int e for which radix**(e-1) is a normalised float",
        min_10_exp: "the smallest int e for which 10**e is a normalised float",
        dig: "decimal digits that any float keeps",
        mant_dig: "digits of the mantissa",
        epsilon: "the distance from 1 to the next float",
        radix: "base of the exponent",
        rounds: "how sums are rounded",
    }
}

struct_sequence! {
    static INT_INFO: "sys", "int_info", "How ints are represented, and the limits of their conversion.", builtin;
    visible {
        bits_per_digit: "bits in a digit",
        sizeof_digit: "bytes of a digit",
        default_max_str_digits: "the limit of digits in conversions from and to str at the start",
        str_digits_check_threshold: "the lowest limit that can be set",
    }
}

struct_sequence! {
    static HASH_INFO: "sys", "hash_info", "How hashes are computed.", builtin;
    visible {
        width: "bits of a hash",
        modulus: "the prime that hashes of numbers are residues of",
        inf: "the hash of infinity",
        nan: "not used any more",
        imag: "the factor of the imaginary part",
        algorithm: "the algorithm for str, bytes and memoryview",
        hash_bits: "bits that the algorithm gives",
        seed_bits: "bits of its seed",
        cutoff: "up to which length another algorithm is used",
    }
}

struct_sequence! {
    static THREAD_INFO: "sys", "thread_info", "How threads are implemented.", builtin;
    visible {
        name: "the implementation of threads",
        lock: "the implementation of locks",
        version: "the version of the library",
    }
}

/// `sys.version`
pub(super) fn version(vm: &Thread) -> PyResult {
    vm.str(&version_text())
}

/// The version of the language.
pub fn version_number() -> String {
    let (major, minor, micro) = VERSION;
    format!("{major}.{minor}.{micro}")
}

/// The version of the language and of the interpreter.
pub fn version_text() -> String {
    format!("{} (pyx {}) [Rust]", version_number(), env!("CARGO_PKG_VERSION"))
}

/// `sys.hexversion`
pub(super) fn hex_version(vm: &Thread) -> PyResult {
    vm.int(HEX_VERSION)
}

/// `sys.version_info`
pub(super) fn version_info(vm: &Thread) -> PyResult {
    let (major, minor, micro) = VERSION;
    let [major, minor, micro, serial] = [major, minor, micro, 0].map(Owned::small_int);
    vm.struct_sequence(&VERSION_INFO, &[major, minor, micro, vm.intern("final")?, serial])
}

/// `sys.implementation`
pub(super) fn implementation(vm: &Thread) -> PyResult {
    let namespace = vm.namespace()?;
    let set = |name: &str, value: Owned| {
        vm.set_attr(namespace.borrow(), vm.intern(name)?.borrow(), Some(value.borrow()))
    };
    let (major, minor, _) = VERSION;
    set("name", vm.intern("pyx")?)?;
    set("cache_tag", vm.intern(&format!("pyx-{major}{minor}"))?)?;
    set("version", version_info(vm)?)?;
    set("hexversion", hex_version(vm)?)?;
    set("_multiarch", vm.intern(&format!("{}-linux-gnu", std::env::consts::ARCH))?)?;
    set("supports_isolated_interpreters", Owned::bool(false))?;
    Ok(namespace)
}

/// `sys.flags`
pub(super) fn flags(vm: &Thread) -> PyResult {
    let config = vm.config();
    let int = |value: u8| Owned::small_int(i32::from(value));
    let flag = |value: bool| int(u8::from(value));
    vm.struct_sequence(
        &FLAGS,
        &[
            int(config.debug),
            flag(config.inspect),
            flag(config.interactive),
            int(config.optimize),
            flag(config.dont_write_bytecode),
            flag(config.no_user_site),
            flag(config.no_site),
            flag(config.ignore_environment),
            int(config.verbose),
            int(config.bytes_warning),
            flag(config.quiet),
            flag(config.hash_seed != Some(0)),
            flag(config.isolated),
            Owned::bool(config.dev_mode),
            flag(config.utf8_mode),
            flag(config.warn_default_encoding),
            Owned::bool(config.safe_path),
            vm.uint(u64::from(config.int_max_str_digits))?,
            Owned::small_int(1),
            flag(config.thread_inherit_context),
            flag(config.context_aware_warnings),
        ],
    )
}

/// `sys.float_info`
pub(super) fn float_info(vm: &Thread) -> PyResult {
    let int = Owned::small_int;
    vm.struct_sequence(
        &FLOAT_INFO,
        &[
            vm.float(f64::MAX)?,
            int(f64::MAX_EXP),
            int(f64::MAX_10_EXP),
            vm.float(f64::MIN_POSITIVE)?,
            int(f64::MIN_EXP),
            int(f64::MIN_10_EXP),
            int(f64::DIGITS as i32),
            int(f64::MANTISSA_DIGITS as i32),
            vm.float(f64::EPSILON)?,
            int(f64::RADIX as i32),
            // To the nearest.
            int(1),
        ],
    )
}

/// `sys.int_info`: the digits are those that programs expect of CPython.
pub(super) fn int_info(vm: &Thread) -> PyResult {
    let int = Owned::small_int;
    vm.struct_sequence(&INT_INFO, &[int(30), int(4), int(4300), int(640)])
}

/// `sys.hash_info`
pub(super) fn hash_info(vm: &Thread) -> PyResult {
    let int = Owned::small_int;
    vm.struct_sequence(
        &HASH_INFO,
        &[
            int(64),
            vm.int((1 << 61) - 1)?,
            int(314_159),
            int(0),
            int(1_000_003),
            vm.intern("ahash")?,
            int(64),
            int(128),
            int(0),
        ],
    )
}

/// `sys.thread_info`
pub(super) fn thread_info(vm: &Thread) -> PyResult {
    let version =
        crate::posix::system::thread_library().map_or_else(|| Ok(Owned::none()), |text| vm.str(&text))?;
    vm.struct_sequence(&THREAD_INFO, &[vm.intern("pthread")?, vm.intern("futex")?, version])
}
