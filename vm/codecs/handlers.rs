//! Error handlers: the registered functions, those that Python has built in among them, and how codecs call them.
//!
//! A codec knows its handler by name. The names of the built-in ones select a [`Policy`], which needs no exception object;
//! any other handler is looked up at the first error, and called with an exception that serves for all errors of a text.

use crate::exception::{PyResult, Raised};
use crate::heap::inline::{Bytes, Str, Tuple};
use crate::native::*;
use crate::text::codec::errors::{Native, Policy, Refusal, handle_decode, handle_encode, handle_translate};
use crate::text::codec::{
    DecodeErrors, DecodeProblem, EncodeErrors, EncodeProblem, Position, Replacement, Resume,
};
use crate::text::wtf8::{Text, TextBuf};
use crate::types::exception::unicode_error::{Details, details, move_to};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

// ---- the registry ----

/// The built-in handlers by their names.
const BUILTIN: &[(&str, MethodDef)] = &[
    (
        "strict",
        function(
            "strict_errors($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::Strict)),
            "The handler 'strict': it raises the error.",
        ),
    ),
    (
        "ignore",
        function(
            "ignore_errors($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::Ignore)),
            "The handler 'ignore': it leaves out what is wrong.",
        ),
    ),
    (
        "replace",
        function(
            "replace_errors($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::Replace)),
            "The handler 'replace': it puts a mark in place of what is wrong.",
        ),
    ),
    (
        "xmlcharrefreplace",
        function(
            "xmlcharrefreplace_errors($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::XmlCharRefReplace)),
            "The handler 'xmlcharrefreplace': it puts XML character references.",
        ),
    ),
    (
        "backslashreplace",
        function(
            "backslashreplace_errors($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::BackslashReplace)),
            "The handler 'backslashreplace': it puts escapes with backslashes.",
        ),
    ),
    (
        "namereplace",
        function(
            "namereplace_errors($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::NameReplace)),
            "The handler 'namereplace': it puts escapes with the characters' names.",
        ),
    ),
    (
        "surrogatepass",
        function(
            "surrogatepass($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::SurrogatePass)),
            "",
        ),
    ),
    (
        "surrogateescape",
        function(
            "surrogateescape($self, object, /)",
            One(|vm, error| builtin(vm, error, Policy::SurrogateEscape)),
            "",
        ),
    ),
];

/// The dict of handlers.
fn handlers(vm: &Thread) -> PyResult {
    let slot = &vm.interpreter().codecs.handlers;
    if slot.is_empty() {
        let handlers = vm.dict()?;
        for (name, def) in BUILTIN {
            let (name, handler) = (vm.intern(name)?, vm.native_function(def, Ref::NONE, None)?);
            vm.set_item(handlers.borrow(), name.borrow(), Some(handler.borrow()))?;
        }
        slot.set(handlers);
    }
    Ok(slot.get_or_none())
}

/// `codecs.register_error(name, handler)`
pub fn register(vm: &Thread, name: &str, handler: Ref<'_>) -> PyResult<()> {
    if !vm.is_callable(handler) {
        return Err(vm.type_error("handler must be callable"));
    }
    vm.set_item(handlers(vm)?.borrow(), vm.str(name)?.borrow(), Some(handler))
}

/// `codecs._unregister_error(name)`: whether there was one.
pub fn unregister(vm: &Thread, name: &str) -> PyResult<bool> {
    if Policy::from_name(name.as_bytes()).is_some() {
        return Err(vm.value_error(format_args!("cannot un-register built-in error handler '{name}'")));
    }
    let handlers = handlers(vm)?;
    let known = vm.dict_get(handlers.borrow(), name)?.is_some();
    if known {
        vm.set_item(handlers.borrow(), vm.str(name)?.borrow(), None)?;
    }
    Ok(known)
}

/// `codecs.lookup_error(name)`
pub fn lookup(vm: &Thread, name: &str) -> PyResult {
    let handler = vm.dict_get(handlers(vm)?.borrow(), name)?;
    handler.ok_or_else(|| vm.lookup_error(format_args!("unknown error handler name '{name}'")))
}

// ---- built-in handlers as functions ----

/// Which of the three errors an exception is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Encode,
    Decode,
    Translate,
}

fn kind_of(vm: &Thread, error: Ref<'_>) -> Option<Kind> {
    let exceptions = vm.exceptions();
    let is = |class: &Owned| crate::types::type_::is_subtype(vm.class(error), class.borrow());
    if is(&exceptions.UnicodeEncodeError) {
        Some(Kind::Encode)
    } else if is(&exceptions.UnicodeDecodeError) {
        Some(Kind::Decode)
    } else if is(&exceptions.UnicodeTranslateError) {
        Some(Kind::Translate)
    } else {
        None
    }
}

