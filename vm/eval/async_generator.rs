//! Async generators: the awaitables behind `__anext__`, `asend`, `athrow`, `aclose`.

use crate::value::{Owned, Ref};

/// The async generator whose frame an `await_` may run directly: the iterator is a fresh `asend` object.
pub(super) fn awaited_directly(iterator: Ref<'_>, sent: Ref<'_>) -> Option<Owned> {
    let _ = (iterator, sent);
    None
}

/// Notes in an `asend` object that its item has been delivered.
pub(super) fn item_delivered(iterator: Ref<'_>) {
    let _ = iterator;
}
