//! Binding seen from a caller: values that arrive, and messages.

use super::function::{Parameters, bind as bind_function};
use super::{Args, Bound};
use crate::bootstrap::test_vm;
use crate::exception::{PyResult, Raised};
use crate::heap::Slot;
use crate::heap::inline::Str;
use crate::native::*;
use crate::types::exception::{items, payload};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What the function got: ints as they are, `-` for what is absent.
fn describe(vm: &Thread, bound: &Bound<'_>) -> PyResult {
    let shown = |value: &Option<Ref<'_>>| {
        value.map_or_else(|| "-".to_owned(), |value| value.as_small_int().unwrap_or(-1).to_string())
    };
    let mut parts: Vec<String> = bound.parameters.iter().map(shown).collect();
    parts.extend(bound.rest().iter().map(|value| format!("*{}", shown(&Some(*value)))));
    parts.extend(
        bound.keywords().iter().map(|(name, value)| format!("{}={}", text(*name), shown(&Some(*value)))),
    );
    vm.str(&parts.join(" "))
}

fn pair(vm: &Thread, a: Ref<'_>, b: Option<Ref<'_>>) -> PyResult {
    vm.tuple_of(&[a, b.unwrap_or(Ref::NONE)])
}

static ANY: MethodDef = function("f(a, b=1, /, c=2, *args, d, e=3, **kwargs)", Many(describe), "");
static KEYWORDS: MethodDef = function("g(a, /, b, c=2)", Many(describe), "");
static POSITIONAL: MethodDef = function("h(a, b=None, /)", OneOpt(pair), "");
static PYTHON: MethodDef = function("p(a, b, *, c)", Many(describe), "").wording(Wording::Python);

fn text(value: Ref<'_>) -> String {
    value.downcast::<Str>().map_or_else(String::new, |text| text.to_string_lossy().into_owned())
}

fn message(raised: &Raised) -> String {
    items(&payload(raised.exception()).args())
        .first()
        .map_or_else(String::new, |message| text(message.borrow()))
}

/// Calls with ints, the last ones by keyword.
fn call(vm: &Thread, def: &'static MethodDef, values: &[i32], names: &[&str]) -> String {
    let function = vm.native_function(def, Ref::NONE, None).unwrap();
    let values: Vec<Owned> = values.iter().map(|&value| Owned::small_int(value)).collect();
    let values: Vec<Ref<'_>> = values.iter().map(Owned::borrow).collect();
    let names: Vec<Owned> = names.iter().map(|name| vm.str(name).unwrap()).collect();
    match vm.call_args(function.borrow(), &Args::new(&values, &names)) {
        Ok(result) => text(result.borrow()),
        Err(raised) => message(&raised),
    }
}

#[test]
fn natives_get_their_arguments() {
    test_vm(|vm| {
        assert_eq!(call(vm, &ANY, &[1, 4], &["d"]), "1 - - 4 -");
        assert_eq!(call(vm, &ANY, &[1, 2, 3, 5, 6, 4], &["d"]), "1 2 3 4 - *5 *6");
        assert_eq!(call(vm, &ANY, &[1, 4, 7, 8], &["d", "a", "z"]), "1 - - 4 - a=7 z=8");
        assert_eq!(call(vm, &KEYWORDS, &[1, 2, 3], &["c", "b"]), "1 3 2");
    });
}

