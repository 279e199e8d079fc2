//! Where things are: the interpreter itself, what is installed for it, and the library.
//!
//! Nothing needs to be installed: the library is in the binary. `sys.prefix` is where packages go: the directory around
//! `bin/pyx` if it has been set up for that (it has `lib/pyx3.14`), else a directory of the user's own. In a virtual
//! environment the file `pyvenv.cfg` names the directory of the interpreter that made it, and the rules apply to that one.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::{env, fs};

use pyx_stdlib::library;
use pyx_vm::config::Config;

use crate::cli::environment::{Environment, user_directory};

/// Where a prefix keeps its library and packages.
const LIBRARY: &str = "lib/pyx3.14";

/// Fills in the paths of the settings.
pub(crate) fn find(config: &mut Config, environment: Environment) {
    let name = config.orig_argv.first().cloned().unwrap_or_default();
    let executable = executable(&name);
    let base = base_executable(&executable).unwrap_or_else(|| executable.clone());
    config.prefix = prefix(&base, environment).into();
    config.base_executable = base.into();
    config.executable = executable.into();
    let library = match environment.get("PYX_LIB_DIR") {
        Some(directory) => {
            config.embedded_library = false;
            config.frozen_modules = false;
            absolute(Path::new(&directory))
        }
        None => library::root(&cache(environment)),
    };
    if let Some(listed) = environment.get("PYTHONPATH") {
        let listed = listed.as_bytes().split(|&byte| byte == b':');
        config.module_search_paths.extend(listed.map(|path| OsString::from_vec(path.to_vec())));
    }
    config.module_search_paths.push(library.clone().into());
    config.stdlib_dir = Some(library.into());
}

/// The interpreter's own file: as it was called, by its path or through `PATH`.
fn executable(name: &OsStr) -> PathBuf {
    if name.as_bytes().contains(&b'/') {
        return absolute(Path::new(name));
    }
    let is_program = |path: &PathBuf| {
        fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    let in_path = env::var_os("PATH")
        .and_then(|path| env::split_paths(&path).map(|folder| absolute(&folder.join(name))).find(is_program));
    in_path.or_else(|| env::current_exe().ok()).unwrap_or_default()
}

/// The absolute path, symbolic links and all.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The interpreter that made the virtual environment around an interpreter, if there is one.
fn base_executable(executable: &Path) -> Option<PathBuf> {
    let folder = executable.parent()?;
    let settings = [Some(folder), folder.parent()];
    let text = settings
        .into_iter()
        .flatten()
        .find_map(|folder| fs::read_to_string(folder.join("pyvenv.cfg")).ok())?;
    let home = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        key.trim().eq_ignore_ascii_case("home").then(|| PathBuf::from(value.trim()))
    })?;
    let base = home.join(executable.file_name()?);
    if base.exists() { Some(base) } else { fs::canonicalize(executable).ok() }
}

/// `sys.base_prefix`
fn prefix(executable: &Path, environment: Environment) -> PathBuf {
    let real = fs::canonicalize(executable).unwrap_or_else(|_| executable.to_owned());
    for executable in [executable, &real] {
        let around = executable.parent().and_then(Path::parent);
        if let Some(around) = around.filter(|around| around.join(LIBRARY).is_dir()) {
            return around.to_owned();
        }
    }
    let home = environment.get("PYX_HOME").map(|home| absolute(Path::new(&home)));
    let own = || user_directory("XDG_DATA_HOME", ".local/share").map(|data| data.join("pyx/3.14"));
    home.or_else(own).unwrap_or_else(|| PathBuf::from("/usr/local"))
}

/// Where files of the library are written when a program looks for them.
fn cache(environment: Environment) -> PathBuf {
    let named = environment.get("PYX_CACHE_DIR").map(|cache| absolute(Path::new(&cache)));
    let own = || user_directory("XDG_CACHE_HOME", ".cache").map(|cache| cache.join("pyx"));
    // Without a home, nothing is written unless the whole system may be written to.
    named.or_else(own).unwrap_or_else(|| PathBuf::from("/var/cache/pyx"))
}

/// What stands first on `sys.path` for a program in a file: the file's directory, symbolic links resolved.
pub(crate) fn directory_of(file: &OsStr) -> OsString {
    let path = Path::new(file);
    let target = fs::read_link(path).map(|link| path.parent().unwrap_or(Path::new("")).join(link));
    let path = target.as_deref().unwrap_or(path);
    let folder = path.parent().unwrap_or(Path::new(""));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned()).into()
}
