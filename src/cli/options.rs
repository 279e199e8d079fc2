//! The options, one by one.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use pyx_vm::config::Config;

use super::environment::Environment;
use super::{Answer, Program, help};

/// The options as they stand on the command line.
pub(super) struct Options {
    pub(super) program: Program,
    pub(super) skip_first_line: bool,
    pub(super) disassemble: bool,
    argv: Vec<OsString>,
    /// How often each flag was given, by its letter.
    flags: [u8; 128],
    warnings: Vec<OsString>,
    extensions: Vec<(String, Option<String>)>,
    hash_based_pycs: String,
}

/// Flags: letters that stand for themselves.
const FLAGS: &[u8] = b"bBdEiIOPqRsStuvx";

impl Options {
    /// Reads the command line.
    pub(super) fn read(arguments: &[OsString]) -> Result<Self, Answer> {
        let (name, rest) = match arguments.split_first() {
            Some((name, rest)) => (name.as_os_str(), rest),
            None => (OsStr::new("pyx"), arguments),
        };
        let mut options = Self {
            program: Program::Standard(false),
            skip_first_line: false,
            disassemble: false,
            argv: Vec::new(),
            flags: [0; 128],
            warnings: Vec::new(),
            extensions: Vec::new(),
            hash_based_pycs: "default".to_owned(),
        };
        options.read_all(name, rest)?;
        Ok(options)
    }

    fn read_all(&mut self, name: &OsStr, mut rest: &[OsString]) -> Result<(), Answer> {
        while let Some((argument, following)) = rest.split_first() {
            match argument.as_bytes() {
                b"-" => {
                    self.set_program(Program::Standard(true), argument, following);
                    return Ok(());
                }
                b"--" => {
                    rest = following;
                    break;
                }
                [b'-', b'-', ..] => rest = self.read_long(name, argument, following)?,
                [b'-', cluster @ ..] => match self.read_cluster(name, cluster, following)? {
                    Some(left) => rest = left,
                    None => return Ok(()),
                },
                _ => break,
            }
        }
        match rest.split_first() {
            Some((file, following)) => self.set_program(Program::File(file.clone()), file, following),
            None => self.argv.push(OsString::new()),
        }
        Ok(())
    }

    fn set_program(&mut self, program: Program, first: impl Into<OsString>, rest: &[OsString]) {
        self.program = program;
        self.argv.push(first.into());
        self.argv.extend_from_slice(rest);
    }

