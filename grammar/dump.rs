//! A tree as text: what Python's `ast.dump(tree, include_attributes=True)` prints.

use std::fmt::Write;

use crate::ast::*;
use crate::source::Locations;
use crate::unicode;
use crate::visit::{Node, Value};

/// The text of a tree, with the positions of its nodes if `locations` are given.
///
/// The work is a stack of things to print, so that a deep tree costs memory, not native stack.
pub fn dump(tree: Mod<'_>, locations: Option<&Locations<'_>>) -> String {
    let mut dumper = Dumper { out: String::new(), todo: Vec::new(), locations };
    dumper.node(&Node::root(tree));
    while let Some(task) = dumper.todo.pop() {
        match task {
            Task::Text(text) => dumper.out.push_str(text),
            Task::Value(value) => dumper.value(value),
            Task::Position(loc) => dumper.position(loc),
        }
    }
    dumper.out
}

enum Task<'a> {
    Text(&'static str),
    Value(Value<'a>),
    Position(Loc),
}

struct Dumper<'a, 'l> {
    out: String,
    todo: Vec<Task<'a>>,
    locations: Option<&'l Locations<'l>>,
}

impl<'a> Dumper<'a, '_> {
    fn value(&mut self, value: Value<'a>) {
        match value {
            Value::None => self.out.push_str("None"),
            Value::String(text) => push_str_repr(&mut self.out, text),
            Value::Int(number) => self.out.push_str(&number.to_string()),
            Value::Constant(constant) => push_constant(&mut self.out, constant),
            Value::List(list) => {
                self.out.push('[');
                self.todo.push(Task::Text("]"));
                for index in (0..list.len()).rev() {
                    self.todo.push(Task::Value(list.get(index)));
                    if index > 0 {
                        self.todo.push(Task::Text(", "));
                    }
                }
            }
            _ => {
                if let Some(node) = value.node() {
                    self.node(&node);
                }
            }
        }
    }

    fn node(&mut self, node: &Node<'a>) {
        self.out.push_str(node.class);
        self.out.push('(');
        let mut tasks = Vec::new();
        for &(name, value) in node.fields.iter().filter(|(_, value)| is_shown(value)) {
            tasks.push(Task::Text(if tasks.is_empty() { "" } else { ", " }));
            tasks.extend([Task::Text(name), Task::Text("="), Task::Value(value)]);
        }
        if let (Some(loc), Some(_)) = (node.loc, self.locations) {
            tasks.extend([Task::Text(if tasks.is_empty() { "" } else { ", " }), Task::Position(loc)]);
        }
        tasks.push(Task::Text(")"));
        self.todo.extend(tasks.into_iter().rev());
    }

    fn position(&mut self, loc: Loc) {
        let Some(locations) = self.locations else { return };
        let place = locations.resolve(loc);
        let _ = write!(
            self.out,
            "lineno={}, col_offset={}, end_lineno={}, end_col_offset={}",
            place.lineno, place.col_offset, place.end_lineno, place.end_col_offset
        );
    }
}

/// Absent fields and empty lists go without saying.
fn is_shown(value: &Value<'_>) -> bool {
    match value {
        Value::None => false,
        Value::List(list) => !list.is_empty(),
        _ => true,
    }
}

/// The `repr` of a constant.
pub(crate) fn constant_repr(constant: ConstantValue<'_>) -> String {
    let mut out = String::new();
    push_constant(&mut out, constant);
    out
}

/// The `repr` of a string.
pub(crate) fn str_repr(text: WtfStr<'_>) -> String {
    let mut out = String::new();
    push_str_repr(&mut out, text);
    out
}

fn push_constant(out: &mut String, constant: ConstantValue<'_>) {
    match constant {
        ConstantValue::None => out.push_str("None"),
        ConstantValue::True => out.push_str("True"),
        ConstantValue::False => out.push_str("False"),
        ConstantValue::Ellipsis => out.push_str("Ellipsis"),
        ConstantValue::Int(value) => out.push_str(&value.to_string()),
        ConstantValue::BigInt(value) => out.push_str(&decimal(value)),
        ConstantValue::Float(value) => out.push_str(&float_repr(value)),
        ConstantValue::Complex(value) => {
            let text = float_repr(value);
            out.push_str(text.strip_suffix(".0").unwrap_or(&text));
            out.push('j');
        }
        ConstantValue::Str(text) => push_str_repr(out, text),
        ConstantValue::Bytes(bytes) => push_bytes_repr(out, bytes),
        ConstantValue::Object(index) => {
            let _ = write!(out, "<object {index}>");
        }
    }
}

/// The `repr` of a float: the shortest digits that read back as the same.
fn float_repr(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "nan".to_owned() } else { format!("{value}") };
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent @ -4..16) if value != 0.0 => {
            let plain = format!("{value}");
            if exponent >= 0 && !plain.contains('.') { plain + ".0" } else { plain }
        }
        Ok(exponent) if value != 0.0 => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => format!("{value:.1}"),
    }
}

/// The decimal digits of a big integer.
fn decimal(value: BigInt<'_>) -> String {
    if value.radix == 10 {
        return value.digits.to_owned();
    }
    const BASE: u64 = 1_000_000_000;
    let mut limbs = vec![0u64];
    for digit in value.digits.chars().filter_map(|digit| digit.to_digit(value.radix)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let product = *limb * u64::from(value.radix) + carry;
            *limb = product % BASE;
            carry = product / BASE;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = limbs.last().map_or_else(String::new, u64::to_string);
    for limb in limbs.iter().rev().skip(1) {
        let _ = write!(text, "{limb:09}");
    }
    text
}

fn push_str_repr(out: &mut String, text: WtfStr<'_>) {
    let quote = quote_for(text.as_bytes());
    out.push(quote);
    for code in text.code_points() {
        match char::from_u32(code) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c) if c == quote || c == '\\' => out.extend(['\\', c]),
            Some(c) if unicode::is_printable(c) => out.push(c),
            _ => {
                let _ = match code {
                    0..0x100 => write!(out, "\\x{code:02x}"),
                    0x100..0x1_0000 => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
}

/// The `repr` of bytes.
fn push_bytes_repr(out: &mut String, bytes: &[u8]) {
    let quote = quote_for(bytes);
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if char::from(byte) == quote || byte == b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
}

/// Single quotes, unless only double ones save escaping.
fn quote_for(bytes: &[u8]) -> char {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_python_writes_them() {
        let check = |value: f64, expected: &str| assert_eq!(float_repr(value), expected);
        check(0.0, "0.0");
        check(1.0, "1.0");
        check(1e15, "1000000000000000.0");
        check(1e16, "1e+16");
        check(1.5e-5, "1.5e-05");
        check(0.0001, "0.0001");
        check(1e308 * 10.0, "inf");
        check(123456.789, "123456.789");
    }

    #[test]
    fn big_integers_are_written_in_decimal() {
        let value = BigInt { radix: 16, digits: "123456789abcdef0123456789" };
        assert_eq!(decimal(value), "90144042682896311822508713865");
    }
}
