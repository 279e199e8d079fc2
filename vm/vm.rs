//! The interpreter and its threads.
//!
//! An [`Interpreter`] owns everything: heap, classes, interned strings, modules, hooks. There is no other mutable state in
//! the process but the table of signals, so interpreters in one process do not know of each other. A [`Thread`] is what an
//! OS thread runs Python with; `vm` in signatures is always a `&Thread`, and a function that takes it may allocate, raise or
//! run Python.
//!
//! State is in `Cell`s, and behind `RefCell`s where it is large; no borrow spans anything that can run Python.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pyx_compiler::Display;

pub use crate::config::Config;
use crate::exception::{ExceptionTypes, PyResult};
use crate::heap::{Heap, Kind, Shape, Slot};
use crate::names::Names;
use crate::native::TypeDef;
use crate::types::Types;
use crate::value::{Owned, Ref};

/// What upper crates install: the parts of Python that need the parser and the library.
#[derive(Clone, Copy)]
pub struct Hooks {
    /// `compile(source, filename, mode, flags, dont_inherit, optimize)`, giving a code object or an AST.
    pub compile: fn(&Thread, &CompileRequest<'_>) -> PyResult,
}

/// What `compile()` asks of the upper crates.
pub struct CompileRequest<'a> {
    /// A str, a bytes-like object, or an `ast` node.
    pub source: Ref<'a>,
    /// The file name as text.
    pub filename: Ref<'a>,
    /// `exec`, `eval`, `single`, `interactive` or `func_type`.
    pub mode: &'a str,
    /// `PyCF_*` and future flags.
    pub flags: u32,
    /// -1 for the interpreter's own level, else 0, 1, 2.
    pub optimize: i32,
    /// `feature_version` of `ast.parse`, or -1.
    pub feature_version: i32,
    /// Which values the statements of an interactive tree show.
    pub display: Display,
    /// Whether the code returns the last of those values instead of showing it.
    pub return_display: bool,
    /// Whether the source is what the file of that name holds: some errors say so.
    pub is_file: bool,
}

impl<'a> CompileRequest<'a> {
    /// A request with nothing special. What shows values in `single` mode shows them all, else the last one is shown.
    pub fn new(source: Ref<'a>, filename: Ref<'a>, mode: &'a str) -> Self {
        let display = if mode == "interactive" { Display::LastExpr } else { Display::All };
        let (flags, optimize, feature_version) = (0, -1, -1);
        let (return_display, is_file) = (false, false);
        Self { source, filename, mode, flags, optimize, feature_version, display, return_display, is_file }
    }
}

