//! From Python's nodes to the grammar's tree.
//!
//! Nodes are what has the attributes of a node: programs make them by hand, derive classes from them and leave things out. So
//! every field is asked for, checked, and told of by name where it is wrong.

use pyx_grammar::ast::*;
use pyx_grammar::{Bump, Loc, Position};
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::types::list;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::State;
use super::schema::SCHEMA;

/// What a tree made of nodes refers to.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Where its nodes stand.
    pub(crate) positions: Vec<Position>,
    /// The values of its constants, those that are not of the simple kinds.
    pub(crate) objects: Vec<Owned>,
}

/// The tree of a root node, which must be of this class.
pub(crate) fn read<'a>(
    vm: &Thread,
    node: Ref<'_>,
    class: &'static str,
    arena: &'a Bump,
    tree: &mut Tree,
) -> PyResult<Mod<'a>> {
    let mut reader = Reader { vm, arena, state: State::of(vm)?, tree };
    if !reader.is(node, class)? {
        let got = vm.type_name(node);
        let got = got.rsplit('.').next().unwrap_or_default();
        return Err(vm.type_error(format_args!("expected {class} node, got {got}")));
    }
    let root = match class {
        "Expression" => Mod::Expression(arena.alloc(Build::build(&mut reader, node, class)?)),
        "Interactive" => Mod::Interactive(arena.alloc(Build::build(&mut reader, node, class)?)),
        "FunctionType" => Mod::FunctionType(arena.alloc(Build::build(&mut reader, node, class)?)),
        _ => Mod::Module(arena.alloc(Build::build(&mut reader, node, class)?)),
    };
    super::validate::validate(vm, root, tree)?;
    Ok(root)
}

struct Reader<'v, 'a> {
    vm: &'v Thread,
    arena: &'a Bump,
    state: State,
    tree: &'v mut Tree,
}

/// The field that is being read, for errors.
#[derive(Clone, Copy)]
struct Place {
    class: &'static str,
    field: &'static str,
}

impl Place {
    fn field(self) -> &'static str {
        // `type_`: the name that Rust does not allow.
        self.field.trim_end_matches('_')
    }
}

/// The fields of a class, read from a node.
trait Build<'a>: Sized {
    fn build(reader: &mut Reader<'_, 'a>, node: Ref<'_>, class: &'static str) -> PyResult<Self>;
}

/// What a field holds, read from a node.
trait Take<'a>: Sized {
    /// From a value that is not None.
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, place: Place) -> PyResult<Self>;

    /// From None.
    fn none(reader: &mut Reader<'_, 'a>, place: Place) -> PyResult<Self> {
        let Place { class, .. } = place;
        Err(reader.vm.value_error(format_args!("field '{}' is required for {class}", place.field())))
    }

    /// From None in a list.
    fn none_in_list(reader: &mut Reader<'_, 'a>, place: Place) -> PyResult<Self> {
        Self::none(reader, place)
    }

    /// Where the node has no such attribute.
    fn missing(reader: &mut Reader<'_, 'a>, place: Place) -> PyResult<Self> {
        Err(reader.missing(place.field(), place.class))
    }

    /// From the node that has the field.
    fn of(reader: &mut Reader<'_, 'a>, node: Ref<'_>, place: Place) -> PyResult<Self> {
        match reader.attribute(node, place.field())? {
            None => Self::missing(reader, place),
            Some(value) if value.borrow().is_none() => Self::none(reader, place),
            Some(value) => Self::take(reader, value.borrow(), place),
        }
    }
}

// ---- the classes ----

macro_rules! build {
    ($($(#[$attribute:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        impl<'a> Build<'a> for $name<'a> {
            fn build(reader: &mut Reader<'_, 'a>, node: Ref<'_>, class: &'static str) -> PyResult<Self> {
                Ok(Self { $($field: Take::of(reader, node, Place { class, field: stringify!($field) })?),* })
            }
        }
    )*};
}

pyx_grammar::node_classes!(build);

