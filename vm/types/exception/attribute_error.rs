//! `AttributeError` and `NameError`, which know the name that was not found, and where.

use super::{Exception, SOLID, field, fields, init as init_base, payload, reduced, state_with};
use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::native::*;
use crate::signature;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

fields! { NAME, OBJECT }

/// What `AttributeError` is beyond its row in the class table.
pub(crate) const ATTRIBUTE_ERROR: TypeDef = TypeDef {
    flags: SOLID,
    methods: &[
        method(
            "__getstate__($self, /)",
            One(get_state),
            "The attributes to pickle; the object is not among them.",
        ),
        method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the exception from."),
    ],
    getset: &[
        field!("name", NAME, "The name of the missing attribute."),
        field!("obj", OBJECT, "The object that lacks it."),
    ],
    slots: Slots { init: Some(init_attribute_error), ..Slots::NONE },
    ..TypeDef::new::<Exception>("AttributeError")
};

/// What `NameError` is beyond its row in the class table.
pub(crate) const NAME_ERROR: TypeDef = TypeDef {
    flags: SOLID,
    getset: &[field!("name", NAME, "The name that is not bound.")],
    slots: Slots { init: Some(init_name_error), ..Slots::NONE },
    ..TypeDef::new::<Exception>("NameError")
};

fn init_attribute_error(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init_base(vm, this, &Args::positional_only(args.positional()))?;
    args.keywords_only().bind(vm, signature!("AttributeError(*, name=None, obj=None)"), |args| {
        payload(this).set(NAME, args.optional(0).map(Ref::own));
        payload(this).set(OBJECT, args.optional(1).map(Ref::own));
        Ok(())
    })
}

fn init_name_error(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init_base(vm, this, &Args::positional_only(args.positional()))?;
    args.keywords_only().bind(vm, signature!("NameError(*, name=None)"), |args| {
        payload(this).set(NAME, args.optional(0).map(Ref::own));
        Ok(())
    })
}

fn get_state(vm: &Thread, this: Ref<'_>) -> PyResult {
    let (names, exception) = (vm.names(), payload(this));
    state_with(vm, this, &[(&names.name, exception.get(NAME)), (&names.args, Some(exception.args()))])
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    reduced(vm, this, payload(this).args(), Some(get_state(vm, this)?))
}

/// The name that an AttributeError or NameError is about.
pub(crate) fn name(exception: Ref<'_>) -> Option<Owned> {
    payload(exception).get(NAME)
}

/// The object that an AttributeError is about.
pub(crate) fn object(exception: Ref<'_>) -> Option<Owned> {
    payload(exception).get(OBJECT)
}

impl Thread {
    /// Tells an `AttributeError` on its way which object and name it is about, unless it knows.
    #[cold]
    pub(crate) fn set_attribute_context(&self, raised: &Raised, object: Ref<'_>, name: Ref<'_>) {
        if raised.is(&self.exceptions().AttributeError) {
            let exception = payload(raised.exception());
            if exception.get(NAME).is_none() && exception.get(OBJECT).is_none() {
                exception.set(NAME, Some(name.own()));
                exception.set(OBJECT, Some(object.own()));
            }
        }
    }

    /// A `NameError` that knows the name, for suggestions.
    #[cold]
    pub fn unbound_name(&self, name: Ref<'_>, message: impl std::fmt::Display) -> Raised {
        let raised = self.name_error(message);
        if raised.is(&self.exceptions().NameError) {
            payload(raised.exception()).set(NAME, Some(name.own()));
        }
        raised
    }
}
