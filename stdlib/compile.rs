//! The compiler hook: what `compile()`, the import system and the prompt call.

use pyx_compiler::Options;
use pyx_grammar::ast::Mod;
use pyx_grammar::{
    Bump, ErrorKind, Locations, Mode, Origin, ParseOptions, Source, SyntaxError, SyntaxWarning,
};
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str};
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
        _ => return Err(vm.value_error("compile() mode must be 'exec', 'eval', 'single' or 'interactive'")),
    };
    let arena = Bump::new();
    let mut warnings = Vec::new();
    if ast::is_node(vm, request.source)? {
        let root = match mode {
            Mode::Eval => "Expression",
            Mode::Single | Mode::Interactive => "Interactive",
            Mode::Exec => "Module",
            Mode::FuncType => "FunctionType",
        };
        if request.flags & flag::ONLY_AST != 0 {
            return ast::remake(vm, request.source, root);
        }
        let mut parts = ast::Tree::default();
        let tree = ast::read(vm, request.source, root, &arena, &mut parts)?;
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
        ..ParseOptions::default()
    };
    let tree = pyx_grammar::parse(&source, mode, options, &arena, &mut warnings);
    // What was noticed before an error is told of before it.
    give_warnings(vm, request, &mut warnings)?;
    let tree = tree.map_err(|error| syntax_error(vm, &error, request.filename))?;
    let locations = Locations::of_source(&source);
    if request.flags & flag::ONLY_AST != 0 {
        return ast::write(vm, tree, &locations, &[]);
    }
    generate(vm, request, tree, &locations, &[], &mut warnings)
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
        ..Options::default()
    };
    let code = pyx_compiler::compile(tree, locations, filename, &options, warnings);
    give_warnings(vm, request, warnings)?;
    vm.new_code(&code.map_err(|error| syntax_error(vm, &error, request.filename))?, objects)
}

/// Gives the warnings of a pass; a filter may turn one into an error.
fn give_warnings(
    vm: &Thread,
    request: &CompileRequest<'_>,
    warnings: &mut Vec<SyntaxWarning>,
) -> PyResult<()> {
    let class = &vm.exceptions().SyntaxWarning;
    for warning in warnings.drain(..) {
        match vm.warn_explicit(class, &warning.message, request.filename, warning.lineno) {
            Err(raised) if raised.is(class) => {
                return Err(syntax_error(vm, &warning.as_error, request.filename));
            }
            result => result?,
        }
    }
    Ok(())
}

fn source_of(vm: &Thread, request: &CompileRequest<'_>) -> PyResult<Source> {
    let copied;
    let bytes = match (request.source.downcast::<Str>(), request.source.downcast::<Bytes>()) {
        (Some(_), _) => vm.utf8(request.source)?.as_bytes(),
        (None, Some(bytes)) => bytes.as_bytes(),
        (None, None) if vm.exports_buffer(request.source) => {
            copied = vm.copy_bytes_like(request.source)?;
            &copied
        }
        (None, None) => {
            return Err(vm.type_error("compile() arg 1 must be a string, bytes or AST object"));
        }
    };
    if bytes.contains(&0) {
        return Err(vm.syntax_error("source code string cannot contain null bytes"));
    }
    if request.source.downcast::<Str>().is_some() {
        return Ok(Source::new(String::from_utf8_lossy(bytes)));
    }
    let mut other = |encoding: &str, _: &[u8]| Err(format!("unknown encoding: {encoding}"));
    Source::decode(bytes, Origin::Memory, &mut other)
        .map_err(|error| syntax_error(vm, &error, request.filename))
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
        None => Owned::none(),
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
