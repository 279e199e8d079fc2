//! The module `builtins`: its functions.

mod build_class;
mod evaluate;
mod input;
mod sequence;
mod sum;

pub use evaluate::Executor;

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::Dict;
use crate::heap::inline::{Bytes, Str};
use crate::native::*;
use crate::number::int_text::{Radix, prefixed};
use crate::protocol::number::BinaryOp;
use crate::protocol::slots::Sent;
use crate::types::bytearray::ByteArray;
use crate::types::int::int_ref;
use crate::types::type_::Type;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The functions of `builtins`.
pub(crate) static BUILTINS: ModuleDef = ModuleDef {
    doc: "The names that every program has: functions, types, constants and exceptions.",
    functions: &[
        function("abs($module, x, /)", One(abs), "The absolute value of a number."),
        function("all($module, iterable, /)", One(sequence::all), "Whether every item is true."),
        function(
            "anext($module, aiterator, default=<unrepresentable>, /)",
            OneOpt(anext),
            "The next item of an async iterator, or the default at its end: an awaitable.",
        )
        .wording(Wording::Unpack),
        function("any($module, iterable, /)", One(sequence::any), "Whether some item is true."),
        function("ascii($module, obj, /)", One(ascii), "The repr of an object, escaped to ASCII."),
        function("bin($module, number, /)", One(bin), "The binary text of an integer, such as 0b101."),
        function(
            "breakpoint($module, /, *args, **kws)",
            Raw(breakpoint),
            "Enter the debugger: call sys.breakpointhook.",
        ),
        function("callable($module, obj, /)", One(callable), "Whether an object can be called."),
        function("chr($module, i, /)", One(chr), "The string of one character with this code point."),
        function(
            "compile($module, /, source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
            Many(evaluate::compile),
            "Turn source text or a syntax tree into a code object, or into a tree with flag ast.PyCF_ONLY_AST.",
        ),
        function(
            "delattr($module, obj, name, /)",
            Two(delattr),
            "Delete an attribute: the same as `del obj.name`.",
        ),
        function(
            "dir($module, object=None, /)",
            ZeroOpt(dir),
            "The names in a scope, or the attributes of an object.",
        )
        .untold(),
        function("divmod($module, x, y, /)", Two(divmod), "The pair (x // y, x % y)."),
        function(
            "eval($module, source, /, globals=None, locals=None)",
            OneOpt2(evaluate::eval),
            "Evaluate an expression, given as text or as a code object.",
        ),
        function(
            "exec($module, source, /, globals=None, locals=None, *, closure=None)",
            OneOpt3(evaluate::exec),
            "Run statements, given as text or as a code object.",
        ),
        function(
            "format($module, value, format_spec='', /)",
            OneOpt(format),
            "Format a value by a format specification.",
        ),
        function(
            "getattr($module, object, name, default=None, /)",
            TwoOpt(getattr),
            "An attribute of an object, or the default where there is none.",
        )
        .untold(),
        function("globals($module, /)", Zero(evaluate::globals), "The dict of the current module's names."),
        function("hasattr($module, obj, name, /)", Two(hasattr), "Whether an object has an attribute."),
        function(
            "hash($module, obj, /)",
            One(hash),
            "The hash of an object; equal objects have equal hashes.",
        ),
        function("hex($module, number, /)", One(hex), "The hexadecimal text of an integer, such as 0x1f."),
        function("id($module, obj, /)", One(id), "A number that no other living object has."),
        function(
            "input($module, prompt='', /)",
            ZeroOpt(input::input),
            "Ask for a line of text on standard input; the newline is not part of the result.",
        )
        .wording(Wording::Unpack),
        function(
            "isinstance($module, obj, class_or_tuple, /)",
            Two(isinstance),
            "Whether an object is of a class.",
        ),
        function(
            "issubclass($module, cls, class_or_tuple, /)",
            Two(issubclass),
            "Whether a class derives from another.",
        ),
        function(
            "iter($module, object, sentinel=None, /)",
            OneOpt(iter),
            "An iterator over an object, or one that calls a function until it returns the sentinel.",
        )
        .untold(),
        function(
            "aiter($module, async_iterable, /)",
            One(aiter),
            "An async iterator over an async iterable.",
        ),
        function("len($module, obj, /)", One(len), "The number of items in a container."),
        function("locals($module, /)", Zero(evaluate::locals), "The current local names and their values."),
        function(
            "max($module, /, *args, key=None, default=None)",
            Raw(sequence::max),
            "max(iterable, *, default, key=None), max(a, b, *rest, key=None)\n\nThe largest item or argument.",
        )
        .untold(),
        function(
            "min($module, /, *args, key=None, default=None)",
            Raw(sequence::min),
            "min(iterable, *, default, key=None), min(a, b, *rest, key=None)\n\nThe smallest item or argument.",
        )
        .untold(),
        function(
            "next($module, iterator, default=None, /)",
            OneOpt(next),
            "The next item of an iterator, or the default at its end.",
        )
        .untold(),
        function("oct($module, number, /)", One(oct), "The octal text of an integer, such as 0o17."),
        function("ord($module, character, /)", One(ord), "The code point of a one-character string."),
        function(
            "pow($module, /, base, exp, mod=None)",
            Many(pow),
            "A power, modulo the third argument if there is one.",
        ),
        function(
            "print($module, /, *args, sep=' ', end='\\n', file=None, flush=False)",
            Many(sequence::print),
            "Write values as text to a stream, sys.stdout by default.",
        ),
        function("repr($module, obj, /)", One(repr), "The text of an object for programmers."),
        function(
            "round($module, /, number, ndigits=None)",
            Many(round),
            "Round a number to so many decimal digits.",
        ),
        function(
            "setattr($module, obj, name, value, /)",
            Three(setattr),
            "Set an attribute: the same as `obj.name = value`.",
        ),
        function(
            "sorted($module, iterable, /, *, key=None, reverse=False)",
            Raw(sequence::sorted),
            "A new list of the items in ascending order.",
        ),
        function(
            "sum($module, iterable, /, start=0)",
            Many(sum::sum),
            "The sum of a start value and all items.",
        ),
        function(
            "vars($module, object=None, /)",
            ZeroOpt(vars),
            "The __dict__ of an object, or the local names.",
        )
        .untold(),
        function(
            "__import__($module, /, name, globals=None, locals=None, fromlist=(), level=0)",
            Many(import),
            "Import a module: what an import statement calls.",
        ),
        function(
            "__build_class__($module, func, name, /, *bases, **kwds)",
            Raw(build_class::build_class),
            "Make a class: what a class statement calls.",
        )
        .untold(),
    ],
    ..ModuleDef::new("builtins")
};

