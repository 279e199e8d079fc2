//! `format`, `format_map` and `__format__`.

use super::make::payload;
use crate::exception::PyResult;
use crate::format::brace::{
    Accessor, Argument, BraceError, DEEPEST_FIELD, Field, FieldName, Markup, Numbering, TextConversion,
};
use crate::format::format_str::format_str;
use crate::heap::inline::Str;
use crate::native::Bound;
use crate::protocol::format::classify;
use crate::text::wtf8::{Text, TextBuf};
use crate::types::sequence::push_str;
use crate::value::Ref;
use crate::vm::Thread;

pub(super) fn format(vm: &Thread, bound: &Bound<'_>) -> PyResult {
    let this = bound.required(0);
    Formatting::new(vm, Arguments::Call(bound.rest(), bound.keywords())).run(this)
}

pub(super) fn format_map(vm: &Thread, this: Ref<'_>, mapping: Ref<'_>) -> PyResult {
    Formatting::new(vm, Arguments::Mapping(mapping)).run(this)
}

/// Where fields get their values.
#[derive(Clone, Copy)]
enum Arguments<'a> {
    /// Positional and keyword arguments.
    Call(&'a [Ref<'a>], &'a [(Ref<'a>, Ref<'a>)]),
    /// The items of a mapping.
    Mapping(Ref<'a>),
}

/// A format at work.
struct Formatting<'a> {
    vm: &'a Thread,
    arguments: Arguments<'a>,
    numbering: Numbering,
}

impl<'a> Formatting<'a> {
    fn new(vm: &'a Thread, arguments: Arguments<'a>) -> Self {
        Self { vm, arguments, numbering: Numbering::default() }
    }

    fn run(mut self, format: Ref<'_>) -> PyResult {
        self.vm.check_stack()?;
        // Where nothing is replaced the result is the format itself, of a subclass perhaps.
        if memchr::memchr2(b'{', b'}', payload(format).as_bytes()).is_none() {
            return Ok(format.own());
        }
        let mut out = self.vm.scratch.take();
        self.expand(payload(format).text(), DEEPEST_FIELD, &mut out)?;
        self.vm.text(out.as_text())
    }

    /// Appends a format with its fields replaced; `depth` is how deep they may nest.
    fn expand(&mut self, format: Text<'_>, depth: usize, out: &mut TextBuf) -> PyResult<()> {
        if depth == 0 {
            return Err(self.vm.value_error(BraceError::TooDeep));
        }
        for chunk in Markup::new(format.as_bytes()) {
            let chunk = chunk.map_err(|error| self.vm.value_error(error))?;
            out.push_text(Text::trusted(chunk.literal));
            if let Some(field) = chunk.field {
                self.field(&field, depth, out)?;
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Field<'_>, depth: usize, out: &mut TextBuf) -> PyResult<()> {
        let mut value = self.value(field.name)?;
        if let Some(conversion) = field.text_conversion().map_err(|error| self.vm.value_error(error))? {
            value = self.converted(value.borrow(), conversion)?;
        }
        let mut expanded = TextBuf::new();
        let mut spec = Text::trusted(field.spec);
        if field.spec_is_nested {
            self.expand(spec, depth - 1, &mut expanded)?;
            spec = expanded.as_text();
        }
        let formatted = if spec.is_empty() {
            self.vm.format(value.borrow(), None)?
        } else {
            self.vm.format(value.borrow(), Some(self.vm.text(spec)?.borrow()))?
        };
        push_str(out, formatted.borrow());
        Ok(())
    }

    fn converted(&self, value: Ref<'_>, conversion: TextConversion) -> PyResult {
        match conversion {
            TextConversion::Repr => self.vm.repr(value),
            TextConversion::Str => self.vm.to_str(value),
            TextConversion::Ascii => self.vm.ascii(value),
        }
    }

    /// The value that a field's name leads to.
    fn value(&mut self, name: &[u8]) -> PyResult {
        let vm = self.vm;
        let error = |error: BraceError| vm.value_error(error);
        let accessors = FieldName::new(name, &classify).map_err(error)?;
        let argument = self.numbering.resolve(accessors.argument()).map_err(error)?;
        let mut value = self.argument(argument)?;
        for accessor in accessors {
            value = match accessor.map_err(error)? {
                Accessor::Attribute(name) => {
                    let name = crate::types::str_::intern(vm, vm.text(Text::trusted(name))?)?;
                    vm.get_attr(value.borrow(), name.borrow())?
                }
                Accessor::Index(index) => vm.get_item(value.borrow(), vm.size(index)?.borrow())?,
                Accessor::Key(key) => vm.get_item(value.borrow(), vm.text(Text::trusted(key))?.borrow())?,
            };
        }
        Ok(value)
    }

    fn argument(&self, argument: Argument<'_>) -> PyResult {
        let vm = self.vm;
        match (argument, self.arguments) {
            (Argument::Index(_) | Argument::Next, Arguments::Mapping(_)) => {
                Err(vm.value_error("Format string contains positional fields"))
            }
            (Argument::Next, _) => unreachable!("arguments are numbered"),
            (Argument::Index(index), Arguments::Call(positional, _)) => match positional.get(index) {
                Some(value) => Ok(value.own()),
                None => Err(vm.index_error(format_args!(
                    "Replacement index {index} out of range for positional args tuple"
                ))),
            },
            (Argument::Keyword(name), Arguments::Call(_, keywords)) => {
                let found = keywords.iter().find(|(keyword, _)| text_bytes(*keyword) == name);
                match found {
                    Some((_, value)) => Ok(value.own()),
                    None => {
                        let name = vm.text(Text::trusted(name))?;
                        Err(vm.error_with(&vm.exceptions().KeyError, &[name.borrow()]))
                    }
                }
            }
            (Argument::Keyword(name), Arguments::Mapping(mapping)) => {
                vm.get_item(mapping, vm.text(Text::trusted(name))?.borrow())
            }
        }
    }
}

fn text_bytes(text: Ref<'_>) -> &[u8] {
    text.downcast::<Str>().map_or(&[], Str::as_bytes)
}

pub(crate) fn dunder_format(vm: &Thread, this: Ref<'_>, spec: Ref<'_>) -> PyResult {
    let text = payload(this);
    vm.format_by(this, spec, |spec, context, out| format_str(text.as_bytes(), text.len(), spec, context, out))
}
