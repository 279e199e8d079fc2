//! `_operator`: Python's operators as functions, and callables that get attributes, items, and results of methods.

mod getter;
mod method_caller;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::number::{BinaryOp, UnaryOp};
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// Rows of functions that are one operation each, with its way of saying it in Python.
macro_rules! row {
    ($name:literal, 1, $python:literal, $function:expr) => {
        function(concat!($name, "($module, a, /)"), One($function), concat!("The same as ", $python, "."))
    };
    ($name:literal, 2, $python:literal, $function:expr) => {
        function(concat!($name, "($module, a, b, /)"), Two($function), concat!("The same as ", $python, "."))
    };
}

/// A comparison.
macro_rules! compare {
    ($op:ident) => {
        |vm, a, b| vm.compare(a, b, CompareOp::$op)
    };
}

/// A binary operator.
macro_rules! binary {
    ($op:ident) => {
        |vm, a, b| vm.binary(BinaryOp::$op, a, b)
    };
}

/// An augmented assignment.
macro_rules! inplace {
    ($op:ident) => {
        |vm, a, b| vm.inplace(BinaryOp::$op, a, b)
    };
}

/// A unary operator.
macro_rules! unary {
    ($op:ident) => {
        |vm, a| vm.unary(UnaryOp::$op, a)
    };
}

pub(crate) static OPERATOR: ModuleDef = ModuleDef {
    doc: "The operators of Python as functions, such as add(x, y) for x+y.\n\n\
          The functions are named as the special methods, without the underscores.",
    functions: &[
        row!("truth", 1, "bool(a)", |vm, a| vm.is_true(a).map(Owned::bool)),
        row!("contains", 2, "b in a", |vm, a, b| vm.contains(a, b).map(Owned::bool)),
        function(
            "indexOf($module, a, b, /)",
            Two(|vm, a, b| vm.size(vm.index_in(a, b)?)),
            "The index of the first item of a that is equal to b.",
        ),
        function(
            "countOf($module, a, b, /)",
            Two(|vm, a, b| vm.size(vm.count_of(a, b)?)),
            "How many items of a are equal to b.",
        ),
        row!("is_", 2, "a is b", |_, a, b| Ok(Owned::bool(a.is(b)))),
        row!("is_not", 2, "a is not b", |_, a, b| Ok(Owned::bool(!a.is(b)))),
        row!("is_none", 1, "a is None", |_, a| Ok(Owned::bool(a.is_none()))),
        row!("is_not_none", 1, "a is not None", |_, a| Ok(Owned::bool(!a.is_none()))),
        row!("add", 2, "a + b", binary!(Add)),
        row!("sub", 2, "a - b", binary!(Sub)),
        row!("mul", 2, "a * b", binary!(Mult)),
        row!("matmul", 2, "a @ b", binary!(MatMult)),
        row!("floordiv", 2, "a // b", binary!(FloorDiv)),
        row!("truediv", 2, "a / b", binary!(Div)),
        row!("mod", 2, "a % b", binary!(Mod)),
        row!("neg", 1, "-a", unary!(USub)),
        row!("pos", 1, "+a", unary!(UAdd)),
        row!("abs", 1, "abs(a)", |vm, a| vm.absolute(a)),
        row!("inv", 1, "~a", unary!(Invert)),
        row!("invert", 1, "~a", unary!(Invert)),
        row!("lshift", 2, "a << b", binary!(LShift)),
        row!("rshift", 2, "a >> b", binary!(RShift)),
        row!("not_", 1, "not a", |vm, a| Ok(Owned::bool(!vm.is_true(a)?))),
        row!("and_", 2, "a & b", binary!(BitAnd)),
        row!("xor", 2, "a ^ b", binary!(BitXor)),
        row!("or_", 2, "a | b", binary!(BitOr)),
        row!("iadd", 2, "a += b", inplace!(Add)),
        row!("isub", 2, "a -= b", inplace!(Sub)),
        row!("imul", 2, "a *= b", inplace!(Mult)),
        row!("imatmul", 2, "a @= b", inplace!(MatMult)),
        row!("ifloordiv", 2, "a //= b", inplace!(FloorDiv)),
        row!("itruediv", 2, "a /= b", inplace!(Div)),
        row!("imod", 2, "a %= b", inplace!(Mod)),
        row!("ilshift", 2, "a <<= b", inplace!(LShift)),
        row!("irshift", 2, "a >>= b", inplace!(RShift)),
        row!("iand", 2, "a &= b", inplace!(BitAnd)),
        row!("ixor", 2, "a ^= b", inplace!(BitXor)),
        row!("ior", 2, "a |= b", inplace!(BitOr)),
        row!("concat", 2, "a + b, for sequences", Thread::concat),
        row!("iconcat", 2, "a += b, for sequences", Thread::inplace_concat),
        row!("getitem", 2, "a[b]", Thread::get_item),
        function("setitem($module, a, b, c, /)", Three(set_item), "The same as a[b] = c."),
        function("delitem($module, a, b, /)", Two(delete_item), "The same as del a[b]."),
        row!("pow", 2, "a ** b", binary!(Pow)),
        row!("ipow", 2, "a **= b", inplace!(Pow)),
        row!("eq", 2, "a == b", compare!(Eq)),
        row!("ne", 2, "a != b", compare!(Ne)),
        row!("lt", 2, "a < b", compare!(Lt)),
        row!("le", 2, "a <= b", compare!(Le)),
        row!("gt", 2, "a > b", compare!(Gt)),
        row!("ge", 2, "a >= b", compare!(Ge)),
        row!("index", 1, "a.__index__()", Thread::index),
        function(
            "length_hint($module, obj, default=0, /)",
            OneOpt(length_hint),
            "An estimate of how many items an object has.\n\n\
             Asks for its length, else for its hint, and else gives the default.",
        ),
        function(
            "_compare_digest($module, a, b, /)",
            Two(compare_digest),
            "Whether two ASCII strs or two bytes-like objects are equal.\n\n\
             The time it takes tells nothing of where they differ.",
        ),
        function("call($module, obj, /, *args, **kwargs)", Raw(call), "The same as obj(*args, **kwargs)."),
    ],
    types: &[&getter::ATTRGETTER, &getter::ITEMGETTER, &method_caller::METHODCALLER],
    ..ModuleDef::new("_operator")
};

