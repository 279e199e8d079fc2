//! `_pickle`: the class `PickleBuffer`. Pickling itself is the library's, in Python.
//!
//! A pickle buffer stands for the memory of another object, so that pickles of protocol 5 can leave it out and have it carried
//! beside them.

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::native::*;
use pyx_vm::protocol::buffer::{BufferView, request};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};
use std::cell::RefCell;

pub(crate) static PICKLE: ModuleDef = ModuleDef {
    doc: "What pickling needs besides Python.",
    types: &[&PICKLE_BUFFER],
    ..ModuleDef::new("_pickle")
};

payload! {
    /// The memory of another object, which stays as large as it is until the view is released.
    struct PickleBuffer: Native {
        view: RefCell<Option<BufferView>>,
    }
}

class! { PickleBuffer => PICKLE_BUFFER; }

static PICKLE_BUFFER: TypeDef = TypeDef {
    module: "pickle",
    flags: TypeFlags { weakref: true, release_buffer: true, ..TypeFlags::NONE },
    doc: "Stands for memory that a pickle may leave out.",
    methods: &[
        method("raw($self, /)", One(raw), "The memory as a memoryview of bytes in one dimension."),
        method("release($self, /)", One(release), "Let go of the memory."),
    ],
    slots: Slots { new: Some(new), buffer: Some(buffer), ..Slots::NONE },
    ..TypeDef::new::<PickleBuffer>("PickleBuffer")
};

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let object = match *args.positional() {
        [object] if !args.has_keywords() => object,
        ref other if other.len() + args.names().len() > 1 => {
            let given = other.len() + args.names().len();
            let message = format!("PickleBuffer() takes at most 1 argument ({given} given)");
            return Err(vm.type_error(message));
        }
        _ => return Err(vm.type_error("PickleBuffer() takes exactly 1 positional argument (0 given)")),
    };
    let view = vm.get_buffer(object, request::FULL_RO)?;
    vm.new_object_of(class, PickleBuffer { view: RefCell::new(Some(view)) })
}

fn payload(this: Ref<'_>) -> &PickleBuffer {
    this.downcast().expect("the method checks its receiver")
}

#[cold]
fn released(vm: &Thread) -> Raised {
    vm.value_error("operation forbidden on released PickleBuffer object")
}

/// The object with the memory.
fn exporter(vm: &Thread, this: Ref<'_>) -> PyResult<Owned> {
    let view = payload(this).view.borrow();
    view.as_ref().map(|view| view.exporter().own()).ok_or_else(|| released(vm))
}

fn buffer(vm: &Thread, this: Ref<'_>, flags: u32) -> PyResult<BufferView> {
    let exporter = exporter(vm, this)?;
    vm.get_buffer(exporter.borrow(), flags)
}

fn raw(vm: &Thread, this: Ref<'_>) -> PyResult {
    let view = buffer(vm, this, request::FULL_RO)?;
    if !view.geometry().is_contiguous() {
        let message = "cannot extract raw buffer from non-contiguous buffer";
        return Err(vm.error(&vm.exceptions().BufferError, message));
    }
    vm.memoryview_of(view.flattened())
}

fn release(_: &Thread, this: Ref<'_>) -> PyResult {
    let view = payload(this).view.borrow_mut().take();
    drop(view);
    none()
}
