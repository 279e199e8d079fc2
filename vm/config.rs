//! What an interpreter is told when it starts: the command line and the environment, decided once.

use std::ffi::OsString;

/// Settings of an interpreter, fixed when it starts. The fields that `sys.flags` shows have its names.
#[derive(Clone, Debug)]
pub struct Config {
    /// `-O` level: 0, 1, 2.
    pub optimize: u8,
    /// Seed for string hashes; `None` is random.
    pub hash_seed: Option<u32>,
    /// `sys.set_int_max_str_digits`'s initial value.
    pub int_max_str_digits: u32,
    /// Whether code knows the columns that it comes from, not only the lines.
    pub debug_ranges: bool,
    /// `-d`
    pub debug: u8,
    /// `-i`
    pub inspect: bool,
    /// The prompt is shown, whether or not a terminal is there.
    pub interactive: bool,
    /// `-B`
    pub dont_write_bytecode: bool,
    /// `-s`
    pub no_user_site: bool,
    /// `-S`
    pub no_site: bool,
    /// `-E`
    pub ignore_environment: bool,
    /// `-v`, as often as it was given.
    pub verbose: u8,
    /// `-b`, as often as it was given.
    pub bytes_warning: u8,
    /// `-q`
    pub quiet: bool,
    /// `-I`
    pub isolated: bool,
    /// `-X dev`
    pub dev_mode: bool,
    /// `-X utf8`
    pub utf8_mode: bool,
    /// `-X warn_default_encoding`
    pub warn_default_encoding: bool,
    /// `-P`
    pub safe_path: bool,
    /// `-X thread_inherit_context`
    pub thread_inherit_context: bool,
    /// `-X context_aware_warnings`
    pub context_aware_warnings: bool,
    /// `-u`: the standard streams do not buffer.
    pub unbuffered: bool,
    /// `-X importtime`: 1 shows how long imports take, 2 also shows those of loaded modules.
    pub import_time: u8,
    /// `-X cpu_count`: what `os.cpu_count()` says.
    pub cpu_count: Option<u32>,
    /// `sys.argv`
    pub argv: Vec<OsString>,
    /// `sys.orig_argv`
    pub orig_argv: Vec<OsString>,
    /// `sys.warnoptions`
    pub warn_options: Vec<String>,
    /// `sys._xoptions`: a name, and its value unless it is plainly set.
    pub x_options: Vec<(String, Option<String>)>,
    /// `sys.executable`
    pub executable: OsString,
    /// `sys._base_executable`: in a virtual environment, the interpreter that made it.
    pub base_executable: OsString,
    /// `sys.prefix`, `sys.exec_prefix` and their `base_` forms, which `site` changes for virtual environments.
    pub prefix: OsString,
    /// `sys._stdlib_dir`
    pub stdlib_dir: Option<OsString>,
    /// The library is the one in the interpreter, which seems to lie in `stdlib_dir`; else it really lies there.
    pub embedded_library: bool,
    /// `-X frozen_modules`: the modules of the start come from the interpreter, not from `sys.path`.
    pub frozen_modules: bool,
    /// `--check-hash-based-pycs`: `default`, `always` or `never`.
    pub check_hash_based_pycs: String,
    /// `sys.path`
    pub module_search_paths: Vec<OsString>,
    /// `sys.pycache_prefix`
    pub pycache_prefix: Option<OsString>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            optimize: 0,
            hash_seed: None,
            int_max_str_digits: 4300,
            debug_ranges: true,
            debug: 0,
            inspect: false,
            interactive: false,
            dont_write_bytecode: false,
            no_user_site: false,
            no_site: false,
            ignore_environment: false,
            verbose: 0,
            bytes_warning: 0,
            quiet: false,
            isolated: false,
            dev_mode: false,
            utf8_mode: false,
            warn_default_encoding: false,
            safe_path: false,
            thread_inherit_context: false,
            context_aware_warnings: false,
            unbuffered: false,
            import_time: 0,
            cpu_count: None,
            argv: vec![OsString::new()],
            orig_argv: Vec::new(),
            warn_options: Vec::new(),
            x_options: Vec::new(),
            executable: OsString::new(),
            base_executable: OsString::new(),
            prefix: OsString::new(),
            stdlib_dir: None,
            embedded_library: true,
            frozen_modules: true,
            check_hash_based_pycs: "default".to_owned(),
            module_search_paths: Vec::new(),
            pycache_prefix: None,
        }
    }
}
