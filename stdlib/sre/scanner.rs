//! `_sre.SRE_Scanner`: one match after the other. `finditer()` is made of it.

use std::cell::{Cell, RefCell};

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::Plain;
use super::engine::{Engine, Mode};
use super::match_::Match;
use super::pattern::Pattern;
use super::subject::Subject;

payload! {
    /// A scanner.
    pub(super) struct Scanner: Native {
        pattern: Owned,
        subject: Subject,
        /// Absent while a match is looked for.
        engine: Plain<RefCell<Option<Box<Engine>>>>,
        /// Where the next match is looked for, if there may be one.
        next: Plain<Cell<Option<usize>>>,
        must_advance: Cell<bool>,
    }
}

class! { Scanner => SCANNER; }

pub(super) static SCANNER: TypeDef = TypeDef {
    module: "_sre",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method("match($self, /)", One(|vm, this| scan(vm, this, Mode::Match)), ""),
        method("search($self, /)", One(|vm, this| scan(vm, this, Mode::Search)), ""),
    ],
    getset: &[member("pattern", |_, this| Ok(Scanner::of(this).pattern.clone()), "")],
    attributes: &[MODULE],
    ..TypeDef::new::<Scanner>("SRE_Scanner")
};

impl Scanner {
    /// A scanner of a part of an object.
    pub(super) fn make(vm: &Thread, pattern: Ref<'_>, subject: Subject) -> PyResult {
        let start = subject.offset(subject.bounds.start);
        vm.new_object(Self {
            pattern: pattern.own(),
            subject,
            engine: Plain(RefCell::new(Some(Box::default()))),
            next: Plain(Cell::new(Some(start))),
            must_advance: Cell::new(false),
        })
    }

    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a scanner")
    }
}

fn scan(vm: &Thread, this: Ref<'_>, mode: Mode) -> PyResult {
    let scanner = Scanner::of(this);
    let Some(mut engine) = scanner.engine.0.take() else {
        return Err(vm.value_error("regular expression scanner already executing"));
    };
    let found = step(vm, scanner, &mut engine, mode);
    scanner.engine.0.replace(Some(engine));
    found
}

fn step(vm: &Thread, scanner: &Scanner, engine: &mut Engine, mode: Mode) -> PyResult {
    let Some(start) = scanner.next.0.get() else { return none() };
    let subject = &scanner.subject;
    let program = Pattern::of(scanner.pattern.borrow()).program(subject.kind());
    engine.prepare(&program, start);
    engine.must_advance = scanner.must_advance.get();
    let Some(end) = subject.find(vm, engine, &program, mode)? else {
        scanner.next.0.set(None);
        return none();
    };
    scanner.must_advance.set(end == engine.start);
    scanner.next.0.set(Some(end));
    Match::make(vm, scanner.pattern.borrow(), subject, engine, end)
}
