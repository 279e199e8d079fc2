//! Reading JSON: `make_scanner` makes a function from the settings of a JSONDecoder.
//!
//! The text is read as bytes. Indices, which Python counts in characters, are byte offsets until they leave this module.

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::dict::{Dict, Table};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::{decode_error, index_of, string};

payload! {
    /// A scanner.
    pub(super) struct Scanner: Native {
        strict: bool,
        object_hook: Owned,
        object_pairs_hook: Owned,
        parse_float: Owned,
        parse_int: Owned,
        parse_constant: Owned,
    }
}

class! { Scanner => SCANNER; }

/// Members that are objects.
macro_rules! members {
    ($($name:ident, $doc:literal;)*) => {
        &[
            member("strict", |_, this| Ok(Owned::bool(Scanner::of(this).strict)), "Whether control characters are errors."),
            $(member(stringify!($name), |_, this| Ok(Scanner::of(this).$name.clone()), $doc),)*
        ]
    };
}

pub(super) static SCANNER: TypeDef = TypeDef {
    module: "_json",
    flags: TypeFlags { mutable: true, ..TypeFlags::NONE },
    doc: "Reads JSON.",
    getset: members! {
        object_hook, "Called with each dict, if it is not None.";
        object_pairs_hook, "Called with a list of pairs for each object, if it is not None.";
        parse_float, "Called with the text of each number that is no integer.";
        parse_int, "Called with the text of each integer.";
        parse_constant, "Called with NaN, Infinity and -Infinity.";
    },
    attributes: &[MODULE],
    slots: Slots { new: Some(new), call: Some(call), ..Slots::NONE },
    ..TypeDef::new::<Scanner>("Scanner")
};

impl Scanner {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a scanner")
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("make_scanner(context)"), |bound| {
        let context = bound.required(0);
        let attribute = |name: &str| vm.get_attr(context, vm.intern(name)?.borrow());
        let strict = vm.is_true(attribute("strict")?.borrow())?;
        let scanner = Scanner {
            strict,
            object_hook: attribute("object_hook")?,
            object_pairs_hook: attribute("object_pairs_hook")?,
            parse_float: attribute("parse_float")?,
            parse_int: attribute("parse_int")?,
            parse_constant: attribute("parse_constant")?,
        };
        vm.new_object_of(class, scanner)
    })
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("scan_once(string, idx)"), |bound| {
        let source = bound.required(0);
        let index = vm.to_isize(bound.required(1))?;
        let Some(text) = source.downcast::<Str>() else {
            let name = vm.type_name(source);
            return Err(vm.type_error(format_args!("first argument must be a string, not {name}")));
        };
        let Ok(index) = usize::try_from(index) else {
            return Err(vm.value_error("idx cannot be negative"));
        };
        if index >= text.len() {
            return Err(vm.stop_iteration(vm.size(index)?.borrow()));
        }
        let scanner = Scanner::of(this);
        let mut scan = Scan { vm, scanner, source, text, bytes: text.as_bytes(), keys: Keys::default() };
        let (value, end) = scan.value(text.offset(index))?;
        vm.pair(value, vm.size(index_of(text, end))?)
    })
}

/// One run of a scanner.
struct Scan<'a> {
    vm: &'a Thread,
    scanner: &'a Scanner,
    source: Ref<'a>,
    text: &'a Str,
    bytes: &'a [u8],
    keys: Keys,
}

/// A value, and the offset behind it.
type Scanned = PyResult<(Owned, usize)>;

