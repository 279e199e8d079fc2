//! Reading values. Whatever the data says, reading it ends in a value or in an exception.

use dashu_base::Sign;
use dashu_int::{IBig, UBig};
use pyx_compiler::bytecode::image::{self, Damaged};
use pyx_compiler::bytecode::verify;
use pyx_compiler::stack::StackLimit;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Tuple};
use pyx_vm::text::codec::errors::Policy;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::{MAX_DEPTH, code};

/// The value that bytes begin with.
pub(super) fn from_bytes(vm: &Thread, data: &[u8], allow_code: bool) -> PyResult {
    Reader::new(vm, Source::Bytes(data), allow_code).top()
}

/// The next value of a file.
pub(super) fn from_file(vm: &Thread, file: Ref<'_>, allow_code: bool) -> PyResult {
    // A file that gives text is found out before anything is lost of it.
    let nothing = vm.call_method(file, &vm.names().read, &[Owned::small_int(0).borrow()])?;
    if nothing.borrow().downcast::<Bytes>().is_none() {
        let class = vm.type_name(nothing.borrow());
        return Err(vm.type_error(format_args!("file.read() returned not bytes but {class}")));
    }
    Reader::new(vm, Source::File(file), allow_code).top()
}

enum Source<'a> {
    Bytes(&'a [u8]),
    File(Ref<'a>),
}

struct Reader<'a> {
    vm: &'a Thread,
    source: Source<'a>,
    allow_code: bool,
    depth: u32,
    /// The values with numbers; `None` while one of them is still being read.
    shared: Vec<Option<Owned>>,
}

const TOO_SHORT: &str = "marshal data too short";

impl<'a> Reader<'a> {
    fn new(vm: &'a Thread, source: Source<'a>, allow_code: bool) -> Self {
        Self { vm, source, allow_code, depth: 0, shared: Vec::new() }
    }

    fn top(&mut self) -> PyResult {
        self.value("object")
    }

    // ---- bytes ----

    fn bytes(&mut self, len: usize) -> PyResult<Vec<u8>> {
        match &mut self.source {
            Source::Bytes(data) => match data.split_at_checked(len) {
                Some((bytes, rest)) => {
                    *data = rest;
                    Ok(bytes.to_vec())
                }
                None => Err(self.vm.eof_error(TOO_SHORT)),
            },
            Source::File(file) => read_exactly(self.vm, *file, len),
        }
    }

    fn array<const N: usize>(&mut self) -> PyResult<[u8; N]> {
        let bytes = self.bytes(N)?;
        bytes.try_into().map_err(|_| self.vm.eof_error(TOO_SHORT))
    }

    fn int32(&mut self) -> PyResult<i32> {
        self.array().map(i32::from_le_bytes)
    }

    fn byte(&mut self) -> PyResult<u8> {
        self.array().map(|[byte]| byte)
    }

    fn size(&mut self, what: &str) -> PyResult<usize> {
        let size = self.int32()?;
        usize::try_from(size).map_err(|_| self.bad(format_args!("{what} size out of range")))
    }

    fn sized(&mut self, what: &str) -> PyResult<Vec<u8>> {
        let size = self.size(what)?;
        self.bytes(size)
    }

    fn short(&mut self) -> PyResult<Vec<u8>> {
        let size = self.byte()?;
        self.bytes(size.into())
    }

    #[cold]
    fn bad(&self, what: impl std::fmt::Display) -> Raised {
        self.vm.value_error(format_args!("bad marshal data ({what})"))
    }

    // ---- values ----

    /// A value that must be there.
    fn value(&mut self, place: &str) -> PyResult {
        match self.optional()? {
            Some(value) => Ok(value),
            None => Err(self.vm.type_error(format_args!("NULL object in marshal data for {place}"))),
        }
    }

    /// A value, or `None` for the mark that ends a dict.
    fn optional(&mut self) -> PyResult<Option<Owned>> {
        let first = match self.byte() {
            Ok(byte) => byte,
            Err(raised) if raised.is(&self.vm.exceptions().EOFError) => {
                return Err(self.vm.eof_error("EOF read where object expected"));
            }
            Err(raised) => return Err(raised),
        };
        if self.depth >= MAX_DEPTH {
            return Err(self.vm.value_error("recursion limit exceeded"));
        }
        self.vm.check_stack()?;
        self.depth += 1;
        let result = self.any(first & !code::SHARED, first & code::SHARED != 0);
        self.depth -= 1;
        result
    }

