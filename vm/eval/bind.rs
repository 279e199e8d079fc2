//! Arguments on their way into a frame.
//!
//! The values of a call lie in adjacent words, mostly the temporaries of the frame that calls, and the callee's frame takes
//! them over: nothing is counted or copied twice. Calls whose arguments fit are bound in one pass here; what is unusual or
//! wrong goes through [`arguments::function::bind`], which words the errors.
#![expect(unsafe_code, reason = "moves values between frames")]

use pyx_compiler::bytecode::code::flags;
use smallvec::SmallVec;

use super::call::Called;
use super::generator;
use crate::arguments::Args;
use crate::arguments::function::{Parameters, bind as bind_in_full, bind_defaults};
use crate::exception::PyResult;
use crate::frame::{Frame, Return};
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple, tuple_data};
use crate::heap::lookup::get_str;
use crate::heap::{Slot, flag, payload};
use crate::types::code::Code;
use crate::types::function::Function;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// Values of a call, each owning; keyword values come last. What is still here when this is dropped is dropped.
pub(super) struct Arguments {
    at: *mut Value,
    n: usize,
}

impl Arguments {
    /// Takes over `n` adjacent values.
    ///
    /// # Safety
    /// The words own their values, are dead for everybody else, and stay where they are.
    #[inline(always)]
    pub(super) unsafe fn new(at: *mut Value, n: usize) -> Self {
        Self { at, n }
    }

    /// The values, borrowed.
    #[inline(always)]
    pub(super) fn as_refs(&self) -> &[Ref<'_>] {
        // SAFETY: `Ref` is a transparent `Value`; the words hold values while this owns them.
        unsafe { std::slice::from_raw_parts(self.at.cast(), self.n) }
    }

    /// Puts one more in front.
    ///
    /// # Safety
    /// The word before the first is dead.
    #[inline(always)]
    pub(super) unsafe fn prepend(&mut self, value: Owned) {
        // SAFETY: the caller's.
        unsafe {
            self.at = self.at.sub(1);
            self.at.write(value.into_value());
        }
        self.n += 1;
    }

    /// Moves all values to `target`.
    ///
    /// # Safety
    /// There is room for them, and nothing owned to be overwritten.
    #[inline(always)]
    unsafe fn move_to(mut self, target: *mut Value) {
        let n = std::mem::take(&mut self.n);
        for index in 0..n {
            // SAFETY: the caller's; the words are given up here.
            unsafe { target.add(index).write(*self.at.add(index)) };
        }
    }
}

impl Drop for Arguments {
    #[inline(always)]
    fn drop(&mut self) {
        for index in (0..self.n).rev() {
            // SAFETY: the words still own their values.
            unsafe { (*self.at.add(index)).release() };
        }
    }
}

/// Room for the values of a call that does not have them in registers, with a free word in front.
pub(super) struct Buffer(SmallVec<[Value; 9]>);

impl Buffer {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self(SmallVec::from_slice(&[Value::NULL]))
    }

    #[inline(always)]
    pub(super) fn push(&mut self, value: Owned) {
        self.0.push(value.into_value());
    }

    /// The values as arguments, which take them over. The buffer keeps the memory.
    #[inline(always)]
    pub(super) fn arguments(&mut self) -> Arguments {
        let arguments = Arguments { at: self.0.as_mut_ptr().wrapping_add(1), n: self.0.len() - 1 };
        self.0.truncate(1);
        arguments
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        drop(self.arguments());
    }
}

/// The code of a function object.
///
/// # Safety
/// The value is a live function; the code is borrowed from it.
#[inline(always)]
pub(super) unsafe fn code_of(function: Value) -> *const Code {
    // SAFETY: the caller's; a function always has code.
    unsafe { payload::<Code>((*payload::<Function>(function.header())).code.value().header()) }
}

/// A frame for a call that needs no binding: the function takes exactly `n` positional arguments, which the caller
/// writes to the first registers at once. Null where the call is not that simple, or something is in its way. The
/// function's count goes to the frame.
///
/// # Safety
/// The value is a live function.
#[inline(always)]
pub(super) unsafe fn push_exact(
    vm: &Thread,
    function: Value,
    n: usize,
    prev: *mut Frame,
    ret: Return,
) -> *mut Frame {
    // SAFETY: the caller's.
    unsafe {
        let code = code_of(function);
        if (*code).fast_args.get() as usize != n || vm.recursion_left.get() <= 0 {
            return std::ptr::null_mut();
        }
        let frame = vm.frames.push(function, code, n, prev, ret);
        if !frame.is_null() {
            vm.recursion_left.set(vm.recursion_left.get() - 1);
        }
        frame
    }
}

/// A frame for a call of a Python function, arguments bound; or the generator that the call makes.
#[inline(always)]
pub(super) fn push_call(
    vm: &Thread,
    function: Owned,
    arguments: Arguments,
    names: &[Owned],
    prev: *mut Frame,
    ret: Return,
) -> PyResult<Called> {
    if names.is_empty() {
        // SAFETY: the callers pass functions; the registers take the arguments over.
        unsafe {
            let frame = push_exact(vm, function.value(), arguments.n, prev, ret);
            if !frame.is_null() {
                std::mem::forget(function);
                arguments.move_to(Frame::registers(frame));
                return Ok(Called::Frame(frame));
            }
        }
    }
    push_bound(vm, function, arguments, names, prev, ret)
}

