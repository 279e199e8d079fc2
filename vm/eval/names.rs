//! Names: globals, builtins and namespaces, and the errors for names that are not bound.
#![expect(unsafe_code, reason = "reads the frame, and dict entries that a cache found")]

use super::dispatch::{Machine, out_of_line};
use crate::exception::{PyResult, Raised};
use crate::frame::Frame;
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::heap::payload;
use crate::types::code::Code;
use crate::types::function::Function;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use pyx_compiler::bytecode::operand::{Far, In};

/// Two cache words of `load_global`: versions of the globals' and the builtins' key layouts, and the entry number with
/// bit 32 set if it is the builtins'.
type GlobalCache = [u64; 2];

const IN_BUILTINS: u64 = 1 << 32;

impl Machine<'_> {
    /// The value that the two cache words from `index` on lead to, if they are current.
    #[inline(always)]
    pub(super) fn cached_global(&self, index: usize) -> Option<Owned> {
        let (versions, entry) = (self.cache(index), self.cache(index + 1));
        // SAFETY: the frame's function keeps both dicts alive; entries are read under the version they were found under.
        unsafe {
            let globals = &(*(*self.frame).globals).table;
            if globals.known_layout() != versions as u32 || versions as u32 == 0 {
                return None;
            }
            let value = if entry & IN_BUILTINS == 0 {
                globals.value_at(entry as usize)
            } else {
                let function = &*Frame::function_payload(self.frame);
                let builtins = &(*payload::<Dict>(function.builtins.value().header())).table;
                if builtins.known_layout() != (versions >> 32) as u32 {
                    return None;
                }
                builtins.value_at(entry as u32 as usize)
            };
            Some(Ref::from_value(value).own())
        }
    }

    /// Stores an operand where the cache word leads, if it is current.
    #[inline(always)]
    pub(super) fn cached_global_store(&self, index: usize, src: In) -> bool {
        let cache = self.cache(index);
        // SAFETY: as in `cached_global`.
        unsafe {
            let globals = &(*(*self.frame).globals).table;
            if globals.known_layout() != cache as u32 || cache as u32 == 0 {
                return false;
            }
            self.save();
            globals.set_value_at((cache >> 32) as usize, self.take(src));
        }
        true
    }

    /// Whether names are looked up in the globals at once.
    #[inline(always)]
    pub(super) fn namespace_is_globals(&self) -> bool {
        // SAFETY: the frame is alive.
        unsafe {
            let namespace = (*self.frame).namespace;
            namespace.is_pointer() && payload::<Dict>(namespace.header()) == (*self.frame).globals
        }
    }

    /// Cell `index` of the function's closure.
    #[inline(always)]
    pub(super) fn closure_cell(&self, index: usize) -> Owned {
        // SAFETY: the frame's function is alive.
        let closure = unsafe { &(*Frame::function_payload(self.frame)).closure };
        let closure = closure.get().expect("verified code has the closure it needs");
        let cells = closure.borrow().downcast::<crate::heap::inline::Tuple>().expect("a closure is a tuple");
        cells.as_slice()[index].clone()
    }

    /// The index of a far local among all locals; the near ones come first.
    pub(super) fn far_local(&self, far: Far) -> usize {
        self.code().near_locals as usize + far.0 as usize
    }

    out_of_line! {
        /// Another owner of a far local.
        pub(super) fn far(&self, local: usize) -> Option<Owned> {
            let register = self.code().local_register(local);
            // SAFETY: locals hold values or NULL.
            unsafe {
                let value = *Frame::registers(self.frame).add(register);
                (!value.is_null()).then(|| Ref::from_value(value).own())
            }
        }
    }

    out_of_line! {
        /// Binds or unbinds a far local; the old value is the result.
        pub(super) fn replace_far(&self, local: usize, value: Option<Owned>) -> Option<Owned> {
            let register = self.code().local_register(local);
            // SAFETY: locals hold values or NULL; ownership moves in and out.
            unsafe {
                let slot = Frame::registers(self.frame).add(register);
                let old = slot.replace(value.map_or(crate::value::Value::NULL, Owned::into_value));
                (!old.is_null()).then(|| Owned::from_value(old))
            }
        }
    }
}

