//! `_ast`: the syntax tree as Python objects.
//!
//! The classes are ordinary Python classes, made from the [`schema`] when the module is first used; only their base `AST` is
//! native ([`node`]). [`write`] turns the grammar's tree into nodes, [`read`] turns nodes, whoever made them, into a tree,
//! and [`validate`] sees to it that the compiler gets no tree that no source text could give.

mod node;
mod optimize;
mod read;
mod schema;
mod validate;
mod write;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) use read::{Tree, read};
pub(crate) use write::write;

/// Flags of `compile()`.
pub(crate) mod flag {
    /// Give a tree, not code.
    pub(crate) const ONLY_AST: u32 = 0x400;
    /// Keep type comments.
    pub(crate) const TYPE_COMMENTS: u32 = 0x1000;
    /// Allow `await` outside of functions.
    pub(crate) const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
    /// Give a tree as the compiler would see it.
    pub(crate) const OPTIMIZED_AST: u32 = 0x8000 | ONLY_AST;
}

pub(crate) static AST: ModuleDef = ModuleDef {
    types: &[&node::NODE],
    exec: Some(|vm, module| {
        let state = State::of(vm)?;
        for (class, object) in schema::SCHEMA.classes.iter().zip(&state.get().classes) {
            vm.set_attr(module, vm.intern(class.name)?.borrow(), Some(object.borrow()))?;
        }
        for (name, value) in [
            ("PyCF_ALLOW_TOP_LEVEL_AWAIT", flag::ALLOW_TOP_LEVEL_AWAIT),
            ("PyCF_ONLY_AST", flag::ONLY_AST),
            ("PyCF_TYPE_COMMENTS", flag::TYPE_COMMENTS),
            ("PyCF_OPTIMIZED_AST", flag::OPTIMIZED_AST),
        ] {
            vm.set_attr(module, vm.intern(name)?.borrow(), Some(vm.int(value.into())?.borrow()))?;
        }
        Ok(())
    }),
    ..ModuleDef::new("_ast")
};

pyx_vm::payload! {
    /// What the module keeps: the classes and what is shared between trees.
    pub struct StateObject: Native {
        /// By the classes' numbers in the schema.
        classes: Box<[Owned]>,
        /// The shared instances of operators and contexts; `None` for the other classes.
        singletons: Box<[Option<Owned>]>,
        /// The names of fields and attributes, by their numbers.
        names: Box<[Owned]>,
    }
}

pyx_vm::class! { StateObject => STATE; }

static STATE: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    ..TypeDef::new::<StateObject>("ast_state")
};

/// Holds on to the module's state.
pub(crate) struct State(Owned);

impl State {
    pub(crate) fn of(vm: &Thread) -> PyResult<Self> {
        vm.singleton(|| make_state(vm)).map(Self)
    }

    fn get(&self) -> &StateObject {
        self.0.borrow().downcast().expect("made by `make_state`")
    }

    fn class(&self, name: &str) -> Ref<'_> {
        self.get().classes[schema::SCHEMA.index(name)].borrow()
    }

    fn singleton(&self, class: &str) -> Option<&Owned> {
        self.get().singletons[schema::SCHEMA.index(class)].as_ref()
    }

    fn field_name(&self, name: &str) -> Ref<'_> {
        self.get().names[schema::SCHEMA.field_index(name)].borrow()
    }
}

/// Makes new nodes of a tree of nodes, which must be sound.
pub(crate) fn remake(vm: &Thread, node: Ref<'_>, root: &'static str) -> PyResult {
    let arena = pyx_grammar::Bump::new();
    let mut parts = Tree::default();
    let tree = read(vm, node, root, &arena, &mut parts)?;
    write(vm, tree, &pyx_grammar::Locations::of_table(&parts.positions), &parts.objects, None)
}

/// Whether an object is a node of a syntax tree.
pub(crate) fn is_node(vm: &Thread, object: Ref<'_>) -> PyResult<bool> {
    let base = vm.class_of(&node::NODE)?;
    vm.is_instance(object, base.borrow())
}

