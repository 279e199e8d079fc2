//! Calls from native code. Calls between Python functions never come here: they stay in the loop.

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::protocol::attribute::instance_attribute;
use crate::types::bound_method::BoundMethod;
use crate::types::method_descriptor::{self, MethodDescriptor};
use crate::types::native_function::NativeFunction;
use crate::types::type_::type_flag;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// `callable(*args)`
    #[inline]
    pub fn call(&self, callable: Ref<'_>, args: &[Ref<'_>]) -> PyResult {
        self.call_args(callable, &Args::positional_only(args))
    }

    /// A call with any arguments.
    pub fn call_args(&self, callable: Ref<'_>, args: &Args<'_>) -> PyResult {
        if callable.kind() == Kind::Function {
            return crate::eval::call_function(self, callable, None, args);
        }
        self.check_stack()?;
        match callable.kind() {
            Kind::NativeFunction => native_function(callable).call(self, callable, args),
            Kind::MethodDescriptor => method_descriptor::call(self, callable, args),
            Kind::BoundMethod => self.call_bound_method(callable, args),
            _ => self.call_slot(callable, args),
        }
    }

    fn call_bound_method(&self, method: Ref<'_>, args: &Args<'_>) -> PyResult {
        let method: &BoundMethod = method.downcast().expect("the kind says so");
        self.call_with_receiver(method.function.borrow(), method.receiver.borrow(), args)
    }

    /// `function(receiver, ...)`
    fn call_with_receiver(&self, function: Ref<'_>, receiver: Ref<'_>, args: &Args<'_>) -> PyResult {
        match function.kind() {
            Kind::Function => crate::eval::call_function(self, function, Some(receiver), args),
            _ => args.prepend(receiver, |args| self.call_args(function, args)),
        }
    }

    /// A call through the slot of the callable's class.
    fn call_slot(&self, callable: Ref<'_>, args: &Args<'_>) -> PyResult {
        match self.type_of(callable).slots.call.get() {
            Some(call) => call(self, callable, args),
            None => {
                let class = self.type_name(callable);
                Err(self.type_error(format_args!("'{class}' object is not callable")))
            }
        }
    }

    /// `callable(object)`: whether an object can be called.
    pub fn is_callable(&self, object: Ref<'_>) -> bool {
        self.type_of(object).slots.call.get().is_some()
    }

    /// `object.name(*args)`
    pub fn call_method(&self, object: Ref<'_>, name: &Owned, args: &[Ref<'_>]) -> PyResult {
        self.call_method_args(object, name, &Args::positional_only(args))
    }

    /// `object.name(...)` with any arguments.
    pub fn call_method_args(&self, object: Ref<'_>, name: &Owned, args: &Args<'_>) -> PyResult {
        match self.unbound_method(object, name.borrow())? {
            Some(function) => self.call_unbound(function.borrow(), object, args),
            None => {
                let method = self.get_attr(object, name.borrow())?;
                self.call_args(method.borrow(), args)
            }
        }
    }

    /// Calls the special method of the object's class; `None` if the class has none.
    pub fn call_special(&self, object: Ref<'_>, name: &Owned, args: &[Ref<'_>]) -> PyResult<Option<Owned>> {
        let class = self.class(object);
        let Some(attribute) = self.lookup(class, name.borrow()) else { return Ok(None) };
        let args = Args::positional_only(args);
        if binds_like_function(self, attribute.borrow()) {
            return self.call_unbound(attribute.borrow(), object, &args).map(Some);
        }
        let method = self.bind_attribute(attribute, object, class)?;
        self.call_args(method.borrow(), &args).map(Some)
    }

    /// Calls what a class holds under a method's name on an instance, without binding it first.
    fn call_unbound(&self, function: Ref<'_>, receiver: Ref<'_>, args: &Args<'_>) -> PyResult {
        match function.downcast::<MethodDescriptor>() {
            Some(method) if method.applies_to(self, receiver) => {
                self.check_stack()?;
                method.call_on(self, function, receiver, args)
            }
            _ => self.call_with_receiver(function, receiver, args),
        }
    }

    /// The function behind `object.name`, if looking it up is nothing but finding a function in the class.
    pub(crate) fn unbound_method(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
        let class = self.type_of(object);
        if !class.has(type_flag::PLAIN_GETATTR) {
            return Ok(None);
        }
        let attribute =
            self.lookup(self.class(object), name).filter(|found| binds_like_function(self, found.borrow()));
        if attribute.is_some()
            && class.has(type_flag::HAS_DICT)
            && instance_attribute(self, object, name)?.is_some()
        {
            return Ok(None);
        }
        Ok(attribute)
    }
}

/// Whether an attribute of a class binds to instances as a function does, so that a call may pass the receiver instead.
fn binds_like_function(vm: &Thread, attribute: Ref<'_>) -> bool {
    match attribute.kind() {
        Kind::Function | Kind::MethodDescriptor => true,
        _ => vm.type_of(attribute).has(type_flag::METHOD_DESCRIPTOR),
    }
}

fn native_function(callable: Ref<'_>) -> &NativeFunction {
    callable.downcast().expect("the kind says so")
}
