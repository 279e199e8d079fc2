//! `traceback`: where an exception passed.

use std::cell::Cell;

use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Frame, unseen};
use crate::heap::Slot;
use crate::native::*;
use crate::types::code::Code;
use crate::types::exception::payload;
use crate::types::frame::FrameObject;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::{class, signature};

crate::payload! {
    /// One frame that an exception passed, and the next one inwards.
    pub struct Traceback: Traceback {
        pub(crate) next: Slot,
        pub(crate) frame: Owned,
        /// The offset of the instruction as Python counts, or -1.
        pub(crate) lasti: Cell<i32>,
        /// The line, or -1 to ask the code.
        pub(crate) line: Cell<i32>,
    }
}

class! { Traceback => TRACEBACK; }

pub(crate) static TRACEBACK: TypeDef = TypeDef {
    signature: "(tb_next, tb_frame, tb_lasti, tb_lineno)",
    doc: "A frame that an exception passed, and the next one inwards.",
    methods: &[method("__dir__($self, /)", One(dir), "The names of the attributes.")],
    getset: &[
        member("tb_frame", |_, this| Ok(traceback(this).frame.clone()), "The frame."),
        member(
            "tb_lasti",
            |vm, this| vm.int(traceback(this).lasti.get().into()),
            "The offset of the instruction.",
        ),
        getset(
            "tb_next",
            |_, this| Ok(traceback(this).next.get_or_none()),
            set_next,
            "The next one inwards, or None.",
        ),
        getter("tb_lineno", line, "The line, or None."),
    ],
    slots: Slots { new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<Traceback>("traceback")
};

fn traceback(this: Ref<'_>) -> &Traceback {
    this.downcast().expect("the descriptor checks its receiver")
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("traceback(tb_next, tb_frame, tb_lasti, tb_lineno)"), |args| {
        let (next, frame) = (args.required(0), args.required(1));
        if frame.downcast::<FrameObject>().is_none() {
            let got = vm.type_name(frame);
            return Err(
                vm.type_error(format_args!("traceback() argument 'tb_frame' must be frame, not {got}"))
            );
        }
        let (lasti, line) = (vm.to_c_int(args.required(2))?, vm.to_c_int(args.required(3))?);
        if !next.is_none() && next.downcast::<Traceback>().is_none() {
            let got = vm.type_name(next);
            return Err(vm.type_error(format_args!("expected traceback object or None, got '{got}'")));
        }
        vm.new_object(Traceback {
            next: Slot::from_option((!next.is_none()).then(|| next.own())),
            frame: frame.own(),
            lasti: Cell::new(lasti),
            line: Cell::new(line),
        })
    })
}

fn dir(vm: &Thread, _: Ref<'_>) -> PyResult {
    let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
    vm.list(names.iter().map(|name| vm.intern(name)).collect::<PyResult<_>>()?)
}

fn line(vm: &Thread, this: Ref<'_>) -> PyResult {
    let this = traceback(this);
    let known = Some(this.line.get()).filter(|&line| line != -1);
    let word = u32::try_from(this.lasti.get()).ok().map(|offset| offset / 2);
    let line = known.or_else(|| frame::code_of_object(this.frame.borrow()).line_at(word?));
    line.map_or_else(none, |line| vm.int(line.into()))
}

fn set_next(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.type_error("can't delete tb_next attribute")) };
    let next = match value.downcast::<Traceback>() {
        _ if value.is_none() => None,
        Some(_) => Some(value.own()),
        None => {
            let got = vm.type_name(value);
            return Err(vm.type_error(format_args!("expected traceback object, got '{got}'")));
        }
    };
    let mut at = next.clone();
    while let Some(other) = at {
        if other.borrow().is(this) {
            return Err(vm.value_error("traceback loop detected"));
        }
        at = traceback(other.borrow()).next.get();
    }
    drop(traceback(this).next.replace(next));
    Ok(())
}

/// Adds the current instruction of a frame to an exception's traceback; the error of doing so takes its place.
pub(crate) fn extend(vm: &Thread, frame: *mut Frame, raised: Raised) -> Raised {
    settle(vm, raised.exception());
    if unseen::link(frame, raised.exception()) {
        return raised;
    }
    extend_at(vm, frame, raised, frame::current_word(frame) as i32, -1)
}

/// Makes the entry of an exception's traceback that nobody has seen. Without memory for it, it is missing.
#[inline]
pub(crate) fn settle(vm: &Thread, exception: Ref<'_>) {
    if let Some((frame, word)) = payload(exception).unseen().unlink() {
        extend_at(vm, frame, Raised::new(exception.own()), word as i32, -1);
    }
}

/// Adds the head of a frame's function to an exception's traceback.
pub(crate) fn extend_at_head(vm: &Thread, frame: *mut Frame, code: &Code, raised: Raised) -> Raised {
    settle(vm, raised.exception());
    extend_at(vm, frame, raised, -1, code.template().first_line)
}

fn extend_at(vm: &Thread, frame: *mut Frame, raised: Raised, word: i32, line: i32) -> Raised {
    let exception = payload(raised.exception());
    let made = frame::frame_object(vm, frame).and_then(|object| {
        vm.new_object(Traceback {
            next: Slot::from_option(exception.seen_traceback()),
            frame: object,
            lasti: Cell::new(if word < 0 { -1 } else { 2 * word }),
            line: Cell::new(line),
        })
    });
    match made {
        Ok(traceback) => {
            exception.set_traceback(Some(traceback));
            raised
        }
        Err(other) => other,
    }
}
