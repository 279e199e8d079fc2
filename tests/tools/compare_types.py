"""Lists what is known of builtin types, functions and native modules, one fact a line, or compares two interpreters.

    python3.14 compare_types.py                     the listing of the interpreter that runs it
    python3.14 compare_types.py --with target/debug/pyx [WORD...]
                                                    what differs, CPython's first (only of names with one of the words)

A fact is a name of a type or module, the attribute it is about, and what is known of it: kind, text signature, whether there is
a docstring, names, flags, values of constants, and the messages of wrong calls. It imports nothing but native modules, so that it
runs on an interpreter without a library.

What cannot be equal is left out here, with its reason, and nowhere else:
"""

import sys

# Attributes that name the implementation or the machine of a build, not behaviour.
BUILD = {
    "sys": {
        "_base_executable", "_git", "_home", "_stdlib_dir", "abiflags", "api_version", "argv", "base_exec_prefix", "base_prefix",
        "builtin_module_names", "copyright", "exec_prefix", "executable", "hexversion", "implementation", "last_exc", "path",
        "path_hooks", "path_importer_cache", "platlibdir", "prefix", "version", "version_info", "warnoptions", "modules", "meta_path",
        "orig_argv", "flags", "stdlib_module_names", "last_type", "last_value", "last_traceback", "_framework", "pycache_prefix",
        "_xoptions", "float_info",
    },
    "_sysconfig": {"config_vars"},
    "posix": {"environ"},
    "time": {"altzone", "daylight", "timezone", "tzname"},
    "marshal": {"version"},
}
# Modules that other implementations need not have the parts of: the JIT, frame evaluation and reference counts of CPython.
CPYTHON_ONLY = {
    "sys": {"_jit", "_stats_on", "_stats_off", "_stats_clear", "_stats_dump"},
    "_imp": {"create_dynamic", "exec_dynamic", "pyc_magic_number_token"},  # extension modules, and CPython's bytecode
    "_opcode": {"ENABLE_SPECIALIZATION", "ENABLE_SPECIALIZATION_FT"},
    "_datetime": {"datetime_CAPI"},  # tables for code in C
    "unicodedata": {"_ucnhash_CAPI"},
    "_heapq": {"__about__"},  # a text about the module
    "termios": {name for name in dir(__import__("termios")) if name[0] == "B" or name[:3] == "EXT"},  # the C library's choice
}
# CPython names another function in these messages.
MISNAMED = {("time", "clock_settime_ns")}
# Where CPython keeps how to call an object quickly.
CPYTHON_ATTRIBUTES = {"__vectorcalloffset__"}
# What the library needs of pyx in place of the parts above.
OURS = {
    "_imp": {"_library_code", "_library_data", "_library_directory", "_library_find", "_library_modules"},
    "_opcode": {"_instructions"},
}
# Names that the command or an importer put there, on either side.
INCIDENTAL = {"__loader__", "__spec__", "__file__", "__cached__", "__builtins__", "__path__", "__package__"}
# Types that CPython has only because of how it is made.
INTERNAL_TYPES = {
    "PyCapsule", "moduledef", "stderrprinter", "uop_executor", "hamt", "hamt_array_node", "hamt_bitmap_node",
    "hamt_collision_node", "items", "keys", "values", "instancemethod", "EncodingMap", "InstructionSequence",
}
# Functions that must not be called without arguments, or accept anything.
UNSAFE = {
    "acquire", "acquire_lock", "poll", "join", "__enter__", "locked_acquire", "abort", "fork", "forkpty", "fork1", "pause", "wait", "setsid", "_exit", "exit", "exit_thread", "input", "breakpoint",
    "breakpointhook", "interrupt_main", "__breakpointhook__", "audit", "_shutdown", "sync", "call_tracing", "print", "getpass",
    "openpty", "sched_yield", "sigwait", "abc", "_clear_type_cache", "_clear_internal_caches", "_clear_type_descriptors",
    "_debugmallocstats", "__build_class__", "addaudithook", "unregister", "_clear", "_run_exitfuncs", "daemon_threads_allowed",
    "start_new", "_dump_traceback", "lock_held", "acquire_lock", "release_lock", "freeze", "collect", "disable",
    "unfreeze", "_make_thread_handle", "_excepthook", "_is_main_interpreter", "activate_stack_trampoline",
    "deactivate_stack_trampoline", "allocate", "allocate_lock", "_get_main_thread_ident", "_set_sentinel", "stack_size",
    "set_asyncgen_hooks", "exc_clear", "remote_exec", "settrace", "setprofile", "_settraceallthreads", "_setprofileallthreads",
}

