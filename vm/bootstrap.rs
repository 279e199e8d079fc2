//! How an interpreter starts.
//!
//! Everything is an object of a class, and making a class takes a few classes: `type` for the class itself, `str` for its
//! name, `tuple` for its bases, `dict` for its namespace, `object` to derive from. So the first objects get shapes without a
//! class; when the class objects of those five exist, the shapes learn them. Then come the names, the other core classes
//! as skeletons, their namespaces, and the exception classes.

use crate::heap::{Kind, Layout, Shape, Slot};
use crate::names::Names;
use crate::native::TypeDef;
use crate::types::type_::native;
use crate::types::{Types, dict, object, str_, tuple, type_};
use crate::value::Owned;
use crate::vm::{Config, Interpreter, Thread};

/// An interpreter together with the thread that made it.
pub struct Python {
    // Dropped in this order: the thread looks at the interpreter.
    thread: Box<Thread>,
    interpreter: Box<Interpreter>,
}

impl Python {
    /// A working interpreter: every core class is there, no module yet.
    ///
    /// # Panics
    /// If memory is out.
    pub fn new(config: Config) -> Self {
        let interpreter = Interpreter::new(config);
        let thread = Box::new(Thread::new(&interpreter));
        interpreter.heap().set_thread(&raw const *thread);
        start(&thread);
        Self { thread, interpreter }
    }

    /// The thread to run Python with.
    pub fn vm(&self) -> &Thread {
        &self.thread
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // From here on nothing can run Python.
        self.interpreter.heap().set_thread(std::ptr::null());
    }
}

/// Makes the classes and everything they need.
fn start(vm: &Thread) {
    let interpreter = vm.interpreter();
    let mut early: Vec<(&'static TypeDef, Option<Box<Shape>>)> =
        [&object::OBJECT, &type_::TYPE, &str_::STR, &tuple::TUPLE, &dict::DICT]
            .map(|def| (def, Some(early_shape(vm, def))))
            .into();
    early[0].1 = None;
    // SAFETY-free bootstrap of `()`: the only tuple made with a shape that has no class yet and that is kept.
    interpreter.empty_tuple.set(vm.new_empty_tuple().expect(ENOUGH));
    for (def, root) in early {
        let bases: Vec<Owned> = match def.name {
            "object" => Vec::new(),
            _ => vec![vm.class_of(&object::OBJECT).expect(ENOUGH)],
        };
        native::skeleton(vm, def, &bases, root).expect(ENOUGH);
    }
    let names = Names::new(|text| immortal(vm.intern(text).expect(ENOUGH)));
    assert!(interpreter.names.set(names).is_ok(), "the interpreter starts once");
    let types = Types::new(|def| vm.class_of(def)).expect(ENOUGH);
    assert!(interpreter.types.set(types).is_ok(), "the interpreter starts once");
    for class in interpreter.end_bootstrap() {
        native::fill(vm, class.borrow()).expect(ENOUGH);
    }
}

/// What the unwraps of this file rely on: nothing here runs Python, so only memory can fail.
const ENOUGH: &str = "memory for the core classes";
