//! `binascii`: binary data as ASCII, and checksums. The algorithms are in the files below.

mod base64;
mod crc;
mod quoted_printable;
mod uu;

use pyx_vm::exception::{PyResult, Raised, classes, exception_def};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::text::hex::{FromHexError, from_hex};
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

const UNHEXLIFY: &str = "The bytes that hexadecimal digits stand for.";
const HEXLIFY: &str = "Bytes as hexadecimal digits, as bytes.hex() gives them.";

pub(crate) static BINASCII: ModuleDef = ModuleDef {
    doc: "Binary data as ASCII.",
    functions: &[
        function("a2b_uu($module, data, /)", One(a2b_uu), "The bytes of a line of uuencoded data."),
        function("b2a_uu($module, data, /, *, backtick=False)", OneOpt(b2a_uu), "A line of uuencoded data."),
        function(
            "a2b_base64($module, data, /, *, strict_mode=False)",
            OneOpt(a2b_base64),
            "The bytes of base64 data.\n\nIn strict mode, whatever does not conform to RFC 3548 is an error.",
        ),
        function(
            "b2a_base64($module, data, /, *, newline=True)",
            OneOpt(b2a_base64),
            "A line of base64 data.",
        ),
        function(
            "b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
            OneOpt2(hexlify),
            HEXLIFY,
        ),
        function("a2b_hex($module, hexstr, /)", One(unhexlify), UNHEXLIFY),
        function(
            "hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
            OneOpt2(hexlify),
            HEXLIFY,
        ),
        function("unhexlify($module, hexstr, /)", One(unhexlify), UNHEXLIFY),
        function(
            "crc_hqx($module, data, crc, /)",
            Two(crc_hqx),
            "The CRC-CCITT of data, which continues a value.",
        ),
        function(
            "crc32($module, data, crc=0, /)",
            OneOpt(crc32),
            "The CRC-32 of data, which continues a value.",
        ),
        function(
            "b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)",
            Many(b2a_qp),
            "Data as quoted-printable.\n\n\
             With quotetabs, white space is quoted; without istext, line ends are; with header, blanks become _.",
        ),
        function(
            "a2b_qp($module, /, data, header=False)",
            OneOpt(a2b_qp),
            "The bytes of quoted-printable data.",
        ),
    ],
    exec: Some(exec),
    ..ModuleDef::new("binascii")
};

static ERROR: TypeDef = exception_def("binascii", "Error", &classes::ValueError, "Data is not right.");
static INCOMPLETE: TypeDef =
    exception_def("binascii", "Incomplete", &classes::Exception, "Data is incomplete.");

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for class in [&ERROR, &INCOMPLETE] {
        let name = vm.intern(class.name)?;
        vm.set_attr(module, name.borrow(), Some(vm.class_of(class)?.borrow()))?;
    }
    Ok(())
}

#[cold]
fn error(vm: &Thread, message: impl std::fmt::Display) -> Raised {
    vm.module_error(&ERROR, message)
}

/// The bytes of a bytes-like object, or of a str that is ASCII.
fn ascii(vm: &Thread, data: Ref<'_>) -> PyResult<Vec<u8>> {
    if let Some(text) = data.downcast::<Str>() {
        if !text.is_ascii() {
            return Err(vm.value_error("string argument should contain only ASCII characters"));
        }
        return Ok(text.as_bytes().to_vec());
    }
    vm.copy_bytes_like(data).map_err(|_| {
        let got = vm.type_name(data);
        vm.type_error(format_args!("argument should be bytes, buffer or ASCII string, not '{got}'"))
    })
}

fn truth(vm: &Thread, value: Option<Ref<'_>>, default: bool) -> PyResult<bool> {
    value.map_or(Ok(default), |value| vm.is_true(value))
}

fn a2b_uu(vm: &Thread, data: Ref<'_>) -> PyResult {
    let bytes = uu::decode(&ascii(vm, data)?).map_err(|message| error(vm, message))?;
    vm.bytes(&bytes)
}

fn b2a_uu(vm: &Thread, data: Ref<'_>, backtick: Option<Ref<'_>>) -> PyResult {
    let data = vm.copy_bytes_like(data)?;
    let line = uu::encode(&data, truth(vm, backtick, false)?);
    vm.bytes(&line.map_err(|message| error(vm, message))?)
}

fn a2b_base64(vm: &Thread, data: Ref<'_>, strict: Option<Ref<'_>>) -> PyResult {
    let data = ascii(vm, data)?;
    let strict = truth(vm, strict, false)?;
    let bytes = base64::decode(&data, strict).map_err(|message| error(vm, message))?;
    vm.bytes(&bytes)
}

fn b2a_base64(vm: &Thread, data: Ref<'_>, newline: Option<Ref<'_>>) -> PyResult {
    let data = vm.copy_bytes_like(data)?;
    vm.bytes(&base64::encode(&data, truth(vm, newline, true)?))
}

fn hexlify(vm: &Thread, data: Ref<'_>, separator: Option<Ref<'_>>, group: Option<Ref<'_>>) -> PyResult {
    let data = vm.copy_bytes_like(data)?;
    vm.bytes(&vm.hex_digits(&data, separator, group)?)
}

fn unhexlify(vm: &Thread, digits: Ref<'_>) -> PyResult {
    let digits = ascii(vm, digits)?;
    if !digits.len().is_multiple_of(2) {
        return Err(error(vm, "Odd-length string"));
    }
    let wrong = || error(vm, "Non-hexadecimal digit found");
    if digits.iter().any(|digit| !digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let bytes = from_hex(&digits).map_err(|_: FromHexError| wrong())?;
    vm.bytes(&bytes)
}

/// The low bits of an int.
fn word(vm: &Thread, value: Ref<'_>) -> PyResult<u32> {
    let value = vm.to_big(value)?;
    let (sign, magnitude) = value.into_parts();
    let low = magnitude.as_words().first().map_or(0, |&word| word as u32);
    Ok(if sign == dashu_int::Sign::Negative { low.wrapping_neg() } else { low })
}

fn crc_hqx(vm: &Thread, data: Ref<'_>, crc: Ref<'_>) -> PyResult {
    vm.with_bytes_like(data, |_| ())?;
    let crc = word(vm, crc)?;
    let crc = vm.with_bytes_like(data, |bytes| crc::crc_hqx(bytes, crc as u16))?;
    vm.int(crc.into())
}

fn crc32(vm: &Thread, data: Ref<'_>, crc: Option<Ref<'_>>) -> PyResult {
    vm.with_bytes_like(data, |_| ())?;
    let crc = crc.map_or(Ok(0), |crc| word(vm, crc))?;
    let crc = vm.with_bytes_like(data, |bytes| crc::crc32(bytes, crc))?;
    vm.int(crc.into())
}

fn b2a_qp(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let data = vm.copy_bytes_like(args.required(0))?;
    let options = quoted_printable::Options {
        quote_tabs: truth(vm, args.optional(1), false)?,
        is_text: truth(vm, args.optional(2), true)?,
        header: truth(vm, args.optional(3), false)?,
    };
    vm.bytes(&quoted_printable::encode(&data, options))
}

fn a2b_qp(vm: &Thread, data: Ref<'_>, header: Option<Ref<'_>>) -> PyResult {
    let data = ascii(vm, data)?;
    vm.bytes(&quoted_printable::decode(&data, truth(vm, header, false)?))
}