    fn any(&mut self, kind: u8, shared: bool) -> PyResult<Option<Owned>> {
        let vm = self.vm;
        let plain = match kind {
            code::NULL => return Ok(None),
            code::NONE => Owned::none(),
            code::FALSE => Owned::bool(false),
            code::TRUE => Owned::bool(true),
            code::ELLIPSIS => Ref::ELLIPSIS.own(),
            code::STOP_ITERATION => vm.exceptions().StopIteration.clone(),
            code::REFERENCE => return self.reference().map(Some),
            _ => return self.shareable(kind, shared).map(Some),
        };
        Ok(Some(plain))
    }

    fn reference(&mut self) -> PyResult {
        let number = self.int32()?;
        let found = usize::try_from(number).ok().and_then(|number| self.shared.get(number)?.clone());
        found.ok_or_else(|| self.bad("invalid reference"))
    }

    /// A value that may have a number, which it gets before its parts get theirs.
    fn shareable(&mut self, kind: u8, shared: bool) -> PyResult {
        let number = shared.then_some(self.shared.len());
        if shared {
            self.shared.push(None);
        }
        let value = match kind {
            // These can contain themselves: they must be there before their parts are.
            code::LIST => return self.list(number),
            code::DICT => return self.dict(number),
            code::SET => return self.set(number),
            _ => self.immutable(kind)?,
        };
        self.number(number, &value);
        Ok(value)
    }

    fn number(&mut self, number: Option<usize>, value: &Owned) {
        if let Some(number) = number {
            self.shared[number] = Some(value.clone());
        }
    }

    fn immutable(&mut self, kind: u8) -> PyResult {
        let vm = self.vm;
        match kind {
            code::INT => vm.int(self.int32()?.into()),
            code::INT64 => vm.int(self.array().map(i64::from_le_bytes)?),
            code::LONG => self.long(),
            code::FLOAT => self.float_text().and_then(|value| vm.float(value)),
            code::BINARY_FLOAT => vm.float(self.array().map(f64::from_le_bytes)?),
            code::COMPLEX => {
                let real = self.float_text()?;
                vm.complex(real, self.float_text()?)
            }
            code::BINARY_COMPLEX => {
                let real = self.array().map(f64::from_le_bytes)?;
                vm.complex(real, self.array().map(f64::from_le_bytes)?)
            }
            code::BYTES => vm.bytes(&self.sized("bytes object")?),
            code::UNICODE => self.unicode(),
            code::INTERNED => self.unicode().and_then(|text| vm.intern_str(text)),
            code::ASCII => self.sized("string").and_then(|bytes| latin1(vm, &bytes)),
            code::ASCII_INTERNED => {
                let bytes = self.sized("string")?;
                vm.intern_str(latin1(vm, &bytes)?)
            }
            code::SHORT_ASCII => self.short().and_then(|bytes| latin1(vm, &bytes)),
            code::SHORT_ASCII_INTERNED => {
                let bytes = self.short()?;
                vm.intern_str(latin1(vm, &bytes)?)
            }
            code::SMALL_TUPLE => {
                let size = self.byte()?;
                vm.tuple(self.items(size.into(), "tuple")?)
            }
            code::TUPLE => {
                let size = self.size("tuple")?;
                vm.tuple(self.items(size, "tuple")?)
            }
            code::FROZEN_SET => {
                let size = self.size("set")?;
                vm.frozenset(self.items(size, "set")?)
            }
            code::SLICE => {
                let (start, stop) = (self.value("slice")?, self.value("slice")?);
                vm.slice(start, stop, self.value("slice")?)
            }
            code::CODE => self.code(),
            _ => Err(self.bad("unknown type code")),
        }
    }

