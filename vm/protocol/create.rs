//! Making objects from Rust values.

use dashu_int::IBig;

use crate::exception::PyResult;
use crate::heap::dict::{Dict, Table};
use crate::heap::{Items, Kind, Payload, instance};
use crate::native::TypeDef;
use crate::number::complex::complex;
use crate::text::wtf8::{self, Text};
use crate::types::complex::Complex;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// A payload with a native class of its own.
pub trait Class: Payload {
    /// The table of the class.
    fn def() -> &'static TypeDef;
}

/// Names the table of a payload's class: `class!(List => LIST);`
#[macro_export]
macro_rules! class {
    ($($payload:ty => $def:path;)*) => {$(
        impl $crate::protocol::create::Class for $payload {
            fn def() -> &'static $crate::native::TypeDef {
                &$def
            }
        }
    )*};
}

impl Thread {
    /// An object of the payload's native class.
    #[inline]
    pub fn new_object<T: Class>(&self, payload: T) -> PyResult {
        let shape = if matches!(T::KIND, Kind::Native | Kind::Exception) {
            crate::types::type_::native_shape(self, T::def())?
        } else {
            self.shape_of_kind(T::KIND)
        };
        instance::allocate_native(self, shape, payload)
    }

    /// An object of a class that derives from the payload's native class, or is it: what `__new__` makes. Instance
    /// slots are empty.
    #[inline]
    pub fn new_object_of<T: Payload>(&self, class: Ref<'_>, payload: T) -> PyResult {
        instance::allocate(self, class, payload)
    }

    /// A str.
    pub fn str(&self, text: &str) -> PyResult {
        self.text(text.into())
    }

    /// A str of generalised UTF-8.
    pub fn text(&self, text: Text<'_>) -> PyResult {
        match text.kind() {
            wtf8::Kind::Ascii => self.ascii_str(text.as_bytes()),
            kind => {
                let chars = text.count();
                match text.code_point_at(0) {
                    Some(code @ ..0x100) if chars == 1 => Ok(self.latin1(code as u8)),
                    _ => self.new_str_raw(text.as_bytes(), chars, kind == wtf8::Kind::Surrogates),
                }
            }
        }
    }

    /// A str of ASCII characters.
    #[inline]
    pub(crate) fn ascii_str(&self, bytes: &[u8]) -> PyResult {
        match *bytes {
            [byte] => Ok(self.latin1(byte)),
            [] => self.no_str(),
            _ => self.new_str_raw(bytes, bytes.len(), false),
        }
    }

    /// `''`, which is an ordinary str until the names are there.
    fn no_str(&self) -> PyResult {
        match self.interpreter().names.get() {
            Some(names) => Ok(names.empty.clone()),
            None => self.new_str_raw(&[], 0, false),
        }
    }

    /// The str of one character of Latin-1.
    #[inline]
    pub fn latin1(&self, code: u8) -> Owned {
        self.interpreter().latin1.get().expect("made at start")[usize::from(code)].clone()
    }

    /// A str of one character.
    #[inline]
    pub fn character(&self, code: u32) -> PyResult {
        match u8::try_from(code) {
            Ok(code) => Ok(self.latin1(code)),
            Err(_) => self.wide_character(code),
        }
    }

    #[inline(never)]
    fn wide_character(&self, code: u32) -> PyResult {
        let (bytes, len) = wtf8::encode(code);
        self.new_str_raw(&bytes[..len], 1, wtf8::is_surrogate(code))
    }

    /// An object of a native class that is at hand; it may share its payload with others.
    pub fn new_object_in<T: Payload>(&self, class: &Owned, payload: T) -> PyResult {
        let shape = crate::types::type_::payload_of(class.borrow()).shapes.root();
        instance::allocate_native(self, shape, payload)
    }

    /// The interned str of this text.
    pub fn intern(&self, text: &str) -> PyResult {
        crate::types::str_::intern_bytes(self, text.as_bytes())
    }

    /// The only object of a native class in this interpreter, which `make` makes on first use: what a native module
    /// remembers.
    pub fn singleton<T: Class>(&self, make: impl FnOnce() -> PyResult<T>) -> PyResult {
        let key = std::ptr::from_ref(T::def()).addr();
        if let Some(object) = self.interpreter().singletons.borrow().get(&key) {
            return Ok(object.clone());
        }
        let object = self.new_object(make()?)?;
        self.interpreter().singletons.borrow_mut().insert(key, object.clone());
        Ok(object)
    }

    /// The interned str equal to this one; the value is a str.
    pub fn intern_str(&self, text: Owned) -> PyResult {
        crate::types::str_::intern(self, text)
    }

    /// `''`
    pub fn empty_str(&self) -> Owned {
        self.names().empty.clone()
    }

    /// `()`
    #[inline]
    pub fn empty_tuple(&self) -> Owned {
        self.interpreter().empty_tuple.get().expect("made at start")
    }

    /// An int.
    #[inline]
    pub fn int(&self, value: i64) -> PyResult {
        match Owned::try_int(value) {
            Some(int) => Ok(int),
            None => self.new_object(crate::types::int::Int::new(IBig::from(value))),
        }
    }

    /// An int of any size.
    pub fn big_int(&self, value: IBig) -> PyResult {
        match i64::try_from(&value).ok().and_then(Owned::try_int) {
            Some(int) => Ok(int),
            None => self.new_object(crate::types::int::Int::new(value)),
        }
    }

    /// An int from an unsigned word.
    pub fn uint(&self, value: u64) -> PyResult {
        match i64::try_from(value) {
            Ok(value) => self.int(value),
            Err(_) => self.big_int(IBig::from(value)),
        }
    }

    /// An int from a size.
    pub fn size(&self, value: usize) -> PyResult {
        self.uint(value as u64)
    }

    /// A float.
    #[inline]
    pub fn float(&self, value: f64) -> PyResult {
        match Owned::try_float(value) {
            Some(float) => Ok(float),
            None => self.new_object(crate::types::float::Float::new(value)),
        }
    }

    /// A complex number.
    pub fn complex(&self, real: f64, imag: f64) -> PyResult {
        self.new_object(Complex::new(complex(real, imag)))
    }

    /// A list of what an iterator makes; of so many items it may become longer before it needs more memory.
    #[inline]
    pub(crate) fn list_of(&self, room: usize, items: impl Iterator<Item = PyResult>) -> PyResult {
        let list = Items::with_capacity(self, room)?;
        for item in items {
            list.push(self, item?)?;
        }
        self.new_object(crate::types::list::List { items: list })
    }

    /// A list of these items.
    pub fn list(&self, items: Vec<Owned>) -> PyResult {
        let items = Items::from_vec(self, items)?;
        self.new_object(crate::types::list::List { items })
    }

    /// An empty dict.
    pub fn dict(&self) -> PyResult {
        self.new_object(Dict { table: Table::new() })
    }

    /// A tuple of two.
    pub fn pair(&self, first: Owned, second: Owned) -> PyResult {
        self.tuple_array([first, second])
    }
}