fn text(name: Ref<'_>) -> String {
    name.downcast::<Str>().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// UnboundLocalError for a local.
pub(super) fn unbound_local(vm: &Thread, code: &Code, local: usize) -> Raised {
    let name = code.locals[local].borrow();
    let message =
        format!("cannot access local variable '{}' where it is not associated with a value", text(name));
    vm.unbound_local_error(message)
}

/// NameError for a free variable.
pub(super) fn unbound_free(vm: &Thread, code: &Code, local: usize) -> Raised {
    let name = code.locals[local].borrow();
    let message = format!(
        "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
        text(name)
    );
    vm.unbound_name(name, message)
}

fn undefined(vm: &Thread, name: Ref<'_>) -> Raised {
    vm.unbound_name(name, format_args!("name '{}' is not defined", text(name)))
}

/// What a mapping holds under a name; `None` where that is a KeyError.
pub(crate) fn lookup_mapping(vm: &Thread, mapping: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
    if vm.class(mapping).is(vm.types().dict.borrow()) {
        if let Some(dict) = mapping.downcast::<Dict>() {
            return dict.table.get(vm, name, vm.hash(name)?);
        }
    }
    match vm.get_item(mapping, name) {
        Ok(value) => Ok(Some(value)),
        Err(raised) if raised.is(&vm.exceptions().KeyError) => Ok(None),
        Err(raised) => Err(raised),
    }
}

struct Names<'f> {
    function: &'f Function,
    name: Ref<'f>,
}

/// The function and the name that an instruction means.
fn names<'f>(frame: *mut Frame, index: usize) -> Names<'f> {
    // SAFETY: the loop passes its current frame, which outlives the instruction.
    unsafe {
        let code: &'f Code = &*(*frame).code;
        Names { function: &*Frame::function_payload(frame), name: code.names[index].borrow() }
    }
}

/// Whether the object is a dict whose look-ups cannot be overridden.
fn plain_dict<'a>(vm: &Thread, object: Ref<'a>) -> Option<&'a Dict> {
    vm.class(object).is(vm.types().dict.borrow()).then(|| object.downcast::<Dict>()).flatten()
}

/// A global or builtin, and the cache words that find it again.
pub(super) fn load_global(
    vm: &Thread,
    frame: *mut Frame,
    index: usize,
) -> PyResult<(Owned, Option<GlobalCache>)> {
    let Names { function, name } = names(frame, index);
    let (globals, builtins) = (function.globals.borrow(), function.builtins.borrow());
    if let (Some(globals), Some(builtins)) = (plain_dict(vm, globals), plain_dict(vm, builtins)) {
        if globals.table.only_str() && builtins.table.only_str() {
            let hash = vm.hash(name)?;
            let versions = u64::from(globals.table.layout_version(vm))
                | u64::from(builtins.table.layout_version(vm)) << 32;
            if let Some(entry) = globals.table.find_str(name.value(), hash) {
                // SAFETY: the entry was just found.
                let value = unsafe { Ref::from_value(globals.table.value_at(entry)) }.own();
                return Ok((value, Some([versions, entry as u64])));
            }
            if let Some(entry) = builtins.table.find_str(name.value(), hash) {
                // SAFETY: the entry was just found.
                let value = unsafe { Ref::from_value(builtins.table.value_at(entry)) }.own();
                return Ok((value, Some([versions, entry as u64 | IN_BUILTINS])));
            }
            return Err(undefined(vm, name));
        }
    }
    if let Some(value) = lookup_mapping(vm, globals, name)? {
        return Ok((value, None));
    }
    match lookup_mapping(vm, builtins, name)? {
        Some(value) => Ok((value, None)),
        None => Err(undefined(vm, name)),
    }
}

