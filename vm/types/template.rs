//! `string.templatelib.Template` and `Interpolation`: t-strings (PEP 750).
//!
//! A template of n interpolations has n + 1 strings, which stand before, between and behind them.

use std::cell::Cell;

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::inline::{Str, Tuple};
use crate::native::*;
use crate::protocol::number::BinaryOp;
use crate::text::wtf8::TextBuf;
use crate::types::generic_alias::generic_alias;
use crate::types::sequence::push_repr;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::{class, signature};

crate::payload! {
    /// A template.
    pub struct Template: Native {
        /// A tuple of str.
        strings: Owned,
        /// A tuple of [`Interpolation`]s.
        interpolations: Owned,
    }

    /// A value in a template, not yet turned into text.
    pub struct Interpolation: Native {
        value: Owned,
        expression: Owned,
        /// `'s'`, `'r'`, `'a'` or None.
        conversion: Owned,
        format_spec: Owned,
    }

    /// An iterator over the strings and interpolations of a template; empty strings are passed over.
    pub struct TemplateIter: Native {
        template: Owned,
        /// Strings have even positions, interpolations odd ones.
        position: Cell<usize>,
    }
}

class! {
    Template => TEMPLATE;
    Interpolation => INTERPOLATION;
    TemplateIter => TEMPLATE_ITER;
}

const MODULE: &str = "string.templatelib";

pub(crate) static TEMPLATE: TypeDef = TypeDef {
    module: MODULE,
    doc: "The value of a t-string: strings, and interpolations between them.",
    methods: &[
        method("__reduce__($self, /)", One(template_reduce), "What pickle rebuilds the template from."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        member("strings", |_, this| Ok(template(this).strings.clone()), "The strings: a tuple."),
        member(
            "interpolations",
            |_, this| Ok(template(this).interpolations.clone()),
            "The interpolations: a tuple.",
        ),
        getter("values", values, "The values of the interpolations: a tuple."),
    ],
    slots: Slots {
        new: Some(new_template),
        repr: Some(template_repr),
        iter: Some(|vm, this| vm.new_object(TemplateIter { template: this.own(), position: Cell::new(0) })),
        concat: Some(concat),
        ..Slots::NONE
    },
    ..TypeDef::new::<Template>("Template")
};

pub(crate) static INTERPOLATION: TypeDef = TypeDef {
    module: MODULE,
    doc: "A value in a t-string, with its expression, conversion and format specification.",
    methods: &[
        method(
            "__reduce__($self, /)",
            One(interpolation_reduce),
            "What pickle rebuilds the interpolation from.",
        ),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        member("value", |_, this| Ok(interpolation(this).value.clone()), "The value."),
        member(
            "expression",
            |_, this| Ok(interpolation(this).expression.clone()),
            "The source text of the expression.",
        ),
        member(
            "conversion",
            |_, this| Ok(interpolation(this).conversion.clone()),
            "The conversion: 's', 'r', 'a' or None.",
        ),
        member(
            "format_spec",
            |_, this| Ok(interpolation(this).format_spec.clone()),
            "The format specification.",
        ),
    ],
    attributes: &[ClassAttribute {
        name: "__match_args__",
        make: |vm, _| {
            let names = ["value", "expression", "conversion", "format_spec"];
            vm.tuple(names.iter().map(|name| vm.intern(name)).collect::<PyResult<_>>()?)
        },
    }],
    slots: Slots { new: Some(new_interpolation), repr: Some(interpolation_repr), ..Slots::NONE },
    ..TypeDef::new::<Interpolation>("Interpolation")
};

pub(crate) static TEMPLATE_ITER: TypeDef = TypeDef {
    module: MODULE,
    doc: "Gives the parts of a template in order, empty strings left out.",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    slots: Slots { iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<TemplateIter>("TemplateIter")
};

impl Thread {
    /// A `Template` of its static strings and interpolations, tuples both.
    pub(crate) fn template(&self, strings: Owned, interpolations: Owned) -> PyResult {
        self.new_object(Template { strings, interpolations })
    }

    /// An `Interpolation`.
    pub(crate) fn interpolation(
        &self,
        value: Owned,
        expression: Owned,
        conversion: Option<char>,
        format_spec: Option<Owned>,
    ) -> PyResult {
        self.new_object(Interpolation {
            value,
            expression,
            conversion: conversion.map_or_else(Owned::none, |conversion| self.latin1(conversion as u8)),
            format_spec: format_spec.unwrap_or_else(|| self.empty_str()),
        })
    }
}

fn template(this: Ref<'_>) -> &Template {
    this.downcast().expect("the descriptor checks its receiver")
}

fn interpolation(this: Ref<'_>) -> &Interpolation {
    this.downcast().expect("the descriptor checks its receiver")
}

fn items(tuple: &Owned) -> &[Owned] {
    tuple.borrow().downcast::<Tuple>().expect("a tuple").as_slice()
}

fn join(vm: &Thread, first: &Owned, second: &Owned) -> PyResult {
    vm.binary(BinaryOp::Add, first.borrow(), second.borrow())
}

fn new_template(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("Template.__new__ only accepts *args arguments"));
    }
    let (mut strings, mut interpolations) = (vec![vm.empty_str()], Vec::new());
    for part in args.positional() {
        if part.downcast::<Str>().is_some() {
            let last = strings.pop().expect("one more string than interpolations");
            strings.push(join(vm, &last, &part.own())?);
        } else if part.downcast::<Interpolation>().is_some() {
            interpolations.push(part.own());
            strings.push(vm.empty_str());
        } else {
            let got = vm.type_name(*part);
            return Err(vm.type_error(format_args!(
                "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {got}"
            )));
        }
    }
    vm.template(vm.tuple(strings)?, vm.tuple(interpolations)?)
}

