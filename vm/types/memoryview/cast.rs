//! `cast`: the same memory as items of another format, or in another shape.

use smallvec::{SmallVec, smallvec};

use super::item::Format;
use super::{check_unrestricted, in_use};
use crate::exception::PyResult;
use crate::heap::inline::{Str, Tuple};
use crate::protocol::buffer::Geometry;
use crate::types::int::int_ref;
use crate::types::list::List;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The most dimensions there can be.
const MAX_DIMENSIONS: usize = 64;

pub(super) fn cast(vm: &Thread, this: Ref<'_>, format: Ref<'_>, shape: Option<Ref<'_>>) -> PyResult {
    let text = vm.str_argument("cast() argument 'format'", format)?;
    let view = in_use(vm, this)?;
    check_unrestricted(vm, view)?;
    let old = &view.geometry;
    if !old.is_c_contiguous() {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    if (shape.is_some() || old.shape.len() != 1) && old.shape.contains(&0) {
        return Err(vm.type_error("memoryview: cannot cast view with zeros in shape or strides"));
    }
    let shape = shape.map(|shape| shape_items(vm, shape)).transpose()?;
    if let Some(shape) = &shape {
        if shape.len() > MAX_DIMENSIONS {
            return Err(vm.value_error(format_args!(
                "memoryview: number of dimensions must not exceed {MAX_DIMENSIONS}"
            )));
        }
        if old.shape.len() != 1 && shape.len() != 1 {
            return Err(vm.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
        }
    }
    if !text.is_ascii() {
        vm.encode_text(format, "ascii", "strict")?;
    }
    let mut new = in_one_dimension(vm, old, text)?;
    if let Some(shape) = shape {
        in_shape(vm, &mut new, &shape)?;
    }
    in_use(vm, this)?.with_geometry(vm, new)
}

fn shape_items(vm: &Thread, shape: Ref<'_>) -> PyResult<Vec<Owned>> {
    match (shape.downcast::<List>(), shape.downcast::<Tuple>()) {
        (Some(list), _) => list.items.copy_vec(vm, 0, list.items.len()),
        (_, Some(tuple)) => Ok(tuple.as_slice().to_vec()),
        _ => Err(vm.type_error("shape must be a list or a tuple")),
    }
}

fn in_one_dimension(vm: &Thread, old: &Geometry, format: &Str) -> PyResult<Geometry> {
    let refuse = |which: &str| {
        vm.value_error(format_args!(
            "memoryview: {which} format must be a native single character format prefixed with an optional '@'"
        ))
    };
    let source = Format::native(&old.format).ok_or_else(|| refuse("source"))?;
    let text = format.as_str().unwrap_or_default();
    let target = Format::native(text).ok_or_else(|| refuse("destination"))?;
    if !source.is_byte() && !target.is_byte() {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let (bytes, itemsize) = (old.byte_len(), target.size());
    if !bytes.is_multiple_of(itemsize) {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let mut new = Geometry::items(text.to_owned().into(), itemsize, bytes / itemsize, old.readonly);
    new.offset = old.offset;
    Ok(new)
}

fn in_shape(vm: &Thread, geometry: &mut Geometry, items: &[Owned]) -> PyResult<()> {
    let mut shape: SmallVec<[usize; 1]> = smallvec![];
    let mut product = geometry.itemsize;
    for item in items {
        let item = item.borrow();
        if int_ref(item).is_none() {
            return Err(vm.type_error("memoryview.cast(): elements of shape must be integers"));
        }
        let len = vm.to_isize(item)?;
        let Ok(len @ 1..) = usize::try_from(len) else {
            return Err(vm.value_error("memoryview.cast(): elements of shape must be integers > 0"));
        };
        product = product
            .checked_mul(len)
            .filter(|&product| isize::try_from(product).is_ok())
            .ok_or_else(|| vm.value_error("memoryview.cast(): product(shape) > SSIZE_MAX"))?;
        shape.push(len);
    }
    if product != geometry.byte_len() {
        return Err(vm.type_error("memoryview: product(shape) * itemsize != buffer size"));
    }
    geometry.strides = Geometry::contiguous_strides(&shape, geometry.itemsize);
    geometry.shape = shape;
    Ok(())
}
