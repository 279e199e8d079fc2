//! Exceptions: the class table, and how natives raise.
//!
//! A Python error in Rust is [`Raised`], an exception object on its way; [`PyResult`] is the type of everything that
//! may raise. Raising is making one: `return Err(vm.type_error("…"))`.

use std::fmt::Display;

use crate::native::{MODULE, TypeDef, TypeFlags};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// An exception on its way to a handler.
#[derive(Debug)]
pub struct Raised(Owned);

/// The result of what may raise a Python exception.
pub type PyResult<T = Owned> = Result<T, Raised>;

impl Thread {
    /// An exception of a native module's class, with a message.
    #[cold]
    pub fn module_error(&self, class: &'static TypeDef, message: impl Display) -> Raised {
        match self.class_of(class) {
            Ok(class) => self.error(&class, message),
            Err(raised) => raised,
        }
    }
}

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

/// The table of an exception class of a native module, which derives from one of [`classes`].
pub const fn exception_def(
    module: &'static str,
    name: &'static str,
    base: &'static TypeDef,
    doc: &'static str,
) -> TypeDef {
    TypeDef {
        module,
        base: Some(base),
        doc,
        flags: TypeFlags {
            base: true,
            dict: true,
            mutable: true,
            weakref: true,
            python: true,
            ..TypeFlags::NONE
        },
        attributes: &[MODULE],
        ..TypeDef::new::<crate::types::exception::Exception>(name)
    }
}