/// A built-in handler as programs call it: a replacement, and where to go on.
fn builtin(vm: &Thread, error: Ref<'_>, policy: Policy) -> PyResult {
    if policy == Policy::Strict {
        let is_exception =
            crate::types::type_::is_subtype(vm.class(error), vm.exceptions().BaseException.borrow());
        return Err(if is_exception {
            Raised::new(error.own())
        } else {
            vm.type_error("codec must pass exception instance")
        });
    }
    let Some(kind) = kind_of(vm, error) else { return Err(unknown_kind(vm, error)) };
    let refused = |refusal| match refusal {
        Refusal::Raise => Raised::new(error.own()),
        Refusal::WrongKind => unknown_kind(vm, error),
    };
    let details = details(error);
    let object = details.object.as_ref().map_or(Ref::NONE, Owned::borrow);
    let encoding = details.encoding.as_ref().and_then(|name| name.borrow().downcast::<Str>());
    let encoding = encoding.and_then(Str::as_str).unwrap_or_default();
    if kind == Kind::Decode {
        let Some(bytes) = object.downcast::<Bytes>().map(Bytes::as_bytes) else {
            return Err(vm.type_error("UnicodeError 'object' attribute must be a bytes"));
        };
        let range = clipped(&details, bytes.len());
        let mut out = TextBuf::new();
        let position = handle_decode(policy, encoding, bytes, range, &mut out).map_err(refused)?;
        return vm.pair(vm.text(out.as_text())?, vm.size(position)?);
    }
    let Some(text) = object.downcast::<Str>() else {
        return Err(vm.type_error("UnicodeError 'object' attribute must be a string"));
    };
    let range = clipped(&details, text.len());
    let wrong = text.text().slice(text.offset(range.start)..text.offset(range.end));
    let replacement = match kind {
        Kind::Translate => vm.text(handle_translate(policy, wrong).map_err(refused)?.as_text())?,
        _ => match handle_encode(policy, encoding, wrong).map_err(refused)? {
            Replacement::Bytes(bytes) => vm.bytes(&bytes)?,
            Replacement::Text(text) => vm.text(text.as_text())?,
        },
    };
    vm.pair(replacement, vm.size(range.end)?)
}

/// The range that an exception names, within an object of so many items.
fn clipped(details: &Details, len: usize) -> std::ops::Range<usize> {
    let start = usize::try_from(details.start).unwrap_or(0).min(len.saturating_sub(1));
    let end = usize::try_from(details.end).unwrap_or(0).max(1).min(len);
    start..end.max(start)
}

#[cold]
fn unknown_kind(vm: &Thread, error: Ref<'_>) -> Raised {
    let got = vm.type_name(error);
    vm.type_error(format_args!("don't know how to handle {got} in error callback"))
}

// ---- handlers at work ----

/// The handler of a codec's run over a text or over bytes.
pub struct Handler<'a> {
    vm: &'a Thread,
    name: &'a str,
    policy: Option<Policy>,
    /// The text that is encoded.
    text: Option<Ref<'a>>,
    /// The registered function, once it has been looked up.
    function: Option<Owned>,
    /// The exception that serves for all errors.
    exception: Option<Owned>,
}

impl<'a> Handler<'a> {
    /// The handler with a name, `strict` without one, for a text that is encoded.
    pub fn encoding(vm: &'a Thread, text: Ref<'a>, name: Option<&'a str>) -> Self {
        Self { text: Some(text), ..Self::decoding(vm, name) }
    }

    /// The handler with a name, `strict` without one, for bytes that are decoded.
    pub fn decoding(vm: &'a Thread, name: Option<&'a str>) -> Self {
        let name = name.unwrap_or("strict");
        let policy = Policy::from_name(name.as_bytes());
        Self { vm, name, policy, text: None, function: None, exception: None }
    }

    /// The same handler with a policy in place of its name.
    #[must_use]
    pub(super) fn with_policy(self, policy: Policy) -> Self {
        Self { policy: Some(policy), ..self }
    }

    /// The exception for a problem.
    fn exception(
        &mut self,
        range: std::ops::Range<usize>,
        reason: &str,
        make: impl FnOnce(&Thread) -> Raised,
    ) -> PyResult {
        if let Some(exception) = &self.exception {
            move_to(self.vm, exception.borrow(), range, reason)?;
            return Ok(exception.clone());
        }
        let exception = make(self.vm).into_exception();
        self.exception = Some(exception.clone());
        Ok(exception)
    }

    fn decode_error(&mut self, input: &[u8], problem: &DecodeProblem) -> PyResult {
        let range = problem.start..problem.end;
        self.exception(range.clone(), problem.reason, |vm| match vm.bytes(input) {
            Ok(object) => vm.unicode_decode_error(problem.encoding, object.borrow(), range, problem.reason),
            Err(raised) => raised,
        })
    }

