//! `methodcaller`: a callable that calls a method of its argument.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::types::sequence::{push_repr, push_str};
use pyx_vm::value::{Owned, Ref, borrow_slice};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::getter::TEXT_SIGNATURE;

payload! {
    /// A methodcaller object.
    pub(super) struct MethodCaller: Native {
        name: Owned,
        /// The method's arguments: positional ones, then those with names.
        values: Box<[Owned]>,
        names: Box<[Owned]>,
    }
}

class! { MethodCaller => METHODCALLER; }

pub(super) static METHODCALLER: TypeDef = TypeDef {
    module: "operator",
    signature: "(name, /, *args, **kwargs)",
    doc: "A callable that calls a method of its argument.\n\n\
          methodcaller('name', 1, flag=True)(x) is x.name(1, flag=True).",
    methods: &[method("__reduce__($self, /)", One(reduce), REDUCE)],
    getset: &[TEXT_SIGNATURE],
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots { new: Some(new), repr: Some(repr), call: Some(call), ..Slots::NONE },
    ..TypeDef::new::<MethodCaller>("methodcaller")
};

impl MethodCaller {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a methodcaller")
    }

    fn positional(&self) -> &[Owned] {
        &self.values[..self.values.len() - self.names.len()]
    }

    fn keywords(&self) -> impl Iterator<Item = (&Owned, &Owned)> {
        self.names.iter().zip(&self.values[self.positional().len()..])
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let Some((name, arguments)) = args.split_first() else {
        return Err(vm.type_error("methodcaller needs at least one argument, the method name"));
    };
    if name.downcast::<Str>().is_none() {
        return Err(vm.type_error("method name must be a string"));
    }
    let name = vm.intern_str(name.own())?;
    let values = arguments.values().iter().map(|value| value.own()).collect();
    vm.new_object_of(class, MethodCaller { name, values, names: arguments.names().into() })
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    constructor::count(vm, "methodcaller", args.positional().len(), 1, 1)?;
    constructor::no_keywords(vm, "methodcaller", args)?;
    let caller = MethodCaller::of(this);
    let arguments = Args::new(borrow_slice(&caller.values), &caller.names);
    vm.call_method_args(args.positional()[0], &caller.name, &arguments)
}

/// Keywords go through a partial: a constructor's arguments are positional in pickles.
fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let caller = MethodCaller::of(this);
    let class = vm.class(this);
    if caller.names.is_empty() {
        let mut arguments = vec![caller.name.clone()];
        arguments.extend_from_slice(&caller.values);
        return vm.pair(class.own(), vm.tuple(arguments)?);
    }
    let functools = vm.import_module(&vm.intern("functools")?)?;
    let partial = vm.get_attr(functools.borrow(), vm.intern("partial")?.borrow())?;
    let mut values = vec![class, caller.name.borrow()];
    values.extend(caller.keywords().map(|(_, value)| value.borrow()));
    let constructor = vm.call_args(partial.borrow(), &Args::new(&values, &caller.names))?;
    vm.pair(constructor, vm.tuple(caller.positional().to_vec())?)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut text = TextBuf::from(&*vm.type_name(this));
    if vm.repr_enter(this) {
        let pushed = push_call(vm, &mut text, MethodCaller::of(this));
        vm.repr_leave(this);
        pushed?;
    } else {
        text.push_str("(...)");
    }
    vm.text(text.as_text())
}

fn push_call(vm: &Thread, text: &mut TextBuf, caller: &MethodCaller) -> PyResult<()> {
    text.push_str("(");
    push_repr(vm, text, caller.name.borrow())?;
    for value in caller.positional() {
        text.push_str(", ");
        push_repr(vm, text, value.borrow())?;
    }
    for (name, value) in caller.keywords() {
        text.push_str(", ");
        push_str(text, name.borrow());
        text.push_str("=");
        push_repr(vm, text, value.borrow())?;
    }
    text.push_str(")");
    Ok(())
}
