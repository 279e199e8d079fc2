//! `match`: patterns.
//!
//! The subject of a pattern is a register that is only borrowed: parts that are taken out of it go into the next
//! temporaries, and all of them stay until the pattern is decided. So a capture is nothing but a register to remember.
//! A failing pattern goes to the label for the number of temporaries it has made, where these are dropped; when the whole
//! pattern has matched, the captures are stored and the temporaries dropped.

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    ConstantValue, Expr, ExprKind, Identifier, Match, MatchAs, MatchCase, MatchClass, MatchMapping, MatchOr,
    MatchSequence, Pattern, PatternKind, UnaryOperator,
};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::instruction;
use crate::bytecode::operand::{Base, Count, Imm, In, Int, Register};
use crate::emit::{Emitter, LabelId, NEXT_LOC, NO_LOC, borrowed, depth_of, kept};
use crate::fold;

/// Up to so many items are unpacked at once; more are taken one by one.
const MAX_UNPACKED: usize = 4096;

/// What is known of a pattern while it is compiled.
#[derive(Default)]
struct Context<'a> {
    /// The captured names and the registers of their values, in order.
    captures: Vec<(Identifier<'a>, Register)>,
    /// Where to go if the pattern fails, by the number of temporaries above the first.
    fail: Vec<LabelId>,
    /// Live temporaries when the pattern began.
    depth: u32,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
}