macro_rules! take_family {
    ($($(#[$attribute:meta])* $owner:ident $kind:ident {
        $($variant:ident($node:ident)),*; $($unit:ident),*
    })*) => {$(
        impl<'a> Take<'a> for $owner<'a> {
            fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
                let family = Self::FAMILY;
                reader.vm.check_stack().map_err(|_| {
                    reader.vm.recursion_error(format_args!(
                        "maximum recursion depth exceeded while traversing '{family}' node"
                    ))
                })?;
                let loc = reader.location(value, family)?;
                let class = reader.member(value, family)?;
                $(if class == stringify!($variant) {
                    let node: $node<'a> = Build::build(reader, value, class)?;
                    return Ok(Self { kind: $kind::$variant(reader.arena.alloc(node)), loc });
                })*
                $(if class == stringify!($unit) {
                    return Ok(Self { kind: $kind::$unit, loc });
                })*
                unreachable!("every class of the family is a variant")
            }

            fn none_in_list(reader: &mut Reader<'_, 'a>, place: Place) -> PyResult<Self> {
                match Self::IN_LIST {
                    Some(what) => Err(reader.vm.value_error(format_args!("None disallowed in {what} list"))),
                    None => Self::none(reader, place),
                }
            }
        }
    )*};
}

pyx_grammar::node_families!(take_family);

/// What Python calls a family of classes.
trait Family {
    const FAMILY: &'static str;
    /// How errors call a list of them, where None among them has an error of its own.
    const IN_LIST: Option<&'static str> = None;
}

impl Family for Stmt<'_> {
    const FAMILY: &'static str = "stmt";
    const IN_LIST: Option<&'static str> = Some("statement");
}

impl Family for Expr<'_> {
    const FAMILY: &'static str = "expr";
    const IN_LIST: Option<&'static str> = Some("expression");
}

impl Family for Pattern<'_> {
    const FAMILY: &'static str = "pattern";
}

impl Family for TypeParam<'_> {
    const FAMILY: &'static str = "type_param";
}

macro_rules! take_operators {
    ($($(#[$attribute:meta])* $name:ident { $($variant:ident),* })*) => {$(
        impl<'a> Take<'a> for $name {
            fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, place: Place) -> PyResult<Self> {
                let class = reader.member(value, reader.holds(place))?;
                $(if class == stringify!($variant) {
                    return Ok(Self::$variant);
                })*
                unreachable!("every class of the family is a variant")
            }
        }
    )*};
}

pyx_grammar::operator_classes!(take_operators);

/// Classes without variants: whatever has the attributes will do.
macro_rules! take_products {
    ($($name:ident = $class:literal;)*) => {$(
        impl<'a> Take<'a> for $name<'a> {
            fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
                Build::build(reader, value, $class)
            }
        }
    )*};
}

take_products! {
    Comprehension = "comprehension";
    Arg = "arg";
    Keyword = "keyword";
    Alias = "alias";
    WithItem = "withitem";
    MatchCase = "match_case";
}

impl<'a> Take<'a> for &'a Arguments<'a> {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
        let node: Arguments<'a> = Build::build(reader, value, "arguments")?;
        Ok(reader.arena.alloc(node))
    }
}

impl<'a> Take<'a> for ExceptHandler<'a> {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
        let class = reader.member(value, "excepthandler")?;
        Build::build(reader, value, class)
    }
}

impl<'a> Take<'a> for TypeIgnore<'a> {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
        let class = reader.member(value, "type_ignore")?;
        Build::build(reader, value, class)
    }
}

// ---- what is not a node ----

impl<'a, T: Take<'a>> Take<'a> for Option<T> {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, place: Place) -> PyResult<Self> {
        T::take(reader, value, place).map(Some)
    }
    fn none(_: &mut Reader<'_, 'a>, _: Place) -> PyResult<Self> {
        Ok(None)
    }
    fn missing(_: &mut Reader<'_, 'a>, _: Place) -> PyResult<Self> {
        Ok(None)
    }
}