/// One Python: its objects, classes and modules.
pub struct Interpreter {
    pub(crate) config: Config,
    pub(crate) hooks: Cell<Option<Hooks>>,
    pub(crate) types: OnceCell<Types>,
    pub(crate) exceptions: OnceCell<ExceptionTypes>,
    pub(crate) names: OnceCell<Names>,
    pub(crate) dunders: OnceCell<crate::types::type_::update::Dunders>,
    pub(crate) interned: crate::heap::interned::InternTable,
    /// What look-ups along the MRO found.
    pub(crate) lookups: crate::heap::lookup::LookupCache,
    pub(crate) attributes: crate::eval::SharedCache,
    /// How many frames handle an exception.
    pub(crate) handling: Cell<usize>,
    pub(crate) super_methods: crate::eval::SuperCache,
    /// Root shapes of the core's native classes.
    pub(crate) kind_shapes: [Cell<*const Shape>; 256],
    /// Class objects of native types, by the address of their table.
    pub(crate) native_classes: RefCell<HashMap<usize, Owned, ahash::RandomState>>,
    /// The objects of which there is one in each interpreter, by the address of their class's table.
    pub(crate) singletons: RefCell<HashMap<usize, Owned>>,
    next_shape: Cell<u32>,
    next_layout: Cell<u32>,
    /// `sys.modules`
    pub(crate) modules: Slot,
    /// The tables of native modules.
    pub(crate) native_modules: RefCell<Vec<&'static crate::native::ModuleDef>>,
    /// `_frozen_importlib`, once it runs.
    pub(crate) importlib: Slot,
    /// What else belongs to import.
    pub(crate) importing: crate::import::ImportState,
    /// The module `builtins`'s dict.
    pub(crate) builtins: Slot,
    /// The module `sys`'s dict.
    pub(crate) sys: Slot,
    /// What signals do.
    pub(crate) handlers: crate::signal::Handlers,
    /// What belongs to `gc`.
    pub(crate) collector: crate::collector::Collector,
    pub(crate) warnings: crate::warn::Warnings,
    /// What belongs to `sys`.
    pub(crate) runtime: crate::runtime::Runtime,
    /// The directory that the command line put first on `sys.path`; empty where it put none (`-P`, `-I`).
    pub(crate) program_directory: Slot,
    pub(crate) memory_errors: crate::types::exception::MemoryErrors,
    /// Source text that is in no file, for tracebacks.
    pub(crate) sources: crate::traceback::Sources,
    pub(crate) empty_tuple: Slot,
    /// The one-character strings of Latin-1.
    pub(crate) latin1: OnceCell<Box<[Owned; 256]>>,
    pub(crate) empty_bytes: Slot,
    pub(crate) hash_keys: ahash::RandomState,
    pub(crate) int_max_str_digits: Cell<u32>,
    pub(crate) weak: crate::weak::WeakTable,
    /// What tasks may await beyond the scheduler's own objects.
    pub(crate) adapters: crate::scheduler::Adapters,
    pub(crate) codecs: crate::codecs::registry::Registry,
    /// What belongs to `sys.monitoring`.
    pub(crate) monitoring: crate::monitoring::Monitoring,
    pub(crate) at_fork: crate::fork::AtFork,
    /// Bits of requests to the thread that runs; see [`request`].
    pub(crate) breaker: Arc<AtomicU32>,
    /// Which thread may use all this.
    pub(crate) gil: Arc<crate::gil::Gil>,
    pub(crate) threads: crate::threads::Threads,
    /// `sys.setrecursionlimit`, for threads to come.
    pub(crate) recursion_limit: Cell<i32>,
    /// The identifier of the main thread.
    pub(crate) main_ident: Cell<u64>,
    /// The last field: dropping the others looks at objects.
    heap: OwnHeap,
}

/// The heap of an interpreter, apart from it: while the interpreter is dropped, the objects that end change the heap.
struct OwnHeap(NonNull<Heap>);

#[expect(unsafe_code, reason = "owns the heap by a pointer, which objects have as well")]
impl OwnHeap {
    fn new() -> Self {
        Self(NonNull::from(Box::leak(Box::new(Heap::new()))))
    }

    fn get(&self) -> &Heap {
        // SAFETY: it lives until `drop`.
        unsafe { self.0.as_ref() }
    }
}

