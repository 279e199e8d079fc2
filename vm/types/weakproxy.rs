//! `weakref.ProxyType` and `weakref.CallableProxyType`: weak references that behave as their object, until it is gone.

use crate::exception::PyResult;
use crate::native::*;
use crate::protocol::number::{BinaryOp, UnaryOp};
use crate::types::weakref::{WeakReference, describe, unwrap};
use crate::value::Ref;
use crate::vm::Thread;

pub(crate) static PROXY: TypeDef = TypeDef {
    module: "weakref",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method(
            "__bytes__($self, /)",
            One(|vm, this| named(vm, this, "__bytes__")),
            "The result of bytes(self).",
        ),
        method(
            "__reversed__($self, /)",
            One(|vm, this| named(vm, this, "__reversed__")),
            "The result of reversed(self).",
        ),
    ],
    slots: SLOTS,
    ..TypeDef::new::<WeakReference>("ProxyType")
};

pub(crate) static CALLABLE_PROXY: TypeDef = TypeDef {
    module: "weakref",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    slots: Slots { call: Some(|vm, this, args| vm.call_args(unwrap(vm, this)?.borrow(), args)), ..SLOTS },
    ..TypeDef::new::<WeakReference>("CallableProxyType")
};

/// Whether a value is a proxy.
pub(super) fn is_proxy(vm: &Thread, value: Ref<'_>) -> bool {
    let class = vm.class(value);
    [&PROXY, &CALLABLE_PROXY].iter().any(|def| vm.class_of(def).is_ok_and(|proxy| proxy.borrow().is(class)))
}

macro_rules! binary {
    ($op:ident) => {
        Some(|vm, a, b| vm.binary(BinaryOp::$op, unwrap(vm, a)?.borrow(), unwrap(vm, b)?.borrow()))
    };
}

macro_rules! inplace {
    ($op:ident) => {
        Some(|vm, a, b| vm.inplace(BinaryOp::$op, unwrap(vm, a)?.borrow(), unwrap(vm, b)?.borrow()))
    };
}

macro_rules! unary {
    ($op:ident) => {
        Some(|vm, a| vm.unary(UnaryOp::$op, unwrap(vm, a)?.borrow()))
    };
}

/// Every slot asks the object.
const SLOTS: Slots = Slots {
    repr: Some(|vm, this| describe(vm, this, "weakproxy")),
    str: Some(|vm, this| vm.to_str(unwrap(vm, this)?.borrow())),
    getattro: Some(|vm, this, name| vm.get_attr(unwrap(vm, this)?.borrow(), name)),
    setattro: Some(|vm, this, name, value| vm.set_attr(unwrap(vm, this)?.borrow(), name, value)),
    compare: Some(|vm, a, b, op| vm.compare(unwrap(vm, a)?.borrow(), unwrap(vm, b)?.borrow(), op)),
    iter: Some(|vm, this| vm.iter(unwrap(vm, this)?.borrow())),
    next: Some(next),
    add: binary!(Add),
    subtract: binary!(Sub),
    multiply: binary!(Mult),
    remainder: binary!(Mod),
    divmod: Some(|vm, a, b| vm.divmod(unwrap(vm, a)?.borrow(), unwrap(vm, b)?.borrow())),
    power: Some(|vm, a, b, modulus| {
        vm.power(unwrap(vm, a)?.borrow(), unwrap(vm, b)?.borrow(), unwrap(vm, modulus)?.borrow())
    }),
    negative: unary!(USub),
    positive: unary!(UAdd),
    absolute: Some(absolute),
    bool: Some(|vm, this| vm.is_true(unwrap(vm, this)?.borrow())),
    invert: unary!(Invert),
    lshift: binary!(LShift),
    rshift: binary!(RShift),
    and: binary!(BitAnd),
    xor: binary!(BitXor),
    or: binary!(BitOr),
    int: Some(|vm, this| vm.call(vm.types().int.borrow(), &[unwrap(vm, this)?.borrow()])),
    float: Some(|vm, this| vm.call(vm.types().float.borrow(), &[unwrap(vm, this)?.borrow()])),
    inplace_add: inplace!(Add),
    inplace_subtract: inplace!(Sub),
    inplace_multiply: inplace!(Mult),
    inplace_remainder: inplace!(Mod),
    inplace_power: Some(|vm, a, b, _| {
        vm.inplace(BinaryOp::Pow, unwrap(vm, a)?.borrow(), unwrap(vm, b)?.borrow())
    }),
    inplace_lshift: inplace!(LShift),
    inplace_rshift: inplace!(RShift),
    inplace_and: inplace!(BitAnd),
    inplace_xor: inplace!(BitXor),
    inplace_or: inplace!(BitOr),
    floor_divide: binary!(FloorDiv),
    true_divide: binary!(Div),
    inplace_floor_divide: inplace!(FloorDiv),
    inplace_true_divide: inplace!(Div),
    index: Some(|vm, this| vm.index(unwrap(vm, this)?.borrow())),
    matrix_multiply: binary!(MatMult),
    inplace_matrix_multiply: inplace!(MatMult),
    mapping_len: Some(|vm, this| vm.length(unwrap(vm, this)?.borrow())),
    getitem: Some(|vm, this, key| vm.get_item(unwrap(vm, this)?.borrow(), unwrap(vm, key)?.borrow())),
    setitem: Some(|vm, this, key, value| vm.set_item(unwrap(vm, this)?.borrow(), key, value)),
    contains: Some(|vm, this, item| vm.contains(unwrap(vm, this)?.borrow(), item)),
    ..Slots::NONE
};

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<crate::value::Owned>> {
    let object = unwrap(vm, this)?;
    match vm.type_of(object.borrow()).slots.next.get() {
        Some(next) => next(vm, object.borrow()),
        None => {
            let class = vm.type_name(object.borrow());
            Err(vm.type_error(format_args!("Weakref proxy referenced a non-iterator '{class}' object")))
        }
    }
}

fn absolute(vm: &Thread, this: Ref<'_>) -> PyResult {
    let object = unwrap(vm, this)?;
    match vm.type_of(object.borrow()).slots.absolute.get() {
        Some(absolute) => absolute(vm, object.borrow()),
        None => {
            let class = vm.type_name(object.borrow());
            Err(vm.type_error(format_args!("bad operand type for abs(): '{class}'")))
        }
    }
}

/// Calls a method of the object.
fn named(vm: &Thread, this: Ref<'_>, name: &str) -> PyResult {
    vm.call_method(unwrap(vm, this)?.borrow(), &vm.intern(name)?, &[])
}
