//! Paths as text: what `posixpath` wants to have fast.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::native::*;
use pyx_vm::text::wtf8::Text;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("fspath($module, /, path)", One(fspath), "The path that an object stands for, as str or bytes."),
    function("_path_normpath($module, /, path)", One(normpath), "A path without empty parts, `.` and `..`."),
    function(
        "_path_splitroot_ex($module, /, p)",
        One(splitroot),
        "A path as drive, root and the rest; there are no drives.",
    ),
];

fn fspath(vm: &Thread, path: Ref<'_>) -> PyResult {
    vm.fspath(path)
}

/// The path as str or bytes object.
fn path_object(vm: &Thread, function: &str, argument: &str, path: Ref<'_>) -> PyResult {
    match vm.fspath_opt(path)? {
        Some(path) => Ok(path),
        None => {
            let got = vm.type_name(path);
            Err(vm.type_error(format_args!(
                "{function}: {argument} should be string, bytes or os.PathLike, not {got}"
            )))
        }
    }
}

/// The bytes of a path; of a str those of its generalised UTF-8, in which `/` and `.` are themselves as well.
fn bytes_of(path: &Owned) -> &[u8] {
    match path.borrow().downcast::<Str>() {
        Some(text) => text.as_bytes(),
        None => path.borrow().downcast::<Bytes>().expect("a path is a str or bytes object").as_bytes(),
    }
}

/// A path of the same type as another.
fn like(vm: &Thread, path: &Owned, bytes: &[u8]) -> PyResult {
    if path.borrow().downcast::<Str>().is_some() { vm.text(Text::trusted(bytes)) } else { vm.bytes(bytes) }
}

fn normpath(vm: &Thread, path: Ref<'_>) -> PyResult {
    let path = path_object(vm, "_path_normpath", "path", path)?;
    like(vm, &path, &normalised(bytes_of(&path)))
}

/// The length of a path's root: two slashes are one of their own, three are like one.
fn root_len(path: &[u8]) -> usize {
    match path {
        [b'/', b'/', b'/', ..] => 1,
        [b'/', b'/', ..] => 2,
        [b'/', ..] => 1,
        _ => 0,
    }
}

/// The path without empty parts, `.`, and `..` where that undoes a part before it.
fn normalised(path: &[u8]) -> Vec<u8> {
    let (root, rest) = path.split_at(root_len(path));
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in rest.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => drop(parts.pop()),
            b".." if !root.is_empty() => {}
            _ => parts.push(part),
        }
    }
    let mut result = root.to_vec();
    result.extend(parts.join(&b'/'));
    if result.is_empty() { b".".to_vec() } else { result }
}

fn splitroot(vm: &Thread, path: Ref<'_>) -> PyResult {
    let path = path_object(vm, "_path_splitroot_ex", "path", path)?;
    let (root, rest) = bytes_of(&path).split_at(root_len(bytes_of(&path)));
    vm.tuple_array([like(vm, &path, b"")?, like(vm, &path, root)?, like(vm, &path, rest)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises() {
        for (path, normal) in [
            ("", "."),
            (".", "."),
            ("a/../..", ".."),
            ("../a", "../a"),
            ("/..", "/"),
            ("//a//b/", "//a/b"),
            ("///a/./b/..", "/a"),
            ("../../a/..", "../.."),
        ] {
            assert_eq!(normalised(path.as_bytes()), normal.as_bytes(), "{path}");
        }
    }
}
