//! The tree seen from outside: any node as a class name, a location, and fields with names.
//!
//! Who converts or prints trees needs no match over ninety classes: a [`Value`] is whatever a field can hold, and
//! [`Value::node`] opens it if it is a node.

use crate::ast::*;

/// The fields of a node, in the order of Python's `_fields`.
pub trait Fields<'a> {
    /// Calls `visit` with the name and value of each field. A location is passed as [`Value::Location`].
    fn each_field(&self, visit: &mut dyn FnMut(&'static str, Value<'a>));
}

macro_rules! values {
    ($($(#[$attribute:meta])* $variant:ident($type:ty)),* $(,)?) => {
        /// What a field holds.
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs, reason = "the variants are named for what they hold")]
        pub enum Value<'a> {
            /// An optional field that is absent.
            None,
            List(List<'a>),
            $($(#[$attribute])* $variant($type),)*
        }

        /// A list of values of one kind.
        #[derive(Clone, Copy, Debug)]
        #[allow(missing_docs, reason = "the variants are named for what they list")]
        pub enum List<'a> {
            /// Of values that may be absent: the keys of a dict display, the defaults of keyword-only parameters.
            Optional(&'a [Option<Expr<'a>>]),
            $($variant(&'a [$type]),)*
        }

        impl<'a> List<'a> {
            /// The number of items.
            pub const fn len(&self) -> usize {
                match self {
                    Self::Optional(items) => items.len(),
                    $(Self::$variant(items) => items.len(),)*
                }
            }

            /// Whether there are no items.
            pub const fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// An item.
            pub fn get(&self, index: usize) -> Value<'a> {
                match self {
                    Self::Optional(items) => items[index].into(),
                    $(Self::$variant(items) => items[index].into(),)*
                }
            }
        }

        $(
            impl<'a> From<$type> for Value<'a> {
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }

            impl<'a> From<&'a [$type]> for Value<'a> {
                fn from(items: &'a [$type]) -> Self {
                    Self::List(List::$variant(items))
                }
            }
        )*
    };
}

values! {
    /// A singleton class, by its name: an operator or a context.
    Singleton(&'static str),
    Operators(CmpOperator),
    String(WtfStr<'a>),
    Int(i32),
    Constant(ConstantValue<'a>),
    Location(Loc),
    Stmt(Stmt<'a>),
    Expr(Expr<'a>),
    Pattern(Pattern<'a>),
    TypeParam(TypeParam<'a>),
    Comprehension(Comprehension<'a>),
    ExceptHandler(ExceptHandler<'a>),
    Arguments(&'a Arguments<'a>),
    Arg(Arg<'a>),
    Keyword(Keyword<'a>),
    Alias(Alias<'a>),
    WithItem(WithItem<'a>),
    MatchCase(MatchCase<'a>),
    TypeIgnore(TypeIgnore<'a>),
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl<'a> From<&'a [Option<Expr<'a>>]> for Value<'a> {
    fn from(items: &'a [Option<Expr<'a>>]) -> Self {
        Self::List(List::Optional(items))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Int(i32::from(value))
    }
}

macro_rules! singletons {
    ($($type:ident),*) => {
        $(impl From<$type> for Value<'_> {
            fn from(value: $type) -> Self {
                Self::Singleton(value.class())
            }
        })*
    };
}

singletons! { ExprContext, BoolOperator, Operator, UnaryOperator }

/// A node, opened.
#[derive(Debug)]
pub struct Node<'a> {
    /// The name of its class in Python's `ast`.
    pub class: &'static str,
    /// Where it stands, if its class has a location.
    pub loc: Option<Loc>,
    /// The names and values of its fields.
    pub fields: Vec<(&'static str, Value<'a>)>,
}

impl<'a> Node<'a> {
    fn new(class: &'static str, loc: Option<Loc>, node: &dyn Fields<'a>) -> Self {
        let mut fields = Vec::new();
        node.each_field(&mut |name, value| {
            if !matches!(value, Value::Location(_)) {
                // `type_`: the name that Rust does not allow.
                fields.push((name.trim_end_matches('_'), value));
            }
        });
        Self { class, loc, fields }
    }

    /// The root of a tree.
    pub fn root(root: Mod<'a>) -> Self {
        match root {
            Mod::Module(node) => Self::new("Module", None, node),
            Mod::Interactive(node) => Self::new("Interactive", None, node),
            Mod::Expression(node) => Self::new("Expression", None, node),
            Mod::FunctionType(node) => Self::new("FunctionType", None, node),
        }
    }
}

impl<'a> Value<'a> {
    /// This value as a node, if it is one. Operators and contexts are nodes without fields.
    pub fn node(&self) -> Option<Node<'a>> {
        Some(match self {
            Self::None
            | Self::List(_)
            | Self::String(_)
            | Self::Int(_)
            | Self::Constant(_)
            | Self::Location(_) => {
                return None;
            }
            Self::Singleton(class) => Node { class, loc: None, fields: Vec::new() },
            Self::Operators(operator) => Node { class: operator.class(), loc: None, fields: Vec::new() },
            Self::Stmt(node) => Node::new(node.class(), Some(node.loc), node),
            Self::Expr(node) => Node::new(node.class(), Some(node.loc), node),
            Self::Pattern(node) => Node::new(node.class(), Some(node.loc), node),
            Self::TypeParam(node) => Node::new(node.class(), Some(node.loc), node),
            Self::Comprehension(node) => Node::new("comprehension", None, node),
            Self::ExceptHandler(node) => Node::new("ExceptHandler", Some(node.loc), node),
            Self::Arguments(node) => Node::new("arguments", None, *node),
            Self::Arg(node) => Node::new("arg", Some(node.loc), node),
            Self::Keyword(node) => Node::new("keyword", Some(node.loc), node),
            Self::Alias(node) => Node::new("alias", Some(node.loc), node),
            Self::WithItem(node) => Node::new("withitem", None, node),
            Self::MatchCase(node) => Node::new("match_case", None, node),
            Self::TypeIgnore(node) => Node::new("TypeIgnore", None, node),
        })
    }
}
