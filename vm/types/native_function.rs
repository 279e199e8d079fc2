//! `builtin_function_or_method`: functions of native modules, and native methods bound to a receiver.
//!
//! A native function is a row of a table ([`MethodDef`]) and what it is bound to. Most calls of natives never see such an
//! object: a method is called through its descriptor, with the receiver at hand ([`call`]).

use crate::arguments::native::{Callee, bind};
use crate::arguments::signature::{LazySignature, Signature};
use crate::arguments::{Args, Bound};
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::heap::inline::Str;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::types::method_descriptor;
use crate::types::module::Module;
use crate::types::type_::Type;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A native function.
    pub struct NativeFunction: NativeFunction {
        pub(crate) def: &'static MethodDef,
        /// The instance or class of a bound method, the class of a static one, the module of a function; None where
        /// there is nothing.
        receiver: Owned,
        /// The descriptor that this method was bound from, whose signature it shares.
        descriptor: Option<Owned>,
        /// `__module__`
        module: Slot,
        signature: LazySignature,
    }
}

class! { NativeFunction => NATIVE_FUNCTION; }

pub(crate) static NATIVE_FUNCTION: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, no_new: true, ..TypeFlags::NONE },
    methods: &[method(
        "__reduce__($self, /)",
        One(reduce),
        "What pickle rebuilds the function from: its name, or the attribute it is.",
    )],
    getset: &[
        GetSet {
            name: "__module__",
            get: get_module,
            set: Some(set_module),
            doc: "The module that defines the function.",
            member: true,
        },
        getter("__doc__", get_doc, "The docstring."),
        getter("__name__", get_name, "The function's name."),
        getter("__qualname__", get_qualname, "The name with the class it belongs to."),
        getter("__self__", get_self, "What the function is bound to."),
        getter("__text_signature__", get_text_signature, "The parameters as text."),
    ],
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call_slot),
        compare: Some(compare),
        ..Slots::NONE
    },
    ..TypeDef::new::<NativeFunction>("builtin_function_or_method")
};

impl Thread {
    /// A native function: of a module, by its name, or of a class; or a method bound to its receiver.
    pub fn native_function(
        &self,
        def: &'static MethodDef,
        receiver: Ref<'_>,
        module: Option<Ref<'_>>,
    ) -> PyResult {
        self.new_object(NativeFunction {
            def,
            receiver: receiver.own(),
            descriptor: None,
            module: Slot::from_option(module.map(Ref::own)),
            signature: LazySignature::default(),
        })
    }

    /// The method of a descriptor, bound to a receiver that it applies to.
    pub(crate) fn bind_native(
        &self,
        def: &'static MethodDef,
        descriptor: Ref<'_>,
        receiver: Ref<'_>,
    ) -> PyResult {
        self.new_object(NativeFunction {
            def,
            receiver: receiver.own(),
            descriptor: Some(descriptor.own()),
            module: Slot::empty(),
            signature: LazySignature::default(),
        })
    }

    /// A callable as errors name it: `list.append()`, `math.sqrt()`, `__main__.f()`.
    #[cold]
    pub fn function_str(&self, callable: Ref<'_>) -> String {
        let names = self.names();
        let text = |name: &Owned| {
            let value = self.get_attr_opt(callable, name.borrow()).ok().flatten()?;
            value.borrow().downcast::<Str>().map(|text| text.to_string_lossy().into_owned())
        };
        match (text(&names.__module__), text(&names.__qualname__)) {
            (Some(module), Some(name)) if module != "builtins" => format!("{module}.{name}()"),
            (_, Some(name)) => format!("{name}()"),
            (_, None) => self.to_string_lossy(callable),
        }
    }

    /// `str(object)` as Rust text for messages; empty where that raises.
    #[cold]
    fn to_string_lossy(&self, object: Ref<'_>) -> String {
        let text = self.to_str(object).ok();
        text.as_ref()
            .and_then(|text| text.borrow().downcast::<Str>())
            .map_or_else(String::new, |text| text.to_string_lossy().into_owned())
    }
}

impl NativeFunction {
    fn signature(&self) -> &Signature {
        let shared =
            self.descriptor.as_ref().and_then(|descriptor| method_descriptor::signature(descriptor.borrow()));
        shared.unwrap_or_else(|| self.signature.get(self.def))
    }

    /// Calls the function, which `this` is.
    #[inline]
    pub(crate) fn call(&self, vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
        let receiver = self.def.binding.passes_receiver().then(|| self.receiver.borrow());
        call(vm, this, self.def, || self.signature(), receiver, args)
    }
}

/// Calls a native function: directly where the arguments are positional and the function takes a fixed number of
/// parameters, else through the binder. `callable` is what errors name; the receiver is there if the function wants one.
#[inline]
pub(crate) fn call<'s>(
    vm: &Thread,
    callable: Ref<'_>,
    def: &'static MethodDef,
    signature: impl FnOnce() -> &'s Signature,
    receiver: Option<Ref<'_>>,
    args: &Args<'_>,
) -> PyResult {
    let direct = if args.has_keywords() || args.values().len() > usize::from(def.positional) {
        None
    } else {
        match receiver {
            Some(receiver) => call_method_directly(vm, def.function, receiver, args.values()),
            None => call_directly(vm, def.function, args.values()),
        }
    };
    match direct {
        Some(result) => result,
        None => call_bound(vm, callable, def, signature(), receiver, args),
    }
}

