//! How an interpreter starts.
//!
//! Everything is an object of a class, and making a class takes a few classes: `type` for the class itself, `str` for its
//! name, `tuple` for its bases, `dict` for its namespace, `object` to derive from. So the first objects get shapes without a
//! class; when the class objects of those five exist, the shapes learn them. Then come the names, the other core classes
//! and the exception classes, whose namespaces are filled when somebody looks at them.

#![expect(unsafe_code, reason = "an interpreter with living threads is not dropped")]

use std::ptr::NonNull;

use crate::heap::{Layout, Shape};
use crate::names::Names;
use crate::native::TypeDef;
use crate::types::type_::native;
use crate::types::{Types, dict, exception, object, str_, tuple, type_};
use crate::value::Owned;
use crate::vm::{Config, Interpreter, Thread};

/// An interpreter together with the thread that made it.
///
/// It owns both, by pointers and not by boxes: they know each other's addresses, and a box claims to be the only way to what it
/// holds.
pub struct Python {
    thread: NonNull<Thread>,
    interpreter: NonNull<Interpreter>,
}

impl Python {
    /// A working interpreter: every core class is there, no module yet.
    ///
    /// # Panics
    /// If memory is out.
    pub fn new(config: Config) -> Self {
        let owner = NonNull::from(Box::leak(Interpreter::new(config)));
        // SAFETY: it was just leaked, and is freed by `drop`.
        let interpreter = unsafe { owner.as_ref() };
        let thread = NonNull::from(Box::leak(Box::new(Thread::new(interpreter))));
        let python = Self { thread, interpreter: owner };
        interpreter.heap().set_thread(thread.as_ptr());
        interpreter.threads.begin(python.vm());
        start(python.vm());
        python
    }

    /// The thread to run Python with.
    pub fn vm(&self) -> &Thread {
        // SAFETY: it lives until `drop`.
        unsafe { self.thread.as_ref() }
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // SAFETY: it lives until the end of this function.
        let interpreter = unsafe { self.interpreter.as_ref() };
        // From here on nothing can run Python.
        interpreter.gil.close();
        interpreter.heap().set_thread(std::ptr::null());
        if interpreter.threads.any_alive() {
            // A daemon thread that comes back from a system call still looks at the lock.
            return;
        }
        // SAFETY: both were leaked boxes; the thread goes first, which looks at the interpreter.
        unsafe {
            drop(Box::from_raw(self.thread.as_ptr()));
            drop(Box::from_raw(self.interpreter.as_ptr()));
        }
    }
}

/// Makes the classes and everything they need.
fn start(vm: &Thread) {
    let interpreter = vm.interpreter();
    let early = [&type_::TYPE, &str_::STR, &tuple::TUPLE, &dict::DICT].map(|def| (def, early_shape(vm, def)));
    interpreter.empty_tuple.set(immortal(vm.new_empty_tuple().expect(ENOUGH)));
    assert!(
        interpreter.latin1.set(Box::new(std::array::from_fn(|code| latin1(vm, code as u8)))).is_ok(),
        "{ONCE}"
    );
    let object = native::skeleton(vm, &object::OBJECT, &[], None).expect(ENOUGH);
    for (def, root) in early {
        native::skeleton(vm, def, std::slice::from_ref(&object), Some(root)).expect(ENOUGH);
    }
    let names = Names::new(|text| immortal(vm.intern(text).expect(ENOUGH)));
    assert!(interpreter.names.set(names).is_ok(), "{ONCE}");
    let types = Types::new(|def| vm.class_of(def)).expect(ENOUGH);
    assert!(interpreter.types.set(types).is_ok(), "{ONCE}");
    interpreter.empty_bytes.set(immortal(vm.new_bytes_with(0, |_| ()).expect(ENOUGH)));
    let exceptions = exception::make_classes(vm).expect(ENOUGH);
    assert!(interpreter.exceptions.set(exceptions).is_ok(), "{ONCE}");
    vm.reserve_memory_errors().expect(ENOUGH);
}

/// What the unwraps of this file rely on: nothing here runs Python, so only memory could fail.
const ENOUGH: &str = "memory for the core classes";
const ONCE: &str = "the interpreter starts once";

/// The root shape of a class that is still to be made.
fn early_shape(vm: &Thread, def: &'static TypeDef) -> Box<Shape> {
    let id = vm.interpreter().new_shape_id();
    let shape = Shape::root(id, def.ops, std::ptr::null(), Layout::native(def.ops, false), false);
    vm.interpreter().kind_shapes[def.ops.kind as usize].set(&raw const *shape);
    shape
}

fn immortal(value: Owned) -> Owned {
    if let Some(header) = value.borrow().header() {
        header.make_immortal();
    }
    value
}

/// The str of one Latin-1 character, interned.
fn latin1(vm: &Thread, code: u8) -> Owned {
    let mut bytes = [0; 2];
    let text = char::from(code).encode_utf8(&mut bytes);
    let character = vm.new_str_raw(text.as_bytes(), 1, false).expect(ENOUGH);
    immortal(str_::intern(vm, character).expect(ENOUGH))
}

/// Runs a unit test in a fresh interpreter.
#[cfg(test)]
pub(crate) fn test_vm<R>(test: impl FnOnce(&Thread) -> R) -> R {
    let python = Python::new(Config { hash_seed: Some(0), ..Config::default() });
    test(python.vm())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::inline::Str;

    #[test]
    fn starts() {
        test_vm(|vm| {
            let types = vm.types();
            assert!(vm.class(types.int.borrow()).is(types.type_.borrow()));
            assert!(vm.class(types.type_.borrow()).is(types.type_.borrow()));
            let name = vm.intern("append").unwrap();
            assert!(name.borrow().is(vm.names().append.borrow()));
            assert_eq!(name.borrow().downcast::<Str>().unwrap().as_str(), Some("append"));
            for (class, name) in
                [(&types.object, "__init_subclass__"), (&types.type_, "__dict__"), (&types.dict, "__doc__")]
            {
                let name = vm.intern(name).unwrap();
                assert!(vm.lookup(class.borrow(), name.borrow()).is_some());
            }
        });
    }
}
