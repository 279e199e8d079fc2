//! Binding the arguments of Python functions.
//!
//! The values go straight into the registers of the frame that is about to run: parameter `i` is register `i`, first the
//! positional parameters, then the keyword-only ones, then `*args`, then `**kwargs`. The registers start empty, so
//! that they tell at any time which parameters are filled; on an error, the frame drops what it already has.

use super::{Args, message};
use crate::exception::{PyResult, Raised};
use crate::heap::Slot;
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::{Str, Tuple};
use crate::heap::lookup::get_str;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What a Python function accepts.
#[derive(Clone, Copy)]
pub(crate) struct Parameters<'a> {
    /// `__qualname__`, for errors.
    pub(crate) qualname: Ref<'a>,
    /// The names, in the order of the registers; more may follow.
    pub(crate) names: &'a [Owned],
    /// How many parameters take no keyword.
    pub(crate) positional_only: usize,
    /// How many take a position, positional-only ones included.
    pub(crate) positional: usize,
    /// How many take a keyword only.
    pub(crate) keyword_only: usize,
    /// Whether there is `*args`.
    pub(crate) rest: bool,
    /// Whether there is `**kwargs`.
    pub(crate) keywords: bool,
    /// `__defaults__`, of the last positional parameters.
    pub(crate) defaults: Option<Ref<'a>>,
    /// `__kwdefaults__`
    pub(crate) keyword_defaults: Option<Ref<'a>>,
}

/// Puts the arguments of a call into the registers of the function's new frame.
pub(crate) fn bind(
    vm: &Thread,
    parameters: &Parameters<'_>,
    args: &Args<'_>,
    registers: &[Slot],
) -> PyResult<()> {
    let given = args.positional();
    let (placed, rest) = given.split_at(given.len().min(parameters.positional));
    for (register, value) in registers.iter().zip(placed) {
        register.set(value.own());
    }
    if parameters.rest {
        registers[parameters.named()].set(vm.tuple_of(rest)?);
    }
    if parameters.keywords {
        registers[parameters.named() + usize::from(parameters.rest)].set(vm.dict()?);
    }
    if args.has_keywords() {
        bind_keywords(vm, parameters, args, registers)?;
    }
    if !rest.is_empty() && !parameters.rest {
        return Err(parameters.too_many(vm, given.len(), registers));
    }
    bind_defaults(vm, parameters, registers)
}

/// Gives the parameters that are still empty their defaults.
pub(crate) fn bind_defaults(vm: &Thread, parameters: &Parameters<'_>, registers: &[Slot]) -> PyResult<()> {
    if registers[..parameters.positional].iter().any(Slot::is_empty) {
        fill_defaults(vm, parameters, registers)?;
    }
    if parameters.keyword_only > 0 {
        fill_keyword_defaults(vm, parameters, registers)?;
    }
    Ok(())
}

fn bind_keywords(
    vm: &Thread,
    parameters: &Parameters<'_>,
    args: &Args<'_>,
    registers: &[Slot],
) -> PyResult<()> {
    for (keyword, value) in args.keywords() {
        if let Some(index) = parameters.find(vm, keyword)? {
            if !registers[index].is_empty() {
                return Err(message::multiple_values(vm, &parameters.shown(), keyword));
            }
            registers[index].set(value.own());
        } else if parameters.keywords {
            let collected = registers[parameters.named() + usize::from(parameters.rest)].get_or_none();
            let hash = vm.hash(keyword)?;
            table(collected.borrow())
                .map(|table| table.insert(vm, keyword, hash, value.own()))
                .transpose()?;
        } else {
            return Err(parameters.unexpected(vm, keyword, args));
        }
    }
    Ok(())
}

/// Gives the positional parameters that are still empty their defaults.
fn fill_defaults(vm: &Thread, parameters: &Parameters<'_>, registers: &[Slot]) -> PyResult<()> {
    let defaults = parameters.defaults();
    // A tuple of more defaults than parameters belongs to the parameters by its end.
    let required = parameters.positional.saturating_sub(defaults.len());
    let excess = defaults.len().saturating_sub(parameters.positional);
    if registers[..required].iter().any(Slot::is_empty) {
        return Err(parameters.missing(vm, "positional", 0..required, registers));
    }
    let with_default = &registers[required..parameters.positional];
    for (register, default) in with_default.iter().zip(&defaults[excess..]) {
        if register.is_empty() {
            register.set(default.clone());
        }
    }
    Ok(())
}