fn abs(vm: &Thread, x: Ref<'_>) -> PyResult {
    vm.absolute(x)
}

fn ascii(vm: &Thread, obj: Ref<'_>) -> PyResult {
    vm.ascii(obj)
}

fn callable(vm: &Thread, obj: Ref<'_>) -> PyResult {
    Ok(Owned::bool(vm.is_callable(obj)))
}

fn in_base(vm: &Thread, number: Ref<'_>, radix: Radix) -> PyResult {
    let number = vm.index(number)?;
    let value = int_ref(number.borrow()).ok_or_else(|| vm.system_error("an int was expected"))?;
    vm.ascii_str(prefixed(value, radix).as_bytes())
}

fn bin(vm: &Thread, number: Ref<'_>) -> PyResult {
    in_base(vm, number, Radix::Binary)
}

fn oct(vm: &Thread, number: Ref<'_>) -> PyResult {
    in_base(vm, number, Radix::Octal)
}

fn hex(vm: &Thread, number: Ref<'_>) -> PyResult {
    in_base(vm, number, Radix::Hex)
}

fn chr(vm: &Thread, i: Ref<'_>) -> PyResult {
    let code = vm.to_index_clipped(i)?;
    let Some(code) = u32::try_from(code).ok().filter(|&code| code <= 0x10_ffff) else {
        return Err(vm.value_error("chr() arg not in range(0x110000)"));
    };
    vm.character(code)
}

fn ord(vm: &Thread, character: Ref<'_>) -> PyResult {
    let len = if let Some(text) = character.downcast::<Str>() {
        if text.len() == 1 {
            let code = text.text().code_points().next().expect("one character");
            return vm.int(i64::from(code));
        }
        text.len()
    } else if let Some(bytes) = character.downcast::<Bytes>() {
        if let [byte] = bytes.as_bytes() {
            return vm.int(i64::from(*byte));
        }
        bytes.as_bytes().len()
    } else if let Some(array) = character.downcast::<ByteArray>() {
        let only = array.bytes.read(|bytes| bytes.first().copied().filter(|_| bytes.len() == 1));
        if let Some(byte) = only {
            return vm.int(i64::from(byte));
        }
        array.bytes.read(<[u8]>::len)
    } else {
        let got = vm.type_name(character);
        return Err(vm.type_error(format_args!("ord() expected string of length 1, but {got} found")));
    };
    Err(vm.type_error(format_args!("ord() expected a character, but string of length {len} found")))
}

