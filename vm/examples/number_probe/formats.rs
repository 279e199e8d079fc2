//! Questions about `pyx_vm::format`. For `%` and `str.format` this is a caller in miniature, whose arguments are
//! integers and strings.

use pyx_vm::format::brace::{
    Accessor, Argument, BraceError, DEEPEST_FIELD, Field, FieldName, Markup, Numbering,
};
use pyx_vm::format::percent::{Conversion, Event, Flavour, Parser, PercentError};
use pyx_vm::format::{
    Context, FormatError, Locale, format_complex, format_float, format_int, format_str, percent_value,
};
use pyx_vm::number::int_text::{self, DigitLimit};
use pyx_vm::number::{Int, int_float};

use crate::numbers::classify;
use crate::protocol::{Answer, Exception, Question, Show, exceptions};

exceptions! {
    PercentError => |error| match error {
        PercentError::NotAMapping => "TypeError",
        PercentError::WidthArgument | PercentError::PrecisionArgument | PercentError::UnsupportedByte => {
            "OverflowError"
        }
        _ => "ValueError",
    };
    BraceError => |_error| "ValueError";
}

impl From<FormatError> for Exception {
    fn from(error: FormatError) -> Self {
        let class = match error {
            FormatError::Value(_) => "ValueError",
            FormatError::Overflow(_) => "OverflowError",
            FormatError::Memory => "MemoryError",
        };
        Exception { class, message: error.message().to_vec() }
    }
}

fn exception(class: &'static str, message: impl Into<Vec<u8>>) -> Exception {
    Exception { class, message: message.into() }
}

pub(crate) fn answer(name: &str, q: &mut Question<'_>) -> Option<Answer> {
    Some(match name {
        "format_int" => in_context("int", |context, out| {
            format_int::format_int(q.int().as_ref(), &q.text(), context, out).map_err(Into::into)
        }),
        "format_float" => in_context("float", |context, out| {
            format_float::format_float(q.float(), &q.text(), context, out).map_err(Into::into)
        }),
        "format_complex" => in_context("complex", |context, out| {
            format_complex::format_complex(q.complex(), &q.text(), context, out).map_err(Into::into)
        }),
        "format_str" => in_context("str", |context, out| {
            let text = q.text();
            format_str::format_str(&text, length(&text), &q.text(), context, out).map_err(Into::into)
        }),
        "format_localized" => localized(q),
        "percent" => percent(q),
        "formatter_parser" => formatter_parser(&q.text()),
        "field_name" => field_name(&q.text()),
        "str_format" => {
            let format = q.text();
            let arguments = q.values();
            in_context("int", |context, out| {
                expand(&format, &arguments, DEEPEST_FIELD, &mut Numbering::default(), context, out)
            })
        }
        _ => return None,
    })
}

fn in_context(
    type_name: &str,
    write: impl FnOnce(&Context<'_>, &mut Vec<u8>) -> Result<(), Exception>,
) -> Answer {
    let context =
        Context { type_name, locale: &Locale::c(), digit_limit: DigitLimit::DEFAULT, classify: &classify };
    let mut out = Vec::new();
    write(&context, &mut out)?;
    Ok(out.show())
}

/// The locale's decimal point, separator and grouping, then an integer and a float, each with a specification.
fn localized(q: &mut Question<'_>) -> Answer {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let locale =
        Locale { decimal_point: text(q.text()), thousands_separator: text(q.text()), grouping: q.text() };
    let context =
        Context { type_name: "int", locale: &locale, digit_limit: DigitLimit::DEFAULT, classify: &classify };
    let mut out = Vec::new();
    format_int::format_int(q.int().as_ref(), &q.text(), &context, &mut out)?;
    out.push(b'|');
    format_float::format_float(q.float(), &q.text(), &Context { type_name: "float", ..context }, &mut out)?;
    Ok(out.show())
}

fn length(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

/// An argument.
pub(crate) enum Value {
    Int(Int),
    Str(Vec<u8>),
}

impl Value {
    fn type_name(&self) -> &'static str {
        match self {
            Value::Int(_) => "int",
            Value::Str(_) => "str",
        }
    }

    fn to_text(&self) -> Result<Vec<u8>, Exception> {
        Ok(match self {
            Value::Int(value) => int_text::decimal(value.as_ref(), DigitLimit::DEFAULT)?.as_bytes().to_vec(),
            Value::Str(text) => text.clone(),
        })
    }
}

impl Question<'_> {
    /// All remaining arguments: integers, and text, which begins with an `x`.
    fn values(&mut self) -> Vec<Value> {
        let mut values = Vec::new();
        while let Some(word) = self.next_word() {
            values.push(if word.starts_with('x') {
                Value::Str(Question::new(word).text())
            } else {
                Value::Int(Question::new(word).int())
            });
        }
        values
    }
}