/// Gives the keyword-only parameters that are still empty their defaults.
fn fill_keyword_defaults(vm: &Thread, parameters: &Parameters<'_>, registers: &[Slot]) -> PyResult<()> {
    let range = parameters.positional..parameters.named();
    let mut complete = true;
    for index in range.clone().filter(|&index| registers[index].is_empty()) {
        let name = parameters.names[index].borrow();
        let default = match parameters.keyword_defaults.and_then(|defaults| defaults.downcast::<Dict>()) {
            Some(defaults) => match get_str(defaults, name) {
                Some(default) => Some(default),
                None => defaults.table.get(vm, name, vm.hash(name)?)?,
            },
            None => None,
        };
        match default {
            Some(default) => registers[index].set(default),
            None => complete = false,
        }
    }
    if complete { Ok(()) } else { Err(parameters.missing(vm, "keyword-only", range, registers)) }
}

/// The table of a dict.
fn table(dict: Ref<'_>) -> Option<&Table> {
    dict.downcast::<Dict>().map(|dict| &dict.table)
}

impl<'a> Parameters<'a> {
    /// How many parameters have a name of their own: all but `*args` and `**kwargs`.
    pub(crate) fn named(&self) -> usize {
        self.positional + self.keyword_only
    }

    fn defaults(&self) -> &'a [Owned] {
        self.defaults.and_then(|defaults| defaults.downcast::<Tuple>()).map_or(&[], Tuple::as_slice)
    }

    /// The parameters that a keyword may name.
    fn by_keyword(&self) -> &'a [Owned] {
        &self.names[self.positional_only..self.named()]
    }

    /// The index of the parameter that a keyword names. Names are interned, so identity nearly always decides.
    fn find(&self, vm: &Thread, keyword: Ref<'_>) -> PyResult<Option<usize>> {
        if keyword.downcast::<Str>().is_none() {
            return Err(vm.type_error("keywords must be strings"));
        }
        let names = self.by_keyword();
        if let Some(index) = names.iter().position(|name| name.borrow().is(keyword)) {
            return Ok(Some(self.positional_only + index));
        }
        for (index, name) in names.iter().enumerate() {
            if vm.equal(keyword, name.borrow())? {
                return Ok(Some(self.positional_only + index));
            }
        }
        Ok(None)
    }

    /// The function's name in messages.
    fn shown(&self) -> String {
        message::shown(self.qualname)
    }

    #[cold]
    fn unexpected(&self, vm: &Thread, keyword: Ref<'_>, args: &Args<'_>) -> Raised {
        let is_keyword =
            |name: &&Owned| args.names().iter().any(|k| message::bytes(k) == message::bytes(name));
        let misplaced: Vec<_> = self.names[..self.positional_only]
            .iter()
            .filter(is_keyword)
            .map(|name| message::shown(name.borrow()))
            .collect();
        if !misplaced.is_empty() {
            return vm.type_error(format_args!(
                "{}() got some positional-only arguments passed as keyword arguments: '{}'",
                self.shown(),
                misplaced.join(", ")
            ));
        }
        let names: Vec<_> = self.by_keyword().iter().map(message::bytes).collect();
        message::unexpected_keyword(vm, &self.shown(), keyword, &names)
    }

    #[cold]
    fn too_many(&self, vm: &Thread, given: usize, registers: &[Slot]) -> Raised {
        let keyword_only = registers[self.positional..self.named()].iter().filter(|slot| !slot.is_empty());
        let accepted = (self.positional, self.defaults().len());
        message::too_many_positional(vm, &self.shown(), accepted, given, keyword_only.count())
    }

    #[cold]
    fn missing(&self, vm: &Thread, kind: &str, range: std::ops::Range<usize>, registers: &[Slot]) -> Raised {
        let names: Vec<String> = range
            .filter(|&index| registers[index].is_empty())
            .map(|index| message::shown(self.names[index].borrow()))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        message::missing(vm, &self.shown(), kind, &names)
    }
}
