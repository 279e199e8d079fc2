//! The codecs of tables between bytes and characters.

use pyx_vm::class;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::native::*;
use pyx_vm::text::codec::charmap::{
    CharmapDecoder, CharmapEncoder, Decoding, DecodingTable, Encoding, EncodingMap,
};
use pyx_vm::text::codec::single_byte::{Latin1Decoder, Latin1Encoder};
use pyx_vm::types::int::int_ref;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::{decode_data, encode_text};

pyx_vm::payload! {
    /// What `charmap_build` makes of a table with one character for each byte.
    struct Map: Native {
        map: Table,
    }
}

/// An encoding map, which holds no Python values.
struct Table(EncodingMap);

pyx_vm::untraced!(Table);

class! { Map => ENCODING_MAP; }

static ENCODING_MAP: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[method("size($self, /)", One(size), "The bytes of memory that the map takes.")],
    ..TypeDef::new::<Map>("EncodingMap")
};

fn size(vm: &Thread, this: Ref<'_>) -> PyResult {
    let map: &Map = this.downcast().expect("the receiver is an encoding map");
    vm.size(size_of::<Map>() + map.map.0.size())
}

pub(super) fn build(vm: &Thread, table: Ref<'_>) -> PyResult {
    let text = vm.str_argument("charmap_build() argument", table)?.text();
    if text.is_empty() {
        return Err(vm.type_error("bad argument type for built-in operation"));
    }
    if let Some(map) = EncodingMap::new(text) {
        return vm.new_object(Map { map: Table(map) });
    }
    let dict = vm.dict()?;
    for (byte, code) in text.code_points().take(256).enumerate() {
        let (code, byte) = (Owned::small_int(code as i32), Owned::small_int(byte as i32));
        vm.set_item(dict.borrow(), code.borrow(), Some(byte.borrow()))?;
    }
    Ok(dict)
}

pub(super) fn decode(
    vm: &Thread,
    data: Ref<'_>,
    errors: Option<Ref<'_>>,
    mapping: Option<Ref<'_>>,
) -> PyResult {
    const NAME: &str = "charmap_decode";
    let Some(mapping) = mapping.filter(|mapping| !mapping.is_none()) else {
        return decode_data(vm, NAME, data, errors, &mut Latin1Decoder);
    };
    if let Some(text) = mapping.downcast::<Str>() {
        let table = DecodingTable::new(text.text());
        return decode_data(vm, NAME, data, errors, &mut CharmapDecoder(|byte| Ok(table.get(byte))));
    }
    decode_data(vm, NAME, data, errors, &mut CharmapDecoder(|byte| character(vm, mapping, byte)))
}

/// What a mapping has for a byte.
fn character(vm: &Thread, mapping: Ref<'_>, byte: u8) -> PyResult<Decoding> {
    let Some(entry) = entry(vm, mapping, byte.into())? else { return Ok(Decoding::Undefined) };
    let entry = entry.borrow();
    if let Some(text) = entry.downcast::<Str>() {
        // A character that stands for none does so in a str as well.
        return Ok(match (text.len(), text.text().code_point_at(0)) {
            (1, Some(code)) => Decoding::Code(code),
            _ => Decoding::Text(text.text().into()),
        });
    }
    let Some(int) = int_ref(entry) else {
        return Err(vm.type_error("character mapping must return integer, None or str"));
    };
    match int.to_i64() {
        Some(code @ 0..=0x10_ffff) => Ok(Decoding::Code(code as u32)),
        _ => Err(vm.type_error("character mapping must be in range(0x110000)")),
    }
}

/// `mapping[code]`; `None` where that is None, or missing.
fn entry(vm: &Thread, mapping: Ref<'_>, code: i32) -> PyResult<Option<Owned>> {
    match vm.get_item(mapping, Owned::small_int(code).borrow()) {
        Ok(entry) => Ok(Some(entry).filter(|entry| !entry.borrow().is_none())),
        Err(raised) if raised.is(&vm.exceptions().LookupError) => Ok(None),
        Err(raised) => Err(raised),
    }
}

pub(super) fn encode(
    vm: &Thread,
    text: Ref<'_>,
    errors: Option<Ref<'_>>,
    mapping: Option<Ref<'_>>,
) -> PyResult {
    const NAME: &str = "charmap_encode";
    let Some(mapping) = mapping.filter(|mapping| !mapping.is_none()) else {
        return encode_text(vm, NAME, text, errors, Latin1Encoder);
    };
    if let Some(map) = mapping.downcast::<Map>() {
        return encode_text(vm, NAME, text, errors, CharmapEncoder(|code| Ok(map.map.0.get(code))));
    }
    encode_text(vm, NAME, text, errors, CharmapEncoder(|code| bytes_for(vm, mapping, code)))
}

/// What a mapping has for a character.
fn bytes_for(vm: &Thread, mapping: Ref<'_>, code: u32) -> PyResult<Encoding> {
    let Some(entry) = entry(vm, mapping, code as i32)? else { return Ok(Encoding::Undefined) };
    let entry = entry.borrow();
    if let Some(bytes) = entry.downcast::<Bytes>() {
        return Ok(Encoding::Bytes(bytes.as_bytes().to_vec()));
    }
    let Some(int) = int_ref(entry) else {
        let got = vm.type_name(entry);
        return Err(
            vm.type_error(format_args!("character mapping must return integer, bytes or None, not {got}"))
        );
    };
    match int.to_i64().and_then(|value| u8::try_from(value).ok()) {
        Some(byte) => Ok(Encoding::Byte(byte)),
        None => Err(vm.type_error("character mapping must be in range(256)")),
    }
}
