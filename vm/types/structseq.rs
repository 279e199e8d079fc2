//! Struct sequences: tuples whose items have names, such as `sys.flags` and `os.stat_result`.
//!
//! A struct sequence is a tuple of its *visible* fields. The last of them may be *unnamed*: they are reached by their index
//! only. *Hidden* fields come after them; they have names, but are not among the items. Hidden values lie in slots
//! behind the items, where nothing but the fields' descriptors finds them.
//!
//! [`struct_sequence!`](crate::struct_sequence) declares a type, [`Thread::struct_sequence`] makes an instance.

use crate::arguments::{Args, Bound};
use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::heap::instance;
use crate::native::*;
use crate::signature;
use crate::text::wtf8::TextBuf;
use crate::types::sequence::push_repr;
use crate::types::tuple::TUPLE;
use crate::types::type_::payload_of;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// How many fields of each sort a struct sequence has.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The items of the tuple.
    pub visible: usize,
    /// The last of the visible ones, which have no name.
    pub unnamed: usize,
    /// Those behind the items.
    pub hidden: usize,
}

impl Fields {
    /// All of them.
    const fn count(self) -> usize {
        self.visible + self.hidden
    }
}

/// What a struct sequence may be besides.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Python cannot make instances.
    pub no_new: bool,
    /// The type belongs to the core: it is immutable, and has no `__module__` of its own.
    pub builtin: bool,
}

impl Options {
    /// None of them.
    pub const NONE: Self = Self { no_new: false, builtin: false };
}

