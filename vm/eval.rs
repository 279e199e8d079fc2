//! Evaluation: the loop and its handlers, by family.

mod arith;
mod attribute;
mod bind;
mod build;
pub(crate) mod call;
mod compare;
mod dispatch;
mod exception;
pub(crate) mod generator;
mod import;
mod inline_cache;
pub(crate) mod instrumented;
mod intrinsic;
mod iterate;
mod leave;
pub(crate) mod names;
mod pattern;
pub(crate) mod raising;
mod stack;
mod with;

pub(crate) use call::call_function;
pub(crate) use inline_cache::{SharedCache, SuperCache};

use std::sync::atomic::Ordering;

use crate::exception::PyResult;
use crate::frame::Frame;
use crate::types::function::Function;
use crate::vm::{Thread, request};

/// Serves what the eval-breaker asks for.
#[cold]
#[inline(never)]
pub(crate) fn requests(vm: &Thread) -> PyResult<()> {
    let requested = vm.breaker.swap(0, Ordering::Relaxed);
    if requested & request::COLLECT != 0 {
        crate::collector::run(vm, 0);
    }
    if requested & request::YIELD_GIL != 0 {
        vm.yield_to_others();
    }
    // The main thread is told of signals when it runs again.
    if requested & request::SIGNAL != 0 && vm.is_main() {
        crate::signal::deliver(vm)?;
    }
    Ok(())
}

/// The function of a frame on the chain.
#[expect(unsafe_code, reason = "frames are raw")]
fn function_of<'f>(frame: *mut Frame) -> &'f Function {
    // SAFETY: callers pass the current frame, which owns its function while they use it.
    unsafe { &*Frame::function_payload(frame) }
}