/// As [`push_call`], for all calls.
#[inline(never)]
fn push_bound(
    vm: &Thread,
    function: Owned,
    arguments: Arguments,
    names: &[Owned],
    prev: *mut Frame,
    ret: Return,
) -> PyResult<Called> {
    if vm.recursion_left.get() <= 0 {
        return Err(vm.recursion_error("maximum recursion depth exceeded"));
    }
    // SAFETY: the function has this code while the frame holds it; `bind` fills the registers or fails.
    unsafe {
        let code = code_of(function.value());
        vm.complete(&*code)?;
        let frame = vm.frames.push(function.into_value(), code, 0, prev, ret);
        if frame.is_null() {
            return Err(vm.memory_error());
        }
        vm.recursion_left.set(vm.recursion_left.get() - 1);
        if let Err(raised) = bind(vm, frame, arguments, names) {
            (*frame).prev = std::ptr::null_mut();
            super::leave::pop(vm, frame, prev);
            return Err(raised);
        }
        if (*code).flags & flags::OPTIMIZED == 0 {
            // The code of a module or class works on the globals, unless it is given another namespace.
            (*frame).namespace = (*Frame::function_payload(frame)).globals.clone().into_value();
        }
        if (*code).is_generator_like() {
            vm.recursion_left.set(vm.recursion_left.get() + 1);
            return generator::new(vm, frame).map(Called::Value);
        }
        Ok(Called::Frame(frame))
    }
}

/// Puts a call's arguments into the registers of a new frame.
#[inline]
fn bind(vm: &Thread, frame: *mut Frame, arguments: Arguments, names: &[Owned]) -> PyResult<()> {
    // SAFETY: the frame was just pushed, with all locals NULL; it keeps function and code alive.
    let (code, function) = unsafe { (&*(*frame).code, &*Frame::function_payload(frame)) };
    let given = arguments.n - names.len();
    let registers = Frame::registers(frame);
    let fits = given <= code.positional() || code.flags & flags::VARARGS != 0;
    if !fits || code.parameter_count() > code.near_locals as usize {
        return bind_unusual(vm, code, function, &arguments, names, registers);
    }
    // SAFETY: the parameters are the first registers, all NULL.
    unsafe {
        if names.is_empty() {
            place(vm, code, arguments, &[], &[], registers)?;
        } else {
            let mut room = [0; MAX_KEYWORDS];
            let Some(targets) = targets(code, given, names, &mut room) else {
                return bind_unusual(vm, code, function, &arguments, names, registers);
            };
            place(vm, code, arguments, names, targets, registers)?;
        }
    }
    // SAFETY: a `Slot` is a value or NULL.
    let slots = unsafe { std::slice::from_raw_parts(registers.cast::<Slot>(), code.parameter_count()) };
    if given < code.positional() && !fill_defaults(code, function, slots, given)
        || code.keyword_only > 0 && !fill_keyword_defaults(code, function, slots)
    {
        return with_parameters(code, function, |parameters| bind_defaults(vm, parameters, slots));
    }
    Ok(())
}

/// Where a keyword argument goes that no parameter names.
const COLLECTED: usize = usize::MAX;

/// More keyword arguments than these are unusual.
const MAX_KEYWORDS: usize = 16;

/// The registers of the keyword arguments; `None` where there are many, names are not the very strs of the parameters, or
/// something is wrong.
#[inline]
fn targets<'r>(
    code: &Code,
    given: usize,
    names: &[Owned],
    room: &'r mut [usize; MAX_KEYWORDS],
) -> Option<&'r [usize]> {
    let by_keyword = &code.locals[code.positional_only as usize..code.named()];
    let targets = room.get_mut(..names.len())?;
    for (index, name) in names.iter().enumerate() {
        let found = by_keyword.iter().position(|parameter| parameter.borrow().is(name.borrow()));
        let target = match found {
            Some(parameter) => parameter + code.positional_only as usize,
            None if code.flags & flags::VARKEYWORDS != 0 && name.borrow().header()?.has(flag::INTERNED) => {
                COLLECTED
            }
            None => return None,
        };
        let free = target == COLLECTED || target >= given && !targets[..index].contains(&target);
        if !free {
            return None;
        }
        targets[index] = target;
    }
    Some(targets)
}

