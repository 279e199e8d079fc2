//! What the grammar's actions call: the [`Builder`], which makes nodes in the arena and collects lists.
//!
//! The rest of it is in `operators` (chains into trees), `parameters` (of functions and calls), `literals` (strings), and
//! `targets` (what can be assigned to).

use std::marker::PhantomData;

use bumpalo::Bump;
use lalrpop_util::ParseError;

use crate::ast::*;
use crate::error::{Complaint, SyntaxError};
pub(crate) use crate::literals::{Middle, Part, StringPart};
use crate::operators::Fold;
pub(crate) use crate::operators::{LogicPiece, Piece};
pub(crate) use crate::parameters::{Argument, Parameter, Star};
use crate::source::{Position, Source};
use crate::targets::TargetKind;
use crate::token::Kind;
use crate::{ParseOptions, numbers, unicode};

/// Why an action refuses what the grammar accepts.
#[derive(Debug)]
pub(crate) enum Rejection {
    /// A mistake that the diagnosing pass puts into words.
    Unworded,
    /// A mistake with its words and its place.
    Error(Box<SyntaxError>),
    /// A mistake that stands where the last token does that was read.
    AtLast(String),
}

/// How a parse fails.
pub(crate) type Failure = ParseError<u32, Kind, Rejection>;

impl From<SyntaxError> for Failure {
    fn from(error: SyntaxError) -> Self {
        Self::User { error: Rejection::Error(Box::new(error)) }
    }
}

pub(crate) type Action<T> = Result<T, Failure>;

/// Refuses, and leaves the words to the diagnosing pass.
pub(crate) fn unworded<T>() -> Action<T> {
    Err(Rejection::Unworded.into())
}

/// A list in the making: the height of the stack of its items before the first.
#[derive(Debug)]
pub(crate) struct Mark<T>(u32, PhantomData<fn() -> T>);

impl<T> Clone for Mark<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Mark<T> {}

impl<T> Mark<T> {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The stack on which lists of a type of item grow. Lists are finished from the inside out, so that one stack does.
pub(crate) trait Stack<T> {
    fn stack(&mut self) -> &mut Vec<T>;
}

macro_rules! stacks {
    ($($field:ident: $item:ty),* $(,)?) => {
        /// The stacks on which lists grow.
        #[derive(Default)]
        pub(crate) struct Stacks<'a> {
            $(pub(crate) $field: Vec<$item>),*
        }

        $(impl<'a> Stack<$item> for Builder<'a> {
            fn stack(&mut self) -> &mut Vec<$item> {
                &mut self.stacks.$field
            }
        })*
    };
}

stacks! {
    exprs: Expr<'a>,
    stmts: Stmt<'a>,
    patterns: Pattern<'a>,
    names: Identifier<'a>,
    dict_items: DictItem<'a>,
    comprehensions: Comprehension<'a>,
    arguments: Argument<'a>,
    parameters: Parameter<'a>,
    type_params: TypeParam<'a>,
    aliases: Alias<'a>,
    with_items: WithItem<'a>,
    handlers: ExceptHandler<'a>,
    cases: MatchCase<'a>,
    mapping_items: MappingItem<'a>,
    keyword_patterns: KeywordPattern<'a>,
    string_parts: StringPart<'a>,
    parts: Part<'a>,
    pieces: Piece<'a>,
    logic_pieces: LogicPiece<'a>,
}

/// An entry of a dict display; without a key it is `**value`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DictItem<'a> {
    pub(crate) key: Option<Expr<'a>>,
    pub(crate) value: Expr<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct MappingItem<'a> {
    pub(crate) key: Expr<'a>,
    pub(crate) pattern: Pattern<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct KeywordPattern<'a> {
    pub(crate) name: Identifier<'a>,
    pub(crate) pattern: Pattern<'a>,
}

/// Makes the tree.
pub(crate) struct Builder<'a> {
    pub(crate) source: &'a Source,
    pub(crate) arena: &'a Bump,
    pub(crate) options: ParseOptions,
    pub(crate) complaints: Vec<Complaint>,
    pub(crate) stacks: Stacks<'a>,
    pub(crate) fold: Fold<'a>,
    /// Whether the last `with` item is a tuple whose own parenthesis starts the item.
    tuple_item: bool,
    /// Where assignment expressions start that stand in parentheses of their own.
    grouped: Vec<u32>,
    pub(crate) type_ignores: Vec<TypeIgnore<'a>>,
    /// A name that is a constant's, once it is normalised.
    pub(crate) constant_name: Option<&'a str>,
    /// The comments inside replacement fields.
    pub(crate) comments: Vec<(u32, u32)>,
}

