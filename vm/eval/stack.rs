//! Moves, constants, locals, cells and names.

use pyx_compiler::bytecode::code::LocalKind;
use pyx_compiler::bytecode::opcode::{CommonConstant, Opcode, instruction::*};
use pyx_compiler::bytecode::operand::Out;

use super::dispatch::{Flow, Machine, out_of_line};
use super::names;
use crate::exception::Raised;
use crate::heap::Slot;
use crate::types::cell::Cell;
use crate::value::{Owned, Ref};

impl Machine<'_> {
    #[inline(always)]
    pub(super) fn nop(&mut self, _: Nop) -> Flow {
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn mov(&mut self, i: Mov) -> Flow {
        let value = self.take(i.src);
        self.write(i.dst, value);
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn swap(&mut self, i: Swap) -> Flow {
        let (a, b) = (self.take_opt(i.a.register), self.take_opt(i.b.register));
        match b {
            Some(b) => self.write_temporary(i.a.register, b),
            None => self.write_null(i.a.register),
        }
        match a {
            Some(a) => self.write_temporary(i.b.register, a),
            None => self.write_null(i.b.register),
        }
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn drop_temp(&mut self, i: DropTemp) -> Flow {
        self.drop_temporary(i.src.register);
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn load_const(&mut self, i: LoadConst) -> Flow {
        self.write(i.dst, self.constant(i.value.0).own());
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn load_int(&mut self, i: LoadInt) -> Flow {
        self.write(i.dst, Owned::small_int(i.value.0));
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn load_common(&mut self, i: LoadCommon) -> Flow {
        let value = self.common_constant(i.which.0);
        self.write(i.dst, value);
        Flow::Next
    }

    out_of_line! {
        fn common_constant(&self, which: u16) -> Owned {
            const ALL: &[CommonConstant] = &[
                CommonConstant::None,
                CommonConstant::True,
                CommonConstant::False,
                CommonConstant::Ellipsis,
                CommonConstant::AssertionError,
                CommonConstant::NotImplementedError,
                CommonConstant::All,
                CommonConstant::Any,
                CommonConstant::Tuple,
            ];
            let builtin = |name: &str| names::original_builtin(self.vm(), name);
            match ALL[usize::from(which)] {
                CommonConstant::None => Owned::none(),
                CommonConstant::True => Owned::bool(true),
                CommonConstant::False => Owned::bool(false),
                CommonConstant::Ellipsis => Ref::ELLIPSIS.own(),
                CommonConstant::AssertionError => self.vm().exceptions().AssertionError.clone(),
                CommonConstant::NotImplementedError => self.vm().exceptions().NotImplementedError.clone(),
                CommonConstant::All => builtin("all"),
                CommonConstant::Any => builtin("any"),
                CommonConstant::Tuple => self.vm().types().tuple.clone(),
            }
        }
    }

    #[inline(always)]
    pub(super) fn push_null(&mut self, i: PushNull) -> Flow {
        self.write_null(i.dst.register);
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn check_local(&mut self, i: CheckLocal) -> Flow {
        if self.at_opt(i.local.register).is_some() {
            return Flow::Next;
        }
        Flow::Raise(self.unbound_local(usize::from(i.local.register)))
    }

    out_of_line! {
        fn unbound_local(&self, local: usize) -> Raised {
            names::unbound_local(self.vm(), self.code(), local)
        }
    }

    #[inline(always)]
    pub(super) fn delete_local(&mut self, i: DeleteLocal) -> Flow {
        match self.unbind(i.local.register) {
            Some(old) => self.drop_saved(old),
            None => return Flow::Raise(self.unbound_local(usize::from(i.local.register))),
        }
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn clear_local(&mut self, i: ClearLocal) -> Flow {
        if let Some(old) = self.unbind(i.local.register) {
            self.drop_saved(old);
        }
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn save_local(&mut self, i: SaveLocal) -> Flow {
        match self.unbind(i.local.register) {
            Some(value) => self.write_temporary(i.dst.register, value),
            None => self.write_null(i.dst.register),
        }
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn restore_local(&mut self, i: RestoreLocal) -> Flow {
        let old = self.unbind(i.local.register);
        if let Some(saved) = self.take_opt(i.saved.register) {
            self.write_temporary(i.local.register, saved);
        }
        if let Some(old) = old {
            self.drop_saved(old);
        }
        Flow::Next
    }

    /// Drops a value, the instruction being noted.
    #[inline(always)]
    pub(super) fn drop_saved(&self, value: Owned) {
        self.save();
        drop(value);
    }

    out_of_line! {
        pub(super) fn load_far(&mut self, i: LoadFar) -> Flow {
            let local = self.far_local(i.local);
            match self.far(local) {
                Some(value) => {
                    self.write(i.dst, value);
                    Flow::Next
                }
                None => Flow::Raise(self.unbound_local(local)),
            }
        }
    }

    out_of_line! {
        pub(super) fn store_far(&mut self, i: StoreFar) -> Flow {
            let value = self.take(i.src);
            drop(self.replace_far(self.far_local(i.local), Some(value)));
            Flow::Next
        }
    }

    out_of_line! {
        pub(super) fn delete_far(&mut self, i: DeleteFar) -> Flow {
            let local = self.far_local(i.local);
            match self.replace_far(local, None) {
                Some(old) => {
                    self.drop_saved(old);
                    Flow::Next
                }
                None => Flow::Raise(self.unbound_local(local)),
            }
        }
    }

    #[inline(always)]
    pub(super) fn make_cell(&mut self, i: MakeCell) -> Flow {
        let content = Slot::from_option(self.unbind(i.local.register));
        match self.vm().new_object(Cell { content }) {
            Ok(cell) => {
                self.write_temporary(i.local.register, cell);
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    #[inline(always)]
    pub(super) fn copy_free_vars(&mut self, i: CopyFreeVars) -> Flow {
        for index in 0..i.n.0 {
            let cell = self.closure_cell(usize::from(index));
            self.write_temporary(i.first.register + index, cell);
        }
        Flow::Next
    }

    #[inline(always)]
    fn cell(&self, register: u16) -> &Cell {
        self.at(register).downcast::<Cell>().expect("verified code keeps cells in cell registers")
    }

    #[inline(always)]
    pub(super) fn load_cell(&mut self, i: LoadCell) -> Flow {
        match self.cell(i.cell.register).content.get() {
            Some(value) => {
                self.write(i.dst, value);
                Flow::Next
            }
            None => Flow::Raise(self.unbound_cell(i.cell.register)),
        }
    }

    out_of_line! {
        fn unbound_cell(&self, register: u16) -> Raised {
            let code = self.code();
            let local = usize::from(register);
            if code.template().locals[local].kind == LocalKind::Free {
                names::unbound_free(self.vm(), code, local)
            } else {
                names::unbound_local(self.vm(), code, local)
            }
        }
    }

    #[inline(always)]
    pub(super) fn store_cell(&mut self, i: StoreCell) -> Flow {
        let value = self.take(i.src);
        if let Some(old) = self.cell(i.cell.register).content.replace(Some(value)) {
            self.drop_saved(old);
        }
        Flow::Next
    }

    out_of_line! {
        pub(super) fn delete_cell(&mut self, i: DeleteCell) -> Flow {
            match self.cell(i.cell.register).content.take() {
                Some(old) => {
                    self.drop_saved(old);
                    Flow::Next
                }
                None => Flow::Raise(self.unbound_cell(i.cell.register)),
            }
        }
    }

    out_of_line! {
        pub(super) fn load_map_or_cell(&mut self, i: LoadMapOrCell) -> Flow {
            self.save();
            let name = &self.code().locals[usize::from(i.cell.register)];
            let found = names::lookup_mapping(self.vm(), self.read(i.map), name.borrow());
            self.consume(i.map);
            match found {
                Ok(Some(value)) => {
                    self.write(i.dst, value);
                    Flow::Next
                }
                Ok(None) => self.load_cell(LoadCell { dst: i.dst, cell: i.cell }),
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    #[inline(always)]
    pub(super) fn load_global(&mut self, i: LoadGlobal) -> Flow {
        if let Some(value) = self.cached_global(1) {
            self.write(i.dst, value);
            return Flow::Next;
        }
        self.load_global_slow(i.dst, i.name.0)
    }

    out_of_line! {
        fn load_global_slow(&mut self, dst: Out, name: u32) -> Flow {
            self.save();
            let found = names::load_global(self.vm(), self.frame, name as usize);
            match found {
                Ok((value, cache)) => {
                    if let Some([versions, entry]) = cache {
                        self.set_cache(1, versions);
                        self.set_cache(2, entry);
                    }
                    self.write(dst, value);
                    Flow::Next
                }
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    #[inline(always)]
    pub(super) fn load_name(&mut self, i: LoadName) -> Flow {
        if self.namespace_is_globals() {
            if let Some(value) = self.cached_global(1) {
                self.write(i.dst, value);
                return Flow::Next;
            }
        }
        self.load_name_slow(i)
    }

    out_of_line! {
        fn load_name_slow(&mut self, i: LoadName) -> Flow {
            if self.namespace_is_globals() {
                return self.load_global(LoadGlobal { dst: i.dst, name: i.name });
            }
            self.save();
            let result = names::load_name(self.vm(), self.frame, i.name.0 as usize);
            self.finish(i.dst, result)
        }
    }

    #[inline(always)]
    pub(super) fn store_name(&mut self, i: StoreName) -> Flow {
        if self.namespace_is_globals() && self.cached_global_store(1, i.src) {
            return Flow::Next;
        }
        self.store_name_slow(i)
    }

    out_of_line! {
        fn store_name_slow(&mut self, i: StoreName) -> Flow {
            if self.namespace_is_globals() {
                return self.store_global(StoreGlobal { src: i.src, name: i.name });
            }
            self.save();
            let result = names::store_name(self.vm(), self.frame, i.name.0 as usize, self.read(i.src));
            self.consume(i.src);
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn delete_name(&mut self, i: DeleteName) -> Flow {
            self.save();
            let result = names::delete_name(self.vm(), self.frame, i.name.0 as usize);
            self.done(result)
        }
    }

    #[inline(always)]
    pub(super) fn store_global(&mut self, i: StoreGlobal) -> Flow {
        if self.cached_global_store(1, i.src) {
            return Flow::Next;
        }
        self.save();
        let result = names::store_global(self.vm(), self.frame, i.name.0 as usize, self.read(i.src));
        self.consume(i.src);
        match result {
            Ok(cache) => {
                if let Some(cache) = cache {
                    self.set_cache(1, cache);
                }
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    out_of_line! {
        pub(super) fn delete_global(&mut self, i: DeleteGlobal) -> Flow {
            self.save();
            let result = names::delete_global(self.vm(), self.frame, i.name.0 as usize);
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn load_map_or_global(&mut self, i: LoadMapOrGlobal) -> Flow {
            self.save();
            let name = &self.code().names[i.name.0 as usize];
            let found = names::lookup_mapping(self.vm(), self.read(i.map), name.borrow());
            self.consume(i.map);
            match found {
                Ok(Some(value)) => {
                    self.write(i.dst, value);
                    Flow::Next
                }
                Ok(None) => {
                    let result = names::load_global(self.vm(), self.frame, i.name.0 as usize).map(|(value, _)| value);
                    self.finish(i.dst, result)
                }
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    out_of_line! {
        pub(super) fn load_locals(&mut self, i: LoadLocals) -> Flow {
            let result = names::namespace(self.vm(), self.frame);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn load_build_class(&mut self, i: LoadBuildClass) -> Flow {
            self.save();
            let result = names::load_build_class(self.vm(), self.frame);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn setup_annotations(&mut self, _instruction: SetupAnnotations) -> Flow {
            self.save();
            let result = names::setup_annotations(self.vm(), self.frame);
            self.done(result)
        }
    }

    /// The next instruction, or raises.
    #[inline(always)]
    pub(super) fn done(&mut self, result: crate::exception::PyResult<()>) -> Flow {
        match result {
            Ok(()) => Flow::Next,
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// As `done`, for instructions that write nothing and go on at a label if the condition holds.
    #[inline(always)]
    pub(super) fn branch(
        &mut self,
        result: crate::exception::PyResult<bool>,
        opcode: Opcode,
        label: pyx_compiler::bytecode::operand::Label,
    ) -> Flow {
        match result {
            Ok(condition) => self.jump_if_true(condition, opcode, label),
            Err(raised) => Flow::Raise(raised),
        }
    }
}
