//! `_opcode`: the opcode table, for `opcode` and `dis`.
//!
//! The library's own `dis` knows CPython's stack machine; pyx has a `dis` of its own (`overlays/dis.py`) with the same
//! interface, which gets the instructions from [`instructions`].

use pyx_compiler::bytecode::disassemble;
use pyx_compiler::bytecode::opcode::Opcode;
use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::types::code::Code;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// A function that tells whether the operands of an instruction, as the opcode table has them, contain a text.
macro_rules! has {
    ($what:literal, $text:literal, $doc:literal) => {
        function(
            concat!("has_", $what, "($module, /, opcode)"),
            One(|vm, opcode| has(vm, opcode, $text)),
            concat!("Whether ", $doc, "."),
        )
    };
}

pub(crate) static OPCODE: ModuleDef = ModuleDef {
    doc: "The instructions of pyx.",
    functions: &[
        function(
            "_instructions($module, code, /)",
            One(instructions),
            "The instructions of a code object, as tuples: the offset, the length, the opcode or -1, the operands as text,\n\
             and, each of them or None, the offset that it may jump to, the number of its label, and the index of its constant.",
        ),
        function(
            "get_executor($module, /, code, offset)",
            Two(|vm, _, _| Err(vm.runtime_error("Executors are not available in this build"))),
            "The trace at an offset of a code object: there are none.",
        ),
        function(
            "get_intrinsic1_descs($module, /)",
            Zero(|vm| vm.list(Vec::new())),
            "The names of the functions of one argument that instructions call by number: none.",
        ),
        function(
            "get_intrinsic2_descs($module, /)",
            Zero(|vm| vm.list(Vec::new())),
            "The names of the functions of two arguments that instructions call by number: none.",
        ),
        function("get_nb_ops($module, /)", Zero(operators), "The names and symbols of the binary operators."),
        function(
            "get_special_method_names($module, /)",
            Zero(special_methods),
            "The special methods that instructions look up by number.",
        ),
        function(
            "get_specialization_stats($module, /)",
            Zero(|_| none()),
            "Statistics of inline caches: none are kept.",
        ),
        has!("arg", ":", "it has operands"),
        has!("const", ": Const", "it uses a constant"),
        has!("exc", "\0", "it enters a handler: none does"),
        has!("free", "cell: ", "it uses a cell"),
        has!("jump", ": Label", "it may jump"),
        has!("local", "local: ", "it uses a local"),
        has!("name", ": Name", "it uses a name"),
        function(
            "is_valid($module, /, opcode)",
            One(is_valid),
            "Whether there is an instruction with this number.",
        ),
        function(
            "stack_effect($module, opcode, oparg=None, /, *, jump=None)",
            Many(stack_effect),
            "How an instruction changes the height of the stack: not at all, for there is none.",
        ),
    ],
    exec: Some(exec),
    ..ModuleDef::new("_opcode")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    // Instructions are not replaced by special ones: inline caches are beside them.
    for name in ["ENABLE_SPECIALIZATION", "ENABLE_SPECIALIZATION_FT"] {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(Owned::small_int(0).borrow()))?;
    }
    Ok(())
}

fn opcode(vm: &Thread, number: Ref<'_>) -> PyResult<Option<Opcode>> {
    let number = vm.to_c_int(number)?;
    Ok(usize::try_from(number).ok().and_then(|number| Opcode::ALL.get(number).copied()))
}

fn is_valid(vm: &Thread, number: Ref<'_>) -> PyResult {
    Ok(Owned::bool(opcode(vm, number)?.is_some()))
}

/// Whether the operands of an instruction, as the opcode table has them, contain a text.
fn has(vm: &Thread, number: Ref<'_>, text: &str) -> PyResult {
    // `stringify!` may set blanks before colons.
    let has = |opcode: Opcode| opcode.signature().replace(" :", ":").contains(text);
    Ok(Owned::bool(opcode(vm, number)?.is_some_and(has)))
}

fn stack_effect(vm: &Thread, args: &Bound<'_>) -> PyResult {
    match opcode(vm, args.required(0))? {
        Some(_) => Ok(Owned::small_int(0)),
        None => Err(vm.value_error("invalid opcode or oparg")),
    }
}

/// The binary operators, by CPython's names, in its order.
const OPERATORS: &[(&str, &str)] = &[
    ("NB_ADD", "+"),
    ("NB_AND", "&"),
    ("NB_FLOOR_DIVIDE", "//"),
    ("NB_LSHIFT", "<<"),
    ("NB_MATRIX_MULTIPLY", "@"),
    ("NB_MULTIPLY", "*"),
    ("NB_REMAINDER", "%"),
    ("NB_OR", "|"),
    ("NB_POWER", "**"),
    ("NB_RSHIFT", ">>"),
    ("NB_SUBTRACT", "-"),
    ("NB_TRUE_DIVIDE", "/"),
    ("NB_XOR", "^"),
];

fn operators(vm: &Thread) -> PyResult {
    let plain = OPERATORS.iter().map(|&(name, symbol)| (name.to_owned(), symbol.to_owned()));
    let inplace =
        OPERATORS.iter().map(|&(name, symbol)| (name.replace("NB_", "NB_INPLACE_"), format!("{symbol}=")));
    let subscript = std::iter::once(("NB_SUBSCR".to_owned(), "[]".to_owned()));
    let pair = |(name, symbol): (String, String)| vm.pair(vm.str(&name)?, vm.str(&symbol)?);
    vm.list(plain.chain(inplace).chain(subscript).map(pair).collect::<PyResult<_>>()?)
}

fn special_methods(vm: &Thread) -> PyResult {
    let names = ["__enter__", "__exit__", "__aenter__", "__aexit__"];
    vm.list(names.iter().map(|name| vm.intern(name)).collect::<PyResult<_>>()?)
}

fn instructions(vm: &Thread, code: Ref<'_>) -> PyResult {
    let Some(code) = code.downcast::<Code>() else {
        let class = vm.type_name(code);
        return Err(vm.type_error(format_args!("_instructions() argument must be code, not {class}")));
    };
    // Offsets are twice the words, as everywhere.
    let offset = |word: u32| vm.int(i64::from(word) * 2);
    let optional = |value: Option<Owned>| value.unwrap_or_else(Owned::none);
    let tuple = |line: disassemble::Line| {
        vm.tuple(vec![
            offset(line.at)?,
            offset(line.words)?,
            Owned::small_int(line.opcode.map_or(-1, i32::from)),
            vm.str(&line.operands)?,
            optional(line.target.map(offset).transpose()?),
            optional(line.label.map(|label| vm.int(label.into())).transpose()?),
            optional(line.constant.map(|index| vm.int(index.into())).transpose()?),
            optional(line.name.map(|index| vm.int(index.into())).transpose()?),
        ])
    };
    vm.list(disassemble::lines(code.template()).into_iter().map(tuple).collect::<PyResult<_>>()?)
}