MODULES = """
_abc _ast _bisect _codecs _collections _contextvars _functools _heapq _imp _io _opcode _operator _posixsubprocess _queue _random
_signal _stat _string _struct _suggestions _sysconfig _thread _types _typing _warnings _weakref array atexit binascii builtins cmath
errno fcntl gc grp itertools marshal math posix pwd select sys time unicodedata _csv _json _datetime _statistics resource termios _sre _locale _tokenize
""".split()

# The ones that the interpreter at hand lacks are lines of the listing, too.
MASKS = {
    "sequence": 1 << 5, "mapping": 1 << 6, "no_instances": 1 << 7, "immutable": 1 << 8, "heap": 1 << 9, "base": 1 << 10,
    "method_descriptor": 1 << 17, "abstract": 1 << 20, "match_self": 1 << 22,
}


# Objects whose types no name leads to, and whose methods are called wrongly.
SAMPLES = """
None; ...; NotImplemented; True; 5; 1.5; 1j; "text"; b"text"; bytearray(b"text"); memoryview(b"text"); [1]; (1,); {1: 2}; {1}
frozenset({1}); range(3); slice(3); object(); function; generator(); coroutine(); coroutine().__await__(); async_generator()
async_generator().asend(None); async_generator().athrow(ValueError); anext(async_generator(), 1); instance.method; len; [].append
list.append; dict.__dict__["fromkeys"]; list.__add__; [].__add__; int.__dict__["real"]; Class.__dict__["slot"]; function.__code__
function.__code__.co_lines(); function.__code__.co_positions(); sys._getframe(); sys._getframe().f_locals; nested().__closure__[0]
Class.__dict__; sys; sys.implementation; list[int]; iter(list[int]); int | str; super(Class, instance); property()
classmethod(function); staticmethod(function); error(ValueError).__traceback__; template; template.interpolations[0]; iter(template)
iter([1]); iter((1,)); iter({1: 2}); iter({1}); iter("a"); iter("\xe9"); iter(b"a"); iter(bytearray(b"a")); iter(range(1))
iter(range(1 << 70)); iter(memoryview(b"a")); {}.items(); {}.keys(); {}.values(); iter({}.items()); iter({}.values()); reversed({})
reversed({}.items()); reversed({}.values()); reversed([1]); reversed("a"); iter(int, 1); iter(Sequence()); enumerate([]); zip()
map(len, []); filter(None, []); Alias; Alias.__type_params__[0]; Alias.__type_params__[1]; Alias.__type_params__[2]
Alias.__type_params__[2].args; Alias.__type_params__[2].kwargs; next(iter(Alias.__type_params__[1])); Alias.evaluate_value
_typing.NoDefault; Generic; _typing._idfunc; error(ValueError); error(OSError, 1, "a"); error(KeyError, 1); error(ImportError)
error(SyntaxError); error(StopIteration); error(SystemExit); error(AttributeError); error(NameError); error(BaseExceptionGroup, "a", [ValueError()])
error(ExceptionGroup, "a", [ValueError()]); error(UnicodeEncodeError, "a", "b", 1, 2, "c"); error(UnicodeDecodeError, "a", b"b", 1, 2, "c")
error(UnicodeTranslateError, "b", 1, 2, "c")
_collections.deque(); iter(_collections.deque()); reversed(_collections.deque()); ordered; iter(ordered); ordered.keys(); ordered.items()
ordered.values(); _collections.defaultdict(); _collections._tuplegetter(0, ""); _contextvars.Context(); _contextvars.Context().items()
_contextvars.Context().keys(); _contextvars.Context().values(); variable; variable.set(1); _contextvars.Token.MISSING; _functools.partial(len)
_functools.cmp_to_key(len); _functools.cmp_to_key(len)(1); _functools._lru_cache_wrapper(len, 1, False, Class); _functools.Placeholder
_operator.itemgetter(1); _operator.attrgetter("a"); _operator.methodcaller("a"); _thread.allocate_lock(); _thread.RLock(); _thread._local()
_thread._make_thread_handle(1); _thread._excepthook; _weakref.ref(instance); _weakref.proxy(instance); _weakref.proxy(Class)
_io.BytesIO(); _io.StringIO(); _io.BufferedReader(_io.BytesIO()); _io.BufferedWriter(_io.BytesIO()); _io.BufferedRandom(_io.BytesIO())
_io.BufferedRWPair(_io.BytesIO(), _io.BytesIO()); _io.FileIO(1, closefd=False)
_io.TextIOWrapper(_io.BytesIO()); _io.IncrementalNewlineDecoder(None, False); _io.BytesIO().getbuffer(); array.array("i")
iter(array.array("i")); _struct.Struct("i"); _struct.Struct("i").iter_unpack(b""); _random.Random(1); _queue.SimpleQueue(); posix.stat("/")
time.gmtime(0); posix.terminal_size((1, 2)); posix.scandir("/"); next(posix.scandir("/")); posix.uname(); posix.times(); posix.statvfs("/")
posix.sched_param(1); sys.flags; sys.float_info; sys.hash_info; sys.int_info; sys.thread_info; sys.version_info; sys.get_asyncgen_hooks()
sys.monitoring; sys.implementation; sys.stdin; pwd.getpwuid(0); grp.getgrgid(0); select.epoll(); select.poll(); _signal.struct_siginfo(range(7))
resource.getrusage(0); unicodedata.ucd_3_2_0; _csv.reader([]); _csv.writer(_io.StringIO()); _csv.Dialect(); _json.make_scanner
itertools.count(); itertools.cycle([]); itertools.repeat(1); itertools.accumulate([]); itertools.batched([], 1); itertools.chain()
itertools.compress([], []); itertools.dropwhile(None, []); itertools.filterfalse(None, []); itertools.groupby([]); itertools.islice([], 1)
itertools.pairwise([]); itertools.starmap(None, []); itertools.takewhile(None, []); itertools.zip_longest(); itertools.product()
itertools.permutations([]); itertools.combinations([], 1); itertools.combinations_with_replacement([], 1); itertools.tee([])[0]
next(itertools.groupby([1]))[1]; _datetime.date(1, 1, 1); _datetime.time(); _datetime.datetime(1, 1, 1); _datetime.timedelta()
_datetime.timezone.utc; _datetime.tzinfo(); _string.formatter_parser("{}"); _string.formatter_field_name_split("a.b")[1]
"""