/// Stores a global; the result is the cache word that finds it again: layout version, and entry number above it.
pub(super) fn store_global(
    vm: &Thread,
    frame: *mut Frame,
    index: usize,
    value: Ref<'_>,
) -> PyResult<Option<u64>> {
    let Names { function, name } = names(frame, index);
    let globals = function.globals.borrow();
    let dict = globals.downcast::<Dict>().expect("globals are a dict");
    let hash = vm.hash(name)?;
    drop(dict.table.insert(vm, name, hash, value.own())?);
    if !dict.table.only_str() {
        return Ok(None);
    }
    Ok(dict
        .table
        .find_str(name.value(), hash)
        .map(|entry| u64::from(dict.table.layout_version(vm)) | (entry as u64) << 32))
}

/// Deletes a global.
pub(super) fn delete_global(vm: &Thread, frame: *mut Frame, index: usize) -> PyResult<()> {
    let Names { function, name } = names(frame, index);
    let dict = function.globals.borrow().downcast::<Dict>().expect("globals are a dict");
    match dict.table.remove(vm, name, vm.hash(name)?)? {
        Some(_) => Ok(()),
        None => Err(undefined(vm, name)),
    }
}

/// The mapping that names are bound in.
pub(super) fn namespace(vm: &Thread, frame: *mut Frame) -> PyResult {
    // SAFETY: the loop passes its current frame.
    let namespace = unsafe { (*frame).namespace };
    if namespace.is_null() {
        return Err(vm.system_error("no locals found"));
    }
    // SAFETY: the frame owns its namespace.
    Ok(unsafe { Ref::from_value(namespace) }.own())
}

/// A name in the namespace, the globals or the builtins.
pub(super) fn load_name(vm: &Thread, frame: *mut Frame, index: usize) -> PyResult {
    let mapping = namespace(vm, frame)?;
    match lookup_mapping(vm, mapping.borrow(), names(frame, index).name)? {
        Some(value) => Ok(value),
        None => load_global(vm, frame, index).map(|(value, _)| value),
    }
}

/// Binds a name in the namespace.
pub(super) fn store_name(vm: &Thread, frame: *mut Frame, index: usize, value: Ref<'_>) -> PyResult<()> {
    let mapping = namespace(vm, frame)?;
    let name = names(frame, index).name;
    if let Some(dict) = plain_dict(vm, mapping.borrow()) {
        drop(dict.table.insert(vm, name, vm.hash(name)?, value.own())?);
        return Ok(());
    }
    vm.set_item(mapping.borrow(), name, Some(value))
}

/// Unbinds a name in the namespace.
pub(super) fn delete_name(vm: &Thread, frame: *mut Frame, index: usize) -> PyResult<()> {
    let mapping = namespace(vm, frame)?;
    let name = names(frame, index).name;
    match vm.set_item(mapping.borrow(), name, None) {
        Err(raised) if raised.is(&vm.exceptions().KeyError) => Err(undefined(vm, name)),
        result => result,
    }
}

/// The builtin `__build_class__` of the frame.
pub(super) fn load_build_class(vm: &Thread, frame: *mut Frame) -> PyResult {
    // SAFETY: the loop passes its current frame.
    let builtins = unsafe { (*Frame::function_payload(frame)).builtins.borrow() };
    let name = vm.names().__build_class__.borrow();
    match lookup_mapping(vm, builtins, name)? {
        Some(value) => Ok(value),
        None => Err(vm.name_error("__build_class__ not found")),
    }
}

/// A function of the module `builtins` as it was at start, whatever the program has done since.
pub(super) fn original_builtin(vm: &Thread, name: &str) -> Owned {
    let builtins = vm.interpreter().builtins.get().expect("builtins are made at start");
    let dict = builtins.borrow().downcast::<Dict>().expect("builtins are a dict");
    vm.intern(name)
        .and_then(|name| dict.table.get(vm, name.borrow(), vm.hash(name.borrow())?))
        .ok()
        .flatten()
        .unwrap_or_else(Owned::none)
}

/// Makes sure that the namespace has `__annotations__`.
pub(super) fn setup_annotations(vm: &Thread, frame: *mut Frame) -> PyResult<()> {
    let mapping = namespace(vm, frame)?;
    let name = vm.names().__annotations__.borrow();
    if lookup_mapping(vm, mapping.borrow(), name)?.is_none() {
        vm.set_item(mapping.borrow(), name, Some(vm.dict()?.borrow()))?;
    }
    Ok(())
}
