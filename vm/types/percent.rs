//! The `%` operator of `str` and `bytes`: the arguments of the formatting language in [`crate::format::percent`].
//!
//! The right operand is a tuple of arguments, or the only one; and where it can be subscripted, it is also the mapping
//! that `%(key)s` asks.

use crate::exception::{PyResult, Raised};
use crate::format::percent::{Conversion, Event, Flavour, Parser, PercentError};
use crate::format::percent_value::{char_of_int, format_char, format_float, format_int, format_text};
use crate::format::{FormatError, Sink};
use crate::heap::Kind;
use crate::heap::inline::{Bytes, Str, Tuple};
use crate::number::int_text::SmallDecimal;
use crate::text::wtf8::Text;
use crate::types::int::int_ref;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Appends `format % right`, in the bytes of a str or bytes object.
pub(crate) fn format(
    vm: &Thread,
    flavour: Flavour,
    format: &[u8],
    right: Ref<'_>,
    out: &mut Vec<u8>,
) -> PyResult<()> {
    let arguments = Arguments::new(vm, flavour, right);
    let mut formatting = Formatting { vm, flavour, arguments, out };
    let mut parser = Parser::new(format, flavour, formatting.arguments.mapping.is_some());
    loop {
        if let Some((text, conversion)) = parser.plain() {
            formatting.literal(text)?;
            formatting.convert(&conversion)?;
        } else if let Some(event) = parser.next() {
            formatting.step(&mut parser, event.map_err(|error| percent_error(vm, error))?)?;
        } else {
            break;
        }
    }
    formatting.arguments.finish(vm, flavour)
}

/// Where conversions get their arguments.
struct Arguments<'a> {
    /// The arguments, or the one that is no tuple, which a key replaces.
    values: Values<'a>,
    next: usize,
    mapping: Option<Ref<'a>>,
}

enum Values<'a> {
    Tuple(&'a [Owned]),
    One(Ref<'a>),
    Item(Owned),
}

impl<'a> Arguments<'a> {
    fn new(vm: &Thread, flavour: Flavour, right: Ref<'a>) -> Self {
        let values = match right.downcast::<Tuple>() {
            Some(tuple) => Values::Tuple(tuple.as_slice()),
            None => Values::One(right),
        };
        let is_single = match right.kind() {
            Kind::Tuple | Kind::Str => true,
            Kind::Bytes | Kind::ByteArray => flavour == Flavour::Bytes,
            _ => false,
        };
        let mapping = (!is_single && vm.is_mapping(right)).then_some(right);
        Self { values, next: 0, mapping }
    }

    fn next(&mut self, vm: &Thread) -> PyResult {
        let index = self.next;
        self.next += 1;
        let value = match &self.values {
            Values::Tuple(values) => values.get(index).cloned(),
            Values::One(value) => (index == 0).then(|| value.own()),
            Values::Item(value) => (index == 0).then(|| value.clone()),
        };
        value.ok_or_else(|| vm.type_error(PercentError::NOT_ENOUGH_ARGUMENTS))
    }

    fn select(&mut self, item: Owned) {
        self.values = Values::Item(item);
        self.next = 0;
    }

    /// TypeError if arguments are left over, and no mapping explains that.
    fn finish(&self, vm: &Thread, flavour: Flavour) -> PyResult<()> {
        let count = if let Values::Tuple(values) = self.values { values.len() } else { 1 };
        if self.next >= count || self.mapping.is_some() {
            return Ok(());
        }
        Err(vm.type_error(match flavour {
            Flavour::Text => PercentError::NOT_ALL_CONVERTED,
            Flavour::Bytes => "not all arguments converted during bytes formatting",
        }))
    }
}

struct Formatting<'a> {
    vm: &'a Thread,
    flavour: Flavour,
    arguments: Arguments<'a>,
    out: &'a mut Vec<u8>,
}