impl<'a> Codegen<'_, 'a> {
    pub(super) fn match_statement(&mut self, node: &'a Match<'a>, _loc: Loc) -> Result<()> {
        let end = self.unit.emitter.label();
        let mut subject = self.expr(node.subject)?;
        let has_guards = node.cases.iter().any(|case| case.guard.is_some());
        if !subject.own && has_guards {
            subject = self.copy(subject, node.subject.loc);
        }
        let (last, firsts) = node.cases.split_last().expect("the parser makes no empty match");
        let has_default = !firsts.is_empty() && is_wildcard(last.pattern);
        let tested = if has_default { firsts } else { node.cases };
        for (at, case) in tested.iter().enumerate() {
            let is_last = at + 1 == node.cases.len();
            self.case(case, subject, is_last, end)?;
        }
        if subject.own {
            let last_tested = tested.last().unwrap_or(last);
            self.unit.emitter.drop_top(last_tested.pattern.loc);
        }
        if has_default {
            self.nop(last.pattern.loc);
            if let Some(guard) = last.guard {
                self.jump_if(guard, end, false, NO_LOC)?;
            }
            self.conditional_statements(last.body)?;
        }
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// One case; behind it, it did not match.
    fn case(&mut self, case: &'a MatchCase<'a>, subject: In, is_last: bool, end: LabelId) -> Result<()> {
        let depth = self.unit.emitter.depth;
        let allow_irrefutable = case.guard.is_some() || is_last;
        let mut context = Context { depth, allow_irrefutable, ..Context::default() };
        self.pattern(case.pattern, subject.register, &mut context)?;
        self.store_captures(&context, case.pattern.loc);
        if let Some(guard) = case.guard {
            let fail = self.fail_label(&mut context);
            self.jump_if(guard, fail, false, NO_LOC)?;
        }
        if subject.own {
            self.unit.emitter.drop_top(NEXT_LOC);
        }
        self.conditional_statements(case.body)?;
        self.unit.emitter.jump(end, NO_LOC);
        self.unit.emitter.depth = depth;
        self.bind_failures(&context, case.pattern.loc);
        Ok(())
    }

    // ---- success and failure ----

    /// Where to go from here if the pattern fails.
    fn fail_label(&mut self, context: &mut Context<'a>) -> LabelId {
        let made = (self.unit.emitter.depth - context.depth) as usize;
        while context.fail.len() <= made {
            context.fail.push(self.unit.emitter.label());
        }
        context.fail[made]
    }

    /// The ways out of a failing pattern, each dropping the temporaries that it had made.
    fn bind_failures(&mut self, context: &Context<'a>, loc: Loc) {
        let Some((&none, some)) = context.fail.split_first() else { return };
        for (made, &label) in some.iter().enumerate().rev() {
            self.unit.emitter.depth = context.depth + made as u32 + 1;
            self.unit.emitter.bind(label);
            self.unit.emitter.drop_top(loc);
        }
        self.unit.emitter.depth = context.depth;
        self.unit.emitter.bind(none);
    }

    /// Binds the captured names and drops the pattern's temporaries: a captured one is moved where this keeps the order of
    /// the stores, or where the order cannot be seen.
    fn store_captures(&mut self, context: &Context<'a>, loc: Loc) {
        let mut captures: Vec<_> = context.captures.iter().copied().map(Some).collect();
        let order_is_free = self.unit.kind.is_function_like();
        for (name, _) in captures.iter().flatten() {
            // Locals get their places in `co_varnames` in this order all the same.
            self.local_register(*name);
        }
        while self.unit.emitter.depth > context.depth {
            let top = self.unit.emitter.top();
            let uses = captures.iter().flatten().filter(|(_, register)| *register == top.register).count();
            let found = captures
                .iter()
                .position(|capture| capture.is_some_and(|(_, register)| register == top.register));
            let is_next = found == captures.iter().position(Option::is_some);
            match found {
                Some(at) if uses == 1 && (order_is_free || is_next) => {
                    let (name, _) = captures[at].take().expect("it was found");
                    self.store(name, top, loc);
                }
                Some(_) => self.store_first(&mut captures, loc),
                None => self.unit.emitter.drop_top(loc),
            }
        }
        while captures.iter().any(Option::is_some) {
            self.store_first(&mut captures, loc);
        }
    }

    /// Stores the first capture that is still to be stored; its value stays where it is.
    fn store_first(&mut self, captures: &mut [Option<(Identifier<'a>, Register)>], loc: Loc) {
        if let Some((name, register)) = captures.iter_mut().find_map(Option::take) {
            self.store(name, borrowed(register), loc);
        }
    }

    fn capture(
        &mut self,
        name: Identifier<'a>,
        register: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        if context.captures.iter().any(|(captured, _)| *captured == name) {
            return self.error(loc, format!("multiple assignments to name '{name}' in pattern"));
        }
        context.captures.push((name, register));
        self.nop(loc);
        Ok(())
    }

    // ---- patterns ----

    /// Tests a register against a pattern; behind it, it matches.
    fn pattern(&mut self, pattern: Pattern<'a>, subject: Register, context: &mut Context<'a>) -> Result<()> {
        self.options.stack.check()?;
        let loc = pattern.loc;
        match pattern.kind {
            PatternKind::MatchValue(node) => self.value_pattern(node.value, subject, context, loc),
            PatternKind::MatchSingleton(node) => {
                self.singleton_pattern(node.value, subject, context, loc);
                Ok(())
            }
            PatternKind::MatchSequence(node) => self.sequence_pattern(node, subject, context, loc),
            PatternKind::MatchMapping(node) => self.mapping_pattern(node, subject, context, loc),
            PatternKind::MatchClass(node) => self.class_pattern(node, subject, context, loc),
            PatternKind::MatchStar(node) => match node.name {
                Some(name) => self.capture(name, subject, context, loc),
                None => Ok(()),
            },
            PatternKind::MatchAs(node) => self.as_pattern(node, subject, context, loc),
            PatternKind::MatchOr(node) => self.or_pattern(node, subject, context, loc),
        }
    }

    /// A pattern inside another one, which may always match.
    fn subpattern(
        &mut self,
        pattern: Pattern<'a>,
        subject: Register,
        context: &mut Context<'a>,
    ) -> Result<()> {
        let outer = std::mem::replace(&mut context.allow_irrefutable, true);
        let result = self.pattern(pattern, subject, context);
        context.allow_irrefutable = outer;
        result
    }

    fn value_pattern(
        &mut self,
        value: Expr<'a>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        if !matches!(value.kind, ExprKind::Attribute(_)) && !is_literal(value) {
            return self.error(loc, "patterns may only match literals and attribute lookups");
        }
        let lhs = borrowed(subject);
        let pad = Default::default();
        if let Some((number, rhs)) = self.immediate(value) {
            let target = self.fail_label(context).operand();
            self.note_immediate(number, value.loc, loc);
            self.emit(instruction::JumpIfEqInt { lhs, rhs, target, pad, negate: true }, loc);
            return Ok(());
        }
        let rhs = self.expr(value)?;
        let depth = self.unit.emitter.depth;
        self.unit.emitter.depth -= u32::from(rhs.own);
        let target = self.fail_label(context).operand();
        self.unit.emitter.depth = depth;
        self.emit(instruction::JumpIfEq { lhs, rhs, target, pad, negate: true }, loc);
        Ok(())
    }

    fn singleton_pattern(
        &mut self,
        value: ConstantValue<'a>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) {
        let lhs = borrowed(subject);
        let target = self.fail_label(context).operand();
        if matches!(value, ConstantValue::None) {
            self.note_first_constant(&Constant::None);
            return self.emit(instruction::JumpIfNotNone { src: lhs, target }, loc);
        }
        self.push_constant(fold::value(value), loc);
        let rhs = self.unit.emitter.top();
        self.emit(instruction::JumpIfIs { lhs, rhs, target, pad: Default::default(), negate: true }, loc);
    }

    fn as_pattern(
        &mut self,
        node: &'a MatchAs<'a>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        let Some(pattern) = node.pattern else {
            if !context.allow_irrefutable {
                let message = match node.name {
                    Some(name) => format!("name capture '{name}' makes remaining patterns unreachable"),
                    None => "wildcard makes remaining patterns unreachable".to_owned(),
                };
                return self.error(loc, message);
            }
            return match node.name {
                Some(name) => self.capture(name, subject, context, loc),
                None => {
                    self.nop(loc);
                    Ok(())
                }
            };
        };
        self.pattern(pattern, subject, context)?;
        match node.name {
            Some(name) => self.capture(name, subject, context, loc),
            None => Ok(()),
        }
    }

    // ---- sequences ----

    fn sequence_pattern(
        &mut self,
        node: &'a MatchSequence<'a>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        let patterns = node.patterns;
        let is_star = |pattern: &Pattern<'a>| matches!(pattern.kind, PatternKind::MatchStar(_));
        let star = patterns.iter().position(is_star);
        if patterns.iter().filter(|pattern| is_star(pattern)).count() > 1 {
            return self.error(loc, "multiple starred names in sequence pattern");
        }
        let target = self.fail_label(context).operand();
        self.emit(instruction::JumpIfNotSequence { src: kept(subject), target }, loc);
        let least = patterns.len() - usize::from(star.is_some());
        if star.is_none() || least > 0 {
            self.check_length(subject, least, star.is_none(), context, loc);
        }
        if patterns.iter().all(|&pattern| is_wildcard_or_star(pattern)) {
            return Ok(());
        }
        match star {
            Some(at) if is_wildcard_or_star(patterns[at]) => {
                self.items_by_index(patterns, at, subject, context, loc)
            }
            _ => self.items_unpacked(patterns, star, subject, context, loc),
        }
    }

    /// Fails unless the length of the subject is, or is at least, a number.
    fn check_length(
        &mut self,
        subject: Register,
        length: usize,
        exactly: bool,
        context: &mut Context<'a>,
        loc: Loc,
    ) {
        let target = self.fail_label(context).operand();
        let dst = self.unit.emitter.next();
        self.emit(instruction::GetLen { dst, src: kept(subject) }, loc);
        let (lhs, pad, negate) = (self.unit.emitter.top(), Default::default(), true);
        self.note_first_constant(&Constant::Int(length as i64));
        if let Ok(small) = i16::try_from(length) {
            let rhs = Imm(small);
            return match exactly {
                true => self.emit(instruction::JumpIfEqInt { lhs, rhs, target, pad, negate }, loc),
                false => self.emit(instruction::JumpIfGeInt { lhs, rhs, target, pad, negate }, loc),
            };
        }
        self.push_constant(Constant::Int(length as i64), loc);
        let rhs = self.unit.emitter.top();
        match exactly {
            true => self.emit(instruction::JumpIfEq { lhs, rhs, target, pad, negate }, loc),
            false => self.emit(instruction::JumpIfGe { lhs, rhs, target, pad, negate }, loc),
        }
    }

    fn items_unpacked(
        &mut self,
        patterns: &'a [Pattern<'a>],
        star: Option<usize>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        let src = borrowed(subject);
        let base = Base { register: self.unit.emitter.next().register, own: false };
        match star {
            Some(at) => {
                if at >= 1 << 8 || patterns.len() - at > 1 << 23 {
                    return self.error(loc, "too many expressions in star-unpacking sequence pattern");
                }
                let (before, after) = (Int(at as i32), Int((patterns.len() - at - 1) as i32));
                self.emit(instruction::UnpackStar { base, src, before, after }, loc);
            }
            None if patterns.len() > MAX_UNPACKED => {
                return self.items_by_index(patterns, patterns.len(), subject, context, loc);
            }
            None => self.emit(instruction::Unpack { base, src, n: Count(patterns.len() as u16) }, loc),
        }
        self.unpacked_items(patterns, context)
    }

    /// Tests the items of a tuple in the topmost temporary.
    fn tuple_items(
        &mut self,
        patterns: &'a [Pattern<'a>],
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        let src = self.unit.emitter.top();
        if patterns.len() > MAX_UNPACKED {
            return self.items_by_index(patterns, patterns.len(), src.register, context, loc);
        }
        let base = Base { register: src.register, own: false };
        self.emit(instruction::Unpack { base, src, n: Count(patterns.len() as u16) }, loc);
        self.unpacked_items(patterns, context)
    }

    /// Tests the items in the last temporaries, the first one on top.
    fn unpacked_items(&mut self, patterns: &'a [Pattern<'a>], context: &mut Context<'a>) -> Result<()> {
        let items: Vec<Register> =
            (0..patterns.len()).map(|below| self.unit.emitter.peek(below as u32).register).collect();
        patterns.iter().zip(items).try_for_each(|(&pattern, item)| self.subpattern(pattern, item, context))
    }

    /// The items that some pattern looks at, taken one by one: the starred rest is not wanted.
    fn items_by_index(
        &mut self,
        patterns: &'a [Pattern<'a>],
        star: usize,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        for (at, &pattern) in patterns.iter().enumerate() {
            if at == star || is_wildcard(pattern) {
                continue;
            }
            let (object, dst) = (borrowed(subject), self.unit.emitter.next());
            let depth = self.unit.emitter.depth;
            if at < star {
                match i16::try_from(at) {
                    Ok(small) => self.emit(instruction::LoadItemInt { dst, object, key: Imm(small) }, loc),
                    Err(_) => {
                        self.push_constant(Constant::Int(at as i64), loc);
                        self.load_item_at_top(object, loc);
                    }
                }
            } else {
                self.item_from_end(subject, patterns.len() - at, loc);
            }
            let item = self.unit.emitter.top().register;
            let captured = context.captures.len();
            self.subpattern(pattern, item, context)?;
            while context.captures.len() == captured && self.unit.emitter.depth > depth {
                self.unit.emitter.drop_top(loc);
            }
        }
        Ok(())
    }

    /// The item at an index counted from the end, for sequences that know no negative indices.
    fn item_from_end(&mut self, subject: Register, from_end: usize, loc: Loc) {
        let dst = self.unit.emitter.next();
        self.emit(instruction::GetLen { dst, src: kept(subject) }, loc);
        let lhs = self.unit.emitter.top();
        let dst = self.unit.emitter.after(&[lhs]);
        match i16::try_from(from_end) {
            Ok(small) => {
                self.emit(instruction::SubInt { dst, lhs, rhs: Imm(small), inplace: false }, loc);
            }
            Err(_) => {
                self.push_constant(Constant::Int(from_end as i64), loc);
                let rhs = self.unit.emitter.top();
                self.emit(instruction::Sub { dst, lhs, rhs, inplace: false }, loc);
            }
        }
        self.load_item_at_top(borrowed(subject), loc);
    }

    fn load_item_at_top(&mut self, object: In, loc: Loc) {
        let key = self.unit.emitter.top();
        let dst = self.unit.emitter.after(&[key]);
        self.emit(instruction::LoadItem { dst, object, key }, loc);
    }

    // ---- mappings ----

    fn mapping_pattern(
        &mut self,
        node: &'a MatchMapping<'a>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        if node.keys.len() != node.patterns.len() {
            let message = format!(
                "keys ({}) / patterns ({}) length mismatch in mapping pattern",
                node.keys.len(),
                node.patterns.len()
            );
            return self.error(loc, message);
        }
        let target = self.fail_label(context).operand();
        self.emit(instruction::JumpIfNotMapping { src: kept(subject), target }, loc);
        if node.keys.is_empty() && node.rest.is_none() {
            return Ok(());
        }
        if !node.keys.is_empty() {
            self.check_length(subject, node.keys.len(), false, context, loc);
        }
        self.check_keys(node, loc)?;
        self.items_as_tuple(node.keys, loc)?;
        let keys = kept(self.unit.emitter.top().register);
        let dst = self.unit.emitter.next();
        self.emit(instruction::MatchKeys { dst, subject: kept(subject), keys }, loc);
        let values = self.unit.emitter.top();
        let target = self.fail_label(context).operand();
        self.emit(instruction::JumpIfNone { src: borrowed(values.register), target }, loc);
        self.tuple_items(node.patterns, context, loc)?;
        match node.rest {
            Some(name) => self.rest_of_mapping(name, subject, keys.register, node.keys.len(), context, loc),
            None => Ok(()),
        }
    }

    /// A dict of the items that the keys do not name.
    fn rest_of_mapping(
        &mut self,
        name: Identifier<'a>,
        subject: Register,
        keys: Register,
        n: usize,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        self.build_map(0, loc);
        let rest = self.unit.emitter.top().register;
        self.emit(instruction::DictUpdate { map: kept(rest), items: borrowed(subject) }, loc);
        for at in 0..n {
            self.push_folded(Constant::Int(at as i64), loc);
            self.load_item_at_top(borrowed(keys), loc);
            let key = self.unit.emitter.top();
            self.emit(instruction::DeleteItem { object: borrowed(rest), key }, loc);
        }
        self.capture(name, rest, context, loc)
    }

    /// Keys are literals, each but once, and attributes.
    fn check_keys(&mut self, node: &'a MatchMapping<'a>, loc: Loc) -> Result<()> {
        let mut seen: Vec<Constant> = Vec::new();
        for &key in node.keys {
            if let Some(constant) =
                is_literal(key).then(|| fold::constant(key, self.fold_options())).flatten()
            {
                if seen.iter().any(|other| fold::equal(other, &constant)) {
                    let key = fold::repr(&constant);
                    return self.error(loc, format!("mapping pattern checks duplicate key ({key})"));
                }
                seen.push(constant);
            } else if !matches!(key.kind, ExprKind::Attribute(_)) && !is_literal(key) {
                let message = "mapping pattern keys may only match literals and attribute lookups";
                return self.error(loc, message);
            }
        }
        Ok(())
    }

    // ---- classes ----

    fn class_pattern(
        &mut self,
        node: &'a MatchClass<'a>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        for (at, attr) in node.kwd_attrs.iter().enumerate() {
            if node.kwd_attrs[..at].contains(attr) {
                let at = node.kwd_patterns.get(at).map_or(loc, |pattern| pattern.loc);
                return self.error(at, format!("attribute name repeated in class pattern: {attr}"));
            }
        }
        self.copy(borrowed(subject), loc);
        self.push(node.cls)?;
        let names = node.kwd_attrs.iter().map(|&name| Constant::Str(self.text(name))).collect();
        self.push_constant(Constant::Tuple(names), loc);
        let base = self.unit.emitter.last(3);
        let count = Count(node.patterns.len() as u16);
        self.emit(instruction::MatchClass { dst: Emitter::out_at(base), base, count }, loc);
        let values = self.unit.emitter.top();
        let target = self.fail_label(context).operand();
        self.emit(instruction::JumpIfNone { src: borrowed(values.register), target }, loc);
        let patterns: Vec<Pattern<'a>> = node.patterns.iter().chain(node.kwd_patterns).copied().collect();
        let patterns = self.arena.alloc_slice_copy(&patterns);
        self.tuple_items(patterns, context, loc)
    }

    // ---- alternatives ----

    /// Alternatives bind the same names. The values go to temporaries that are made, empty, before the first alternative.
    fn or_pattern(
        &mut self,
        node: &'a MatchOr<'a>,
        subject: Register,
        context: &mut Context<'a>,
        loc: Loc,
    ) -> Result<()> {
        let mut names: Vec<Identifier<'a>> = Vec::new();
        names_of(node.patterns[0], &mut names);
        let slots: Vec<Register> = names.iter().map(|_| self.push_empty(loc)).collect();
        let end = self.unit.emitter.label();
        let depth = self.unit.emitter.depth;
        for (at, &alternative) in node.patterns.iter().enumerate() {
            let is_last = at + 1 == node.patterns.len();
            let allow_irrefutable = context.allow_irrefutable && is_last;
            let mut inner = Context { depth, allow_irrefutable, ..Context::default() };
            self.pattern(alternative, subject, &mut inner)?;
            if !same_names(&names, &inner.captures) {
                return self.error(loc, "alternative patterns bind different names");
            }
            for (name, &slot) in names.iter().zip(&slots) {
                self.fill(slot, name, &inner, alternative.loc);
            }
            while self.unit.emitter.depth > depth {
                self.unit.emitter.drop_top(alternative.loc);
            }
            self.unit.emitter.jump(end, alternative.loc);
            self.bind_failures(&inner, alternative.loc);
        }
        let fail = self.fail_label(context);
        self.unit.emitter.jump(fail, NO_LOC);
        self.unit.emitter.bind(end);
        names.into_iter().zip(slots).try_for_each(|(name, slot)| self.capture(name, slot, context, loc))
    }

    /// Makes an empty temporary.
    fn push_empty(&mut self, loc: Loc) -> Register {
        let dst = self.unit.emitter.next();
        self.emit(instruction::PushNull { dst }, loc);
        dst.register
    }

    /// Puts a captured value into an empty temporary.
    fn fill(&mut self, slot: Register, name: &Identifier<'a>, context: &Context<'a>, loc: Loc) {
        let found = context.captures.iter().find(|(captured, _)| captured == name);
        let &(_, register) = found.expect("every alternative binds every name");
        let is_own = depth_of(register) >= context.depth && depth_of(register) < self.unit.emitter.depth;
        let shared = context.captures.iter().filter(|(_, other)| *other == register).count() > 1;
        if is_own && !shared {
            return self.emit(instruction::Swap { a: kept(slot), b: kept(register) }, loc);
        }
        self.copy(borrowed(register), loc);
        let top = self.unit.emitter.top().register;
        self.emit(instruction::Swap { a: kept(slot), b: kept(top) }, loc);
        self.unit.emitter.drop_top(loc);
    }
}

