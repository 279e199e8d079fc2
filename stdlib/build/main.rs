//! Makes the archive of the embedded library: CPython's pure-Python modules, changed where pyx differs, and precompiled.
//!
//! The modules come with the crate `rustpython-pylib`, which is CPython's `Lib` and nothing else for us. What is not for pyx is
//! left out ([`OMITTED`]), what differs is changed ([`overlays`]), and every module is compiled with our own compiler. The
//! result is one file, in the form that `archive.rs` says.

#[path = "../archive.rs"]
#[allow(dead_code, reason = "the half that reads is for the interpreter")]
mod archive;
mod overlays;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use archive::{MAGIC, Packed};
use pyx_compiler::bytecode::image;
use pyx_compiler::stack::StackLimit;
use pyx_grammar::{Bump, Locations, Mode, Origin, ParseOptions, Source};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Files and folders of `Lib` that are not taken over.
const OMITTED: &[&str] = &[
    // About the crate, or made for its interpreter.
    "README.md",
    "_opcode_metadata.py",
    "_pycodecs.py",
    "_dummy_os.py",
    "_dummy_thread.py",
    "dummy_threading.py",
    // Programs with windows, which need Tk.
    "idlelib",
    "tkinter",
    "turtle.py",
    "turtledemo",
    // Leftovers of development and of other systems.
    "_pyrepl/mypy.ini",
    "tomllib/mypy.ini",
    "ctypes/macholib/README.ctypes",
    "ctypes/macholib/fetch_macholib",
    "ctypes/macholib/fetch_macholib.bat",
    "email/architecture.rst",
];

/// The modules that every program runs before its own first line, `linecache` if it stands on the command line.
const AT_START: &[&str] = &[
    "importlib/_bootstrap.py",
    "importlib/_bootstrap_external.py",
    "zipimport.py",
    "codecs.py",
    "encodings/__init__.py",
    "encodings/aliases.py",
    "encodings/utf_8.py",
    "io.py",
    "abc.py",
    "site.py",
    "os.py",
    "stat.py",
    "_collections_abc.py",
    "posixpath.py",
    "genericpath.py",
    "_sitebuiltins.py",
    "linecache.py",
];

/// The stack of a thread that compiles, and what of it may be used.
const STACK: usize = 64 << 20;
const USABLE_STACK: usize = 60 << 20;

/// The size of the dictionary that the frames with code share.
const DICTIONARY: usize = 110 << 10;

fn main() -> Outcome {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed=archive.rs");
    println!("cargo:rerun-if-changed=overlays");
    println!("cargo:rerun-if-env-changed=PYX_LIB_SOURCE");
    let root = std::env::var_os("PYX_LIB_SOURCE")
        .map_or_else(|| PathBuf::from(rustpython_pylib::LIB_PATH), PathBuf::from);
    let mut files = BTreeMap::new();
    collect(&root, &root, &mut files)?;
    overlays::apply(&mut files)?;
    let target = PathBuf::from(std::env::var("OUT_DIR")?).join("library.pyxlib");
    fs::write(target, pack(files)?)?;
    Ok(())
}

/// The files of a folder, by their path in the library.
fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> Outcome {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(root)?.to_str().ok_or("a file name that is not UTF-8")?.to_owned();
        if OMITTED.contains(&&*name) || name.ends_with("__pycache__") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}

/// A file on its way into the archive.
struct Entry {
    path: String,
    content: Vec<u8>,
    code: Vec<u8>,
}

fn pack(files: BTreeMap<String, Vec<u8>>) -> Outcome<Vec<u8>> {
    let release = std::env::var("PROFILE")? == "release";
    // The best compression takes long, and shows in the size of the binary only.
    let level = if release { 19 } else { 6 };
    let entries = parallel(files.into_iter().collect(), |(path, content)| {
        let is_module = Path::new(&path).extension().is_some_and(|extension| extension == "py");
        let code = if is_module { compile(&path, &content)? } else { Vec::new() };
        Ok(Entry { path, content, code })
    })?;
    let samples: Vec<&[u8]> =
        entries.iter().map(|entry| &*entry.code).filter(|code| !code.is_empty()).collect();
    let dictionary = zstd::dict::from_samples(&samples, DICTIONARY)?;
    let frames = parallel(entries.iter().collect(), |entry| {
        let content = zstd::bulk::compress(&entry.content, level)?;
        let mut with_dictionary = zstd::bulk::Compressor::with_dictionary(level, &dictionary)?;
        let code = match &*entry.code {
            [] => Vec::new(),
            code if AT_START.contains(&&*entry.path) => code.to_vec(),
            code => shorter(with_dictionary.compress(code)?, code),
        };
        Ok((shorter(content, &entry.content), code))
    })?;
    write(&entries, &dictionary, &frames)
}

