"""How operators find the method that answers."""


class Log:
    """Answers each operator with its name, or refuses."""

    def __init__(self, name, answers=True):
        self.name, self.answers = name, answers

    def __repr__(self):
        return self.name


def method(name):
    def run(self, *others):
        print(" ", type(self).__name__, name, *others)
        return f"{self.name}.{name}" if self.answers else NotImplemented

    return run


NAMES = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split()
for name in NAMES:
    for prefix in ["", "r", "i"]:
        if prefix != "i" or name != "divmod":
            setattr(Log, f"__{prefix}{name}__", method(f"__{prefix}{name}__"))


class Derived(Log):
    pass


class Overriding(Log):
    __radd__ = method("__radd__ of Overriding")
    __rpow__ = method("__rpow__ of Overriding")


class Plain:
    pass


def show(text, **names):
    try:
        print(text, "->", repr(eval(text, {**globals(), **names})))
    except Exception as error:
        print(text, "->", f"{type(error).__name__}: {error}")


def inplace(text, a, b):
    names = {"a": a, "b": b}
    try:
        exec(text, names)
        print(text, "->", repr(names["a"]))
    except Exception as error:
        print(text, "->", f"{type(error).__name__}: {error}")


a, b = Log("a"), Log("b")
no, derived, over = Log("no", False), Derived("derived"), Overriding("over")
no_derived = Derived("no_derived", False)
plain = Plain()
SYMBOLS = ["+", "-", "*", "@", "/", "//", "%", "**", "<<", ">>", "&", "^", "|"]
for symbol in SYMBOLS:
    show(f"a {symbol} 1")
    show(f"1 {symbol} a")
    show(f"no {symbol} 1")
    show(f"no {symbol} no")
    show(f"no {symbol} plain")
    show(f"plain {symbol} no")
    show(f"plain {symbol} 1")
    show(f"1 {symbol} None")
    inplace(f"a {symbol}= b", a, 1)
    inplace(f"a {symbol}= b", no, 1)
    inplace(f"a {symbol}= b", 1, no)
    inplace(f"a {symbol}= b", plain, 1)
    inplace(f"a {symbol}= b", 1, "x")
for left in ["a", "no", "derived", "no_derived", "over"]:
    for right in ["a", "no", "derived", "no_derived", "over"]:
        show(f"{left} + {right}")
        show(f"{left} ** {right}")
for text in ["divmod(a, 1)", "divmod(1, a)", "divmod(no, 1)", "divmod(1, no)", "divmod(plain, plain)", "divmod('a', 1)",
             "pow(a, 2)", "pow(a, 2, 3)", "pow(2, a, 3)", "pow(2, 3, a)", "pow(no, 2, 3)", "pow(2, no, 3)", "pow(2, 3, no)",
             "pow(plain, 2)", "pow(plain, 2, 3)", "pow(2, plain, 3)", "pow(a, 2, None)", "-plain", "+plain", "~plain", "abs(plain)",
             "-'a'", "+[]", "~1.0", "abs(None)", "print >> 3", "print << 3"]:
    show(text)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Items:
    def __len__(self):
        return 1

    def __index__(self):
        return 2


for text in ["[1] * 2", "2 * [1]", "'ab' * Index(2)", "Index(2) * (1,)", "[1] * 'a'", "'a' * [1]", "1.5 * [1]", "[1] * 1.5", "{} * [1]",
             "[1] * 10**30", "'a' * -10**30", "[1] * Index('x')", "[1] * True", "[1] + 1", "1 + [1]", "[1] + (1,)", "'a' + b'a'", "b'a' + 'a'",
             "(1,) + [1]", "[1] - [1]", "'a' - 'b'", "Items() * [1]", "[1] * Items()"]:
    show(text)
for text, left, right in [("a *= b", [1], 2), ("a *= b", 3, [1]), ("a *= b", Index(2), [1]), ("a *= b", Items(), [1]), ("a *= b", {}, [1]),
                          ("a *= b", [1], "a"), ("a *= b", "ab", 2), ("a += b", [1], (2,)), ("a += b", (1,), (2,)), ("a += b", (1,), [2]),
                          ("a += b", 1, [1]), ("a += b", "a", 1), ("a **= b", 2, "a"), ("a @= b", 2, 2), ("a *= b", None, [1]),
                          ("a *= b", (1, 2), 2), ("a *= b", 1.5, "a")]:
    inplace(text, left, right)


class Unanswered(int):
    def __add__(self, other):
        return NotImplemented

    def __radd__(self, other):
        return "radd"

    def __rpow__(self, other, modulus=None):
        return "rpow", modulus


class Forbidden(int):
    __radd__ = None


u = Unanswered(5)
for text in ["u + 1", "1 + u", "u + u", "2 ** u", "pow(2, u)", "pow(2, u, 7)", "u - 1", "1.5 + u", "1 + Forbidden(1)", "Forbidden(1) + 1"]:
    show(text)
