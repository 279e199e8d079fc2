//! `int.to_bytes` and `int.from_bytes`.

use super::own;
use crate::exception::PyResult;
use crate::heap::inline::{Bytes, Str};
use crate::native::*;
use crate::number::int_bytes::{self, ByteOrder};
use crate::value::Ref;
use crate::vm::Thread;

pub(super) fn to_bytes(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = own(args.required(0));
    let length = args.optional(1).map_or(Ok(1), |length| vm.to_isize(length))?;
    let order = byte_order(vm, "to_bytes", args.optional(2))?;
    let signed = args.optional(3).map_or(Ok(false), |signed| vm.is_true(signed))?;
    let order = order.resolve(vm)?;
    let Ok(length) = usize::try_from(length) else {
        return Err(vm.value_error("length argument must be non-negative"));
    };
    let mut written = Ok(());
    let bytes = vm.new_bytes_with(length, |out| written = int_bytes::to_bytes(this, out, order, signed))?;
    match written {
        Ok(()) => Ok(bytes),
        Err(error) => Err(vm.raised(error)),
    }
}

pub(super) fn from_bytes(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let class = args.required(0);
    let order = byte_order(vm, "from_bytes", args.optional(2))?;
    let signed = args.optional(3).map_or(Ok(false), |signed| vm.is_true(signed))?;
    let order = order.resolve(vm)?;
    let bytes = vm.to_bytes(args.required(1))?;
    let bytes = bytes.borrow().downcast::<Bytes>().expect("bytes() gives bytes").as_bytes();
    let number = vm.number(int_bytes::from_bytes(bytes, order, signed))?;
    if class.is(vm.types().int.borrow()) { Ok(number) } else { vm.call(class, &[number.borrow()]) }
}

/// The argument that names a byte order. Its type is checked before the other arguments are looked at, its value after.
struct OrderArgument<'a>(Option<&'a Str>);

fn byte_order<'a>(vm: &Thread, function: &str, order: Option<Ref<'a>>) -> PyResult<OrderArgument<'a>> {
    let Some(order) = order else { return Ok(OrderArgument(None)) };
    match order.downcast::<Str>() {
        Some(text) => Ok(OrderArgument(Some(text))),
        None => Err(vm.bad_argument(format_args!("{function}() argument 'byteorder'"), "str", order)),
    }
}

impl OrderArgument<'_> {
    fn resolve(self, vm: &Thread) -> PyResult<ByteOrder> {
        match self.0.map(Str::as_bytes) {
            None | Some(b"big") => Ok(ByteOrder::Big),
            Some(b"little") => Ok(ByteOrder::Little),
            Some(_) => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
        }
    }
}