/// Declares the type of a struct sequence:
///
/// ```ignore
/// struct_sequence! {
///     /// The size of a terminal.
///     pub(crate) static TERMINAL_SIZE: "os", "terminal_size", "A terminal's size in characters.";
///     visible { columns: "its width", lines: "its height" }
/// }
/// ```
///
/// `unnamed N` and `hidden { … }` may follow; [`Options`] may follow the docstring.
#[macro_export]
macro_rules! struct_sequence {
    (
        $(#[$meta:meta])*
        $vis:vis static $static:ident: $module:literal, $name:literal, $doc:literal $(, $option:ident)*;
        visible { $($field:ident: $field_doc:literal),* $(,)? }
        $(unnamed $unnamed:literal)?
        $(hidden { $($hidden:ident: $hidden_doc:literal),* $(,)? })?
    ) => {
        $(#[$meta])*
        $vis static $static: $crate::native::TypeDef = {
            use $crate::native::GetSet;
            use $crate::types::structseq::{self, Fields, Options};
            #[allow(non_camel_case_types, dead_code, clippy::upper_case_acronyms, reason = "numbers the fields")]
            enum Visible { $($field,)* Count__ }
            #[allow(non_camel_case_types, dead_code, clippy::upper_case_acronyms, reason = "numbers the fields")]
            enum Hidden { $($($hidden,)*)? Count__ }
            static GETSET: &[GetSet] = &[
                $(structseq::item::<{ Visible::$field as usize }>(stringify!($field), $field_doc),)*
                $($(structseq::hidden_item::<{ Hidden::$hidden as usize }>(stringify!($hidden), $hidden_doc),)*)?
            ];
            let unnamed = 0 $(+ $unnamed)?;
            let visible = Visible::Count__ as usize + unnamed;
            let fields = Fields { visible, unnamed, hidden: Hidden::Count__ as usize };
            #[allow(unused_mut, reason = "many have no options")]
            let mut options = Options::NONE;
            $(options.$option = true;)*
            structseq::type_def($module, $name, $doc, GETSET, fields, options)
        };
    };
}

/// The table of a struct sequence; see [`struct_sequence!`](crate::struct_sequence).
#[doc(hidden)]
pub const fn type_def(
    module: &'static str,
    name: &'static str,
    doc: &'static str,
    getset: &'static [GetSet],
    fields: Fields,
    Options { no_new, builtin }: Options,
) -> TypeDef {
    TypeDef {
        module,
        base: Some(&TUPLE),
        flags: TypeFlags { no_new, solid: true, mutable: !builtin, ..TypeFlags::NONE },
        doc,
        methods: METHODS,
        getset,
        attributes: if builtin { ATTRIBUTES.split_at(1).1 } else { ATTRIBUTES },
        slots: Slots { new: if no_new { None } else { Some(new) }, repr: Some(repr), ..Slots::NONE },
        fields: Some(fields),
        ..TypeDef::new::<Tuple>(name)
    }
}

/// The descriptor of a visible field.
#[doc(hidden)]
pub const fn item<const INDEX: usize>(name: &'static str, doc: &'static str) -> GetSet {
    member(name, |_, this| Ok(visible(this).get(INDEX).map_or_else(Owned::none, Ref::own)), doc)
}

/// The descriptor of a hidden field.
#[doc(hidden)]
pub const fn hidden_item<const INDEX: usize>(name: &'static str, doc: &'static str) -> GetSet {
    member(name, |_, this| Ok(hidden(this, INDEX)), doc)
}

static METHODS: &[MethodDef] = &[
    method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the sequence from."),
    method("__replace__($self, /, **changes)", Raw(replace), "A copy with some fields changed."),
];

/// Those of the core do without the first.
const ATTRIBUTES: &[ClassAttribute] = &[
    MODULE,
    ClassAttribute { name: "n_sequence_fields", make: |vm, class| vm.size(fields_of(class).visible) },
    ClassAttribute { name: "n_fields", make: |vm, class| vm.size(fields_of(class).count()) },
    ClassAttribute { name: "n_unnamed_fields", make: |vm, class| vm.size(fields_of(class).unnamed) },
    ClassAttribute { name: "__match_args__", make: match_args },
];

impl Thread {
    /// A struct sequence of all fields, the hidden ones last. Hidden fields may be left out: they are None then.
    pub fn struct_sequence(&self, def: &'static TypeDef, items: &[Owned]) -> PyResult {
        make(self, self.class_of(def)?.borrow(), items)
    }
}

fn make(vm: &Thread, class: Ref<'_>, items: &[Owned]) -> PyResult {
    let (visible, hidden) = items.split_at(fields_of(class).visible);
    let object = vm.tuple_of_class(class, visible)?;
    for index in 0..fields_of(class).hidden {
        let value = hidden.get(index).cloned().unwrap_or_else(Owned::none);
        if let Some(slot) = instance::fixed_slot(object.borrow(), index as u32) {
            slot.set(value);
        }
    }
    Ok(object)
}

fn fields_of(class: Ref<'_>) -> Fields {
    payload_of(class).def.0.fields.expect("the class of a struct sequence")
}

/// The names of the fields, unnamed ones left out.
fn names_of(class: Ref<'_>) -> impl Iterator<Item = &'static str> {
    payload_of(class).def.0.getset.iter().map(|row| row.name)
}

fn visible(this: Ref<'_>) -> &Tuple {
    this.downcast().expect("a struct sequence is a tuple")
}

fn hidden(this: Ref<'_>, index: usize) -> Owned {
    instance::fixed_slot(this, index as u32).map_or_else(Owned::none, |slot| slot.get_or_none())
}

/// All fields, the hidden ones last.
fn all_items(vm: &Thread, this: Ref<'_>) -> Vec<Owned> {
    let mut items = visible(this).as_slice().to_vec();
    items.extend((0..fields_of(vm.class(this)).hidden).map(|index| hidden(this, index)));
    items
}

fn match_args(vm: &Thread, class: Ref<'_>) -> PyResult {
    let fields = fields_of(class);
    let names = names_of(class).take(fields.visible - fields.unnamed);
    vm.tuple(names.map(|name| vm.intern(name)).collect::<PyResult<_>>()?)
}

/// `T(sequence, dict={})`: the items, hidden ones either behind the visible ones or by name.
pub fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let items = args
        .bind(vm, signature!("structseq(sequence, dict={})"), |arguments| new_items(vm, class, arguments))?;
    make(vm, class, &items)
}

/// The items that the arguments of a constructor give, absent hidden ones as None.
pub fn new_items(vm: &Thread, class: Ref<'_>, arguments: &Bound<'_>) -> PyResult<Vec<Owned>> {
    let fields = fields_of(class);
    let name = || vm.class_name(class);
    let mut items = vm.collect_or(arguments.required(0), "constructor requires a sequence")?;
    let dict = match arguments.optional(1) {
        None => None,
        Some(dict) => match dict.downcast::<Dict>() {
            Some(dict) => Some(dict),
            None => {
                let name = name();
                return Err(vm.type_error(format_args!("{name}() takes a dict as second arg, if any")));
            }
        },
    };
    let (given, least, most) = (items.len(), fields.visible, fields.count());
    if !(least..=most).contains(&given) {
        let (article, bound) = match (least == most, given < least) {
            (true, _) => ("a ", least),
            (false, true) => ("an at least ", least),
            (false, false) => ("an at most ", most),
        };
        let name = name();
        return Err(
            vm.type_error(format_args!("{name}() takes {article}{bound}-sequence ({given}-sequence given)"))
        );
    }
    let mut found = 0;
    for field in names_of(class).skip(given - fields.unnamed) {
        let value = match dict {
            Some(dict) => {
                let field = vm.intern(field)?;
                dict.table.get(vm, field.borrow(), vm.hash(field.borrow())?)?
            }
            None => None,
        };
        found += usize::from(value.is_some());
        items.push(value.unwrap_or_else(Owned::none));
    }
    if dict.is_some_and(|dict| dict.table.len() > found) {
        let name = name();
        return Err(vm.type_error(format_args!("{name}() got duplicate or unexpected field name(s)")));
    }
    Ok(items)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.check_stack()?;
    let class = vm.class(this);
    let mut text = TextBuf::from(&*vm.class_name(class));
    let mut separator = "(";
    for (name, item) in names_of(class).zip(visible(this).as_slice()) {
        text.push_str(separator);
        text.push_str(name);
        text.push_str("=");
        push_repr(vm, &mut text, item.borrow())?;
        separator = ", ";
    }
    text.push_str(")");
    vm.text(text.as_text())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class(this);
    let fields = fields_of(class);
    let items = vm.tuple(visible(this).as_slice().to_vec())?;
    let dict = vm.dict()?;
    for (index, name) in names_of(class).skip(fields.visible - fields.unnamed).enumerate() {
        vm.set_item(dict.borrow(), vm.intern(name)?.borrow(), Some(hidden(this, index).borrow()))?;
    }
    vm.pair(class.own(), vm.pair(items, dict)?)
}

fn replace(vm: &Thread, args: &Args<'_>) -> PyResult {
    let &[this] = args.positional() else {
        return Err(vm.type_error("__replace__() takes no positional arguments"));
    };
    let class = vm.class(this);
    let fields = fields_of(class);
    if fields.unnamed > 0 {
        let name = vm.class_name(class);
        return Err(vm.type_error(format_args!(
            "__replace__() is not supported for {name} because it has unnamed field(s)"
        )));
    }
    let mut items = all_items(vm, this);
    let mut unexpected = Vec::new();
    for (keyword, value) in args.keywords() {
        let text = keyword.downcast::<Str>().and_then(Str::as_str);
        match names_of(class).position(|name| Some(name) == text) {
            Some(index) => items[index] = value.own(),
            None => unexpected.push(keyword.own()),
        }
    }
    if !unexpected.is_empty() {
        let names = vm.repr_string(vm.list(unexpected)?.borrow())?;
        return Err(vm.type_error(format_args!("Got unexpected field name(s): {names}")));
    }
    make(vm, class, &items)
}
