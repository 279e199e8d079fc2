//! `center`, `ljust`, `rjust`, `zfill` and `expandtabs`.

use super::ByteString;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::text::pad::{
    center_margins, expanded_size, expandtabs as expand, pad, padded_size, zfill as fill_zeros,
};
use crate::text::replace::Units;
use crate::value::Ref;
use crate::vm::Thread;

macro_rules! paddings {
    ($($name:ident: $margins:expr;)*) => {$(
        pub(super) fn $name<T: ByteString>(
            vm: &Thread,
            this: Ref<'_>,
            width: Ref<'_>,
            fill: Option<Ref<'_>>,
        ) -> PyResult {
            padded::<T>(vm, stringify!($name), (this, width, fill), $margins)
        }
    )*};
}

paddings! {
    center: center_margins;
    ljust: |len, width| (0, width.saturating_sub(len));
    rjust: |len, width| (width.saturating_sub(len), 0);
}

/// The bytes with margins, which a function of their number and the width tells.
fn padded<T: ByteString>(
    vm: &Thread,
    name: &str,
    (this, width, fill): (Ref<'_>, Ref<'_>, Option<Ref<'_>>),
    margins: impl FnOnce(usize, usize) -> (usize, usize),
) -> PyResult {
    let width = usize::try_from(vm.to_isize(width)?).unwrap_or(0);
    let fill = fill.map_or(Ok(b' '), |fill| fill_byte(vm, name, fill))?;
    let bytes = T::read(this);
    let (left, right) = margins(bytes.len(), width);
    if left + right == 0 {
        drop(bytes);
        return T::unchanged(vm, this);
    }
    match padded_size(&bytes, left, right, &[fill]) {
        Some(size) => T::write(vm, size, |out| pad(&bytes, left, right, &[fill], out)),
        None => Err(vm.memory_error()),
    }
}

fn fill_byte(vm: &Thread, name: &str, fill: Ref<'_>) -> PyResult<u8> {
    let kind = match fill.kind() {
        Kind::Bytes => "bytes",
        Kind::ByteArray => "bytearray",
        _ => {
            let place = format!("{name}() argument 2");
            return Err(vm.bad_argument(&place, "a byte string of length 1", fill));
        }
    };
    let bytes = vm.bytes_like(fill)?;
    match *bytes {
        [byte] => Ok(byte),
        _ => Err(vm.type_error(format_args!(
            "{name}(): argument 2 must be a byte string of length 1, not a {kind} object of length {}",
            bytes.len()
        ))),
    }
}

pub(super) fn zfill<T: ByteString>(vm: &Thread, this: Ref<'_>, width: Ref<'_>) -> PyResult {
    let width = usize::try_from(vm.to_isize(width)?).unwrap_or(0);
    let bytes = T::read(this);
    let zeros = width.saturating_sub(bytes.len());
    if zeros == 0 {
        drop(bytes);
        return T::unchanged(vm, this);
    }
    match padded_size(&bytes, zeros, 0, b"0") {
        Some(size) => T::write(vm, size, |out| fill_zeros(&bytes, zeros, out)),
        None => Err(vm.memory_error()),
    }
}

pub(super) fn expandtabs<T: ByteString>(vm: &Thread, this: Ref<'_>, tab_size: Option<Ref<'_>>) -> PyResult {
    let tab_size = tab_size.map_or(Ok(8), |tab_size| vm.to_c_int(tab_size))?;
    let tab_size = usize::try_from(tab_size).unwrap_or(0);
    let bytes = T::read(this);
    match expanded_size(&bytes, tab_size, Units::Bytes) {
        Some(size) => T::write(vm, size, |out| expand(&bytes, tab_size, Units::Bytes, out)),
        None => Err(vm.overflow_error("result too long")),
    }
}
