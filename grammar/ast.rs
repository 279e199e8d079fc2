//! The syntax tree: node classes and fields exactly as Python's `ast` module has them.
//!
//! The tree lives in a bump arena. A handle ([`Stmt`], [`Expr`], [`Pattern`] …) is `Copy`: which class, a reference to
//! the node's fields, and where it stands. Lists are slices. Nothing is dropped, so neither a million brackets nor a
//! hundred thousand additions cost stack when a tree goes away; who *walks* a tree must see to that himself:
//! `1 + 1 + …` leans to the left, node upon node, and wants a loop along its left spine.
//!
//! The classes come from tables, which give each its struct and the view of its fields in [`crate::visit`]; the
//! dumper, and the conversion to Python's own nodes, read that view and know no class by name. The tables are macros that
//! hand their rows to another: who wants something for each class, such as the way back from Python's nodes, gets it there.
//!
//! Two things Python's nodes cannot say are absent: a name, a `type_comment` and a `kind` are strings here, and
//! `simple`, `is_async` are `bool`.
#![allow(missing_docs, reason = "classes and fields are documented by Python's `ast` module")]

use crate::visit::{Fields, Value};

pub use crate::source::Loc;
pub use crate::wtf::WtfStr;

/// A name: a variable, an attribute, a module path with dots.
pub type Identifier<'a> = WtfStr<'a>;

/// The root of a tree.
#[derive(Clone, Copy, Debug)]
pub enum Mod<'a> {
    Module(&'a Module<'a>),
    Interactive(&'a Interactive<'a>),
    Expression(&'a Expression<'a>),
    FunctionType(&'a FunctionType<'a>),
}

/// The kinds of nodes that come in families, each with the struct of its fields.
macro_rules! kinds {
    ($($(#[$attribute:meta])* $owner:ident $kind:ident {
        $($variant:ident($node:ident)),*; $($unit:ident),*
    })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Copy, Debug)]
            pub struct $owner<'a> {
                pub kind: $kind<'a>,
                pub loc: Loc,
            }

            #[derive(Clone, Copy, Debug)]
            pub enum $kind<'a> {
                $($variant(&'a $node<'a>),)*
                $($unit,)*
            }

            impl<'a> $owner<'a> {
                /// The name of the class in Python's `ast`.
                pub const fn class(&self) -> &'static str {
                    match self.kind {
                        $($kind::$variant(_) => stringify!($variant),)*
                        $($kind::$unit => stringify!($unit),)*
                    }
                }
            }

            impl<'a> Fields<'a> for $owner<'a> {
                fn each_field(&self, visit: &mut dyn FnMut(&'static str, Value<'a>)) {
                    match self.kind {
                        $($kind::$variant(node) => node.each_field(visit),)*
                        $($kind::$unit => {})*
                    }
                }
            }
        )*
    };
}

/// Hands the table of the kinds of nodes that come in families to a macro.
#[macro_export]
macro_rules! node_families {
    ($with:ident) => {
        $with! {
            /// A statement.
            Stmt StmtKind {
                FunctionDef(FunctionDef), AsyncFunctionDef(FunctionDef), ClassDef(ClassDef), Return(Return), Delete(Delete),
                Assign(Assign), TypeAlias(TypeAlias), AugAssign(AugAssign), AnnAssign(AnnAssign), For(For), AsyncFor(For),
                While(While), If(If), With(With), AsyncWith(With), Match(Match), Raise(Raise), Try(Try), TryStar(Try),
                Assert(Assert), Import(Import), ImportFrom(ImportFrom), Global(Global), Nonlocal(Nonlocal), Expr(ExprStmt);
                Pass, Break, Continue
            }
            /// An expression.
            Expr ExprKind {
                BoolOp(BoolOp), NamedExpr(NamedExpr), BinOp(BinOp), UnaryOp(UnaryOp), Lambda(Lambda), IfExp(IfExp), Dict(Dict),
                Set(Set), ListComp(Comp), SetComp(Comp), DictComp(DictComp), GeneratorExp(Comp), Await(Await), Yield(Yield),
                YieldFrom(YieldFrom), Compare(Compare), Call(Call), FormattedValue(FormattedValue),
                Interpolation(Interpolation), JoinedStr(JoinedStr), TemplateStr(TemplateStr), Constant(Constant),
                Attribute(Attribute), Subscript(Subscript), Starred(Starred), Name(Name), List(List), Tuple(Tuple),
                Slice(Slice);
            }
            /// A pattern of a `case`.
            Pattern PatternKind {
                MatchValue(MatchValue), MatchSingleton(MatchSingleton), MatchSequence(MatchSequence),
                MatchMapping(MatchMapping), MatchClass(MatchClass), MatchStar(MatchStar), MatchAs(MatchAs), MatchOr(MatchOr);
            }
            /// A type parameter of a function, class or alias.
            TypeParam TypeParamKind {
                TypeVar(TypeVar), ParamSpec(ParamSpec), TypeVarTuple(TypeVarTuple);
            }
        }
    };
}

