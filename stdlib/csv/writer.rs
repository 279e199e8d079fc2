//! `writer`: rows to text.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::text::wtf8::{Text, TextBuf};
use pyx_vm::types::constructor;
use pyx_vm::types::sequence::push_str;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::dialect::{self, Dialect, Quoting};
use super::error;

payload! {
    /// A writer.
    pub(super) struct Writer: Native {
        /// The file's method `write`.
        write: Owned,
        dialect: Owned,
    }
}

class! { Writer => WRITER; }

pub(super) static WRITER: TypeDef = TypeDef {
    module: "_csv",
    flags: TypeFlags { no_new: true, ..TypeFlags::BASE },
    doc: "Writes rows to a file.",
    methods: &[
        method(
            "writerow($self, row, /)",
            Two(writerow),
            "Write the items of an iterable as a row; return what the file's write() does.",
        ),
        method("writerows($self, rows, /)", Two(writerows), "Write each of the rows of an iterable."),
    ],
    getset: &[member("dialect", |_, this| Ok(Writer::of(this).dialect.clone()), "How the rows are written.")],
    attributes: &[MODULE],
    ..TypeDef::new::<Writer>("writer")
};

/// `writer(fileobj, dialect='excel', **fmtparams)`
pub(super) fn writer(vm: &Thread, args: &Args<'_>) -> PyResult {
    let given = args.positional();
    constructor::count(vm, "writer", given.len(), 1, 2)?;
    let dialect = dialect::from_call(vm, given.get(1).copied(), args)?;
    let write = vm.get_attr_opt(given[0], vm.intern("write")?.borrow())?;
    match write.filter(|write| vm.is_callable(write.borrow())) {
        Some(write) => vm.new_object(Writer { write, dialect }),
        None => Err(vm.type_error("argument 1 must have a \"write\" method")),
    }
}

impl Writer {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a writer")
    }
}

fn writerows(vm: &Thread, this: Ref<'_>, rows: Ref<'_>) -> PyResult {
    let rows = vm.iter(rows)?;
    vm.iterate(rows.borrow(), &mut |row| writerow(vm, this, row.borrow()).map(drop))?;
    none()
}

fn writerow(vm: &Thread, this: Ref<'_>, row: Ref<'_>) -> PyResult {
    let writer = Writer::of(this);
    let dialect = Dialect::of(writer.dialect.borrow());
    let fields = vm.iter(row).map_err(|raised| {
        if raised.is(&vm.exceptions().TypeError) {
            error(vm, format_args!("iterable expected, not {}", vm.type_name(row)))
        } else {
            raised
        }
    })?;
    let mut line = Line { vm, dialect, text: TextBuf::new(), fields: 0 };
    let mut last_is_none = false;
    vm.iterate(fields.borrow(), &mut |field| {
        last_is_none = field.borrow().is_none();
        line.add_value(field.borrow())
    })?;
    if line.fields > 0 && line.text.is_empty() {
        let nulls = matches!(dialect.quoting, Quoting::Strings | Quoting::NotNull);
        if dialect.quoting == Quoting::None || (last_is_none && nulls) {
            return Err(error(vm, "single empty field record must be quoted"));
        }
        line.fields -= 1;
        line.add(None, true)?;
    }
    push_str(&mut line.text, dialect.lineterminator.borrow());
    vm.call(writer.write.borrow(), &[vm.text(line.text.as_text())?.borrow()])
}

/// A row on its way.
struct Line<'a> {
    vm: &'a Thread,
    dialect: &'a Dialect,
    text: TextBuf,
    fields: usize,
}

impl Line<'_> {
    fn add_value(&mut self, value: Ref<'_>) -> PyResult<()> {
        let vm = self.vm;
        let text = value.downcast::<Str>();
        let quoted = match self.dialect.quoting {
            Quoting::NonNumeric => !vm.is_number(value),
            Quoting::All => true,
            Quoting::Strings => text.is_some(),
            Quoting::NotNull => !value.is_none(),
            Quoting::Minimal | Quoting::None => false,
        };
        match text {
            Some(text) => self.add(Some(text.text()), quoted),
            None if value.is_none() => self.add(None, quoted),
            None => {
                let text: Owned = vm.to_str(value)?;
                self.add(text.borrow().downcast::<Str>().map(Str::text), quoted)
            }
        }
    }

    /// Adds a field, which is quoted if it must be. There is no text where the value is None.
    fn add(&mut self, field: Option<Text<'_>>, mut quoted: bool) -> PyResult<()> {
        let dialect = self.dialect;
        if self.fields > 0 {
            self.text.push(dialect.delimiter);
        }
        self.fields += 1;
        let mut body = TextBuf::new();
        for code in field.unwrap_or(Text::EMPTY).code_points() {
            quoted |= self.add_character(&mut body, code)?;
        }
        if body.is_empty() && dialect.delimiter == u32::from(' ') && dialect.skipinitialspace {
            let nulls = matches!(dialect.quoting, Quoting::Strings | Quoting::NotNull);
            if dialect.quoting == Quoting::None || (field.is_none() && nulls) {
                return Err(error(
                    self.vm,
                    "empty field must be quoted if delimiter is a space and skipinitialspace is true",
                ));
            }
            quoted = true;
        }
        let quote = dialect.quotechar.filter(|_| quoted);
        quote.into_iter().for_each(|quote| self.text.push(quote));
        self.text.push_text(body.as_text());
        quote.into_iter().for_each(|quote| self.text.push(quote));
        Ok(())
    }

    /// Adds a character, with an escape if it needs one; says whether the field must be quoted for it.
    fn add_character(&self, body: &mut TextBuf, code: u32) -> PyResult<bool> {
        let dialect = self.dialect;
        let (is_quote, is_escape) = (Some(code) == dialect.quotechar, Some(code) == dialect.escapechar);
        let special = code == dialect.delimiter
            || is_quote
            || is_escape
            || code == u32::from('\n')
            || code == u32::from('\r')
            || dialect.terminates(code);
        let mut needs_quotes = false;
        if special {
            let escapes = if dialect.quoting == Quoting::None {
                true
            } else if is_quote && dialect.doublequote {
                body.push(code);
                false
            } else {
                is_quote || is_escape
            };
            if escapes {
                let Some(escape) = dialect.escapechar else {
                    return Err(error(self.vm, "need to escape, but no escapechar set"));
                };
                body.push(escape);
            }
            needs_quotes = !escapes;
        }
        body.push(code);
        Ok(needs_quotes)
    }
}