/// A frame, unless it is no shorter than what is in it.
fn shorter(frame: Vec<u8>, content: &[u8]) -> Vec<u8> {
    if frame.len() < content.len() { frame } else { content.to_vec() }
}

fn write(entries: &[Entry], dictionary: &[u8], frames: &[(Vec<u8>, Vec<u8>)]) -> Outcome<Vec<u8>> {
    let mut body = dictionary.to_vec();
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(add(&mut body, entry.path.as_bytes(), entry.path.len())?);
    }
    let mut codes = vec![Packed::default(); entries.len()];
    for at_start in [true, false] {
        for (index, entry) in entries.iter().enumerate() {
            if AT_START.contains(&&*entry.path) == at_start {
                codes[index] = add(&mut body, &frames[index].1, entry.code.len())?;
            }
        }
    }
    let mut records = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let content = add(&mut body, &frames[index].0, entry.content.len())?;
        records.extend([paths[index].at, paths[index].len]);
        records.extend([content, codes[index]].iter().flat_map(|part| [part.at, part.len, part.size]));
    }
    let edition = body.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    let (files, dictionary) = (u32::try_from(entries.len())?, u32::try_from(dictionary.len())?);
    let header = [MAGIC, files, dictionary, edition as u32, (edition >> 32) as u32];
    let numbers = header.iter().chain(&records).flat_map(|number| number.to_le_bytes());
    Ok(numbers.chain(body).collect())
}

fn add(body: &mut Vec<u8>, bytes: &[u8], size: usize) -> Outcome<Packed> {
    let at = u32::try_from(body.len())?;
    body.extend_from_slice(bytes);
    Ok(Packed { at, len: u32::try_from(bytes.len())?, size: u32::try_from(size)? })
}

/// The image of a module's code. Its file name is left to be filled in when the module is loaded.
fn compile(path: &str, content: &[u8]) -> Outcome<Vec<u8>> {
    let mut other = |encoding: &str, _: &[u8]| Err(format!("unknown encoding: {encoding}"));
    let fail = |error: Box<pyx_grammar::SyntaxError>| {
        format!("{path}, line {}, column {}: {}", error.lineno, error.offset, error.message)
    };
    let source = Source::decode(content, Origin::File(path), &mut other).map_err(fail)?;
    let (arena, mut warnings) = (Bump::new(), Vec::new());
    let tree = pyx_grammar::parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut warnings)
        .map_err(fail)?;
    let locations = Locations::of_source(&source);
    let options = pyx_compiler::Options { stack: StackLimit::remaining(USABLE_STACK), ..Default::default() };
    let code =
        pyx_compiler::compile(tree, &locations, path.as_bytes(), &options, &mut warnings).map_err(fail)?;
    Ok(image::write(&code))
}

/// Does something with all items, on all processors, and gives the results in the items' order.
fn parallel<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> Outcome<R> + Sync) -> Outcome<Vec<R>> {
    let threads = thread::available_parallelism()?.get();
    let queue = Mutex::new(items.into_iter().enumerate());
    let results = Mutex::new(Vec::new());
    let next = || queue.lock().expect("nobody panics with the queue").next();
    let worker = || -> Outcome {
        while let Some((index, item)) = next() {
            let result = work(item)?;
            results.lock().expect("nobody panics with the results").push((index, result));
        }
        Ok(())
    };
    thread::scope(|scope| -> Outcome {
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
        let workers = (0..threads).map(spawn).collect::<Result<Vec<_>, _>>()?;
        for worker in workers {
            worker.join().map_err(|_| "a thread panicked")??;
        }
        Ok(())
    })?;
    let mut results = results.into_inner().map_err(|_| "a thread panicked")?;
    results.sort_by_key(|&(index, _)| index);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}
