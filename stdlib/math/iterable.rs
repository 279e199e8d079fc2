//! Sums, products and distances of many numbers.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::Bound;
use pyx_vm::number::int_float;
use pyx_vm::number::norm::{self, ProductSum};
use pyx_vm::number::sum::ExactSum;
use pyx_vm::protocol::conversion::{float_value, int_value};
use pyx_vm::protocol::number::BinaryOp;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(super) fn fsum(vm: &Thread, seq: Ref<'_>) -> PyResult {
    let mut sum = ExactSum::new();
    vm.iterate(seq, &mut |item| {
        let term = vm.to_f64(item.borrow())?;
        sum.add(term).map_err(|error| vm.raised(error))
    })?;
    match sum.value() {
        Ok(value) => vm.float(value),
        Err(error) => Err(vm.raised(error)),
    }
}

pub(super) fn hypot(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let mut coordinates = args.rest().iter().map(|x| vm.to_f64(*x)).collect::<PyResult<Vec<_>>>()?;
    vm.float(norm::length(&mut coordinates))
}

pub(super) fn dist(vm: &Thread, p: Ref<'_>, q: Ref<'_>) -> PyResult {
    let (p, q) = (tuple(vm, p)?, tuple(vm, q)?);
    let (p, q) = (items(&p), items(&q));
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for (a, b) in p.iter().zip(q) {
        first.push(vm.to_f64(a.borrow())?);
        second.push(vm.to_f64(b.borrow())?);
    }
    vm.float(norm::distance(&mut first, &second))
}

/// The items of an iterable as a tuple, itself if it is one.
fn tuple(vm: &Thread, iterable: Ref<'_>) -> PyResult {
    if iterable.downcast::<Tuple>().is_some() {
        return Ok(iterable.own());
    }
    vm.tuple(vm.collect(iterable)?)
}

fn items(tuple: &Owned) -> &[Owned] {
    tuple.borrow().downcast::<Tuple>().expect("a tuple").as_slice()
}

pub(super) fn prod(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let mut product = args.optional(1).map_or_else(|| Owned::small_int(1), Ref::own);
    vm.iterate(args.required(0), &mut |item| {
        product = vm.binary(BinaryOp::Mult, product.borrow(), item.borrow())?;
        Ok(())
    })?;
    Ok(product)
}

pub(super) fn sumprod(vm: &Thread, p: Ref<'_>, q: Ref<'_>) -> PyResult {
    let (p, q) = (vm.iter(p)?, vm.iter(q)?);
    let mut sum = SumOfProducts::new();
    loop {
        match (vm.next(p.borrow())?, vm.next(q.borrow())?) {
            (Some(a), Some(b)) => sum.add(vm, a.borrow(), b.borrow())?,
            (None, None) => return sum.finish(vm),
            _ => return Err(vm.value_error("Inputs are not the same length")),
        }
    }
}

/// A sum of products in the making.
///
/// It starts with machine integers, goes on with floats in extended precision when it meets the first pair that is not of
/// ints or leaves their range, and ends with the operators of the items when it meets the first pair that is not
/// of floats and ints or leaves the range of floats. It never goes back.
struct SumOfProducts {
    total: Owned,
    stage: Stage,
}

enum Stage {
    Ints(i64),
    Floats(Option<ProductSum>),
    Objects,
}

impl SumOfProducts {
    fn new() -> Self {
        Self { total: Owned::small_int(0), stage: Stage::Ints(0) }
    }

    fn add(&mut self, vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<()> {
        if let Stage::Ints(sum) = self.stage {
            let product = exact_int(vm, a).zip(exact_int(vm, b)).and_then(|(a, b)| a.checked_mul(b));
            if let Some(sum) = product.and_then(|product| sum.checked_add(product)) {
                self.stage = Stage::Ints(sum);
                return Ok(());
            }
            self.leave_stage(vm)?;
        }
        if let Stage::Floats(sum) = self.stage {
            let product = float_pair(vm, a, b);
            if let Some(sum) = product.and_then(|(a, b)| sum.unwrap_or_default().add(a, b)) {
                self.stage = Stage::Floats(Some(sum));
                return Ok(());
            }
            self.leave_stage(vm)?;
        }
        let product = vm.binary(BinaryOp::Mult, a, b)?;
        self.total = vm.binary(BinaryOp::Add, self.total.borrow(), product.borrow())?;
        Ok(())
    }

    /// Adds the stage's sum to the total and goes to the next stage.
    fn leave_stage(&mut self, vm: &Thread) -> PyResult<()> {
        let sum = match self.stage {
            Stage::Ints(0) | Stage::Floats(None) | Stage::Objects => None,
            Stage::Ints(sum) => Some(vm.int(sum)?),
            Stage::Floats(Some(sum)) => Some(vm.float(sum.value())?),
        };
        if let Some(sum) = sum {
            self.total = vm.binary(BinaryOp::Add, self.total.borrow(), sum.borrow())?;
        }
        self.stage = match self.stage {
            Stage::Ints(_) => Stage::Floats(None),
            Stage::Floats(_) | Stage::Objects => Stage::Objects,
        };
        Ok(())
    }

    fn finish(mut self, vm: &Thread) -> PyResult {
        self.leave_stage(vm)?;
        self.leave_stage(vm)?;
        Ok(self.total)
    }
}

/// The value of an int of class int, if it fits a machine word.
fn exact_int(vm: &Thread, value: Ref<'_>) -> Option<i64> {
    value.as_small_int().or_else(|| {
        let is_int = vm.class(value).is(vm.types().int.borrow());
        is_int.then(|| int_value(value)?.to_i64()).flatten()
    })
}

/// Two floats, or a float and an int or bool.
fn float_pair(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> Option<(f64, f64)> {
    let float = |value: Ref<'_>| {
        value.as_immediate_float().or_else(|| {
            let is_float = vm.class(value).is(vm.types().float.borrow());
            is_float.then(|| float_value(value)).flatten()
        })
    };
    let int = |value: Ref<'_>| {
        let is_int = value.as_bool().is_some() || vm.class(value).is(vm.types().int.borrow());
        let int = is_int.then(|| int_value(value)).flatten()?;
        int_float::to_f64(int).ok()
    };
    match (float(a), float(b)) {
        (Some(a), Some(b)) => Some((a, b)),
        (Some(a), None) => Some((a, int(b)?)),
        (None, Some(b)) => Some((int(a)?, b)),
        (None, None) => None,
    }
}
