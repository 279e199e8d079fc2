# The attributes, methods and errors of patterns.
import copy
import pickle
import re
import weakref

p = re.compile(r"(?P<a>x)(y)", re.I | re.M)
print(p, p.pattern, p.flags, p.groups, p.groupindex, dict(p.groupindex))
print(copy.copy(p) is p, copy.deepcopy(p) is p, pickle.loads(pickle.dumps(p)) == p, weakref.ref(p)() is p)
print(p == re.compile(r"(?P<a>x)(y)", re.I | re.M), p == re.compile("x"), p != re.compile(b"x"), p == "x")
print(hash(p) == hash(re.compile(p.pattern, p.flags)), re.Pattern[bytes], re.compile("").groupindex)
for flags in 0, re.A, re.I | re.X, re.S | re.M | re.U:
    print(repr(re.compile("é" if not flags & re.A else "e", flags)))
print(re.compile(b"\xff", re.L), repr(re.compile("ab" * 150)))
print([m.span() for m in p.finditer("xyXY")], type(p.finditer("")), p.findall("xyXY"), p.split("aXYb"))
print(p.match("_xy", 1).span(), p.match("xy", -5, 99).span(), p.match("xy", 2, 1), re.compile("").match("ab", 2, 1).span())
print(re.compile("^b").match("ab", 1), re.compile("(?<=a)b").match("ab", 1), re.compile("b$").match("ab", 1, 2))


def attempt(call):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)


attempt(lambda: p.match())
attempt(lambda: p.match("a", 1, 2, 3))
attempt(lambda: p.match(5))
attempt(lambda: p.match(b"a"))
attempt(lambda: re.compile(b"a").match("a"))
attempt(lambda: p.match("a", None))
attempt(lambda: p.match("a", 1 << 70))
attempt(lambda: p.match(memoryview(b"abcd")[::2]))
attempt(lambda: p < p)
attempt(lambda: type(p)())
attempt(lambda: type("X", (re.Pattern,), {}))
attempt(lambda: setattr(p, "pattern", 1))
attempt(lambda: p.sub("x"))
attempt(lambda: p.sub(string="xy", repl="<>", count=1))
attempt(lambda: p.split(string="axyb", maxsplit=1))
