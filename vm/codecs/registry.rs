//! The registry of codecs: search functions find a codec by its normalised name, and what they found is remembered.
//!
//! Search functions come with the package `encodings`, which is imported when the first codec is looked up.

use crate::exception::{PyResult, Raised};
use crate::heap::Slot;
use crate::heap::inline::Tuple;
use crate::types::list::List;
use crate::value::Ref;
use crate::vm::Thread;

/// The codecs of an interpreter.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// A list of search functions.
    search: Slot,
    /// Codecs by their normalised names.
    cache: Slot,
    /// Error handlers by their names.
    pub(super) handlers: Slot,
}

/// Which way a codec goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From text, as a rule.
    Encode,
    /// To text, as a rule.
    Decode,
}

impl Direction {
    /// The name of the function.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Decode => "decode",
        }
    }

    pub(super) fn coder(self) -> &'static str {
        match self {
            Self::Encode => "encoder",
            Self::Decode => "decoder",
        }
    }

    /// The type of what text encodings give.
    pub(super) fn result(self) -> &'static str {
        match self {
            Self::Encode => "bytes",
            Self::Decode => "str",
        }
    }
}

/// The object in a slot, made when it is first asked for.
fn made(slot: &Slot, make: impl FnOnce() -> PyResult) -> PyResult {
    if slot.is_empty() {
        slot.set(make()?);
    }
    Ok(slot.get_or_none())
}

impl Thread {
    fn codec_search_path(&self) -> PyResult {
        made(&self.interpreter().codecs.search, || self.list(Vec::new()))
    }

    fn codec_cache(&self) -> PyResult {
        made(&self.interpreter().codecs.cache, || self.dict())
    }
}

/// `codecs.register(search_function)`
pub fn register(vm: &Thread, function: Ref<'_>) -> PyResult<()> {
    if !vm.is_callable(function) {
        return Err(vm.type_error("argument must be callable"));
    }
    let path = vm.codec_search_path()?;
    path.borrow().downcast::<List>().expect("a list").items.push(vm, function.own())
}

/// `codecs.unregister(search_function)`
pub fn unregister(vm: &Thread, function: Ref<'_>) -> PyResult<()> {
    let path = vm.codec_search_path()?;
    let items = path.borrow().downcast::<List>().expect("a list").items();
    for index in 0..items.len() {
        if items.get(index).is_some_and(|item| item.borrow().is(function)) {
            drop(items.remove(index));
            drop(vm.interpreter().codecs.cache.take());
            break;
        }
    }
    Ok(())
}

/// A name as the search functions get it: lower case, and one underscore between its parts.
fn normalize(encoding: &str) -> String {
    let mut normal = String::new();
    let mut gap = false;
    for byte in encoding.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            if gap && !normal.is_empty() {
                normal.push('_');
            }
            normal.push(char::from(byte.to_ascii_lowercase()));
            gap = false;
        } else {
            gap = true;
        }
    }
    normal
}

/// `codecs.lookup(encoding)`: the codec's tuple of functions.
pub fn lookup(vm: &Thread, encoding: &str) -> PyResult {
    let normal = normalize(encoding);
    let cache = vm.codec_cache()?;
    if let Some(codec) = vm.dict_get(cache.borrow(), &normal)? {
        return Ok(codec);
    }
    let normal = vm.str(&normal)?;
    let path = vm.codec_search_path()?;
    let functions = path.borrow().downcast::<List>().expect("a list").items();
    if functions.is_empty() {
        // Importing the package registers its search function.
        vm.import_module(&vm.intern("encodings")?)?;
    }
    if functions.is_empty() {
        return Err(vm.lookup_error("no codec search functions registered: can't find encoding"));
    }
    let mut index = 0;
    while let Some(function) = functions.get(index) {
        index += 1;
        let codec = vm.call(function.borrow(), &[normal.borrow()])?;
        if codec.borrow().is_none() {
            continue;
        }
        if codec.borrow().downcast::<Tuple>().is_none_or(|codec| codec.len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        vm.set_item(cache.borrow(), normal.borrow(), Some(codec.borrow()))?;
        return Ok(codec);
    }
    Err(vm.lookup_error(format_args!("unknown encoding: {encoding}")))
}

/// `codecs.encode` and `codecs.decode`: any object, by any codec.
pub fn convert(
    vm: &Thread,
    direction: Direction,
    object: Ref<'_>,
    encoding: &str,
    errors: Option<&str>,
) -> PyResult {
    let codec = lookup(vm, encoding)?;
    run(vm, direction, codec.borrow(), object, encoding, errors)
}

/// As [`convert`], for what is a text encoding only.
pub(super) fn convert_text(
    vm: &Thread,
    direction: Direction,
    object: Ref<'_>,
    encoding: &str,
    errors: Option<&str>,
) -> PyResult {
    let codec = lookup(vm, encoding)?;
    let is_info = !vm.class(codec.borrow()).is(vm.types().tuple.borrow());
    let name = vm.intern("_is_text_encoding")?;
    if is_info
        && let Some(answer) = vm.get_attr_opt(codec.borrow(), name.borrow())?
        && !vm.is_true(answer.borrow())?
    {
        let verb = direction.verb();
        return Err(vm.lookup_error(format_args!(
            "'{encoding}' is not a text encoding; use codecs.{verb}() to handle arbitrary codecs"
        )));
    }
    run(vm, direction, codec.borrow(), object, encoding, errors)
}

fn run(
    vm: &Thread,
    direction: Direction,
    codec: Ref<'_>,
    object: Ref<'_>,
    encoding: &str,
    errors: Option<&str>,
) -> PyResult {
    let functions = codec.downcast::<Tuple>().expect("a codec is a tuple");
    let function = functions.as_slice()[usize::from(direction == Direction::Decode)].borrow();
    let errors = errors.map(|errors| vm.str(errors)).transpose()?;
    let result = match &errors {
        Some(errors) => vm.call(function, &[object, errors.borrow()]),
        None => vm.call(function, &[object]),
    };
    let result = result.map_err(|raised| noted(vm, raised, direction, encoding))?;
    match result.borrow().downcast::<Tuple>().map(Tuple::as_slice) {
        Some([converted, _]) => Ok(converted.clone()),
        _ => Err(vm.type_error(match direction {
            Direction::Encode => "encoder must return a tuple (object, integer)",
            Direction::Decode => "decoder must return a tuple (object,integer)",
        })),
    }
}

/// The exception with a note on the codec that raised it.
#[cold]
fn noted(vm: &Thread, raised: Raised, direction: Direction, encoding: &str) -> Raised {
    let verb = match direction {
        Direction::Encode => "encoding",
        Direction::Decode => "decoding",
    };
    let add = || {
        let note = vm.str(&format!("{verb} with '{encoding}' codec failed"))?;
        vm.call_method(raised.exception(), &vm.intern("add_note")?, &[note.borrow()])
    };
    match add() {
        Ok(_) => raised,
        Err(other) => other,
    }
}

/// The name of an encoding or of a handler as a Rust string.
pub fn name_of<'a>(vm: &Thread, place: &str, name: Ref<'a>) -> PyResult<&'a str> {
    let name = vm.c_string(place, Some(name))?;
    Ok(name.unwrap_or_default())
}