pub(crate) const fn expr<'a>(kind: ExprKind<'a>, l: u32, r: u32) -> Expr<'a> {
    Expr { kind, loc: Loc::new(l, r) }
}

pub(crate) const fn stmt<'a>(kind: StmtKind<'a>, l: u32, r: u32) -> Stmt<'a> {
    Stmt { kind, loc: Loc::new(l, r) }
}

/// The name that a pattern binds: `_` binds none.
pub(crate) fn unless_wildcard(name: Identifier<'_>) -> Option<Identifier<'_>> {
    (name != "_").then_some(name)
}

impl<'a> Builder<'a> {
    pub(crate) fn new(source: &'a Source, options: ParseOptions, arena: &'a Bump) -> Self {
        Self {
            source,
            arena,
            options,
            complaints: Vec::new(),
            stacks: Stacks::default(),
            fold: Fold::default(),
            tuple_item: false,
            grouped: Vec::new(),
            type_ignores: Vec::new(),
            constant_name: None,
            comments: Vec::new(),
        }
    }

    // Lists

    /// A list without items, so far.
    pub(crate) fn none<T>(&mut self) -> Mark<T>
    where
        Self: Stack<T>,
    {
        Mark(self.stack().len() as u32, PhantomData)
    }

    /// A list's first item.
    #[inline]
    pub(crate) fn one<T>(&mut self, item: T) -> Mark<T>
    where
        Self: Stack<T>,
    {
        let stack = self.stack();
        let mark = Mark(stack.len() as u32, PhantomData);
        stack.push(item);
        mark
    }

    /// A list's first two items.
    pub(crate) fn two<T>(&mut self, first: T, second: T) -> Mark<T>
    where
        Self: Stack<T>,
    {
        let mark = self.one(first);
        self.more(mark, second)
    }

    /// One item more.
    #[inline]
    pub(crate) fn more<T>(&mut self, list: Mark<T>, item: T) -> Mark<T>
    where
        Self: Stack<T>,
    {
        self.stack().push(item);
        list
    }

    /// The finished list.
    #[inline]
    pub(crate) fn take<T: Copy>(&mut self, list: Mark<T>) -> &'a [T]
    where
        Self: Stack<T>,
    {
        let arena = self.arena;
        let stack = self.stack();
        let items = arena.alloc_slice_copy(&stack[list.index()..]);
        stack.truncate(list.index());
        items
    }

    // Nodes

    #[inline]
    pub(crate) fn node<T>(&self, node: T) -> &'a T {
        self.arena.alloc(node)
    }

    pub(crate) fn slice_of<T: Copy>(&self, item: T) -> &'a [T] {
        self.arena.alloc_slice_copy(&[item])
    }

    #[inline]
    pub(crate) fn expr<T>(&self, l: u32, r: u32, kind: fn(&'a T) -> ExprKind<'a>, node: T) -> Expr<'a> {
        expr(kind(self.node(node)), l, r)
    }

    #[inline]
    pub(crate) fn stmt<T>(&self, l: u32, r: u32, kind: fn(&'a T) -> StmtKind<'a>, node: T) -> Stmt<'a> {
        stmt(kind(self.node(node)), l, r)
    }

    pub(crate) fn pattern<T>(
        &self,
        l: u32,
        r: u32,
        kind: fn(&'a T) -> PatternKind<'a>,
        node: T,
    ) -> Pattern<'a> {
        Pattern { kind: kind(self.node(node)), loc: Loc::new(l, r) }
    }

    pub(crate) fn type_param<T>(
        &self,
        l: u32,
        r: u32,
        kind: fn(&'a T) -> TypeParamKind<'a>,
        node: T,
    ) -> TypeParam<'a> {
        TypeParam { kind: kind(self.node(node)), loc: Loc::new(l, r) }
    }

    /// The source between two offsets.
    #[inline]
    pub(crate) fn slice(&self, l: u32, r: u32) -> &'a str {
        &self.source.text()[l as usize..r as usize]
    }

    /// The error at a stretch of the source.
    pub(crate) fn error(&self, loc: Loc, message: impl Into<String>) -> SyntaxError {
        let (lineno, col_offset) = self.source.line_and_column(loc.start());
        let (end_lineno, end_col_offset) = self.source.line_and_column(loc.end());
        SyntaxError::at(
            Some(self.source),
            Position { lineno, col_offset, end_lineno, end_col_offset },
            message,
        )
    }

    /// Refuses syntax that came later than the version asked for.
    #[inline]
    pub(crate) fn since(&self, version: u8, what: &str) -> Action<()> {
        if self.options.feature_version >= version {
            return Ok(());
        }
        Err(Rejection::AtLast(format!("{what} only supported in Python 3.{version} and greater")).into())
    }

    // Names and constants

    #[inline]
    pub(crate) fn name(&mut self, l: u32, r: u32) -> Identifier<'a> {
        let text = self.slice(l, r);
        if text.is_ascii() { text.into() } else { self.normalised_name(text) }
    }

    /// The name that a name beyond ASCII stands for. It may turn out to be a constant's.
    #[cold]
    fn normalised_name(&mut self, text: &'a str) -> Identifier<'a> {
        let name = unicode::normalise(text, self.arena);
        if matches!(name, "None" | "True" | "False") {
            self.constant_name.get_or_insert(name);
        }
        name.into()
    }

    #[inline]
    pub(crate) fn name_expr(&mut self, l: u32, r: u32) -> Expr<'a> {
        let id = self.name(l, r);
        self.expr(l, r, ExprKind::Name, Name { id, ctx: ExprContext::Load })
    }

    pub(crate) fn stored_name(&mut self, l: u32, r: u32) -> Expr<'a> {
        let id = self.name(l, r);
        self.expr(l, r, ExprKind::Name, Name { id, ctx: ExprContext::Store })
    }

    /// Names joined by a dot: a slice of the source, unless blanks stand between them.
    pub(crate) fn dotted(
        &self,
        module: Identifier<'a>,
        name: Identifier<'a>,
        l: u32,
        r: u32,
    ) -> Identifier<'a> {
        let text = self.slice(l, r);
        if text.is_ascii() && text.len() == module.len() + 1 + name.len() {
            return text.into();
        }
        let parts = [module.as_bytes(), b".", name.as_bytes()];
        let mut joined =
            bumpalo::collections::Vec::with_capacity_in(module.len() + 1 + name.len(), self.arena);
        parts.into_iter().for_each(|part| joined.extend_from_slice(part));
        Identifier::from_bytes(joined.into_bump_slice())
    }

    pub(crate) fn constant(&self, value: ConstantValue<'a>, l: u32, r: u32) -> Expr<'a> {
        self.expr(l, r, ExprKind::Constant, Constant { value, kind: None })
    }

    pub(crate) fn number(&self, l: u32, r: u32) -> Action<Expr<'a>> {
        let text = self.slice(l, r);
        if self.options.feature_version < 6 && text.contains('_') {
            self.since(6, "Underscores in numeric literals are")?;
        }
        match numbers::value(text, self.options.int_max_str_digits, self.arena) {
            Ok(value) => Ok(self.constant(value, l, r)),
            Err(digits) => Err(self.error(Loc::new(l, r), self.too_many_digits(digits)).into()),
        }
    }

    fn too_many_digits(&self, digits: usize) -> String {
        let limit = self.options.int_max_str_digits;
        format!(
            "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; \
             use sys.set_int_max_str_digits() to increase the limit \
             - Consider hexadecimal for huge integer literals to avoid decimal conversion limits."
        )
    }

    // Displays

    pub(crate) fn tuple(&self, elts: &'a [Expr<'a>], l: u32, r: u32) -> Expr<'a> {
        self.expr(l, r, ExprKind::Tuple, Tuple { elts, ctx: ExprContext::Load })
    }

    pub(crate) fn tuple_of(&self, item: Expr<'a>, l: u32, r: u32) -> Expr<'a> {
        self.tuple(self.slice_of(item), l, r)
    }

    pub(crate) fn tuple_from(&mut self, items: Mark<Expr<'a>>, l: u32, r: u32) -> Expr<'a> {
        let elts = self.take(items);
        self.tuple(elts, l, r)
    }

    pub(crate) fn list(&self, elts: &'a [Expr<'a>], l: u32, r: u32) -> Expr<'a> {
        self.expr(l, r, ExprKind::List, List { elts, ctx: ExprContext::Load })
    }

    pub(crate) fn list_from(&mut self, items: Mark<Expr<'a>>, l: u32, r: u32) -> Expr<'a> {
        let elts = self.take(items);
        self.list(elts, l, r)
    }

    pub(crate) fn starred(&self, value: Expr<'a>, l: u32, r: u32) -> Expr<'a> {
        self.expr(l, r, ExprKind::Starred, Starred { value, ctx: ExprContext::Load })
    }

    pub(crate) fn dict(&mut self, items: Mark<DictItem<'a>>, l: u32, r: u32) -> Expr<'a> {
        let entries = &self.stacks.dict_items[items.index()..];
        let keys = self.arena.alloc_slice_fill_iter(entries.iter().map(|item| item.key));
        let values = self.arena.alloc_slice_fill_iter(entries.iter().map(|item| item.value));
        self.stacks.dict_items.truncate(items.index());
        self.expr(l, r, ExprKind::Dict, Dict { keys, values })
    }

    pub(crate) fn comp(&mut self, elt: Expr<'a>, clauses: Mark<Comprehension<'a>>) -> &'a Comp<'a> {
        let generators = self.take(clauses);
        self.node(Comp { elt, generators })
    }

    pub(crate) fn clause(
        &mut self,
        is_async: bool,
        target: Expr<'a>,
        iter: Expr<'a>,
        ifs: Option<Mark<Expr<'a>>>,
    ) -> Action<Mark<Comprehension<'a>>> {
        let target = self.target_of(target, ExprContext::Store, TargetKind::For)?;
        let ifs = ifs.map_or(&[][..], |ifs| self.take(ifs));
        Ok(self.one(Comprehension { target, iter, ifs, is_async }))
    }

    /// An expression in parentheses.
    pub(crate) fn group(&mut self, inner: Expr<'a>) -> Expr<'a> {
        if let ExprKind::NamedExpr(_) = inner.kind {
            self.grouped.push(inner.loc.start());
        }
        inner
    }

    /// `!=`, unless Barry is in charge, who writes `<>`.
    pub(crate) fn not_equal(&self, l: u32, r: u32) -> Action<CmpOperator> {
        if (self.slice(l, r) == "<>") == self.options.barry_as_flufl {
            return Ok(CmpOperator::NotEq);
        }
        unworded()
    }

    // Statements

    pub(crate) fn annotated(
        &self,
        target: Expr<'a>,
        annotation: Expr<'a>,
        value: Option<Expr<'a>>,
        l: u32,
        r: u32,
    ) -> Action<Stmt<'a>> {
        self.since(6, "Variable annotation syntax is")?;
        // A name in parentheses starts after the statement does, and is not simple.
        let simple = matches!(target.kind, ExprKind::Name(_)) && target.loc.start() == l;
        let target = self.annotation_target(target)?;
        Ok(self.stmt(l, r, StmtKind::AnnAssign, AnnAssign { target, annotation, value, simple }))
    }

    pub(crate) fn alias(
        &mut self,
        name: Identifier<'a>,
        asname: Option<Identifier<'a>>,
        l: u32,
        r: u32,
    ) -> Mark<Alias<'a>> {
        self.one(Alias { name, asname, loc: Loc::new(l, r) })
    }

    pub(crate) fn import_from(
        &mut self,
        module: Option<Identifier<'a>>,
        names: Mark<Alias<'a>>,
        level: i32,
        l: u32,
        r: u32,
    ) -> Stmt<'a> {
        let names = self.take(names);
        if level == 0 && module.is_some_and(|module| module == "__future__") {
            self.options.barry_as_flufl |= names.iter().any(|alias| alias.name == "barry_as_FLUFL");
        }
        self.stmt(l, r, StmtKind::ImportFrom, ImportFrom { module, names, level })
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a `try` statement, as the grammar has them")]
    pub(crate) fn try_(
        &mut self,
        star: bool,
        body: &'a [Stmt<'a>],
        handlers: Option<Mark<ExceptHandler<'a>>>,
        orelse: Option<&'a [Stmt<'a>]>,
        finalbody: Option<&'a [Stmt<'a>]>,
        l: u32,
        r: u32,
    ) -> Stmt<'a> {
        let handlers = handlers.map_or(&[][..], |handlers| self.take(handlers));
        let orelse = orelse.unwrap_or_default();
        let finalbody = finalbody.unwrap_or_default();
        let kind = if star { StmtKind::TryStar } else { StmtKind::Try };
        self.stmt(l, r, kind, Try { body, handlers, orelse, finalbody })
    }

    pub(crate) fn handler(
        &mut self,
        type_: Option<Expr<'a>>,
        name: Option<Identifier<'a>>,
        body: &'a [Stmt<'a>],
        l: u32,
        r: u32,
    ) -> Mark<ExceptHandler<'a>> {
        self.one(ExceptHandler { type_, name, body, loc: Loc::new(l, r) })
    }

    pub(crate) fn with_item(&mut self, context_expr: Expr<'a>, l: u32) -> Mark<WithItem<'a>> {
        self.tuple_item = matches!(context_expr.kind, ExprKind::Tuple(_)) && context_expr.loc.start() == l;
        self.one(WithItem { context_expr, optional_vars: None })
    }

    pub(crate) fn with_item_as(
        &mut self,
        context_expr: Expr<'a>,
        target: Expr<'a>,
    ) -> Action<Mark<WithItem<'a>>> {
        self.tuple_item = false;
        let target = self.target(target, ExprContext::Store)?;
        Ok(self.one(WithItem { context_expr, optional_vars: Some(target) }))
    }

    /// The items of a `with`. A tuple that is the only one was a list of items in parentheses.
    pub(crate) fn with_items(&mut self, items: Mark<WithItem<'a>>) -> &'a [WithItem<'a>] {
        let items = self.take(items);
        match items {
            [WithItem { context_expr: Expr { kind: ExprKind::Tuple(tuple), .. }, .. }]
                if self.tuple_item && !tuple.elts.is_empty() && self.are_items(tuple.elts) =>
            {
                let item = |&context_expr: &Expr<'a>| WithItem { context_expr, optional_vars: None };
                self.arena.alloc_slice_fill_iter(tuple.elts.iter().map(item))
            }
            _ => items,
        }
    }

    /// Whether each element could be an item of its own.
    fn are_items(&self, elts: &[Expr<'a>]) -> bool {
        elts.iter().all(|elt| match elt.kind {
            ExprKind::Starred(_) => false,
            ExprKind::NamedExpr(_) => self.grouped.contains(&elt.loc.start()),
            _ => true,
        })
    }

    pub(crate) fn decorated(&mut self, decorators: Mark<Expr<'a>>, definition: Stmt<'a>) -> Stmt<'a> {
        let decorator_list = self.take(decorators);
        let kind = match definition.kind {
            StmtKind::FunctionDef(f) => {
                StmtKind::FunctionDef(self.node(FunctionDef { decorator_list, ..*f }))
            }
            StmtKind::AsyncFunctionDef(f) => {
                StmtKind::AsyncFunctionDef(self.node(FunctionDef { decorator_list, ..*f }))
            }
            StmtKind::ClassDef(class) => StmtKind::ClassDef(self.node(ClassDef { decorator_list, ..*class })),
            other => other,
        };
        Stmt { kind, loc: definition.loc }
    }

    pub(crate) fn signature(
        &self,
        name: Identifier<'a>,
        type_params: Option<&'a [TypeParam<'a>]>,
        args: &'a Arguments<'a>,
        returns: Option<Expr<'a>>,
    ) -> &'a FunctionDef<'a> {
        self.node(FunctionDef {
            name,
            args,
            body: &[],
            decorator_list: &[],
            returns,
            type_comment: None,
            type_params: type_params.unwrap_or_default(),
        })
    }

    pub(crate) fn function(
        &self,
        signature: &'a FunctionDef<'a>,
        type_comment: Option<WtfStr<'a>>,
        body: &'a [Stmt<'a>],
    ) -> &'a FunctionDef<'a> {
        self.node(FunctionDef { type_comment, body, ..*signature })
    }

    pub(crate) fn class(
        &mut self,
        name: Identifier<'a>,
        type_params: Option<&'a [TypeParam<'a>]>,
        args: Option<Option<Mark<Argument<'a>>>>,
        body: &'a [Stmt<'a>],
        l: u32,
        r: u32,
    ) -> Action<Stmt<'a>> {
        let (bases, keywords) = match args.flatten() {
            Some(args) => self.arguments(args)?,
            None => (&[][..], &[][..]),
        };
        let type_params = type_params.unwrap_or_default();
        let class = ClassDef { name, bases, keywords, body, decorator_list: &[], type_params };
        Ok(self.stmt(l, r, StmtKind::ClassDef, class))
    }

    // Patterns

    pub(crate) fn sequence(&mut self, items: Mark<Pattern<'a>>, l: u32, r: u32) -> Pattern<'a> {
        let patterns = self.take(items);
        self.pattern(l, r, PatternKind::MatchSequence, MatchSequence { patterns })
    }

    pub(crate) fn value_pattern(&self, value: Expr<'a>) -> Pattern<'a> {
        Pattern { kind: PatternKind::MatchValue(self.node(MatchValue { value })), loc: value.loc }
    }

    pub(crate) fn singleton_pattern(&self, value: ConstantValue<'a>, l: u32, r: u32) -> Pattern<'a> {
        self.pattern(l, r, PatternKind::MatchSingleton, MatchSingleton { value })
    }

    pub(crate) fn as_pattern(
        &self,
        pattern: Pattern<'a>,
        name: Identifier<'a>,
        l: u32,
        r: u32,
    ) -> Action<Pattern<'a>> {
        let Some(name) = unless_wildcard(name) else { return unworded() };
        Ok(self.pattern(l, r, PatternKind::MatchAs, MatchAs { pattern: Some(pattern), name: Some(name) }))
    }

    /// `real + imaginary`
    pub(crate) fn complex_pattern(
        &self,
        left: Expr<'a>,
        op: Operator,
        right: Expr<'a>,
        l: u32,
        r: u32,
    ) -> Action<Expr<'a>> {
        let real = match left.kind {
            ExprKind::UnaryOp(unary) => unary.operand,
            _ => left,
        };
        if is_imaginary(real) {
            return Err(self.error(real.loc, "real number required in complex literal").into());
        }
        if !is_imaginary(right) {
            return Err(self.error(right.loc, "imaginary number required in complex literal").into());
        }
        Ok(self.expr(l, r, ExprKind::BinOp, BinOp { left, op, right }))
    }

    pub(crate) fn mapping(
        &mut self,
        items: Option<Mark<MappingItem<'a>>>,
        rest: Option<Identifier<'a>>,
        l: u32,
        r: u32,
    ) -> Action<Pattern<'a>> {
        if rest.is_some_and(|rest| rest == "_") {
            return unworded();
        }
        let from = items.map_or(self.stacks.mapping_items.len(), Mark::index);
        let items = &self.stacks.mapping_items[from..];
        let keys = self.arena.alloc_slice_fill_iter(items.iter().map(|item| item.key));
        let patterns = self.arena.alloc_slice_fill_iter(items.iter().map(|item| item.pattern));
        self.stacks.mapping_items.truncate(from);
        Ok(self.pattern(l, r, PatternKind::MatchMapping, MatchMapping { keys, patterns, rest }))
    }

    pub(crate) fn class_pattern(
        &mut self,
        cls: Expr<'a>,
        patterns: Option<Mark<Pattern<'a>>>,
        keywords: Option<Mark<KeywordPattern<'a>>>,
        l: u32,
        r: u32,
    ) -> Pattern<'a> {
        let patterns = patterns.map_or(&[][..], |patterns| self.take(patterns));
        let from = keywords.map_or(self.stacks.keyword_patterns.len(), Mark::index);
        let keywords = &self.stacks.keyword_patterns[from..];
        let kwd_attrs = self.arena.alloc_slice_fill_iter(keywords.iter().map(|keyword| keyword.name));
        let kwd_patterns = self.arena.alloc_slice_fill_iter(keywords.iter().map(|keyword| keyword.pattern));
        self.stacks.keyword_patterns.truncate(from);
        self.pattern(l, r, PatternKind::MatchClass, MatchClass { cls, patterns, kwd_attrs, kwd_patterns })
    }

    // Roots

    pub(crate) fn module(&mut self, body: Option<Mark<Stmt<'a>>>) -> Mod<'a> {
        let body = body.map_or(&[][..], |body| self.take(body));
        let type_ignores = self.arena.alloc_slice_copy(&self.type_ignores);
        Mod::Module(self.node(Module { body, type_ignores }))
    }

    pub(crate) fn interactive(&mut self, body: Option<Mark<Stmt<'a>>>) -> Mod<'a> {
        let body = body.map_or(&[][..], |body| self.take(body));
        Mod::Interactive(self.node(Interactive { body }))
    }

    pub(crate) fn function_type(&mut self, argtypes: Option<Mark<Expr<'a>>>, returns: Expr<'a>) -> Mod<'a> {
        let argtypes = argtypes.map_or(&[][..], |argtypes| self.take(argtypes));
        Mod::FunctionType(self.node(FunctionType { argtypes, returns }))
    }
}

fn is_imaginary(number: Expr<'_>) -> bool {
    matches!(number.kind, ExprKind::Constant(Constant { value: ConstantValue::Complex(_), .. }))
}
