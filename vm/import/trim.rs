//! Importlib's own frames are of no interest to those whose import failed: they are taken out of the traceback.

use crate::exception::Raised;
use crate::frame;
use crate::heap::Slot;
use crate::heap::inline::Str;
use crate::types::exception::{payload, traceback_of};
use crate::types::traceback::Traceback;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Takes chunks of importlib's frames out of the traceback of an error: all of them if the error is an ImportError, otherwise
/// those that end with the call of a module's code.
pub(super) fn trim(vm: &Thread, raised: &Raised) {
    if vm.config().verbose != 0 {
        return;
    }
    let exception = payload(raised.exception());
    let always = raised.is(&vm.exceptions().ImportError);
    // The chain hangs on a slot of its own while it changes.
    let head = Slot::from_option(traceback_of(vm, raised.exception()));
    let mut keeper = None;
    // Where the chunk of importlib's frames that is being walked through hangs: on the head, or on this traceback.
    let mut chunk: Option<Owned> = None;
    let mut in_importlib = false;
    let mut next = head.get();
    while let Some(traceback) = next {
        let Some(entry) = traceback.borrow().downcast::<Traceback>() else { break };
        next = entry.next.get();
        let code = frame::code_of_object(entry.frame.borrow());
        let now = is_importlib(code.filename.get_or_none().borrow());
        if now && !in_importlib {
            chunk.clone_from(&keeper);
        }
        in_importlib = now;
        let ends_chunk = || text(code.name.borrow()) == b"_call_with_frames_removed";
        if in_importlib && (always || ends_chunk()) {
            set_next(&head, chunk.as_ref(), next.clone());
            keeper.clone_from(&chunk);
        } else {
            keeper = Some(traceback);
        }
    }
    exception.set_traceback(head.take());
}

fn set_next(head: &Slot, keeper: Option<&Owned>, next: Option<Owned>) {
    match keeper.and_then(|keeper| keeper.borrow().downcast::<Traceback>()) {
        Some(keeper) => drop(keeper.next.replace(next)),
        None => drop(head.replace(next)),
    }
}

fn is_importlib(filename: Ref<'_>) -> bool {
    matches!(text(filename), b"<frozen importlib._bootstrap>" | b"<frozen importlib._bootstrap_external>")
}

fn text(value: Ref<'_>) -> &[u8] {
    value.downcast::<Str>().map_or(&[], Str::as_bytes)
}