    fn read_long<'a>(
        &mut self,
        name: &OsStr,
        argument: &OsStr,
        following: &'a [OsString],
    ) -> Result<&'a [OsString], Answer> {
        match argument.to_str() {
            Some("--help") => return Err(Answer::say(help::usage(name))),
            Some("--help-env") => return Err(Answer::say(help::environment())),
            Some("--help-xoptions") => return Err(Answer::say(help::extensions())),
            Some("--help-all") => return Err(Answer::say(help::all(name))),
            Some("--version") => return Err(Answer::say(help::version(false))),
            Some("--dis") => self.disassemble = true,
            Some("--check-hash-based-pycs") => {
                let Some((value, left)) = following.split_first() else {
                    let message = "Argument expected for the --check-hash-based-pycs options";
                    return Err(Answer::usage(name, message));
                };
                match value.to_str() {
                    Some(value @ ("default" | "always" | "never")) => {
                        value.clone_into(&mut self.hash_based_pycs)
                    }
                    _ => {
                        let message =
                            "--check-hash-based-pycs must be one of 'default', 'always', or 'never'";
                        return Err(Answer::usage(name, message));
                    }
                }
                return Ok(left);
            }
            _ => return Err(Answer::usage(name, &format!("Unknown option: {}", argument.display()))),
        }
        Ok(following)
    }

    /// Reads a cluster of short options. `None` ends the options: the program is known.
    fn read_cluster<'a>(
        &mut self,
        name: &OsStr,
        mut cluster: &[u8],
        following: &'a [OsString],
    ) -> Result<Option<&'a [OsString]>, Answer> {
        while let Some((&letter, rest)) = cluster.split_first() {
            cluster = rest;
            match letter {
                b'h' | b'?' => return Err(Answer::say(help::usage(name))),
                b'V' => return Err(Answer::say(help::version(rest.contains(&b'V')))),
                b'c' | b'm' | b'W' | b'X' => {
                    let (value, left) = match (rest, following.split_first()) {
                        ([], Some((value, left))) => (value.clone(), left),
                        ([], None) => {
                            let message = format!("Argument expected for the -{} option", char::from(letter));
                            return Err(Answer::usage(name, &message));
                        }
                        (rest, _) => (OsString::from_vec(rest.to_vec()), following),
                    };
                    match letter {
                        b'c' => self.set_program(Program::Command(value), "-c", left),
                        b'm' => self.set_program(Program::Module(value), "-m", left),
                        b'W' => {
                            self.warnings.push(value);
                            return Ok(Some(left));
                        }
                        _ => {
                            self.extensions.push(extension(&value));
                            return Ok(Some(left));
                        }
                    }
                    return Ok(None);
                }
                b'x' => self.skip_first_line = true,
                _ if FLAGS.contains(&letter) => self.flags[usize::from(letter)] += 1,
                _ => {
                    return Err(Answer::usage(name, &format!("Unknown option: -{}", char::from(letter))));
                }
            }
        }
        Ok(Some(following))
    }

    /// Whether the environment has no say.
    pub(super) fn ignores_environment(&self) -> bool {
        self.has(b'E') || self.has(b'I')
    }

    fn count(&self, letter: u8) -> u8 {
        self.flags[usize::from(letter)]
    }

    fn has(&self, letter: u8) -> bool {
        self.count(letter) != 0
    }

    /// The value of the last `-X` option of a name.
    fn extension(&self, name: &str) -> Option<Option<&str>> {
        let mut options = self.extensions.iter().rev();
        options.find(|(own, _)| own == name).map(|(_, value)| value.as_deref())
    }

    // ---- settings ----

    /// The interpreter's settings.
    pub(super) fn config(
        &self,
        environment: &Environment,
        arguments: Vec<OsString>,
    ) -> Result<Config, Answer> {
        let (flag, level) = (|name| environment.is_set(name), |name| environment.level(name));
        let isolated = self.has(b'I');
        let dev_mode = self.extension("dev").is_some() || flag("PYTHONDEVMODE");
        let bytes_warning = self.count(b'b');
        Ok(Config {
            optimize: self.count(b'O').max(level("PYTHONOPTIMIZE")).min(2),
            hash_seed: hash_seed(environment)?,
            int_max_str_digits: self.int_max_str_digits(environment)?,
            debug_ranges: self.extension("no_debug_ranges").is_none() && !flag("PYTHONNODEBUGRANGES"),
            debug: self.count(b'd').max(level("PYTHONDEBUG")).min(1),
            inspect: self.has(b'i') || flag("PYTHONINSPECT"),
            interactive: self.has(b'i'),
            dont_write_bytecode: self.has(b'B') || flag("PYTHONDONTWRITEBYTECODE"),
            no_user_site: isolated || self.has(b's') || flag("PYTHONNOUSERSITE"),
            no_site: self.has(b'S'),
            ignore_environment: environment.ignored,
            verbose: self.count(b'v').max(level("PYTHONVERBOSE")),
            bytes_warning,
            quiet: self.has(b'q'),
            isolated,
            dev_mode,
            utf8_mode: self.utf8_mode(environment)?,
            warn_default_encoding: self.extension("warn_default_encoding").is_some()
                || flag("PYTHONWARNDEFAULTENCODING"),
            safe_path: isolated || self.has(b'P') || flag("PYTHONSAFEPATH"),
            thread_inherit_context: self.switch(
                environment,
                "thread_inherit_context",
                "PYTHON_THREAD_INHERIT_CONTEXT",
            )?,
            context_aware_warnings: self.switch(
                environment,
                "context_aware_warnings",
                "PYTHON_CONTEXT_AWARE_WARNINGS",
            )?,
            unbuffered: self.has(b'u') || flag("PYTHONUNBUFFERED"),
            import_time: self.import_time(environment)?,
            cpu_count: self.cpu_count(environment)?,
            argv: self.argv.clone(),
            orig_argv: arguments,
            warn_options: self.warn_options(environment, dev_mode, bytes_warning),
            x_options: self.extensions.clone(),
            pycache_prefix: self.pycache_prefix(environment),
            frozen_modules: self.frozen_modules(environment)?,
            check_hash_based_pycs: self.hash_based_pycs.clone(),
            ..Config::default()
        })
    }

    /// The filters of warnings, the weakest first.
    fn warn_options(&self, environment: &Environment, dev_mode: bool, bytes_warning: u8) -> Vec<String> {
        let mut options = Vec::new();
        options.extend(dev_mode.then(|| "default".to_owned()));
        if let Some(listed) = environment.text("PYTHONWARNINGS") {
            options.extend(listed.split(',').map(str::to_owned));
        }
        options.extend(self.warnings.iter().map(|option| option.to_string_lossy().into_owned()));
        options.extend(match bytes_warning {
            0 => None,
            1 => Some("default::BytesWarning".to_owned()),
            _ => Some("error::BytesWarning".to_owned()),
        });
        options
    }

    fn int_max_str_digits(&self, environment: &Environment) -> Result<u32, Answer> {
        const DEFAULT: u32 = 4300;
        const LEAST: u32 = 640;
        let read = |text: Option<&str>, place: &str| match text.and_then(|text| text.parse::<u32>().ok()) {
            Some(digits) if digits == 0 || (LEAST..=i32::MAX as u32).contains(&digits) => Ok(digits),
            _ => Err(Answer::fatal(format_args!(
                "config_init_int_max_str_digits: {place}: invalid limit; must be >= {LEAST} or 0 for unlimited."
            ))),
        };
        if let Some(value) = self.extension("int_max_str_digits") {
            return read(value, "-X int_max_str_digits");
        }
        match environment.text("PYTHONINTMAXSTRDIGITS") {
            Some(text) => read(Some(&text), "PYTHONINTMAXSTRDIGITS"),
            None => Ok(DEFAULT),
        }
    }

    fn utf8_mode(&self, environment: &Environment) -> Result<bool, Answer> {
        let read = |text: Option<&str>, what: &str| match text {
            None | Some("1") => Ok(true),
            Some("0") => Ok(false),
            Some(_) => Err(Answer::fatal(format_args!("preconfig_init_utf8_mode: invalid {what} value"))),
        };
        if let Some(value) = self.extension("utf8") {
            return read(value, "-X utf8 option");
        }
        match environment.text("PYTHONUTF8") {
            Some(text) => read(Some(&text), "PYTHONUTF8 environment variable"),
            None => Ok(false),
        }
    }

    /// A setting that is 0 or 1.
    fn switch(&self, environment: &Environment, option: &str, variable: &str) -> Result<bool, Answer> {
        let read = |text: Option<&str>, place: &str| match text {
            Some("1") => Ok(true),
            Some("0") => Ok(false),
            _ => Err(Answer::fatal(format_args!(
                "config_init_{option}: {place} must be set to \"1\" (true) or \"0\" (false)"
            ))),
        };
        if let Some(value) = self.extension(option) {
            return read(value, &format!("-X {option}"));
        }
        environment.text(variable).map_or(Ok(false), |text| read(Some(&text), variable))
    }

    fn import_time(&self, environment: &Environment) -> Result<u8, Answer> {
        // What is no number counts as 1.
        let read = |text: Option<&str>, place: &str| match text.map_or(1, |text| text.parse().unwrap_or(1)) {
            level @ (1 | 2) => Ok(level),
            _ => Err(Answer::fatal(format_args!(
                "config_init_import_time: {place}: values other than 1 and 2 are reserved for future use."
            ))),
        };
        if let Some(value) = self.extension("importtime") {
            return read(value, "-X importtime");
        }
        // Any other text in the variable counts as 1.
        Ok(match environment.text("PYTHONPROFILEIMPORTTIME").as_deref() {
            None | Some("0") => 0,
            Some("2") => 2,
            Some(_) => 1,
        })
    }

    fn cpu_count(&self, environment: &Environment) -> Result<Option<u32>, Answer> {
        let read = |text: Option<&str>, what: &str| match text {
            Some("default") => Ok(None),
            text => match text.and_then(|text| text.parse().ok()) {
                Some(count @ 1..) => Ok(Some(count)),
                _ => Err(Answer::fatal(format_args!(
                    "config_init_cpu_count: {what}: n is missing or an invalid number, n must be greater than 0"
                ))),
            },
        };
        if let Some(value) = self.extension("cpu_count") {
            return read(value, "-X cpu_count=n option");
        }
        environment.text("PYTHON_CPU_COUNT").map_or(Ok(None), |text| read(Some(&text), "PYTHON_CPU_COUNT=n"))
    }

    fn pycache_prefix(&self, environment: &Environment) -> Option<OsString> {
        match self.extension("pycache_prefix") {
            Some(value) => value.filter(|value| !value.is_empty()).map(OsString::from),
            None => environment.get("PYTHONPYCACHEPREFIX"),
        }
    }

    fn frozen_modules(&self, environment: &Environment) -> Result<bool, Answer> {
        let from_environment = environment.text("PYTHON_FROZEN_MODULES");
        let value = match self.extension("frozen_modules") {
            Some(value) => value.unwrap_or("on"),
            None => from_environment.as_deref().unwrap_or("on"),
        };
        match value {
            "on" | "" => Ok(true),
            "off" => Ok(false),
            _ => Err(Answer::fatal("bad value for option -X frozen_modules (expected \"on\" or \"off\")")),
        }
    }
}

/// `name`, or `name=value`.
fn extension(option: &OsStr) -> (String, Option<String>) {
    let option = option.to_string_lossy();
    match option.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (option.into_owned(), None),
    }
}

fn hash_seed(environment: &Environment) -> Result<Option<u32>, Answer> {
    match environment.text("PYTHONHASHSEED").as_deref() {
        None | Some("random") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Answer::fatal(
                "config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]",
            )
        }),
    }
}
