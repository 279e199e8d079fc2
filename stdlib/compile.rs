//! The compiler hook: what `compile()`, the import system and the prompt call.

use pyx_compiler::Options;
use pyx_compiler::bytecode::code::flags;
use pyx_compiler::stack::StackLimit;
use pyx_grammar::ast::{Interactive, Mod};
use pyx_grammar::{
    Bump, ErrorKind, Locations, Mode, Origin, ParseOptions, Source, SyntaxError, SyntaxWarning,
};
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::{CompileRequest, Thread};

use crate::ast::{self, flag};

/// `PyCF_DONT_IMPLY_DEDENT`: a block at the end of the input stays open until an empty line.
pub const DONT_IMPLY_DEDENT: u32 = 0x200;

/// `PyCF_ALLOW_INCOMPLETE_INPUT`: input that could go on is an `_IncompleteInputError`.
pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;

/// Turns source text into a code object.
pub fn compile(vm: &Thread, request: &CompileRequest<'_>) -> PyResult {
    let mode = match request.mode {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "interactive" => Mode::Interactive,
        "func_type" if request.flags & flag::ONLY_AST != 0 => Mode::FuncType,
        "func_type" => return Err(vm.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST")),
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval' or 'single'")),
    };
    let arena = Bump::new();
    let mut warnings = Vec::new();
    if ast::is_node(vm, request.source)? {
        let root = match mode {
            Mode::Eval => "Expression",
            Mode::Single => "Interactive",
            Mode::Interactive => cell_root(vm, request.source),
            Mode::Exec => "Module",
            Mode::FuncType => "FunctionType",
        };
        if request.flags & flag::ONLY_AST != 0 {
            return ast::remake(vm, request.source, root);
        }
        let mut parts = ast::Tree::default();
        let tree = ast::read(vm, request.source, root, &arena, &mut parts)?;
        let tree = match tree {
            Mod::Module(module) if mode == Mode::Interactive => {
                Mod::Interactive(arena.alloc(Interactive { body: module.body }))
            }
            tree => tree,
        };
        let locations = Locations::of_table(&parts.positions);
        return generate(vm, request, tree, &locations, &parts.objects, &mut warnings);
    }
    let source = source_of(vm, request)?;
    let options = ParseOptions {
        type_comments: request.flags & flag::TYPE_COMMENTS != 0,
        feature_version: u8::try_from(request.feature_version)
            .unwrap_or(ParseOptions::default().feature_version),
        allow_incomplete_input: request.flags & ALLOW_INCOMPLETE_INPUT != 0,
        dont_imply_dedent: request.flags & DONT_IMPLY_DEDENT != 0,
        barry_as_flufl: request.flags & flags::FUTURE_BARRY_AS_BDFL != 0,
        int_max_str_digits: u32::try_from(vm.max_str_digits()).unwrap_or(u32::MAX),
    };
    let parsed = pyx_grammar::parse(&source, mode, options, &arena, &mut warnings);
    let tree = match parsed {
        Ok(tree) => tree,
        Err(error) => {
            warn(vm, request.filename, &mut warnings)?;
            let raised = syntax_error(vm, &error, request.filename);
            if let Some((line, column)) = error.after {
                let text = if request.is_file { Owned::none() } else { vm.str(source.text())? };
                let known = vm.tuple(vec![vm.int(line.into())?, vm.int(column.into())?, text])?;
                vm.set_attr(raised.exception(), vm.intern("_metadata")?.borrow(), Some(known.borrow()))?;
            }
            return Err(raised);
        }
    };
    let locations = Locations::of_source(&source);
    if request.flags & flag::ONLY_AST != 0 {
        warn(vm, request.filename, &mut warnings)?;
        return ast::write(vm, tree, &locations, &[]);
    }
    generate(vm, request, tree, &locations, &[], &mut warnings)
}

/// The root that a tree has which is compiled as a cell: any of those that hold code.
fn cell_root(vm: &Thread, tree: Ref<'_>) -> &'static str {
    match vm.type_name(tree).as_ref() {
        "Module" => "Module",
        "Expression" => "Expression",
        _ => "Interactive",
    }
}

/// The code of a tree; `objects` are the values of the constants that the tree only numbers.
fn generate(
    vm: &Thread,
    request: &CompileRequest<'_>,
    tree: Mod<'_>,
    locations: &Locations<'_>,
    objects: &[Owned],
    warnings: &mut Vec<SyntaxWarning>,
) -> PyResult {
    let filename = request.filename.downcast::<Str>().map_or(&b"<string>"[..], Str::as_bytes);
    let optimize = if request.optimize < 0 { vm.optimize_level() } else { request.optimize as u8 };
    let options = Options {
        optimize,
        flags: request.flags,
        display: request.display,
        return_display: request.return_display,
        stack: StackLimit::at(vm.stack_limit()),
    };
    let compiled = pyx_compiler::compile(tree, locations, filename, &options, warnings);
    warn(vm, request.filename, warnings)?;
    let code = compiled.map_err(|error| syntax_error(vm, &error, request.filename))?;
    vm.new_code(&code, objects)
}

/// Gives the warnings. One that the filters turn into an exception is a syntax error.
fn warn(vm: &Thread, filename: Ref<'_>, warnings: &mut Vec<SyntaxWarning>) -> PyResult<()> {
    let category = &vm.exceptions().SyntaxWarning;
    for warning in warnings.drain(..) {
        match vm.warn_explicit(category, &warning.message, filename, warning.lineno) {
            Err(raised) if raised.is(category) => {
                return Err(syntax_error(vm, &warning.as_error, filename));
            }
            result => result?,
        }
    }
    Ok(())
}

fn source_of(vm: &Thread, request: &CompileRequest<'_>) -> PyResult<Source> {
    if request.source.downcast::<Str>().is_some() {
        let text = vm.utf8(request.source)?;
        if text.contains('\0') {
            return Err(vm.syntax_error("source code string cannot contain null bytes"));
        }
        return Ok(Source::new(text));
    }
    let Ok(bytes) = vm.copy_bytes_like(request.source) else {
        return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object"));
    };
    let file = vm.str_string(request.filename)?;
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        if request.is_file {
            return Err(syntax_error(vm, &null_byte(&bytes, at), request.filename));
        }
        return Err(vm.syntax_error("source code string cannot contain null bytes"));
    }
    let mut other = |encoding: &str, bytes: &[u8]| decode(vm, encoding, bytes);
    let origin = if request.is_file { Origin::File(&file) } else { Origin::Memory };
    Source::decode(&bytes, origin, &mut other).map_err(|error| syntax_error(vm, &error, request.filename))
}

/// The error about a null byte in a file, whose line it ends.
fn null_byte(bytes: &[u8], at: usize) -> SyntaxError {
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lineno = 1 + memchr::memchr_iter(b'\n', &bytes[..at]).count() as i32;
    SyntaxError {
        kind: ErrorKind::Syntax,
        message: "source code cannot contain null bytes".to_owned(),
        lineno,
        offset: 0,
        end_lineno: lineno,
        end_offset: 0,
        text: Some(String::from_utf8_lossy(&bytes[start..at]).into_owned()),
        incomplete: false,
        after: None,
    }
}

/// The text of a source in an encoding that only the codecs of the library know, or why there is none.
fn decode(vm: &Thread, encoding: &str, bytes: &[u8]) -> Result<String, String> {
    let decode = || {
        let (bytes, encoding) = (vm.bytes(bytes)?, vm.str(encoding)?);
        vm.call(vm.types().str.borrow(), &[bytes.borrow(), encoding.borrow()])
    };
    match decode() {
        Ok(text) => {
            Ok(text.borrow().downcast::<Str>().map_or_else(String::new, |text| text.to_string_lossy().into()))
        }
        Err(raised) if raised.is(&vm.exceptions().LookupError) => {
            Err(format!("unknown encoding: {encoding}"))
        }
        Err(raised) => Err(vm.str_string(raised.exception()).unwrap_or_default()),
    }
}

/// The Python exception for a syntax error.
pub fn syntax_error(vm: &Thread, error: &SyntaxError, filename: Ref<'_>) -> Raised {
    match build(vm, error, filename) {
        Ok(exception) => Raised::new(exception),
        Err(raised) => raised,
    }
}

fn build(vm: &Thread, error: &SyntaxError, filename: Ref<'_>) -> PyResult {
    let classes = vm.exceptions();
    let class = match error.kind {
        ErrorKind::Syntax => &classes.SyntaxError,
        ErrorKind::Indentation => &classes.IndentationError,
        ErrorKind::Tab => &classes.TabError,
        ErrorKind::IncompleteInput => &classes._IncompleteInputError,
        ErrorKind::Value => return Ok(vm.value_error(&error.message).into_exception()),
        ErrorKind::Recursion => return Ok(vm.recursion_error(&error.message).into_exception()),
        ErrorKind::Memory => return Ok(vm.memory_error().into_exception()),
    };
    let text = match &error.text {
        Some(text) => vm.str(text)?,
        None => match vm.line_of_file(&vm.str_string(filename)?, error.lineno) {
            Some(text) => vm.str(&text)?,
            None => Owned::none(),
        },
    };
    let details = vm.tuple(vec![
        filename.own(),
        vm.int(error.lineno.into())?,
        vm.int(error.offset.into())?,
        text,
        vm.int(error.end_lineno.into())?,
        vm.int(error.end_offset.into())?,
    ])?;
    let message = vm.str(&error.message)?;
    vm.call(class.borrow(), &[message.borrow(), details.borrow()])
}
