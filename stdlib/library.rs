//! The embedded library: CPython's pure-Python modules, precompiled, inside the interpreter's binary.
//!
//! Its files have names as if they lay in `sys._stdlib_dir`, but they need not lie there. Modules come from the archive
//! without any file: their code for `import`, their text for tracebacks and `inspect`. Only when a program looks for one of
//! the files by its name, and it is not there, is the whole tree written out ([`provide`]), once for each user and each
//! edition of the library.
//!
//! `PYX_LIB_DIR` names a directory with another library, which is used like CPython's, through the file system. Of the
//! archive, importlib alone is used then: nothing could be imported without it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fs, process};

use pyx_compiler::bytecode::image::{Bytes, Unread};
use pyx_vm::exception::PyResult;
use pyx_vm::vm::{CompileRequest, Thread};
use zstd::bulk::Decompressor;
use zstd::dict::DecoderDictionary;

use crate::archive::{Archive, File, Packed};
use crate::compile;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.pyxlib"));

/// The dictionary of the frames with code, made ready once.
static DICTIONARY: LazyLock<DecoderDictionary<'static>> =
    LazyLock::new(|| DecoderDictionary::copy(archive().dictionary()));

fn archive() -> Archive<'static> {
    Archive::new(BYTES).expect("the archive is our own")
}

/// A file of the embedded library, by its path in it.
pub(crate) fn file(path: &str) -> Option<File<'static>> {
    archive().find(path)
}

/// What is in a file.
pub(crate) fn content(file: &File<'_>) -> Vec<u8> {
    unpack(file.content, Decompressor::new)
}

fn image_of(file: &File<'_>) -> Bytes {
    match archive().plain(file.code) {
        Some(image) => Bytes::Static(image),
        None => {
            Bytes::Shared(unpack(file.code, || Decompressor::with_prepared_dictionary(&DICTIONARY)).into())
        }
    }
}

/// Unpacks a frame of the archive, which is whole: it is part of the binary.
fn unpack<'d>(packed: Packed, decompressor: impl FnOnce() -> io::Result<Decompressor<'d>>) -> Vec<u8> {
    const WHOLE: &str = "the archive is whole";
    let frame = archive().frame(packed).expect(WHOLE);
    if packed.len == packed.size {
        return frame.to_vec();
    }
    decompressor().and_then(|mut unpacker| unpacker.decompress(frame, packed.size as usize)).expect(WHOLE)
}

// ---- modules ----

/// The code object of a module of the library, for which its file has this name.
pub(crate) fn code(vm: &Thread, file: &File<'_>, filename: &str) -> PyResult {
    if vm.optimize_level() == 0 {
        return vm.unread_code(&unread(file, filename));
    }
    // The archive has code with assertions and docstrings only.
    let (source, filename) = (vm.bytes(&content(file))?, vm.str(filename)?);
    let request = CompileRequest::new(source.borrow(), filename.borrow(), "exec");
    compile::compile(vm, &request)
}

/// A module's code, of which nothing is read yet.
fn unread(file: &File<'_>, filename: &str) -> Unread {
    Unread::new(image_of(file), filename.as_bytes()).expect("the archive is of this edition")
}

/// A module in a directory of the library: the path of its file, and of its directory if it is a package.
pub(crate) fn find_module(directory: &str, name: &str) -> Option<(String, Option<String>)> {
    let path = join(directory, name);
    let package = format!("{path}/__init__.py");
    if file(&package).is_some() {
        return Some((package, Some(path)));
    }
    let module = format!("{path}.py");
    file(&module).is_some().then_some((module, None))
}

/// Whether there is such a directory in the library.
pub(crate) fn is_directory(path: &str) -> bool {
    !archive().directory(path).is_empty()
}

/// The names of the modules in a directory, in order, and whether they are packages.
pub(crate) fn modules(directory: &str) -> BTreeSet<(String, bool)> {
    let archive = archive();
    let skip = if directory.is_empty() { 0 } else { directory.len() + 1 };
    let files = archive.directory(directory).filter_map(|index| archive.file(index));
    let module = |file: File<'_>| {
        let name = &file.path[skip..];
        match name.split_once('/') {
            None => name
                .strip_suffix(".py")
                .filter(|&name| name != "__init__")
                .map(|name| (name.to_owned(), false)),
            Some((package, "__init__.py")) => Some((package.to_owned(), true)),
            Some(_) => None,
        }
    };
    files.filter_map(module).collect()
}

/// A path below a directory of the library.
fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

// ---- files ----

/// The directory that the library's files seem to lie in, within a directory for caches.
pub fn root(cache: &Path) -> PathBuf {
    cache.join(format!("stdlib-{:016x}", archive().edition())).join(WITHIN)
}