impl Formatting<'_> {
    fn step(&mut self, parser: &mut Parser<'_>, event: Event<'_>) -> PyResult<()> {
        let vm = self.vm;
        match event {
            Event::Literal(text) => self.literal(text),
            Event::Key(key) => {
                let key = match self.flavour {
                    Flavour::Text => vm.text(Text::trusted(key))?,
                    Flavour::Bytes => vm.bytes(key)?,
                };
                let mapping =
                    self.arguments.mapping.ok_or_else(|| vm.type_error(PercentError::NotAMapping))?;
                self.arguments.select(vm.get_item(mapping, key.borrow())?);
                Ok(())
            }
            Event::Width => self.star(|value| parser.set_width(value)),
            Event::Precision => self.star(|value| parser.set_precision(value)),
            Event::Conversion(conversion) => self.convert(&conversion),
        }
    }

    fn literal(&mut self, text: &[u8]) -> PyResult<()> {
        let written = self.out.write(text);
        self.check(written.map_err(FormatError::from))
    }

    /// The argument of a `*`.
    fn star(
        &mut self,
        set: impl FnOnce(crate::number::IntRef<'_>) -> Result<(), PercentError>,
    ) -> PyResult<()> {
        let value = self.arguments.next(self.vm)?;
        let Some(int) = int_ref(value.borrow()) else {
            return Err(self.vm.type_error(PercentError::STAR_WANTS_INT));
        };
        set(int).map_err(|error| percent_error(self.vm, error))
    }

    fn convert(&mut self, conversion: &Conversion) -> PyResult<()> {
        let value = self.arguments.next(self.vm)?;
        let value = value.borrow();
        let letter = conversion.letter.map_err(|error| percent_error(self.vm, error))?;
        if conversion.is_plain() && self.push_plain(value, letter) {
            return Ok(());
        }
        match letter {
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => self.integer(value, letter, conversion),
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => self.float(value, conversion),
            b'c' => self.character(value, conversion),
            _ => self.text(value, letter, conversion),
        }
    }

    /// Appends the commonest values as they are: strs for `%s`, and small ints for `%d`. Whether it was one of them.
    fn push_plain(&mut self, value: Ref<'_>, letter: u8) -> bool {
        match letter {
            b's' if self.flavour == Flavour::Text && value.is_exact(Kind::Str) => {
                let text = value.downcast::<Str>().map_or(&[][..], Str::as_bytes);
                self.out.write(text).is_ok()
            }
            b'd' | b'i' | b'u' => value
                .as_small_int()
                .is_some_and(|int| self.out.write(SmallDecimal::new(int).as_bytes()).is_ok()),
            _ => false,
        }
    }

    fn integer(&mut self, value: Ref<'_>, letter: u8, conversion: &Conversion) -> PyResult<()> {
        let vm = self.vm;
        let converted;
        let int = match int_ref(value) {
            Some(int) => int,
            None => {
                converted = self.to_int(value, letter)?;
                int_ref(converted.borrow()).ok_or_else(|| vm.system_error("an int was expected"))?
            }
        };
        let result = format_int(int, conversion, vm.digit_limit(), self.out);
        self.check(result)
    }

    /// A number that is no int as one: `%d` cuts fractions off, the others want an index.
    fn to_int(&self, value: Ref<'_>, letter: u8) -> PyResult {
        let vm = self.vm;
        let wants_index = matches!(letter, b'o' | b'x' | b'X');
        let slots = vm.slots(value);
        let result = if wants_index {
            vm.index(value)
        } else if slots.int.get().is_some() || slots.index.get().is_some() {
            vm.call(vm.types().int.borrow(), &[value])
        } else {
            Err(vm.type_error(""))
        };
        result.map_err(|raised| {
            if !raised.is(&vm.exceptions().TypeError) {
                return raised;
            }
            let wanted = if wants_index { "an integer" } else { "a real number" };
            let got = vm.type_name(value);
            vm.type_error(format_args!("%{} format: {wanted} is required, not {got}", char::from(letter)))
        })
    }

    fn float(&mut self, value: Ref<'_>, conversion: &Conversion) -> PyResult<()> {
        let vm = self.vm;
        let number = match (vm.to_f64(value), self.flavour) {
            (Err(_), Flavour::Bytes) => {
                let got = vm.type_name(value);
                return Err(vm.type_error(format_args!("float argument required, not {got}")));
            }
            (number, _) => number?,
        };
        let result = format_float(number, conversion, self.out);
        self.check(result)
    }

    fn character(&mut self, value: Ref<'_>, conversion: &Conversion) -> PyResult<()> {
        let vm = self.vm;
        let single = match self.flavour {
            Flavour::Text => single_character(vm, value)?,
            Flavour::Bytes => single_byte(vm, value)?,
        };
        let result = match single {
            Some(character) => format_char(&character, conversion, self.out),
            None => {
                let index =
                    vm.index(value).map_err(|raised| match raised.is(&vm.exceptions().TypeError) {
                        true => vm.type_error(format_args!(
                            "{}, not {}",
                            self.wanted_character(),
                            vm.full_type_name(value)
                        )),
                        false => raised,
                    })?;
                let int = int_ref(index.borrow()).ok_or_else(|| vm.system_error("an int was expected"))?;
                char_of_int(int, self.flavour)
                    .and_then(|character| format_char(&character, conversion, self.out))
            }
        };
        self.check(result)
    }

    fn wanted_character(&self) -> &'static str {
        match self.flavour {
            Flavour::Text => WANTED_CHARACTER,
            Flavour::Bytes => WANTED_BYTE,
        }
    }

    fn text(&mut self, value: Ref<'_>, letter: u8, conversion: &Conversion) -> PyResult<()> {
        let vm = self.vm;
        let text = match (letter, self.flavour) {
            (b's', Flavour::Text) => vm.to_str(value)?,
            (b'r', Flavour::Text) => vm.repr(value)?,
            (b'r' | b'a', _) => vm.ascii(value)?,
            _ => bytes_of(vm, value)?,
        };
        let (bytes, len) = match text.borrow().downcast::<Str>() {
            Some(text) => (text.as_bytes(), text.len()),
            None => {
                let bytes = text.borrow().downcast::<Bytes>().map_or(&[][..], Bytes::as_bytes);
                (bytes, bytes.len())
            }
        };
        let result = format_text(bytes, len, conversion, self.out);
        self.check(result)
    }

    fn check(&self, result: Result<(), FormatError>) -> PyResult<()> {
        result.map_err(|error| self.vm.raised(error))
    }
}