impl Scan<'_> {
    /// The value that starts at an offset.
    fn value(&mut self, at: usize) -> Scanned {
        let vm = self.vm;
        let Some(&first) = self.bytes.get(at) else { return Err(self.stop(at)) };
        match first {
            b'"' => string::scan(vm, self.source, self.text, at + 1, self.scanner.strict),
            b'{' => {
                vm.check_stack()?;
                self.object(at + 1)
            }
            b'[' => {
                vm.check_stack()?;
                self.array(at + 1)
            }
            b'n' if self.has(at, "null") => Ok((Owned::none(), at + 4)),
            b't' if self.has(at, "true") => Ok((Owned::bool(true), at + 4)),
            b'f' if self.has(at, "false") => Ok((Owned::bool(false), at + 5)),
            b'N' if self.has(at, "NaN") => self.constant(at, "NaN"),
            b'I' if self.has(at, "Infinity") => self.constant(at, "Infinity"),
            b'-' if self.has(at, "-Infinity") => self.constant(at, "-Infinity"),
            _ => self.number(at),
        }
    }

    fn has(&self, at: usize, word: &str) -> bool {
        self.bytes[at..].starts_with(word.as_bytes())
    }

    fn constant(&self, at: usize, name: &str) -> Scanned {
        let name_object = self.vm.str(name)?;
        let value = self.vm.call(self.scanner.parse_constant.borrow(), &[name_object.borrow()])?;
        Ok((value, at + name.len()))
    }

    /// There is no value here.
    #[cold]
    fn stop(&self, at: usize) -> Raised {
        match self.vm.size(index_of(self.text, at)) {
            Ok(index) => self.vm.stop_iteration(index.borrow()),
            Err(raised) => raised,
        }
    }

    #[cold]
    fn error(&self, message: &str, at: usize) -> Raised {
        decode_error(self.vm, message, self.source, at as isize)
    }

    fn skip_space(&self, mut at: usize) -> usize {
        while matches!(self.bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }

    /// Goes over the comma between two items; says where the next item starts.
    fn comma(&self, at: usize, close: u8, what: &str) -> PyResult<usize> {
        if self.bytes.get(at) != Some(&b',') {
            return Err(self.error("Expecting ',' delimiter", at));
        }
        let next = self.skip_space(at + 1);
        if self.bytes.get(next) == Some(&close) {
            return Err(self.error(&format!("Illegal trailing comma before end of {what}"), at));
        }
        Ok(next)
    }

    fn array(&mut self, at: usize) -> Scanned {
        let mut items = Vec::new();
        let mut at = self.skip_space(at);
        if self.bytes.get(at) != Some(&b']') {
            loop {
                let (item, end) = self.value(at)?;
                self.vm.push(&mut items, item)?;
                at = self.skip_space(end);
                if self.bytes.get(at) == Some(&b']') {
                    break;
                }
                at = self.comma(at, b']', "array")?;
            }
        }
        Ok((self.vm.list(items)?, at + 1))
    }

    fn object(&mut self, at: usize) -> Scanned {
        let wants_pairs = !self.scanner.object_pairs_hook.borrow().is_none();
        let table = Table::new();
        let mut pairs = Vec::new();
        let mut at = self.skip_space(at);
        if self.bytes.get(at) != Some(&b'}') {
            loop {
                let (key, value, end) = self.entry(at)?;
                if wants_pairs {
                    self.vm.push(&mut pairs, self.vm.pair(key, value)?)?;
                } else {
                    let hash = self.vm.hash(key.borrow())?;
                    drop(table.insert(self.vm, key.borrow(), hash, value)?);
                }
                at = self.skip_space(end);
                if self.bytes.get(at) == Some(&b'}') {
                    break;
                }
                at = self.comma(at, b'}', "object")?;
            }
        }
        let (hook, object) = if wants_pairs {
            (&self.scanner.object_pairs_hook, self.vm.list(pairs)?)
        } else {
            (&self.scanner.object_hook, self.vm.new_object(Dict::new(table))?)
        };
        let object =
            if hook.borrow().is_none() { object } else { self.vm.call(hook.borrow(), &[object.borrow()])? };
        Ok((object, at + 1))
    }

    /// A key and its value.
    fn entry(&mut self, at: usize) -> PyResult<(Owned, Owned, usize)> {
        if self.bytes.get(at) != Some(&b'"') {
            return Err(self.error("Expecting property name enclosed in double quotes", at));
        }
        let (key, end) = self.key(at + 1)?;
        let colon = self.skip_space(end);
        if self.bytes.get(colon) != Some(&b':') {
            return Err(self.error("Expecting ':' delimiter", colon));
        }
        let (value, end) = self.value(self.skip_space(colon + 1))?;
        Ok((key, value, end))
    }

    /// A key; those that come again and again are usually found among the ones made before.
    fn key(&mut self, start: usize) -> Scanned {
        let is_plain = |byte: &u8| *byte >= b' ' && *byte != b'"' && *byte != b'\\';
        let length = self.bytes[start..].iter().take_while(|byte| is_plain(byte)).count();
        let end = start + length;
        if self.bytes.get(end) != Some(&b'"') {
            return string::scan(self.vm, self.source, self.text, start, self.scanner.strict);
        }
        let key =
            self.keys.get(&self.bytes[start..end], || self.vm.text(self.text.text().slice(start..end)))?;
        Ok((key, end + 1))
    }

    fn number(&self, start: usize) -> Scanned {
        let digits = |mut at: usize| {
            while self.bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let mut at = start + usize::from(self.bytes[start] == b'-');
        at = match self.bytes.get(at) {
            Some(b'1'..=b'9') => digits(at),
            Some(b'0') => at + 1,
            _ => return Err(self.stop(start)),
        };
        let mut is_float = false;
        if self.bytes.get(at) == Some(&b'.') && digits(at + 1) > at + 1 {
            is_float = true;
            at = digits(at + 1);
        }
        if matches!(self.bytes.get(at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            let end = digits(at + 1 + sign);
            if end > at + 1 + sign {
                is_float = true;
                at = end;
            }
        }
        let value = if is_float { self.float(start, at) } else { self.int(start, at) };
        Ok((value?, at))
    }

    /// The characters from one offset to another, which are ASCII.
    fn ascii(&self, start: usize, end: usize) -> &str {
        std::str::from_utf8(&self.bytes[start..end]).unwrap_or_default()
    }

    fn float(&self, start: usize, end: usize) -> PyResult {
        let (vm, parse) = (self.vm, self.scanner.parse_float.borrow());
        if parse.is(vm.types().float.borrow())
            && let Ok(value) = self.ascii(start, end).parse()
        {
            return vm.float(value);
        }
        vm.call(parse, &[vm.str(self.ascii(start, end))?.borrow()])
    }

    fn int(&self, start: usize, end: usize) -> PyResult {
        let (vm, parse) = (self.vm, self.scanner.parse_int.borrow());
        if parse.is(vm.types().int.borrow())
            && let Ok(value) = self.ascii(start, end).parse()
        {
            return vm.int(value);
        }
        vm.call(parse, &[vm.str(self.ascii(start, end))?.borrow()])
    }
}

/// Keys made before, each in the place that its bytes choose; a later one takes the place of an earlier one.
#[derive(Default)]
struct Keys(Vec<Option<Owned>>);

impl Keys {
    const PLACES: usize = 256;

    fn get(&mut self, bytes: &[u8], make: impl FnOnce() -> PyResult) -> PyResult {
        if self.0.is_empty() {
            self.0.resize(Self::PLACES, None);
        }
        let mixed = bytes.iter().fold(bytes.len(), |mixed, &byte| mixed.wrapping_mul(31) ^ usize::from(byte));
        let place = &mut self.0[mixed % Self::PLACES];
        if let Some(key) = place
            && key.borrow().downcast::<Str>().is_some_and(|key| key.as_bytes() == bytes)
        {
            return Ok(key.clone());
        }
        let key = make()?;
        *place = Some(key.clone());
        Ok(key)
    }
}
