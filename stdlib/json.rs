//! `_json`: the scanner and the encoder behind the module `json`.

mod encoder;
mod scanner;
mod string;

use pyx_vm::exception::Raised;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

pub(crate) static JSON: ModuleDef = ModuleDef {
    doc: "Reading and writing JSON, for the module json.",
    functions: &[
        function(
            "encode_basestring_ascii($self, object, /)",
            One(|vm, object| string::encode(vm, object, string::Plain::Ascii)),
            "The JSON literal of a str, in ASCII.",
        ),
        function(
            "encode_basestring($self, object, /)",
            One(|vm, object| string::encode(vm, object, string::Plain::Unicode)),
            "The JSON literal of a str.",
        ),
        function(
            "scanstring($module, string, end, strict=True, /)",
            Raw(string::scanstring),
            "scanstring(string, end, strict=True) -> (string, end)\n\n\
             Read the JSON string whose first character, behind the quote, is at an index: its value, and the index\n\
             behind the closing quote. Control characters are allowed unless strict.",
        ).untold(),
    ],
    types: &[&encoder::ENCODER, &scanner::SCANNER],
    exec: Some(rename),
    ..ModuleDef::new("_json")
};

/// The types go by the names of what they make, in the module.
fn rename(vm: &Thread, module: Ref<'_>) -> pyx_vm::exception::PyResult<()> {
    for (def, old, new) in
        [(&encoder::ENCODER, "Encoder", "make_encoder"), (&scanner::SCANNER, "Scanner", "make_scanner")]
    {
        vm.set_attr(module, vm.intern(old)?.borrow(), None)?;
        vm.set_attr(module, vm.intern(new)?.borrow(), Some(vm.class_of(def)?.borrow()))?;
    }
    Ok(())
}

/// The JSONDecodeError for a text at a byte offset.
#[cold]
fn decode_error(vm: &Thread, message: &str, source: Ref<'_>, offset: isize) -> Raised {
    let index = match usize::try_from(offset) {
        Ok(offset) => source.downcast::<Str>().map_or(0, |text| index_of(text, offset)) as i64,
        Err(_) => offset as i64,
    };
    let make = || {
        let decoder = vm.import_module(&vm.intern("json.decoder")?)?;
        let class = vm.get_attr(decoder.borrow(), vm.intern("JSONDecodeError")?.borrow())?;
        vm.call(class.borrow(), &[vm.str(message)?.borrow(), source, vm.int(index)?.borrow()])
    };
    match make() {
        Ok(exception) => Raised::new(exception),
        Err(raised) => raised,
    }
}

/// The index of the character at a byte offset.
fn index_of(text: &Str, offset: usize) -> usize {
    if text.is_ascii() { offset } else { text.text().index_of(offset) }
}