impl<'a, T: Take<'a> + Copy> Take<'a> for &'a [T] {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, place: Place) -> PyResult<Self> {
        let Place { class, .. } = place;
        let field = place.field();
        let Some(list) = value.downcast::<list::List>() else {
            let got = reader.vm.type_name(value);
            return Err(reader
                .vm
                .type_error(format_args!("{class} field \"{field}\" must be a list, not a {got}")));
        };
        let count = list.items().len();
        let mut items = Vec::with_capacity(count);
        while let Some(item) = list.items().get(items.len()) {
            items.push(match item.borrow().is_none() {
                true => T::none_in_list(reader, place)?,
                false => T::take(reader, item.borrow(), place)?,
            });
            if list.items().len() != count {
                return Err(reader
                    .vm
                    .runtime_error(format_args!("{class} field \"{field}\" changed size during iteration")));
            }
        }
        Ok(reader.arena.alloc_slice_copy(&items))
    }

    fn none(reader: &mut Reader<'_, 'a>, place: Place) -> PyResult<Self> {
        Self::take(reader, Ref::NONE, place)
    }

    fn missing(_: &mut Reader<'_, 'a>, _: Place) -> PyResult<Self> {
        Ok(&[])
    }
}

impl<'a> Take<'a> for WtfStr<'a> {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, place: Place) -> PyResult<Self> {
        let is_exact = reader.vm.class(value).is(reader.vm.types().str.borrow());
        match value.downcast::<Str>().filter(|_| is_exact) {
            Some(text) => Ok(WtfStr::from_bytes(reader.arena.alloc_slice_copy(text.as_bytes()))),
            None => {
                let what = reader.holds(place);
                Err(reader.vm.type_error(format_args!("AST {what} must be of type str")))
            }
        }
    }
}

/// Numbers that may be left out are 0.
fn is_optional(place: Place) -> bool {
    let fields = &SCHEMA.class(place.class).fields;
    fields.iter().any(|field| field.name == place.field() && field.optional)
}

impl<'a> Take<'a> for i32 {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
        reader.int(value)
    }
    fn none(reader: &mut Reader<'_, 'a>, place: Place) -> PyResult<Self> {
        if is_optional(place) { Ok(0) } else { reader.int(Ref::NONE) }
    }
    fn missing(reader: &mut Reader<'_, 'a>, place: Place) -> PyResult<Self> {
        if is_optional(place) { Ok(0) } else { Err(reader.missing(place.field(), place.class)) }
    }
}

impl<'a> Take<'a> for bool {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
        reader.int(value).map(|number| number != 0)
    }
    fn none(reader: &mut Reader<'_, 'a>, _: Place) -> PyResult<Self> {
        reader.int(Ref::NONE).map(|number| number != 0)
    }
}

impl<'a> Take<'a> for ConstantValue<'a> {
    fn take(reader: &mut Reader<'_, 'a>, value: Ref<'_>, _: Place) -> PyResult<Self> {
        Ok(reader.constant(value))
    }
    fn none(_: &mut Reader<'_, 'a>, _: Place) -> PyResult<Self> {
        Ok(ConstantValue::None)
    }
}

impl<'a> Take<'a> for Loc {
    fn take(_: &mut Reader<'_, 'a>, _: Ref<'_>, _: Place) -> PyResult<Self> {
        unreachable!("a location is read from several attributes")
    }
    fn of(reader: &mut Reader<'_, 'a>, node: Ref<'_>, place: Place) -> PyResult<Self> {
        let class = SCHEMA.class(place.class).base.unwrap_or(place.class);
        reader.location(node, class)
    }
}