/// Lists the exception classes: name, base, the shorthand that raises it, what is special about it, docstring.
macro_rules! exception_classes {
    ($($name:ident($base:ident) $(= $shorthand:ident)? $([$details:path])?, $doc:literal;)*) => {
        /// The exception classes, each field named as its class.
        #[allow(missing_docs, non_snake_case, reason = "each field is its own name")]
        pub struct ExceptionTypes { $(pub $name: Owned,)* }

        /// The tables of the exception classes, each named as its class.
        #[allow(missing_docs, non_upper_case_globals, reason = "each static is named as its class")]
        pub mod classes {
            use crate::native::{TypeDef, TypeFlags};
            use crate::types::exception as special;
            use crate::types::object::OBJECT as object;

            $(pub static $name: TypeDef = TypeDef {
                name: stringify!($name),
                base: Some(&$base),
                doc: $doc,
                flags: TypeFlags { base: true, dict: true, ..details!($name $($details)?).flags },
                ..details!($name $($details)?)
            };)*
        }

        impl ExceptionTypes {
            /// The classes, from a function that makes each from its table.
            pub(crate) fn new<E>(
                make: impl FnMut(&'static TypeDef) -> Result<Owned, E>,
            ) -> Result<Self, E> {
                // A loop: one call after the other would be many pages of code.
                let tables: &[&'static TypeDef] = &[$(&classes::$name,)*];
                let made: Vec<Owned> = tables.iter().copied().map(make).collect::<Result<_, E>>()?;
                #[allow(non_snake_case, reason = "each is its own name")]
                let Ok([$($name,)*]) = <[Owned; _]>::try_from(made) else { unreachable!("one of each table") };
                Ok(Self { $($name,)* })
            }

            /// Calls `each` with the name and class of everything that `builtins` shows.
            pub(crate) fn for_each_builtin<E>(
                &self,
                each: &mut dyn FnMut(&str, Owned) -> Result<(), E>,
            ) -> Result<(), E> {
                $(each(stringify!($name), self.$name.clone())?;)*
                Ok(())
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

/// The table of a class before its row is applied.
macro_rules! details {
    ($name:ident) => {
        special::SIMPLE
    };
    ($name:ident $details:path) => {
        $details
    };
}

exception_classes! {
    BaseException(object) [special::BASE_EXCEPTION], "The base of all exceptions.";
    Exception(BaseException), "The base of the exceptions that programs usually catch.";
    SystemExit(BaseException) [special::SYSTEM_EXIT], "Asks the interpreter to exit.";
    KeyboardInterrupt(BaseException), "The user interrupted the program.";
    GeneratorExit(BaseException), "A generator or coroutine is being closed.";
    BaseExceptionGroup(BaseException) [special::group::BASE_EXCEPTION_GROUP],
        "Several exceptions at once, of any kind.";
    ExceptionGroup(BaseExceptionGroup) [special::group::EXCEPTION_GROUP], "";
    StopIteration(Exception) [special::STOP_ITERATION], "An iterator has no more items.";
    StopAsyncIteration(Exception) = stop_async_iteration, "An async iterator has no more items.";
    ArithmeticError(Exception), "The base of arithmetic errors.";
    FloatingPointError(ArithmeticError), "A floating-point operation failed.";
    OverflowError(ArithmeticError) = overflow_error, "A result is too large to be represented.";
    ZeroDivisionError(ArithmeticError) = zero_division_error, "Division or modulo by zero.";
    AssertionError(Exception) = assertion_error, "An assertion does not hold.";
    AttributeError(Exception) = attribute_error [special::attribute_error::ATTRIBUTE_ERROR],
        "An attribute is missing or cannot be assigned.";
    BufferError(Exception) = buffer_error, "A buffer operation is not possible.";
    EOFError(Exception) = eof_error, "Input ended before anything could be read.";
    ImportError(Exception) = import_error [special::import_error::IMPORT_ERROR],
        "A module or a name in it cannot be imported.";
    ModuleNotFoundError(ImportError) [special::INHERITED], "A module cannot be found.";
    LookupError(Exception) = lookup_error, "The base of failed look-ups.";
    IndexError(LookupError) = index_error, "A sequence index is out of range.";
    KeyError(LookupError) [special::KEY_ERROR], "A mapping key is missing.";
    MemoryError(Exception), "Out of memory.";
    NameError(Exception) = name_error [special::attribute_error::NAME_ERROR], "A name is not bound.";
    UnboundLocalError(NameError) = unbound_local_error [special::INHERITED], "A local variable is not bound yet.";
    OSError(Exception) = os_error [special::os_error::OS_ERROR], "The operating system reports an error.";
    BlockingIOError(OSError) [special::INHERITED], "An operation would block.";
    ChildProcessError(OSError) [special::INHERITED], "An operation on a child process failed.";
    ConnectionError(OSError) [special::INHERITED], "The base of connection errors.";
    BrokenPipeError(ConnectionError) [special::INHERITED], "The other end of a pipe or socket is closed.";
    ConnectionAbortedError(ConnectionError) [special::INHERITED], "A connection was aborted by the peer.";
    ConnectionRefusedError(ConnectionError) [special::INHERITED], "A connection was refused by the peer.";
    ConnectionResetError(ConnectionError) [special::INHERITED], "A connection was reset by the peer.";
    FileExistsError(OSError) [special::INHERITED], "A file or directory exists already.";
    FileNotFoundError(OSError) [special::INHERITED], "A file or directory does not exist.";
    InterruptedError(OSError) [special::INHERITED], "A system call was interrupted by a signal.";
    IsADirectoryError(OSError) [special::INHERITED], "A file operation was asked of a directory.";
    NotADirectoryError(OSError) [special::INHERITED], "A directory operation was asked of something else.";
    PermissionError(OSError) [special::INHERITED], "The access rights do not suffice.";
    ProcessLookupError(OSError) [special::INHERITED], "A process does not exist.";
    TimeoutError(OSError) [special::INHERITED], "A system call timed out.";
    ReferenceError(Exception) = reference_error, "A weak proxy's object is gone.";
    RuntimeError(Exception) = runtime_error, "An error that fits no other class.";
    NotImplementedError(RuntimeError) = not_implemented_error,
        "A method has yet to be written or overridden.";
    RecursionError(RuntimeError) = recursion_error, "Calls are nested too deeply.";
    PythonFinalizationError(RuntimeError) = finalization_error, "The interpreter is shutting down.";
    SyntaxError(Exception) = syntax_error [special::syntax_error::SYNTAX_ERROR],
        "Source text is not valid Python.";
    IndentationError(SyntaxError) [special::INHERITED], "Source text is badly indented.";
    TabError(IndentationError) [special::INHERITED], "Tabs and spaces are mixed inconsistently.";
    _IncompleteInputError(SyntaxError) [special::INHERITED], "Source text ends before it is complete.";
    SystemError(Exception) = system_error, "The interpreter found an inconsistency.";
    TypeError(Exception) = type_error, "A value has the wrong type.";
    ValueError(Exception) = value_error, "A value is of the right type but not acceptable.";
    UnicodeError(ValueError) = unicode_error, "The base of encoding and decoding errors.";
    UnicodeDecodeError(UnicodeError) [special::unicode_error::UNICODE_DECODE_ERROR],
        "Bytes cannot be decoded.";
    UnicodeEncodeError(UnicodeError) [special::unicode_error::UNICODE_ENCODE_ERROR],
        "Text cannot be encoded.";
    UnicodeTranslateError(UnicodeError) [special::unicode_error::UNICODE_TRANSLATE_ERROR],
        "Text cannot be translated.";
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
