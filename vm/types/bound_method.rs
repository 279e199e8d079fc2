//! Bound methods.

use crate::class;
use crate::native::TypeDef;
use crate::value::Owned;

crate::payload! {
    /// A bound method.
    pub struct BoundMethod: BoundMethod {
        pub(crate) function: Owned,
        pub(crate) receiver: Owned,
    }
}

class! { BoundMethod => BOUND_METHOD; }

pub(crate) static BOUND_METHOD: TypeDef = TypeDef::new::<BoundMethod>("method");
