//! Functions of integers.

use pyx_vm::exception::PyResult;
use pyx_vm::native::Bound;
use pyx_vm::number::{BitBudget, Int, combinatorics, int, int_ops};
use pyx_vm::protocol::number_error::NumberError;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

fn integer(vm: &Thread, result: Result<Int, impl NumberError>) -> PyResult {
    match result {
        Ok(number) => vm.number(number),
        Err(error) => Err(vm.raised(error)),
    }
}

pub(super) fn comb(vm: &Thread, n: Ref<'_>, k: Ref<'_>) -> PyResult {
    let (n, k) = (vm.to_integer(n)?, vm.to_integer(k)?);
    integer(vm, combinatorics::comb(n.as_ref(), k.as_ref(), BitBudget::MEMORY))
}

pub(super) fn perm(vm: &Thread, n: Ref<'_>, k: Option<Ref<'_>>) -> PyResult {
    let Some(k) = k.filter(|k| !k.is_none()) else { return factorial(vm, n) };
    let (n, k) = (vm.to_integer(n)?, vm.to_integer(k)?);
    integer(vm, combinatorics::perm(n.as_ref(), k.as_ref(), BitBudget::MEMORY))
}

pub(super) fn factorial(vm: &Thread, n: Ref<'_>) -> PyResult {
    let n = vm.to_integer(n)?;
    integer(vm, combinatorics::factorial(n.as_ref(), BitBudget::MEMORY))
}

pub(super) fn isqrt(vm: &Thread, n: Ref<'_>) -> PyResult {
    let n = vm.to_integer(n)?;
    integer(vm, int_ops::isqrt(n.as_ref()))
}

pub(super) fn gcd(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let mut divisor = Int::ZERO;
    for &number in args.rest() {
        let number = vm.to_integer(number)?;
        // Further arguments only have to be integers, once nothing but one divides them all.
        if divisor != Int::ONE {
            divisor = int_ops::gcd(divisor.as_ref(), number.as_ref());
        }
    }
    vm.number(divisor)
}

pub(super) fn lcm(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let mut multiple = Int::ONE;
    for &number in args.rest() {
        let number = vm.to_integer(number)?;
        multiple = int_ops::lcm(multiple.as_ref(), number.as_ref());
    }
    vm.number(int::abs(multiple.as_ref()))
}
