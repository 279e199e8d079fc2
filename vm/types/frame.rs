//! `frame`: a frame as Python sees it.

mod jump;
pub mod proxy;

use std::cell::{Cell, OnceCell};

use crate::class;
use crate::exception::PyResult;
use crate::frame::Frame;
use crate::frame::face::Stage;
use crate::heap::{Items, Kind, Slot, Trace, Visitor};
use crate::monitoring::{Event, TRACE};
use crate::native::*;
use crate::protocol::attribute::display;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// The Python face of a frame. While the frame runs it points there; when the frame is left while somebody holds this
    /// object, the object takes the frame over, registers intact.
    pub struct FrameObject: Frame {
        pub(crate) frame: Cell<FramePointer>,
        /// The caller's frame object, once the frame is over.
        pub(crate) back: Slot,
        rare: RareCell,
    }
}

/// What few frame objects have: each exception makes some, and nobody looks at most of them.
pub(crate) struct Rare {
    pub(crate) trace: Slot,
    pub(crate) trace_lines: Cell<bool>,
    pub(crate) trace_opcodes: Cell<bool>,
    /// Old values of locals written through `f_locals`: operands may still borrow them until the frame leaves.
    pub(crate) parked: Items,
    /// Names that `f_locals` added beyond the frame's locals: a dict, or empty.
    pub(crate) extra_locals: Slot,
}

struct RareCell(OnceCell<Box<Rare>>);

impl Trace for RareCell {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Some(rare) = self.0.get() {
            rare.trace.trace(visitor);
            rare.parked.trace(visitor);
            rare.extra_locals.trace(visitor);
        }
    }
    fn clear(&self) {
        if let Some(rare) = self.0.get() {
            rare.trace.clear();
            rare.parked.clear();
            rare.extra_locals.clear();
        }
    }
}

impl FrameObject {
    /// The face of a frame that somebody else owns.
    pub(crate) fn new(frame: *mut Frame) -> Self {
        Self {
            frame: Cell::new(FramePointer { frame, owned: false }),
            back: Slot::empty(),
            rare: RareCell(OnceCell::new()),
        }
    }

    /// What few frame objects have, made now if it is not there yet.
    pub(crate) fn rare(&self) -> &Rare {
        self.rare.0.get_or_init(|| {
            self.keep();
            Box::new(Rare {
                trace: Slot::empty(),
                trace_lines: Cell::new(true),
                trace_opcodes: Cell::new(false),
                parked: Items::new(),
                extra_locals: Slot::empty(),
            })
        })
    }

    /// The same, if it is there.
    pub(crate) fn rare_if_any(&self) -> Option<&Rare> {
        self.rare.0.get().map(|rare| &**rare)
    }

    /// The trace function of this frame.
    pub(crate) fn trace_function(&self) -> Option<Owned> {
        self.rare_if_any()?.trace.get()
    }

    /// Sets the trace function of this frame.
    pub(crate) fn set_trace_function(&self, function: Option<Owned>) {
        if function.is_some() || self.rare_if_any().is_some() {
            drop(self.rare().trace.replace(function));
        }
    }

    /// Whether the trace function hears of lines.
    pub(crate) fn traces_lines(&self) -> bool {
        self.rare_if_any().is_none_or(|rare| rare.trace_lines.get())
    }

    /// Whether the trace function hears of instructions.
    pub(crate) fn traces_opcodes(&self) -> bool {
        self.rare_if_any().is_some_and(|rare| rare.trace_opcodes.get())
    }

    /// The names that `f_locals` added, a dict.
    pub(crate) fn extra_locals(&self) -> Option<Owned> {
        self.rare_if_any()?.extra_locals.get()
    }
}

class! { FrameObject => FRAME; }

/// The frame behind a frame object.
#[derive(Clone, Copy)]
pub(crate) struct FramePointer {
    pub(crate) frame: *mut Frame,
    /// Whether the frame is over and belongs to the object.
    pub(crate) owned: bool,
}

