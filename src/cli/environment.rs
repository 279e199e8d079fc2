//! The environment variables that have a say.

use std::ffi::OsString;
use std::path::PathBuf;

/// The variables of the environment; all of them seem unset where they are ignored (`-E`, `-I`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment {
    pub(crate) ignored: bool,
}

impl Environment {
    /// A variable of Python's or pyx's, unless it is empty.
    pub(crate) fn get(self, name: &str) -> Option<OsString> {
        if self.ignored { None } else { plain(name) }
    }

    /// A variable as text.
    pub(crate) fn text(self, name: &str) -> Option<String> {
        Some(self.get(name)?.to_string_lossy().into_owned())
    }

    /// A flag that is set by any text, and counts as the number if the text is one.
    pub(crate) fn level(self, name: &str) -> u8 {
        match self.text(name) {
            Some(text) => {
                text.parse::<i64>().map_or(1, |level| level.clamp(0, 255) as u8).max(u8::from(text != "0"))
            }
            None => 0,
        }
    }

    /// Whether a flag is set.
    pub(crate) fn is_set(self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// A variable that is not Python's, unless it is empty.
pub(crate) fn plain(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A directory in the user's own tree: by its variable, or else under the home directory.
pub(crate) fn user_directory(variable: &str, in_home: &str) -> Option<PathBuf> {
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    plain(variable).and_then(absolute).or_else(|| Some(plain("HOME").and_then(absolute)?.join(in_home)))
}
