//! `reader`: rows from lines, by an automaton that sees one character after the other.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::dialect::{self, Dialect, Quoting};
use super::{error, with_state};

payload! {
    /// A reader.
    pub(super) struct Reader: Native {
        lines: Owned,
        dialect: Owned,
        line_number: Cell<u64>,
    }
}

class! { Reader => READER; }

pub(super) static READER: TypeDef = TypeDef {
    module: "_csv",
    flags: TypeFlags { no_new: true, ..TypeFlags::BASE },
    doc: "An iterator of the rows in lines of text, as lists.",
    getset: &[
        member("dialect", |_, this| Ok(Reader::of(this).dialect.clone()), "How the lines are read."),
        member(
            "line_num",
            |vm, this| vm.uint(Reader::of(this).line_number.get()),
            "How many lines have been read.",
        ),
    ],
    attributes: &[MODULE],
    slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<Reader>("reader")
};

/// `reader(iterable, dialect='excel', **fmtparams)`
pub(super) fn reader(vm: &Thread, args: &Args<'_>) -> PyResult {
    let given = args.positional();
    constructor::count(vm, "reader", given.len(), 1, 2)?;
    let lines = vm.iter(given[0])?;
    let dialect = dialect::from_call(vm, given.get(1).copied(), args)?;
    vm.new_object(Reader { lines, dialect, line_number: Cell::new(0) })
}

/// What the automaton has seen.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    StartRecord,
    StartField,
    EscapedChar,
    InField,
    InQuotedField,
    EscapeInQuotedField,
    QuoteInQuotedField,
    EatLineEnd,
    AfterEscapedLineEnd,
}

/// A row on its way.
#[derive(Default)]
struct Row {
    state: State,
    fields: Vec<Owned>,
    field: TextBuf,
    /// Characters in the field.
    length: i64,
    /// Whether the field did not start with a quote.
    unquoted: bool,
}

/// What goes to the automaton at the end of a line.
const END: Option<u32> = None;
const LF: Option<u32> = Some(b'\n' as u32);
const CR: Option<u32> = Some(b'\r' as u32);

fn is_line_end(code: Option<u32>) -> bool {
    code == END || code == LF || code == CR
}

impl Reader {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a reader")
    }
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let reader = Reader::of(this);
    let dialect = Dialect::of(reader.dialect.borrow());
    let limit = with_state(vm, |state| Ok(state.limit.get()))?;
    let mut parser = Parser { vm, dialect, limit, row: Row::default() };
    loop {
        let before = reader.line_number.get();
        let line = vm.next(reader.lines.borrow())?;
        if reader.line_number.get() != before {
            return Err(error(vm, "iterator has already advanced the reader"));
        }
        let Some(line) = line else {
            if parser.row.length == 0 && parser.row.state != State::InQuotedField {
                return Ok(None);
            }
            if dialect.strict {
                return Err(error(vm, "unexpected end of data"));
            }
            parser.save_field()?;
            break;
        };
        let Some(text) = line.borrow().downcast::<Str>() else {
            let name = vm.type_name(line.borrow());
            return Err(error(
                vm,
                format_args!(
                    "iterator should return strings, not {name} (the file should be opened in text mode)"
                ),
            ));
        };
        reader.line_number.set(reader.line_number.get() + 1);
        for code in text.text().code_points() {
            parser.take(Some(code))?;
        }
        parser.take(END)?;
        if parser.row.state == State::StartRecord {
            break;
        }
    }
    vm.list(parser.row.fields).map(Some)
}

struct Parser<'a> {
    vm: &'a Thread,
    dialect: &'a Dialect,
    limit: i64,
    row: Row,
}