def namespace():
    """What the samples speak of."""
    def function():
        pass

    def generator():
        yield 1

    async def coroutine():
        pass

    async def async_generator():
        yield 1

    class Class:
        __slots__ = ("slot", "__weakref__", "__dict__")

        def method(self):
            pass

    class Sequence:
        def __getitem__(self, index):
            raise IndexError

    def nested():
        value = 1
        return lambda: value

    def error(kind, *arguments):
        try:
            raise kind(*arguments)
        except kind as error:
            return error
    type Alias[T, *Ts, **P] = T
    instance, template = Class(), t"a{1}"
    names = dict(locals(), sys=sys)
    for name in MODULES:
        try:
            names[name] = __import__(name)
        except ImportError:
            pass
    names["Generic"] = names["_typing"].Generic
    names["ordered"] = names["_collections"].OrderedDict()
    names["variable"] = names["_contextvars"].ContextVar("name")
    return names


def clean(text):
    """A text without addresses."""
    text = text.replace("\n", "\\n")
    while (start := text.find("0x")) >= 0:
        end = start + 2
        while end < len(text) and text[end] in "0123456789abcdef":
            end += 1
        text = text[:start] + "ADDRESS" + text[end:]
    return text


def full_name(kind):
    """Module and qualified name of a type."""
    return f"{type.__dict__['__module__'].__get__(kind)}.{type.__dict__['__qualname__'].__get__(kind)}"


def attempt(function, *args, **kwargs):
    """What a call comes to, which for a wrong one is its error."""
    try:
        # An empty dict of keywords is not the same as none to some functions.
        return type(function(*args, **kwargs) if kwargs else function(*args)).__name__
    except BaseException as error:
        return clean(f"{type(error).__name__}: {error}")


PLAIN = (int, float, complex, str, bytes, bool, type(None))


def is_plain(value):
    """Whether the repr of a value is always the same."""
    if type(value) in (tuple, list):
        return all(map(is_plain, value))
    return type(value) in PLAIN