/// Where the library lies in a tree that is written out: where it would lie in an installation.
const WITHIN: &str = "lib/pyx3.14";

/// Where the library seems to lie, if the embedded one is in use.
fn embedded_root(vm: &Thread) -> Option<&Path> {
    let config = vm.config();
    config.stdlib_dir.as_deref().map(Path::new).filter(|_| config.embedded_library)
}

/// The path of a file or directory in the library, if its name says that it lies there.
pub(crate) fn relative<'p>(vm: &Thread, path: &'p [u8]) -> Option<&'p str> {
    let path = Path::new(OsStr::from_bytes(path)).strip_prefix(embedded_root(vm)?).ok()?;
    path.to_str()
}

/// Makes the source text of the library known to tracebacks.
pub(crate) fn show_sources(vm: &Thread) {
    let Some(root) = embedded_root(vm).map(Path::to_owned) else { return };
    vm.set_sources_elsewhere(move |path| {
        let path = Path::new(path).strip_prefix(&root).ok()?.to_str()?;
        file(path).map(|file| content(&file))
    });
}

/// Where a file of the library seems to lie.
pub(crate) fn absolute(vm: &Thread, path: &str) -> Option<PathBuf> {
    Some(embedded_root(vm)?.join(path))
}

/// Writes the library out if this path lies in it, and it has not been written out yet.
///
/// Whatever is about to look for a file by its name calls this. Where the library cannot be written, the file is just not
/// there, and those who ask its loader still get its content.
pub(crate) fn provide(vm: &Thread, path: &[u8]) {
    let (Some(root), Some(wanted)) = (embedded_root(vm), relative(vm, path)) else { return };
    let is_known = file(wanted).is_some() || is_directory(wanted);
    if is_known && !root.exists() {
        let _ = write_out(root);
    }
}

/// Writes the library out: beside the place first, then all at once, so that nobody sees half of it.
fn write_out(root: &Path) -> io::Result<()> {
    let tree = root.ancestors().nth(Path::new(WITHIN).components().count()).unwrap_or(root);
    let beside = tree.with_extension(format!("new-{}", process::id()));
    let result = write_files(&beside.join(WITHIN)).and_then(|()| fs::rename(&beside, tree));
    if let Err(error) = result {
        // There is nothing more to do about what is left over; another process may have been faster.
        let _ = fs::remove_dir_all(&beside);
        return if root.exists() { Ok(()) } else { Err(error) };
    }
    Ok(())
}

fn write_files(target: &Path) -> io::Result<()> {
    let archive = archive();
    let mut last_folder = None;
    for file in (0..archive.len()).filter_map(|index| archive.file(index)) {
        let path = target.join(file.path);
        let folder = path.parent().map(Path::to_path_buf);
        if let Some(folder) = folder.filter(|folder| last_folder.as_ref() != Some(folder)) {
            fs::create_dir_all(&folder)?;
            last_folder = Some(folder);
        }
        fs::write(&path, content(&file))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use pyx_compiler::bytecode::code::Constant;

    use super::*;

    #[test]
    fn modules_are_found() {
        let os = file("os.py").expect("a module");
        assert!(content(&os).starts_with(b"r\"\"\"OS routines"));
        assert_eq!(unread(&os, "/there/os.py").head().filename, b"/there/os.py");
        assert_eq!(find_module("", "json"), Some(("json/__init__.py".into(), Some("json".into()))));
        assert_eq!(find_module("json", "decoder"), Some(("json/decoder.py".into(), None)));
        assert_eq!(find_module("json", "os"), None);
        assert!(is_directory("json") && is_directory("") && !is_directory("jso") && !is_directory("os.py"));
        assert!(modules("json").contains(&("tool".to_owned(), false)));
        assert!(modules("").contains(&("json".to_owned(), true)));
    }

    #[test]
    fn every_module_is_read() {
        let archive = archive();
        for file in (0..archive.len()).filter_map(|index| archive.file(index)) {
            assert_eq!(content(&file).len(), file.content.size as usize);
            if std::path::Path::new(file.path).extension().is_some_and(|extension| extension == "py") {
                let mut pending = vec![unread(&file, file.path).read()];
                while let Some(code) = pending.pop() {
                    pending.extend(code.constants.iter().filter_map(|constant| match constant {
                        Constant::Code(inner) => Some(Rc::clone(inner)),
                        _ => None,
                    }));
                }
            }
        }
    }

    #[test]
    fn the_tree_is_written_out() {
        let folder = std::env::temp_dir().join(format!("pyx-library-test-{}", process::id()));
        let root = root(&folder);
        write_out(&root).unwrap();
        write_out(&root).unwrap();
        assert_eq!(fs::read(root.join("os.py")).unwrap(), content(&file("os.py").unwrap()));
        assert!(root.join("ensurepip/_bundled").is_dir());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
