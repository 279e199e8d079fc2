//! `Dialect`: how a table is written as text.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::find_dialect;

payload! {
    /// A dialect.
    pub(super) struct Dialect: Native {
        pub(super) delimiter: u32,
        pub(super) doublequote: bool,
        pub(super) escapechar: Option<u32>,
        /// A str.
        pub(super) lineterminator: Owned,
        pub(super) quotechar: Option<u32>,
        pub(super) quoting: Quoting,
        pub(super) skipinitialspace: bool,
        pub(super) strict: bool,
    }
}

/// Which fields are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    Minimal,
    All,
    NonNumeric,
    None,
    Strings,
    NotNull,
}

pyx_vm::untraced!(Quoting);

/// The names of the ways to quote, in the order of their numbers.
pub(super) const QUOTINGS: [&str; 6] =
    ["QUOTE_MINIMAL", "QUOTE_ALL", "QUOTE_NONNUMERIC", "QUOTE_NONE", "QUOTE_STRINGS", "QUOTE_NOTNULL"];

impl Quoting {
    const ALL: [Self; 6] =
        [Self::Minimal, Self::All, Self::NonNumeric, Self::None, Self::Strings, Self::NotNull];
}

class! { Dialect => DIALECT; }

pub(super) static DIALECT: TypeDef = TypeDef {
    module: "_csv",
    flags: TypeFlags::BASE,
    doc: "How a table is written as text.",
    methods: &[
        method(
            "__reduce__($self, /, *args)",
            Many(no_pickle),
            "Raises TypeError: dialects cannot be pickled.",
        )
        .untold()
        .wording(Wording::Tuple),
        method(
            "__reduce_ex__($self, /, *args)",
            Many(no_pickle),
            "Raises TypeError: dialects cannot be pickled.",
        )
        .untold()
        .wording(Wording::Tuple),
    ],
    getset: &[
        member(
            "skipinitialspace",
            |_, this| Ok(Owned::bool(Dialect::of(this).skipinitialspace)),
            "Whether spaces behind a delimiter are ignored.",
        ),
        member(
            "doublequote",
            |_, this| Ok(Owned::bool(Dialect::of(this).doublequote)),
            "Whether a quote in a field is written twice.",
        ),
        member(
            "strict",
            |_, this| Ok(Owned::bool(Dialect::of(this).strict)),
            "Whether bad input is an error.",
        ),
        getter(
            "delimiter",
            |vm, this| vm.character(Dialect::of(this).delimiter),
            "What stands between fields.",
        ),
        getter(
            "escapechar",
            |vm, this| character(vm, Dialect::of(this).escapechar),
            "What takes the meaning from the next character.",
        ),
        getter(
            "lineterminator",
            |_, this| Ok(Dialect::of(this).lineterminator.clone()),
            "What stands behind a row.",
        ),
        getter(
            "quotechar",
            |vm, this| character(vm, Dialect::of(this).quotechar),
            "What stands around fields.",
        ),
        getter(
            "quoting",
            |_, this| Ok(Owned::small_int(Dialect::of(this).quoting as i32)),
            "Which fields are quoted.",
        ),
    ],
    attributes: &[MODULE],
    slots: Slots { new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<Dialect>("Dialect")
};

impl Dialect {
    pub(super) fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("a dialect")
    }
}

fn character(vm: &Thread, code: Option<u32>) -> PyResult {
    code.map_or_else(none, |code| vm.character(code))
}

fn no_pickle(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let class = vm.class(args.required(0));
    let name = vm.str_string(vm.get_attr(class, vm.names().__name__.borrow())?.borrow())?;
    Err(vm.type_error(format_args!("cannot pickle '{name}' instances")))
}

/// The parameters of a dialect, after the one that it is made from.
const PARAMETERS: [&str; 8] = [
    "delimiter",
    "doublequote",
    "escapechar",
    "lineterminator",
    "quotechar",
    "quoting",
    "skipinitialspace",
    "strict",
];

/// The dialect of a call that has one among its arguments, and keywords that change parts of it.
pub(super) fn from_call(vm: &Thread, dialect: Option<Ref<'_>>, args: &Args<'_>) -> PyResult {
    let mut values: Vec<Ref<'_>> = dialect.into_iter().collect();
    values.extend(args.keywords().map(|(_, value)| value));
    vm.call_args(vm.class_of(&DIALECT)?.borrow(), &Args::new(&values, args.names()))
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let (dialect, given) = arguments(vm, args)?;
    let found = dialect.filter(|dialect| dialect.downcast::<Str>().is_some());
    let found = found.map(|name| find_dialect(vm, name)).transpose()?;
    let dialect = found.as_ref().map(Owned::borrow).or(dialect);
    if let Some(dialect) = dialect.filter(|dialect| dialect.downcast::<Dialect>().is_some())
        && given.iter().all(Option::is_none)
    {
        return Ok(dialect.own());
    }
    let mut values: [Option<Owned>; 8] = Default::default();
    for (index, name) in PARAMETERS.iter().enumerate() {
        values[index] = match (given[index], dialect) {
            (Some(value), _) => Some(value.own()),
            // What a dialect does not say, or fails to say, has its default.
            (None, Some(dialect)) => vm.get_attr(dialect, vm.intern(name)?.borrow()).ok(),
            (None, None) => None,
        };
    }
    vm.new_object_of(class, make(vm, &values)?)
}