const WANTED_CHARACTER: &str = "%c requires an int or a unicode character";
const WANTED_BYTE: &str = "%c requires an integer in range(256) or a single byte";

/// The text of a str of one character; `None` for what is no str.
fn single_character(vm: &Thread, value: Ref<'_>) -> PyResult<Option<Vec<u8>>> {
    match value.downcast::<Str>() {
        None => Ok(None),
        Some(text) if text.len() == 1 => Ok(Some(text.as_bytes().to_vec())),
        Some(text) => {
            let len = text.len();
            Err(vm.type_error(format_args!("{WANTED_CHARACTER}, not a string of length {len}")))
        }
    }
}

/// The byte of a bytes or bytearray object of one; `None` for what is neither.
fn single_byte(vm: &Thread, value: Ref<'_>) -> PyResult<Option<Vec<u8>>> {
    let name = match value.kind() {
        Kind::Bytes => "bytes",
        Kind::ByteArray => "bytearray",
        _ => return Ok(None),
    };
    let bytes = vm.copy_bytes_like(value)?;
    if bytes.len() == 1 {
        return Ok(Some(bytes));
    }
    let len = bytes.len();
    Err(vm.type_error(format_args!("{WANTED_BYTE}, not a {name} object of length {len}")))
}

/// What `%s` of bytes shows of an object: a bytes object.
fn bytes_of(vm: &Thread, value: Ref<'_>) -> PyResult {
    if value.is_exact(Kind::Bytes) {
        return Ok(value.own());
    }
    if value.kind() != Kind::ByteArray
        && let Some(result) = vm.call_special(value, &vm.names().__bytes__, &[])?
    {
        if result.borrow().downcast::<Bytes>().is_none() {
            let got = vm.type_name(result.borrow());
            return Err(vm.type_error(format_args!("__bytes__ returned non-bytes (type {got})")));
        }
        return Ok(result);
    }
    if vm.exports_buffer(value) {
        return vm.bytes(&vm.copy_bytes_like(value)?);
    }
    let got = vm.type_name(value);
    Err(vm.type_error(format_args!(
        "%b requires a bytes-like object, or an object that implements __bytes__, not '{got}'"
    )))
}

#[cold]
fn percent_error(vm: &Thread, error: PercentError) -> Raised {
    match error {
        PercentError::NotAMapping => vm.type_error(error),
        PercentError::WidthArgument | PercentError::PrecisionArgument | PercentError::UnsupportedByte => {
            vm.overflow_error(error)
        }
        _ => vm.value_error(error),
    }
}
