//! `import` and `from … import`.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Identifier, Import, ImportFrom, WtfStr};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::{IntrinsicKind, instruction};
use crate::bytecode::operand::In;
use crate::emit::{Emitter, NO_LOC, kept};
use crate::future;
use crate::symtable::ScopeKind;

impl<'a> Codegen<'_, 'a> {
    /// `import a.b, c as d`
    pub(super) fn import(&mut self, node: &'a Import<'a>, loc: Loc) -> Result<()> {
        for alias in node.names {
            self.push_constant(Constant::Int(0), loc);
            self.push_none(loc);
            self.import_name(alias.name, loc);
            match alias.asname {
                Some(asname) => self.store_submodule(alias.name, asname, loc),
                None => {
                    let module = self.unit.emitter.top();
                    self.store(first_part(alias.name), module, loc);
                }
            }
        }
        Ok(())
    }

    /// The module of a name; level and names to import are the two topmost temporaries.
    fn import_name(&mut self, name: Identifier<'a>, loc: Loc) {
        let name = self.mangle(name);
        let name = self.name_index(name);
        let base = self.unit.emitter.last(2);
        let dst = Emitter::out_at(base);
        self.emit(instruction::ImportName { dst, base, name, pad: Default::default() }, loc);
    }

    /// `import a.b.c as d`: from the package `a`, which is in the topmost temporary, down to the module itself.
    fn store_submodule(&mut self, path: Identifier<'a>, asname: Identifier<'a>, loc: Loc) {
        let mut first = true;
        for part in path.as_bytes().split(|&byte| byte == b'.').skip(1) {
            if !first {
                self.drop_below_top();
            }
            self.import_attribute(WtfStr::from_bytes(part), loc);
            first = false;
        }
        let module = self.unit.emitter.top();
        self.store(asname, module, loc);
        if !first {
            self.unit.emitter.drop_top(loc);
        }
    }

    /// Drops the temporary below the topmost, which takes its place.
    fn drop_below_top(&mut self) {
        self.unit.emitter.swap_top(NO_LOC);
        self.unit.emitter.drop_top(NO_LOC);
    }

    /// An attribute of the module in the topmost temporary, which stays, into the next.
    fn import_attribute(&mut self, name: Identifier<'a>, loc: Loc) {
        let module = kept(self.unit.emitter.top().register);
        let dst = self.unit.emitter.next();
        let name = self.mangle(name);
        let name = self.name_index(name);
        self.emit(instruction::ImportFrom { dst, module, name, pad: Default::default() }, loc);
    }

    /// `from a import b, c as d`, `from a import *`
    pub(super) fn import_from(&mut self, node: &'a ImportFrom<'a>, loc: Loc) -> Result<()> {
        self.check_future(node, loc)?;
        self.push_constant(Constant::Int(i64::from(node.level)), loc);
        let names = node.names.iter().map(|alias| Constant::Str(self.text(alias.name))).collect();
        self.push_constant(Constant::Tuple(names), loc);
        self.import_name(node.module.unwrap_or_default(), loc);
        if let [star] = node.names
            && star.name == "*"
        {
            if self.unit.kind != ScopeKind::Module {
                return self.error(loc, "import * only allowed at module level");
            }
            self.intrinsic(IntrinsicKind::ImportStar, 1, loc);
            self.unit.emitter.drop_top(NO_LOC);
            return Ok(());
        }
        for alias in node.names {
            self.import_attribute(alias.name, loc);
            let value: In = self.unit.emitter.top();
            self.store(alias.asname.unwrap_or(alias.name), value, loc);
        }
        self.unit.emitter.drop_top(loc);
        Ok(())
    }

    /// Future statements stand at the beginning of a module.
    fn check_future(&self, node: &ImportFrom<'a>, loc: Loc) -> Result<()> {
        let late = match self.last_future {
            Some(last) => self.positions.line(loc) > self.positions.line(last),
            None => true,
        };
        if future::is_future(node) && late {
            return self.error(loc, "from __future__ imports must occur at the beginning of the file");
        }
        Ok(())
    }
}

/// The part of a module path before the first dot.
fn first_part(path: Identifier<'_>) -> Identifier<'_> {
    let end = path.as_bytes().iter().position(|&byte| byte == b'.').unwrap_or(path.len());
    WtfStr::from_bytes(&path.as_bytes()[..end])
}