fn percent(q: &mut Question<'_>) -> Answer {
    let flavour = if q.flag() { Flavour::Bytes } else { Flavour::Text };
    let has_mapping = q.flag();
    let format = q.text();
    let values = q.values();
    let mut arguments = values.iter();
    // An item of the mapping takes the place of the arguments.
    let mut item = None;
    let mut out = Vec::new();
    let mut parser = Parser::new(&format, flavour, has_mapping);
    while let Some(event) = parser.next() {
        match event? {
            Event::Literal(text) => out.extend_from_slice(text),
            Event::Key(key) => item = Some(lookup(key, &values)?),
            Event::Width => parser.set_width(star(take(&mut arguments)?)?.as_ref())?,
            Event::Precision => parser.set_precision(star(take(&mut arguments)?)?.as_ref())?,
            Event::Conversion(conversion) => {
                let value = match item.take() {
                    Some(value) => value,
                    None => take(&mut arguments)?,
                };
                convert(value, &conversion, conversion.letter?, &mut out)?;
            }
        }
    }
    Ok(out.show())
}

fn take<'a>(arguments: &mut std::slice::Iter<'a, Value>) -> Result<&'a Value, Exception> {
    arguments.next().ok_or_else(|| exception("TypeError", PercentError::NOT_ENOUGH_ARGUMENTS))
}

/// The keys of the mapping are `a`, `b` and so on.
fn lookup<'a>(key: &[u8], values: &'a [Value]) -> Result<&'a Value, Exception> {
    let index = match key {
        [letter @ b'a'..=b'z'] => usize::from(letter - b'a'),
        _ => usize::MAX,
    };
    values.get(index).ok_or_else(|| exception("KeyError", key))
}

fn star(value: &Value) -> Result<&Int, Exception> {
    match value {
        Value::Int(value) => Ok(value),
        Value::Str(_) => Err(exception("TypeError", PercentError::STAR_WANTS_INT)),
    }
}

fn convert(value: &Value, conversion: &Conversion, letter: u8, out: &mut Vec<u8>) -> Result<(), Exception> {
    let wrong = |message: String| Err(exception("TypeError", message));
    let name = value.type_name();
    let shown = char::from(letter);
    match (letter, value) {
        (b'd' | b'i' | b'u' | b'o' | b'x' | b'X', Value::Int(int)) => {
            percent_value::format_int(int.as_ref(), conversion, DigitLimit::DEFAULT, out)?;
        }
        (b'o' | b'x' | b'X', _) => {
            return wrong(format!("%{shown} format: an integer is required, not {name}"));
        }
        (b'd' | b'i' | b'u', _) => {
            return wrong(format!("%{shown} format: a real number is required, not {name}"));
        }
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G', Value::Int(int)) => {
            match (int_float::to_f64(int.as_ref()), conversion.flavour) {
                (Ok(float), _) => percent_value::format_float(float, conversion, out)?,
                (Err(error), Flavour::Text) => return Err(error.into()),
                (Err(_), Flavour::Bytes) => return wrong(format!("float argument required, not {name}")),
            }
        }
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G', _) => {
            return wrong(format!("must be real number, not {name}"));
        }
        (b'c', Value::Int(int)) => {
            let text = percent_value::char_of_int(int.as_ref(), conversion.flavour)?;
            percent_value::format_char(&text, conversion, out)?;
        }
        (b'c', Value::Str(text)) if length(text) == 1 => percent_value::format_char(text, conversion, out)?,
        (b'c', Value::Str(text)) => {
            let length = length(text);
            return wrong(format!(
                "%c requires an int or a unicode character, not a string of length {length}"
            ));
        }
        (b's' | b'b', Value::Int(_)) if conversion.flavour == Flavour::Bytes => {
            let wanted = "%b requires a bytes-like object, or an object that implements __bytes__";
            return wrong(format!("{wanted}, not 'int'"));
        }
        _ => {
            let text = value.to_text()?;
            percent_value::format_text(&text, length(&text), conversion, out)?;
        }
    }
    Ok(())
}