impl<'a> Reader<'_, 'a> {
    fn attribute(&self, node: Ref<'_>, name: &str) -> PyResult<Option<Owned>> {
        self.vm.get_attr_opt(node, self.state.field_name(name))
    }

    fn missing(&self, field: &str, class: &str) -> Raised {
        self.vm.type_error(format_args!("required field \"{field}\" missing from {class}"))
    }

    fn is(&self, node: Ref<'_>, class: &str) -> PyResult<bool> {
        self.vm.is_instance(node, self.state.class(class))
    }

    /// The class of a family that a node is of.
    fn member(&self, node: Ref<'_>, family: &str) -> PyResult<&'static str> {
        let members = &SCHEMA.class(family).members;
        let class = self.vm.class(node);
        if let Some(name) = members.iter().find(|name| self.state.class(name).is(class)) {
            return Ok(name);
        }
        for name in members {
            if self.is(node, name)? {
                return Ok(name);
            }
        }
        let got = self.vm.repr_string(node)?;
        Err(self.vm.type_error(format_args!("expected some sort of {family}, but got {got}")))
    }

    /// What Python calls that which a field holds.
    fn holds(&self, place: Place) -> &'static str {
        let fields = &SCHEMA.class(place.class).fields;
        fields.iter().find(|field| field.name == place.field()).map_or("identifier", |field| field.holds)
    }

    fn int(&self, value: Ref<'_>) -> PyResult<i32> {
        if !self.vm.is_instance(value, self.vm.types().int.borrow())? {
            let value = self.vm.repr_string(value)?;
            return Err(self.vm.value_error(format_args!("invalid integer value: {value}")));
        }
        self.vm.to_c_int(value)
    }

    /// The location of a node; where it does not say the end, that is the start.
    fn location(&mut self, node: Ref<'_>, class: &str) -> PyResult<Loc> {
        let required = |name: &str| match self.attribute(node, name)? {
            Some(value) => self.int(value.borrow()),
            None => Err(self.missing(name, class)),
        };
        let optional = |name: &str, default: i32| match self.attribute(node, name)? {
            Some(value) if !value.borrow().is_none() => self.int(value.borrow()),
            _ => Ok(default),
        };
        let (lineno, col_offset) = (required("lineno")?, required("col_offset")?);
        let (end_lineno, end_col_offset) = match SCHEMA.class(class).needs_end() {
            true => (required("end_lineno")?, required("end_col_offset")?),
            false => (optional("end_lineno", lineno)?, optional("end_col_offset", col_offset)?),
        };
        let index = self.tree.positions.len();
        self.tree.positions.push(Position { lineno, col_offset, end_lineno, end_col_offset });
        u32::try_from(index).map(Loc::from_index).map_err(|_| self.vm.memory_error())
    }

    fn constant(&mut self, value: Ref<'_>) -> ConstantValue<'a> {
        let types = self.vm.types();
        let class = self.vm.class(value);
        match value.as_bool() {
            Some(true) => return ConstantValue::True,
            Some(false) => return ConstantValue::False,
            None if value.is_ellipsis() => return ConstantValue::Ellipsis,
            None if value.is_none() => return ConstantValue::None,
            None => {}
        }
        if let Some(int) = value.as_small_int() {
            return ConstantValue::Int(int);
        }
        if class.is(types.float.borrow()) {
            if let Some(float) = pyx_vm::protocol::conversion::float_value(value) {
                return ConstantValue::Float(float);
            }
        }
        match (value.downcast::<Str>(), value.downcast::<Bytes>()) {
            (Some(text), _) if class.is(types.str.borrow()) => {
                ConstantValue::Str(WtfStr::from_bytes(self.arena.alloc_slice_copy(text.as_bytes())))
            }
            (_, Some(bytes)) if class.is(types.bytes.borrow()) => {
                ConstantValue::Bytes(self.arena.alloc_slice_copy(bytes.as_bytes()))
            }
            _ => {
                self.tree.objects.push(value.own());
                ConstantValue::Object(self.tree.objects.len() as u32 - 1)
            }
        }
    }
}

/// Whether a value may be a constant of a program: of a simple class, or a tuple or frozenset of such values.
pub(super) fn check_constant(vm: &Thread, value: Ref<'_>) -> PyResult<()> {
    vm.check_stack()?;
    let types = vm.types();
    let class = vm.class(value);
    if value.is_none() || value.is_ellipsis() || value.as_bool().is_some() {
        return Ok(());
    }
    let simple = [&types.int, &types.float, &types.complex, &types.str, &types.bytes];
    if simple.iter().any(|simple| class.is(simple.borrow())) {
        return Ok(());
    }
    if class.is(types.tuple.borrow()) || class.is(types.frozenset.borrow()) {
        return vm.iterate(value, &mut |item| check_constant(vm, item.borrow()));
    }
    let got = vm.type_name(value);
    let got = got.rsplit('.').next().unwrap_or_default();
    Err(vm.type_error(format_args!("got an invalid type in Constant: {got}")))
}
