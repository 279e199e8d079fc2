//! Case conversion, `replace`, `strip` and its kin, `removeprefix`, `removesuffix` and `translate`.

use super::{ByteString, part};
use crate::exception::PyResult;
use crate::text::case;
use crate::text::replace::{Replace, Units, replace as plan};
use crate::text::space::Ascii;
use crate::text::strip::{Side, strip_bytes, strip_spaces};
use crate::text::translate::translate_bytes;
use crate::value::Ref;
use crate::vm::Thread;

macro_rules! conversions {
    ($($name:ident: $convert:path;)*) => {$(
        pub(super) fn $name<T: ByteString>(vm: &Thread, this: Ref<'_>) -> PyResult {
            let bytes = T::read(this);
            T::write(vm, bytes.len(), |out| $convert(&bytes, out))
        }
    )*};
}

conversions! {
    lower: case::lower_bytes;
    upper: case::upper_bytes;
    title: case::title_bytes;
    capitalize: case::capitalize_bytes;
    swapcase: case::swapcase_bytes;
}

pub(super) fn replace<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    old: Ref<'_>,
    new: Ref<'_>,
    count: Option<Ref<'_>>,
) -> PyResult {
    // Asking for one buffer may run Python; it must not find the other one locked.
    let old = vm.bytes_copied(old)?;
    let new = vm.bytes_copied(new)?;
    let limit = vm.limit(count)?;
    let bytes = T::read(this);
    match plan(&bytes, &old, &new, limit, Units::Bytes) {
        Replace::Unchanged => {
            drop(bytes);
            T::unchanged(vm, this)
        }
        Replace::TooLong => Err(vm.overflow_error("replace bytes is too long")),
        Replace::Write(replacing) => T::write(vm, replacing.size(), |out| replacing.write(out, Units::Bytes)),
    }
}

pub(super) fn strip<T: ByteString>(vm: &Thread, this: Ref<'_>, set: Option<Ref<'_>>) -> PyResult {
    stripped::<T>(vm, this, set, Side::Both)
}

pub(super) fn lstrip<T: ByteString>(vm: &Thread, this: Ref<'_>, set: Option<Ref<'_>>) -> PyResult {
    stripped::<T>(vm, this, set, Side::Left)
}

pub(super) fn rstrip<T: ByteString>(vm: &Thread, this: Ref<'_>, set: Option<Ref<'_>>) -> PyResult {
    stripped::<T>(vm, this, set, Side::Right)
}

fn stripped<T: ByteString>(vm: &Thread, this: Ref<'_>, set: Option<Ref<'_>>, side: Side) -> PyResult {
    let range = match set.filter(|set| !set.is_none()) {
        None => strip_spaces::<Ascii>(&T::read(this), side),
        Some(set) => {
            let set = vm.bytes_like(set)?;
            strip_bytes(&T::read(this), &set, side)
        }
    };
    part::<T>(vm, this, range)
}

pub(super) fn removeprefix<T: ByteString>(vm: &Thread, this: Ref<'_>, prefix: Ref<'_>) -> PyResult {
    let range = {
        let prefix = vm.bytes_like(prefix)?;
        let bytes = T::read(this);
        if bytes.starts_with(&prefix) { prefix.len()..bytes.len() } else { 0..bytes.len() }
    };
    part::<T>(vm, this, range)
}

pub(super) fn removesuffix<T: ByteString>(vm: &Thread, this: Ref<'_>, suffix: Ref<'_>) -> PyResult {
    let range = {
        let suffix = vm.bytes_like(suffix)?;
        let bytes = T::read(this);
        if bytes.ends_with(&suffix) { 0..bytes.len() - suffix.len() } else { 0..bytes.len() }
    };
    part::<T>(vm, this, range)
}

pub(super) fn translate<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    table: Ref<'_>,
    delete: Option<Ref<'_>>,
) -> PyResult {
    let table = if table.is_none() { None } else { Some(vm.copy_bytes_like(table)?) };
    let table: Option<&[u8; 256]> = match table.as_deref().map(TryFrom::try_from) {
        None => None,
        Some(Ok(table)) => Some(table),
        Some(Err(_)) => return Err(vm.value_error("translation table must be 256 characters long")),
    };
    let delete = delete.map(|delete| vm.bytes_like(delete)).transpose()?;
    let bytes = T::read(this);
    let translated = translate_bytes(&bytes, table, delete.as_deref().unwrap_or_default());
    if *translated == *bytes {
        drop(bytes);
        return T::unchanged(vm, this);
    }
    T::make(vm, &translated)
}