fn formatter_parser(format: &[u8]) -> Answer {
    let mut answer = Vec::new();
    for chunk in Markup::new(format) {
        let chunk = chunk?;
        let Some(Field { name, conversion, spec, .. }) = chunk.field else {
            answer.push(format!("{} none none none", chunk.literal.show()));
            continue;
        };
        let conversion = conversion.map(|character| i64::from(character).show());
        let conversion = conversion.unwrap_or_else(|| "none".to_owned());
        answer.push(format!("{} {} {} {conversion}", chunk.literal.show(), name.show(), spec.show()));
    }
    Ok(answer.join(" "))
}

fn field_name(name: &[u8]) -> Answer {
    let field = FieldName::new(name, &classify)?;
    let mut answer = vec![match field.argument() {
        Argument::Next => b"".show(),
        Argument::Index(index) => index.show(),
        Argument::Keyword(name) => name.show(),
    }];
    for accessor in field {
        answer.push(match accessor? {
            Accessor::Attribute(name) => format!("1 {}", name.show()),
            Accessor::Index(index) => format!("0 {}", index.show()),
            Accessor::Key(key) => format!("0 {}", key.show()),
        });
    }
    Ok(answer.join(" "))
}

fn expand(
    format: &[u8],
    arguments: &[Value],
    depth: usize,
    numbering: &mut Numbering,
    context: &Context<'_>,
    out: &mut Vec<u8>,
) -> Result<(), Exception> {
    if depth == 0 {
        return Err(BraceError::TooDeep.into());
    }
    for chunk in Markup::new(format) {
        let chunk = chunk?;
        out.extend_from_slice(chunk.literal);
        let Some(field) = chunk.field else { continue };
        let value = find(&field, arguments, numbering)?;
        let converted = match field.text_conversion()? {
            None => None,
            Some(_) => Some(value.to_text()?),
        };
        let mut spec = field.spec.to_vec();
        if field.spec_is_nested {
            spec.clear();
            expand(field.spec, arguments, depth - 1, numbering, context, &mut spec)?;
        }
        match (&converted, value) {
            (None, Value::Int(value)) => format_int::format_int(value.as_ref(), &spec, context, out)?,
            (Some(text), _) | (None, Value::Str(text)) => {
                format_str::format_str(
                    text,
                    length(text),
                    &spec,
                    &Context { type_name: "str", ..*context },
                    out,
                )?;
            }
        }
    }
    Ok(())
}

fn find<'a>(
    field: &Field<'_>,
    arguments: &'a [Value],
    numbering: &mut Numbering,
) -> Result<&'a Value, Exception> {
    let mut name = FieldName::new(field.name, &classify)?;
    let value = match numbering.resolve(name.argument())? {
        Argument::Index(index) => arguments.get(index).ok_or_else(|| {
            exception(
                "IndexError",
                format!("Replacement index {index} out of range for positional args tuple"),
            )
        })?,
        Argument::Keyword(keyword) => return Err(exception("KeyError", keyword)),
        Argument::Next => unreachable!("numbered"),
    };
    match name.next().transpose()? {
        None => Ok(value),
        Some(Accessor::Attribute(attribute)) => {
            Err(exception("AttributeError", [b"'int' object has no attribute '", attribute, b"'"].concat()))
        }
        Some(_) => Err(exception("TypeError", "'int' object is not subscriptable")),
    }
}
