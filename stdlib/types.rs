//! `_types`: the classes that Python has no other names for.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::types::generic_alias::GENERIC_ALIAS;
use pyx_vm::types::union::UNION;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

pub(crate) static TYPES: ModuleDef = ModuleDef {
    doc: "The classes of functions, generators, descriptors and others, for the module types.",
    exec: Some(exec),
    ..ModuleDef::new("_types")
};

payload! {
    /// A pointer that an extension in C hands to another one. Here it has a name only.
    struct Capsule: Native {
        name: &'static str,
    }
}

class! { Capsule => CAPSULE; }

static CAPSULE: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    doc: "A pointer that an extension hands to another one.",
    slots: Slots { repr: Some(capsule_repr), ..Slots::NONE },
    ..TypeDef::new::<Capsule>("PyCapsule")
};

/// What a module shows where CPython's has a table of functions for extensions in C.
pub(crate) fn capsule(vm: &Thread, name: &'static str) -> PyResult {
    vm.new_object(Capsule { name })
}

fn capsule_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let name = this.downcast::<Capsule>().map_or("", |capsule| capsule.name);
    vm.str(&format!("<capsule object \"{name}\" at {:#x}>", this.id()))
}

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let types = vm.types();
    let core = [
        ("AsyncGeneratorType", &types.async_generator),
        ("BuiltinFunctionType", &types.native_function),
        ("BuiltinMethodType", &types.native_function),
        ("CellType", &types.cell),
        ("ClassMethodDescriptorType", &types.class_method_descriptor),
        ("CodeType", &types.code),
        ("CoroutineType", &types.coroutine),
        ("EllipsisType", &types.ellipsis),
        ("FrameType", &types.frame),
        ("FunctionType", &types.function),
        ("GeneratorType", &types.generator),
        ("GetSetDescriptorType", &types.getset_descriptor),
        ("LambdaType", &types.function),
        ("MappingProxyType", &types.mapping_proxy),
        ("MemberDescriptorType", &types.member_descriptor),
        ("MethodDescriptorType", &types.method_descriptor),
        ("MethodType", &types.bound_method),
        ("MethodWrapperType", &types.method_wrapper),
        ("ModuleType", &types.module),
        ("NoneType", &types.none_type),
        ("NotImplementedType", &types.not_implemented_type),
        ("SimpleNamespace", &types.simple_namespace),
        ("TracebackType", &types.traceback),
        ("WrapperDescriptorType", &types.wrapper_descriptor),
    ];
    let set = |name: &str, class: Ref<'_>| vm.set_attr(module, vm.intern(name)?.borrow(), Some(class));
    for (name, class) in core {
        set(name, class.borrow())?;
    }
    set("CapsuleType", vm.class_of(&CAPSULE)?.borrow())?;
    set("GenericAlias", vm.class_of(&GENERIC_ALIAS)?.borrow())?;
    set("UnionType", vm.class_of(&UNION)?.borrow())
}
