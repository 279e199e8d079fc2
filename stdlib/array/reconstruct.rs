//! Pickles of arrays: the bytes, and a code for how the machine that wrote them represents items.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::types::type_::is_subtype;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::item::{CODES, Code};
use super::{ARRAY, append, items, new_array};

/// What items look like in a pickle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Integer {
        size: usize,
        signed: bool,
    },
    Float {
        size: usize,
    },
    /// Text in UTF-16 or UTF-32.
    Text {
        size: usize,
    },
}

/// The form and the byte order that a machine format code means.
fn form(code: i64) -> Option<(Form, bool)> {
    let big = code % 2 == 1;
    let size = |from: i64| 1 << ((code - from) / 4 + 1);
    Some(match code {
        0 => (Form::Integer { size: 1, signed: false }, false),
        1 => (Form::Integer { size: 1, signed: true }, false),
        2..=13 => (Form::Integer { size: size(2), signed: (code - 2) % 4 >= 2 }, big),
        14 | 15 => (Form::Float { size: 4 }, big),
        16 | 17 => (Form::Float { size: 8 }, big),
        18 | 19 => (Form::Text { size: 2 }, big),
        20 | 21 => (Form::Text { size: 4 }, big),
        _ => return None,
    })
}

/// The machine format code of an array's items on this machine.
pub(super) fn machine_format(code: Code) -> i32 {
    let big = i32::from(cfg!(target_endian = "big"));
    match code.size() {
        4 if code.is_text() => 20 + big,
        1 => i32::from(code.is_signed()),
        size if code.is_integer() => {
            let step = size.trailing_zeros() as i32 - 1;
            2 + 4 * step + 2 * i32::from(code.is_signed()) + big
        }
        4 => 14 + big,
        _ => 16 + big,
    }
}

pub(super) fn array_reconstructor(
    vm: &Thread,
    class: Ref<'_>,
    typecode: Ref<'_>,
    format: Ref<'_>,
    bytes: Ref<'_>,
) -> PyResult {
    const NAME: &str = "_array_reconstructor()";
    let Some(text) = typecode.downcast::<Str>() else {
        let got = vm.type_name(typecode);
        return Err(vm.type_error(format_args!("{NAME} argument 2 must be a unicode character, not {got}")));
    };
    let Some(letter) = text.text().code_point_at(0).filter(|_| text.len() == 1) else {
        return Err(vm.type_error(format_args!(
            "{NAME}: argument 2 must be a unicode character, not a string of length {}",
            text.len()
        )));
    };
    let format = vm.to_i32(format)?;
    let array = vm.class_of(&ARRAY)?;
    if !vm.class(class).is(vm.types().type_.borrow())
        && !is_subtype(vm.class(class), vm.types().type_.borrow())
    {
        let got = vm.type_name(class);
        return Err(vm.type_error(format_args!("first argument must be a type object, not {got}")));
    }
    if !is_subtype(class, array.borrow()) {
        let name = vm.get_attr(class, vm.intern("__name__")?.borrow())?;
        let name = name.borrow().downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        return Err(vm.type_error(format_args!("{name} is not a subtype of array.array")));
    }
    let Some(code) = Code::new(letter) else {
        return Err(vm.value_error("second argument must be a valid type code"));
    };
    let Some((form, big)) = form(format.into()) else {
        return Err(vm.value_error("third argument must be a valid machine format code."));
    };
    let Some(bytes) = bytes.downcast::<Bytes>() else {
        let got = vm.type_name(bytes);
        return Err(vm.type_error(format_args!("fourth argument should be bytes, not {got}")));
    };
    let bytes = bytes.as_bytes();
    if machine_format(code) == format {
        let array = new_array(vm, class, code)?;
        super::push_bytes(vm, array.borrow(), bytes)?;
        return Ok(array);
    }
    decoded(vm, class, code, (form, big), bytes)
}

/// An array of items in another form than this machine's.
fn decoded(vm: &Thread, class: Ref<'_>, code: Code, (form, big): (Form, bool), bytes: &[u8]) -> PyResult {
    let word = |chunk: &[u8]| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        if big {
            word[..chunk.len()].reverse();
        }
        u64::from_le_bytes(word)
    };
    match form {
        Form::Integer { size, signed } => {
            let fitting = CODES.chars().rev().filter_map(|letter| Code::new(letter.into()));
            let fitting = fitting
                .filter(|code| code.is_integer())
                .find(|code| code.size() == size && code.is_signed() == signed);
            let array = new_array(vm, class, fitting.unwrap_or(code))?;
            let unused = 64 - 8 * size as u32;
            for chunk in bytes.chunks_exact(size) {
                let value = word(chunk);
                let value =
                    if signed { vm.int((value << unused) as i64 >> unused)? } else { vm.uint(value)? };
                append(vm, array.borrow(), value.borrow())?;
            }
            Ok(array)
        }
        Form::Float { size } => {
            let array = new_array(vm, class, code)?;
            for chunk in bytes.chunks_exact(size) {
                let bits = word(chunk);
                let value = if size == 4 { f32::from_bits(bits as u32).into() } else { f64::from_bits(bits) };
                append(vm, array.borrow(), vm.float(value)?.borrow())?;
            }
            Ok(array)
        }
        Form::Text { size } => {
            let encoding = match (size, big) {
                (2, false) => "utf-16-le",
                (2, true) => "utf-16-be",
                (_, false) => "utf-32-le",
                (_, true) => "utf-32-be",
            };
            let text = vm.decode_bytes(vm.bytes(bytes)?.borrow(), encoding, "strict")?;
            let letter = vm.character(code.letter().into())?;
            vm.call(class, &[letter.borrow(), text.borrow()])
        }
    }
}

pub(super) fn reduce_ex(vm: &Thread, this: Ref<'_>, protocol: Ref<'_>) -> PyResult {
    if pyx_vm::types::int::int_ref(protocol).is_none() {
        return Err(vm.type_error("__reduce_ex__ argument should be an integer"));
    }
    let protocol = vm.to_i64(protocol)?;
    let state = vm.get_attr_opt(this, vm.intern("__dict__")?.borrow())?.unwrap_or_else(Owned::none);
    let array = items(this);
    let letter = vm.character(array.code.letter().into())?;
    let class = vm.class(this).own();
    if protocol < 3 {
        let values = if array.code.is_text() { super::text(vm, array)? } else { super::tolist(vm, this)? };
        return vm.tuple(vec![class, vm.pair(letter, values)?, state]);
    }
    let module = vm.import_module(&vm.intern("array")?)?;
    let function = vm.get_attr(module.borrow(), vm.intern("_array_reconstructor")?.borrow())?;
    let format = Owned::small_int(machine_format(array.code));
    let bytes = array.bytes.read(|bytes| vm.bytes(bytes))?;
    vm.tuple(vec![function, vm.tuple(vec![class, letter, format, bytes])?, state])
}