/// An attribute name given by the program: a str.
fn attribute_name<'a>(vm: &Thread, function: &str, name: Ref<'a>) -> PyResult<Ref<'a>> {
    if name.kind() == Kind::Str {
        return Ok(name);
    }
    let got = vm.type_name(name);
    Err(if function.is_empty() {
        vm.type_error(format_args!("attribute name must be string, not '{got}'"))
    } else {
        vm.type_error(format_args!("{function}: attribute name must be string"))
    })
}

fn delattr(vm: &Thread, obj: Ref<'_>, name: Ref<'_>) -> PyResult {
    vm.set_attr(obj, attribute_name(vm, "", name)?, None)?;
    none()
}

fn setattr(vm: &Thread, obj: Ref<'_>, name: Ref<'_>, value: Ref<'_>) -> PyResult {
    vm.set_attr(obj, attribute_name(vm, "", name)?, Some(value))?;
    none()
}

fn getattr(vm: &Thread, obj: Ref<'_>, name: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let name = attribute_name(vm, "", name)?;
    match default {
        Some(default) => Ok(vm.get_attr_opt(obj, name)?.unwrap_or_else(|| default.own())),
        None => vm.get_attr(obj, name),
    }
}

fn hasattr(vm: &Thread, obj: Ref<'_>, name: Ref<'_>) -> PyResult {
    Ok(Owned::bool(vm.get_attr_opt(obj, attribute_name(vm, "", name)?)?.is_some()))
}

fn dir(vm: &Thread, object: Option<Ref<'_>>) -> PyResult {
    let names = match object {
        None => {
            let locals = evaluate::locals(vm)?;
            vm.call_method(locals.borrow(), &vm.names().keys, &[])?
        }
        Some(object) => match vm.call_special(object, &vm.names().__dir__, &[])? {
            Some(names) => names,
            None => return Err(vm.type_error("object does not provide __dir__")),
        },
    };
    sequence::sorted_list(vm, names.borrow(), None, false)
}

fn divmod(vm: &Thread, x: Ref<'_>, y: Ref<'_>) -> PyResult {
    vm.divmod(x, y)
}

fn format(vm: &Thread, value: Ref<'_>, spec: Option<Ref<'_>>) -> PyResult {
    if let Some(spec) = spec {
        if spec.kind() != Kind::Str {
            let got = vm.type_name(spec);
            return Err(vm.type_error(format_args!("format() argument 2 must be str, not {got}")));
        }
    }
    vm.format(value, spec)
}

fn hash(vm: &Thread, obj: Ref<'_>) -> PyResult {
    vm.int(vm.hash(obj)?)
}

fn id(vm: &Thread, obj: Ref<'_>) -> PyResult {
    vm.uint(obj.id())
}

fn isinstance(vm: &Thread, obj: Ref<'_>, class: Ref<'_>) -> PyResult {
    Ok(Owned::bool(vm.is_instance(obj, class)?))
}

fn issubclass(vm: &Thread, class: Ref<'_>, other: Ref<'_>) -> PyResult {
    Ok(Owned::bool(vm.is_subclass(class, other)?))
}

fn iter(vm: &Thread, object: Ref<'_>, sentinel: Option<Ref<'_>>) -> PyResult {
    match sentinel {
        None => vm.iter(object),
        Some(_) if !vm.is_callable(object) => Err(vm.type_error("iter(v, w): v must be callable")),
        Some(sentinel) => vm.callable_iterator(object, sentinel),
    }
}

fn aiter(vm: &Thread, object: Ref<'_>) -> PyResult {
    let got = || vm.type_name(object);
    let Some(aiter) = vm.class(object).downcast::<Type>().and_then(|class| class.slots.aiter.get()) else {
        return Err(vm.type_error(format_args!("'{}' object is not an async iterable", got())));
    };
    let iterator = aiter(vm, object)?;
    let class = vm.class(iterator.borrow());
    if class.downcast::<Type>().is_some_and(|class| class.slots.anext.get().is_some()) {
        return Ok(iterator);
    }
    let returned = vm.type_name(iterator.borrow());
    Err(vm.type_error(format_args!("aiter() returned not an async iterator of type '{returned}'")))
}