    /// So many values. Room is made as they come: the data may lie about how many there are.
    fn items(&mut self, count: usize, place: &str) -> PyResult<Vec<Owned>> {
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.value(place)?);
        }
        Ok(items)
    }

    // ---- numbers and text ----

    fn long(&mut self) -> PyResult {
        let count = self.int32()?;
        if count == i32::MIN {
            return Err(self.bad("long size out of range"));
        }
        let mut magnitude = Vec::new();
        let (mut bits, mut pending, mut last) = (0u32, 0, 1);
        for _ in 0..count.unsigned_abs() {
            last = self.array().map(u16::from_le_bytes)?;
            if last >= 1 << 15 {
                return Err(self.bad("digit out of range in long"));
            }
            bits |= u32::from(last) << pending;
            pending += 15;
            while pending >= 8 {
                magnitude.push(bits as u8);
                bits >>= 8;
                pending -= 8;
            }
        }
        if last == 0 {
            return Err(self.bad("unnormalized long data"));
        }
        magnitude.push(bits as u8);
        let sign = if count < 0 { Sign::Negative } else { Sign::Positive };
        self.vm.big_int(IBig::from_parts(sign, UBig::from_le_bytes(&magnitude)))
    }

    fn float_text(&mut self) -> PyResult<f64> {
        let text = self.short()?;
        let text = latin1(self.vm, &text)?;
        let float = self.vm.call(self.vm.types().float.borrow(), &[text.borrow()])?;
        self.vm.to_f64(float.borrow())
    }

    fn unicode(&mut self) -> PyResult {
        let bytes = self.sized("string")?;
        self.vm.decode_utf8(&bytes, Policy::SurrogatePass)
    }

    // ---- containers ----

    fn list(&mut self, number: Option<usize>) -> PyResult {
        let size = self.size("list")?;
        let list = self.vm.list(Vec::new())?;
        self.number(number, &list);
        for _ in 0..size {
            let item = self.value("list")?;
            self.vm.call_method(list.borrow(), &self.vm.names().append, &[item.borrow()])?;
        }
        Ok(list)
    }

    fn dict(&mut self, number: Option<usize>) -> PyResult {
        let dict = self.vm.dict()?;
        self.number(number, &dict);
        while let Some(key) = self.optional()? {
            let Some(value) = self.optional()? else { break };
            self.vm.set_item(dict.borrow(), key.borrow(), Some(value.borrow()))?;
        }
        Ok(dict)
    }

    fn set(&mut self, number: Option<usize>) -> PyResult {
        let size = self.size("set")?;
        let set = self.vm.set(Vec::new())?;
        self.number(number, &set);
        for _ in 0..size {
            let item = self.value("set")?;
            self.vm.set_add(set.borrow(), item.borrow())?;
        }
        Ok(set)
    }

    // ---- code ----

    fn code(&mut self) -> PyResult {
        if !self.allow_code {
            return Err(self.vm.value_error("unmarshalling code objects is disallowed"));
        }
        let bytes = self.sized("code object")?;
        let template = image::read(&bytes, None, StackLimit::at(self.vm.stack_limit())).map_err(
            |damage| match damage {
                Damaged::Truncated => self.vm.eof_error(TOO_SHORT),
                other => self.bad(other),
            },
        )?;
        verify::verify(&template).map_err(|error| self.bad(error))?;
        let objects = self.value("code")?;
        match objects.borrow().downcast::<Tuple>() {
            Some(objects) if template.objects_needed() <= objects.len() => {
                self.vm.new_code(&template, objects.as_slice())
            }
            _ => Err(self.bad("constants of code missing")),
        }
    }
}

/// Bytes as the characters with their numbers: what is called ASCII is not checked to be.
fn latin1(vm: &Thread, bytes: &[u8]) -> PyResult {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => vm.str(text),
        _ => vm.str(&bytes.iter().map(|&byte| char::from(byte)).collect::<String>()),
    }
}

/// So many bytes of a file, through its `readinto`.
fn read_exactly(vm: &Thread, file: Ref<'_>, len: usize) -> PyResult<Vec<u8>> {
    let length = vm.size(len)?;
    let buffer = vm.call(vm.types().bytearray.borrow(), &[length.borrow()])?;
    let read = vm.call_method(file, &vm.intern("readinto")?, &[buffer.borrow()])?;
    let read = vm.to_isize(read.borrow())?;
    match usize::try_from(read) {
        Ok(read) if read == len => vm.copy_bytes_like(buffer.borrow()),
        Ok(read) if read > len => Err(vm.value_error(format_args!(
            "read() returned too much data: {len} bytes requested, {read} returned"
        ))),
        _ => Err(vm.eof_error(TOO_SHORT)),
    }
}
