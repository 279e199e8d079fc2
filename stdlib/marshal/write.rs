//! Writing values.

use std::collections::HashMap;

use pyx_compiler::bytecode::image;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str, Tuple};
use pyx_vm::types::code::Code;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::{MAX_DEPTH, code};

/// The bytes of a value.
pub(super) fn to_bytes(vm: &Thread, value: Ref<'_>, version: i32, allow_code: bool) -> PyResult<Vec<u8>> {
    let mut writer = Writer {
        vm,
        version,
        allow_code,
        depth: 0,
        bytes: Vec::new(),
        shared: HashMap::new(),
        kept: Vec::new(),
    };
    writer.value(value)?;
    Ok(writer.bytes)
}

struct Writer<'v> {
    vm: &'v Thread,
    version: i32,
    allow_code: bool,
    depth: u32,
    bytes: Vec<u8>,
    /// The numbers of the values written so far that may occur again, by their ids.
    shared: HashMap<u64, u32>,
    /// Owners of those values: an id may be used again when its value is gone.
    kept: Vec<Owned>,
}

impl Writer<'_> {
    fn value(&mut self, value: Ref<'_>) -> PyResult<()> {
        if self.depth >= MAX_DEPTH {
            return Err(self.vm.value_error("object too deeply nested to marshal"));
        }
        self.vm.check_stack()?;
        self.depth += 1;
        let result = self.any(value);
        self.depth -= 1;
        result
    }

    fn any(&mut self, value: Ref<'_>) -> PyResult<()> {
        let constant = match value {
            _ if value.is_none() => code::NONE,
            _ if value.is_true() => code::TRUE,
            _ if value.is_false() => code::FALSE,
            _ if value.is_ellipsis() => code::ELLIPSIS,
            _ if value.is(self.vm.exceptions().StopIteration.borrow()) => code::STOP_ITERATION,
            _ => match self.reference(value)? {
                Some(shared) => return self.complex(value, shared),
                None => return Ok(()),
            },
        };
        self.bytes.push(constant);
        Ok(())
    }

    /// Refers to a value that was written before; otherwise says what to add to its type code.
    fn reference(&mut self, value: Ref<'_>) -> PyResult<Option<u8>> {
        if self.version < 3 || (self.vm.reference_count(value) == 1 && !self.vm.is_immortal(value)) {
            return Ok(Some(0));
        }
        if let Some(&number) = self.shared.get(&value.id()) {
            self.bytes.push(code::REFERENCE);
            self.bytes.extend(number.to_le_bytes());
            return Ok(None);
        }
        let Ok(number) = u32::try_from(self.shared.len()) else {
            return Err(self.vm.value_error("object has too many shared parts to marshal"));
        };
        self.shared.insert(value.id(), number);
        self.kept.push(value.own());
        Ok(Some(code::SHARED))
    }

    fn complex(&mut self, value: Ref<'_>, shared: u8) -> PyResult<()> {
        let (vm, types) = (self.vm, self.vm.types());
        let class = vm.class(value);
        let is = |other: &Owned| class.is(other.borrow());
        if is(&types.int) {
            self.int(value, shared)
        } else if is(&types.float) {
            self.float(vm.to_f64(value)?, shared)
        } else if is(&types.complex) {
            self.complex_number(value, shared)
        } else if is(&types.bytes) {
            self.sized(code::BYTES | shared, value.downcast::<Bytes>().map_or(&[][..], Bytes::as_bytes))
        } else if is(&types.str) {
            self.text(value, shared)
        } else if is(&types.tuple) {
            self.tuple(value, shared)
        } else if is(&types.list) {
            let Some(list) = value.downcast::<List>() else { return Err(self.refused()) };
            let items = list.items().to_vec(0, list.items().len());
            self.sequence(code::LIST | shared, &items)
        } else if is(&types.dict) {
            self.dict(value, shared)
        } else if is(&types.set) {
            self.set(code::SET | shared, value)
        } else if is(&types.frozenset) {
            self.set(code::FROZEN_SET | shared, value)
        } else if is(&types.slice) && self.version >= 5 {
            self.bytes.push(code::SLICE | shared);
            ["start", "stop", "step"].iter().try_for_each(|part| {
                let part = vm.get_attr(value, vm.intern(part)?.borrow())?;
                self.value(part.borrow())
            })
        } else if value.downcast::<Code>().is_some() {
            self.code(value, shared)
        } else if vm.exports_buffer(value) {
            let bytes = vm.copy_bytes_like(value)?;
            self.sized(code::BYTES | shared, &bytes)
        } else {
            Err(self.refused())
        }
    }

    fn refused(&self) -> Raised {
        self.vm.value_error("unmarshallable object")
    }

    fn size(&mut self, size: usize) -> PyResult<()> {
        match i32::try_from(size) {
            Ok(size) => self.bytes.extend(size.to_le_bytes()),
            Err(_) => return Err(self.refused()),
        }
        Ok(())
    }

    fn sized(&mut self, code: u8, bytes: &[u8]) -> PyResult<()> {
        self.bytes.push(code);
        self.size(bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Text of at most 255 bytes, such as old versions have for floats.
    fn short(&mut self, text: &[u8]) -> PyResult<()> {
        let Ok(len) = u8::try_from(text.len()) else { return Err(self.refused()) };
        self.bytes.push(len);
        self.bytes.extend_from_slice(text);
        Ok(())
    }

    // ---- numbers ----

    fn int(&mut self, value: Ref<'_>, shared: u8) -> PyResult<()> {
        if let Some(small) = value.as_small_int().and_then(|int| i32::try_from(int).ok()) {
            self.bytes.push(code::INT | shared);
            self.bytes.extend(small.to_le_bytes());
            return Ok(());
        }
        let (sign, magnitude) = self.vm.to_big(value)?.into_parts();
        let digits = digits(&magnitude.to_le_bytes());
        let Ok(count) = i32::try_from(digits.len()) else { return Err(self.refused()) };
        let count = if sign == dashu_base::Sign::Negative { -count } else { count };
        self.bytes.push(code::LONG | shared);
        self.bytes.extend(count.to_le_bytes());
        self.bytes.extend(digits.iter().flat_map(|digit| digit.to_le_bytes()));
        Ok(())
    }

    fn float(&mut self, value: f64, shared: u8) -> PyResult<()> {
        if self.version > 1 {
            self.bytes.push(code::BINARY_FLOAT | shared);
            self.bytes.extend(value.to_le_bytes());
            return Ok(());
        }
        self.bytes.push(code::FLOAT | shared);
        self.float_text(value)
    }

    fn float_text(&mut self, value: f64) -> PyResult<()> {
        let (value, spec) = (self.vm.float(value)?, self.vm.str(".17g")?);
        let text = self.vm.format(value.borrow(), Some(spec.borrow()))?;
        self.short(text.borrow().downcast::<Str>().map_or(&[][..], Str::as_bytes))
    }

    fn complex_number(&mut self, value: Ref<'_>, shared: u8) -> PyResult<()> {
        let number = self.vm.to_complex(value)?;
        if self.version > 1 {
            self.bytes.push(code::BINARY_COMPLEX | shared);
            self.bytes.extend(number.real.to_le_bytes());
            self.bytes.extend(number.imag.to_le_bytes());
            return Ok(());
        }
        self.bytes.push(code::COMPLEX | shared);
        self.float_text(number.real)?;
        self.float_text(number.imag)
    }

    // ---- text and containers ----

    fn text(&mut self, value: Ref<'_>, shared: u8) -> PyResult<()> {
        let Some(text) = value.downcast::<Str>() else { return Err(self.refused()) };
        let interned = self.version >= 3 && self.vm.is_interned(value);
        if self.version < 4 || !text.is_ascii() {
            let code = if interned { code::INTERNED } else { code::UNICODE };
            return self.sized(code | shared, text.as_bytes());
        }
        if text.len() < 256 {
            self.bytes.push(shared | if interned { code::SHORT_ASCII_INTERNED } else { code::SHORT_ASCII });
            return self.short(text.as_bytes());
        }
        self.sized(shared | if interned { code::ASCII_INTERNED } else { code::ASCII }, text.as_bytes())
    }

    fn tuple(&mut self, value: Ref<'_>, shared: u8) -> PyResult<()> {
        let Some(tuple) = value.downcast::<Tuple>() else { return Err(self.refused()) };
        if self.version < 4 {
            return self.sequence(code::TUPLE | shared, tuple.as_slice());
        }
        match u8::try_from(tuple.len()) {
            Ok(len) => {
                self.bytes.extend([code::SMALL_TUPLE | shared, len]);
                tuple.as_slice().iter().try_for_each(|item| self.value(item.borrow()))
            }
            Err(_) => self.sequence(code::TUPLE | shared, tuple.as_slice()),
        }
    }

    fn sequence(&mut self, code: u8, items: &[Owned]) -> PyResult<()> {
        self.bytes.push(code);
        self.size(items.len())?;
        items.iter().try_for_each(|item| self.value(item.borrow()))
    }

    fn dict(&mut self, value: Ref<'_>, shared: u8) -> PyResult<()> {
        let items = self.vm.call_method(value, &self.vm.names().items, &[])?;
        self.bytes.push(code::DICT | shared);
        for item in self.vm.collect(items.borrow())? {
            let pair = item.borrow().downcast::<Tuple>().map_or(&[][..], Tuple::as_slice);
            pair.iter().try_for_each(|part| self.value(part.borrow()))?;
        }
        self.bytes.push(code::NULL);
        Ok(())
    }

    /// The items come in the order of their own bytes, so that equal sets are written alike.
    fn set(&mut self, code: u8, value: Ref<'_>) -> PyResult<()> {
        let items = self.vm.collect(value)?;
        let mut pairs = Vec::with_capacity(items.len());
        for item in items {
            pairs.push((to_bytes(self.vm, item.borrow(), self.version, self.allow_code)?, item));
        }
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.bytes.push(code);
        self.size(pairs.len())?;
        pairs.iter().try_for_each(|(_, item)| self.value(item.borrow()))
    }

    // ---- code ----

    fn code(&mut self, value: Ref<'_>, shared: u8) -> PyResult<()> {
        let Some(code) = value.downcast::<Code>() else { return Err(self.refused()) };
        if !self.allow_code {
            return Err(self.vm.value_error("marshalling code objects is disallowed"));
        }
        let (template, objects) = self.vm.code_template(code)?;
        self.sized(code::CODE | shared, &image::write(&template))?;
        let objects = self.vm.tuple(objects)?;
        self.value(objects.borrow())
    }
}

/// The digits of 15 bits that a magnitude has, least significant first.
fn digits(bytes: &[u8]) -> Vec<u16> {
    let mut digits = Vec::with_capacity(bytes.len() * 8 / 15 + 1);
    let (mut bits, mut pending) = (0u32, 0);
    for &byte in bytes {
        bits |= u32::from(byte) << pending;
        pending += 8;
        if pending >= 15 {
            digits.push((bits & 0x7fff) as u16);
            bits >>= 15;
            pending -= 15;
        }
    }
    digits.push(bits as u16);
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}
