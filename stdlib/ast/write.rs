//! From the grammar's tree to Python's nodes.

use pyx_grammar::ast::{BigInt, ConstantValue, Mod};
use pyx_grammar::visit::{Node, Value};
use pyx_grammar::{Loc, Locations, Position};
use pyx_vm::exception::PyResult;
use pyx_vm::text::wtf8::Text;
use pyx_vm::value::Owned;
use pyx_vm::vm::Thread;

use super::{State, node, schema};

/// The nodes of a tree.
///
/// `objects` are the values of the constants that the tree only numbers; `optimize` is the level of optimisation, if the tree is
/// to be as the compiler would see it.
pub(crate) fn write(
    vm: &Thread,
    tree: Mod<'_>,
    locations: &Locations<'_>,
    objects: &[Owned],
    optimize: Option<u8>,
) -> PyResult {
    Writer { vm, state: State::of(vm)?, locations, objects, optimize }.node(&Node::root(tree))
}

pub(super) struct Writer<'v, 'l> {
    pub(super) vm: &'v Thread,
    pub(super) state: State,
    locations: &'l Locations<'l>,
    objects: &'l [Owned],
    /// The level of optimisation, if there is to be any.
    pub(super) optimize: Option<u8>,
}

impl Writer<'_, '_> {
    fn node(&self, node: &Node<'_>) -> PyResult {
        if let Some(shared) = self.state.singleton(node.class) {
            return Ok(shared.clone());
        }
        self.vm.check_stack()?;
        let object = node::bare(self.vm, self.state.class(node.class))?;
        for (name, value) in &node.fields {
            let value = match self.optimized_field(node, name, *value)? {
                Some(value) => value,
                None => self.value(*value)?,
            };
            self.vm.set_attr(object.borrow(), self.state.field_name(name), Some(value.borrow()))?;
        }
        if let Some(loc) = node.loc {
            self.locate(&object, loc)?;
        }
        Ok(object)
    }

    pub(super) fn locate(&self, object: &Owned, loc: Loc) -> PyResult<()> {
        self.place(object, self.locations.resolve(loc))
    }

    pub(super) fn place(&self, object: &Owned, place: Position) -> PyResult<()> {
        let values = [place.lineno, place.col_offset, place.end_lineno, place.end_col_offset];
        for (name, value) in schema::ATTRIBUTES.into_iter().zip(values) {
            let value = Owned::small_int(value);
            self.vm.set_attr(object.borrow(), self.state.field_name(name), Some(value.borrow()))?;
        }
        Ok(())
    }

    pub(super) fn value(&self, value: Value<'_>) -> PyResult {
        match value {
            Value::Expr(e) if let Some(object) = self.optimized(e)? => Ok(object),
            Value::None | Value::Location(_) => Ok(Owned::none()),
            Value::List(list) => {
                let items = (0..list.len()).map(|index| self.value(list.get(index)));
                self.vm.list(items.collect::<PyResult<Vec<_>>>()?)
            }
            // Names become keys and are compared by identity.
            Value::String(text) => match text.to_str() {
                Some(text) => self.vm.intern(text),
                None => self.vm.text(Text::trusted(text.as_bytes())),
            },
            Value::Int(number) => Ok(Owned::small_int(number)),
            Value::Constant(constant) => self.constant(constant),
            node => self.node(&node.node().expect("everything else is a node")),
        }
    }

    fn constant(&self, constant: ConstantValue<'_>) -> PyResult {
        let vm = self.vm;
        match constant {
            ConstantValue::None => Ok(Owned::none()),
            ConstantValue::True => Ok(Owned::bool(true)),
            ConstantValue::False => Ok(Owned::bool(false)),
            ConstantValue::Ellipsis => Ok(pyx_vm::value::Ref::ELLIPSIS.own()),
            ConstantValue::Int(value) => vm.int(value),
            ConstantValue::BigInt(BigInt { radix, digits }) => {
                let (digits, radix) = (vm.str(digits)?, Owned::small_int(radix as i32));
                vm.call(vm.types().int.borrow(), &[digits.borrow(), radix.borrow()])
            }
            ConstantValue::Float(value) => vm.float(value),
            ConstantValue::Complex(imaginary) => vm.complex(0.0, imaginary),
            ConstantValue::Str(text) => vm.text(Text::trusted(text.as_bytes())),
            ConstantValue::Bytes(bytes) => vm.bytes(bytes),
            ConstantValue::Object(index) => Ok(self.objects[index as usize].clone()),
        }
    }
}
