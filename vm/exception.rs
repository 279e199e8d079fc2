//! Exceptions: the class table, and how natives raise.
//!
//! A Python error in Rust is [`Raised`], an exception object on its way; [`PyResult`] is the type of everything that
//! may raise. Raising is making one: `return Err(vm.type_error("…"))`.

use std::fmt::Display;

use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// An exception on its way to a handler.
#[derive(Debug)]
pub struct Raised(Owned);

/// The result of what may raise a Python exception.
pub type PyResult<T = Owned> = Result<T, Raised>;

impl Raised {
    /// Raises an exception object.
    pub fn new(exception: Owned) -> Self {
        Self(exception)
    }

    /// The exception object.
    pub fn exception(&self) -> Ref<'_> {
        self.0.borrow()
    }

    /// The exception object, no longer on its way.
    pub fn into_exception(self) -> Owned {
        self.0
    }

    /// Whether it is an instance of the class or a subclass of it, by real inheritance.
    pub fn is(&self, class: &Owned) -> bool {
        crate::types::type_::class_of(self.0.borrow())
            .is_some_and(|own| crate::types::type_::is_subtype(own, class.borrow()))
    }
}

macro_rules! exception_classes {
    ($($name:ident($base:ident) $(= $shorthand:ident)?, $doc:literal;)*) => {
        /// The exception classes, each field named as its class.
        #[allow(missing_docs, non_snake_case, reason = "each field is its own name")]
        pub struct ExceptionTypes { $(pub $name: Owned,)* }

        /// Every exception class after its base: name, name of the base, docstring.
        pub(crate) const EXCEPTION_CLASSES: &[(&str, &str, &str)] =
            &[$((stringify!($name), stringify!($base), $doc),)*];

        impl ExceptionTypes {
            /// The classes, from a function that gives each by its name.
            pub(crate) fn new(mut class: impl FnMut(&'static str) -> Owned) -> Self {
                Self { $($name: class(stringify!($name)),)* }
            }
        }

        impl Thread {
            $($(
                #[doc = concat!("A `", stringify!($name), "` with a message.")]
                #[cold]
                pub fn $shorthand(&self, message: impl Display) -> Raised {
                    self.error(&self.exceptions().$name, message)
                }
            )?)*
        }
    };
}

exception_classes! {
    BaseException(object), "The base of all exceptions.";
    Exception(BaseException), "The base of the exceptions that programs usually catch.";
    SystemExit(BaseException), "Asks the interpreter to exit.";
    KeyboardInterrupt(BaseException), "The user interrupted the program.";
    GeneratorExit(BaseException), "A generator or coroutine is being closed.";
    BaseExceptionGroup(BaseException), "Several exceptions at once, of any kind.";
    ExceptionGroup(BaseExceptionGroup), "Several exceptions at once.";
    StopIteration(Exception), "An iterator has no more items.";
    StopAsyncIteration(Exception) = stop_async_iteration, "An async iterator has no more items.";
    ArithmeticError(Exception), "The base of arithmetic errors.";
    FloatingPointError(ArithmeticError), "A floating-point operation failed.";
    OverflowError(ArithmeticError) = overflow_error, "A result is too large to be represented.";
    ZeroDivisionError(ArithmeticError) = zero_division_error, "Division or modulo by zero.";
    AssertionError(Exception) = assertion_error, "An assertion does not hold.";
    AttributeError(Exception) = attribute_error, "An attribute is missing or cannot be assigned.";
    BufferError(Exception) = buffer_error, "A buffer operation is not possible.";
    EOFError(Exception) = eof_error, "Input ended before anything could be read.";
    ImportError(Exception) = import_error, "A module or a name in it cannot be imported.";
    ModuleNotFoundError(ImportError), "A module cannot be found.";
    LookupError(Exception) = lookup_error, "The base of failed look-ups.";
    IndexError(LookupError) = index_error, "A sequence index is out of range.";
    KeyError(LookupError), "A mapping key is missing.";
    MemoryError(Exception), "Out of memory.";
    NameError(Exception) = name_error, "A name is not bound.";
    UnboundLocalError(NameError) = unbound_local_error, "A local variable is not bound yet.";
    OSError(Exception) = os_error, "The operating system reports an error.";
    BlockingIOError(OSError), "An operation would block.";
    ChildProcessError(OSError), "An operation on a child process failed.";
    ConnectionError(OSError), "The base of connection errors.";
    BrokenPipeError(ConnectionError), "The other end of a pipe or socket is closed.";
    ConnectionAbortedError(ConnectionError), "A connection was aborted by the peer.";
    ConnectionRefusedError(ConnectionError), "A connection was refused by the peer.";
    ConnectionResetError(ConnectionError), "A connection was reset by the peer.";
    FileExistsError(OSError), "A file or directory exists already.";
    FileNotFoundError(OSError), "A file or directory does not exist.";
    InterruptedError(OSError), "A system call was interrupted by a signal.";
    IsADirectoryError(OSError), "A file operation was asked of a directory.";
    NotADirectoryError(OSError), "A directory operation was asked of something else.";
    PermissionError(OSError), "The access rights do not suffice.";
    ProcessLookupError(OSError), "A process does not exist.";
    TimeoutError(OSError), "A system call timed out.";
    ReferenceError(Exception) = reference_error, "A weak proxy's object is gone.";
    RuntimeError(Exception) = runtime_error, "An error that fits no other class.";
    NotImplementedError(RuntimeError) = not_implemented_error, "A method has yet to be written or overridden.";
    RecursionError(RuntimeError) = recursion_error, "Calls are nested too deeply.";
    PythonFinalizationError(RuntimeError) = finalization_error, "The interpreter is shutting down.";
    SyntaxError(Exception) = syntax_error, "Source text is not valid Python.";
    IndentationError(SyntaxError), "Source text is badly indented.";
    TabError(IndentationError), "Tabs and spaces are mixed inconsistently.";
    _IncompleteInputError(SyntaxError), "Source text ends before it is complete.";
    SystemError(Exception) = system_error, "The interpreter found an inconsistency.";
    TypeError(Exception) = type_error, "A value has the wrong type.";
    ValueError(Exception) = value_error, "A value is of the right type but not acceptable.";
    UnicodeError(ValueError) = unicode_error, "The base of encoding and decoding errors.";
    UnicodeDecodeError(UnicodeError), "Bytes cannot be decoded.";
    UnicodeEncodeError(UnicodeError), "Text cannot be encoded.";
    UnicodeTranslateError(UnicodeError), "Text cannot be translated.";
    Warning(Exception), "The base of warnings.";
    UserWarning(Warning), "A warning from a program.";
    EncodingWarning(Warning), "A default encoding is used.";
    DeprecationWarning(Warning), "A feature is going away.";
    PendingDeprecationWarning(Warning), "A feature will be going away.";
    SyntaxWarning(Warning), "Source text is dubious.";
    RuntimeWarning(Warning), "Dubious behaviour at run time.";
    FutureWarning(Warning), "A construct will change its meaning.";
    ImportWarning(Warning), "A dubious import.";
    UnicodeWarning(Warning), "A Unicode problem.";
    BytesWarning(Warning), "Bytes and text are confused.";
    ResourceWarning(Warning), "A resource was not released.";
}

impl Thread {
    /// An exception of this class with a message as its only argument.
    #[cold]
    pub fn error(&self, class: &Owned, message: impl Display) -> Raised {
        match self.str(&message.to_string()) {
            Ok(message) => self.error_with(class, &[message.borrow()]),
            Err(raised) => raised,
        }
    }

    /// An exception: what calling the class with these arguments gives.
    #[cold]
    pub fn error_with(&self, class: &Owned, args: &[Ref<'_>]) -> Raised {
        match self.call(class.borrow(), args) {
            Ok(exception) => Raised::new(exception),
            Err(raised) => raised,
        }
    }

    /// A `KeyError` whose argument is the key.
    #[cold]
    pub fn key_error(&self, key: Ref<'_>) -> Raised {
        self.error_with(&self.exceptions().KeyError, &[key])
    }

    /// A `MemoryError`.
    #[cold]
    pub fn memory_error(&self) -> Raised {
        Raised::new(crate::types::exception::memory_error(self))
    }

    /// A `StopIteration` that carries a generator's result; None is no argument.
    #[cold]
    pub fn stop_iteration(&self, value: Ref<'_>) -> Raised {
        let args: &[Ref<'_>] = if value.is_none() { &[] } else { &[value] };
        crate::types::exception::stop_iteration(self, args)
    }
}