/// The names that a pattern captures, in order.
fn names_of<'a>(pattern: Pattern<'a>, names: &mut Vec<Identifier<'a>>) {
    match pattern.kind {
        PatternKind::MatchValue(_) | PatternKind::MatchSingleton(_) => {}
        PatternKind::MatchSequence(node) => node.patterns.iter().for_each(|&inner| names_of(inner, names)),
        PatternKind::MatchMapping(node) => {
            node.patterns.iter().for_each(|&inner| names_of(inner, names));
            names.extend(node.rest);
        }
        PatternKind::MatchClass(node) => {
            node.patterns.iter().chain(node.kwd_patterns).for_each(|&inner| names_of(inner, names));
        }
        PatternKind::MatchStar(node) => names.extend(node.name),
        PatternKind::MatchAs(node) => {
            if let Some(inner) = node.pattern {
                names_of(inner, names);
            }
            names.extend(node.name);
        }
        PatternKind::MatchOr(node) => {
            if let Some(&first) = node.patterns.first() {
                names_of(first, names);
            }
        }
    }
}

fn same_names(names: &[Identifier<'_>], captures: &[(Identifier<'_>, Register)]) -> bool {
    names.len() == captures.len()
        && names.iter().all(|name| captures.iter().any(|(captured, _)| captured == name))
}

fn is_wildcard(pattern: Pattern<'_>) -> bool {
    matches!(pattern.kind, PatternKind::MatchAs(MatchAs { pattern: None, name: None }))
}

fn is_wildcard_or_star(pattern: Pattern<'_>) -> bool {
    match pattern.kind {
        PatternKind::MatchStar(star) => star.name.is_none(),
        _ => is_wildcard(pattern),
    }
}

/// Whether a value pattern, or the key of a mapping pattern, is a literal.
fn is_literal(e: Expr<'_>) -> bool {
    match e.kind {
        ExprKind::Constant(_) => true,
        ExprKind::UnaryOp(node) => {
            node.op == UnaryOperator::USub && matches!(node.operand.kind, ExprKind::Constant(_))
        }
        ExprKind::BinOp(node) => is_literal(node.left) && matches!(node.right.kind, ExprKind::Constant(_)),
        _ => false,
    }
}