#[expect(unsafe_code, reason = "as above")]
impl Drop for OwnHeap {
    fn drop(&mut self) {
        // SAFETY: a leaked box, whose objects nobody looks at any more.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// Bits of the eval-breaker: each asks the running thread for something at its next poll.
pub mod request {
    /// A signal arrived.
    pub const SIGNAL: u32 = 1;
    /// The cycle collector should run.
    pub const COLLECT: u32 = 2;
    /// Another thread wants the interpreter.
    pub const YIELD_GIL: u32 = 4;
    /// An exception was set from another thread.
    pub const ASYNC_EXCEPTION: u32 = 8;
    /// A budget is used up.
    pub const BUDGET: u32 = 16;
    /// Calls queued for the main thread.
    pub const PENDING_CALLS: u32 = 32;
}

/// An OS thread's access to an interpreter. Not `Send`: it belongs to the thread that made it.
pub struct Thread {
    interpreter: *const Interpreter,
    heap: *const Heap,
    /// Where it stands among other threads.
    pub(crate) place: crate::threads::Place,
    pub(crate) breaker: Arc<AtomicU32>,
    /// The interpreter's lock, which outlives it.
    pub(crate) gil: Arc<crate::gil::Gil>,
    pub(crate) frames: crate::frame::FrameStack,
    /// The lowest address that the native stack may reach.
    stack_limit: Cell<usize>,
    /// Python-to-Python calls that are still allowed (`sys.setrecursionlimit`).
    pub(crate) recursion_left: Cell<i32>,
    pub(crate) recursion_limit: Cell<i32>,
    /// Weak references to the objects that have attributes of this thread.
    pub(crate) locals: RefCell<Vec<Owned>>,
    /// `sys.set_coroutine_origin_tracking_depth`
    pub(crate) origin_depth: Cell<usize>,
    /// The current context of context variables; empty is one without any.
    pub(crate) context: Slot,
    /// `sys.set_asyncgen_hooks`
    pub(crate) asyncgen_hooks: AsyncGeneratorHooks,
    /// What this thread's tools do.
    pub(crate) listening: crate::monitoring::Listening,
    /// The ids of objects whose repr is being made.
    pub(crate) reprs: RefCell<Vec<u64>>,
    /// Where texts are composed.
    pub(crate) scratch: crate::text::scratch::Scratch,
    /// What runs the thread's coroutines, once somebody uses it.
    pub(crate) scheduler: OnceCell<Rc<crate::scheduler::Scheduler>>,
    /// What it is dropping, while another thread runs.
    pub(crate) drops: crate::heap::Drops,
}

/// What an event loop wants to know about async generators.
#[derive(Default)]
pub(crate) struct AsyncGeneratorHooks {
    /// Called when one is first iterated.
    pub(crate) first_iteration: Slot,
    /// Called in place of ending one that is dropped unfinished.
    pub(crate) finalizer: Slot,
}

impl Interpreter {
    /// An interpreter without classes yet; [`crate::bootstrap`] completes it.
    pub(crate) fn new(config: Config) -> Box<Self> {
        let hash_keys = match config.hash_seed {
            Some(seed) => {
                let seed = u64::from(seed);
                ahash::RandomState::with_seeds(seed, !seed, seed.rotate_left(17), seed ^ 0x9e37_79b9)
            }
            None => ahash::RandomState::new(),
        };
        let breaker: Arc<AtomicU32> = Arc::default();
        Box::new(Self {
            heap: OwnHeap::new(),
            gil: Arc::new(crate::gil::Gil::new(breaker.clone())),
            threads: crate::threads::Threads::default(),
            recursion_limit: Cell::new(1000),
            main_ident: Cell::new(0),
            int_max_str_digits: Cell::new(config.int_max_str_digits),
            config,
            hooks: Cell::new(None),
            types: OnceCell::new(),
            exceptions: OnceCell::new(),
            names: OnceCell::new(),
            dunders: OnceCell::new(),
            interned: crate::heap::interned::InternTable::default(),
            lookups: crate::heap::lookup::LookupCache::default(),
            attributes: crate::eval::SharedCache::default(),
            handling: Cell::new(0),
            super_methods: crate::eval::SuperCache::default(),
            kind_shapes: [const { Cell::new(std::ptr::null()) }; 256],
            native_classes: RefCell::default(),
            singletons: RefCell::default(),
            next_shape: Cell::new(1),
            next_layout: Cell::new(1),
            modules: Slot::empty(),
            native_modules: RefCell::default(),
            importlib: Slot::empty(),
            importing: crate::import::ImportState::default(),
            builtins: Slot::empty(),
            sys: Slot::empty(),
            handlers: crate::signal::Handlers::default(),
            collector: crate::collector::Collector::default(),
            warnings: crate::warn::Warnings::default(),
            runtime: crate::runtime::Runtime::default(),
            program_directory: Slot::empty(),
            memory_errors: crate::types::exception::MemoryErrors::default(),
            sources: crate::traceback::Sources::default(),
            empty_tuple: Slot::empty(),
            latin1: OnceCell::new(),
            empty_bytes: Slot::empty(),
            hash_keys,
            weak: crate::weak::WeakTable::default(),
            adapters: crate::scheduler::Adapters::default(),
            codecs: crate::codecs::registry::Registry::default(),
            monitoring: crate::monitoring::Monitoring::default(),
            at_fork: crate::fork::AtFork::default(),
            breaker,
        })
    }

    /// A shape id that was never used before.
    pub(crate) fn new_shape_id(&self) -> u32 {
        let id = self.next_shape.get();
        // Ids wrap after four billion class mutations; id 0 stays the empty cache's.
        self.next_shape.set(id.checked_add(1).unwrap_or(1));
        id
    }

    /// A dict layout version that was never used before.
    pub(crate) fn new_layout_version(&self) -> u32 {
        let version = self.next_layout.get();
        self.next_layout.set(version.checked_add(1).unwrap_or(1));
        version
    }

    /// The objects.
    pub(crate) fn heap(&self) -> &Heap {
        self.heap.get()
    }
}

impl Thread {
    /// A thread on an interpreter, which outlives it.
    pub(crate) fn new(interpreter: &Interpreter) -> Self {
        let place = crate::threads::Place::new(interpreter);
        if place.is_main.get() {
            interpreter.main_ident.set(place.ident.get());
        }
        Self {
            interpreter,
            heap: interpreter.heap(),
            place,
            breaker: interpreter.breaker.clone(),
            gil: interpreter.gil.clone(),
            frames: crate::frame::FrameStack::new(),
            stack_limit: Cell::new(crate::stack::limit()),
            recursion_left: Cell::new(interpreter.recursion_limit.get()),
            recursion_limit: Cell::new(interpreter.recursion_limit.get()),
            locals: RefCell::default(),
            origin_depth: Cell::new(0),
            context: Slot::empty(),
            asyncgen_hooks: AsyncGeneratorHooks::default(),
            listening: crate::monitoring::Listening::default(),
            reprs: RefCell::default(),
            scratch: crate::text::scratch::Scratch::default(),
            scheduler: OnceCell::new(),
            drops: crate::heap::Drops::default(),
        }
    }

    /// The interpreter.
    #[inline(always)]
    #[expect(unsafe_code, reason = "the interpreter outlives its threads")]
    pub fn interpreter(&self) -> &Interpreter {
        // SAFETY: a thread is made by, and dropped before, the owner of its interpreter.
        unsafe { &*self.interpreter }
    }

    /// The heap.
    #[inline(always)]
    #[expect(unsafe_code, reason = "the interpreter, whose heap it is, outlives its threads")]
    pub(crate) fn heap(&self) -> &Heap {
        // SAFETY: as in `interpreter`.
        unsafe { &*self.heap }
    }

    /// The classes of the core.
    #[inline(always)]
    pub fn types(&self) -> &Types {
        self.interpreter().types.get().expect("the classes are made first")
    }

    /// The exception classes.
    #[inline(always)]
    pub fn exceptions(&self) -> &ExceptionTypes {
        self.interpreter().exceptions.get().expect("the exception classes are made at start")
    }

    /// Interned names that the core uses.
    #[inline(always)]
    pub fn names(&self) -> &Names {
        self.interpreter().names.get().expect("the names are made first")
    }

    /// Installs what the upper crates provide.
    pub fn install(&self, hooks: Hooks) {
        self.interpreter().hooks.set(Some(hooks));
    }

    /// The `-O` level.
    pub fn optimize_level(&self) -> u8 {
        self.interpreter().config.optimize
    }

    /// Whether the eval-breaker asks for something.
    #[inline(always)]
    pub(crate) fn has_requests(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) != 0
    }

    /// Runs the Python handlers of signals that are due, which a system call does that a signal interrupts.
    pub fn check_signals(&self) -> PyResult<()> {
        if self.has_requests() { crate::eval::requests(self) } else { Ok(()) }
    }

    /// The lowest address that native recursion may reach.
    pub fn stack_limit(&self) -> usize {
        self.stack_limit.get()
    }

    /// Raises RecursionError when the native stack is nearly used up.
    #[inline]
    pub fn check_stack(&self) -> PyResult<()> {
        if crate::stack::address() < self.stack_limit.get() {
            return Err(self.recursion_error("maximum recursion depth exceeded"));
        }
        Ok(())
    }

    /// The root shape of a core class.
    #[inline(always)]
    pub(crate) fn shape_of_kind(&self, kind: Kind) -> *const Shape {
        self.interpreter().kind_shapes[kind as usize].get()
    }

    /// The class object of a native type, made on first use.
    pub fn class_of(&self, def: &'static TypeDef) -> PyResult {
        let key = std::ptr::from_ref(def).addr();
        if let Some(class) = self.interpreter().native_classes.borrow().get(&key) {
            return Ok(class.clone());
        }
        crate::types::type_::make_native(self, def)
    }

    /// The class object of a native type with these bases, made on first use.
    pub fn class_with_bases(&self, def: &'static TypeDef, bases: &[Owned]) -> PyResult {
        let key = std::ptr::from_ref(def).addr();
        if let Some(class) = self.interpreter().native_classes.borrow().get(&key) {
            return Ok(class.clone());
        }
        crate::types::type_::native::make_native_with(self, def, bases)
    }
}
