# An operation that raises has let its temporary operands go before the handler runs; locals stay where they are.
class T:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name, end="; ")
    def __add__(self, other): raise ValueError("add")
    def __radd__(self, other): raise ValueError("radd")
    def __getitem__(self, key): raise ValueError("item")
    def __setitem__(self, key, value): raise ValueError("store")
    def __call__(self, *args, **keywords): raise ValueError("call")
    def __contains__(self, item): raise ValueError("contains")
    def __lt__(self, other): raise ValueError("less")
    def __hash__(self): raise ValueError("hash")
    def __bool__(self): raise ValueError("bool")
    def __iter__(self): raise ValueError("iter")
    def __neg__(self): raise ValueError("neg")
    def __format__(self, spec): raise ValueError("format")
    def __getattr__(self, name): raise ValueError("attribute")

def operations():
    kept = T("kept")
    yield lambda: T("a") + T("b")
    yield lambda: 1 + T("b")
    yield lambda: kept + T("b")
    yield lambda: T("a") + kept
    yield lambda: T("a")[T("b")]
    yield lambda: T("a")[T("b"):T("c")]
    yield lambda: T("a")(T("b"), T("c"), k=T("d"))
    yield lambda: T("a")(*[T("b")], **{"k": T("c")})
    yield lambda: T("a").method(T("b"))
    yield lambda: kept(T("b"))
    yield lambda: T("a") in T("b")
    yield lambda: T("a") < T("b") < T("c")
    yield lambda: {T("a"): T("b")}
    yield lambda: {1: T("a"), T("b"): T("c")}
    yield lambda: {T("a"), T("b")}
    yield lambda: [T("a"), *T("b")]
    yield lambda: (T("a"), -T("b"), T("c"))
    yield lambda: [T("a"), undefined, T("c")]
    yield lambda: f"{T('a')!s:3}{T('b')}"
    yield lambda: T("a") and T("b")
    yield lambda: T("a") if T("b") else T("c")
    yield lambda: [T("x") for _ in T("y")]
    yield lambda: [T("x").y for _ in [T("y"), T("z")]]
    yield lambda: print(T("a"), T("b").x)
    yield lambda: (lambda p: undefined)(T("a"))
    yield lambda: isinstance(T("a"), 5)
    yield lambda: len(T("a"))
    yield lambda: [1].index(T("a"), T("b"))

for number, operation in enumerate(operations()):
    try:
        operation()
    except (ValueError, NameError, TypeError) as error:
        # What the traceback's frames hold is let go with the exception.
        print(number, type(error).__name__, end="; ")
    print("over")

def statements():
    try:
        T("a")[T("b")] = T("c")
    except ValueError:
        print("stored")
    try:
        del T("a")[T("b")]
    except (AttributeError, ValueError, TypeError):
        print("deleted")
    try:
        T("a").x = T("b").y
    except ValueError:
        print("attribute")
    try:
        for T("a").x, b in [(T("b"), T("c"), T("d"))]: pass
    except ValueError:
        print("unpacked")
    try:
        with T("a"): pass
    except (TypeError, ValueError, AttributeError):
        print("with")
    try:
        raise T("a")
    except (TypeError, ValueError):
        print("raised")
    try:
        raise KeyError from T("a")
    except TypeError:
        print("raised from")
    try:
        assert T("a"), T("b")
    except ValueError:
        print("asserted")

statements()
