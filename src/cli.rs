//! The command line: what `pyx` is asked to do, from its arguments and from the environment.
//!
//! The options are CPython's, read by its rules: short ones cluster (`-Ic code`), `-c` and `-m` end the options, and an
//! environment variable counts for less than the option it stands for. One table says what each option and each variable is; parsing is
//! [`parse`], the texts of `--help` are in [`help`].

pub(crate) mod environment;
pub(crate) mod help;
mod options;

use std::ffi::{OsStr, OsString};

use pyx_vm::config::Config;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// `-c`: this text.
    Command(OsString),
    /// `-m`: this module.
    Module(OsString),
    /// A file, or a directory or archive with a `__main__.py`.
    File(OsString),
    /// Standard input; `true` if it was asked for by a `-`.
    Standard(bool),
}

/// What the command line says.
#[derive(Debug)]
pub(crate) struct CommandLine {
    pub(crate) program: Program,
    pub(crate) config: Config,
    /// `-x`: the first line of the program is not Python.
    pub(crate) skip_first_line: bool,
    /// `--dis`: show the bytecode instead of running it.
    pub(crate) disassemble: bool,
    /// The variables that have a say, unless they are ignored.
    pub(crate) environment: environment::Environment,
}

/// The answer where nothing is to be run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) is_error: bool,
    pub(crate) status: u8,
}

impl Answer {
    fn say(text: String) -> Self {
        Self { text, is_error: false, status: 0 }
    }

    /// A setting that makes no sense, as CPython reports it: by the function that reads it, and what is wrong.
    fn fatal(message: impl std::fmt::Display) -> Self {
        let text = format!("Fatal Python error: {message}\nPython runtime state: preinitialized\n\n");
        Self { text, is_error: true, status: 1 }
    }

    fn usage(program: &OsStr, message: &str) -> Self {
        let program = program.display();
        let usage = format!("usage: {program} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n");
        let text = format!("{message}\n{usage}Try `{program} -h' for more information.\n");
        Self { text, is_error: true, status: 2 }
    }
}

/// Reads the command line, the program's own name first.
pub(crate) fn parse(arguments: Vec<OsString>) -> Result<CommandLine, Answer> {
    let options = options::Options::read(&arguments)?;
    let environment = environment::Environment { ignored: options.ignores_environment() };
    let config = options.config(&environment, arguments)?;
    Ok(CommandLine {
        program: options.program,
        config,
        skip_first_line: options.skip_first_line,
        disassemble: options.disassemble,
        environment,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(arguments: &str) -> Result<CommandLine, Answer> {
        parse(std::iter::once("pyx").chain(arguments.split_whitespace()).map(OsString::from).collect())
    }

    #[test]
    fn programs() {
        let argv = |arguments| {
            let line = line(arguments).unwrap();
            let argv: Vec<_> = line.config.argv.iter().map(|arg| arg.to_str().unwrap().to_owned()).collect();
            (line.program, argv.join(" "))
        };
        assert_eq!(argv(""), (Program::Standard(false), String::new()));
        assert_eq!(argv("- a"), (Program::Standard(true), "- a".into()));
        assert_eq!(argv("-I file -x"), (Program::File("file".into()), "file -x".into()));
        assert_eq!(argv("-- -x"), (Program::File("-x".into()), "-x".into()));
        assert_eq!(argv("-Ic code -x"), (Program::Command("code".into()), "-c -x".into()));
        assert_eq!(argv("-ccode"), (Program::Command("code".into()), "-c".into()));
        assert_eq!(argv("-m mod a b"), (Program::Module("mod".into()), "-m a b".into()));
    }

    #[test]
    fn flags() {
        let config = line("-OO -bBvvsS -Xdev -Xa=b -W error -Wignore -").unwrap().config;
        assert_eq!((config.optimize, config.bytes_warning, config.verbose), (2, 1, 2));
        assert!(config.dont_write_bytecode && config.no_user_site && config.no_site && config.dev_mode);
        assert_eq!(config.warn_options, ["default", "error", "ignore", "default::BytesWarning"]);
        assert_eq!(config.x_options, [("dev".into(), None), ("a".into(), Some("b".into()))]);
        let config = line("-I -").unwrap().config;
        assert!(config.isolated && config.safe_path && config.ignore_environment && config.no_user_site);
    }

    #[test]
    fn mistakes() {
        let text = |arguments| line(arguments).unwrap_err().text;
        assert!(text("-Z").starts_with("Unknown option: -Z\nusage: pyx [option]"));
        assert!(text("--foo").starts_with("Unknown option: --foo\n"));
        assert!(text("-c").starts_with("Argument expected for the -c option\n"));
        assert!(text("-X utf8=3").contains("invalid -X utf8 option value"));
        assert_eq!(line("-V").unwrap_err().status, 0);
        assert_eq!(line("-Z").unwrap_err().status, 2);
    }
}