node_families!(kinds);

/// The value of a [`Constant`].
#[derive(Clone, Copy, Debug)]
pub enum ConstantValue<'a> {
    None,
    True,
    False,
    Ellipsis,
    /// A small integer.
    Int(i64),
    /// An integer too big for [`Self::Int`]; never negative.
    BigInt(BigInt<'a>),
    Float(f64),
    /// The imaginary part of an imaginary literal.
    Complex(f64),
    Str(WtfStr<'a>),
    Bytes(&'a [u8]),
    /// An object that Python code put into an `ast.Constant`: an index into a table that the tree's maker keeps.
    Object(u32),
}

/// The digits of an integer: no prefix, no underscores, no leading zeros.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BigInt<'a> {
    /// 2, 8, 10 or 16.
    pub radix: u32,
    pub digits: &'a str,
}

/// The classes and their fields.
macro_rules! nodes {
    ($($(#[$attribute:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name<'a> {
                $(pub $field: $type),*
            }

            impl<'a> Fields<'a> for $name<'a> {
                fn each_field(&self, visit: &mut dyn FnMut(&'static str, Value<'a>)) {
                    $(visit(stringify!($field), self.$field.into());)*
                }
            }
        )*
    };
}

/// Hands the table of the classes and their fields to a macro.
#[macro_export]
macro_rules! node_classes {
    ($with:ident) => {
        $with! {
            Module { body: &'a [Stmt<'a>], type_ignores: &'a [TypeIgnore<'a>] }
            Interactive { body: &'a [Stmt<'a>] }
            Expression { body: Expr<'a> }
            FunctionType { argtypes: &'a [Expr<'a>], returns: Expr<'a> }

            FunctionDef {
                name: Identifier<'a>,
                args: &'a Arguments<'a>,
                body: &'a [Stmt<'a>],
                decorator_list: &'a [Expr<'a>],
                returns: Option<Expr<'a>>,
                type_comment: Option<WtfStr<'a>>,
                type_params: &'a [TypeParam<'a>],
            }
            ClassDef {
                name: Identifier<'a>,
                bases: &'a [Expr<'a>],
                keywords: &'a [Keyword<'a>],
                body: &'a [Stmt<'a>],
                decorator_list: &'a [Expr<'a>],
                type_params: &'a [TypeParam<'a>],
            }
            Return { value: Option<Expr<'a>> }
            Delete { targets: &'a [Expr<'a>] }
            Assign { targets: &'a [Expr<'a>], value: Expr<'a>, type_comment: Option<WtfStr<'a>> }
            TypeAlias { name: Expr<'a>, type_params: &'a [TypeParam<'a>], value: Expr<'a> }
            AugAssign { target: Expr<'a>, op: Operator, value: Expr<'a> }
            AnnAssign { target: Expr<'a>, annotation: Expr<'a>, value: Option<Expr<'a>>, simple: bool }
            For {
                target: Expr<'a>,
                iter: Expr<'a>,
                body: &'a [Stmt<'a>],
                orelse: &'a [Stmt<'a>],
                type_comment: Option<WtfStr<'a>>,
            }
            While { test: Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>] }
            If { test: Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>] }
            With { items: &'a [WithItem<'a>], body: &'a [Stmt<'a>], type_comment: Option<WtfStr<'a>> }
            Match { subject: Expr<'a>, cases: &'a [MatchCase<'a>] }
            Raise { exc: Option<Expr<'a>>, cause: Option<Expr<'a>> }
            Try {
                body: &'a [Stmt<'a>],
                handlers: &'a [ExceptHandler<'a>],
                orelse: &'a [Stmt<'a>],
                finalbody: &'a [Stmt<'a>],
            }
            Assert { test: Expr<'a>, msg: Option<Expr<'a>> }
            Import { names: &'a [Alias<'a>] }
            ImportFrom { module: Option<Identifier<'a>>, names: &'a [Alias<'a>], level: i32 }
            Global { names: &'a [Identifier<'a>] }
            Nonlocal { names: &'a [Identifier<'a>] }
            /// An expression as a statement; Python's class is `Expr`.
            ExprStmt { value: Expr<'a> }

            BoolOp { op: BoolOperator, values: &'a [Expr<'a>] }
            NamedExpr { target: Expr<'a>, value: Expr<'a> }
            BinOp { left: Expr<'a>, op: Operator, right: Expr<'a> }
            UnaryOp { op: UnaryOperator, operand: Expr<'a> }
            Lambda { args: &'a Arguments<'a>, body: Expr<'a> }
            IfExp { test: Expr<'a>, body: Expr<'a>, orelse: Expr<'a> }
            Dict { keys: &'a [Option<Expr<'a>>], values: &'a [Expr<'a>] }
            Set { elts: &'a [Expr<'a>] }
            /// The fields of `ListComp`, `SetComp` and `GeneratorExp`.
            Comp { elt: Expr<'a>, generators: &'a [Comprehension<'a>] }
            DictComp { key: Expr<'a>, value: Expr<'a>, generators: &'a [Comprehension<'a>] }
            Await { value: Expr<'a> }
            Yield { value: Option<Expr<'a>> }
            YieldFrom { value: Expr<'a> }
            Compare { left: Expr<'a>, ops: &'a [CmpOperator], comparators: &'a [Expr<'a>] }
            Call { func: Expr<'a>, args: &'a [Expr<'a>], keywords: &'a [Keyword<'a>] }
            FormattedValue { value: Expr<'a>, conversion: i32, format_spec: Option<Expr<'a>> }
            Interpolation { value: Expr<'a>, str: ConstantValue<'a>, conversion: i32, format_spec: Option<Expr<'a>> }
            JoinedStr { values: &'a [Expr<'a>] }
            TemplateStr { values: &'a [Expr<'a>] }
            Constant { value: ConstantValue<'a>, kind: Option<WtfStr<'a>> }
            Attribute { value: Expr<'a>, attr: Identifier<'a>, ctx: ExprContext }
            Subscript { value: Expr<'a>, slice: Expr<'a>, ctx: ExprContext }
            Starred { value: Expr<'a>, ctx: ExprContext }
            Name { id: Identifier<'a>, ctx: ExprContext }
            List { elts: &'a [Expr<'a>], ctx: ExprContext }
            Tuple { elts: &'a [Expr<'a>], ctx: ExprContext }
            Slice { lower: Option<Expr<'a>>, upper: Option<Expr<'a>>, step: Option<Expr<'a>> }

            Comprehension { target: Expr<'a>, iter: Expr<'a>, ifs: &'a [Expr<'a>], is_async: bool }
            ExceptHandler { type_: Option<Expr<'a>>, name: Option<Identifier<'a>>, body: &'a [Stmt<'a>], loc: Loc }
            Arguments {
                posonlyargs: &'a [Arg<'a>],
                args: &'a [Arg<'a>],
                vararg: Option<Arg<'a>>,
                kwonlyargs: &'a [Arg<'a>],
                kw_defaults: &'a [Option<Expr<'a>>],
                kwarg: Option<Arg<'a>>,
                defaults: &'a [Expr<'a>],
            }
            Arg { arg: Identifier<'a>, annotation: Option<Expr<'a>>, type_comment: Option<WtfStr<'a>>, loc: Loc }
            Keyword { arg: Option<Identifier<'a>>, value: Expr<'a>, loc: Loc }
            Alias { name: Identifier<'a>, asname: Option<Identifier<'a>>, loc: Loc }
            WithItem { context_expr: Expr<'a>, optional_vars: Option<Expr<'a>> }
            MatchCase { pattern: Pattern<'a>, guard: Option<Expr<'a>>, body: &'a [Stmt<'a>] }

            MatchValue { value: Expr<'a> }
            MatchSingleton { value: ConstantValue<'a> }
            MatchSequence { patterns: &'a [Pattern<'a>] }
            MatchMapping { keys: &'a [Expr<'a>], patterns: &'a [Pattern<'a>], rest: Option<Identifier<'a>> }
            MatchClass {
                cls: Expr<'a>,
                patterns: &'a [Pattern<'a>],
                kwd_attrs: &'a [Identifier<'a>],
                kwd_patterns: &'a [Pattern<'a>],
            }
            MatchStar { name: Option<Identifier<'a>> }
            MatchAs { pattern: Option<Pattern<'a>>, name: Option<Identifier<'a>> }
            MatchOr { patterns: &'a [Pattern<'a>] }

            TypeIgnore { lineno: i32, tag: WtfStr<'a> }

            TypeVar { name: Identifier<'a>, bound: Option<Expr<'a>>, default_value: Option<Expr<'a>> }
            ParamSpec { name: Identifier<'a>, default_value: Option<Expr<'a>> }
            TypeVarTuple { name: Identifier<'a>, default_value: Option<Expr<'a>> }
        }
    };
}

node_classes!(nodes);

/// An enumeration of Python's singleton node classes, which know their class name.
macro_rules! operators {
    ($($(#[$attribute:meta])* $name:ident { $($variant:ident),* })*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
            pub enum $name {
                $($variant),*
            }

            impl $name {
                /// The name of the class in Python's `ast`.
                pub const fn class(self) -> &'static str {
                    match self {
                        $(Self::$variant => stringify!($variant)),*
                    }
                }
            }
        )*
    };
}

/// Hands the table of the singleton classes to a macro.
#[macro_export]
macro_rules! operator_classes {
    ($with:ident) => {
        $with! {
            /// What is to happen to a name, attribute, item, list or tuple.
            ExprContext { Load, Store, Del }
            BoolOperator { And, Or }
            Operator { Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv }
            UnaryOperator { Invert, Not, UAdd, USub }
            CmpOperator { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn }
        }
    };
}

operator_classes!(operators);
