//! Source lines for tracebacks.
//!
//! A file is read when its lines are first asked for, and once for all entries of a report. Source text that is not in a
//! file (`-c`, the prompt) is known only if it was registered under the name that its code bears.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::rc::Rc;

/// Source text that is in no file.
#[derive(Default)]
pub(crate) struct Sources {
    /// By the name that code objects have for their file.
    registered: RefCell<HashMap<String, Rc<[String]>>>,
    /// Knows the content of files that seem to be there: those of the embedded library.
    elsewhere: OnceCell<Elsewhere>,
}

/// Gives the content of a file by its name.
pub(crate) type Elsewhere = Box<dyn Fn(&str) -> Option<Vec<u8>>>;

impl Sources {
    /// Makes text known under a name.
    pub(crate) fn register(&self, name: &str, text: &str) {
        self.registered.borrow_mut().insert(name.to_owned(), lines_of(text));
    }

    /// Whether text is known under a name.
    pub(crate) fn is_registered(&self, name: &str) -> bool {
        self.registered.borrow().contains_key(name)
    }

    /// Says where the content of files is that are not there; the first to say it is heard.
    pub(crate) fn set_elsewhere(&self, elsewhere: Elsewhere) {
        let _ = self.elsewhere.set(elsewhere);
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(Path::new(name)).ok().or_else(|| self.elsewhere.get()?(name))
    }
}

/// The lines that one report shows, by file.
pub(super) struct Cache<'s> {
    registered: &'s Sources,
    files: HashMap<String, Rc<[String]>>,
}

impl<'s> Cache<'s> {
    pub(super) fn new(registered: &'s Sources) -> Self {
        Self { registered, files: HashMap::new() }
    }

    /// The lines of a file from `first` to `last`, counted from 1, without white space at their ends; lines that are not
    /// there are empty.
    pub(super) fn lines(&mut self, file: &str, first: i32, last: i32) -> Vec<String> {
        let lines = self.file(file);
        let line = |number: i32| usize::try_from(number - 1).ok().and_then(|index| lines.get(index));
        (first..=last.min(first.saturating_add(MOST_LINES)))
            .map(|number| line(number).map_or_else(String::new, |line| line.trim_end().to_owned()))
            .collect()
    }

    fn file(&mut self, name: &str) -> Rc<[String]> {
        if let Some(lines) = self.registered.registered.borrow().get(name) {
            return lines.clone();
        }
        let read = || self.registered.read(name).map_or_else(Rc::default, |bytes| lines_of(&decode(&bytes)));
        self.files.entry(name.to_owned()).or_insert_with(read).clone()
    }
}

/// No expression that anybody looks at is longer.
const MOST_LINES: i32 = 100_000;

/// Lines end with any of the three line ends.
fn lines_of(text: &str) -> Rc<[String]> {
    text.replace("\r\n", "\n").replace('\r', "\n").split('\n').map(str::to_owned).collect()
}

/// The text of a source file: Latin-1 if its coding cookie says so, else UTF-8. What is broken is shown as U+FFFD.
fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut first_lines = bytes.splitn(3, |&byte| byte == b'\n').take(2);
    match first_lines.find_map(cookie) {
        Some(b"latin-1" | b"iso-8859-1" | b"latin1" | b"iso-latin-1") => {
            bytes.iter().map(|&byte| char::from(byte)).collect()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The encoding in a line such as `# -*- coding: latin-1 -*-` (PEP 263).
fn cookie(line: &[u8]) -> Option<&[u8]> {
    let comment = line.trim_ascii_start().strip_prefix(b"#")?;
    let at = memchr::memmem::find(comment, b"coding")? + b"coding".len();
    let name = match comment[at..] {
        [b':' | b'=', ref name @ ..] => name.trim_ascii_start(),
        _ => return None,
    };
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let end = name.iter().position(|byte| !is_name(byte)).unwrap_or(name.len());
    Some(&name[..end]).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies() {
        assert_eq!(cookie(b"# -*- coding: latin-1 -*-"), Some(&b"latin-1"[..]));
        assert_eq!(cookie(b"#vim: set fileencoding=utf-8 :"), Some(&b"utf-8"[..]));
        assert_eq!(cookie(b"x = 1 # coding: latin-1"), None);
        assert_eq!(decode(b"# coding: latin-1\n'\xe9'"), "# coding: latin-1\n'é'");
        assert_eq!(decode(b"\xef\xbb\xbf'\xff'"), "'\u{fffd}'");
    }

    #[test]
    fn registered_lines() {
        let sources = Sources::default();
        sources.register("<string>", "a\r\nb  \n\nc");
        assert_eq!(Cache::new(&sources).lines("<string>", 1, 5), ["a", "b", "", "c", ""]);
        assert_eq!(Cache::new(&sources).lines("<string>", 0, 1), ["", "a"]);
    }
}