pub(crate) static FRAME: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method("clear($self, /)", One(clear), "Let go of the local variables of a frame that does not run."),
        method("__sizeof__($self, /)", One(sizeof), "The bytes that the frame takes."),
    ],
    getset: &[
        GetSet {
            set: Some(|vm, this, value| set_flag(vm, &payload(this).rare().trace_lines, value)),
            ..member(
                "f_trace_lines",
                |_, this| Ok(Owned::bool(payload(this).traces_lines())),
                "Whether the trace function hears of lines.",
            )
        },
        getter(
            "f_back",
            |vm, this| Ok(payload(this).back_object(vm)?.unwrap_or_else(Owned::none)),
            "The frame of the caller, or None.",
        ),
        getter("f_locals", locals, "The local variables: a mapping that writes through to the frame."),
        getset("f_lineno", line, jump::set_line, "The current line, or None."),
        getset(
            "f_trace",
            |_, this| Ok(payload(this).trace_function().unwrap_or_else(Owned::none)),
            set_trace,
            "The trace function, or None.",
        ),
        getter(
            "f_lasti",
            |vm, this| vm.int(2 * i64::from(payload(this).word())),
            "The offset of the current instruction.",
        ),
        getter("f_globals", |_, this| Ok(payload(this).globals()), "The global names."),
        getter("f_builtins", |_, this| Ok(payload(this).builtins()), "The builtin names."),
        getter("f_code", |_, this| Ok(payload(this).code_object()), "The code object."),
        getset(
            "f_trace_opcodes",
            |_, this| Ok(Owned::bool(payload(this).traces_opcodes())),
            set_trace_opcodes,
            "Whether the trace function hears of instructions.",
        ),
        getter(
            "f_generator",
            |vm, this| Ok(payload(this).generator(vm)?.unwrap_or_else(Owned::none)),
            "The generator or coroutine that the frame belongs to, or None.",
        ),
    ],
    slots: Slots { repr: Some(repr), ..Slots::NONE },
    ..TypeDef::new::<FrameObject>("frame")
};

fn payload(this: Ref<'_>) -> &FrameObject {
    this.downcast().expect("the descriptor checks its receiver")
}

/// The source line where the frame stands.
pub(super) fn line_of(frame: &FrameObject) -> Option<i32> {
    match frame.stage() {
        Stage::Created => Some(frame.code().template().first_line),
        _ => frame.code().line_at(frame.word()),
    }
}

fn line(vm: &Thread, this: Ref<'_>) -> PyResult {
    line_of(payload(this)).map_or_else(none, |line| vm.int(line.into()))
}

fn set_trace(_: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    payload(this).set_trace_function(value.filter(|value| !value.is_none()).map(Ref::own));
    Ok(())
}

fn set_trace_opcodes(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    if value.is_none() {
        return Err(vm.attribute_error("attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted"));
    }
    let frame = payload(this);
    set_flag(vm, &frame.rare().trace_opcodes, value)?;
    if frame.traces_opcodes() {
        let code = frame.code();
        vm.set_monitored_in(code, TRACE, code.monitored_by(TRACE) | Event::Instruction.bit())?;
    }
    Ok(())
}

fn set_flag(vm: &Thread, flag: &Cell<bool>, value: Option<Ref<'_>>) -> PyResult<()> {
    match value.map(Ref::as_bool) {
        Some(Some(value)) => {
            flag.set(value);
            Ok(())
        }
        Some(None) => Err(vm.type_error("attribute value type must be bool")),
        None => Err(vm.type_error("can't delete numeric/char attribute")),
    }
}

fn locals(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload(this).namespace() {
        Some(namespace) => Ok(namespace),
        None => proxy::proxy(vm, this),
    }
}

fn clear(vm: &Thread, this: Ref<'_>) -> PyResult {
    let frame = payload(this);
    match frame.stage() {
        Stage::Running => return Err(vm.runtime_error("cannot clear an executing frame")),
        Stage::Suspended => return Err(vm.runtime_error("cannot clear a suspended frame")),
        // The generator never runs: it is over without having begun.
        Stage::Created => {
            if let Some(generator) = frame.generator(vm)? {
                if generator.borrow().kind() == Kind::Coroutine {
                    crate::warn::never_awaited(vm, generator.borrow());
                }
                crate::eval::generator::close(vm, generator.borrow())?;
            }
        }
        Stage::Over => {}
    }
    if frame.stage() == Stage::Over {
        frame.clear_locals();
        if let Some(rare) = frame.rare_if_any() {
            drop(rare.extra_locals.take());
            drop(rare.trace.take());
        }
    }
    none()
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let registers = payload(this).code().template().registers();
    vm.size(size_of::<FrameObject>() + size_of::<Frame>() + registers * 8)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let frame = payload(this);
    let code = frame.code();
    let file = vm.repr_string(code.filename.get_or_none().borrow())?;
    let line = line_of(frame).map_or_else(|| "None".to_owned(), |line| line.to_string());
    let name = display(code.name.borrow());
    vm.str(&format!("<frame at {:#x}, file {file}, line {line}, code {name}>", this.id()))
}
