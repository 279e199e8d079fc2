//! `str(...)`: the readable form of an object, or decoded bytes.

use super::make::payload;
use crate::arguments::Args;
use crate::arguments::native::wrong_count;
use crate::exception::PyResult;
use crate::heap::inline::{Bytes, Str};
use crate::value::Ref;
use crate::vm::Thread;

pub(super) fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let is_exact = class.is(vm.types().str.borrow());
    let text = match *args.values() {
        [object] if !args.has_keywords() => vm.to_str(object)?,
        _ if is_exact && !args.has_keywords() && args.values().len() > 3 => {
            return Err(wrong_count(vm, "str", args.values().len(), 0, 3));
        }
        _ => of_arguments(vm, args)?,
    };
    if is_exact { Ok(text) } else { vm.str_of_class(class, payload(text.borrow())) }
}

fn of_arguments(vm: &Thread, args: &Args<'_>) -> PyResult {
    let signature = crate::signature!("str(object='', encoding='utf-8', errors='strict')");
    args.bind(vm, signature, |bound| {
        let encoding = vm.c_string("str() argument 'encoding'", bound.optional(1))?;
        let errors = vm.c_string("str() argument 'errors'", bound.optional(2))?;
        match bound.optional(0) {
            None => Ok(vm.empty_str()),
            Some(object) if encoding.is_none() && errors.is_none() => vm.to_str(object),
            Some(object) => decode(vm, object, encoding, errors),
        }
    })
}

/// Decodes a bytes-like object.
fn decode(vm: &Thread, object: Ref<'_>, encoding: Option<&str>, errors: Option<&str>) -> PyResult {
    if object.downcast::<Str>().is_some() {
        return Err(vm.type_error("decoding str is not supported"));
    }
    if object.downcast::<Bytes>().is_none() && !vm.exports_buffer(object) {
        let got = vm.type_name(object);
        return Err(vm.type_error(format_args!("decoding to str: need a bytes-like object, {got} found")));
    }
    crate::codecs::decode_object(vm, object, encoding, errors)
}