def describe(value):
    """Everything about an attribute that its kind promises."""
    facts = [f"kind={full_name(type(value))}"]
    if isinstance(value, type):
        facts.append(f"type={full_name(value)}")
        return facts
    if is_plain(value):
        text = clean(ascii(value))
        facts.append(f"value={text}" if len(text) < 200 else f"long value {hash_of(text)}")
        return facts
    for name in ("__name__", "__qualname__", "__module__", "__text_signature__"):
        try:
            fact = getattr(value, name)
        except AttributeError:
            continue
        if isinstance(fact, str):
            fact = " ".join(fact.split())  # how a signature is broken into lines is no fact
        if isinstance(fact, (str, type(None))):
            facts.append(f"{name.strip('_')}={fact}")
    owner = getattr(value, "__objclass__", None)
    if owner is not None:
        facts.append(f"owner={full_name(owner)}")
    bound = getattr(value, "__self__", None)
    if bound is not None:
        facts.append(f"self={full_name(bound) if isinstance(bound, type) else type(bound).__name__}")
    return facts


def hash_of(text):
    """A number that stands for a long text."""
    number = 0
    for character in text:
        number = (number * 31 + ord(character)) % (1 << 61)
    return number


def has_required(signature):
    """Whether a text signature asks for an argument."""
    names = [part.strip() for part in signature.strip("()").split(",")]
    star = names.index("*") if "*" in names else len(names)
    return any(name and name[0] not in "$/*[" and "=" not in name for name in names[:star])


MANY = (1,) * 70


def wrong_calls(name, function):
    """The messages of calls with too many arguments, a wrong keyword, and none."""
    signature = getattr(function, "__text_signature__", None)
    if name in UNSAFE or signature and "*" in signature.replace("*,", "").replace("*)", ""):
        return
    yield "many", attempt(function, *MANY)
    yield "keyword", attempt(function, wrong_keyword=1)
    if signature is None or has_required(signature):
        yield "none", attempt(function)


class Listing:
    """Collects the facts of everything that can be reached."""

    def __init__(self, emit):
        self.emit = emit
        self.seen = set()
        self.instances = set()

    def attribute(self, name, attribute, value):
        self.emit(name, attribute, " ".join(describe(value)))
        if not is_plain(value):
            self.doc(name, attribute, value)

    def doc(self, name, attribute, value):
        """A line for a docstring. That CPython has none is not a fact: more documentation is not a difference."""
        if isinstance(getattr(value, "__doc__", None), str):
            self.emit(name, attribute + " has doc", "")

    def type(self, kind):
        name = full_name(kind)
        if kind in self.seen or kind.__name__ in INTERNAL_TYPES or "__firstlineno__" in vars(kind):
            return  # known, or no native type
        self.seen.add(kind)
        emit = self.emit
        mro = type.__dict__["__mro__"].__get__(kind)
        emit(name, "", f"metatype={full_name(type(kind))} bases={' '.join(map(full_name, kind.__bases__))}"
             f" mro={' '.join(map(full_name, mro))}")
        for mask in MASKS:
            emit(name, "flag " + mask, bool(kind.__flags__ & MASKS[mask]))
        emit(name, "weakref", bool(kind.__weakrefoffset__))
        emit(name, "dict", bool(kind.__dictoffset__))
        emit(name, "name", f"{kind.__name__} signature={' '.join((kind.__text_signature__ or 'None').split())}")
        for attribute in sorted(set(vars(kind)) - {"__doc__"} - CPYTHON_ATTRIBUTES):
            self.attribute(name, attribute, vars(kind)[attribute])
        self.doc(name, "", kind)
        emit(name, "subclass", attempt(type, "Sub", (kind,), {}))
        emit(name, "attribute", attempt(setattr, kind, "no_such_attribute", 1))
        if kind.__name__ not in UNSAFE:
            for label, result in wrong_calls(kind.__name__, kind):
                emit(name, f"call {label}", result)
        for base in mro:
            self.type(base)

    def instance(self, value):
        kind = type(value)
        self.type(kind)
        name = full_name(kind)
        if kind in self.instances or kind.__name__ in INTERNAL_TYPES:
            return
        self.instances.add(kind)
        for attribute in sorted(set(dir(value)) - set(dir(kind))):
            self.emit(name, f"instance {attribute}", "")
        for attribute in sorted(set(dir(kind)) - CPYTHON_ATTRIBUTES):
            self.read(name, attribute, value)
        self.emit(name, "set", attempt(setattr, value, "no_such_attribute", 1))
        self.emit(name, "delete", attempt(delattr, value, "no_such_attribute"))
        self.emit(name, "get", attempt(getattr, value, "no_such_attribute"))

    def read(self, name, attribute, value):
        """What an attribute of an instance is, and if it is a method, how it words wrong calls."""
        found = getattr(type(value), "__dict__", {}).get(attribute)
        kind = type(found).__name__
        if attribute in ("__class__", "__dict__", "__doc__", "__builtins__", "__globals__"):
            return
        if kind in ("getset_descriptor", "member_descriptor"):
            self.emit(name, f"read {attribute}", attempt(getattr, value, attribute))
            if value is not sys and not isinstance(value, type):
                self.emit(name, f"set {attribute}", attempt(setattr, value, attribute, ...))
                self.emit(name, f"delete {attribute}", attempt(delattr, value, attribute))
        elif kind in ("method_descriptor", "classmethod_descriptor", "staticmethod", "wrapper_descriptor", "builtin_function_or_method"):
            try:
                method = getattr(value, attribute)
            except BaseException as error:
                self.emit(name, f"read {attribute}", clean(f"{type(error).__name__}: {error}"))
                return
            for label, result in wrong_calls(attribute, method):
                self.emit(name, f"{attribute} call {label}", result)

    def module(self, name):
        try:
            module = __import__(name)
        except ImportError as error:
            self.emit(name, "import", error)
            return
        left_out = BUILD.get(name, set()) | CPYTHON_ONLY.get(name, set()) | OURS.get(name, set()) | INCIDENTAL
        self.doc(name, "", module)
        for attribute in sorted(set(dir(module)) - left_out - {"__doc__"}):
            value = getattr(module, attribute)
            self.attribute(name, attribute, value)
            if isinstance(value, type):
                self.type(value)
            elif type(value).__name__ == "builtin_function_or_method" and (name, attribute) not in MISNAMED:
                for label, result in wrong_calls(attribute, value):
                    self.emit(name, f"{attribute} call {label}", result)
            elif not is_plain(value) and type(value) not in (dict, list):
                self.type(type(value))


