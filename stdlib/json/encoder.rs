//! Writing JSON: `make_encoder` makes a function from the settings of a JSONEncoder.

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::dict::Dict;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::number::IntRef;
use pyx_vm::number::float_text::Repr;
use pyx_vm::number::int_text::SmallDecimal;
use pyx_vm::protocol::conversion::{float_value, int_value};
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::list::List;
use pyx_vm::types::sequence::push_str;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::string::{self, Plain};

payload! {
    /// An encoder.
    #[allow(clippy::struct_field_names, reason = "the fields are named as the attributes in Python")]
    pub(super) struct Encoder: Native {
        /// A dict of the containers that are being written, by their ids, or None.
        markers: Owned,
        default: Owned,
        encoder: Owned,
        indent: Owned,
        key_separator: Owned,
        item_separator: Owned,
        sort_keys: bool,
        skipkeys: bool,
        allow_nan: bool,
        /// What strings need escapes for, if the encoder is this module's own.
        plain: Option<Plain>,
    }
}

pyx_vm::untraced!(Plain);
class! { Encoder => ENCODER; }

/// Members that are objects.
macro_rules! members {
    ($($name:ident, $doc:literal;)*) => {
        &[
            $(member(stringify!($name), |_, this| Ok(Encoder::of(this).$name.clone()), $doc),)*
            member("sort_keys", |_, this| Ok(Owned::bool(Encoder::of(this).sort_keys)), "Whether keys are sorted."),
            member(
                "skipkeys",
                |_, this| Ok(Owned::bool(Encoder::of(this).skipkeys)),
                "Whether keys that cannot be written are left out.",
            ),
        ]
    };
}

pub(super) static ENCODER: TypeDef = TypeDef {
    module: "_json",
    flags: TypeFlags { mutable: true, ..TypeFlags::NONE },
    doc: "Writes JSON.",
    getset: members! {
        markers, "The containers that are being written.";
        default, "Called with what has no form in JSON.";
        encoder, "Makes the literals of strings.";
        indent, "What lines start with, once for each level; None for a single line.";
        key_separator, "What stands between key and value.";
        item_separator, "What stands between items.";
    },
    attributes: &[MODULE],
    slots: Slots { new: Some(new), call: Some(call), ..Slots::NONE },
    ..TypeDef::new::<Encoder>("Encoder")
};

impl Encoder {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is an encoder")
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let names = signature!(
        "make_encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)"
    );
    args.bind(vm, names, |bound| {
        for (index, place) in [(4, "make_encoder() argument 5"), (5, "make_encoder() argument 6")] {
            vm.str_argument(place, bound.required(index))?;
        }
        let flag = |index: usize| vm.is_true(bound.required(index));
        let (sort_keys, skipkeys, allow_nan) = (flag(6)?, flag(7)?, flag(8)?);
        let markers = bound.required(0);
        if !markers.is_none() && markers.downcast::<Dict>().is_none() {
            let name = vm.type_name(markers);
            return Err(
                vm.type_error(format_args!("make_encoder() argument 1 must be dict or None, not {name}"))
            );
        }
        let own = |index: usize| bound.required(index).own();
        let encoder = Encoder {
            markers: own(0),
            default: own(1),
            encoder: own(2),
            indent: own(3),
            key_separator: own(4),
            item_separator: own(5),
            sort_keys,
            skipkeys,
            allow_nan,
            plain: own_encoder(vm, bound.required(2))?,
        };
        vm.new_object_of(class, encoder)
    })
}

/// Which of this module's functions an encoder is, if it is one of them.
fn own_encoder(vm: &Thread, encoder: Ref<'_>) -> PyResult<Option<Plain>> {
    let module = vm.import_module(&vm.intern("_json")?)?;
    for (name, plain) in [("encode_basestring_ascii", Plain::Ascii), ("encode_basestring", Plain::Unicode)] {
        let function = vm.get_attr_opt(module.borrow(), vm.intern(name)?.borrow())?;
        if function.is_some_and(|function| function.borrow().is(encoder)) {
            return Ok(Some(plain));
        }
    }
    Ok(None)
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("_iterencode(obj, _current_indent_level)"), |bound| {
        let level = vm.to_isize(bound.required(1))?;
        let mut writer = Writer { vm, encoder: Encoder::of(this), out: TextBuf::new() };
        writer.value(bound.required(0), level.max(0) as usize)?;
        vm.tuple_array([vm.text(writer.out.as_text())?])
    })
}

/// One run of an encoder.
struct Writer<'a> {
    vm: &'a Thread,
    encoder: &'a Encoder,
    out: TextBuf,
}

