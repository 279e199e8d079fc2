# The attributes, methods and errors of matches.
import copy
import pickle
import re

m = re.compile(r"(?P<first>\w)(?P<second>\d)?(-)").search("éa1-b- é", 1, 7)
print(m, m.string, m.re, m.pos, m.endpos, m.lastindex, m.lastgroup, m.regs, m.regs is m.regs)
print(m.group(), m.group(0), m.group(1), m.group("second"), m.group(1, "second", 3), m[0], m["first"])
print(m.start(), m.end(), m.span(), m.start(2), m.end("second"), m.span(3))
print(m.groups(), m.groupdict(), m.expand(r"<\1|\g<second>|\g<0>>"))
n = re.search(r"(?P<first>\w)(?P<second>\d)?(-)", "b-")
print(n.groups(), n.groups(7), n.groups(default="x"), n.groupdict(), n.groupdict("y"), n.span("second"), n.start(2))
print(copy.copy(m) is m, copy.deepcopy(m) is m, bool(m), m == m, m == n, re.Match[str])


def attempt(call):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)


class Index:
    def __index__(self):
        return 1


attempt(lambda: m[Index()])
attempt(lambda: m[True])
for bad in 4, -1, "third", None, 1.5, [], 1 << 100, b"first":
    attempt(lambda: m[bad])
    attempt(lambda: m.start(bad))
attempt(lambda: m.group(0, 9))
attempt(lambda: m.group(x=1))
attempt(lambda: m.span(1, 2))
attempt(lambda: m.expand(r"\7"))
attempt(lambda: m.expand(r"\g<nope>"))
attempt(lambda: m.expand(b"x"))
attempt(lambda: m.expand(5))
attempt(lambda: pickle.dumps(m))
attempt(lambda: type(m)())
attempt(lambda: type("X", (re.Match,), {}))
attempt(lambda: setattr(m, "pos", 1))
attempt(lambda: __import__("weakref").ref(m))
match m:
    case re.Match(string=s, pos=p):
        print(s, p)
