"""The methods of str with arguments of all kinds: for each the number of calls, and a checksum of what they show.

Set SHOW to a method's name to see its calls.
"""

import binascii

SHOW = ""
TEXTS = ["", "Ab c", "  x\ty\n", "\xe9\u20ac\U0001f600", "\ud800", "aXbXc", "{} {a!r:>5}", "%s-%d"]
ARGUMENTS = ["", "a", "X", "\u20ac", b"a", 0, 2, -1, None, 1.5, ("a", "X"), ["a", "b"], {"a": "b", 97: "c"}, slice(1, 3)]
KEYWORDS = ["sep", "maxsplit", "keepends", "tabsize", "encoding", "errors", "count"]
SKIPPED = {
    "__class__", "__delattr__", "__dir__", "__doc__", "__getattribute__", "__getnewargs__", "__getstate__", "__hash__",
    "__init__", "__init_subclass__", "__iter__", "__new__", "__reduce__", "__reduce_ex__", "__setattr__", "__sizeof__",
    "__subclasshook__",
}


def shown(text, name, *args, **kwargs):
    try:
        result = repr(getattr(text, name)(*args, **kwargs))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    return f"{text!r} {args} {kwargs} -> {result[:200]}"


def calls(name):
    for text in TEXTS:
        yield shown(text, name)
        for a in ARGUMENTS:
            yield shown(text, name, a)
            for b in ARGUMENTS[::3]:
                yield shown(text, name, a, b)
                yield shown(text, name, a, b, 1)
    for keyword in KEYWORDS:
        for value in ("a", 1, b"a", None):
            yield shown("  x\ty\n", name, **{keyword: value})


for name in sorted(set(dir(str)) - SKIPPED):
    lines = list(calls(name))
    print(name, len(lines), binascii.crc32("\n".join(lines).encode("utf-8", "surrogatepass")))
    if name == SHOW:
        print(*map(ascii, lines), sep="\n")