impl Parser<'_> {
    /// Takes a character, or the end of a line.
    #[inline]
    fn take(&mut self, code: Option<u32>) -> PyResult<()> {
        let dialect = self.dialect;
        let is_delimiter = code == Some(dialect.delimiter);
        let is_escape = code.is_some() && code == dialect.escapechar;
        let is_quote = code.is_some() && code == dialect.quotechar && dialect.quoting != Quoting::None;
        match self.row.state {
            State::StartRecord if code == END => Ok(()),
            State::StartRecord if is_line_end(code) => {
                self.row.state = State::EatLineEnd;
                Ok(())
            }
            State::StartRecord | State::StartField => {
                self.row.unquoted = true;
                if is_line_end(code) {
                    return self.end_record(code);
                }
                if is_quote {
                    self.row.unquoted = false;
                    self.row.state = State::InQuotedField;
                } else if is_escape {
                    self.row.state = State::EscapedChar;
                } else if code == Some(u32::from(' ')) && dialect.skipinitialspace {
                    self.row.state = State::StartField;
                } else if is_delimiter {
                    self.row.state = State::StartField;
                    return self.save_field();
                } else {
                    self.row.state = State::InField;
                    return self.add(code);
                }
                Ok(())
            }
            State::EscapedChar => {
                let ends = code == LF || code == CR;
                self.row.state = if ends { State::AfterEscapedLineEnd } else { State::InField };
                self.add(code.or(LF))
            }
            State::AfterEscapedLineEnd if code == END => Ok(()),
            State::AfterEscapedLineEnd | State::InField => {
                self.row.state = State::InField;
                if is_line_end(code) {
                    self.end_record(code)
                } else if is_escape {
                    self.row.state = State::EscapedChar;
                    Ok(())
                } else if is_delimiter {
                    self.row.state = State::StartField;
                    self.save_field()
                } else {
                    self.add(code)
                }
            }
            State::InQuotedField => {
                if code == END {
                } else if is_escape {
                    self.row.state = State::EscapeInQuotedField;
                } else if is_quote {
                    self.row.state =
                        if dialect.doublequote { State::QuoteInQuotedField } else { State::InField };
                } else {
                    return self.add(code);
                }
                Ok(())
            }
            State::EscapeInQuotedField => {
                self.row.state = State::InQuotedField;
                self.add(code.or(LF))
            }
            State::QuoteInQuotedField => {
                if is_quote {
                    self.row.state = State::InQuotedField;
                    self.add(code)
                } else if is_delimiter {
                    self.row.state = State::StartField;
                    self.save_field()
                } else if is_line_end(code) {
                    self.end_record(code)
                } else if dialect.strict {
                    Err(self.delimiter_expected())
                } else {
                    self.row.state = State::InField;
                    self.add(code)
                }
            }
            State::EatLineEnd => match code {
                END => {
                    self.row.state = State::StartRecord;
                    Ok(())
                }
                LF | CR => Ok(()),
                _ => Err(error(
                    self.vm,
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                )),
            },
        }
    }

    #[cold]
    fn delimiter_expected(&self) -> Raised {
        let text = |code: Option<u32>| code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        let (delimiter, quote) = (text(Some(self.dialect.delimiter)), text(self.dialect.quotechar));
        error(self.vm, format_args!("'{delimiter}' expected after '{quote}'"))
    }

    /// Ends the field and the record, at the end of a line or at the characters that end it.
    fn end_record(&mut self, code: Option<u32>) -> PyResult<()> {
        self.save_field()?;
        self.row.state = if code == END { State::StartRecord } else { State::EatLineEnd };
        Ok(())
    }

    fn add(&mut self, code: Option<u32>) -> PyResult<()> {
        if self.row.length >= self.limit {
            return Err(error(self.vm, format_args!("field larger than field limit ({})", self.limit)));
        }
        if let Some(code) = code {
            self.row.field.push(code);
            self.row.length += 1;
        }
        Ok(())
    }

    fn save_field(&mut self) -> PyResult<()> {
        let (vm, row, quoting) = (self.vm, &mut self.row, self.dialect.quoting);
        let empty = row.length == 0;
        let field = if row.unquoted && empty && matches!(quoting, Quoting::NotNull | Quoting::Strings) {
            Owned::none()
        } else {
            let text = vm.text(row.field.as_text())?;
            if row.unquoted && !empty && matches!(quoting, Quoting::NonNumeric | Quoting::Strings) {
                vm.call(vm.types().float.borrow(), &[text.borrow()])?
            } else {
                text
            }
        };
        row.field.truncate(0);
        row.length = 0;
        vm.push(&mut row.fields, field)
    }
}
