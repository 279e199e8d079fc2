//! The texts of `--help` and its relatives, from one table of entries each.

use std::ffi::OsStr;
use std::fmt::Write;

use pyx_stdlib::sys;

/// An entry: what it is, and what it does.
type Entry = (&'static str, &'static str);

/// What can be run.
const PROGRAMS: &[Entry] = &[
    ("FILE", "run a Python file, or the __main__.py of a directory or zip archive"),
    ("-c CODE", "run this text"),
    ("-m MODULE", "run a module or package that can be imported"),
    ("-", "run what comes from standard input; without any program, that or the prompt"),
];

const OPTIONS: &[Entry] = &[
    ("-i", "go on with a prompt after the program; PYTHONINSPECT"),
    ("-q", "start the prompt without a greeting"),
    ("-O, -OO", "leave out assert statements; -OO: docstrings, too; PYTHONOPTIMIZE"),
    ("-B", "write no .pyc files; PYTHONDONTWRITEBYTECODE"),
    ("-W FILTER", "filter warnings: action:message:category:module:line; PYTHONWARNINGS"),
    ("-b, -bb", "warn when bytes and str are compared or converted; -bb: raise"),
    ("-I", "isolate the program from its user: -E, -P and -s"),
    ("-E", "ignore environment variables"),
    ("-P", "do not put the program's own directory on sys.path; PYTHONSAFEPATH"),
    ("-s", "do not put the user's site-packages on sys.path; PYTHONNOUSERSITE"),
    ("-S", "do not import site, which sets up site-packages"),
    ("-u", "do not buffer standard output and standard error; PYTHONUNBUFFERED"),
    ("-v", "tell what is imported, and from where; more often: in more detail; PYTHONVERBOSE"),
    ("-x", "skip the first line of the program"),
    ("-d", "parser debugging, which there is none of; PYTHONDEBUG"),
    ("-X OPTION", "set an option of the implementation; see --help-xoptions"),
    ("--check-hash-based-pycs WHEN", "when hash-based .pyc files are checked: default, always or never"),
    ("--dis FILE", "show the bytecode of a program instead of running it"),
    ("-h, --help", "show this help; --help-env, --help-xoptions and --help-all show more"),
    ("-V, --version", "show the version of the language; -VV: and of the interpreter"),
];

const ENVIRONMENT: &[Entry] = &[
    ("PYTHONPATH", "directories to put on sys.path, separated by colons"),
    ("PYTHONSTARTUP", "a file to run before the prompt"),
    ("PYTHONHASHSEED", "the seed of hashes, from 0 to 4294967295, or random"),
    ("PYTHONIOENCODING", "encoding[:errors] of the standard streams"),
    ("PYTHONUTF8", "1 for UTF-8 mode, 0 for none (-X utf8)"),
    ("PYTHONBREAKPOINT", "the function that breakpoint() calls; 0 for none"),
    ("PYTHONUSERBASE", "the directory of the user's own packages"),
    ("PYTHONPYCACHEPREFIX", "a directory for all .pyc files (-X pycache_prefix)"),
    ("PYTHONINTMAXSTRDIGITS", "the most digits of an int from or to text (-X int_max_str_digits)"),
    ("PYTHON_CPU_COUNT", "what os.cpu_count() says (-X cpu_count)"),
    ("PYTHON_FROZEN_MODULES", "on or off (-X frozen_modules)"),
    ("PYTHONDEVMODE", "turns development mode on (-X dev)"),
    ("PYTHONASYNCIODEBUG", "turns the debug mode of asyncio on"),
    ("PYTHONWARNDEFAULTENCODING", "warns where a default encoding is used (-X warn_default_encoding)"),
    ("PYTHONNODEBUGRANGES", "code knows no columns (-X no_debug_ranges)"),
    ("PYTHON_COLORS", "1 for colours whatever the terminal, 0 for none"),
    ("PYTHON_BASIC_REPL", "asks for the plain prompt"),
    ("PYTHON_HISTORY", "the file that remembers what was entered at the prompt"),
    ("PYX_HOME", "the directory under which packages are installed, unless a virtual environment is active"),
    ("PYX_LIB_DIR", "a directory with a standard library to use instead of the built-in one"),
    ("PYX_CACHE_DIR", "where files of the built-in library are written when a program looks for them"),
];

const EXTENSIONS: &[Entry] = &[
    ("-X dev", "development mode: more warnings and checks"),
    ("-X utf8[=0|1]", "UTF-8 mode"),
    ("-X importtime[=2]", "show how long each import takes; 2: also those of modules that are loaded"),
    ("-X frozen_modules=on|off", "whether the first modules come from the interpreter or from sys.path"),
    ("-X pycache_prefix=DIR", "a directory for all .pyc files"),
    ("-X int_max_str_digits=N", "the most digits of an int from or to text; 0 is no limit"),
    ("-X cpu_count=N|default", "what os.cpu_count() says"),
    ("-X no_debug_ranges", "code knows the lines that it comes from, but not the columns"),
    ("-X warn_default_encoding", "warn where a default encoding is used"),
    ("-X thread_inherit_context=0|1", "whether threads start with their parent's context"),
    ("-X context_aware_warnings=0|1", "whether warnings.catch_warnings is confined to its context"),
];

/// Where the second column starts.
const COLUMN: usize = 22;

fn table(title: &str, entries: &[Entry]) -> String {
    let mut text = format!("{title}:\n");
    for &(name, meaning) in entries {
        let gap = if name.len() + 4 > COLUMN {
            format!("\n{:COLUMN$}", "")
        } else {
            " ".repeat(COLUMN - name.len() - 2)
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {name}{gap}{meaning}");
    }
    text
}

/// `--help`
pub(crate) fn usage(name: &OsStr) -> String {
    format!(
        "usage: {} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n\n{}\n{}",
        name.display(),
        table("Programs; what follows them is in sys.argv", PROGRAMS),
        table("Options, and the environment variables that stand for them", OPTIONS)
    )
}

/// `--help-env`
pub(crate) fn environment() -> String {
    table("Environment variables", ENVIRONMENT)
}

/// `--help-xoptions`
pub(crate) fn extensions() -> String {
    table("Options of the implementation", EXTENSIONS)
}

/// `--help-all`
pub(crate) fn all(name: &OsStr) -> String {
    format!("{}\n{}\n{}", usage(name), environment(), extensions())
}

/// `--version`, or in full.
pub(crate) fn version(full: bool) -> String {
    let version = if full { sys::version_text() } else { sys::version_number() };
    format!("Python {version}\n")
}
