//! Attributes and items.

use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};

use super::dispatch::{Flow, Machine, out_of_line};
use super::inline_cache::{self as cache, Access, CacheKind};
use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::{Bytes, Str, Tuple};
use crate::heap::{Header, Kind};
use crate::protocol::sequence::index_of;
use crate::types::bytearray::ByteArray;
use crate::types::function;
use crate::types::list::List;
use crate::types::type_::Type;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Machine<'_> {
    /// Whether the cache of the current instruction is for this object's shape.
    #[inline(always)]
    fn shape_matches(header: &Header, shape: u32) -> bool {
        header.shape().is_some_and(|own| own.id() == shape)
    }

    #[inline(always)]
    pub(super) fn load_attr(&mut self, i: LoadAttr) -> Flow {
        if let Some(header) = self.read(i.object).header()
            && Self::shape_matches(header, i.shape.0)
            && CacheKind::Slot.is_in(self.cache(0))
            && let Some(value) = cache::slot(header, self.cache(2))
        {
            self.consume(i.object);
            self.write(i.dst, value);
            return Flow::Next;
        }
        self.aside(|machine, i: LoadAttr| machine.load_attr_cached(i))
    }

    /// Loads an attribute that is not in a slot, as the cache knows.
    #[inline(always)]
    fn load_attr_cached(&mut self, i: LoadAttr) -> Flow {
        let object = self.read(i.object);
        if let Some(header) = object.header() {
            let (kind, payload) = (CacheKind::of_word(self.cache(0)), self.cache(2));
            if Self::shape_matches(header, i.shape.0) {
                if let Some(flow) = self.load_attr_by(kind, payload, header, i) {
                    return flow;
                }
            } else if kind == CacheKind::OfClass
                && object.downcast::<Type>().is_some_and(|class| class.shapes.root().id() == i.shape.0)
            {
                self.consume(i.object);
                self.write(i.dst, cache::cached_value(payload));
                return Flow::Next;
            }
        }
        self.load_attr_slow(i)
    }

    /// Loads an attribute of an instance in the way that a cache knows.
    #[inline(always)]
    fn load_attr_by(&mut self, kind: CacheKind, payload: u64, header: &Header, i: LoadAttr) -> Option<Flow> {
        let value = match kind {
            CacheKind::Slot => cache::slot(header, payload)?,
            CacheKind::ClassValue => cache::cached_value(payload),
            CacheKind::Static => cache::static_function(payload)?,
            CacheKind::Getter => {
                let getter = cache::getter(payload)?;
                let receiver = self.take(i.object);
                return Some(self.call_function(getter, receiver, None, i.dst, Opcode::LoadAttr));
            }
            CacheKind::Descriptor => {
                self.save();
                let result = cache::described(self.vm(), payload, self.read(i.object))?;
                self.consume(i.object);
                return Some(self.finish(i.dst, result));
            }
            CacheKind::Native => {
                self.save();
                let result = cache::native_getter(payload)(self.vm(), self.read(i.object));
                self.consume(i.object);
                return Some(self.finish(i.dst, result));
            }
            _ => return None,
        };
        self.consume(i.object);
        self.write(i.dst, value);
        Some(Flow::Next)
    }

    out_of_line! {
        fn load_attr_slow(&mut self, i: LoadAttr) -> Flow {
            self.save();
            let name = self.code().names[i.name.0 as usize].borrow();
            let object = self.read(i.object);
            if let (Some(entry), Some(header)) = (self.shared_entry(object, name), object.header()) {
                if let Some(flow) = self.load_attr_by(entry.kind, entry.payload, header, i) {
                    return flow;
                }
            }
            let result = self.vm().get_attr(object, name);
            self.consume(i.object);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        /// How the object's attribute is found, from the shared cache or by looking.
        fn shared_entry(&self, object: Ref<'_>, name: Ref<'_>) -> Option<cache::Entry> {
            let (access, shape) = cache::load_key(object)?;
            let (word, replace) = cache::count_miss(self.cache(0));
            self.set_cache(0, word);
            let known = self.vm().interpreter().attributes.get(access, shape, name);
            let is_new = known.is_none();
            let entry = known.or_else(|| cache::find(self.vm(), object, name))?;
            if is_new {
                self.vm().interpreter().attributes.set(access, name, &entry);
            }
            if is_new || replace {
                self.fill_cache(&entry);
            }
            Some(entry)
        }
    }

    /// Writes a cache entry into the current instruction.
    fn fill_cache(&self, entry: &cache::Entry) {
        self.set_cache(0, entry.kind.in_word(self.cache(0)));
        self.set_cache(1, self.cache(1) & 0xffff_ffff | u64::from(entry.shape) << 32);
        self.set_cache(2, entry.payload);
    }

    #[inline(always)]
    pub(super) fn store_attr(&mut self, i: StoreAttr) -> Flow {
        if let Some(header) = self.read(i.object).header()
            && Self::shape_matches(header, i.shape.0)
        {
            let word = self.cache(0);
            if CacheKind::Slot.is_in(word) {
                return self.replace_slot(header, self.cache(2), i);
            }
            if CacheKind::Transition.is_in(word) {
                return self.add_slot(header, self.cache(2), i);
            }
        }
        self.aside(|machine, i: StoreAttr| machine.store_attr_slow(i))
    }

    /// Stores an attribute of an instance in the way that a cache knows.
    #[inline(always)]
    fn store_attr_by(
        &mut self,
        kind: CacheKind,
        payload: u64,
        header: &Header,
        i: StoreAttr,
    ) -> Option<Flow> {
        match kind {
            CacheKind::Slot => Some(self.replace_slot(header, payload, i)),
            CacheKind::Transition => Some(self.add_slot(header, payload, i)),
            _ => None,
        }
    }

    #[inline(always)]
    fn replace_slot(&self, header: &Header, offset: u64, i: StoreAttr) -> Flow {
        if let Some(old) = cache::replace_slot(header, offset, self.take(i.value)) {
            self.drop_saved(old);
        }
        self.consume(i.object);
        Flow::Next
    }

    #[inline(always)]
    fn add_slot(&self, header: &Header, shape: u64, i: StoreAttr) -> Flow {
        cache::add_slot(header, shape, self.take(i.value));
        self.consume(i.object);
        Flow::Next
    }

    #[inline(always)]
    fn store_attr_slow(&mut self, i: StoreAttr) -> Flow {
        self.save();
        let name = self.code().names[i.name.0 as usize].borrow();
        let object = self.read(i.object);
        if let Some(header) = object.header() {
            if let Some(entry) = self.shared_store_entry(object, header, name) {
                if let Some(flow) = self.store_attr_by(entry.kind, entry.payload, header, i) {
                    return flow;
                }
            }
        }
        let result = self.vm().set_attr(object, name, Some(self.read(i.value)));
        self.consume(i.object);
        self.consume(i.value);
        self.done(result)
    }

    /// As `shared_entry`, for stores.
    fn shared_store_entry(&self, object: Ref<'_>, header: &Header, name: Ref<'_>) -> Option<cache::Entry> {
        let shape = header.shape()?.id();
        let (word, replace) = cache::count_miss(self.cache(0));
        self.set_cache(0, word);
        let known = self.vm().interpreter().attributes.get(Access::Store, shape, name);
        let is_new = known.is_none();
        let entry = known.or_else(|| cache::find_store(self.vm(), object, name))?;
        if is_new {
            self.vm().interpreter().attributes.set(Access::Store, name, &entry);
        }
        if is_new || replace {
            self.fill_cache(&entry);
        }
        Some(entry)
    }

    out_of_line! {
        pub(super) fn delete_attr(&mut self, i: DeleteAttr) -> Flow {
            self.save();
            let name = self.code().names[i.name.0 as usize].borrow();
            let result = self.vm().set_attr(self.read(i.object), name, None);
            self.consume(i.object);
            self.done(result)
        }
    }

    #[inline(always)]
    pub(super) fn load_method(&mut self, i: LoadMethod) -> Flow {
        if let Some(header) = self.read(i.object).header()
            && Self::shape_matches(header, i.shape.0)
            && CacheKind::Method.is_in(self.cache(0))
        {
            return self.method_of(cache::cached_value(self.cache(2)), i);
        }
        self.aside(|machine, i: LoadMethod| machine.load_method_cached(i))
    }

    /// Loads something else to be called, as the cache knows.
    #[inline(always)]
    fn load_method_cached(&mut self, i: LoadMethod) -> Flow {
        let object = self.read(i.object);
        if let Some(header) = object.header() {
            let (kind, payload) = (CacheKind::of_word(self.cache(0)), self.cache(2));
            let matches = Self::shape_matches(header, i.shape.0)
                || kind.is_of_class()
                    && object.downcast::<Type>().is_some_and(|class| class.shapes.root().id() == i.shape.0);
            if matches {
                if let Some(flow) = self.load_method_by(kind, payload, header, i) {
                    return flow;
                }
            }
        }
        self.load_method_slow(i)
    }

    /// Loads a method in the way that a cache knows.
    #[inline(always)]
    fn load_method_by(
        &mut self,
        kind: CacheKind,
        payload: u64,
        header: &Header,
        i: LoadMethod,
    ) -> Option<Flow> {
        match kind {
            CacheKind::Method => Some(self.method_of(cache::cached_value(payload), i)),
            CacheKind::OfClass => {
                self.consume(i.object);
                Some(self.plain_method(i.base.register, cache::cached_value(payload)))
            }
            CacheKind::Slot => {
                let value = cache::slot(header, payload)?;
                self.consume(i.object);
                Some(self.plain_method(i.base.register, value))
            }
            CacheKind::Static
            | CacheKind::ClassMethod
            | CacheKind::StaticOfClass
            | CacheKind::MethodOfClass => self.load_wrapped_method(kind, payload, i),
            _ => None,
        }
    }

    out_of_line! {
        /// A static or class method that the cache found.
        fn load_wrapped_method(&mut self, kind: CacheKind, payload: u64, i: LoadMethod) -> Option<Flow> {
            let object = self.read(i.object);
            self.save();
            if matches!(kind, CacheKind::Static | CacheKind::StaticOfClass) {
                let function = cache::static_function(payload)?;
                self.consume(i.object);
                return Some(self.plain_method(i.base.register, function));
            }
            let function = cache::class_function(payload)?;
            let class = if kind == CacheKind::ClassMethod { self.vm().class(object) } else { object }.own();
            self.consume(i.object);
            self.write_temporary(i.base.register, function);
            self.write_temporary(i.base.register + 1, class);
            Some(Flow::Next)
        }
    }

    /// A function of the class, whose receiver is the object.
    #[inline(always)]
    fn method_of(&self, function: Owned, i: LoadMethod) -> Flow {
        let receiver = self.take(i.object);
        self.write_temporary(i.base.register, function);
        self.write_temporary(i.base.register + 1, receiver);
        Flow::Next
    }

    /// An attribute that is called without a receiver.
    #[inline(always)]
    fn plain_method(&mut self, base: u16, value: Owned) -> Flow {
        self.write_temporary(base, value);
        self.write_null(base + 1);
        Flow::Next
    }

    out_of_line! {
        fn load_method_slow(&mut self, i: LoadMethod) -> Flow {
            self.save();
            let name = self.code().names[i.name.0 as usize].borrow();
            let object = self.read(i.object);
            if let (Some(entry), Some(header)) = (self.shared_entry(object, name), object.header()) {
                if let Some(flow) = self.load_method_by(entry.kind, entry.payload, header, i) {
                    return flow;
                }
            }
            let result = match self.vm().unbound_method(object, name) {
                Ok(Some(function)) => return self.method_of(function, i),
                Ok(None) => self.vm().get_attr(object, name),
                Err(raised) => Err(raised),
            };
            self.consume(i.object);
            match result {
                Ok(value) => self.plain_method(i.base.register, value),
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    out_of_line! {
        pub(super) fn load_super_attr(&mut self, i: LoadSuperAttr) -> Flow {
            self.save();
            let (base, with_self) = (i.base.register, i.n.0 == 2);
            let name = self.code().names[i.name.0 as usize].borrow();
            let (global, class, receiver) =
                (self.take_temporary(base), self.take_temporary(base + 1), self.take_temporary(base + 2));
            if with_self && global.borrow().is(self.vm().types().super_.borrow()) {
                let methods = &self.vm().interpreter().super_methods;
                if let Some(function) = methods.get(self.vm(), class.borrow(), receiver.borrow(), name) {
                    self.write_temporary(base, function);
                    self.write_temporary(base + 1, receiver);
                    return Flow::Next;
                }
            }
            let result = self.make_super(&global, &class, &receiver, i.explicit.0 != 0);
            match result.and_then(|object| self.vm().get_attr(object.borrow(), name)) {
                Ok(value) if with_self => self.plain_method(base, value),
                Ok(value) => {
                    self.write_temporary(base, value);
                    Flow::Next
                }
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    out_of_line! {
        /// Calls what the name `super` means: with the arguments only where the source has them, unless it is the builtin.
        fn make_super(&self, global: &Owned, class: &Owned, receiver: &Owned, explicit: bool) -> PyResult {
            if explicit || global.borrow().is(self.vm().types().super_.borrow()) {
                self.vm().call(global.borrow(), &[class.borrow(), receiver.borrow()])
            } else {
                self.vm().call(global.borrow(), &[])
            }
        }
    }

    #[inline(always)]
    pub(super) fn load_item(&mut self, i: LoadItem) -> Flow {
        let (object, key) = (self.read(i.object), self.read(i.key));
        if let (Some(header), Some(index)) = (object.header(), key.as_small_int()) {
            if let Some(value) = item_of_sequence(self.vm(), object, header, index) {
                self.consume(i.object);
                self.write(i.dst, value);
                return Flow::Next;
            }
        }
        self.aside(|machine, i: LoadItem| machine.load_item_slow(i))
    }

    #[inline(always)]
    fn load_item_slow(&mut self, i: LoadItem) -> Flow {
        self.save();
        let (object, key) = (self.read(i.object), self.read(i.key));
        let result = match object.header() {
            Some(header) if header.is_exact(Kind::Dict) => {
                let dict = object.downcast::<Dict>().expect("a dict");
                crate::types::dict::subscript(self.vm(), dict, key)
            }
            Some(header) if header.is_exact(Kind::List) => {
                crate::types::list::getitem(self.vm(), object, key)
            }
            Some(header) if header.is_exact(Kind::Str) => crate::types::str_::getitem(self.vm(), object, key),
            Some(header) if header.kind() == Kind::Instance => {
                let names = self.vm().names();
                match super::call::special_function(self.vm(), object, names.__getitem__.borrow()) {
                    Some(function) if function::takes_exactly(function.borrow(), 2) => {
                        let key = self.take(i.key);
                        let object = self.take(i.object);
                        return self.call_function(function, object, Some(key), i.dst, Opcode::LoadItem);
                    }
                    _ => self.vm().get_item(object, key),
                }
            }
            _ => self.vm().get_item(object, key),
        };
        self.consume_both(i.object, i.key, &result);
        self.finish(i.dst, result)
    }

    #[inline(always)]
    pub(super) fn load_item_int(&mut self, i: LoadItemInt) -> Flow {
        let object = self.read(i.object);
        if let Some(header) = object.header() {
            if let Some(value) = item_of_sequence(self.vm(), object, header, i.key.0.into()) {
                self.consume(i.object);
                self.write(i.dst, value);
                return Flow::Next;
            }
        }
        self.aside(|machine, i: LoadItemInt| {
            machine.save();
            let key = Owned::small_int(i.key.0.into());
            let result = machine.vm().get_item(machine.read(i.object), key.borrow());
            machine.consume(i.object);
            machine.finish(i.dst, result)
        })
    }

    #[inline(always)]
    pub(super) fn store_item(&mut self, i: StoreItem) -> Flow {
        let (object, key) = (self.read(i.object), self.read(i.key));
        if let (Some(header), Some(index)) = (object.header(), key.as_small_int()) {
            if header.is_exact(Kind::List) {
                let items = &object.downcast::<List>().expect("a list").items;
                if let Some(index) = index_of(index, items.len()) {
                    let value = self.take(i.value);
                    let old = items.replace(index, value);
                    self.drop_saved(old);
                    self.consume(i.object);
                    return Flow::Next;
                }
            }
        }
        self.aside(|machine, i: StoreItem| machine.store_item_slow(i))
    }

    #[inline(always)]
    fn store_item_slow(&mut self, i: StoreItem) -> Flow {
        self.save();
        let (object, key) = (self.read(i.object), self.read(i.key));
        if store_byte(object, key, self.read(i.value)).is_some() {
            self.consume(i.object);
            return Flow::Next;
        }
        let result = match object.header() {
            Some(header) if header.is_exact(Kind::Dict) => {
                let dict = object.downcast::<Dict>().expect("a dict");
                crate::types::key::dict_hash(self.vm(), key)
                    .and_then(|hash| dict.table.insert(self.vm(), key, hash, self.read(i.value).own()))
                    .map(drop)
            }
            _ => self.vm().set_item(object, key, Some(self.read(i.value))),
        };
        self.consume(i.key);
        self.consume(i.object);
        self.consume(i.value);
        self.done(result)
    }

    out_of_line! {
        pub(super) fn delete_item(&mut self, i: DeleteItem) -> Flow {
            self.save();
            let result = self.vm().set_item(self.read(i.object), self.read(i.key), None);
            self.consume(i.key);
            self.consume(i.object);
            self.done(result)
        }
    }

    #[inline(always)]
    pub(super) fn load_slice(&mut self, _: LoadSlice) -> Flow {
        self.aside(|machine, i: LoadSlice| {
            machine.save();
            let base = i.bounds.register;
            let result =
                machine.vm().get_slice(machine.read(i.object), machine.at(base), machine.at(base + 1));
            machine.drop_temporary(base + 1);
            machine.drop_temporary(base);
            machine.consume(i.object);
            machine.finish(i.dst, result)
        })
    }

    out_of_line! {
        pub(super) fn store_slice(&mut self, i: StoreSlice) -> Flow {
            self.save();
            let base = i.base.register;
            let (object, start, stop) =
                (self.take_temporary(base), self.take_temporary(base + 1), self.take_temporary(base + 2));
            let value = self.take(i.value);
            let (start, stop) = (start.borrow(), stop.borrow());
            let result = self.vm().set_slice(object.borrow(), start, stop, Some(value.borrow()));
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn build_slice(&mut self, i: BuildSlice) -> Flow {
            let base = i.base.register;
            let (start, stop) = (self.take_temporary(base), self.take_temporary(base + 1));
            let step = if i.n.0 == 3 { self.take_temporary(base + 2) } else { Owned::none() };
            let result = self.vm().slice(start, stop, step);
            self.finish(i.dst, result)
        }
    }
}

/// The item of a sequence of the core at a small index, if it is in range and need not be made.
#[inline(always)]
fn item_of_sequence(vm: &Thread, object: Ref<'_>, header: &Header, index: i64) -> Option<Owned> {
    if header.is_exact(Kind::List) {
        let items = &object.downcast::<List>()?.items;
        return items.get(index_of(index, items.len())?);
    }
    if header.is_exact(Kind::Tuple) {
        let items = object.downcast::<Tuple>()?.as_slice();
        return items.get(index_of(index, items.len())?).cloned();
    }
    if header.is_exact(Kind::Str) {
        let text = object.downcast::<Str>().filter(|text| text.is_ascii())?;
        return Some(vm.latin1(text.as_bytes()[index_of(index, text.len())?]));
    }
    byte_at(object, header, index)
}

/// The byte of a bytes or bytearray object at a small index, if it is in range.
#[inline(always)]
fn byte_at(object: Ref<'_>, header: &Header, index: i64) -> Option<Owned> {
    let byte = if header.is_exact(Kind::Bytes) {
        let bytes = object.downcast::<Bytes>()?.as_bytes();
        bytes[index_of(index, bytes.len())?]
    } else if header.is_exact(Kind::ByteArray) {
        let bytes = &object.downcast::<ByteArray>()?.bytes;
        bytes.get(index_of(index, bytes.len())?)?
    } else {
        return None;
    };
    Some(Owned::small_int(byte.into()))
}

/// Changes a byte of a bytearray, if index and value are small ints in range; `None` if not.
#[inline(always)]
fn store_byte(object: Ref<'_>, key: Ref<'_>, value: Ref<'_>) -> Option<()> {
    let bytes = &object.downcast::<ByteArray>().filter(|_| object.is_exact(Kind::ByteArray))?.bytes;
    let index = index_of(key.as_small_int()?, bytes.len())?;
    bytes.set(index, u8::try_from(value.as_small_int()?).ok()?);
    Some(())
}
