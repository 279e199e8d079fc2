//! The node classes and their fields, as data: read off the tables of [`pyx_grammar::ast`].
//!
//! The tables give each field a Rust type, which says all that Python shows: `&'a [Stmt<'a>]` is `stmt*`,
//! `Option<Identifier<'a>>` is `identifier?`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A class of nodes.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) name: &'static str,
    /// The abstract class that it derives from; `None` is `AST`.
    pub(super) base: Option<&'static str>,
    pub(super) fields: Vec<Field>,
    /// The concrete classes of an abstract one.
    pub(super) members: Vec<&'static str>,
    /// Whether it is here that `_attributes` says if nodes have locations.
    pub(super) names_attributes: bool,
    pub(super) has_location: bool,
}

/// A field of a node.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// What it holds, in the words of Python's grammar of trees: a class, or `identifier`, `int`, `string`, `constant`.
    pub(super) holds: &'static str,
    pub(super) many: bool,
    pub(super) optional: bool,
}

/// All classes, abstract ones before their members, and the names of all fields.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) classes: Vec<Class>,
    by_name: HashMap<&'static str, usize>,
    pub(super) field_names: Vec<&'static str>,
    by_field_name: HashMap<&'static str, usize>,
}

pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::new);

/// `_attributes` of nodes with a location.
pub(super) const ATTRIBUTES: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

