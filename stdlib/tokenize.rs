//! `_tokenize`: the tokens of a program, comments and blank lines included, for the module `tokenize`.
//!
//! The lexer of the compiler reads a whole source, and stops at the first mistake. This one asks for a line when it needs
//! one, keeps line ends as they are, and lets pass what only a parser would object to.

mod number;
mod scanner;
mod text;

use std::cell::RefCell;
use std::rc::Rc;

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::Slot;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

use scanner::{Lines, Problem, Scanner, Stop, Token};

pub(crate) static TOKENIZE: ModuleDef =
    ModuleDef { types: &[&TOKENIZER_ITER], ..ModuleDef::new("_tokenize") };

payload! {
    /// An iterator of tokens.
    struct TokenizerIter: Native {
        readline: Owned,
        /// What lines are decoded with, if they are bytes.
        encoding: Owned,
        scanner: State,
        /// The line of the last token, for the tokens that stand on it as well.
        line: Slot,
    }
}

/// The scanner; it is absent while it reads, and when there are no more tokens.
struct State {
    scanner: RefCell<Option<Box<Scanner>>>,
    /// The text of `TokenizerIter::line`.
    line: RefCell<Rc<str>>,
}

untraced!(State);
class! { TokenizerIter => TOKENIZER_ITER; }

static TOKENIZER_ITER: TypeDef = TypeDef {
    module: "_tokenize",
    attributes: &[MODULE],
    slots: Slots { new: Some(new), iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<TokenizerIter>("TokenizerIter")
};

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let &[readline] = args.positional() else {
        let given = args.positional().len();
        return Err(vm.type_error(format_args!(
            "tokenizeriter() takes exactly 1 positional argument ({given} given)"
        )));
    };
    let (mut extra_tokens, mut encoding) = (None, Owned::none());
    for (name, value) in args.keywords() {
        match name.downcast::<Str>().map(Str::as_bytes) {
            Some(b"extra_tokens") => extra_tokens = Some(vm.is_true(value)?),
            Some(b"encoding") => {
                if value.downcast::<Str>().is_none() {
                    let got = vm.type_name(value);
                    return Err(vm.type_error(format_args!(
                        "tokenizeriter() argument 'encoding' must be str, not {got}"
                    )));
                }
                encoding = value.own();
            }
            _ => {
                let name = vm.str_string(name)?;
                return Err(vm.type_error(format_args!(
                    "tokenizeriter() got an unexpected keyword argument '{name}'"
                )));
            }
        }
    }
    let Some(extra_tokens) = extra_tokens else {
        return Err(vm.type_error("tokenizeriter() missing required argument 'extra_tokens' (pos 2)"));
    };
    let scanner = State {
        scanner: RefCell::new(Some(Box::new(Scanner::new(extra_tokens)))),
        line: RefCell::new("".into()),
    };
    let (readline, line) = (readline.own(), Slot::empty());
    vm.new_object_of(class, TokenizerIter { readline, encoding, scanner, line })
}

/// There are no more tokens.
fn end(vm: &Thread) -> Raised {
    vm.error(&vm.exceptions().StopIteration, "EOF")
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let it: &TokenizerIter = this.downcast().expect("the receiver is a TokenizerIter");
    let Some(mut scanner) = it.scanner.scanner.take() else { return Err(end(vm)) };
    match scanner.token(&mut Reader { vm, it }) {
        Ok(token) => {
            if !token.is_last() {
                it.scanner.scanner.replace(Some(scanner));
            } else if token.start.0 == 0 {
                return Err(end(vm));
            }
            it.tuple(vm, &token).map(Some)
        }
        Err(Stop::Raised(raised)) => Err(raised),
        Err(Stop::Problem(problem)) => Err(error(vm, &problem)),
    }
}

impl TokenizerIter {
    /// A token as Python sees it.
    fn tuple(&self, vm: &Thread, token: &Token) -> PyResult {
        let place = |(row, column): (u32, i32)| vm.pair(vm.int(row.into())?, vm.int(column.into())?);
        vm.tuple_array([
            vm.int(token.kind.into())?,
            vm.str(&token.text)?,
            place(token.start)?,
            place(token.end)?,
            self.line(vm, &token.line)?,
        ])
    }

    fn line(&self, vm: &Thread, line: &Rc<str>) -> PyResult {
        if let Some(known) = self.line.get()
            && Rc::ptr_eq(&self.scanner.line.borrow(), line)
        {
            return Ok(known);
        }
        let text = vm.str(line)?;
        self.line.set(text.clone());
        self.scanner.line.replace(line.clone());
        Ok(text)
    }
}

/// The exception for a mistake.
fn error(vm: &Thread, problem: &Problem) -> Raised {
    let make = || {
        let exceptions = vm.exceptions();
        let class = match problem.class {
            scanner::Class::Syntax => &exceptions.SyntaxError,
            scanner::Class::Indentation => &exceptions.IndentationError,
            scanner::Class::Tab => &exceptions.TabError,
        };
        let message = vm.str(&problem.message)?;
        let number = |number: i32| vm.int(number.into());
        let Some(text) = &problem.text else {
            let error = vm.call(class.borrow(), &[message.borrow()])?;
            let set = |name: &str, value: Owned| {
                vm.set_attr(error.borrow(), vm.intern(name)?.borrow(), Some(value.borrow()))
            };
            set("filename", vm.str("<string>")?)?;
            set("lineno", number(problem.lineno)?)?;
            set("offset", number(problem.offset)?)?;
            set("end_lineno", number(problem.lineno)?)?;
            return Ok(error);
        };
        let (end_lineno, end_offset) = match problem.end_offset {
            Some(end) => (number(problem.lineno)?, number(end)?),
            None => (Owned::none(), Owned::none()),
        };
        let place = vm.tuple_array([
            vm.str("<string>")?,
            number(problem.lineno)?,
            number(problem.offset)?,
            vm.str(text)?,
            end_lineno,
            end_offset,
        ])?;
        vm.call(class.borrow(), &[message.borrow(), place.borrow()])
    };
    match make() {
        Ok(exception) => Raised::new(exception),
        Err(raised) => raised,
    }
}

/// Reads lines with the function that Python gave.
struct Reader<'a> {
    vm: &'a Thread,
    it: &'a TokenizerIter,
}

impl Lines for Reader<'_> {
    fn line(&mut self) -> PyResult<Option<String>> {
        let vm = self.vm;
        let line = match vm.call(self.it.readline.borrow(), &[]) {
            Ok(line) => line,
            Err(raised) if raised.is(&vm.exceptions().StopIteration) => return Ok(None),
            Err(raised) => return Err(raised),
        };
        let encoding = self.it.encoding.borrow();
        let line = if encoding.is_none() {
            line
        } else if vm.is_instance(line.borrow(), vm.types().bytes.borrow())? {
            let decode = vm.intern("decode")?;
            vm.call_method(line.borrow(), &decode, &[encoding, vm.intern("replace")?.borrow()])?
        } else {
            return Err(vm.type_error("readline() returned a non-bytes object"));
        };
        if line.borrow().downcast::<Str>().is_none() {
            return Err(vm.type_error("readline() returned a non-string object"));
        }
        let text = vm.utf8(line.borrow())?;
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }
}
