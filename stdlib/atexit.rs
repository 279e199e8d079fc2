//! `atexit`: functions to be called when the program ends, the last registered first.
//!
//! The interpreter keeps them as tuples of the function, the values of all arguments, and the names of the last of them. Any of them may register others, or take some away.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static ATEXIT: ModuleDef = ModuleDef {
    doc: "Functions to be called when the program ends.",
    functions: &[
        function(
            "register($module, func, /, *args, **kwargs)",
            Raw(register),
            "Have a function called with these arguments when the program ends; the function itself.",
        ),
        function(
            "unregister($module, func, /)",
            One(unregister),
            "Forget all registrations of a function, or of what compares equal to it.",
        ),
        function("_clear($module, /)", Zero(clear), "Forget all registrations."),
        function(
            "_run_exitfuncs($module, /)",
            Zero(|vm| {
                run(vm);
                none()
            }),
            "Call all registered functions now, and forget them.",
        ),
        function(
            "_ncallbacks($module, /)",
            Zero(|vm| vm.size(vm.exit_functions().len())),
            "How many registrations there are.",
        ),
    ],
    ..ModuleDef::new("atexit")
};

fn register(vm: &Thread, args: &Args<'_>) -> PyResult {
    let Some(&function) = args.positional().first() else {
        return Err(vm.type_error("register() takes at least 1 argument (0 given)"));
    };
    if !vm.is_callable(function) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let values = vm.tuple_of(&args.values()[1..])?;
    let entry = vm.tuple(vec![function.own(), values, vm.tuple(args.names().to_vec())?])?;
    vm.exit_functions().push(vm, entry)?;
    Ok(function.own())
}

fn unregister(vm: &Thread, function: Ref<'_>) -> PyResult {
    let functions = vm.exit_functions();
    let mut index = functions.len();
    while index > 0 {
        index -= 1;
        let Some(entry) = functions.get(index) else { continue };
        let registered = item(&entry, 0);
        let equal = registered.borrow().is(function)
            || vm.compare_truth(registered.borrow(), function, CompareOp::Eq)?;
        // The comparison may have changed the registrations.
        let is_there = functions.get(index).is_some_and(|now| now.borrow().is(entry.borrow()));
        if equal && is_there {
            drop(functions.remove(index));
        }
        index = index.min(functions.len());
    }
    none()
}

fn clear(vm: &Thread) -> PyResult {
    drop(vm.exit_functions().take());
    none()
}

/// Calls the registered functions, and forgets them and those that are registered meanwhile. Their exceptions are
/// reported, and stop nothing.
pub fn run(vm: &Thread) {
    for entry in vm.exit_functions().take().into_vec().into_iter().rev() {
        if let Err(raised) = call(vm, &entry) {
            let function = item(&entry, 0);
            vm.unraisable_about(raised, "Exception ignored in atexit callback", function.borrow());
        }
    }
    drop(vm.exit_functions().take());
}

fn call(vm: &Thread, entry: &Owned) -> PyResult<()> {
    let (function, values, names) = (item(entry, 0), item(entry, 1), item(entry, 2));
    let values: Vec<Ref<'_>> = items(&values).iter().map(Owned::borrow).collect();
    vm.call_args(function.borrow(), &Args::new(&values, items(&names))).map(drop)
}

fn items(tuple: &Owned) -> &[Owned] {
    tuple.borrow().downcast::<Tuple>().expect("entries are made of tuples").as_slice()
}

fn item(entry: &Owned, index: usize) -> Owned {
    items(entry)[index].clone()
}