fn make_state(vm: &Thread) -> PyResult<StateObject> {
    let schema = &*schema::SCHEMA;
    let mut classes: Vec<Owned> = Vec::with_capacity(schema.classes.len());
    let mut singletons = Vec::with_capacity(schema.classes.len());
    for class in &schema.classes {
        let base = match class.base {
            Some(base) => classes[schema.index(base)].clone(),
            None => vm.class_of(&node::NODE)?,
        };
        let object = make_class(vm, class, base)?;
        let is_singleton = class.members.is_empty()
            && class.base.is_some_and(|base| {
                matches!(base, "expr_context" | "boolop" | "operator" | "unaryop" | "cmpop")
            });
        singletons.push(match is_singleton {
            true => Some(node::bare(vm, object.borrow())?),
            false => None,
        });
        classes.push(object);
    }
    // Fields may hold nodes of any class, so their types come when all classes are there.
    for (class, object) in schema.classes.iter().zip(&classes) {
        if class.members.is_empty() {
            annotate(vm, class, object.borrow(), &classes)?;
        }
    }
    let names = schema.field_names.iter().map(|name| vm.intern(name)).collect::<PyResult<_>>()?;
    Ok(StateObject { classes: classes.into(), singletons: singletons.into(), names })
}

fn make_class(vm: &Thread, class: &schema::Class, base: Owned) -> PyResult {
    let namespace = vm.dict()?;
    let set = |name: &str, value: PyResult| {
        vm.set_item(namespace.borrow(), vm.intern(name)?.borrow(), Some(value?.borrow()))
    };
    let names = |names: &mut dyn Iterator<Item = &&'static str>| {
        vm.tuple(names.map(|name| vm.intern(name)).collect::<PyResult<_>>()?)
    };
    let fields: Vec<_> = class.fields.iter().map(|field| field.name).collect();
    set("_fields", names(&mut fields.iter()))?;
    set("__match_args__", names(&mut fields.iter()))?;
    set("__module__", vm.intern("ast"))?;
    set("__doc__", vm.str(&class.declaration(&schema::SCHEMA)))?;
    if class.names_attributes {
        let attributes = if class.has_location { &schema::ATTRIBUTES[..] } else { &[] };
        set("_attributes", names(&mut attributes.iter()))?;
    }
    for field in class.fields.iter().filter(|field| field.optional && !field.many) {
        set(field.name, none())?;
    }
    if class.has_location && !class.needs_end() {
        set("end_lineno", none())?;
        set("end_col_offset", none())?;
    }
    let (name, bases) = (vm.intern(class.name)?, vm.tuple(vec![base])?);
    let metaclass = vm.types().type_.borrow();
    vm.call(metaclass, &[name.borrow(), bases.borrow(), namespace.borrow()])
}

/// Gives a class its `_field_types`, which are its annotations too.
fn annotate(vm: &Thread, class: &schema::Class, object: Ref<'_>, classes: &[Owned]) -> PyResult<()> {
    let types = vm.dict()?;
    for field in &class.fields {
        let held = match field.holds {
            "identifier" | "string" => vm.types().str.clone(),
            "int" => vm.types().int.clone(),
            "constant" => vm.types().object.clone(),
            class => classes[schema::SCHEMA.index(class)].clone(),
        };
        let annotation = match (field.many, field.optional) {
            (true, _) => vm.get_item(vm.types().list.borrow(), held.borrow())?,
            (false, true) => {
                vm.binary(pyx_vm::protocol::number::BinaryOp::BitOr, held.borrow(), Ref::NONE)?
            }
            (false, false) => held,
        };
        vm.set_item(types.borrow(), vm.intern(field.name)?.borrow(), Some(annotation.borrow()))?;
    }
    vm.set_attr(object, vm.intern("_field_types")?.borrow(), Some(types.borrow()))?;
    vm.set_attr(object, vm.names().__annotations__.borrow(), Some(types.borrow()))
}
