//! Golden programs: each `tests/golden/<area>/<case>.py` is one test, and `<case>.out` says how CPython 3.14 behaves.
//!
//! The program runs in its own folder as `pyx <case>.py`, without environment or input. What it did is one text: its
//! stdout; then, if it wrote to stderr, the line `--- stderr` and that text; then, if it failed, the line
//! `--- exit <status>`. The folder's own path and addresses of objects are left
//! out of it. That text must equal `<case>.out`.
//!
//! `PYX_ORACLE=python3.14 UPDATE_EXPECT=1 cargo test --test golden [FILTER]` writes the expectations anew.
//!
//! `pending.txt` lists cases that cannot pass yet, with the reason. They run all the same, and one that passes fails the
//! test until its line is removed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};

/// How long a program may run; debug builds on a busy machine are slow.
const TIME_LIMIT: Duration = Duration::from_mins(2);
/// How much output is kept: a program that prints without end is stopped by the time limit.
const OUTPUT_LIMIT: u64 = 1 << 24;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut pending = pending(&root.join("pending.txt"));
    let mut trials: Vec<Trial> = cases(&root)
        .into_iter()
        .map(|(name, path)| {
            let reason = pending.remove(&name);
            let kind = if reason.is_some() { "pending" } else { "" };
            Trial::test(name, move || check(&path, reason.as_deref())).with_kind(kind)
        })
        .collect();
    trials.extend(pending.into_keys().map(|name| {
        let message = format!("pending.txt names {name}, which does not exist");
        Trial::test(name, move || Err(message.into())).with_kind("pending")
    }));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The programs by name, `<area>/<case>`.
fn cases(root: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the golden folder is readable") {
            let path = entry.expect("the golden folder is readable").path();
            let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"_"));
            if path.is_dir() && !hidden {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "py") && !hidden {
                let name = path.strip_prefix(root).expect("inside").with_extension("");
                found.push((name.to_string_lossy().into_owned(), path));
            }
        }
    }
    found.sort();
    found
}

/// `<area>/<case>: <reason>` lines.
fn pending(list: &Path) -> BTreeMap<String, String> {
    fs::read_to_string(list)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("pending.txt: no reason in {line:?}")))
        .map(|(name, reason)| (name.to_owned(), reason.to_owned()))
        .collect()
}

fn check(program: &Path, pending: Option<&str>) -> Result<(), Failed> {
    let expectation = program.with_extension("out");
    if std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1") {
        let oracle = std::env::var("PYX_ORACLE").map_err(|_| "UPDATE_EXPECT=1 needs PYX_ORACLE")?;
        let mut text = behaviour(Path::new(&oracle), program)?;
        if text.is_empty() {
            text.push('\n');
        }
        return fs::write(&expectation, text).map_err(Failed::from);
    }
    let expected = fs::read(&expectation).map_err(|error| format!("{}: {error}", expectation.display()))?;
    let expected = String::from_utf8_lossy(&expected);
    let actual = behaviour(Path::new(env!("CARGO_BIN_EXE_pyx")), program);
    let failure = match actual {
        Ok(actual) if actual.trim_end() == expected.trim_end() => None,
        Ok(actual) => Some(Failed::from(difference(&expected, &actual))),
        Err(failure) => Some(failure),
    };
    match (failure, pending) {
        (None, None) => Ok(()),
        (Some(failure), None) => Err(failure),
        (None, Some(reason)) => {
            Err(format!("passes, although pending.txt says {reason:?}: remove the line").into())
        }
        // A crash is never what a case is waiting for.
        (Some(failure), Some(_)) => {
            let crashed = failure.message().is_some_and(|text| text.contains("killed by"));
            if crashed { Err(failure) } else { Ok(()) }
        }
    }
}

/// Runs a program and describes what it did; a crash or a timeout is an error.
fn behaviour(python: &Path, program: &Path) -> Result<String, Failed> {
    let folder = program.parent().expect("a program is in a folder");
    let child = Command::new(python)
        .arg(program.file_name().expect("a program is a file"))
        .current_dir(folder)
        .env_clear()
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", python.display()))?;
    let (status, stdout, stderr) = finish(child)?;
    let mut text = String::from_utf8_lossy(&stdout).into_owned();
    let stderr = String::from_utf8_lossy(&stderr);
    if stderr.contains("panicked at") {
        return Err(format!("killed by a panic:\n{stderr}").into());
    }
    if !stderr.is_empty() {
        let _ = write!(text, "--- stderr\n{stderr}");
    }
    match status.code() {
        Some(0) => {}
        Some(code) => drop(writeln!(text, "--- exit {code}")),
        None => return Err(format!("killed by {status}\n{text}").into()),
    }
    Ok(without_addresses(&text.replace(&format!("{}/", folder.display()), "")))
}

/// Every `0x` number after ` at ` becomes `0x...`.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result.push_str(" at 0x...");
        result.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    result
}

/// Waits for a child, reading both of its streams.
fn finish(mut child: Child) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), Failed> {
    let stdout = reader(child.stdout.take().expect("piped"));
    let stderr = reader(child.stderr.take().expect("piped"));
    let deadline = Instant::now() + TIME_LIMIT;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            let (stdout, stderr) = (stdout.join(), stderr.join());
            return Ok((status, stdout.expect("reads")?, stderr.expect("reads")?));
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            return Err(format!("killed by the time limit of {} s", TIME_LIMIT.as_secs()).into());
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

fn reader(stream: impl Read + Send + 'static) -> thread::JoinHandle<std::io::Result<Vec<u8>>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.take(OUTPUT_LIMIT).read_to_end(&mut bytes)?;
        Ok(bytes)
    })
}

/// The lines around the first difference, and how many there are.
fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let same = expected.iter().zip(&actual).take_while(|(left, right)| left == right).count();
    let tail = expected[same..]
        .iter()
        .rev()
        .zip(actual[same..].iter().rev())
        .take_while(|(left, right)| left == right)
        .count();
    let mut text = format!("behaves differently from line {}:\n", same + 1);
    for line in &expected[same.saturating_sub(3)..same] {
        let _ = writeln!(text, "  {line}");
    }
    let mut part = |mark: char, lines: &[&str]| {
        for line in lines.iter().take(20) {
            let _ = writeln!(text, "{mark} {line}");
        }
        if lines.len() > 20 {
            let _ = writeln!(text, "{mark} ... {} more lines", lines.len() - 20);
        }
    };
    part('-', &expected[same..expected.len() - tail]);
    part('+', &actual[same..actual.len() - tail]);
    text
}
