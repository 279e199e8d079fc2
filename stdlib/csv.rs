//! `_csv`: reading and writing tables as text with delimiters.

mod dialect;
mod reader;
mod writer;

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised, classes};
use pyx_vm::heap::dict::{Dict, Table};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::types::constructor;
use pyx_vm::types::exception::Exception;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

pub(crate) static CSV: ModuleDef = ModuleDef {
    doc: "Reading and writing tables as text with delimiters, for the module csv.",
    functions: &[
        function(
            "reader($module, iterable, /, dialect='excel', **fmtparams)",
            Raw(reader::reader),
            "An iterator of the rows that the lines of an iterable hold, as lists of strings.\n\n\
             The dialect, a name or an object with attributes, says how to read; keywords change parts of it.",
        ),
        function(
            "writer($module, fileobj, /, dialect='excel', **fmtparams)",
            Raw(writer::writer),
            "An object that writes rows to a file, or to anything that has a method write().\n\n\
             The dialect, a name or an object with attributes, says how to write; keywords change parts of it.",
        ),
        function("list_dialects($module, /)", Zero(list_dialects), "The names of the known dialects."),
        function(
            "register_dialect($module, name, /, dialect='excel', **fmtparams)",
            Raw(register_dialect),
            "Make a dialect known under a name.",
        ),
        function(
            "unregister_dialect($module, /, name)",
            One(unregister_dialect),
            "Forget the dialect of a name.",
        ),
        function("get_dialect($module, /, name)", One(get_dialect), "The dialect of a name."),
        function(
            "field_size_limit($module, /, new_limit=<unrepresentable>)",
            ZeroOpt(field_size_limit),
            "The number of characters that a field may have; with an argument, set it and return the old one.",
        ),
    ],
    types: &[&ERROR, &dialect::DIALECT],
    exec: Some(exec),
    ..ModuleDef::new("_csv")
};

static ERROR: TypeDef = TypeDef {
    module: "_csv",
    base: Some(&classes::Exception),
    flags: TypeFlags { dict: true, mutable: true, ..TypeFlags::BASE },
    attributes: &[MODULE],
    ..TypeDef::new::<Exception>("Error")
};

/// A `_csv.Error`.
#[cold]
fn error(vm: &Thread, message: impl std::fmt::Display) -> Raised {
    match vm.class_of(&ERROR) {
        Ok(class) => vm.error(&class, message),
        Err(raised) => raised,
    }
}

payload! {
    /// What the module remembers.
    struct State: Native {
        /// The known dialects, by their names.
        dialects: Owned,
        /// How many characters a field may have.
        limit: Cell<i64>,
    }
}

class! { State => STATE; }

static STATE: TypeDef = TypeDef { module: "_csv", ..TypeDef::new::<State>("_State") };

/// Calls `then` with what the module remembers.
fn with_state<R>(vm: &Thread, then: impl FnOnce(&State) -> PyResult<R>) -> PyResult<R> {
    let state = vm.singleton(|| Ok(State { dialects: vm.dict()?, limit: Cell::new(128 * 1024) }))?;
    then(state.borrow().downcast().expect("the module's state"))
}

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    for (quoting, name) in dialect::QUOTINGS.iter().enumerate() {
        set(name, Owned::small_int(quoting as i32))?;
    }
    set("Reader", vm.class_of(&reader::READER)?)?;
    set("Writer", vm.class_of(&writer::WRITER)?)?;
    with_state(vm, |state| set("_dialects", state.dialects.clone()))
}

fn dialects(state: &State) -> &Table {
    state.dialects.borrow().downcast::<Dict>().expect("the dialects are in a dict").table()
}

/// The dialect of a name.
fn find_dialect(vm: &Thread, name: Ref<'_>) -> PyResult {
    let hash = vm.key_hash(name)?;
    let found = with_state(vm, |state| dialects(state).get(vm, name, hash))?;
    found.ok_or_else(|| error(vm, "unknown dialect"))
}

fn get_dialect(vm: &Thread, name: Ref<'_>) -> PyResult {
    find_dialect(vm, name)
}

fn list_dialects(vm: &Thread) -> PyResult {
    with_state(vm, |state| vm.list(vm.collect(state.dialects.borrow())?))
}

fn register_dialect(vm: &Thread, args: &Args<'_>) -> PyResult {
    let given = args.positional();
    constructor::count(vm, "register_dialect", given.len(), 1, 2)?;
    let name = given[0];
    if name.downcast::<Str>().is_none() {
        return Err(vm.type_error("dialect name must be a string"));
    }
    let dialect = dialect::from_call(vm, given.get(1).copied(), args)?;
    let hash = vm.key_hash(name)?;
    with_state(vm, |state| dialects(state).insert(vm, name, hash, dialect).map(drop))?;
    none()
}

fn unregister_dialect(vm: &Thread, name: Ref<'_>) -> PyResult {
    let hash = vm.key_hash(name)?;
    match with_state(vm, |state| dialects(state).remove(vm, name, hash))? {
        Some(_) => none(),
        None => Err(error(vm, "unknown dialect")),
    }
}

fn field_size_limit(vm: &Thread, new_limit: Option<Ref<'_>>) -> PyResult {
    with_state(vm, |state| {
        let old = state.limit.get();
        if let Some(limit) = new_limit {
            if int_value(limit).is_none() {
                return Err(vm.type_error("limit must be an integer"));
            }
            state.limit.set(vm.to_isize(limit)? as i64);
        }
        vm.int(old)
    })
}
