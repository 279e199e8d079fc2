//! Calls.
//!
//! A call of a Python function makes a frame, moves the arguments into its registers, and goes on in the same loop; so
//! do calls of bound methods of Python functions, and of classes whose `__init__` is one. Natives are called directly.
//! Calls that make a generator, coroutine or async generator make the object and go on.
#![expect(unsafe_code, reason = "moves arguments between frames")]

use pyx_compiler::bytecode::code::flags;
use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};
use pyx_compiler::bytecode::operand::Out;
use smallvec::SmallVec;

use super::bind::{Arguments, Buffer, code_of, push_call, push_exact};
use super::dispatch::{Exit, Flow, Machine, out_of_line};
use super::{dispatch, generator};
use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Continuation, Frame, Return};
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::{Str, Tuple};
use crate::heap::{Kind, payload};
use crate::types::bound_method::BoundMethod;
use crate::types::code::Code;
use crate::types::function::{CodeSlot, Function};
use crate::types::method_descriptor;
use crate::types::native_function;
use crate::types::type_::{self, Type};
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// What a call came to.
pub(super) enum Called {
    /// A value.
    Value(Owned),
    /// A frame to run, already pushed.
    Frame(*mut Frame),
}

impl Machine<'_> {
    #[inline(always)]
    pub(super) fn call(&mut self, i: Call) -> Flow {
        let base = i.base.register;
        self.call_positional(i.dst, base, base + 1, u32::from(i.n.0), Opcode::Call)
    }

    #[inline(always)]
    pub(super) fn call_method(&mut self, i: CallMethod) -> Flow {
        let (base, n) = (i.base.register, u32::from(i.n.0));
        let (first, n) = if self.at_opt(base + 1).is_some() { (base + 1, n + 1) } else { (base + 2, n) };
        self.call_positional(i.dst, base, first, n, Opcode::CallMethod)
    }

    /// A call with positional arguments, the commonest first.
    #[inline(always)]
    fn call_positional(&mut self, dst: Out, callee: u16, first: u16, n: u32, opcode: Opcode) -> Flow {
        let (frame, start) = self.push_fast(callee, first, n, dst, opcode);
        if !frame.is_null() {
            self.save();
            self.enter_at(frame, start);
            return Flow::Goto;
        }
        if self.is_native(callee) {
            return self.call_native(dst, callee, first, n as usize, opcode);
        }
        self.call_slow(dst, callee, first, n as usize, opcode)
    }

    /// A frame for a call of a Python function whose parameters the arguments fill one for one, and where it starts; null
    /// where the call is another.
    #[inline(always)]
    fn push_fast(
        &self,
        callee: u16,
        first: u16,
        n: u32,
        dst: Out,
        opcode: Opcode,
    ) -> (*mut Frame, *const u64) {
        const OTHER: (*mut Frame, *const u64) = (std::ptr::null_mut(), std::ptr::null());
        let function = self.at(callee);
        if function.kind() != Kind::Function || self.vm().has_requests() {
            return OTHER;
        }
        // SAFETY: the callee is a function object; its arguments are live temporaries, moved into the new frame.
        unsafe {
            let ret = Self::return_to(dst, opcode);
            let start = (*code_of(function.value())).start.get();
            let frame = push_exact(self.vm(), function.value(), n as usize, self.frame, ret);
            if frame.is_null() {
                return OTHER;
            }
            let (source, target) = (self.register(first), Frame::registers(frame));
            for index in 0..n as usize {
                frame::keep_rolled();
                target.add(index).write(*source.add(index));
            }
            (frame, start)
        }
    }

    /// Whether a call can be passed to a native function at once.
    #[inline(always)]
    fn is_native(&self, callee: u16) -> bool {
        is_native_function(self.at(callee)) && !self.vm().has_requests()
    }

    /// Calls what is native. The arguments stay in their registers until it is done.
    #[inline(always)]
    fn call_in_place(
        &self,
        dst: Out,
        callee: u16,
        first: u16,
        n: usize,
        call: impl FnOnce(Ref<'_>, &[Ref<'_>]) -> PyResult,
    ) -> Flow {
        // SAFETY: the arguments are live temporaries, which nobody touches while the frame calls.
        let arguments = unsafe { Arguments::new(self.register(first), n) };
        let result = call(self.at(callee), arguments.as_refs());
        drop(arguments);
        self.drop_temporary(callee);
        self.finish(dst, result)
    }

    out_of_line! {
        /// Calls a native function or method.
        fn call_native(&mut self, dst: Out, callee: u16, first: u16, n: usize, opcode: Opcode) -> Flow {
            self.save();
            if n == 2 && method_descriptor::sends(self.at(callee)) {
                if let Some(flow) = self.send_here(dst, callee, first, opcode) {
                    return flow;
                }
            }
            self.call_in_place(dst, callee, first, n, |callable, arguments| {
                native_function::call_values(self.vm(), callable, arguments)
            })
        }
    }

    /// Serves requests before a call; the exception of doing so ends the call.
    #[inline(always)]
    fn poll_before_call(&self, callee: u16, first: u16, n: usize) -> Option<Flow> {
        if !self.vm().has_requests() {
            return None;
        }
        let raised = super::requests(self.vm()).err()?;
        self.drop_call(callee, first, n);
        Some(Flow::Raise(raised))
    }

    out_of_line! {
        /// Any other call without keyword arguments.
        fn call_slow(&mut self, dst: Out, callee: u16, first: u16, n: usize, opcode: Opcode) -> Flow {
            self.save();
            if let Some(raised) = self.poll_before_call(callee, first, n) {
                return raised;
            }
            let callable = self.at(callee);
            if is_native_function(callable) {
                return self.call_native(dst, callee, first, n, opcode);
            }
            if type_::is_native(callable) {
                return self.call_in_place(dst, callee, first, n, |class, arguments| {
                    type_::call(self.vm(), class, &Args::positional_only(arguments))
                });
            }
            self.begin_call(dst, callee, first, n, &[], opcode)
        }
    }

    out_of_line! {
        /// A call with keyword arguments, whose names are a constant.
        fn call_slow_kw(&mut self, dst: Out, callee: u16, first: u16, n: usize, names: u32, opcode: Opcode) -> Flow {
            self.save();
            if let Some(raised) = self.poll_before_call(callee, first, n) {
                return raised;
            }
            let names = self.keyword_names(names);
            if is_native_function(self.at(callee)) {
                return self.call_in_place(dst, callee, first, n, |callable, arguments| {
                    self.vm().call_args(callable, &Args::new(arguments, names))
                });
            }
            self.begin_call(dst, callee, first, n, names, opcode)
        }
    }

    #[inline(always)]
    fn begin_call(
        &mut self,
        dst: Out,
        callee: u16,
        first: u16,
        n: usize,
        names: &[Owned],
        opcode: Opcode,
    ) -> Flow {
        let callable = self.take_temporary(callee);
        // SAFETY: the arguments are live temporaries; the callee, or the NULL of a missing receiver, lies before them.
        let called = unsafe {
            let arguments = Arguments::new(self.register(first), n);
            begin(self.vm(), callable, arguments, names, self.frame, Self::return_to(dst, opcode))
        };
        self.continue_with(called, dst)
    }

    out_of_line! {
        fn drop_call(&self, callee: u16, first: u16, n: usize) {
            for index in (0..n).rev() {
                self.drop_temporary(first + index as u16);
            }
            self.drop_temporary(callee);
        }
    }

    #[inline(always)]
    fn continue_with(&mut self, called: PyResult<Called>, dst: Out) -> Flow {
        match called {
            Ok(Called::Frame(frame)) => self.call_frame(frame),
            Ok(Called::Value(value)) => {
                self.write(dst, value);
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// Calls a callable with one or two arguments that are not in registers; its value goes to `dst`.
    #[inline(always)]
    pub(super) fn call_function(
        &mut self,
        callable: Owned,
        first: Owned,
        second: Option<Owned>,
        dst: Out,
        opcode: Opcode,
    ) -> Flow {
        let n = 1 + usize::from(second.is_some());
        if callable.borrow().kind() == Kind::Function {
            // SAFETY: the callee is a function object, whose count goes to the frame with those of the arguments.
            unsafe {
                let ret = Self::return_to(dst, opcode);
                let frame = push_exact(self.vm(), callable.value(), n, self.frame, ret);
                if !frame.is_null() {
                    std::mem::forget(callable);
                    let registers = Frame::registers(frame);
                    registers.write(first.into_value());
                    if let Some(second) = second {
                        registers.add(1).write(second.into_value());
                    }
                    return self.call_frame(frame);
                }
            }
        }
        self.call_function_slow(callable, first, second, dst, opcode)
    }

    out_of_line! {
        fn call_function_slow(
            &mut self,
            callable: Owned,
            first: Owned,
            second: Option<Owned>,
            dst: Out,
            opcode: Opcode,
        ) -> Flow {
            self.save();
            let n = 1 + usize::from(second.is_some());
            let mut values = [Value::NULL, first.into_value(), second.map_or(Value::NULL, Owned::into_value)];
            // SAFETY: the array owns the values, and has a free word in front.
            let called = unsafe {
                let arguments = Arguments::new(values.as_mut_ptr().add(1), n);
                begin(self.vm(), callable, arguments, &[], self.frame, Self::return_to(dst, opcode))
            };
            self.continue_with(called, dst)
        }
    }

    #[inline(always)]
    pub(super) fn call_kw(&mut self, i: CallKw) -> Flow {
        let base = i.base.register;
        self.call_slow_kw(i.dst, base, base + 1, usize::from(i.n.0), i.names.0, Opcode::CallKw)
    }

    #[inline(always)]
    pub(super) fn call_method_kw(&mut self, i: CallMethodKw) -> Flow {
        let (base, n) = (i.base.register, usize::from(i.n.0));
        let (first, n) = if self.at_opt(base + 1).is_some() { (base + 1, n + 1) } else { (base + 2, n) };
        self.call_slow_kw(i.dst, base, first, n, i.names.0, Opcode::CallMethodKw)
    }

    /// The names tuple in the constants; the code outlives the call that it makes.
    #[inline(always)]
    fn keyword_names<'c>(&self, index: u32) -> &'c [Owned] {
        // SAFETY: the frame keeps its code alive while it is on the chain.
        let code: &'c Code = unsafe { &*(*self.frame).code };
        code.constants[index as usize].borrow().downcast::<Tuple>().map_or(&[], Tuple::as_slice)
    }

    out_of_line! {
        pub(super) fn call_ex(&mut self, i: CallEx) -> Flow {
            self.save();
            let base = i.base.register;
            let (callable, positional) = (self.take_temporary(base), self.take_temporary(base + 1));
            let keywords = self.take_opt(base + 2);
            if keywords.is_none() {
                if let Some(frame) = self.push_spread(&callable, &positional, i.dst) {
                    std::mem::forget(callable);
                    drop(positional);
                    return self.call_frame(frame);
                }
            }
            let called = spread(self.vm(), &callable, &positional, keywords.as_ref())
                .and_then(|(mut values, names)| {
                    let ret = Self::return_to(i.dst, Opcode::CallEx);
                    // SAFETY: a buffer has a free word in front.
                    unsafe { begin(self.vm(), callable, values.arguments(), &names, self.frame, ret) }
                });
            self.continue_with(called, i.dst)
        }
    }

    /// A frame for `f(*positional)`, where a tuple has just the arguments that the function takes. The function's count
    /// goes to the frame.
    #[inline(always)]
    fn push_spread(&self, callable: &Owned, positional: &Owned, dst: Out) -> Option<*mut Frame> {
        let is_plain = positional.borrow().header()?.is_exact(Kind::Tuple)
            && callable.borrow().kind() == Kind::Function
            && !self.vm().has_requests();
        let items = positional.borrow().downcast::<Tuple>().filter(|_| is_plain)?.as_slice();
        // SAFETY: the callee is a function object; each argument gets another owner.
        unsafe {
            let ret = Self::return_to(dst, Opcode::CallEx);
            let frame = push_exact(self.vm(), callable.value(), items.len(), self.frame, ret);
            if frame.is_null() {
                return None;
            }
            for (index, item) in items.iter().enumerate() {
                Frame::registers(frame).add(index).write(item.clone().into_value());
            }
            Some(frame)
        }
    }

    #[inline(always)]
    pub(super) fn await_call(&mut self, i: AwaitCall) -> Flow {
        let base = i.base.register;
        self.await_call_of(i.dst, base, base + 1, usize::from(i.n.0), Opcode::AwaitCall)
    }

    #[inline(always)]
    pub(super) fn await_call_method(&mut self, i: AwaitCallMethod) -> Flow {
        let (base, n) = (i.base.register, usize::from(i.n.0));
        let (first, n) = if self.at_opt(base + 1).is_some() { (base + 1, n + 1) } else { (base + 2, n) };
        self.await_call_of(i.dst, base, first, n, Opcode::AwaitCallMethod)
    }

    /// A coroutine function runs at once, as if called; anything else is called, and its awaitable's iterator is for the
    /// `await_` that follows.
    #[inline(always)]
    fn await_call_of(&mut self, dst: Out, callee: u16, first: u16, n: usize, opcode: Opcode) -> Flow {
        let function = self.at(callee);
        if function.kind() == Kind::Function && !self.vm().has_requests() {
            // SAFETY: as in `push_fast`; a coroutine function with exactly positional parameters.
            unsafe {
                let code =
                    payload::<Code>((*payload::<Function>(function.value().header())).code.value().header());
                if (*code).flags & AWAITED_DIRECTLY == flags::COROUTINE | flags::OPTIMIZED
                    && (*code).is_complete()
                    && (*code).arg_count as usize == n
                    && (*code).keyword_only == 0
                    && (*code).near_locals == (*code).local_count
                    && self.vm().recursion_left.get() > 0
                    && self.vm().origin_depth.get() == 0
                {
                    let ret = Return {
                        to: Continuation::AwaitCall,
                        own: dst.own,
                        register: dst.register,
                        words: opcode.words() as u8,
                    };
                    let frame = self.vm().frames.push(function.value(), code, n, self.frame, ret);
                    if !frame.is_null() {
                        self.vm().recursion_left.set(self.vm().recursion_left.get() - 1);
                        (*frame).link = self.frame;
                        (*frame).state = Frame::STARTED;
                        let (source, target) = (self.register(first), Frame::registers(frame));
                        for index in 0..n {
                            target.add(index).write(*source.add(index));
                        }
                        return self.call_frame(frame);
                    }
                }
            }
        }
        self.await_call_slow(dst, callee, first, n)
    }

    out_of_line! {
        fn await_call_slow(&mut self, dst: Out, callee: u16, first: u16, n: usize) -> Flow {
            self.save();
            let callable = self.take_temporary(callee);
            // SAFETY: the arguments are live temporaries.
            let arguments = unsafe { Arguments::new(self.register(first), n) };
            let result = self
                .vm()
                .call(callable.borrow(), arguments.as_refs())
                .and_then(|awaitable| generator::awaitable_iterator(self.vm(), awaitable.borrow(), 0));
            drop(arguments);
            self.finish(dst, result)
        }
    }

    out_of_line! {
        pub(super) fn make_function(&mut self, i: MakeFunction) -> Flow {
            let result = self.new_function(i);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        fn new_function(&self, i: MakeFunction) -> PyResult {
            use pyx_compiler::bytecode::opcode::function_parts as part;
            let mut next = i.base.register;
            let mut take = |bit: u16| {
                (i.parts.0 & bit != 0).then(|| {
                    next += 1;
                    self.take_temporary(next - 1)
                })
            };
            let (defaults, kw_defaults) = (take(part::DEFAULTS), take(part::KW_DEFAULTS));
            let (annotate, closure) = (take(part::ANNOTATE), take(part::CLOSURE));
            // SAFETY: the frame's function is alive.
            let (globals, builtins) = unsafe {
                let function = &*Frame::function_payload(self.frame);
                (function.globals.clone(), function.builtins.clone())
            };
            let function = new_function(self.vm(), self.code().constants[i.code.0 as usize].clone(), globals, builtins)?;
            let made = function.borrow().downcast::<Function>().expect("a function");
            made.defaults.replace(defaults);
            made.kw_defaults.replace(kw_defaults);
            made.annotate.replace(annotate);
            made.closure.replace(closure);
            Ok(function)
        }
    }

    out_of_line! {
        /// The `await_` instruction at `pc`.
        pub(super) fn current_await(&self) -> Await {
            Await::decode(self.cache(0), |_| 0)
        }
    }
}

/// Whether the object is a function or an unbound method of a native table.
#[inline(always)]
fn is_native_function(callable: Ref<'_>) -> bool {
    matches!(callable.kind(), Kind::NativeFunction | Kind::MethodDescriptor)
}

/// Flags that a coroutine function must or must not have for `await f(x)` to run it as a call.
const AWAITED_DIRECTLY: u32 = flags::COROUTINE
    | flags::OPTIMIZED
    | flags::GENERATOR
    | flags::ASYNC_GENERATOR
    | flags::ITERABLE_COROUTINE
    | flags::VARARGS
    | flags::VARKEYWORDS;

/// Begins a call: a value if it is over at once, or a frame to run.
///
/// # Safety
/// The word before the arguments is free.
unsafe fn begin(
    vm: &Thread,
    mut callable: Owned,
    mut arguments: Arguments,
    names: &[Owned],
    prev: *mut Frame,
    ret: Return,
) -> PyResult<Called> {
    match callable.borrow().kind() {
        Kind::Function => return push_call(vm, callable, arguments, names, prev, ret),
        Kind::BoundMethod => {
            let method = callable.borrow().downcast::<BoundMethod>().expect("a bound method");
            let (function, receiver) = (method.function.clone(), method.receiver.clone());
            // SAFETY: the caller's.
            unsafe { arguments.prepend(receiver) };
            callable = function;
        }
        Kind::Type => {
            if let Some(init) = python_init(vm, callable.borrow()) {
                let instance = type_::new_plain_instance(vm, callable.borrow())?;
                // SAFETY: the caller's.
                unsafe { arguments.prepend(instance.clone()) };
                return push_init(vm, instance, init, arguments, names, prev, ret);
            }
        }
        Kind::Instance => {
            if let Some(function) = special_function(vm, callable.borrow(), vm.names().__call__.borrow()) {
                // SAFETY: the caller's.
                unsafe { arguments.prepend(std::mem::replace(&mut callable, function)) };
            }
        }
        _ => {}
    }
    match callable.borrow().kind() {
        Kind::Function => push_call(vm, callable, arguments, names, prev, ret),
        _ => vm.call_args(callable.borrow(), &Args::new(arguments.as_refs(), names)).map(Called::Value),
    }
}

/// The Python function that the object's class has as a special method.
#[inline]
pub(super) fn special_function(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
    vm.lookup(vm.class(object), name).filter(|function| function.borrow().kind() == Kind::Function)
}

/// The `__init__` of a class whose instances `object.__new__` makes, if it is a Python function.
fn python_init(vm: &Thread, class: Ref<'_>) -> Option<Owned> {
    if !type_::makes_plain_instances(vm, class) {
        return None;
    }
    vm.lookup(class, vm.names().__init__.borrow()).filter(|init| init.borrow().kind() == Kind::Function)
}

/// The frame of `__init__`, which takes the instance over.
fn push_init(
    vm: &Thread,
    instance: Owned,
    init: Owned,
    arguments: Arguments,
    names: &[Owned],
    prev: *mut Frame,
    ret: Return,
) -> PyResult<Called> {
    match push_call(vm, init, arguments, names, prev, Return { to: Continuation::Init, ..ret })? {
        Called::Frame(frame) => {
            // SAFETY: the frame was just pushed.
            unsafe { (*frame).held = instance.into_value() };
            Ok(Called::Frame(frame))
        }
        // `__init__` is a generator function: its value is not None.
        Called::Value(value) => Err(super::leave::init_returned(vm, &value)),
    }
}

/// The arguments of `f(*positional, **keywords)`: values, and the names of the last ones. Keywords are settled before the
/// positional arguments are iterated over.
fn spread(
    vm: &Thread,
    callable: &Owned,
    positional: &Owned,
    keywords: Option<&Owned>,
) -> PyResult<(Buffer, SmallVec<[Owned; 4]>)> {
    let is_exact =
        |object: &Owned, kind| object.borrow().header().is_some_and(|header| header.is_exact(kind));
    let (tuple, copy) = (is_exact(positional, Kind::Tuple), &mut None);
    let keywords = match keywords {
        Some(keywords) if !(tuple && is_exact(keywords, Kind::Dict)) => {
            let copy = copy.insert(vm.new_object(Dict { table: Table::new() })?);
            merge_keywords(vm, copy.borrow(), keywords.borrow(), callable.borrow())?;
            Some(&*copy)
        }
        keywords => keywords,
    };
    let mut values = Buffer::new();
    match positional.borrow().downcast::<Tuple>() {
        Some(items) if tuple => items.as_slice().iter().for_each(|value| values.push(value.clone())),
        _ => vm
            .collect(positional.borrow())
            .map_err(|raised| not_iterable(vm, raised, callable.borrow(), positional.borrow()))?
            .into_iter()
            .for_each(|value| values.push(value)),
    }
    let mut names = SmallVec::new();
    if let Some(dict) = keywords.and_then(|keywords| keywords.borrow().downcast::<Dict>()) {
        let mut position = 0;
        while let Some((name, value)) = dict.table.next(&mut position) {
            if name.borrow().kind() != Kind::Str {
                return Err(vm.type_error("keywords must be strings"));
            }
            names.push(name);
            values.push(value);
        }
    }
    Ok((values, names))
}

/// The TypeError of `f(*x)` for what is not iterable.
fn not_iterable(vm: &Thread, raised: Raised, callable: Ref<'_>, iterable: Ref<'_>) -> Raised {
    let slots = &vm.class(iterable).downcast::<Type>().expect("a class").slots;
    if !raised.is(&vm.exceptions().TypeError) || slots.iter.get().is_some() || slots.item.get().is_some() {
        return raised;
    }
    let (function, got) = (vm.function_str(callable), vm.type_name(iterable));
    vm.type_error(format_args!("{function} argument after * must be an iterable, not {got}"))
}

/// Merges `**items` into a call's keyword arguments.
pub(super) fn merge_keywords(vm: &Thread, map: Ref<'_>, items: Ref<'_>, callable: Ref<'_>) -> PyResult<()> {
    let merged = &map.downcast::<Dict>().expect("verified code merges into a dict").table;
    if let Some(dict) =
        items.downcast::<Dict>().filter(|_| items.header().is_some_and(|h| h.is_exact(Kind::Dict)))
    {
        let mut position = 0;
        while let Some((key, value)) = dict.table.next(&mut position) {
            merge_keyword(vm, merged, key.borrow(), callable, || Ok(value))?;
        }
        return Ok(());
    }
    merge_mapping(vm, merged, items, callable).map_err(|raised| {
        // Whatever attribute is missing, it is taken for one that makes a mapping.
        if !raised.is(&vm.exceptions().AttributeError) {
            return raised;
        }
        let (function, got) = (vm.function_str(callable), vm.type_name(items));
        vm.type_error(format_args!("{function} argument after ** must be a mapping, not {got}"))
    })
}

fn merge_mapping(vm: &Thread, merged: &Table, items: Ref<'_>, callable: Ref<'_>) -> PyResult<()> {
    let keys = vm.iterator_of_keys(items)?;
    vm.iterate(keys.borrow(), &mut |key| {
        merge_keyword(vm, merged, key.borrow(), callable, || vm.get_item(items, key.borrow()))
    })
}

/// Adds a keyword argument that must be new.
fn merge_keyword(
    vm: &Thread,
    merged: &Table,
    key: Ref<'_>,
    callable: Ref<'_>,
    value: impl FnOnce() -> PyResult,
) -> PyResult<()> {
    let hash = vm.hash(key)?;
    if !merged.contains(vm, key, hash)? {
        return merged.insert(vm, key, hash, value()?).map(drop);
    }
    let function = vm.function_str(callable);
    let name = vm.to_str(key)?;
    let name = name.borrow().downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
    Err(vm.type_error(format_args!("{function} got multiple values for keyword argument '{name}'")))
}

/// A function object: code with its globals, named after the code.
pub(crate) fn new_function(vm: &Thread, code: Owned, globals: Owned, builtins: Owned) -> PyResult {
    use crate::heap::Slot;
    let (name, qualname) = {
        let code = code.borrow().downcast::<Code>().expect("a code object");
        (code.name.clone(), code.qualname.clone())
    };
    let module = globals
        .borrow()
        .downcast::<Dict>()
        .map(|dict| {
            let name = vm.names().__name__.borrow();
            dict.table.get(vm, name, vm.hash(name)?)
        })
        .transpose()?
        .flatten();
    vm.new_object(Function {
        code: CodeSlot::new(code),
        globals,
        builtins,
        closure: Slot::empty(),
        defaults: Slot::empty(),
        kw_defaults: Slot::empty(),
        name: Slot::new(name),
        qualname: Slot::new(qualname),
        module: Slot::from_option(module),
        doc: Slot::empty(),
        annotate: Slot::empty(),
        annotations: Slot::empty(),
        type_params: Slot::empty(),
    })
}

/// Calls a Python function from native code, with a receiver before the other arguments if there is one.
pub(crate) fn call_function(
    vm: &Thread,
    function: Ref<'_>,
    receiver: Option<Ref<'_>>,
    args: &Args<'_>,
) -> PyResult {
    if !vm.has_requests() && !args.has_keywords() {
        let args = args.values();
        let (prev, first) = (vm.frames.top.get(), usize::from(receiver.is_some()));
        // SAFETY: the callers pass functions; the frame gets a count of its own of everything.
        unsafe {
            let frame = push_exact(vm, function.value(), first + args.len(), prev, Return::NATIVE);
            if !frame.is_null() {
                std::mem::forget(function.own());
                let registers = Frame::registers(frame);
                if let Some(receiver) = receiver {
                    registers.write(receiver.own().into_value());
                }
                for (index, argument) in args.iter().enumerate() {
                    registers.add(first + index).write(argument.own().into_value());
                }
                return finish_native(vm, Called::Frame(frame));
            }
        }
    }
    match receiver {
        Some(receiver) => args.prepend(receiver, |args| bind_and_call(vm, function, args)),
        None => bind_and_call(vm, function, args),
    }
}

/// Calls a Python function from native code, whatever its parameters and arguments.
fn bind_and_call(vm: &Thread, function: Ref<'_>, args: &Args<'_>) -> PyResult {
    if vm.has_requests() {
        super::requests(vm)?;
    }
    let mut values = Buffer::new();
    args.values().iter().for_each(|value| values.push(value.own()));
    let called =
        push_call(vm, function.own(), values.arguments(), args.names(), vm.frames.top.get(), Return::NATIVE)?;
    finish_native(vm, called)
}

/// Runs code in a namespace, as `exec` and `eval` do.
pub(crate) fn run_code(vm: &Thread, function: Owned, namespace: Owned) -> PyResult {
    match push_call(vm, function, Buffer::new().arguments(), &[], vm.frames.top.get(), Return::NATIVE)? {
        Called::Frame(frame) => {
            // SAFETY: the frame was just pushed.
            unsafe { set_namespace(frame, namespace) };
            finish_native(vm, Called::Frame(frame))
        }
        Called::Value(generator) => {
            generator::set_namespace(generator.borrow(), namespace);
            Ok(generator)
        }
    }
}

/// Sets the namespace of a frame that has not started. The code of a function has its variables in the frame.
pub(super) unsafe fn set_namespace(frame: *mut Frame, namespace: Owned) {
    // SAFETY: the caller's frame is alive, and owns its former namespace.
    unsafe {
        if (*(*frame).code).flags & flags::OPTIMIZED == 0 {
            std::mem::replace(&mut (*frame).namespace, namespace.into_value()).release();
        }
    }
}

fn finish_native(vm: &Thread, called: Called) -> PyResult {
    match called {
        Called::Value(value) => Ok(value),
        Called::Frame(frame) => match dispatch::run(vm, frame)? {
            Exit::Return(value) => Ok(value),
            Exit::Yield(_) | Exit::Item(_) => unreachable!("only generators' frames yield"),
        },
    }
}
