//! Displays, unpacking, strings.

use pyx_compiler::bytecode::opcode::instruction::*;

use super::dispatch::{Flow, Machine, out_of_line};
use crate::exception::{PyResult, Raised};
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::Tuple;
use crate::heap::{Items, Kind};
use crate::types::key::dict_hash;
use crate::types::list::List;
use crate::types::str_::concatenate;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Machine<'_> {
    #[inline(always)]
    pub(super) fn build_tuple(&mut self, i: BuildTuple) -> Flow {
        let result = self.new_tuple(i.base.register, usize::from(i.n.0));
        self.finish(i.dst, result)
    }

    #[inline(always)]
    pub(super) fn build_list(&mut self, i: BuildList) -> Flow {
        let result = self.new_list(i.base.register, usize::from(i.n.0));
        self.finish(i.dst, result)
    }

    out_of_line! {
        pub(super) fn build_set(&mut self, i: BuildSet) -> Flow {
            self.save();
            let items = self.take_range(i.base.register, usize::from(i.n.0));
            let result = self.vm().set(items);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn build_map(&mut self, i: BuildMap) -> Flow {
            self.save();
            let mut items = self.take_range(i.base.register, 2 * usize::from(i.n.0)).into_iter();
            let table = Table::new();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                let inserted =
                    dict_hash(self.vm(), key.borrow()).and_then(|hash| table.insert(self.vm(), key.borrow(), hash, value));
                if let Err(raised) = inserted {
                    return Flow::Raise(raised);
                }
            }
            let result = self.vm().new_object(Dict { table });
            self.finish(i.dst, result)
        }
    }

    #[inline(always)]
    pub(super) fn list_append(&mut self, i: ListAppend) -> Flow {
        let list = self.keep(i.list).downcast::<List>().expect("verified code appends to a list");
        let item = self.take(i.item);
        let result = list.items.push(self.vm(), item);
        self.done(result)
    }

    out_of_line! {
        pub(super) fn list_extend(&mut self, i: ListExtend) -> Flow {
            self.save();
            let result = extend(self.vm(), self.keep(i.list), self.read(i.items));
            self.consume(i.items);
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn set_add(&mut self, i: SetAdd) -> Flow {
            self.save();
            let result = self.vm().set_add(self.keep(i.set), self.read(i.item));
            self.consume(i.item);
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn set_update(&mut self, i: SetUpdate) -> Flow {
            self.save();
            let result = self.vm().set_update(self.keep(i.set), self.read(i.items));
            self.consume(i.items);
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn map_add(&mut self, i: MapAdd) -> Flow {
            self.save();
            let dict = self.keep(i.map).downcast::<Dict>().expect("verified code adds to a dict");
            let (key, value) = (self.take(i.key), self.take(i.value));
            let result =
                dict_hash(self.vm(), key.borrow()).and_then(|hash| dict.table.insert(self.vm(), key.borrow(), hash, value));
            self.done(result.map(drop))
        }
    }

    out_of_line! {
        pub(super) fn dict_update(&mut self, i: DictUpdate) -> Flow {
            self.save();
            let result = update(self.vm(), self.keep(i.map), self.read(i.items));
            self.consume(i.items);
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn dict_merge(&mut self, i: DictMerge) -> Flow {
            self.save();
            let result =
                super::call::merge_keywords(self.vm(), self.keep(i.map), self.read(i.items), self.keep(i.callable));
            self.consume(i.items);
            self.done(result)
        }
    }

    out_of_line! {
        pub(super) fn list_to_tuple(&mut self, i: ListToTuple) -> Flow {
            let list = self.take(i.src);
            let items = list.borrow().downcast::<List>().expect("verified code passes a list").items.take();
            let result = self.vm().tuple(items.into_vec());
            self.finish(i.dst, result)
        }
    }

    #[inline(always)]
    pub(super) fn unpack(&mut self, i: Unpack) -> Flow {
        let n = usize::from(i.n.0);
        let top = i.base.register + i.n.0;
        let source = self.read(i.src);
        if let Some(tuple) = source.downcast::<Tuple>().filter(|tuple| tuple.len() == n) {
            // The destination may be the source's own register: own the items before it is consumed.
            let source = self.take(i.src);
            for (index, item) in tuple.as_slice().iter().enumerate() {
                self.write_temporary(top - 1 - index as u16, item.clone());
            }
            self.drop_saved(source);
            return Flow::Next;
        }
        self.unpack_slow(i)
    }

    out_of_line! {
        fn unpack_slow(&mut self, i: Unpack) -> Flow {
            self.save();
            let items = unpack_exactly(self.vm(), self.read(i.src), usize::from(i.n.0));
            self.consume(i.src);
            match items {
                Ok(items) => {
                    for (index, item) in items.into_iter().rev().enumerate() {
                        self.write_temporary(i.base.register + index as u16, item);
                    }
                    Flow::Next
                }
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    #[inline(always)]
    pub(super) fn unpack_pair(&mut self, i: UnpackPair) -> Flow {
        let source = self.read(i.src);
        if let Some([first, second]) =
            source.downcast::<Tuple>().and_then(|tuple| tuple.as_slice().first_chunk::<2>())
        {
            if source.downcast::<Tuple>().is_some_and(|tuple| tuple.len() == 2) {
                let (first, second) = (first.clone(), second.clone());
                self.consume(i.src);
                self.write(i.first, first);
                self.write(i.second, second);
                return Flow::Next;
            }
        }
        self.save();
        let items = unpack_exactly(self.vm(), source, 2);
        self.consume(i.src);
        match items.map(|items| <[Owned; 2]>::try_from(items).expect("two items")) {
            Ok([first, second]) => {
                self.write(i.first, first);
                self.write(i.second, second);
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    out_of_line! {
        pub(super) fn unpack_star(&mut self, i: UnpackStar) -> Flow {
            self.save();
            let (before, after) = (i.before.0 as usize, i.after.0 as usize);
            let items = unpack_around(self.vm(), self.read(i.src), before, after);
            self.consume(i.src);
            match items {
                Ok(items) => {
                    for (index, item) in items.into_iter().rev().enumerate() {
                        self.write_temporary(i.base.register + index as u16, item);
                    }
                    Flow::Next
                }
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    out_of_line! {
        pub(super) fn convert(&mut self, i: Convert) -> Flow {
            self.save();
            let value = self.read(i.src);
            let result = match i.how.0 {
                1 => self.vm().to_str(value),
                2 => self.vm().repr(value),
                3 => self.vm().ascii(value),
                _ => Ok(value.own()),
            };
            self.consume(i.src);
            self.finish(i.dst, result)
        }
    }

    #[inline(always)]
    pub(super) fn format_simple(&mut self, i: FormatSimple) -> Flow {
        let value = self.read(i.src);
        if value.header().is_some_and(|header| header.is_exact(Kind::Str)) {
            let value = self.take(i.src);
            self.write(i.dst, value);
            return Flow::Next;
        }
        self.save();
        let result = self.vm().format(value, None);
        self.consume(i.src);
        self.finish(i.dst, result)
    }

    out_of_line! {
        pub(super) fn format_spec(&mut self, i: FormatSpec) -> Flow {
            self.save();
            let result = self.vm().format(self.read(i.src), Some(self.read(i.spec)));
            self.consume(i.spec);
            self.consume(i.src);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn build_string(&mut self, i: BuildString) -> Flow {
            self.save();
            let parts = self.take_in_place(i.base.register, usize::from(i.n.0));
            let result = concatenate(self.vm(), parts.as_refs());
            drop(parts);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn build_template(&mut self, i: BuildTemplate) -> Flow {
            self.save();
            let base = i.base.register;
            let (strings, interpolations) = (self.take_temporary(base), self.take_temporary(base + 1));
            let result = self.vm().template(strings, interpolations);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn build_interpolation(&mut self, i: BuildInterpolation) -> Flow {
            self.save();
            let base = i.base.register;
            let (value, expression, spec) =
                (self.take_temporary(base), self.take_temporary(base + 1), self.take_opt(base + 2));
            let conversion = match i.conversion.0 {
                1 => Some('s'),
                2 => Some('r'),
                3 => Some('a'),
                _ => None,
            };
            let result = self.vm().interpolation(value, expression, conversion, spec);
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        fn new_list(&self, base: u16, n: usize) -> PyResult {
            let items = Items::with_capacity(self.vm(), n)?;
            for index in 0..n {
                items.push(self.vm(), self.take_temporary(base + index as u16))?;
            }
            self.vm().new_object(List { items })
        }
    }
}

/// Extends a list by the items of an iterable; what is not iterable is worded as in `[*x]`.
fn extend(vm: &Thread, list: Ref<'_>, iterable: Ref<'_>) -> PyResult<()> {
    crate::types::list::extend(vm, list, iterable).map_err(|raised| {
        let slots = &vm.class(iterable).downcast::<crate::types::type_::Type>().expect("a class").slots;
        if raised.is(&vm.exceptions().TypeError) && slots.iter.get().is_none() && slots.item.get().is_none() {
            vm.type_error(format_args!("Value after * must be an iterable, not {}", vm.type_name(iterable)))
        } else {
            raised
        }
    })
}

/// Updates a dict from a mapping, as `{**x}` does.
fn update(vm: &Thread, map: Ref<'_>, items: Ref<'_>) -> PyResult<()> {
    let not_a_mapping = || vm.type_error(format_args!("'{}' object is not a mapping", vm.type_name(items)));
    if !items.is_exact(Kind::Dict) && vm.get_attr_opt(items, vm.names().keys.borrow())?.is_none() {
        return Err(not_a_mapping());
    }
    // Whatever attribute is missing, it is taken for one that makes a mapping.
    vm.dict_update(map, items)
        .map_err(|raised| if raised.is(&vm.exceptions().AttributeError) { not_a_mapping() } else { raised })
}

/// The items of an iterable that must have exactly `n`.
pub(super) fn unpack_exactly(vm: &Thread, source: Ref<'_>, n: usize) -> PyResult<Vec<Owned>> {
    if let Some(list) =
        source.downcast::<List>().filter(|_| source.header().is_some_and(|h| h.is_exact(Kind::List)))
    {
        let len = list.items.len();
        return match len.cmp(&n) {
            std::cmp::Ordering::Equal => Ok(list.items.to_vec(0, n)),
            std::cmp::Ordering::Less => Err(not_enough(vm, n, len)),
            std::cmp::Ordering::Greater => Err(too_many(vm, n, Some(len))),
        };
    }
    let iterator = unpacked_iterator(vm, source)?;
    let mut items = Vec::with_capacity(n);
    while items.len() < n {
        match vm.next(iterator.borrow())? {
            Some(item) => items.push(item),
            None => return Err(not_enough(vm, n, items.len())),
        }
    }
    if vm.next(iterator.borrow())?.is_none() {
        return Ok(items);
    }
    let exact = matches!(source.kind(), Kind::Tuple | Kind::Dict)
        && source.header().is_some_and(|header| header.is_exact(source.kind()));
    let len = if exact { Some(vm.length(source)?) } else { None };
    Err(too_many(vm, n, len))
}

/// The items before and after a starred target, and the list between them.
fn unpack_around(vm: &Thread, source: Ref<'_>, before: usize, after: usize) -> PyResult<Vec<Owned>> {
    let iterator = unpacked_iterator(vm, source)?;
    let mut items = Vec::with_capacity(before + after + 1);
    while items.len() < before {
        match vm.next(iterator.borrow())? {
            Some(item) => items.push(item),
            None => return Err(not_enough_for_star(vm, before + after, items.len())),
        }
    }
    let mut rest = vm.collect(iterator.borrow())?;
    if rest.len() < after {
        return Err(not_enough_for_star(vm, before + after, before + rest.len()));
    }
    let tail = rest.split_off(rest.len() - after);
    items.push(vm.list(rest)?);
    items.extend(tail);
    Ok(items)
}

fn unpacked_iterator(vm: &Thread, source: Ref<'_>) -> PyResult {
    vm.iter(source).map_err(|raised| {
        let slots = &vm.class(source).downcast::<crate::types::type_::Type>().expect("a class").slots;
        if raised.is(&vm.exceptions().TypeError) && slots.iter.get().is_none() && slots.item.get().is_none() {
            vm.type_error(format_args!("cannot unpack non-iterable {} object", vm.type_name(source)))
        } else {
            raised
        }
    })
}

#[cold]
fn not_enough(vm: &Thread, expected: usize, got: usize) -> Raised {
    vm.value_error(format_args!("not enough values to unpack (expected {expected}, got {got})"))
}

#[cold]
fn not_enough_for_star(vm: &Thread, expected: usize, got: usize) -> Raised {
    vm.value_error(format_args!("not enough values to unpack (expected at least {expected}, got {got})"))
}

#[cold]
fn too_many(vm: &Thread, expected: usize, got: Option<usize>) -> Raised {
    match got {
        Some(got) => {
            vm.value_error(format_args!("too many values to unpack (expected {expected}, got {got})"))
        }
        None => vm.value_error(format_args!("too many values to unpack (expected {expected})")),
    }
}
