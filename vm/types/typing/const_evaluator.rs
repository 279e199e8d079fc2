//! `_typing._ConstEvaluator`: what evaluates a bound, default or value that was given as an object.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::native::*;
use crate::text::wtf8::TextBuf;
use crate::types::generic_alias::{push_type_repr, type_repr};
use crate::types::sequence::push_repr;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A function that gives this value.
    pub struct ConstEvaluator: Native {
        value: Owned,
    }
}

class! { ConstEvaluator => CONST_EVALUATOR; }

pub(crate) static CONST_EVALUATOR: TypeDef = TypeDef {
    module: "_typing",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    slots: Slots { repr: Some(repr), call: Some(call), ..Slots::NONE },
    ..TypeDef::new::<ConstEvaluator>("_ConstEvaluator")
};

/// `annotationlib.Format.STRING`
const STRING: i32 = 4;

pub(super) fn const_evaluator(vm: &Thread, value: Owned) -> PyResult {
    vm.new_object(ConstEvaluator { value })
}

fn value<'a>(this: Ref<'a>) -> Ref<'a> {
    this.downcast::<ConstEvaluator>().expect("a slot of the class gets its instances").value.borrow()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut text = TextBuf::from("<constevaluator ");
    push_repr(vm, &mut text, value(this))?;
    text.push_str(">");
    vm.text(text.as_text())
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("constevaluator.__call__() takes no keyword arguments"));
    }
    let [format] = *args.positional() else {
        let given = args.positional().len();
        return Err(
            vm.type_error(format_args!("constevaluator.__call__() takes exactly 1 argument ({given} given)"))
        );
    };
    if vm.to_c_int(format)? != STRING {
        return Ok(value(this).own());
    }
    let Some(items) = value(this).downcast::<Tuple>() else { return type_repr(vm, value(this)) };
    let mut text = TextBuf::from("(");
    for (index, item) in items.as_slice().iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_type_repr(vm, &mut text, item.borrow())?;
    }
    text.push_str(")");
    vm.text(text.as_text())
}
