//! Iteration: `for` loops and what feeds them.

use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};
use pyx_compiler::bytecode::operand::{Label, Out};

use super::dispatch::{Flow, Machine, out_of_line};
use super::instrumented;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::Tuple;
use crate::types::bytes_iterator::BytesIterator;
use crate::types::list_iterator::ListIterator;
use crate::types::range::RangeIterator;
use crate::types::str_iterator::StrIterator;
use crate::types::tuple_iterator::TupleIterator;
use crate::types::type_::Type;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Machine<'_> {
    #[inline(always)]
    pub(super) fn get_iter(&mut self, _: GetIter) -> Flow {
        self.aside(|machine, i: GetIter| {
            machine.save();
            let result = machine.vm().iter(machine.read(i.src));
            machine.consume(i.src);
            machine.finish(i.dst, result)
        })
    }

    #[inline(always)]
    pub(super) fn for_iter(&mut self, i: ForIter) -> Flow {
        let iterator = self.keep(i.iter);
        // Two comparisons are less than a jump by a table, which would be a second one in each turn of a loop.
        if let Some(range) = iterator.downcast::<RangeIterator>() {
            return self.loop_over(i, range.advance());
        }
        if let Some(list) = iterator.downcast::<ListIterator>() {
            return self.loop_over(i, list.advance());
        }
        if let Some(tuple) = iterator.downcast::<TupleIterator>() {
            return self.loop_over(i, tuple.advance());
        }
        if iterator.kind() == Kind::Generator {
            return self.iterate_generator(iterator);
        }
        self.aside(|machine, i: ForIter| machine.iterate_slow(i))
    }

    #[inline(always)]
    fn iterate_slow(&mut self, i: ForIter) -> Flow {
        let iterator = self.keep(i.iter);
        match iterator.kind() {
            Kind::BytesIterator => {
                let bytes = iterator.downcast::<BytesIterator>().expect("an iterator over bytes");
                self.loop_over(i, bytes.advance().map(|byte| Owned::small_int(byte.into())))
            }
            Kind::StrIterator => {
                self.save();
                let text = iterator.downcast::<StrIterator>().expect("an iterator over a str");
                match text.advance().map(|code| self.vm().character(code)).transpose() {
                    Ok(item) => self.loop_over(i, item),
                    Err(raised) => Flow::Raise(raised),
                }
            }
            _ => {
                self.save();
                match next(self.vm(), iterator) {
                    Ok(Some(value)) => {
                        self.write(i.dst, value);
                        Flow::Next
                    }
                    Ok(None) => self.end_for(i.iter.register, Opcode::ForIter, i.target),
                    Err(raised) => Flow::Raise(raised),
                }
            }
        }
    }

    /// Goes into the loop with an item, or on after it.
    #[inline(always)]
    fn loop_over(&mut self, i: ForIter, item: Option<Owned>) -> Flow {
        match item {
            Some(value) => {
                self.write(i.dst, value);
                Flow::Next
            }
            None => self.end_for(i.iter.register, Opcode::ForIter, i.target),
        }
    }

    #[inline(always)]
    pub(super) fn for_iter_pair(&mut self, i: ForIterPair) -> Flow {
        let iterator = self.keep(i.iter);
        if iterator.kind() == Kind::Generator {
            return self.iterate_generator(iterator);
        }
        self.save();
        match self.vm().next_pair(iterator) {
            Some(Ok(Some((first, second)))) => {
                self.write(i.first, first);
                self.write(i.second, second);
                return Flow::Next;
            }
            Some(Ok(None)) => return self.end_for(i.iter.register, Opcode::ForIterPair, i.target),
            Some(Err(raised)) => return Flow::Raise(raised),
            None => {}
        }
        match next(self.vm(), iterator) {
            Ok(Some(pair)) => self.write_pair(i.first, i.second, pair),
            Ok(None) => self.end_for(i.iter.register, Opcode::ForIterPair, i.target),
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// Writes the two items of a pair.
    #[inline(always)]
    fn write_pair(&mut self, first: Out, second: Out, pair: Owned) -> Flow {
        if let Some(tuple) = pair.borrow().downcast::<Tuple>() {
            if let [a, b] = tuple.as_slice() {
                let (a, b) = (a.clone(), b.clone());
                drop(pair);
                self.write(first, a);
                self.write(second, b);
                return Flow::Next;
            }
        }
        match super::build::unpack_exactly(self.vm(), pair.borrow(), 2) {
            Ok(items) => {
                let mut items = items.into_iter();
                if let (Some(a), Some(b)) = (items.next(), items.next()) {
                    self.write(first, a);
                    self.write(second, b);
                }
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// Drops the iterator of a loop that is over, and goes on after the loop.
    #[inline(always)]
    fn end_for(&mut self, iterator: u16, opcode: Opcode, target: Label) -> Flow {
        self.save();
        self.drop_temporary(iterator);
        self.go(opcode, target)
    }

    out_of_line! {
        /// The loop at `pc` is over.
        pub(super) fn end_loop(&mut self) -> Flow {
            if let Err(raised) = self.tell_branch(true) {
                return Flow::Raise(raised);
            }
            let (word, target) = (self.cache(0), Label(self.cache(1) as u32 as i32));
            if self.opcode() == Opcode::ForIterPair {
                let i = ForIterPair::decode(word, |_| 0);
                self.end_for(i.iter.register, Opcode::ForIterPair, target)
            } else {
                let i = ForIter::decode(word, |_| 0);
                self.end_for(i.iter.register, Opcode::ForIter, target)
            }
        }
    }

    /// The loop at `pc` has an item.
    #[inline(always)]
    pub(super) fn loop_item(&mut self, value: Owned) -> Flow {
        if let Err(raised) = self.tell_branch(false) {
            return Flow::Raise(raised);
        }
        let word = self.cache(0);
        if self.opcode() == Opcode::ForIterPair {
            let i = ForIterPair::decode(word, |_| 0);
            return match self.write_pair(i.first, i.second, value) {
                Flow::Next => {
                    self.skip(Opcode::ForIterPair.words());
                    Flow::Goto
                }
                flow => flow,
            };
        }
        self.write(ForIter::decode(word, |_| 0).dst, value);
        self.skip(Opcode::ForIter.words());
        Flow::Goto
    }
}

/// The next item of any iterator. A StopIteration ends the loop; tools hear that it is raised there.
#[inline(never)]
fn next(vm: &Thread, iterator: Ref<'_>) -> PyResult<Option<Owned>> {
    let Some(next) = vm.class(iterator).downcast::<Type>().and_then(|class| class.slots.next.get()) else {
        return vm.next(iterator);
    };
    let mut result = next(vm, iterator);
    if let Err(raised) = &result
        && raised.is(&vm.exceptions().StopIteration)
    {
        result = instrumented::tell_stopped(vm, raised).map(|()| None);
    }
    result
}
