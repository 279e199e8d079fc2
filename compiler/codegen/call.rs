//! Calls: of functions, of methods without making a bound method, of `super()` without making a super object.

use ahash::AHashSet;
use pyx_grammar::ast::{Attribute, Call, Expr, ExprContext, ExprKind, Keyword};
use pyx_grammar::{Loc, Position};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::instruction;
use crate::bytecode::operand::{Const, Count, In, Kind};
use crate::emit::{Emitter, kept};
use crate::symtable::Meaning;

/// Calls with more arguments get them in a tuple and a dict.
const MAX_ARGUMENTS: usize = 32;

/// `super` without or with its two arguments, which are then taken as they stand.
#[derive(Clone, Copy)]
pub(super) struct SuperCall<'a> {
    call: &'a Call<'a>,
    loc: Loc,
}

impl<'a> Codegen<'_, 'a> {
    /// The attribute that a call calls, if it is called as a method.
    pub(super) fn method_of(&self, call: &Call<'a>) -> Option<&'a Attribute<'a>> {
        let ExprKind::Attribute(attribute) = call.func.kind else { return None };
        let of_module = match attribute.value.kind {
            ExprKind::Name(name) => self.is_imported(name.id),
            _ => false,
        };
        (attribute.ctx == ExprContext::Load && !of_module && has_plain_arguments(call)).then_some(attribute)
    }

    /// Calls a function that was evaluated already.
    pub(super) fn call(&mut self, call: &'a Call<'a>, func: In, loc: Loc) -> Result<In> {
        self.pushed(func, call.func.loc);
        if !has_plain_arguments(call) {
            return self.call_ex(call, loc);
        }
        self.arguments(call)?;
        let n = argument_count(call);
        let base = self.unit.emitter.last(n + 1);
        let (dst, n) = (Emitter::out_at(base), Count(n as u16));
        match self.keyword_names(call) {
            None => self.emit(instruction::Call { dst, base, n }, loc),
            Some(names) => {
                self.emit(instruction::CallKw { dst, base, n, names, pad: Default::default() }, loc);
            }
        }
        Ok(self.unit.emitter.top())
    }

    /// Calls a method of an object that was evaluated already.
    pub(super) fn method_call(
        &mut self,
        call: &'a Call<'a>,
        method: &'a Attribute<'a>,
        object: In,
        loc: Loc,
    ) -> Result<In> {
        self.load_method(method, object, call.func.loc);
        self.finish_method_call(call, method, loc)
    }

    /// The method and its self, or the attribute and NULL, into the next two temporaries.
    pub(super) fn load_method(&mut self, method: &'a Attribute<'a>, object: In, loc: Loc) {
        let attr = self.mangle(method.attr);
        let name = self.name_index(attr);
        let loc = self.attribute_loc(loc, method);
        let base = self.unit.emitter.after(&[object]).register;
        let base = crate::bytecode::operand::Base { register: base, own: false };
        self.emit(instruction::LoadMethod { base, object, name, shape: Default::default() }, loc);
    }

    fn finish_method_call(&mut self, call: &'a Call<'a>, method: &'a Attribute<'a>, loc: Loc) -> Result<In> {
        self.arguments(call)?;
        let n = argument_count(call);
        let base = self.unit.emitter.last(n + 2);
        let (dst, n) = (Emitter::out_at(base), Count(n as u16));
        let names = self.keyword_names(call);
        let loc = self.method_call_loc(loc, call, method);
        match names {
            None => self.emit(instruction::CallMethod { dst, base, n }, loc),
            Some(names) => {
                self.emit(instruction::CallMethodKw { dst, base, n, names, pad: Default::default() }, loc);
            }
        }
        Ok(self.unit.emitter.top())
    }

    /// Pushes the arguments of a call that has plain ones only.
    pub(super) fn arguments(&mut self, call: &'a Call<'a>) -> Result<()> {
        self.check_keywords(call.keywords)?;
        self.push_all(call.args.iter().copied())?;
        self.push_all(call.keywords.iter().map(|keyword| keyword.value))
    }

    /// No keyword may be given twice.
    fn check_keywords(&mut self, keywords: &'a [Keyword<'a>]) -> Result<()> {
        let mut seen = AHashSet::new();
        for keyword in keywords {
            if let Some(name) = keyword.arg
                && !seen.insert(name)
            {
                return self.error(keyword.loc, format!("keyword argument repeated: {name}"));
            }
        }
        Ok(())
    }

    /// The tuple of keyword names, if there are keywords.
    fn keyword_names(&mut self, call: &'a Call<'a>) -> Option<Const> {
        if call.keywords.is_empty() {
            return None;
        }
        let names = self.names_of(call.keywords);
        self.note_first_constant(&names);
        Some(self.constant_index(names))
    }

    fn names_of(&mut self, keywords: &'a [Keyword<'a>]) -> Constant {
        let names = keywords.iter().filter_map(|keyword| keyword.arg);
        Constant::Tuple(names.map(|name| Constant::Str(self.text(name))).collect())
    }

    // ---- stars ----

    /// Calls the function in the topmost temporary with a tuple or other iterable and a dict.
    fn call_ex(&mut self, call: &'a Call<'a>, loc: Loc) -> Result<In> {
        self.check_keywords(call.keywords)?;
        self.positional_arguments(call.args, loc)?;
        self.keyword_arguments(call.keywords, loc)?;
        let base = self.unit.emitter.last(3);
        self.emit(instruction::CallEx { dst: Emitter::out_at(base), base }, loc);
        Ok(self.unit.emitter.top())
    }

    /// All positional arguments in one iterable.
    fn positional_arguments(&mut self, args: &'a [Expr<'a>], loc: Loc) -> Result<()> {
        if let &[only] = args
            && let ExprKind::Starred(starred) = only.kind
        {
            return self.push(starred.value);
        }
        self.items_as_tuple(args, loc)
    }

    /// All keyword arguments in one mapping, or NULL. A mapping that comes alone is passed as it is: the call copies it.
    pub(super) fn keyword_arguments(&mut self, keywords: &'a [Keyword<'a>], loc: Loc) -> Result<()> {
        let dst = self.unit.emitter.next();
        match keywords {
            [] => {
                self.emit(instruction::PushNull { dst }, loc);
                return Ok(());
            }
            [Keyword { arg: None, value, .. }] => return self.push(*value),
            _ => {}
        }
        let mut made = false;
        let mut rest = keywords;
        while let Some(first) = rest.first() {
            let named = rest.iter().take_while(|keyword| keyword.arg.is_some()).count();
            if named == 0 {
                if !made {
                    self.build_map(0, loc);
                }
                let items = self.expr(first.value)?;
                self.merge(items, loc);
                rest = &rest[1..];
            } else {
                let (chunk, behind) = rest.split_at(named.min(MAX_ARGUMENTS / 2));
                self.keyword_chunk(chunk, loc)?;
                if made {
                    let items = self.unit.emitter.top();
                    self.merge(items, loc);
                }
                rest = behind;
            }
            made = true;
        }
        Ok(())
    }

    /// A dict of named keyword arguments.
    fn keyword_chunk(&mut self, chunk: &'a [Keyword<'a>], loc: Loc) -> Result<()> {
        for keyword in chunk {
            if let Some(name) = keyword.arg {
                self.push_text(name, loc);
                self.push(keyword.value)?;
            }
        }
        self.build_map(chunk.len(), loc);
        Ok(())
    }

    /// Merges a mapping into the keyword dict below it; the function lies below that and the positional arguments.
    fn merge(&mut self, items: In, loc: Loc) {
        let below = u32::from(items.own);
        let map = kept(self.unit.emitter.peek(below).register);
        let callable = kept(self.unit.emitter.peek(below + 2).register);
        self.emit(instruction::DictMerge { map, items, callable }, loc);
    }

    /// Calls a function behind which some positional arguments lie already, with more of them and keywords.
    pub(super) fn call_behind(
        &mut self,
        pushed: u32,
        args: &'a [Expr<'a>],
        keywords: &'a [Keyword<'a>],
        loc: Loc,
    ) -> Result<()> {
        self.check_keywords(keywords)?;
        let plain = args.len() + keywords.len() <= MAX_ARGUMENTS
            && !args.iter().any(|arg| matches!(arg.kind, ExprKind::Starred(_)))
            && keywords.iter().all(|keyword| keyword.arg.is_some());
        if plain {
            self.push_all(args.iter().copied())?;
            self.push_all(keywords.iter().map(|keyword| keyword.value))?;
            let n = pushed + (args.len() + keywords.len()) as u32;
            if keywords.is_empty() {
                self.call_top(n, loc);
                return Ok(());
            }
            let names = self.names_of(keywords);
            self.note_first_constant(&names);
            let names = self.constant_index(names);
            let base = self.unit.emitter.last(n + 1);
            let dst = Emitter::out_at(base);
            let pad = Default::default();
            self.emit(instruction::CallKw { dst, base, n: Count(n as u16), names, pad }, loc);
            return Ok(());
        }
        self.append_items(pushed, args, loc)?;
        self.keyword_arguments(keywords, loc)?;
        let base = self.unit.emitter.last(3);
        self.emit(instruction::CallEx { dst: Emitter::out_at(base), base }, loc);
        Ok(())
    }

    // ---- super ----

    /// The `super` call whose attribute this is, if the attribute can be looked up without a super object.
    pub(super) fn super_call(&self, attribute: &Attribute<'a>) -> Option<SuperCall<'a>> {
        let ExprKind::Call(call) = attribute.value.kind else { return None };
        let ExprKind::Name(name) = call.func.kind else { return None };
        if attribute.ctx != ExprContext::Load || name.id != "super" || !call.keywords.is_empty() {
            return None;
        }
        if !self.is_builtin(name.id) || call.args.iter().any(|arg| matches!(arg.kind, ExprKind::Starred(_))) {
            return None;
        }
        let found = SuperCall { call, loc: attribute.value.loc };
        match call.args.len() {
            2 => Some(found),
            0 if self.has_class_and_first_parameter() => Some(found),
            _ => None,
        }
    }

    /// Whether nothing but the builtins can say what a name means.
    fn is_builtin(&self, name: pyx_grammar::ast::Identifier<'a>) -> bool {
        let top = self.table.scope(self.table.top());
        let bound_in_module = top.symbols.get(name).is_some();
        let here = self.table.lookup(self.unit.scope, name);
        !bound_in_module && here.is_some_and(|symbol| symbol.meaning == Meaning::GlobalImplicit)
    }

    fn has_class_and_first_parameter(&self) -> bool {
        let class = pyx_grammar::ast::Identifier::new("__class__");
        self.unit.kind.is_function_like()
            && self.unit.arg_count > 0
            && self.scope_of_unit().symbols.get(class).is_some_and(|symbol| symbol.meaning == Meaning::Free)
    }

    /// `super`, the class and the object into the next three temporaries.
    fn super_arguments(&mut self, found: SuperCall<'a>) -> Result<Kind> {
        self.push(found.call.func)?;
        if let &[class, object] = found.call.args {
            self.push(class)?;
            self.push(object)?;
            return Ok(Kind(1));
        }
        let class = pyx_grammar::ast::Identifier::new("__class__");
        let first = self.scope_of_unit().varnames[0];
        for name in [class, first] {
            let value = self.load_mangled(name, found.loc);
            self.pushed(value, found.loc);
        }
        Ok(Kind(0))
    }

    /// `super().name`
    pub(super) fn super_attribute(&mut self, attribute: &'a Attribute<'a>, loc: Loc) -> Result<In> {
        self.load_super_attribute(attribute, 1, loc)?;
        Ok(self.unit.emitter.top())
    }

    /// `super().name(…)`
    pub(super) fn super_method_call(&mut self, call: &'a Call<'a>, loc: Loc) -> Result<In> {
        let method = self.method_of(call).expect("only method calls of `super` are leaves");
        self.load_super_attribute(method, 2, call.func.loc)?;
        self.finish_method_call(call, method, loc)
    }

    /// The attribute of `super` into the next temporary, or the method and its self into the next two. The call of `super`
    /// stands where all of it begins; where the attribute's name has another line, that begins too.
    pub(super) fn load_super_attribute(
        &mut self,
        attribute: &'a Attribute<'a>,
        n: u16,
        loc: Loc,
    ) -> Result<()> {
        let found = self.super_call(attribute).expect("only attributes of `super` are leaves");
        let explicit = self.super_arguments(found)?;
        let attr = self.mangle(attribute.attr);
        let name = self.name_index(attr);
        let base = self.unit.emitter.last(3);
        let shape = Default::default();
        self.emit(instruction::LoadSuperAttr { base, explicit, n: Count(n), name, shape }, loc);
        let named = self.attribute_loc(loc, attribute);
        if named != loc {
            self.emit(instruction::Nop {}, named);
        }
        Ok(())
    }

    // ---- locations ----

    /// Where an attribute access that spans lines counts as standing: at the attribute's name.
    pub(super) fn attribute_loc(&mut self, loc: Loc, attribute: &Attribute<'a>) -> Loc {
        let at = self.positions.resolve(loc);
        if at.lineno == at.end_lineno {
            return loc;
        }
        let length = attribute.attr.len() as i32;
        let (col_offset, end_col_offset) = if length <= at.end_col_offset {
            (at.end_col_offset - length, at.end_col_offset)
        } else {
            (-1, -1)
        };
        let position =
            Position { lineno: at.end_lineno, col_offset, end_lineno: at.end_lineno, end_col_offset };
        self.positions.make(position)
    }

    /// Where a method call counts as standing: from the line of the method's name, if the access before spans lines.
    pub(super) fn method_call_loc(&mut self, loc: Loc, call: &Call<'a>, method: &Attribute<'a>) -> Loc {
        let func = self.positions.resolve(call.func.loc);
        if func.lineno == func.end_lineno {
            return loc;
        }
        let start = self.attribute_loc(call.func.loc, method);
        let (start, end) = (self.positions.resolve(start), self.positions.resolve(loc));
        self.positions.make(Position {
            lineno: start.lineno,
            col_offset: start.col_offset,
            end_lineno: end.end_lineno,
            end_col_offset: end.end_col_offset,
        })
    }
}

/// Whether all arguments go into registers: no stars, and not too many.
pub(super) fn has_plain_arguments(call: &Call<'_>) -> bool {
    call.args.len() + call.keywords.len() <= MAX_ARGUMENTS
        && !call.args.iter().any(|arg| matches!(arg.kind, ExprKind::Starred(_)))
        && call.keywords.iter().all(|keyword| keyword.arg.is_some())
}

fn argument_count(call: &Call<'_>) -> u32 {
    (call.args.len() + call.keywords.len()) as u32
}
