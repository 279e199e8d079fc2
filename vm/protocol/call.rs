//! Calls from native code. Calls between Python functions never come here: they stay in the loop.

use crate::arguments::Args;
use crate::exception::PyResult;
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
        let _ = (callable, args);
        unimplemented!()
    }

    /// `object.name(*args)`
    pub fn call_method(&self, object: Ref<'_>, name: &Owned, args: &[Ref<'_>]) -> PyResult {
        let _ = (object, name, args);
        unimplemented!()
    }

    /// Calls the special method of the object's class; `None` if the class has none.
    pub fn call_special(&self, object: Ref<'_>, name: &Owned, args: &[Ref<'_>]) -> PyResult<Option<Owned>> {
        let _ = (object, name, args);
        unimplemented!()
    }
}
