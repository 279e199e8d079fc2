//! What every object can be asked: text forms, hash, comparison, truth, length, class membership.

use std::cmp::Ordering;

use crate::exception::{PyResult, Raised};
use crate::heap::dict::is_exact_str;
use crate::heap::inline::{Str, Tuple};
use crate::number::{IntRef, hash};
use crate::protocol::slots::{Binary, CompareOp, Unary};
use crate::text::escape::push_code_escape;
use crate::text::wtf8::Text;
use crate::types::type_::{Type, is_subtype};
use crate::types::{str_, union};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// `repr(object)`: a str.
    pub fn repr(&self, object: Ref<'_>) -> PyResult {
        self.check_stack()?;
        match self.type_of(object).slots.repr.get() {
            Some(repr) => self.text_form(repr, object, "__repr__"),
            None => self.plain_repr(object),
        }
    }

    /// `str(object)`: a str.
    pub fn to_str(&self, object: Ref<'_>) -> PyResult {
        if is_exact_str(object.value()) {
            return Ok(object.own());
        }
        self.check_stack()?;
        match self.type_of(object).slots.str.get() {
            Some(str) => self.text_form(str, object, "__str__"),
            None => self.repr(object),
        }
    }

    /// Calls a slot whose result must be a str.
    fn text_form(&self, slot: Unary, object: Ref<'_>, dunder: &str) -> PyResult {
        let text = slot(self, object)?;
        if text.borrow().downcast::<Str>().is_none() {
            let class = self.type_name(text.borrow());
            return Err(self.type_error(format_args!("{dunder} returned non-string (type {class})")));
        }
        Ok(text)
    }

    /// `<X object at 0x...>`
    pub(crate) fn plain_repr(&self, object: Ref<'_>) -> PyResult {
        self.str(&format!("<{} object at {:#x}>", self.type_name(object), object.id()))
    }

    /// `ascii(object)`: a str.
    pub fn ascii(&self, object: Ref<'_>) -> PyResult {
        let repr = self.repr(object)?;
        let text = repr.borrow().downcast::<Str>().expect("repr gives a str").text();
        if text.is_ascii() {
            return Ok(repr.clone());
        }
        let mut result = Vec::new();
        for code in text.code_points() {
            if code < 0x80 {
                result.push(code as u8);
            } else {
                push_code_escape(code, &mut result);
            }
        }
        self.text(Text::trusted(&result))
    }

    /// `repr(object)` as Rust text, for messages.
    pub fn repr_string(&self, object: Ref<'_>) -> PyResult<String> {
        let repr = self.repr(object)?;
        Ok(repr.borrow().downcast::<Str>().expect("repr gives a str").to_string_lossy().into_owned())
    }

    /// `str(object)` as Rust text, for messages.
    pub fn str_string(&self, object: Ref<'_>) -> PyResult<String> {
        let text = self.to_str(object)?;
        Ok(text.borrow().downcast::<Str>().expect("str gives a str").to_string_lossy().into_owned())
    }

    /// Marks the object as one whose repr is being made; false if it is already, which means that it contains itself.
    pub fn repr_enter(&self, object: Ref<'_>) -> bool {
        let mut active = self.reprs.borrow_mut();
        let fresh = !active.contains(&object.id());
        if fresh {
            active.push(object.id());
        }
        fresh
    }

    /// Ends what a successful `repr_enter` began.
    pub fn repr_leave(&self, object: Ref<'_>) {
        let mut active = self.reprs.borrow_mut();
        if let Some(position) = active.iter().rposition(|&id| id == object.id()) {
            active.remove(position);
        }
    }

    /// `format(object, spec)`: a str. No spec is the empty one.
    pub fn format(&self, object: Ref<'_>, spec: Option<Ref<'_>>) -> PyResult {
        let is_empty = match spec {
            None => true,
            Some(spec) => match spec.downcast::<Str>() {
                Some(spec) => spec.is_empty(),
                None => {
                    let class = self.type_name(spec);
                    return Err(
                        self.system_error(format_args!("Format specifier must be a string, not {class}"))
                    );
                }
            },
        };
        if let Some(format) = builtin_format(self, object) {
            return match spec {
                Some(spec) if !is_empty => format(self, object, spec),
                _ => self.to_str(object),
            };
        }
        let empty = self.empty_str();
        let spec = spec.unwrap_or(empty.borrow());
        let Some(text) = self.call_special(object, &self.names().__format__, &[spec])? else {
            let class = self.type_name(object);
            return Err(self.type_error(format_args!("Type {class} doesn't define __format__")));
        };
        if text.borrow().downcast::<Str>().is_none() {
            let class = self.type_name(text.borrow());
            return Err(self.type_error(format_args!("__format__ must return a str, not {class}")));
        }
        Ok(text)
    }

    /// `hash(object)`
    #[inline]
    pub fn hash(&self, object: Ref<'_>) -> PyResult<i64> {
        if is_exact_str(object.value()) {
            return Ok(str_::hash(self, object.downcast::<Str>().expect("a str")));
        }
        if let Some(int) = object.as_small_int() {
            return Ok(hash::int(IntRef::Small(int)));
        }
        self.hash_slot(object)
    }

    fn hash_slot(&self, object: Ref<'_>) -> PyResult<i64> {
        self.check_stack()?;
        match self.type_of(object).slots.hash.get() {
            Some(hash) => hash(self, object),
            None => crate::protocol::slot_functions::not_hashable(self, object),
        }
    }

    /// `a <op> b`
    #[inline]
    pub fn compare(&self, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
        match compare_simple(a, b, op) {
            Some(answer) => Ok(Owned::bool(answer)),
            None => self.compare_slots(a, b, op),
        }
    }

    /// The truth of `a <op> b`; identical objects are equal without asking them, as containers want it.
    #[inline]
    pub fn compare_truth(&self, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult<bool> {
        if a.is(b) {
            match op {
                CompareOp::Eq => return Ok(true),
                CompareOp::Ne => return Ok(false),
                _ => {}
            }
        }
        match compare_simple(a, b, op) {
            Some(answer) => Ok(answer),
            None => {
                let answer = self.compare_slots(a, b, op)?;
                self.is_true(answer.borrow())
            }
        }
    }

    /// Asks the operands' classes, a subclass first.
    fn compare_slots(&self, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
        self.check_stack()?;
        let (class, other) = (self.class(a), self.class(b));
        let mut reflected = self.type_of(b).slots.compare.get();
        if !class.is(other) && is_subtype(other, class) {
            if let Some(compare) = reflected.take() {
                let answer = compare(self, b, a, op.swapped())?;
                if !answer.borrow().is_not_implemented() {
                    return Ok(answer);
                }
            }
        }
        if let Some(compare) = self.type_of(a).slots.compare.get() {
            let answer = compare(self, a, b, op)?;
            if !answer.borrow().is_not_implemented() {
                return Ok(answer);
            }
        }
        if let Some(compare) = reflected {
            let answer = compare(self, b, a, op.swapped())?;
            if !answer.borrow().is_not_implemented() {
                return Ok(answer);
            }
        }
        match op {
            CompareOp::Eq => Ok(Owned::bool(a.is(b))),
            CompareOp::Ne => Ok(Owned::bool(!a.is(b))),
            _ => Err(self.not_comparable(a, b, op)),
        }
    }

    #[cold]
    fn not_comparable(&self, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> Raised {
        let (symbol, left, right) = (op.symbol(), self.type_name(a), self.type_name(b));
        self.type_error(format_args!("'{symbol}' not supported between instances of '{left}' and '{right}'"))
    }

    /// Whether `a is b or a == b`.
    #[inline]
    pub fn equal(&self, a: Ref<'_>, b: Ref<'_>) -> PyResult<bool> {
        if a.is(b) { Ok(true) } else { self.compare_truth(a, b, CompareOp::Eq) }
    }

    /// `bool(object)`
    #[inline]
    pub fn is_true(&self, object: Ref<'_>) -> PyResult<bool> {
        if let Some(truth) = object.as_bool() {
            return Ok(truth);
        }
        if object.is_none() {
            return Ok(false);
        }
        if let Some(int) = object.as_small_int() {
            return Ok(int != 0);
        }
        self.is_true_slots(object)
    }

    fn is_true_slots(&self, object: Ref<'_>) -> PyResult<bool> {
        let slots = &self.type_of(object).slots;
        if let Some(truth) = slots.bool.get() {
            return truth(self, object);
        }
        match slots.mapping_len.get().or(slots.len.get()) {
            Some(len) => Ok(len(self, object)? != 0),
            None => Ok(true),
        }
    }

    /// `len(object)`
    pub fn length(&self, object: Ref<'_>) -> PyResult<usize> {
        let slots = &self.type_of(object).slots;
        match slots.len.get().or(slots.mapping_len.get()) {
            Some(len) => len(self, object),
            None => {
                let class = self.type_name(object);
                Err(self.type_error(format_args!("object of type '{class}' has no len()")))
            }
        }
    }

    /// `isinstance(object, class)`; the class may be a tuple or a union.
    pub fn is_instance(&self, object: Ref<'_>, class: Ref<'_>) -> PyResult<bool> {
        if self.class(object).is(class) {
            return Ok(true);
        }
        if self.class(class).is(self.types().type_.borrow()) {
            return self.is_instance_plain(object, class);
        }
        self.check_stack()?;
        if let Some(members) = self.alternatives(class) {
            return any(&members, |member| self.is_instance(object, member));
        }
        match self.call_special(class, &self.names().__instancecheck__, &[object])? {
            Some(answer) => self.is_true(answer.borrow()),
            None => self.is_instance_plain(object, class),
        }
    }

    /// What `type.__instancecheck__` says: by the real class, or by what `__class__` pretends.
    pub(crate) fn is_instance_plain(&self, object: Ref<'_>, class: Ref<'_>) -> PyResult<bool> {
        let own = self.class(object);
        let dunder_class = self.names().__class__.borrow();
        if class.downcast::<Type>().is_some() {
            if is_subtype(own, class) {
                return Ok(true);
            }
            let Some(claimed) = self.get_attr_opt(object, dunder_class)? else { return Ok(false) };
            let claimed = claimed.borrow();
            return Ok(!claimed.is(own)
                && claimed.downcast::<Type>().is_some()
                && is_subtype(claimed, class));
        }
        self.check_bases(class, "isinstance() arg 2 must be a type, a tuple of types, or a union")?;
        match self.get_attr_opt(object, dunder_class)? {
            Some(claimed) => self.is_subclass_by_bases(claimed.borrow(), class),
            None => Ok(false),
        }
    }

    /// `issubclass(class, other)`
    pub fn is_subclass(&self, class: Ref<'_>, other: Ref<'_>) -> PyResult<bool> {
        if self.class(other).is(self.types().type_.borrow()) {
            return if class.is(other) { Ok(true) } else { self.is_subclass_plain(class, other) };
        }
        self.check_stack()?;
        if let Some(members) = self.alternatives(other) {
            return any(&members, |member| self.is_subclass(class, member));
        }
        match self.call_special(other, &self.names().__subclasscheck__, &[class])? {
            Some(answer) => self.is_true(answer.borrow()),
            None => self.is_subclass_plain(class, other),
        }
    }

    /// What `type.__subclasscheck__` says.
    pub(crate) fn is_subclass_plain(&self, class: Ref<'_>, other: Ref<'_>) -> PyResult<bool> {
        if class.downcast::<Type>().is_some() && other.downcast::<Type>().is_some() {
            return Ok(is_subtype(class, other));
        }
        self.check_bases(class, "issubclass() arg 1 must be a class")?;
        self.check_bases(other, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
        self.is_subclass_by_bases(class, other)
    }

    /// The members of a tuple or union of classes.
    fn alternatives(&self, class: Ref<'_>) -> Option<Owned> {
        union::members(class).or_else(|| class.downcast::<Tuple>().map(|_| class.own()))
    }

    /// TypeError unless the object has a tuple `__bases__`, as classes of any kind do.
    fn check_bases(&self, class: Ref<'_>, message: &str) -> PyResult<()> {
        match self.bases_of(class)? {
            Some(_) => Ok(()),
            None => Err(self.type_error(message)),
        }
    }

    /// `class.__bases__`, if it is a tuple.
    fn bases_of(&self, class: Ref<'_>) -> PyResult<Option<Owned>> {
        let bases = self.get_attr_opt(class, self.names().__bases__.borrow())?;
        Ok(bases.filter(|bases| bases.borrow().downcast::<Tuple>().is_some()))
    }

    /// Whether following `__bases__` leads from one class-like object to another.
    fn is_subclass_by_bases(&self, class: Ref<'_>, other: Ref<'_>) -> PyResult<bool> {
        self.check_stack()?;
        let mut class = class.own();
        loop {
            if class.borrow().is(other) {
                return Ok(true);
            }
            let Some(bases) = self.bases_of(class.borrow())? else { return Ok(false) };
            let bases = bases.borrow().downcast::<Tuple>().expect("a tuple").as_slice();
            match bases {
                [] => return Ok(false),
                // A chain of single inheritance takes no stack.
                [base] => class = base.clone(),
                bases => {
                    for base in bases {
                        if self.is_subclass_by_bases(base.borrow(), other)? {
                            return Ok(true);
                        }
                    }
                    return Ok(false);
                }
            }
        }
    }
}

/// Whether a test holds for any member of a tuple.
fn any(members: &Owned, mut test: impl FnMut(Ref<'_>) -> PyResult<bool>) -> PyResult<bool> {
    for member in members.borrow().downcast::<Tuple>().expect("a tuple").as_slice() {
        if test(member.borrow())? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Compares immediates of the same kind, and strs, without asking their classes.
#[inline]
fn compare_simple(a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
        return Some(op.holds(a.cmp(&b)));
    }
    if is_exact_str(a.value()) && is_exact_str(b.value()) {
        let (a, b) = (a.downcast::<Str>()?, b.downcast::<Str>()?);
        return Some(match op {
            CompareOp::Eq => a.as_bytes() == b.as_bytes(),
            CompareOp::Ne => a.as_bytes() != b.as_bytes(),
            // Generalised UTF-8 sorts as its code points do.
            op => op.holds(a.as_bytes().cmp(b.as_bytes())),
        });
    }
    let (a, b) = (a.as_immediate_float()?, b.as_immediate_float()?);
    Some(op.holds(a.partial_cmp(&b).unwrap_or(Ordering::Equal)))
}

/// The `__format__` of the classes that are formatted most; nobody can change it.
fn builtin_format(vm: &Thread, object: Ref<'_>) -> Option<Binary> {
    let (class, types) = (vm.class(object), vm.types());
    if class.is(types.int.borrow()) {
        Some(crate::types::int::format)
    } else if class.is(types.str.borrow()) {
        Some(crate::types::str_::format)
    } else if class.is(types.float.borrow()) {
        Some(crate::types::float::format)
    } else {
        None
    }
}