/// Calls a native function, or a method descriptor with the receiver first, with positional arguments.
#[inline]
pub(crate) fn call_values(vm: &Thread, callable: Ref<'_>, args: &[Ref<'_>]) -> PyResult {
    let direct = if let Some(function) = callable.downcast::<NativeFunction>() {
        (!function.def.binding.passes_receiver()).then_some((function.def, 0))
    } else {
        method_descriptor::applicable(vm, callable, args).map(|def| (def, 1))
    };
    if let Some((def, receivers)) = direct
        && args.len() <= usize::from(def.positional) + receivers
        && let Some(result) = call_directly(vm, def.function, args)
    {
        return result;
    }
    call_any(vm, callable, &Args::positional_only(args))
}

/// Calls a native function, or a method descriptor with the receiver first.
#[inline(never)]
fn call_any(vm: &Thread, callable: Ref<'_>, args: &Args<'_>) -> PyResult {
    match callable.downcast::<NativeFunction>() {
        Some(function) => function.call(vm, callable, args),
        None => method_descriptor::call(vm, callable, args),
    }
}

/// Calls a function of fixed arity with the positional arguments that fit it.
#[inline(always)]
fn call_directly(vm: &Thread, function: NativeFn, args: &[Ref<'_>]) -> Option<PyResult> {
    Some(match (function, args) {
        (Zero(f), []) => f(vm),
        (One(f), &[a]) => f(vm, a),
        (Two(f), &[a, b]) => f(vm, a, b),
        (Three(f), &[a, b, c]) => f(vm, a, b, c),
        (Four(f), &[a, b, c, d]) => f(vm, a, b, c, d),
        (ZeroOpt(f), []) => f(vm, None),
        (ZeroOpt(f), &[a]) => f(vm, Some(a)),
        (OneOpt(f), &[a]) => f(vm, a, None),
        (OneOpt(f), &[a, b]) => f(vm, a, Some(b)),
        (OneOpt2(f), &[a]) => f(vm, a, None, None),
        (OneOpt2(f), &[a, b]) => f(vm, a, Some(b), None),
        (OneOpt2(f), &[a, b, c]) => f(vm, a, Some(b), Some(c)),
        (OneOpt3(f), &[a]) => f(vm, a, None, None, None),
        (OneOpt3(f), &[a, b]) => f(vm, a, Some(b), None, None),
        (OneOpt3(f), &[a, b, c]) => f(vm, a, Some(b), Some(c), None),
        (OneOpt3(f), &[a, b, c, d]) => f(vm, a, Some(b), Some(c), Some(d)),
        (TwoOpt(f), &[a, b]) => f(vm, a, b, None),
        (TwoOpt(f), &[a, b, c]) => f(vm, a, b, Some(c)),
        (TwoOpt2(f), &[a, b]) => f(vm, a, b, None, None),
        (TwoOpt2(f), &[a, b, c]) => f(vm, a, b, Some(c), None),
        (TwoOpt2(f), &[a, b, c, d]) => f(vm, a, b, Some(c), Some(d)),
        (ThreeOpt(f), &[a, b, c]) => f(vm, a, b, c, None),
        (ThreeOpt(f), &[a, b, c, d]) => f(vm, a, b, c, Some(d)),
        _ => return None,
    })
}

/// The same for a method, whose receiver is its first argument.
#[inline]
fn call_method_directly(
    vm: &Thread,
    function: NativeFn,
    this: Ref<'_>,
    args: &[Ref<'_>],
) -> Option<PyResult> {
    let mut all = [this; MOST_PARAMETERS];
    all.get_mut(1..=args.len())?.copy_from_slice(args);
    call_directly(vm, function, &all[..=args.len()])
}

/// No function of fixed arity has more.
const MOST_PARAMETERS: usize = 4;

/// Calls any native function with any arguments.
fn call_bound(
    vm: &Thread,
    callable: Ref<'_>,
    def: &'static MethodDef,
    signature: &Signature,
    receiver: Option<Ref<'_>>,
    args: &Args<'_>,
) -> PyResult {
    match (def.function, receiver) {
        (Raw(f), Some(receiver)) => args.prepend(receiver, |args| f(vm, args)),
        (Raw(f), None) => f(vm, args),
        (function, receiver) => bind(vm, Callee::Object(callable), signature, receiver, args, |bound| {
            call_with(vm, function, bound)
        }),
    }
}

/// Calls a function with the parameters that the binder filled in.
fn call_with(vm: &Thread, function: NativeFn, bound: &Bound<'_>) -> PyResult {
    let required = |index| bound.required(index);
    let optional = |index| bound.optional(index);
    match function {
        Zero(f) => f(vm),
        One(f) => f(vm, required(0)),
        Two(f) => f(vm, required(0), required(1)),
        Three(f) => f(vm, required(0), required(1), required(2)),
        Four(f) => f(vm, required(0), required(1), required(2), required(3)),
        ZeroOpt(f) => f(vm, optional(0)),
        OneOpt(f) => f(vm, required(0), optional(1)),
        OneOpt2(f) => f(vm, required(0), optional(1), optional(2)),
        OneOpt3(f) => f(vm, required(0), optional(1), optional(2), optional(3)),
        TwoOpt(f) => f(vm, required(0), required(1), optional(2)),
        TwoOpt2(f) => f(vm, required(0), required(1), optional(2), optional(3)),
        ThreeOpt(f) => f(vm, required(0), required(1), required(2), optional(3)),
        Many(f) => f(vm, bound),
        Raw(_) => Err(vm.system_error("a raw function's arguments are not bound")),
    }
}

/// The payload of a native function.
fn payload(this: Ref<'_>) -> &NativeFunction {
    this.downcast().expect("a slot of the class gets its instances")
}

fn call_slot(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    payload(this).call(vm, this, args)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let function = payload(this);
    let (name, receiver) = (function.def.name(), function.receiver.borrow());
    if is_free(function) {
        return vm.str(&format!("<built-in function {name}>"));
    }
    let of = vm.type_name(receiver);
    vm.str(&format!("<built-in method {name} of {of} object at {:#x}>", receiver.id()))
}

/// Whether the function belongs to a module, or to nothing.
fn is_free(function: &NativeFunction) -> bool {
    let receiver = function.receiver.borrow();
    receiver.downcast::<Module>().is_some() || (function.def.binding == Binding::Module && receiver.is_none())
}

fn hash(_vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let function = payload(this);
    let def = std::ptr::from_ref(function.def).addr() as u64;
    Ok(hash_of_ids(function.receiver.borrow().id(), def))
}

/// A hash of the identities of two things; never -1.
fn hash_of_ids(a: u64, b: u64) -> i64 {
    match (a.rotate_right(4) ^ b.rotate_right(4)) as i64 {
        -1 => -2,
        hash => hash,
    }
}

fn compare(_vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<NativeFunction>(), b.downcast::<NativeFunction>()) else {
        return Ok(Owned::not_implemented());
    };
    let equal = std::ptr::eq(a.def, b.def) && a.receiver.borrow().is(b.receiver.borrow());
    Ok(match op {
        CompareOp::Eq => Owned::bool(equal),
        CompareOp::Ne => Owned::bool(!equal),
        _ => Owned::not_implemented(),
    })
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let function = payload(this);
    let name = vm.intern(function.def.name())?;
    if is_free(function) {
        return Ok(name);
    }
    vm.reduce_to_attribute(function.receiver.borrow(), name)
}

fn get_module(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(payload(this).module.get_or_none())
}

fn set_module(_vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(payload(this).module.replace(value.map(Ref::own)));
    Ok(())
}

fn get_doc(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str_or_none(payload(this).def.doc)
}

fn get_name(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.intern(payload(this).def.name())
}

fn get_qualname(vm: &Thread, this: Ref<'_>) -> PyResult {
    let function = payload(this);
    if is_free(function) {
        return get_name(vm, this);
    }
    let receiver = function.receiver.borrow();
    let class = if receiver.downcast::<Type>().is_some() { receiver } else { vm.class(receiver) };
    vm.qualified_name(class, function.def.name())
}

fn get_self(_vm: &Thread, this: Ref<'_>) -> PyResult {
    let function = payload(this);
    Ok(if function.def.binding == Binding::Static { Owned::none() } else { function.receiver.clone() })
}

fn get_text_signature(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str_or_none(payload(this).def.text_signature())
}

impl Thread {
    /// A str, or None for the empty text: docstrings.
    pub(crate) fn str_or_none(&self, text: &str) -> PyResult {
        if text.is_empty() { Ok(Owned::none()) } else { self.str(text) }
    }

    /// The qualified name of what a class has under a name.
    pub(crate) fn qualified_name(&self, class: Ref<'_>, name: &str) -> PyResult {
        let qualname = class.downcast::<Type>().and_then(|class| class.qualname.get());
        let class = qualname.as_ref().and_then(|name| name.borrow().downcast::<Str>());
        let mut text = class.map_or_else(Vec::new, |class| class.as_bytes().to_vec());
        text.push(b'.');
        text.extend_from_slice(name.as_bytes());
        self.text(crate::text::wtf8::Text::trusted(&text))
    }

    /// What `__reduce__` gives for something that is an attribute: `(getattr, (object, name))`.
    pub(crate) fn reduce_to_attribute(&self, object: Ref<'_>, name: Owned) -> PyResult {
        let getattr = self.builtin("getattr")?;
        let arguments = self.pair(object.own(), name)?;
        self.pair(getattr, arguments)
    }

    /// A name of the module `builtins`.
    pub(crate) fn builtin(&self, name: &str) -> PyResult {
        let key = self.intern(name)?;
        let builtins = self.interpreter().builtins.get_or_none();
        self.get_item(builtins.borrow(), key.borrow())
    }
}