/// The dialect to start from, and the parameters by their places.
fn arguments<'a>(vm: &Thread, args: &Args<'a>) -> PyResult<(Option<Ref<'a>>, [Option<Ref<'a>>; 8])> {
    let mut all: [Option<Ref<'a>>; 9] = [None; 9];
    let given = args.values().len();
    if given > all.len() {
        return Err(vm.type_error(format_args!("function takes at most 9 arguments ({given} given)")));
    }
    for (place, &value) in all.iter_mut().zip(args.positional()) {
        *place = Some(value);
    }
    for (name, value) in args.keywords() {
        let name = vm.str_string(name)?;
        let place = PARAMETERS.iter().position(|parameter| *parameter == name).map(|index| index + 1);
        let Some(place) = place.or((name == "dialect").then_some(0)) else {
            return Err(
                vm.type_error(format_args!("this function got an unexpected keyword argument '{name}'"))
            );
        };
        if all[place].is_some() {
            return Err(vm.type_error(format_args!(
                "argument for function given by name ('{name}') and position ({})",
                place + 1
            )));
        }
        all[place] = Some(value);
    }
    let [dialect, rest @ ..] = all;
    Ok((dialect.filter(|dialect| !dialect.is_none()), rest))
}

/// A dialect of these parameters, which are checked in CPython's order.
fn make(vm: &Thread, values: &[Option<Owned>; 8]) -> PyResult<Dialect> {
    let [delimiter, doublequote, escapechar, lineterminator, quotechar, quoting, skip, strict] =
        values.each_ref().map(|value| value.as_ref().map(Owned::borrow));
    let flag = |value: Option<Ref<'_>>, default| value.map_or(Ok(default), |value| vm.is_true(value));
    let delimiter = match delimiter {
        Some(value) => one_character(vm, "delimiter", value, "a unicode character")?,
        None => u32::from(','),
    };
    let doublequote = flag(doublequote, true)?;
    let optional = |name, value: Option<Ref<'_>>, default| match value {
        Some(value) if value.is_none() => Ok(None),
        Some(value) => one_character(vm, name, value, "a unicode character or None").map(Some),
        None => Ok(default),
    };
    let escapechar = optional("escapechar", escapechar, None)?;
    let lineterminator = match lineterminator {
        Some(value) if value.downcast::<Str>().is_some() => value.own(),
        Some(value) => {
            let name = vm.full_type_name(value);
            return Err(vm.type_error(format_args!("\"lineterminator\" must be a string, not {name}")));
        }
        None => vm.str("\r\n")?,
    };
    let unquoted = quotechar.is_some_and(Ref::is_none) && quoting.is_none();
    let quotechar = optional("quotechar", quotechar, Some(u32::from('"')))?;
    let quoting = if unquoted { Quoting::None } else { quoting_of(vm, quoting)? };
    let skipinitialspace = flag(skip, false)?;
    let strict = flag(strict, false)?;
    if quoting != Quoting::None && quotechar.is_none() {
        return Err(vm.type_error("quotechar must be set if quoting enabled"));
    }
    let dialect = Dialect {
        delimiter,
        doublequote,
        escapechar,
        lineterminator,
        quotechar,
        quoting,
        skipinitialspace,
        strict,
    };
    dialect.check(vm)?;
    Ok(dialect)
}

fn one_character(vm: &Thread, name: &str, value: Ref<'_>, expected: &str) -> PyResult<u32> {
    let Some(text) = value.downcast::<Str>() else {
        let got = vm.full_type_name(value);
        return Err(vm.type_error(format_args!("\"{name}\" must be {expected}, not {got}")));
    };
    match text.text().code_point_at(0).filter(|_| text.len() == 1) {
        Some(code) => Ok(code),
        None => {
            let len = text.len();
            Err(vm.type_error(format_args!("\"{name}\" must be {expected}, not a string of length {len}")))
        }
    }
}

fn quoting_of(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<Quoting> {
    let Some(value) = value else { return Ok(Quoting::Minimal) };
    if !vm.class(value).is(vm.types().int.borrow()) {
        let name = vm.full_type_name(value);
        return Err(vm.type_error(format_args!("\"quoting\" must be an integer, not {name}")));
    }
    let quoting = usize::try_from(vm.to_c_int(value)?).ok();
    let quoting = quoting.and_then(|quoting| Quoting::ALL.get(quoting).copied());
    quoting.ok_or_else(|| vm.type_error("bad \"quoting\" value"))
}

impl Dialect {
    /// Whether the line terminator has a character.
    pub(super) fn terminates(&self, code: u32) -> bool {
        let terminator = self.lineterminator.borrow().downcast::<Str>();
        terminator.is_some_and(|terminator| terminator.text().code_points().any(|other| other == code))
    }

    /// Refuses characters that would have two meanings.
    fn check(&self, vm: &Thread) -> PyResult<()> {
        let characters = [
            ("delimiter", Some(self.delimiter), true),
            ("escapechar", self.escapechar, !self.skipinitialspace),
            ("quotechar", self.quotechar, !self.skipinitialspace),
        ];
        for (name, code, allows_space) in characters {
            let Some(code) = code else { continue };
            if code == u32::from('\r') || code == u32::from('\n') || (code == u32::from(' ') && !allows_space)
            {
                return Err(vm.value_error(format_args!("bad {name} value")));
            }
            if self.terminates(code) {
                return Err(vm.value_error(format_args!("bad {name} or lineterminator value")));
            }
        }
        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            let ((name, code, _), (other_name, other, _)) = (characters[first], characters[second]);
            if code.is_some() && code == other {
                return Err(vm.value_error(format_args!("bad {name} or {other_name} value")));
            }
        }
        Ok(())
    }
}
