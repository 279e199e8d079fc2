//! Conversion of objects to numbers: `__index__`, `__int__`, `__float__` and `__complex__`.
//!
//! Each of these must return an instance of its class. An instance of a strict subclass is accepted with a
//! DeprecationWarning, and counts for its value only. What is an instance already is not asked, with one exception:
//! `__int__` and `__float__` of a subclass may differ from its value, so that only exact ints and floats go without.
//!
//! The functions that give Rust numbers ([`to_i64`](Thread::to_i64) and its like) are what natives bind
//! arguments with; which error says that a value does not fit depends on what it was needed for.

use dashu_int::IBig;

use crate::exception::{PyResult, Raised};
use crate::heap::Kind;
use crate::number::complex::{Complex as Number, complex};
use crate::number::{Int as Integer, IntRef};
use crate::types::complex::Complex;
use crate::types::float::Float;
use crate::types::int::{Int, as_f64, int_ref};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The value of an int, a bool included, if it fits a machine word.
#[inline]
pub(crate) fn small_value(int: Ref<'_>) -> Option<i64> {
    int.as_small_int()
        .or_else(|| int.as_bool().map(i64::from))
        .or_else(|| int.downcast::<Int>().and_then(|int| i64::try_from(int.value()).ok()))
}

/// The value of an int, a bool included.
#[inline]
pub fn int_value(int: Ref<'_>) -> Option<IntRef<'_>> {
    int_ref(int)
}

/// The value of a float, of a subclass too.
#[inline]
pub fn float_value(float: Ref<'_>) -> Option<f64> {
    float.as_immediate_float().or_else(|| float.downcast::<Float>().map(Float::value))
}

/// The value of a complex number, of a subclass too.
#[inline]
pub fn complex_value(value: Ref<'_>) -> Option<Number> {
    value.downcast::<Complex>().map(Complex::value)
}

// ---- the special methods ----

impl Thread {
    /// `operator.index(object)`: an int of class int.
    pub fn index(&self, object: Ref<'_>) -> PyResult {
        if self.is_exact_int(object) {
            return Ok(object.own());
        }
        let index = self.any_index(object)?;
        if self.is_exact_int(index.borrow()) {
            Ok(index)
        } else {
            crate::types::int::positive(self, index.borrow())
        }
    }

    /// The int that the object stands for as an index; it may be of a subclass.
    pub(crate) fn any_index(&self, object: Ref<'_>) -> PyResult {
        if int_ref(object).is_some() {
            return Ok(object.own());
        }
        let Some(index) = self.slots(object).index.get() else {
            let got = self.type_name(object);
            return Err(self.type_error(format_args!("'{got}' object cannot be interpreted as an integer")));
        };
        let result = index(self, object)?;
        self.check_int(result, "__index__")
    }

    /// `int(object)` for numbers, by `__int__`, else by `__index__`: an int of class int. `None`: it has neither.
    pub fn to_int(&self, object: Ref<'_>) -> PyResult<Option<Owned>> {
        if self.is_exact_int(object) {
            return Ok(Some(object.own()));
        }
        let slots = self.slots(object);
        let result = match (slots.int.get(), slots.index.get()) {
            (Some(int), _) => self.check_int(int(self, object)?, "__int__")?,
            (None, Some(_)) => self.any_index(object)?,
            (None, None) => return Ok(None),
        };
        crate::types::int::positive(self, result.borrow()).map(Some)
    }

    /// `float(object)` for numbers, by `__float__`, else by `__index__`. `None`: it has neither.
    pub fn to_float(&self, object: Ref<'_>) -> PyResult<Option<f64>> {
        if let Some(value) = object.as_immediate_float() {
            return Ok(Some(value));
        }
        if let Some(value) = object.as_small_int() {
            return Ok(Some(value as f64));
        }
        if object.is_exact(Kind::Float) {
            return Ok(float_value(object));
        }
        let slots = self.slots(object);
        if let Some(float) = slots.float.get() {
            let result = float(self, object)?;
            return self.check_float(object, result).map(Some);
        }
        if slots.index.get().is_none() {
            return Ok(None);
        }
        let index = self.any_index(object)?;
        as_f64(self, own_int(index.borrow())).map(Some)
    }

    /// What `__complex__` gives. `None`: the object has no such method.
    pub(crate) fn special_complex(&self, object: Ref<'_>) -> PyResult<Option<Number>> {
        let Some(result) = self.call_special(object, &self.names().__complex__, &[])? else {
            return Ok(None);
        };
        let result = result.borrow();
        let Some(value) = complex_value(result) else {
            let got = self.type_name(result);
            return Err(self.type_error(format_args!("__complex__ returned non-complex (type {got})")));
        };
        if !result.is_exact(Kind::Complex) {
            self.warn_of_subclass("__complex__", "complex", result)?;
        }
        Ok(Some(value))
    }

    pub(crate) fn is_exact_int(&self, object: Ref<'_>) -> bool {
        object.as_small_int().is_some() || object.is_exact(Kind::Int)
    }

    /// The result of a special method, which must be an int.
    fn check_int(&self, result: Owned, method: &str) -> PyResult {
        if self.is_exact_int(result.borrow()) {
            return Ok(result);
        }
        if int_ref(result.borrow()).is_none() {
            let got = self.type_name(result.borrow());
            return Err(self.type_error(format_args!("{method} returned non-int (type {got})")));
        }
        self.warn_of_subclass(method, "int", result.borrow())?;
        Ok(result)
    }

    /// The value of what `__float__` returned.
    fn check_float(&self, object: Ref<'_>, result: Owned) -> PyResult<f64> {
        let result = result.borrow();
        if let Some(value) = result.as_immediate_float() {
            return Ok(value);
        }
        let Some(value) = float_value(result) else {
            let (class, got) = (self.type_name(object), self.type_name(result));
            return Err(self.type_error(format_args!("{class}.__float__ returned non-float (type {got})")));
        };
        if !result.is_exact(Kind::Float) {
            self.warn_of_subclass(&format!("{}.__float__", self.type_name(object)), "float", result)?;
        }
        Ok(value)
    }

    #[cold]
    fn warn_of_subclass(&self, method: &str, class: &str, result: Ref<'_>) -> PyResult<()> {
        let got = self.type_name(result);
        let message = format!(
            "{method} returned non-{class} (type {got}).  The ability to return an instance of a strict subclass of \
             {class} is deprecated, and may be removed in a future version of Python."
        );
        self.warn(&self.exceptions().DeprecationWarning, &message)
    }
}

// ---- Rust numbers ----

impl Thread {
    /// The object's index as a machine word; what does not fit is the error that `otherwise` makes.
    #[inline]
    fn index_word(&self, object: Ref<'_>, otherwise: impl FnOnce(&Self) -> Raised) -> PyResult<i64> {
        if let Some(value) = object.as_small_int() {
            return Ok(value);
        }
        let index = self.any_index(object)?;
        small_value(index.borrow()).ok_or_else(|| otherwise(self))
    }

    /// The object's index as a machine word; OverflowError when it does not fit:
    /// `Python int too large to convert to C ssize_t`.
    pub fn to_isize(&self, object: Ref<'_>) -> PyResult<isize> {
        let word =
            self.index_word(object, |vm| vm.overflow_error("Python int too large to convert to C ssize_t"))?;
        Ok(word as isize)
    }

    /// The object's index as a sequence position: what does not fit is an IndexError,
    /// `cannot fit 'int' into an index-sized integer`.
    pub fn to_index(&self, object: Ref<'_>) -> PyResult<isize> {
        let word = self.index_word(object, |vm| vm.index_error(vm.no_index(object)))?;
        Ok(word as isize)
    }

    /// How often a sequence is to be repeated: as [`to_index`](Thread::to_index), but an OverflowError.
    pub fn to_count(&self, object: Ref<'_>) -> PyResult<isize> {
        let word = self.index_word(object, |vm| vm.overflow_error(vm.no_index(object)))?;
        Ok(word as isize)
    }

    fn no_index(&self, object: Ref<'_>) -> String {
        format!("cannot fit '{}' into an index-sized integer", self.type_name(object))
    }

    /// The object's index clipped to the range of a machine word, as slices want it.
    pub fn to_index_clipped(&self, object: Ref<'_>) -> PyResult<isize> {
        if let Some(value) = object.as_small_int() {
            return Ok(value as isize);
        }
        let index = self.any_index(object)?;
        let index = own_int(index.borrow());
        Ok(match index.to_i64() {
            Some(value) => value as isize,
            None if index.is_negative() => isize::MIN,
            None => isize::MAX,
        })
    }

    /// The object's index as `i64`; OverflowError when it does not fit: `Python int too large to convert to C long`.
    pub fn to_i64(&self, object: Ref<'_>) -> PyResult<i64> {
        self.index_word(object, |vm| vm.overflow_error("Python int too large to convert to C long"))
    }

    /// The object's index as a C `int`; OverflowError when it does not fit: `Python int too large to convert to C int`.
    pub fn to_c_int(&self, object: Ref<'_>) -> PyResult<i32> {
        let too_large = |vm: &Self| vm.overflow_error("Python int too large to convert to C int");
        let value = self.index_word(object, too_large)?;
        i32::try_from(value).map_err(|_| too_large(self))
    }

    /// The object's index as an argument of C type `int`; OverflowError when it does not fit.
    pub fn to_i32(&self, object: Ref<'_>) -> PyResult<i32> {
        let value = self.to_i64(object)?;
        i32::try_from(value).map_err(|_| {
            let side = if value < 0 { "less than minimum" } else { "greater than maximum" };
            self.overflow_error(format_args!("signed integer is {side}"))
        })
    }

    /// The object's index as a bigint.
    pub fn to_big(&self, object: Ref<'_>) -> PyResult<IBig> {
        let index = self.any_index(object)?;
        Ok(own_int(index.borrow()).widen().into_owned())
    }

    /// The object's index, of any size.
    pub fn to_integer(&self, object: Ref<'_>) -> PyResult<Integer> {
        if let Some(value) = object.as_small_int() {
            return Ok(Integer::Small(value));
        }
        let index = self.any_index(object)?;
        Ok(own_int(index.borrow()).to_int())
    }

    /// `float(object)` for numbers, not strings: TypeError `must be real number, not str`.
    #[inline]
    pub fn to_f64(&self, object: Ref<'_>) -> PyResult<f64> {
        // A float of a subclass counts for its value.
        if let Some(value) = float_value(object) {
            return Ok(value);
        }
        match self.to_float(object)? {
            Some(value) => Ok(value),
            None => Err(self.type_error(format_args!("must be real number, not {}", self.type_name(object)))),
        }
    }

    /// `complex(object)` for numbers, not strings.
    pub fn to_complex(&self, object: Ref<'_>) -> PyResult<Number> {
        if let Some(value) = complex_value(object) {
            return Ok(value);
        }
        match self.special_complex(object)? {
            Some(value) => Ok(value),
            None => Ok(complex(self.to_f64(object)?, 0.0)),
        }
    }

    /// The value of an int, a bool included, if it fits a machine word.
    pub(crate) fn int_to_i64(&self, int: Ref<'_>) -> Option<i64> {
        small_value(int)
    }

    /// Whether an int is below zero.
    pub(crate) fn int_is_negative(&self, int: Ref<'_>) -> bool {
        int_ref(int).is_some_and(IntRef::is_negative)
    }
}

/// The value of what is known to be an int.
fn own_int(int: Ref<'_>) -> IntRef<'_> {
    int_ref(int).expect("an index is an int")
}
