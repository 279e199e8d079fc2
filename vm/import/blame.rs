//! The error of `from module import name`, and what is probably wrong.

use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::types::module::{Module, file_origin, is_initializing, is_stdlib_name, may_shadow};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The ImportError of `from module import name`.
pub(crate) fn cannot_import(vm: &Thread, module: Ref<'_>, name: Ref<'_>) -> Raised {
    error(vm, module, name).unwrap_or_else(|raised| raised)
}

fn error(vm: &Thread, module: Ref<'_>, name: Ref<'_>) -> PyResult<Raised> {
    let names = vm.names();
    let is_str = |value: &Owned| value.borrow().downcast::<Str>().is_some();
    let module_name = vm.get_attr_opt(module, names.__name__.borrow())?.filter(is_str);
    let spec = vm.get_attr_opt(module, names.__spec__.borrow())?.unwrap_or_else(Owned::none);
    let mut file = match spec.borrow().is_none() {
        true => None,
        false => file_origin(vm, spec.borrow())?,
    };
    let shadows = match &file {
        Some(file) => may_shadow(vm, file.borrow())?,
        None => false,
    };
    if file.is_none() && module.downcast::<Module>().is_some() {
        file = vm.get_attr_opt(module, names.__file__.borrow())?.filter(is_str);
    }
    let message = Message {
        name: vm.repr_string(name)?,
        module: match &module_name {
            Some(module_name) => vm.repr_string(module_name.borrow())?,
            None => "'<unknown module name>'".to_owned(),
        },
        quoted_file: file.as_ref().map(|file| vm.repr_string(file.borrow())).transpose()?,
        file: file.as_ref().map(|file| vm.str_string(file.borrow())).transpose()?,
        shadows,
        hides_library: match &module_name {
            Some(module_name) => shadows && is_stdlib_name(vm, module_name.borrow())?,
            None => false,
        },
        initializing: !spec.borrow().is_none() && is_initializing(vm, spec.borrow())?,
    };
    let raised = vm.import_error(message.text());
    let exception = raised.exception();
    vm.set_attr(exception, names.name.borrow(), Some(module_name.unwrap_or_else(Owned::none).borrow()))?;
    vm.set_attr(exception, names.path.borrow(), Some(file.unwrap_or_else(Owned::none).borrow()))?;
    vm.set_attr(exception, names.name_from.borrow(), Some(name))?;
    Ok(raised)
}

/// What the message depends on.
struct Message {
    name: String,
    module: String,
    file: Option<String>,
    quoted_file: Option<String>,
    /// The module lies in the program's own directory, where it may hide another one.
    shadows: bool,
    /// It hides one of the library.
    hides_library: bool,
    initializing: bool,
}

impl Message {
    fn text(&self) -> String {
        let Self { name, module, .. } = self;
        let file = self.quoted_file.as_deref().unwrap_or_default();
        let circular = "most likely due to a circular import";
        let partially =
            format!("cannot import name {name} from partially initialized module {module} ({circular})");
        match &self.file {
            _ if self.hides_library => format!(
                "cannot import name {name} from {module} (consider renaming {file} since it has the same name as \
                 the standard library module named {module} and prevents importing that standard library module)"
            ),
            _ if self.initializing && self.shadows => format!(
                "cannot import name {name} from {module} (consider renaming {file} if it has the same name as a \
                 library you intended to import)"
            ),
            Some(file) if self.initializing => format!("{partially} ({file})"),
            None if self.initializing => partially,
            Some(file) => format!("cannot import name {name} from {module} ({file})"),
            None => format!("cannot import name {name} from {module} (unknown location)"),
        }
    }
}