def listing(emit):
    """Everything."""
    listing = Listing(emit)
    names = namespace()
    for sample in SAMPLES.replace("\n", ";").split(";"):
        if sample := sample.strip():
            try:
                listing.instance(eval(sample, names))
            except Exception as error:
                emit("sample", sample, f"{type(error).__name__}: {error}")
    for name in MODULES:
        listing.module(name)


def compare(command, words):
    """The lines that only one of two interpreters has, by name."""
    import subprocess
    def run(words):
        done = subprocess.run(words + [__file__], capture_output=True, text=True)
        print(done.stderr[-2000:], end="")
        if done.returncode:
            sys.exit(f"{words[0]} failed: {done.returncode}")
        return done.stdout.splitlines()
    ours, theirs = run(command.split()), run([sys.executable])
    own, other = set(ours), set(theirs)
    differences = {}
    for side, lines, known in ((0, theirs, own), (1, ours, other)):
        for line in lines:
            name, about, fact = line.split(" | ", 2)
            if line not in known and not (side and about.endswith(" has doc")):
                differences.setdefault((name, about), ["", ""])[side] += fact + " "
    shown = {key: pair for key, pair in differences.items() if not words or any(word in " ".join(key) for word in words)}
    for key in sorted(shown):
        print(" | ".join(key), "|", difference(*shown[key]))
    print(f"{len(theirs)} facts, {len(shown)} differ")


def difference(theirs, ours):
    """Both facts, without the words that they begin and end with together."""
    if not theirs or not ours:
        return f"- {theirs}" if theirs else f"+ {ours}"
    theirs, ours = theirs.split(), ours.split()
    while theirs and ours and theirs[0] == ours[0]:
        del theirs[0], ours[0]
    while theirs and ours and theirs[-1] == ours[-1]:
        del theirs[-1], ours[-1]
    return f"{' '.join(theirs)} -> {' '.join(ours)}"


def main():
    """Lists or compares."""
    if sys.argv[1:2] == ["--with"]:
        return compare(sys.argv[2], sys.argv[3:])
    import _warnings
    _warnings.filters[:] = [("ignore", None, Warning, None, 0)]
    seen = []
    out = sys.stdout
    listing(lambda name, about, fact: seen.append(f"{name} | {about} | {fact}".replace("\n", "\\n")))
    for line in seen:
        out.write(line.encode("ascii", "backslashreplace").decode() + "\n")


main()