fn anext(vm: &Thread, iterator: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let Some(anext) = vm.class(iterator).downcast::<Type>().and_then(|class| class.slots.anext.get()) else {
        let got = vm.type_name(iterator);
        return Err(vm.type_error(format_args!("'{got}' object is not an async iterator")));
    };
    let awaitable = anext(vm, iterator)?;
    match default {
        Some(default) => crate::types::async_generator::anext_with_default(vm, awaitable, default),
        None => Ok(awaitable),
    }
}

fn breakpoint(vm: &Thread, args: &Args<'_>) -> PyResult {
    match vm.sys_attribute(&vm.names().breakpointhook)? {
        Some(hook) => vm.call_args(hook.borrow(), args),
        None => Err(vm.runtime_error("lost sys.breakpointhook")),
    }
}

fn len(vm: &Thread, obj: Ref<'_>) -> PyResult {
    vm.size(vm.length(obj)?)
}

fn next(vm: &Thread, iterator: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let slots = vm.slots(iterator);
    let next = match (slots.send.get().filter(|_| iterator.kind() == Kind::Generator), slots.next.get()) {
        // A generator's result travels in the StopIteration.
        (Some(send), _) => match send(vm, iterator, Ref::NONE)? {
            Sent::Yield(value) => Ok(Some(value)),
            Sent::Return(_) if default.is_some() => Ok(None),
            Sent::Return(value) => Err(vm.stop_iteration(value.borrow())),
        },
        (None, Some(next)) => next(vm, iterator),
        (None, None) => {
            let got = vm.type_name(iterator);
            return Err(vm.type_error(format_args!("'{got}' object is not an iterator")));
        }
    };
    match (next, default) {
        (Ok(Some(value)), _) => Ok(value),
        (Ok(None), Some(default)) => Ok(default.own()),
        (Ok(None), None) => Err(vm.stop_iteration(Ref::NONE)),
        (Err(raised), Some(default)) if raised.is(&vm.exceptions().StopIteration) => Ok(default.own()),
        (Err(raised), _) => Err(raised),
    }
}

fn pow(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let (base, exp) = (args.required(0), args.required(1));
    match args.optional(2).filter(|modulus| !modulus.is_none()) {
        None => vm.binary(BinaryOp::Pow, base, exp),
        Some(modulus) => vm.power(base, exp, modulus),
    }
}

fn repr(vm: &Thread, obj: Ref<'_>) -> PyResult {
    vm.repr(obj)
}

fn round(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let number = args.required(0);
    let digits = args.optional(1).filter(|digits| !digits.is_none());
    let result = match digits {
        Some(digits) => vm.call_special(number, &vm.names().__round__, &[digits])?,
        None => vm.call_special(number, &vm.names().__round__, &[])?,
    };
    result.ok_or_else(|| {
        vm.type_error(format_args!("type {} doesn't define __round__ method", vm.type_name(number)))
    })
}

fn import(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let level = args.optional(4).map_or(Ok(0), |level| vm.to_i32(level))?;
    crate::import::import(vm, args.required(0), args.optional(1), args.optional(3), level)
}

fn vars(vm: &Thread, object: Option<Ref<'_>>) -> PyResult {
    let Some(object) = object else { return evaluate::locals(vm) };
    match vm.get_attr_opt(object, vm.names().__dict__.borrow())? {
        Some(dict) => Ok(dict),
        None => Err(vm.type_error("vars() argument must have __dict__ attribute")),
    }
}

impl Thread {
    /// Makes the module `builtins`.
    pub fn make_builtins(&self) -> PyResult {
        let module = self.new_module(&BUILTINS)?;
        let dict = self.get_attr(module.borrow(), self.names().__dict__.borrow())?;
        let table = &dict.borrow().downcast::<Dict>().expect("a module's dict").table;
        let mut add = |name: &str, value: Owned| {
            let name = self.intern(name)?;
            table.insert(self, name.borrow(), self.hash(name.borrow())?, value).map(drop)
        };
        add("None", Owned::none())?;
        add("True", Owned::bool(true))?;
        add("False", Owned::bool(false))?;
        add("Ellipsis", Ref::ELLIPSIS.own())?;
        add("NotImplemented", Owned::not_implemented())?;
        add("__debug__", Owned::bool(self.interpreter().config.optimize == 0))?;
        self.types().for_each_builtin(&mut add)?;
        self.exceptions().for_each_builtin(&mut add)?;
        add("EnvironmentError", self.exceptions().OSError.clone())?;
        add("IOError", self.exceptions().OSError.clone())?;
        self.interpreter().builtins.set(dict);
        let name = self.intern("builtins")?;
        self.set_item(self.modules()?.borrow(), name.borrow(), Some(module.borrow()))?;
        Ok(module)
    }
}