/// Moves the arguments to their registers.
///
/// # Safety
/// The parameters' registers are there, and NULL.
#[inline(always)]
unsafe fn place(
    vm: &Thread,
    code: &Code,
    mut arguments: Arguments,
    names: &[Owned],
    targets: &[usize],
    registers: *mut Value,
) -> PyResult<()> {
    let given = arguments.n - names.len();
    let placed = given.min(code.positional());
    let collector = code.named();
    let (mut rest, mut keywords) = (None, None);
    if code.flags & COLLECTS != 0 {
        if code.flags & flags::VARARGS != 0 {
            rest = Some(match given - placed {
                0 => vm.empty_tuple(),
                // SAFETY: the items are written below, before anything can fail.
                n => unsafe { vm.tuple_uninitialised(n)? },
            });
        }
        if code.flags & flags::VARKEYWORDS != 0 {
            keywords = Some(vm.dict().inspect_err(|_| discard(&mut rest))?);
        }
    }
    let mut outcome = Ok(());
    let n = std::mem::take(&mut arguments.n);
    let values = arguments.at;
    // SAFETY: each value moves to one place.
    unsafe {
        for index in 0..placed {
            registers.add(index).write(*values.add(index));
        }
        if let Some(rest) = rest {
            for index in placed..given {
                tuple_data(rest.value()).add(index - placed).write(*values.add(index));
            }
            registers.add(collector).write(rest.into_value());
        }
        for index in given..n {
            let (target, value) = (targets[index - given], *values.add(index));
            if target != COLLECTED {
                registers.add(target).write(value);
            } else if let Some(dict) = keywords.as_ref().and_then(|dict| dict.borrow().downcast::<Dict>()) {
                let name = names[index - given].borrow();
                let hash = name.downcast::<Str>().map_or(0, Str::cached_hash);
                outcome = outcome.and(dict.table.insert(vm, name, hash, Owned::from_value(value)).map(drop));
            }
        }
        if let Some(keywords) = keywords {
            let collector = collector + usize::from(code.flags & flags::VARARGS != 0);
            registers.add(collector).write(keywords.into_value());
        }
    }
    outcome
}

/// Flags of code whose parameters collect arguments.
const COLLECTS: u32 = flags::VARARGS | flags::VARKEYWORDS;

/// Gives up a tuple whose items were never written.
#[cold]
fn discard(rest: &mut Option<Owned>) {
    std::mem::forget(rest.take());
}

/// Gives positional parameters that are empty, all of them after the `given` first, their defaults; whether that fills
/// all of them.
#[inline]
fn fill_defaults(code: &Code, function: &Function, slots: &[Slot], given: usize) -> bool {
    let defaults = function.defaults.get();
    let defaults = defaults.as_ref().and_then(|defaults| defaults.borrow().downcast::<Tuple>());
    let defaults = defaults.map_or(&[][..], Tuple::as_slice);
    let Some(required) = code.positional().checked_sub(defaults.len()) else { return false };
    for index in given..code.positional() {
        if slots[index].is_empty() {
            match index.checked_sub(required) {
                Some(index_of_default) => slots[index].set(defaults[index_of_default].clone()),
                None => return false,
            }
        }
    }
    true
}

/// Gives keyword-only parameters that are empty their defaults; whether that fills all of them.
#[inline]
fn fill_keyword_defaults(code: &Code, function: &Function, slots: &[Slot]) -> bool {
    let mut defaults = None;
    for index in code.positional()..code.named() {
        if slots[index].is_empty() {
            let defaults = defaults.get_or_insert_with(|| function.kw_defaults.get());
            let dict = defaults.as_ref().and_then(|dict| dict.borrow().downcast::<Dict>());
            match dict.and_then(|dict| get_str(dict, code.locals[index].borrow())) {
                Some(default) => slots[index].set(default),
                None => return false,
            }
        }
    }
    true
}

/// Hands the parameters of a function to the binder that knows every rule and error.
fn with_parameters<R>(code: &Code, function: &Function, then: impl FnOnce(&Parameters<'_>) -> R) -> R {
    let (defaults, keyword_defaults) = (function.defaults.get(), function.kw_defaults.get());
    let qualname = function.qualname.get_or_none();
    then(&Parameters {
        qualname: qualname.borrow(),
        names: &code.locals,
        positional_only: code.positional_only as usize,
        positional: code.positional(),
        keyword_only: code.keyword_only as usize,
        rest: code.flags & flags::VARARGS != 0,
        keywords: code.flags & flags::VARKEYWORDS != 0,
        defaults: defaults.as_ref().map(Owned::borrow),
        keyword_defaults: keyword_defaults.as_ref().map(Owned::borrow),
    })
}

/// Binds what is not in the usual form.
#[cold]
#[inline(never)]
fn bind_unusual(
    vm: &Thread,
    code: &Code,
    function: &Function,
    arguments: &Arguments,
    names: &[Owned],
    registers: *mut Value,
) -> PyResult<()> {
    let args = Args::new(arguments.as_refs(), names);
    let slots: Vec<Slot> = (0..code.parameter_count()).map(|_| Slot::empty()).collect();
    with_parameters(code, function, |parameters| bind_in_full(vm, parameters, &args, &slots))?;
    for (index, slot) in slots.iter().enumerate() {
        let value = slot.take().map_or(Value::NULL, Owned::into_value);
        // SAFETY: every parameter has a register, which is NULL.
        unsafe { registers.add(code.local_register(index)).write(value) };
    }
    Ok(())
}