impl Writer<'_> {
    fn value(&mut self, value: Ref<'_>, level: usize) -> PyResult<()> {
        if let Some(text) = constant(value) {
            self.out.push_str(text);
        } else if value.downcast::<Str>().is_some() {
            self.string(value)?;
        } else if int_value(value).is_some() {
            self.int(value)?;
        } else if let Some(float) = float_value(value) {
            self.float(value, float)?;
        } else if value.downcast::<List>().is_some() || value.downcast::<Tuple>().is_some() {
            self.inside(value, |writer| writer.array(value, level))?;
        } else if value.downcast::<Dict>().is_some() {
            self.inside(value, |writer| writer.object(value, level))?;
        } else {
            self.inside(value, |writer| writer.other(value, level))?;
        }
        Ok(())
    }

    /// Writes what may contain other values, which must not contain it again.
    fn inside(&mut self, value: Ref<'_>, write: impl FnOnce(&mut Self) -> PyResult<()>) -> PyResult<()> {
        let vm = self.vm;
        vm.check_stack()?;
        let Some(markers) = self.encoder.markers.borrow().downcast::<Dict>() else { return write(self) };
        let id = vm.uint(value.id())?;
        let hash = vm.hash(id.borrow())?;
        if markers.table().contains(vm, id.borrow(), hash)? {
            return Err(vm.value_error("Circular reference detected"));
        }
        drop(markers.table().insert(vm, id.borrow(), hash, value.own())?);
        write(self)?;
        match markers.table().remove(vm, id.borrow(), hash)? {
            Some(_) => Ok(()),
            None => Err(vm.key_error(id.borrow())),
        }
    }

    fn string(&mut self, value: Ref<'_>) -> PyResult<()> {
        let vm = self.vm;
        if let (Some(plain), Some(text)) = (self.encoder.plain, value.downcast::<Str>()) {
            string::push_literal(&mut self.out, text, plain);
            return Ok(());
        }
        let literal = vm.call(self.encoder.encoder.borrow(), &[value])?;
        if literal.borrow().downcast::<Str>().is_none() {
            let name = vm.type_name(literal.borrow());
            return Err(vm.type_error(format_args!("encoder() must return a string, not {name}")));
        }
        push_str(&mut self.out, literal.borrow());
        Ok(())
    }

    fn int(&mut self, value: Ref<'_>) -> PyResult<()> {
        if let Some(IntRef::Small(small)) = int_value(value) {
            push_ascii(&mut self.out, SmallDecimal::new(small).as_bytes());
            return Ok(());
        }
        push_str(&mut self.out, int_text(self.vm, value)?.borrow());
        Ok(())
    }

    fn float(&mut self, value: Ref<'_>, float: f64) -> PyResult<()> {
        let text = float_text(self.vm, value, float, self.encoder.allow_nan)?;
        self.out.push_str(&text);
        Ok(())
    }

    /// Starts a line at a level.
    fn new_line(&mut self, level: usize) -> PyResult<()> {
        let Some(indent) = self.encoder.indent.borrow().downcast::<Str>() else {
            let name = self.vm.type_name(self.encoder.indent.borrow());
            let message = format_args!("can only concatenate str (not \"{name}\") to str").to_string();
            return Err(self.vm.type_error(message));
        };
        self.out.push_str("\n");
        for _ in 0..level {
            self.out.push_text(indent.text());
        }
        Ok(())
    }

    /// Starts an item of a container whose items are at a level.
    fn separate(&mut self, first: bool, level: usize) -> PyResult<()> {
        if !first {
            push_str(&mut self.out, self.encoder.item_separator.borrow());
        }
        if self.encoder.indent.borrow().is_none() { Ok(()) } else { self.new_line(level) }
    }

    /// Ends a container.
    fn close(&mut self, bracket: &str, level: usize) -> PyResult<()> {
        if !self.encoder.indent.borrow().is_none() {
            self.new_line(level)?;
        }
        self.out.push_str(bracket);
        Ok(())
    }

    fn array(&mut self, value: Ref<'_>, level: usize) -> PyResult<()> {
        let mut index = 0;
        while let Some(item) = item_at(value, index) {
            if index == 0 {
                self.out.push_str("[");
            }
            self.separate(index == 0, level + 1)?;
            self.value(item.borrow(), level + 1)
                .map_err(|raised| self.note(raised, value, Part::Item(index)))?;
            index += 1;
        }
        if index == 0 {
            self.out.push_str("[]");
            return Ok(());
        }
        self.close("]", level)
    }

    fn object(&mut self, value: Ref<'_>, level: usize) -> PyResult<()> {
        let vm = self.vm;
        let Some(dict) = value.downcast::<Dict>().filter(|dict| !dict.table().is_empty()) else {
            self.out.push_str("{}");
            return Ok(());
        };
        self.out.push_str("{");
        let mut first = true;
        if self.encoder.sort_keys || !vm.class(value).is(vm.types().dict.borrow()) {
            let items = vm.call_method(value, &vm.intern("items")?, &[])?;
            let items = vm.list(vm.collect(items.borrow())?)?;
            if self.encoder.sort_keys {
                vm.call_method(items.borrow(), &vm.intern("sort")?, &[])?;
            }
            let mut index = 0;
            while let Some(item) = item_at(items.borrow(), index) {
                let pair = item.borrow().downcast::<Tuple>().map(Tuple::as_slice);
                let Some([key, item]) = pair else {
                    return Err(vm.value_error("items must return 2-tuples"));
                };
                first &= !self.entry(value, key, item, first, level)?;
                index += 1;
            }
        } else {
            let mut position = 0;
            while let Some((key, item)) = dict.table().next(&mut position) {
                first &= !self.entry(value, &key, &item, first, level)?;
            }
        }
        if first {
            // Every key was left out.
            self.out.push_str("}");
            return Ok(());
        }
        self.close("}", level)
    }

    /// Writes a key and its value, unless the key is left out; says whether it did.
    fn entry(
        &mut self,
        dict: Ref<'_>,
        key: &Owned,
        value: &Owned,
        first: bool,
        level: usize,
    ) -> PyResult<bool> {
        let Some(text) = self.key(key.borrow())? else { return Ok(false) };
        self.separate(first, level + 1)?;
        self.string(text.borrow())?;
        push_str(&mut self.out, self.encoder.key_separator.borrow());
        self.value(value.borrow(), level + 1)
            .map_err(|raised| self.note(raised, dict, Part::Key(key.borrow())))?;
        Ok(true)
    }

    /// A key as a str; `None` if it is left out.
    fn key(&self, key: Ref<'_>) -> PyResult<Option<Owned>> {
        let vm = self.vm;
        if key.downcast::<Str>().is_some() {
            return Ok(Some(key.own()));
        }
        if let Some(float) = float_value(key) {
            return vm.str(&float_text(vm, key, float, self.encoder.allow_nan)?).map(Some);
        }
        if let Some(text) = constant(key) {
            return vm.str(text).map(Some);
        }
        if int_value(key).is_some() {
            return int_text(vm, key).map(Some);
        }
        if self.encoder.skipkeys {
            return Ok(None);
        }
        let name = vm.type_name(key);
        Err(vm.type_error(format_args!("keys must be str, int, float, bool or None, not {name}")))
    }

    /// Writes what the default function makes of a value.
    fn other(&mut self, value: Ref<'_>, level: usize) -> PyResult<()> {
        let replacement = self.vm.call(self.encoder.default.borrow(), &[value])?;
        self.value(replacement.borrow(), level).map_err(|raised| self.note(raised, value, Part::Whole))
    }

    /// Adds to an exception where it was raised.
    #[cold]
    fn note(&self, raised: Raised, container: Ref<'_>, part: Part<'_>) -> Raised {
        let vm = self.vm;
        let add = || {
            let name = vm.full_type_name(container);
            let note = match part {
                Part::Whole => vm.str(&format!("when serializing {name} object"))?,
                Part::Item(index) => vm.str(&format!("when serializing {name} item {index}"))?,
                Part::Key(key) => {
                    let mut text = TextBuf::from(&*format!("when serializing {name} item "));
                    push_str(&mut text, vm.repr(key)?.borrow());
                    vm.text(text.as_text())?
                }
            };
            vm.call_method(raised.exception(), &vm.intern("add_note")?, &[note.borrow()])
        };
        match add() {
            Ok(_) => raised,
            Err(other) => other,
        }
    }
}