#[test]
fn natives_report_what_does_not_fit() {
    test_vm(|vm| {
        assert_eq!(call(vm, &KEYWORDS, &[1], &[]), "g() missing required argument 'b' (pos 2)");
        assert_eq!(call(vm, &KEYWORDS, &[1, 2, 3, 4], &[]), "g() takes at most 3 arguments (4 given)");
        assert_eq!(call(vm, &KEYWORDS, &[], &[]), "g() takes at least 1 positional argument (0 given)");
        assert_eq!(
            call(vm, &KEYWORDS, &[1, 2, 3], &["b"]),
            "argument for g() given by name ('b') and position (2)"
        );
        assert_eq!(call(vm, &KEYWORDS, &[1, 2, 3], &["x"]), "g() got an unexpected keyword argument 'x'");
        assert_eq!(call(vm, &POSITIONAL, &[], &[]), "h expected at least 1 argument, got 0");
        assert_eq!(call(vm, &POSITIONAL, &[1, 2, 3], &[]), "h expected at most 2 arguments, got 3");
        assert_eq!(call(vm, &POSITIONAL, &[1], &["a"]), "h() takes no keyword arguments");
        assert_eq!(call(vm, &PYTHON, &[], &[]), "p() missing 2 required positional arguments: 'a' and 'b'");
        assert_eq!(
            call(vm, &PYTHON, &[1, 2, 3, 4], &["c"]),
            "p() takes 2 positional arguments but 3 positional arguments (and 1 keyword-only argument) were given"
        );
    });
}

/// Binds ints to `def f(a, b, /, c, *args, d, **kwargs)` with defaults for b and c, and shows the registers.
fn bind(vm: &Thread, values: &[i32], names: &[&str]) -> String {
    let parameter_names: Vec<Owned> =
        ["a", "b", "c", "d", "args", "kwargs"].iter().map(|name| vm.intern(name).unwrap()).collect();
    let qualname = vm.str("C.f").unwrap();
    let defaults = vm.pair(Owned::small_int(-2), Owned::small_int(-3)).unwrap();
    let parameters = Parameters {
        qualname: qualname.borrow(),
        names: &parameter_names,
        positional_only: 2,
        positional: 3,
        keyword_only: 1,
        rest: true,
        keywords: false,
        defaults: Some(defaults.borrow()),
        keyword_defaults: None,
    };
    let values: Vec<Owned> = values.iter().map(|&value| Owned::small_int(value)).collect();
    let values: Vec<Ref<'_>> = values.iter().map(Owned::borrow).collect();
    let names: Vec<Owned> = names.iter().map(|name| vm.intern(name).unwrap()).collect();
    let registers: Vec<Slot> = std::iter::repeat_with(Slot::empty).take(5).collect();
    match bind_function(vm, &parameters, &Args::new(&values, &names), &registers) {
        Ok(()) => {
            let ints = |slot: &Slot| slot.get_or_none().borrow().as_small_int();
            let rest = registers[4].get_or_none();
            format!("{:?} rest {}", registers[..4].iter().map(ints).collect::<Vec<_>>(), items(&rest).len())
        }
        Err(raised) => message(&raised),
    }
}

#[test]
fn python_functions_get_their_arguments() {
    test_vm(|vm| {
        assert_eq!(bind(vm, &[1, 4], &["d"]), "[Some(1), Some(-2), Some(-3), Some(4)] rest 0");
        assert_eq!(bind(vm, &[1, 2, 3, 5, 6, 4], &["d"]), "[Some(1), Some(2), Some(3), Some(4)] rest 2");
        assert_eq!(bind(vm, &[1, 4, 3], &["d", "c"]), "[Some(1), Some(-2), Some(3), Some(4)] rest 0");
    });
}

#[test]
fn python_functions_report_what_does_not_fit() {
    test_vm(|vm| {
        assert_eq!(bind(vm, &[1], &["d"]), "C.f() missing 1 required positional argument: 'a'");
        assert_eq!(bind(vm, &[1], &[]), "C.f() missing 1 required keyword-only argument: 'd'");
        assert_eq!(bind(vm, &[1, 2, 3, 4], &["c"]), "C.f() got multiple values for argument 'c'");
        assert_eq!(
            bind(vm, &[1, 2], &["a"]),
            "C.f() got some positional-only arguments passed as keyword arguments: 'a'"
        );
        assert_eq!(bind(vm, &[1, 2], &["e"]), "C.f() got an unexpected keyword argument 'e'");
    });
}
