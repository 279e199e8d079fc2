//! What `sys` shows of the running interpreter, and lets programs change: frames, limits, hooks.

use std::cell::Cell;

use crate::config::Config;
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Frame};
use crate::heap::dict::Dict;
use crate::heap::{Items, Slot, flag, gc};
use crate::types::type_::{Type, payload_of, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// State of an interpreter that belongs to `sys`.
pub(crate) struct Runtime {
    /// `sys.addaudithook`
    audit_hooks: Items,
    /// `sys.setswitchinterval`, in seconds.
    switch_interval: Cell<f64>,
    /// Whether the interpreter is shutting down.
    finalizing: Cell<bool>,
    /// `_abc.get_cache_token()`
    abc_token: Cell<u64>,
    /// The registrations of `atexit`.
    exit_functions: Items,
    /// `_thread.stack_size`
    thread_stack_size: Cell<i64>,
    /// `sys.setdlopenflags`
    dlopen_flags: Cell<i32>,
    /// The function `sys.unraisablehook` as it was at first, which needs no call.
    default_unraisable_hook: Slot,
}

impl Default for Runtime {
    fn default() -> Self {
        Self {
            audit_hooks: Items::new(),
            switch_interval: Cell::new(0.005),
            finalizing: Cell::new(false),
            abc_token: Cell::new(0),
            exit_functions: Items::new(),
            thread_stack_size: Cell::new(0),
            dlopen_flags: Cell::new(RTLD_NOW),
            default_unraisable_hook: Slot::empty(),
        }
    }
}

/// The flags of classes whose instances match patterns for sequences or mappings.
const COLLECTION: u64 = type_flag::SEQUENCE | type_flag::MAPPING;

/// Resolve all symbols at once: what `dlopen` is told unless a program says otherwise.
const RTLD_NOW: i32 = 2;

/// The reference count that immortal objects show, as CPython has it.
const IMMORTAL_COUNT: u32 = 0xC000_0000;

/// What the collector keeps before every object of CPython's that it tracks; `sys.getsizeof` counts it.
const COLLECTOR_HEADER: usize = 16;

impl Thread {
    /// What the interpreter was started with.
    pub fn config(&self) -> &Config {
        &self.interpreter().config
    }

    /// Makes a dict the namespace of `sys`, in which the core looks for hooks and streams.
    pub fn set_sys(&self, dict: Owned) {
        self.interpreter().sys.set(dict);
    }

    /// The namespace of `builtins`.
    pub fn builtins_dict(&self) -> Option<Owned> {
        self.interpreter().builtins.get()
    }

    // ---- frames ----

    /// The frame object so many calls up from the running function; `None` beyond the outermost.
    pub fn frame_at(&self, depth: usize) -> PyResult<Option<Owned>> {
        let frame = frame::nth(self, depth);
        if frame.is_null() { Ok(None) } else { frame::frame_object(self, frame).map(Some) }
    }

    /// The function of the frame so many calls up from the running function.
    pub fn function_at(&self, depth: usize) -> Option<Owned> {
        let frame = frame::nth(self, depth);
        (!frame.is_null()).then(|| Frame::function(frame))
    }

    /// The exception being handled: `sys.exception()`.
    pub fn handled_exception(&self) -> Option<Owned> {
        frame::handled_exception(self)
    }

    // ---- limits ----

    /// `sys.getrecursionlimit()`
    pub fn recursion_limit(&self) -> i32 {
        self.recursion_limit.get()
    }

    /// `sys.setrecursionlimit(limit)`, the limit being positive.
    pub fn set_recursion_limit(&self, limit: i32) -> PyResult<()> {
        let depth = self.recursion_limit.get() - self.recursion_left.get();
        if depth >= limit {
            return Err(self.recursion_error(format_args!(
                "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
            )));
        }
        self.recursion_limit.set(limit);
        self.interpreter().recursion_limit.set(limit);
        self.recursion_left.set(limit - depth);
        Ok(())
    }

    /// `sys.get_int_max_str_digits()`
    pub fn max_str_digits(&self) -> usize {
        self.interpreter().int_max_str_digits.get() as usize
    }

    /// `sys.getswitchinterval()`, in seconds.
    pub fn switch_interval(&self) -> f64 {
        self.interpreter().runtime.switch_interval.get()
    }

    /// `sys.setswitchinterval(seconds)`
    pub fn set_switch_interval(&self, seconds: f64) {
        self.interpreter().runtime.switch_interval.set(seconds);
        self.interpreter().gil.set_interval((seconds * 1e6) as u64);
    }

    /// `sys.get_coroutine_origin_tracking_depth()`
    pub fn origin_depth(&self) -> usize {
        self.origin_depth.get()
    }

    /// `sys.set_coroutine_origin_tracking_depth(depth)`
    pub fn set_origin_depth(&self, depth: usize) {
        self.origin_depth.set(depth);
    }

    /// The size of new threads' stacks, 0 being the system's choice.
    pub fn thread_stack_size(&self) -> i64 {
        self.interpreter().runtime.thread_stack_size.get()
    }

    /// Sets the size of new threads' stacks, 0 being the system's choice; the result is the former one.
    pub fn set_thread_stack_size(&self, size: i64) -> i64 {
        self.interpreter().runtime.thread_stack_size.replace(size)
    }

    /// `sys.getdlopenflags()`
    pub fn dlopen_flags(&self) -> i32 {
        self.interpreter().runtime.dlopen_flags.get()
    }

    /// `sys.setdlopenflags(flags)`
    pub fn set_dlopen_flags(&self, flags: i32) {
        self.interpreter().runtime.dlopen_flags.set(flags);
    }

    // ---- hooks ----

    /// `sys.get_asyncgen_hooks()`: the first-iteration hook and the finaliser.
    pub fn asyncgen_hooks(&self) -> (Option<Owned>, Option<Owned>) {
        (self.asyncgen_hooks.first_iteration.get(), self.asyncgen_hooks.finalizer.get())
    }

    /// Sets the first-iteration hook of async generators.
    pub fn set_asyncgen_first_iteration(&self, hook: Option<Owned>) {
        drop(self.asyncgen_hooks.first_iteration.replace(hook));
    }

    /// Sets the finaliser of async generators.
    pub fn set_asyncgen_finalizer(&self, hook: Option<Owned>) {
        drop(self.asyncgen_hooks.finalizer.replace(hook));
    }

    /// Adds a hook that audit events go to; nothing takes it away again.
    pub fn add_audit_hook(&self, hook: Owned) -> PyResult<()> {
        self.interpreter().runtime.audit_hooks.push(self, hook)
    }

    /// Whether anybody listens to audit events.
    pub fn has_audit_hooks(&self) -> bool {
        !self.interpreter().runtime.audit_hooks.is_empty()
    }

    /// Raises an audit event (PEP 578): the hooks are called in their order, and any of them may raise.
    pub fn audit(&self, event: Ref<'_>, arguments: &[Ref<'_>]) -> PyResult<()> {
        let hooks = &self.interpreter().runtime.audit_hooks;
        if hooks.is_empty() {
            return Ok(());
        }
        let arguments = self.tuple_of(arguments)?;
        let mut index = 0;
        while let Some(hook) = hooks.get(index) {
            self.call(hook.borrow(), &[event, arguments.borrow()])?;
            index += 1;
        }
        Ok(())
    }

    /// Makes the original `sys.unraisablehook` known.
    pub fn set_default_unraisable_hook(&self, hook: Owned) {
        self.interpreter().runtime.default_unraisable_hook.set(hook);
    }

    /// Whether an object is the original `sys.unraisablehook`.
    pub(crate) fn is_default_unraisable_hook(&self, hook: Ref<'_>) -> bool {
        self.interpreter().runtime.default_unraisable_hook.holds(hook)
    }

    /// `sys.is_finalizing()`
    pub fn is_finalizing(&self) -> bool {
        self.interpreter().runtime.finalizing.get()
    }

    /// What is called when the program ends: tuples of a function, the values of its arguments, and the names of the
    /// last of these.
    pub fn exit_functions(&self) -> &Items {
        &self.interpreter().runtime.exit_functions
    }

    /// Notes that the interpreter shuts down.
    pub fn set_finalizing(&self) {
        self.interpreter().runtime.finalizing.set(true);
    }

    // ---- objects ----

    /// `sys.getrefcount(object)`: the references there are.
    pub fn reference_count(&self, object: Ref<'_>) -> u32 {
        match object.header() {
            Some(header) if !header.is_immortal() => header.references(),
            _ => IMMORTAL_COUNT,
        }
    }

    /// Whether an object lives as long as the interpreter.
    pub fn is_immortal(&self, object: Ref<'_>) -> bool {
        object.header().is_none_or(crate::heap::Header::is_immortal)
    }

    /// How many objects live on the heap.
    pub fn live_objects(&self) -> usize {
        let mut count = 0;
        self.heap().for_each(|_| count += 1);
        count
    }

    /// `sys.getsizeof(object)`
    pub fn size_of(&self, object: Ref<'_>) -> PyResult<usize> {
        let size = match self.call_special(object, &self.names().__sizeof__, &[])? {
            Some(size) => size,
            None => {
                let class = self.type_name(object);
                return Err(self.type_error(format_args!("Type {class} doesn't define __sizeof__")));
            }
        };
        let Some(int) = crate::protocol::conversion::int_value(size.borrow()) else {
            return Err(self.type_error("an integer is required"));
        };
        let Some(size) = int.to_i64() else {
            return Err(self.overflow_error("Python int too large to convert to C ssize_t"));
        };
        let Ok(size) = usize::try_from(size) else {
            return Err(self.value_error("__sizeof__() should return >= 0"));
        };
        let is_tracked = object.header().is_some_and(gc::is_tracked);
        Ok(size + if is_tracked { COLLECTOR_HEADER } else { 0 })
    }

    /// Whether a str is interned.
    pub fn is_interned(&self, text: Ref<'_>) -> bool {
        text.header().is_some_and(|header| header.has(flag::INTERNED))
    }

    /// How many strs are interned.
    pub fn interned_count(&self) -> usize {
        self.interpreter().interned.len()
    }

    /// How many interned strs live as long as the interpreter.
    pub fn immortal_interned_count(&self) -> usize {
        let mut count = 0;
        self.interpreter().interned.for_each(|text| count += usize::from(self.is_immortal(text)));
        count
    }

    // ---- classes ----

    /// Whether an object is a class.
    pub fn is_class(&self, object: Ref<'_>) -> bool {
        object.downcast::<Type>().is_some()
    }

    /// The counter that registrations with abstract base classes raise.
    pub fn abc_token(&self) -> &Cell<u64> {
        &self.interpreter().runtime.abc_token
    }

    /// Moves `__abc_tpflags__` from a class's namespace to its flags: instances match patterns for sequences or mappings.
    pub fn take_collection_flags(&self, class: Ref<'_>) -> PyResult<()> {
        let payload = payload_of(class);
        let name = self.intern("__abc_tpflags__")?;
        let hash = self.hash(name.borrow())?;
        let Some(value) = payload.namespace(self).table.get(self, name.borrow(), hash)? else {
            return Ok(());
        };
        let Some(flags) = value.borrow().as_small_int() else { return Ok(()) };
        let flags = flags as u64 & COLLECTION;
        if flags == COLLECTION {
            return Err(
                self.type_error("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING")
            );
        }
        payload.set_flag(flags, true);
        let removed = payload.namespace(self).table.remove(self, name.borrow(), hash)?;
        payload.modified(self);
        drop(removed);
        Ok(())
    }

    /// Makes the instances of a class and its subclasses match patterns as those of another do, which is for sequences
    /// or for mappings or neither.
    pub fn share_collection_flags(&self, from: Ref<'_>, to: Ref<'_>) {
        let flags = payload_of(from).flags.get() & COLLECTION;
        if flags == 0 {
            return;
        }
        let mut pending = vec![to.own()];
        while let Some(class) = pending.pop() {
            let payload = payload_of(class.borrow());
            let has = payload.flags.get() & COLLECTION;
            if payload.has(type_flag::IMMUTABLE) || has == flags {
                continue;
            }
            payload.set_flag(COLLECTION, false);
            payload.set_flag(flags, true);
            payload.modified(self);
            pending.extend(payload.subclasses.members());
        }
    }

    /// Forgets what look-ups along the MROs of all classes found.
    pub fn forget_lookups(&self) {
        payload_of(self.types().object.borrow()).modified(self);
    }

    /// Takes `__dict__` and `__weakref__` out of a class's namespace, so that a class like it can be made from the rest:
    /// `dataclasses` does it to add slots.
    pub fn clear_type_descriptors(&self, class: Ref<'_>) -> PyResult<()> {
        let payload = payload_of(class);
        if payload.has(type_flag::IMMUTABLE) {
            return Err(self.type_error("argument is immutable"));
        }
        let table = &payload.namespace(self).table;
        for name in [&self.names().__dict__, &self.names().__weakref__] {
            let removed = table.remove(self, name.borrow(), self.hash(name.borrow())?)?;
            payload.modified(self);
            drop(removed);
        }
        Ok(())
    }

    // ---- attributes of sys ----

    /// An attribute of `sys` by its name; `None` if it is missing.
    pub fn sys_get(&self, name: &str) -> PyResult<Option<Owned>> {
        self.sys_attribute(&self.intern(name)?)
    }

    /// Sets an attribute of `sys`.
    pub fn sys_set(&self, name: &str, value: Ref<'_>) -> PyResult<()> {
        match self.interpreter().sys.get() {
            Some(sys) => self.set_item(sys.borrow(), self.intern(name)?.borrow(), Some(value)),
            None => Ok(()),
        }
    }

    /// An item of a dict, by a key that is a str: `dict.get(key)`.
    pub fn dict_get(&self, dict: Ref<'_>, key: &str) -> PyResult<Option<Owned>> {
        let key = self.intern(key)?;
        match dict.downcast::<Dict>() {
            Some(dict) => dict.table.get(self, key.borrow(), self.hash(key.borrow())?),
            None => Ok(None),
        }
    }

    /// The class of an object.
    pub fn class_object(&self, object: Ref<'_>) -> Owned {
        self.class(object).own()
    }

    /// `SystemExit` with a status, as `sys.exit` raises it.
    pub fn system_exit(&self, status: Ref<'_>) -> Raised {
        let class = &self.exceptions().SystemExit;
        match status.downcast::<crate::heap::inline::Tuple>() {
            _ if status.is_none() => self.error_with(class, &[]),
            Some(arguments) => {
                let arguments: Vec<Ref<'_>> = arguments.as_slice().iter().map(Owned::borrow).collect();
                self.error_with(class, &arguments)
            }
            None if self.is_instance(status, class.borrow()).unwrap_or(false) => Raised::new(status.own()),
            None => self.error_with(class, &[status]),
        }
    }
}