/// What part of a value could not be written.
enum Part<'a> {
    Whole,
    Item(usize),
    Key(Ref<'a>),
}

fn constant(value: Ref<'_>) -> Option<&'static str> {
    match value.as_bool() {
        Some(true) => Some("true"),
        Some(false) => Some("false"),
        None => value.is_none().then_some("null"),
    }
}

/// The item of a list or tuple.
fn item_at(sequence: Ref<'_>, index: usize) -> Option<Owned> {
    match sequence.downcast::<List>() {
        Some(list) => list.items().get(index),
        None => sequence.downcast::<Tuple>()?.get(index).map(Ref::own),
    }
}

fn push_ascii(out: &mut TextBuf, bytes: &[u8]) {
    out.push_str(std::str::from_utf8(bytes).unwrap_or_default());
}

/// The text of an int, whatever its class makes of it.
fn int_text(vm: &Thread, value: Ref<'_>) -> PyResult {
    let repr = vm.get_attr(vm.types().int.borrow(), vm.intern("__repr__")?.borrow())?;
    vm.call(repr.borrow(), &[value])
}

/// The text of a float, whatever its class makes of it.
fn float_text(vm: &Thread, value: Ref<'_>, float: f64, allow_nan: bool) -> PyResult<String> {
    if float.is_finite() {
        return Ok(String::from_utf8_lossy(Repr::new(float).as_bytes()).into_owned());
    }
    if !allow_nan {
        let text = vm.repr_string(value)?;
        return Err(vm.value_error(format_args!("Out of range float values are not JSON compliant: {text}")));
    }
    Ok(if float.is_nan() {
        "NaN"
    } else if float > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
    .to_owned())
}