fn set_item(vm: &Thread, a: Ref<'_>, b: Ref<'_>, c: Ref<'_>) -> PyResult {
    vm.set_item(a, b, Some(c))?;
    none()
}

fn delete_item(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    vm.set_item(a, b, None)?;
    none()
}

fn call(vm: &Thread, args: &Args<'_>) -> PyResult {
    match args.split_first() {
        Some((callable, rest)) => vm.call_args(callable, &rest),
        None => Err(vm.type_error("call expected at least 1 argument, got 0")),
    }
}

fn length_hint(vm: &Thread, object: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let default = default.map_or(Ok(0), |default| vm.to_isize(default))?;
    match vm.own_length_hint(object)? {
        Some(hint) => vm.size(hint),
        None => vm.int(default as i64),
    }
}

fn compare_digest(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if let (Some(a), Some(b)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
        if !a.is_ascii() || !b.is_ascii() {
            return Err(vm.type_error("comparing strings with non-ASCII characters is not supported"));
        }
        return Ok(Owned::bool(equal_in_constant_time(a.as_bytes(), b.as_bytes())));
    }
    if !vm.exports_buffer(a) && !vm.exports_buffer(b) {
        let (a, b) = (vm.type_name(a), vm.type_name(b));
        return Err(vm.type_error(format_args!(
            "unsupported operand types(s) or combination of types: '{a}' and '{b}'"
        )));
    }
    let (a, b) = (vm.copy_bytes_like(a)?, vm.copy_bytes_like(b)?);
    Ok(Owned::bool(equal_in_constant_time(&a, &b)))
}

/// Whether two strings are equal, in a time that depends on the second one's length only.
fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    // Where the lengths differ, the second is compared with itself.
    let same_length = a.len() == b.len();
    let other = if same_length { a } else { b };
    let difference =
        other.iter().zip(b).fold(0, |difference, (x, y)| std::hint::black_box(difference | (x ^ y)));
    same_length && difference == 0
}

#[cfg(test)]
mod tests {
    use super::equal_in_constant_time;

    #[test]
    fn digests_are_equal_or_not() {
        assert!(equal_in_constant_time(b"", b""));
        assert!(equal_in_constant_time(b"abc", b"abc"));
        assert!(!equal_in_constant_time(b"abc", b"abd"));
        assert!(!equal_in_constant_time(b"ab", b"abc"));
        assert!(!equal_in_constant_time(b"abc", b""));
    }
}
