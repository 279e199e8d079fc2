//! The builtin types: one file each, a [`TypeDef`](crate::native::TypeDef) table and then its functions.

pub mod async_generator;
pub mod bool_;
pub mod bound_method;
pub(crate) mod byte_string;
pub mod bytearray;
pub mod bytes;
pub mod bytes_iterator;
pub mod cell;
pub mod classmethod;
pub mod code;
pub mod complex;
pub mod constructor;
pub mod counter;
pub mod default_dict;
pub mod dict;
pub mod dict_iterator;
pub mod dict_view;
pub mod enumerate;
pub mod exception;
pub mod filter;
pub mod float;
pub mod frame;
pub mod function;
pub mod generator;
pub mod generic_alias;
pub mod getset;
pub mod int;
pub mod iterator;
pub(crate) mod key;
pub mod list;
pub mod list_iterator;
pub mod map;
pub mod mappingproxy;
pub mod memoryview;
pub mod method_descriptor;
pub mod module;
pub mod namespace;
pub mod native_function;
mod numeral;
pub mod object;
pub mod ordered_dict;
mod percent;
pub mod property;
pub mod range;
pub mod reduce;
pub mod reversed;
pub(crate) mod searched;
pub mod sequence;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod staticmethod;
pub mod str_;
pub mod str_iterator;
pub mod structseq;
pub mod super_;
pub mod template;
pub mod thread_local;
pub mod traceback;
pub mod tuple;
pub mod tuple_iterator;
pub mod type_;
pub mod typing;
pub mod union;
pub mod weakproxy;
pub mod weakref;
pub mod wrapper;
pub mod zip;

use crate::value::Owned;

/// Lists the classes of the core: the field of [`Types`], and the table it is made from.
macro_rules! builtin_types {
    ($($field:ident: $def:path;)*) => {
        /// The class objects of the core.
        #[allow(missing_docs, reason = "each field is named as its class")]
        pub struct Types { $(pub $field: Owned,)* }

        impl Types {
            /// The classes, from a function that makes each from its table.
            pub(crate) fn new<E>(
                make: impl FnMut(&'static crate::native::TypeDef) -> Result<Owned, E>,
            ) -> Result<Self, E> {
                // A loop: one call after the other would be many pages of code.
                let tables: &[&'static crate::native::TypeDef] = &[$(&$def,)*];
                let made: Vec<Owned> = tables.iter().copied().map(make).collect::<Result<_, E>>()?;
                let Ok([$($field,)*]) = <[Owned; _]>::try_from(made) else { unreachable!("one of each table") };
                Ok(Self { $($field,)* })
            }

            /// Calls `each` with the name and class of everything that `builtins` shows.
            pub(crate) fn for_each_builtin<E>(
                &self,
                each: &mut dyn FnMut(&str, Owned) -> Result<(), E>,
            ) -> Result<(), E> {
                const SHOWN: &[&str] = &[
                    "object", "type", "int", "bool", "float", "complex", "str", "bytes", "bytearray", "memoryview", "list",
                    "tuple", "dict", "set", "frozenset", "range", "slice", "property", "staticmethod", "classmethod",
                    "super", "enumerate", "zip", "map", "filter", "reversed",
                ];
                $(if SHOWN.contains(&$def.name) {
                    each($def.name, self.$field.clone())?;
                })*
                Ok(())
            }
        }
    };
}

builtin_types! {
    object: object::OBJECT;
    type_: type_::TYPE;
    none_type: singletons::NONE_TYPE;
    ellipsis: singletons::ELLIPSIS;
    not_implemented_type: singletons::NOT_IMPLEMENTED_TYPE;
    int: int::INT;
    bool: bool_::BOOL;
    float: float::FLOAT;
    complex: complex::COMPLEX;
    str: str_::STR;
    list: list::LIST;
    tuple: tuple::TUPLE;
    dict: dict::DICT;
    bytes: bytes::BYTES;
    bytearray: bytearray::BYTEARRAY;
    memoryview: memoryview::MEMORYVIEW;
    native_function: native_function::NATIVE_FUNCTION;
    method_descriptor: method_descriptor::METHOD_DESCRIPTOR;
    class_method_descriptor: method_descriptor::CLASS_METHOD_DESCRIPTOR;
    bound_method: bound_method::BOUND_METHOD;
    module: module::MODULE;
    simple_namespace: namespace::SIMPLE_NAMESPACE;
    wrapper_descriptor: wrapper::WRAPPER_DESCRIPTOR;
    method_wrapper: wrapper::METHOD_WRAPPER;
    getset_descriptor: getset::GETSET_DESCRIPTOR;
    member_descriptor: getset::MEMBER_DESCRIPTOR;
    static_method: staticmethod::STATIC_METHOD;
    class_method: classmethod::CLASS_METHOD;
    mapping_proxy: mappingproxy::MAPPING_PROXY;
    weak_reference: weakref::REFERENCE;
    set: set::SET;
    frozenset: set::FROZENSET;
    range: range::RANGE;
    slice: slice::SLICE;
    enumerate: enumerate::ENUMERATE;
    zip: zip::ZIP;
    map: map::MAP;
    filter: filter::FILTER;
    reversed: reversed::REVERSED;
    list_iterator: list_iterator::LIST_ITERATOR;
    list_reverse_iterator: list_iterator::LIST_REVERSE_ITERATOR;
    tuple_iterator: tuple_iterator::TUPLE_ITERATOR;
    str_iterator: str_iterator::STR_ITERATOR;
    str_ascii_iterator: str_iterator::STR_ASCII_ITERATOR;
    bytes_iterator: bytes_iterator::BYTES_ITERATOR;
    bytearray_iterator: bytes_iterator::BYTEARRAY_ITERATOR;
    range_iterator: range::RANGE_ITERATOR;
    long_range_iterator: range::LONG_RANGE_ITERATOR;
    dict_keys: dict_view::DICT_KEYS;
    dict_values: dict_view::DICT_VALUES;
    dict_items: dict_view::DICT_ITEMS;
    dict_key_iterator: dict_iterator::DICT_KEY_ITERATOR;
    dict_value_iterator: dict_iterator::DICT_VALUE_ITERATOR;
    dict_item_iterator: dict_iterator::DICT_ITEM_ITERATOR;
    dict_reverse_key_iterator: dict_iterator::DICT_REVERSE_KEY_ITERATOR;
    dict_reverse_value_iterator: dict_iterator::DICT_REVERSE_VALUE_ITERATOR;
    dict_reverse_item_iterator: dict_iterator::DICT_REVERSE_ITEM_ITERATOR;
    set_iterator: set::SET_ITERATOR;
    sequence_iterator: iterator::SEQUENCE_ITERATOR;
    callable_iterator: iterator::CALLABLE_ITERATOR;
    super_: super_::SUPER;
    property: property::PROPERTY;
    function: function::FUNCTION;
    code: code::CODE;
    cell: cell::CELL;
    frame: frame::FRAME;
    traceback: traceback::TRACEBACK;
    generator: generator::GENERATOR;
    coroutine: generator::COROUTINE;
    async_generator: async_generator::ASYNC_GENERATOR;
}
