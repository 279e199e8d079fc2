//! `ImportError`, which knows the module and the file.

use super::{
    Exception, SOLID, field, fields, init as init_base, own_attributes, payload, reduced, state_with,
};
use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::heap::object::flag;
use crate::native::*;
use crate::signature;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

fields! { MSG, NAME, PATH, NAME_FROM }

/// What `ImportError` is beyond its row in the class table.
pub(crate) const IMPORT_ERROR: TypeDef = TypeDef {
    flags: SOLID,
    methods: &[method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the exception from.")],
    getset: &[
        field!("msg", MSG, "The message."),
        field!("name", NAME, "The module's name."),
        field!("path", PATH, "The module's path."),
        field!("name_from", NAME_FROM, "The name that was to be imported from the module."),
    ],
    slots: Slots { init: Some(init), str: Some(str), ..Slots::NONE },
    ..TypeDef::new::<Exception>("ImportError")
};

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init_base(vm, this, &Args::positional_only(args.positional()))?;
    let keywords = args.keywords_only();
    keywords.bind(vm, signature!("ImportError(*, name=None, path=None, name_from=None)"), |bound| {
        let exception = payload(this);
        exception.set(NAME, bound.optional(0).map(Ref::own));
        exception.set(PATH, bound.optional(1).map(Ref::own));
        exception.set(NAME_FROM, bound.optional(2).map(Ref::own));
        exception.set(MSG, if let [message] = args.positional() { Some(message.own()) } else { None });
        Ok(())
    })
}

/// The message itself, if it is a str, and not of a subclass with ideas of its own.
fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    let is_plain = |message: &Owned| {
        let message = message.borrow();
        message.downcast::<Str>().is_some()
            && message.header().is_some_and(|header| !header.has(flag::SUBCLASS))
    };
    match payload(this).get(MSG).filter(is_plain) {
        Some(message) => Ok(message),
        None => super::str(vm, this),
    }
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let (names, exception) = (vm.names(), payload(this));
    let fields = [
        (&names.name, exception.get(NAME)),
        (&names.path, exception.get(PATH)),
        (&names.name_from, exception.get(NAME_FROM)),
    ];
    let state = if fields.iter().any(|(_, value)| value.is_some()) {
        Some(state_with(vm, this, &fields)?)
    } else {
        own_attributes(vm, this)?
    };
    reduced(vm, this, exception.args(), state)
}

/// The name of the module.
pub(crate) fn name(exception: Ref<'_>) -> Option<Owned> {
    payload(exception).get(NAME)
}

/// The name that was to be imported from the module.
pub(crate) fn name_from(exception: Ref<'_>) -> Option<Owned> {
    payload(exception).get(NAME_FROM)
}

impl Thread {
    /// An `ImportError`, or another class that derives from it, that knows the module and what was wanted from it.
    #[cold]
    pub fn import_failure(
        &self,
        class: &Owned,
        message: impl std::fmt::Display,
        name: Ref<'_>,
        path: Option<Ref<'_>>,
        name_from: Option<Ref<'_>>,
    ) -> Raised {
        let raised = self.error(class, message);
        if raised.is(&self.exceptions().ImportError) {
            let exception = payload(raised.exception());
            exception.set(NAME, Some(name.own()));
            exception.set(PATH, path.map(Ref::own));
            exception.set(NAME_FROM, name_from.map(Ref::own));
        }
        raised
    }
}
