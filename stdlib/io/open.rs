//! `open`, which puts the classes together.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::buffered::{self, BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER};
use super::file::FILE_IO;
use super::support::{DEFAULT_BUFFER_SIZE, ask, call, chained, get, optional_str, set};
use super::text::TEXT_IO_WRAPPER;

/// The largest block size that is taken for a buffer's size.
const LARGEST_BLOCK: usize = 8 * 1024 * 1024;

/// What the argument `mode` says.
#[derive(Default)]
struct Mode {
    reading: bool,
    writing: bool,
    appending: bool,
    creating: bool,
    updating: bool,
    binary: bool,
    text: bool,
}

impl Mode {
    fn parse(vm: &Thread, text: &str) -> PyResult<Self> {
        let mut mode = Self::default();
        for (index, character) in text.chars().enumerate() {
            match character {
                'r' => mode.reading = true,
                'w' => mode.writing = true,
                'a' => mode.appending = true,
                'x' => mode.creating = true,
                '+' => mode.updating = true,
                'b' => mode.binary = true,
                't' => mode.text = true,
                _ => return Err(invalid(vm, text)),
            }
            if text.chars().take(index).any(|before| before == character) {
                return Err(invalid(vm, text));
            }
        }
        if mode.binary && mode.text {
            return Err(vm.value_error("can't have text and binary mode at once"));
        }
        if [mode.reading, mode.writing, mode.appending, mode.creating].iter().filter(|&&kind| kind).count()
            > 1
        {
            return Err(vm.value_error("must have exactly one of create/read/write/append mode"));
        }
        Ok(mode)
    }

    /// The mode of the raw file.
    fn raw(&self) -> String {
        let flags = [
            (self.creating, 'x'),
            (self.reading, 'r'),
            (self.writing, 'w'),
            (self.appending, 'a'),
            (self.updating, '+'),
        ];
        flags.iter().filter(|(on, _)| *on).map(|(_, flag)| *flag).collect()
    }

    /// The class that puts a buffer before the raw file.
    fn buffered(&self) -> &'static TypeDef {
        if self.updating {
            &BUFFERED_RANDOM
        } else if self.creating || self.writing || self.appending {
            &BUFFERED_WRITER
        } else {
            &BUFFERED_READER
        }
    }
}

#[cold]
fn invalid(vm: &Thread, mode: &str) -> pyx_vm::exception::Raised {
    vm.value_error(format_args!("invalid mode: '{mode}'"))
}

/// `open(...)`
pub(crate) fn open(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let mode_object = arguments.optional(1);
    let mode_text = match mode_object {
        Some(mode) => vm.str_argument("open() argument 'mode'", mode)?.to_string_lossy(),
        None => "r".into(),
    };
    let buffering = arguments.optional(2).map_or(Ok(-1), |buffering| vm.to_c_int(buffering))?;
    let place = |name| format!("open() argument '{name}'");
    let encoding = optional_str(vm, &place("encoding"), arguments.optional(3))?;
    let errors = optional_str(vm, &place("errors"), arguments.optional(4))?;
    let newline = optional_str(vm, &place("newline"), arguments.optional(5))?;
    let closefd = arguments.optional(6).map_or(Ok(true), |closefd| vm.is_true(closefd))?;
    let file = arguments.required(0);
    let path = if int_value(file).is_some() { file.own() } else { vm.fspath(file)? };
    let mode = Mode::parse(vm, &mode_text)?;
    if mode.binary {
        for (argument, name) in [(encoding, "an encoding"), (errors, "an errors"), (newline, "a newline")] {
            if argument.is_some() {
                return Err(vm.value_error(format_args!("binary mode doesn't take {name} argument")));
            }
        }
        if buffering == 1 {
            vm.warn(
                &vm.exceptions().RuntimeWarning,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
            )?;
        }
    }
    let raw_class = vm.class_of(&FILE_IO)?;
    let (raw_mode, closefd) = (vm.str(&mode.raw())?, Owned::bool(closefd));
    let opener = arguments.optional(7).unwrap_or(Ref::NONE);
    let raw = vm.call(raw_class.borrow(), &[path.borrow(), raw_mode.borrow(), closefd.borrow(), opener])?;
    let texts = [encoding, errors, newline];
    let mode_object = mode_object.map_or_else(|| vm.str("r"), |mode| Ok(mode.own()))?;
    // Whatever has been made is closed if the rest fails.
    let mut outer = raw.clone();
    match complete(vm, &raw, &mode, &mode_object, buffering, texts, &mut outer) {
        Ok(()) => Ok(outer),
        Err(raised) => Err(match call(vm, outer.borrow(), "close", &[]) {
            Ok(_) => raised,
            Err(second) => chained(vm, raised, second),
        }),
    }
}

fn complete(
    vm: &Thread,
    raw: &Owned,
    mode: &Mode,
    mode_object: &Owned,
    mut buffering: i32,
    texts: [Option<Ref<'_>>; 3],
    outer: &mut Owned,
) -> PyResult<()> {
    let is_terminal = buffering < 0 && ask(vm, raw.borrow(), "_isatty_open_only")?;
    let line_buffering = buffering == 1 || is_terminal;
    if line_buffering {
        buffering = -1;
    }
    if buffering == 0 {
        if !mode.binary {
            return Err(vm.value_error("can't have unbuffered text I/O"));
        }
        return Ok(());
    }
    let size = match usize::try_from(buffering) {
        Ok(size) => size,
        Err(_) => {
            let block = vm.to_isize(get(vm, raw.borrow(), "_blksize")?.borrow())?;
            usize::try_from(block).unwrap_or(0).clamp(DEFAULT_BUFFER_SIZE, LARGEST_BLOCK)
        }
    };
    *outer = buffered::make(vm, mode.buffered(), raw.borrow(), size)?;
    if mode.binary {
        return Ok(());
    }
    let class = vm.class_of(&TEXT_IO_WRAPPER)?;
    let [encoding, errors, newline] = texts.map(|text| text.unwrap_or(Ref::NONE));
    let line_buffering = Owned::bool(line_buffering);
    *outer =
        vm.call(class.borrow(), &[outer.borrow(), encoding, errors, newline, line_buffering.borrow()])?;
    set(vm, outer.borrow(), "mode", mode_object.borrow())
}
