//! What the embedded library has otherwise than CPython's: a table of small changes, each with its reason.
//!
//! A change names the exact text that it replaces and how often that occurs; a library in which it does not occur
//! so often fails the build, so that an update cannot lose a change unnoticed. Files that pyx adds or writes anew lie in `overlays/`.

use std::collections::BTreeMap;
use std::fs;

use pyx_compiler::bytecode::opcode::Opcode;

use super::Outcome;

/// Modules that are about CPython's stack machine, and are written anew for pyx.
const REPLACED: &[&str] = &["dis.py", "opcode.py"];

/// A change of one file: the text, how often it occurs, and what takes its place.
struct Change {
    file: &'static str,
    from: &'static str,
    count: usize,
    to: &'static str,
}

const fn change(file: &'static str, from: &'static str, to: &'static str) -> Change {
    Change { file, from, count: 1, to }
}

/// The changes, by reason.
const CHANGES: &[Change] = &[
    // The interpreter is called pyx, and so are its directories.
    change(
        "sysconfig/__init__.py",
        "    return 'RustPython'  # XXX: RUSTPYTHON; For site-packages\n",
        "    return 'pyx'\n",
    ),
    change("site.py", "    return 'RustPython' # XXX: RUSTPYTHON; for site-packages\n", "    return 'pyx'\n"),
    change(
        "site.py",
        "    # XXX: RUSTPYTHON\n    return f'{userbase}/lib/rustpython{version[0]}",
        "    return f'{userbase}/lib/pyx{version[0]}",
    ),
    change(
        "platform.py",
        "        # XXX: RUSTPYTHON support\n        if \"RustPython\" in sys_version:\n            name = \"RustPython\"\n        else:\n            name = 'CPython'\n",
        "        name = 'pyx'\n",
    ),
    // The library is found in the interpreter itself, through a path hook (`overlays/library.py`).
    change(
        "importlib/_bootstrap_external.py",
        "    sys.path_hooks.extend([FileFinder.path_hook(*supported_loaders)])\n",
        "    sys.path_hooks.extend([LibraryFinder.path_hook, FileFinder.path_hook(*supported_loaders)])\n",
    ),
    change(
        "importlib/_bootstrap_external.py",
        "def _get_supported_file_loaders():\n",
        include_str!("../overlays/library.py"),
    ),
    // A virtual environment has `bin/pyx` beside the other names.
    change(
        "venv/__init__.py",
        "            suffixes = ['python', 'python3', f'python3.{sys.version_info[1]}']\n            if ",
        "            suffixes = ['pyx', 'python', 'python3', f'python3.{sys.version_info[1]}']\n            if ",
    ),
    // A function's first line is that of the instruction behind its head: there is no RESUME.
    change(
        "pdb.py",
        "        if prev is not None and prev.opname == 'RESUME':\n",
        "        if prev is not None and instr.opname not in ('MAKE_CELL', 'COPY_FREE_VARS'):\n",
    ),
    // curio 1.6 needs these names, which older libraries have.
    change(
        "multiprocessing/connection.py",
        "_FAILURE = b'#FAILURE#'\n",
        "_FAILURE = b'#FAILURE#'\nCHALLENGE, WELCOME, FAILURE = _CHALLENGE, _WELCOME, _FAILURE\n",
    ),
    // What the crate adds for its own interpreter.
    change(
        "io.py",
        "# XXX: RUSTPYTHON; FileIO needs host_env, optional without it\ntry:\n    from _io import FileIO\nexcept ImportError:\n    FileIO = None\n",
        "",
    ),
    change(
        "io.py",
        "                 open, open_code, BytesIO,",
        "                 open, open_code, FileIO, BytesIO,",
    ),
    change(
        "io.py",
        "if FileIO is not None:  # XXX: RUSTPYTHON; see the try/except above\n    RawIOBase.register(FileIO)\n",
        "RawIOBase.register(FileIO)\n",
    ),
    change(
        "_compat_pickle.py",
        "# NOTE: RUSTPYTHON exceptions\ntry:\n    JitError\nexcept NameError:\n    pass\nelse:\n    PYTHON2_EXCEPTIONS += (\"JitError\",)\n\n",
        "",
    ),
    change(
        "json/decoder.py",
        "    # RUSTPYTHON SPECIFIC\n    @classmethod\n    def _from_serde(cls, msg, doc, line, col):\n        pos = 0\n        # 0-indexed\n        line -= 1\n        col -= 1\n        while line > 0:\n            i = doc.index('\\n', pos)\n            line -= 1\n            pos = i\n        pos += col\n        return cls(msg, doc, pos)\n\n",
        "",
    ),
    change(
        "unittest/__init__.py",
        "\n\n\n# XXX: RUSTPYTHON\n# This is very useful to reduce platform difference boilerplates in tests.\ndef expectedFailureIf(condition, reason):\n    assert reason.startswith(\"TODO: RUSTPYTHON\")\n    if condition:\n        return expectedFailure\n    else:\n        return lambda x: x\n\n# XXX: RUSTPYTHON\n# Even more useful because most of them are windows only.\ndef expectedFailureIfWindows(reason):\n    import sys\n    return expectedFailureIf(sys.platform == 'win32', reason)\n\n# XXX: RUSTPYTHON\n# For a rare case when the parent class test fails but the child pass.\ndef expectedSuccess(test_item):\n    test_item.__unittest_expecting_failure__ = False\n    return test_item\n",
        "",
    ),
];

/// Applies the changes, and adds the files of our own.
pub(super) fn apply(files: &mut BTreeMap<String, Vec<u8>>) -> Outcome {
    for change in CHANGES {
        let content = files.get_mut(change.file).ok_or_else(|| format!("{}: not there", change.file))?;
        let text = std::str::from_utf8(content)?;
        let found = text.matches(change.from).count();
        if found != change.count {
            let Change { file, from, count, .. } = change;
            return Err(format!("{file}: found {found} times instead of {count}: {from:?}").into());
        }
        *content = text.replace(change.from, change.to).into_bytes();
    }
    let (name, data) = system_data()?;
    files.insert(name, data);
    files.insert("_opcode_metadata.py".to_owned(), opcode_metadata().into_bytes());
    for name in REPLACED {
        let own = fs::read(format!("overlays/{name}"))?;
        files.insert((*name).to_owned(), own).ok_or_else(|| format!("{name}: nothing to replace"))?;
    }
    Ok(())
}

/// `_sysconfigdata_*.py`, which `sysconfig` reads: what would be in a Makefile.
fn system_data() -> Outcome<(String, Vec<u8>)> {
    let architecture = std::env::var("CARGO_CFG_TARGET_ARCH")?;
    let triple = format!("{architecture}-linux-gnu");
    let text = fs::read_to_string("overlays/_sysconfigdata.py")?.replace("@triple@", &triple);
    Ok((format!("_sysconfigdata__linux_{triple}.py"), text.into_bytes()))
}

/// `_opcode_metadata.py`: the opcode table for the modules `opcode` and `dis`.
fn opcode_metadata() -> String {
    let rows: String = Opcode::ALL
        .iter()
        .map(|&opcode| format!("    '{}': {},\n", opcode.name().to_uppercase(), opcode as u8))
        .collect();
    format!("\"\"\"The instructions of pyx.\"\"\"\n\nopmap = {{\n{rows}}}\n")
}