type Rows = Vec<(&'static str, Vec<(&'static str, &'static str)>)>;

/// The rows of `node_classes`: structs, and the types of their fields.
fn structs() -> Rows {
    macro_rules! rows {
        ($($(#[$attribute:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {
            vec![$((stringify!($name), vec![$((stringify!($field), stringify!($type))),*])),*]
        };
    }
    pyx_grammar::node_classes!(rows)
}

/// The rows of `node_families`: the type of the family, and its classes with the structs of their fields.
fn families() -> Rows {
    macro_rules! rows {
        ($($(#[$attribute:meta])* $owner:ident $kind:ident {
            $($variant:ident($node:ident)),*; $($unit:ident),*
        })*) => {
            vec![$((
                stringify!($owner),
                vec![$((stringify!($variant), stringify!($node)),)* $((stringify!($unit), ""),)*],
            )),*]
        };
    }
    pyx_grammar::node_families!(rows)
}

/// The rows of `operator_classes`: the type of the family, and its classes.
fn operators() -> Vec<(&'static str, Vec<&'static str>)> {
    macro_rules! rows {
        ($($(#[$attribute:meta])* $name:ident { $($variant:ident),* })*) => {
            vec![$((stringify!($name), vec![$(stringify!($variant)),*])),*]
        };
    }
    pyx_grammar::operator_classes!(rows)
}

/// What a Rust type of the tree is called in Python.
fn python_name(rust: &str) -> &'static str {
    match rust {
        "Identifier" => "identifier",
        "WtfStr" => "string",
        "ConstantValue" => "constant",
        "bool" | "i32" => "int",
        "ExprContext" => "expr_context",
        "BoolOperator" => "boolop",
        "Operator" => "operator",
        "UnaryOperator" => "unaryop",
        "CmpOperator" => "cmpop",
        "Stmt" => "stmt",
        "Expr" => "expr",
        "Pattern" => "pattern",
        "TypeParam" => "type_param",
        "Comprehension" => "comprehension",
        "ExceptHandler" => "excepthandler",
        "Arguments" => "arguments",
        "Arg" => "arg",
        "Keyword" => "keyword",
        "Alias" => "alias",
        "WithItem" => "withitem",
        "MatchCase" => "match_case",
        "TypeIgnore" => "type_ignore",
        _ => unreachable!("no field of a tree has the type {rust}"),
    }
}

impl Field {
    fn new(owner: &str, name: &'static str, rust: &'static str) -> Self {
        // How a type is spaced is the compiler's affair.
        let rust: String = rust.split_whitespace().collect();
        let (many, rust) = match rust.strip_prefix("&'a[") {
            Some(inner) => (true, inner.trim_end_matches(']')),
            None => (false, &*rust),
        };
        let (optional, rust) = match rust.strip_prefix("Option<") {
            Some(inner) => (true, inner.strip_suffix('>').unwrap_or(inner)),
            None => (false, rust),
        };
        let rust = rust.trim_start_matches("&'a").trim_end_matches("<'a>");
        // The tree has 0 where Python may have None.
        let optional = optional || (owner, name) == ("ImportFrom", "level");
        Self { name: name.trim_end_matches('_'), holds: python_name(rust), many, optional }
    }

    /// `expr* body`
    fn declaration(&self) -> String {
        let mark = match (self.many, self.optional) {
            (true, true) => "?*",
            (true, false) => "*",
            (false, true) => "?",
            (false, false) => "",
        };
        format!("{}{mark} {}", self.holds, self.name)
    }
}

impl Class {
    fn new(name: &'static str, base: Option<&'static str>, fields: Vec<Field>) -> Self {
        Self {
            name,
            base,
            fields,
            members: Vec::new(),
            names_attributes: base.is_none(),
            has_location: false,
        }
    }

    /// Whether nodes with a location must say where they end.
    pub(super) fn needs_end(&self) -> bool {
        matches!(self.name, "pattern" | "type_param")
    }

    /// `Name(identifier id, expr_context ctx)`, or the list of what an abstract class stands for.
    pub(super) fn declaration(&self, schema: &Schema) -> String {
        if !self.members.is_empty() {
            let members: Vec<_> = self.members.iter().map(|name| schema.class(name)).collect();
            let plain = members.iter().all(|member| member.fields.is_empty());
            // The bars stand below each other, unless the classes have no fields.
            let bar = if plain { " | ".to_owned() } else { format!("\n{} | ", " ".repeat(self.name.len())) };
            let members: Vec<_> = members.iter().map(|member| member.declaration(schema)).collect();
            return format!("{} = {}", self.name, members.join(&bar));
        }
        if self.fields.is_empty() {
            return self.name.to_owned();
        }
        let fields: Vec<_> = self.fields.iter().map(Field::declaration).collect();
        format!("{}({})", self.name, fields.join(", "))
    }
}

impl Schema {
    fn new() -> Self {
        let structs = structs();
        let fields = |class: &'static str, rust: &str| -> Vec<Field> {
            let row = structs.iter().find(|(name, _)| *name == rust);
            row.map_or(&[][..], |(_, fields)| fields)
                .iter()
                .filter(|(_, rust)| *rust != "Loc")
                .map(|(name, rust)| Field::new(class, name, rust))
                .collect()
        };
        let mut classes = Vec::new();
        let mut family = |base: &'static str, has_location: bool, members: &[(&'static str, &str)]| {
            let members =
                members.iter().map(|&(name, rust)| Class::new(name, Some(base), fields(name, rust)));
            let members: Vec<_> = members.collect();
            classes.push(Class {
                members: members.iter().map(|member| member.name).collect(),
                has_location,
                ..Class::new(base, None, Vec::new())
            });
            classes.extend(members);
        };
        let alone = |names: &[&'static str]| names.iter().map(|&name| (name, name)).collect::<Vec<_>>();
        family("mod", false, &alone(&["Module", "Interactive", "Expression", "FunctionType"]));
        for (rust, members) in families() {
            family(python_name(rust), true, &members);
        }
        for (rust, members) in operators() {
            family(python_name(rust), false, &members.iter().map(|&name| (name, "")).collect::<Vec<_>>());
        }
        family("excepthandler", true, &alone(&["ExceptHandler"]));
        family("type_ignore", false, &alone(&["TypeIgnore"]));
        for (name, rust, has_location) in [
            ("comprehension", "Comprehension", false),
            ("arguments", "Arguments", false),
            ("arg", "Arg", true),
            ("keyword", "Keyword", true),
            ("alias", "Alias", true),
            ("withitem", "WithItem", false),
            ("match_case", "MatchCase", false),
        ] {
            classes.push(Class { has_location, ..Class::new(name, None, fields(name, rust)) });
        }
        let by_name = classes.iter().enumerate().map(|(index, class)| (class.name, index)).collect();
        let mut field_names: Vec<&'static str> = ATTRIBUTES.to_vec();
        for field in classes.iter().flat_map(|class| &class.fields) {
            if !field_names.contains(&field.name) {
                field_names.push(field.name);
            }
        }
        let by_field_name = field_names.iter().enumerate().map(|(index, name)| (*name, index)).collect();
        Self { classes, by_name, field_names, by_field_name }
    }

    /// The number of a class.
    pub(super) fn index(&self, name: &str) -> usize {
        self.by_name[name]
    }

    pub(super) fn class(&self, name: &str) -> &Class {
        &self.classes[self.index(name)]
    }

    /// The number of a field name.
    pub(super) fn field_index(&self, name: &str) -> usize {
        self.by_field_name[name]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_read_as_in_python() {
        let check = |name: &str, expected: &str| {
            assert_eq!(SCHEMA.class(name).declaration(&SCHEMA), expected);
        };
        check("Name", "Name(identifier id, expr_context ctx)");
        check("Dict", "Dict(expr?* keys, expr* values)");
        check("ImportFrom", "ImportFrom(identifier? module, alias* names, int? level)");
        check("arg", "arg(identifier arg, expr? annotation, string? type_comment)");
        check("Pass", "Pass");
        check("boolop", "boolop = And | Or");
        check("TryStar", "TryStar(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)");
        assert!(SCHEMA.class("mod").declaration(&SCHEMA).contains("\n    | Interactive(stmt* body)"));
    }
}