fn template_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.check_stack()?;
    let this = template(this);
    let mut text = TextBuf::from("Template(strings=");
    push_repr(vm, &mut text, this.strings.borrow())?;
    text.push_str(", interpolations=");
    push_repr(vm, &mut text, this.interpolations.borrow())?;
    text.push_str(")");
    vm.text(text.as_text())
}

fn values(vm: &Thread, this: Ref<'_>) -> PyResult {
    let parts = items(&template(this).interpolations);
    vm.tuple(parts.iter().map(|part| interpolation(part.borrow()).value.clone()).collect())
}

/// The strings where the templates meet become one.
fn concat(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some(second) = b.downcast::<Template>() else {
        let got = vm.type_name(b);
        return Err(vm.type_error(format_args!(
            "can only concatenate string.templatelib.Template (not \"{got}\") to string.templatelib.Template"
        )));
    };
    let first = template(a);
    let mut strings = items(&first.strings).to_vec();
    let (meeting, rest) = items(&second.strings).split_first().expect("a template has a string");
    let last = strings.pop().expect("a template has a string");
    strings.push(join(vm, &last, meeting)?);
    strings.extend_from_slice(rest);
    let interpolations = [items(&first.interpolations), items(&second.interpolations)].concat();
    vm.template(vm.tuple(strings)?, vm.tuple(interpolations)?)
}

fn template_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let module = vm.import_module(&vm.intern(MODULE)?)?;
    let unpickle = vm.get_attr(module.borrow(), vm.intern("_template_unpickle")?.borrow())?;
    let this = template(this);
    vm.pair(unpickle, vm.pair(this.strings.clone(), this.interpolations.clone())?)
}

fn next(_: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator: &TemplateIter = this.downcast().expect("the receiver is such an iterator");
    let parts = template(iterator.template.borrow());
    loop {
        let position = iterator.position.get();
        let list = if position.is_multiple_of(2) { &parts.strings } else { &parts.interpolations };
        let Some(part) = items(list).get(position / 2) else { return Ok(None) };
        iterator.position.set(position + 1);
        if !part.borrow().downcast::<Str>().is_some_and(Str::is_empty) {
            return Ok(Some(part.clone()));
        }
    }
}

fn new_interpolation(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    let signature = signature!("Interpolation(value, expression='', conversion=None, format_spec='')");
    args.bind(vm, signature, |args| {
        let text = |index: usize, name: &str| match args.optional(index) {
            Some(value) => {
                vm.str_argument(format_args!("Interpolation() argument '{name}'"), value)?;
                Ok(value.own())
            }
            None => Ok(vm.empty_str()),
        };
        let expression = text(1, "expression")?;
        let conversion = args.optional(2).filter(|conversion| !conversion.is_none());
        if let Some(conversion) = conversion {
            let text = vm.str_argument("Interpolation() argument 'conversion'", conversion)?;
            if !matches!(text.as_bytes(), b"s" | b"r" | b"a") {
                return Err(
                    vm.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'")
                );
            }
        }
        vm.new_object(Interpolation {
            value: args.required(0).own(),
            expression,
            conversion: conversion.map_or_else(Owned::none, Ref::own),
            format_spec: text(3, "format_spec")?,
        })
    })
}

fn interpolation_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.check_stack()?;
    let this = interpolation(this);
    let mut text = TextBuf::from("Interpolation(");
    let fields = [&this.value, &this.expression, &this.conversion, &this.format_spec];
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_repr(vm, &mut text, field.borrow())?;
    }
    text.push_str(")");
    vm.text(text.as_text())
}

fn interpolation_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class(this).own();
    let this = interpolation(this);
    let fields = [&this.value, &this.expression, &this.conversion, &this.format_spec];
    vm.pair(class, vm.tuple(fields.into_iter().cloned().collect())?)
}