    fn encode_error(&mut self, problem: &EncodeProblem) -> PyResult {
        let text = self.text.unwrap_or(Ref::NONE);
        let range = problem.start..problem.end;
        self.exception(range.clone(), problem.reason, |vm| {
            vm.unicode_encode_error(problem.encoding, text, range, problem.reason)
        })
    }

    /// Calls the registered function: the replacement, and the position, which counts from the end where negative.
    fn call(
        &mut self,
        exception: &Owned,
        accepts: fn(Ref<'_>) -> bool,
        refusal: &str,
    ) -> PyResult<(Owned, isize)> {
        let function = match &self.function {
            Some(function) => function.clone(),
            None => self.function.insert(lookup(self.vm, self.name)?).clone(),
        };
        let result = self.vm.call(function.borrow(), &[exception.borrow()])?;
        match result.borrow().downcast::<Tuple>().map(Tuple::as_slice) {
            Some([replacement, position]) if accepts(replacement.borrow()) => {
                Ok((replacement.clone(), self.vm.to_isize(position.borrow())?))
            }
            _ => Err(self.vm.type_error(refusal)),
        }
    }

    /// Where to go on in an object of so many items.
    fn position(&self, position: isize, len: usize) -> PyResult<usize> {
        let position = if position < 0 { position.saturating_add_unsigned(len) } else { position };
        usize::try_from(position).ok().filter(|&position| position <= len).ok_or_else(|| {
            self.vm.index_error(format_args!("position {position} from error handler out of bounds"))
        })
    }

    /// What is raised in place of a policy's replacement.
    fn refused(&self, exception: Owned, refusal: Refusal) -> Raised {
        match refusal {
            Refusal::Raise => Raised::new(exception),
            Refusal::WrongKind => unknown_kind(self.vm, exception.borrow()),
        }
    }
}

impl DecodeErrors for Handler<'_> {
    type Error = Raised;

    fn resolve(&mut self, input: &[u8], problem: DecodeProblem, out: &mut TextBuf) -> PyResult<Resume> {
        if let Some(policy) = self.policy {
            return match handle_decode(policy, problem.encoding, input, problem.start..problem.end, out) {
                Ok(position) => Ok(Resume { position, input: None }),
                Err(refusal) => {
                    let exception = self.decode_error(input, &problem)?;
                    Err(self.refused(exception, refusal))
                }
            };
        }
        let exception = self.decode_error(input, &problem)?;
        let is_text = |value: Ref<'_>| value.downcast::<Str>().is_some();
        let message = "decoding error handler must return (str, int) tuple";
        let (replacement, position) = self.call(&exception, is_text, message)?;
        // The handler may have exchanged the object.
        let Details { object, .. } = details(exception.borrow());
        let Some(bytes) = object.as_ref().and_then(|object| object.borrow().downcast::<Bytes>()) else {
            return Err(self.vm.type_error("UnicodeError 'object' attribute must be a bytes"));
        };
        let position = self.position(position, bytes.as_bytes().len())?;
        if let Some(text) = replacement.borrow().downcast::<Str>() {
            out.push_text(text.text());
        }
        let exchanged = (bytes.as_bytes() != input).then(|| bytes.as_bytes().to_vec());
        Ok(Resume { position, input: exchanged })
    }
}

impl EncodeErrors for Handler<'_> {
    type Error = Raised;

    fn resolve(&mut self, text: Text<'_>, problem: &EncodeProblem) -> PyResult<(Replacement, Position)> {
        if let Some(policy) = self.policy {
            return EncodeErrors::resolve(&mut Native(policy), text, problem).map_err(|raised| {
                match self.encode_error(&raised.problem) {
                    Ok(exception) => self.refused(exception, raised.refusal),
                    Err(raised) => raised,
                }
            });
        }
        let exception = self.encode_error(problem)?;
        let is_either =
            |value: Ref<'_>| value.downcast::<Str>().is_some() || value.downcast::<Bytes>().is_some();
        let message = "encoding error handler must return (str/bytes, int) tuple";
        let (replacement, position) = self.call(&exception, is_either, message)?;
        let len = self.text.and_then(Ref::downcast::<Str>).map_or_else(|| text.count(), Str::len);
        let position = self.position(position, len)?;
        let replacement = match replacement.borrow().downcast::<Str>() {
            Some(text) => Replacement::Text(text.text().into()),
            None => {
                let bytes = replacement.borrow().downcast::<Bytes>().map_or(&[][..], Bytes::as_bytes);
                Replacement::Bytes(bytes.to_vec())
            }
        };
        Ok((replacement, Position::Index(position)))
    }

    fn refuse(&mut self, _text: Text<'_>, problem: EncodeProblem) -> Raised {
        self.encode_error(&problem).map_or_else(|raised| raised, Raised::new)
    }
}
