//! The command as its users call it: what is run, what it is told, how it ends.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for a test, removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pyx-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder for temporary files");
        Self(fs::canonicalize(path).expect("the folder is there"))
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder within the folder");
        fs::write(&path, text).expect("a file in the folder");
        path
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over lies among the temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn pyx() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pyx"));
    command.env_clear().env("LANG", "C.UTF-8").stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    pyx().args(arguments).output().expect("pyx starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The command's standard output, after it ended well.
#[track_caller]
fn output(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    text(&output.stdout)
}

/// The command's standard error and status.
#[track_caller]
fn failure(arguments: &[&str]) -> (String, Option<i32>) {
    let output = run(arguments);
    assert_eq!(text(&output.stdout), "");
    (text(&output.stderr), output.status.code())
}

#[test]
fn text_from_the_command_line() {
    assert_eq!(
        output(&["-c", "import sys; print(sys.argv, sys.path[0])", "a", "-b"]),
        "['-c', 'a', '-b'] \n"
    );
    assert_eq!(output(&["-c", "  print(1)\n  print(2)"]), "1\n2\n");
    assert_eq!(output(&["-Pc", "import sys; print('' in sys.path)"]), "False\n");
}

#[test]
fn files_directories_and_archives() {
    let folder = Folder::new("files");
    let script = folder
        .write("script.py", "import sys, helper\nprint(__name__, __file__, sys.path[0], sys.argv[1:])\n");
    folder.write("helper.py", "print(__name__)\n");
    let (script, directory) = (script.display().to_string(), folder.path().display().to_string());
    assert_eq!(output(&["-B", &script, "x"]), format!("helper\n__main__ {script} {directory} ['x']\n"));
    folder.write("app/__main__.py", "import sys\nfrom . import x\n");
    let app = folder.path().join("app").display().to_string();
    let (error, status) = failure(&["-B", &app]);
    assert!(error.contains("attempted relative import with no known parent package"), "{error}");
    assert_eq!(status, Some(1));
    folder.write(
        "app/__main__.py",
        "import sys\nprint(__name__, __package__ == '', sys.argv[0] == sys.path[0])\n",
    );
    assert_eq!(output(&["-B", &app]), "__main__ True True\n");
}

#[test]
fn modules() {
    let folder = Folder::new("modules");
    folder.write("package/__init__.py", "");
    folder.write("package/__main__.py", "import sys\nprint(__name__, __package__, len(sys.argv))\n");
    let output =
        pyx().current_dir(folder.path()).args(["-B", "-m", "package", "a"]).output().expect("pyx starts");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(text(&output.stdout), "__main__ package 2\n");
    let (error, status) = failure(&["-m", "no_such_module"]);
    assert!(error.ends_with(": No module named no_such_module\n"), "{error}");
    assert_eq!(status, Some(1));
}

#[test]
fn standard_input() {
    for arguments in [&[][..], &["-"]] {
        let mut child =
            pyx().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("pyx starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(b"import sys\nprint(__name__, sys.argv)\n").expect("pyx reads");
        drop(input);
        let output = child.wait_with_output().expect("pyx ends");
        let name = arguments.first().copied().unwrap_or_default();
        assert_eq!(text(&output.stdout), format!("__main__ ['{name}']\n"));
    }
}

#[test]
fn statuses() {
    let status = |code| run(&["-c", code]).status.code();
    assert_eq!(status("raise SystemExit"), Some(0));
    assert_eq!(status("raise SystemExit(3)"), Some(3));
    assert_eq!(status("raise SystemExit(True)"), Some(1));
    assert_eq!(status("raise SystemExit(-1)"), Some(255));
    assert_eq!(status("1 / 0"), Some(1));
    assert_eq!(failure(&["-c", "raise SystemExit('so')"]), ("so\n".to_owned(), Some(1)));
    assert_eq!(run(&["/no/such/file"]).status.code(), Some(2));
}

#[test]
fn uncaught_exceptions() {
    let (error, status) = failure(&["-c", "def f():\n    1 / 0\nf()"]);
    let expected = "Traceback (most recent call last):\n  File \"<string>\", line 3, in <module>\n    f()\n    ~^^\n  \
                    File \"<string>\", line 2, in f\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n";
    assert_eq!((error.as_str(), status), (expected, Some(1)));
    let (error, _) =
        failure(&["-c", "import sys; sys.excepthook = lambda *e: print(e[0], file=sys.stderr); 1 / 0"]);
    assert_eq!(error, "<class 'ZeroDivisionError'>\n");
}

#[test]
fn failed_imports_do_not_show_importlib() {
    let (error, _) = failure(&["-c", "import no_such_module"]);
    let expected = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n    \
                    import no_such_module\nModuleNotFoundError: No module named 'no_such_module'\n";
    assert_eq!(error, expected);
    let folder = Folder::new("broken");
    let broken = folder.write("broken.py", "1 / 0\n");
    let output =
        pyx().current_dir(folder.path()).args(["-Bc", "import broken"]).output().expect("pyx starts");
    let expected = format!(
        "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n    import broken\n  \
         File \"{}\", line 1, in <module>\n    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n",
        broken.display()
    );
    assert_eq!(text(&output.stderr), expected);
}

#[test]
fn settings_reach_the_program() {
    assert_eq!(output(&["-Oc", "assert False; print(__debug__)"]), "False\n");
    assert_eq!(output(&["-X", "a=b", "-c", "import sys; print(sys._xoptions)"]), "{'a': 'b'}\n");
    let flags =
        "import sys; f = sys.flags; print(f.isolated, f.ignore_environment, f.no_user_site, f.safe_path)";
    assert_eq!(output(&["-Ic", flags]), "1 1 1 True\n");
    let folder = Folder::new("path");
    folder.write("found.py", "print('found')\n");
    let mut command = pyx();
    command.env("PYTHONPATH", folder.path()).env("PYTHONDONTWRITEBYTECODE", "1");
    let found = command.args(["-c", "import found"]).output().expect("pyx starts");
    assert_eq!(text(&found.stdout), "found\n");
}

#[test]
fn answers_without_an_interpreter() {
    assert!(output(&["--version"]).starts_with("Python 3.14."));
    assert!(output(&["-h"]).starts_with("usage: "));
    assert!(output(&["--help-all"]).contains("PYX_LIB_DIR"));
    assert_eq!(run(&["-Z"]).status.code(), Some(2));
}

#[test]
fn bytecode_is_cached_and_run() {
    let folder = Folder::new("cache");
    folder.write("module.py", "print(__name__)\n");
    let import =
        || pyx().current_dir(folder.path()).args(["-c", "import module"]).output().expect("pyx starts");
    assert_eq!(text(&import().stdout), "module\n");
    let cached = folder.path().join("__pycache__/module.pyx-314.pyc");
    assert!(cached.is_file());
    assert_eq!(text(&import().stdout), "module\n");
    assert_eq!(output(&[&cached.display().to_string()]), "__main__\n");
    // Damaged code is an error, and never run.
    let mut bytes = fs::read(&cached).expect("the cached code");
    bytes.truncate(bytes.len() - 5);
    fs::write(&cached, bytes).expect("the cached code");
    let damaged = import();
    assert_eq!((text(&damaged.stdout).as_str(), damaged.status.code()), ("", Some(1)));
    assert!(text(&damaged.stderr).ends_with("EOFError: marshal data too short\n"));
}

#[test]
fn what_is_printed_is_written() {
    let output = pyx().args(["-c", "print('x' * 100000, end='')"]).output().expect("pyx starts");
    assert_eq!(output.stdout.len(), 100_000);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device that is full");
    let output = pyx().args(["-c", "print(1)"]).stdout(full).output().expect("pyx starts");
    assert_eq!(output.status.code(), Some(120));
}

#[test]
fn exit_functions_and_finalisers_run() {
    let code = "import atexit\nclass A:\n  def __del__(self): print('del')\na = A()\n\
                atexit.register(print, 'first')\natexit.register(print, 'second')\nprint('end')";
    assert_eq!(output(&["-c", code]), "end\nsecond\nfirst\ndel\n");
}

#[test]
fn the_library_has_its_source() {
    let code = "import contextlib, os\n\
                print(os.__file__ == os.path.join(os.path.dirname(contextlib.__file__), 'os.py'))\n\
                print(os.path.exists(contextlib.__file__), open(contextlib.__file__).read(4))";
    let folder = Folder::new("library");
    let output = pyx().env("PYX_CACHE_DIR", folder.path()).args(["-c", code]).output().expect("pyx starts");
    assert_eq!(text(&output.stderr), "");
    assert_eq!(text(&output.stdout), "True\nTrue \"\"\"U\n");
}

#[test]
fn closed_standard_files_are_none() {
    let code = "import os, sys; os._exit(40 + [sys.stdin, sys.stdout, sys.stderr].index(None))";
    for closed in 0..3 {
        let mut shell = Command::new("sh");
        let script = format!("exec {closed}>&-; exec \"$0\" -c \"$1\"");
        let status = shell.args(["-c", &script, env!("CARGO_BIN_EXE_pyx"), code]).status().expect("a shell");
        assert_eq!(status.code(), Some(40 + closed));
    }
}

#[test]
fn tracebacks_show_what_is_known_of_the_source() {
    let (error, _) = failure(&["-c", "def f():\n    1 / 0\nf()"]);
    assert!(error.contains("    f()\n    ~^^\n"), "{error}");
    let (error, _) = failure(&["-X", "no_debug_ranges", "-c", "def f():\n    1 / 0\nf()"]);
    assert!(error.contains("    1 / 0\nZeroDivisionError"), "{error}");
    let code = "import traceback\ntry: 1 / 0\nexcept Exception as e: print(traceback.format_exc())";
    assert!(output(&["-c", code]).contains("try: 1 / 0\n         ~~^~~"));
}

#[test]
fn misspelt_keywords_are_found() {
    for (code, keyword) in [("whille x: pass", "while"), ("for x im y: pass", "in")] {
        let (error, _) = failure(&["-c", code]);
        assert!(
            error.ends_with(&format!("SyntaxError: invalid syntax. Did you mean '{keyword}'?\n")),
            "{error}"
        );
    }
}
