//! Rare operations behind one opcode.

use pyx_compiler::bytecode::opcode::IntrinsicKind;
use pyx_compiler::bytecode::opcode::instruction::*;

use super::dispatch::{Flow, Machine, out_of_line};
use super::{import, names, raising};
use crate::exception::PyResult;
use crate::heap::set::Set;
use crate::value::Owned;

impl Machine<'_> {
    out_of_line! {
        pub(super) fn intrinsic(&mut self, i: Intrinsic) -> Flow {
            self.save();
            let values = self.take_range(i.base.register, i.n.0 as usize);
            let result = self.run_intrinsic(i.which.0, &values);
            drop(values);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        fn run_intrinsic(&mut self, which: u16, values: &[Owned]) -> PyResult {
            let vm = self.vm();
            let kind = IntrinsicKind::ALL[usize::from(which)];
            match (kind, values) {
                (IntrinsicKind::Print, [value]) => {
                    crate::import::display(vm, value.borrow())?;
                    Ok(Owned::none())
                }
                (IntrinsicKind::ImportStar, [module]) => {
                    let namespace = names::namespace(vm, self.frame)?;
                    import::import_star(vm, module.borrow(), namespace.borrow())?;
                    Ok(Owned::none())
                }
                (IntrinsicKind::StopIterationError, _) => {
                    let exception = self.replace_handled(None).expect("verified code runs this in a handler");
                    let exception = raising::stop_iteration_error(vm, exception, self.code().flags)?;
                    self.replace_handled(Some(exception));
                    Ok(Owned::none())
                }
                (IntrinsicKind::PrepReraiseStar, [original, raised]) => {
                    let result = raising::prepare_reraise_star(vm, original.borrow(), raised.borrow())?;
                    if !result.borrow().is_none() {
                        self.replace_handled(Some(result.clone()));
                    }
                    Ok(result)
                }
                (IntrinsicKind::SetFunctionTypeParams, [function, params]) => {
                    let name = vm.names().__type_params__.borrow();
                    vm.set_attr(function.borrow(), name, Some(params.borrow()))?;
                    Ok(function.clone())
                }
                (IntrinsicKind::NoteAnnotation, [noted, index]) => {
                    if noted.borrow().downcast::<Set>().is_none() {
                        return Err(vm.system_error("__conditional_annotations__ is not a set"));
                    }
                    vm.set_add(noted.borrow(), index.borrow())?;
                    Ok(Owned::none())
                }
                (kind, values) => vm.typing_intrinsic(kind, values),
            }
        }
    }
}
