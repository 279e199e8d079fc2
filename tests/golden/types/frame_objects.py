# Frames and their local variables, which a mapping shows and writes through to.
import sys

def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

def frame_of(x, y=2):
    z = 3
    w = 4
    def inner():
        return z
    return sys._getframe()

F = frame_of(1)
P = F.f_locals
inner = P["inner"]
del P

def shown():
    return {name: value for name, value in F.f_locals.items() if name != "inner"}

show(shown)
show(lambda: (type(F.f_locals), len(F.f_locals), list(F.f_locals), F.f_locals["z"], "q" in F.f_locals))
P = F.f_locals
show(lambda: P["nope"])
show(lambda: P[1])
show(lambda: P.__setitem__("z", 5))
show(lambda: inner())
show(lambda: P.__setitem__("new", 6))
show(lambda: P.__setitem__(1, 7))
show(shown)
show(lambda: P.__delitem__("z"))
show(lambda: P.__delitem__("new"))
show(lambda: P.__delitem__("zz"))
show(lambda: (P.pop(1), P.pop("zz", 3)))
show(lambda: P.pop("x"))
show(lambda: P.pop("zz"))
show(lambda: P.pop())
show(lambda: (P.get("x"), P.get("zz"), P.get("zz", 1)))
show(lambda: P.get())
show(lambda: (P.setdefault("x", 9), P.setdefault("dd", 9)))
show(lambda: P.setdefault())
show(lambda: P.update({"x": 8}))
show(lambda: P.update(1))
show(lambda: P.update([("q", 1)]))
show(lambda: sorted(P | {"a": 1}))
show(lambda: sorted({"a": 1} | P))
show(lambda: P | 1)
show(lambda: P.__ior__({"k": 1}) is P)
show(lambda: P.__ior__([("q", 2)]))
show(lambda: (P == F.f_locals, P is F.f_locals, P == dict(P), P != {}, P == 1))
show(lambda: P < P)
show(lambda: (type(P.copy()), type(P.keys()), type(P.values()), type(P.items())))
show(lambda: (P.keys(), list(reversed(P))))
show(lambda: hash(P))
show(lambda: P.clear())
show(lambda: [] in P)
show(lambda: type(P)())
show(lambda: type(P)(1))
show(lambda: type(P)(F, x=1))
show(lambda: type(P)(F) == P)
show(lambda: P.__getitem__(1, 2))

def writes():
    total = 0
    sys._getframe().f_locals["total"] = 10
    total += 1
    return total

show(writes)

def classes():
    class A:
        q = 1
        f = sys._getframe()
    return A

A = classes()
show(lambda: (type(A.f.f_locals), A.f.f_locals["q"], A.f.f_code.co_name))
show(lambda: F.f_code is frame_of.__code__)
show(lambda: F.f_globals is globals())
show(lambda: F.f_builtins["len"] is len)
show(lambda: F.f_back.f_code.co_name)
show(lambda: F.f_lineno)
show(lambda: F.f_generator)
show(lambda: setattr(F, "f_lineno", 1))
show(lambda: setattr(F, "f_lineno", "a"))
show(lambda: delattr(F, "f_lineno"))
show(lambda: (setattr(F, "f_trace", 1), F.f_trace, delattr(F, "f_trace"), F.f_trace))
show(lambda: (F.f_trace_lines, F.f_trace_opcodes))
show(lambda: setattr(F, "f_trace_lines", 1))
show(lambda: setattr(F, "f_trace_opcodes", 1))
show(lambda: delattr(F, "f_trace_lines"))
show(lambda: setattr(F, "f_locals", 1))
show(lambda: type(F)())
show(lambda: (F.clear(), dict(F.f_locals), F.f_code.co_name))
show(lambda: sys._getframe().clear())

def gen():
    x = 1
    yield sys._getframe()

g = gen()
show(lambda: (g.gi_frame.f_lineno, g.gi_frame.f_back, g.gi_frame.f_generator is g))
frame = next(g)
show(lambda: (frame is g.gi_frame, frame.f_back, dict(frame.f_locals)))
show(lambda: frame.clear())
g.close()
show(lambda: (frame.f_generator, g.gi_frame, frame.clear()))
g = gen()
show(lambda: (g.gi_frame.clear(), list(g)))
print([name for name in dir(F) if name not in dir(object)])
print([name for name in dir(P) if name not in dir(object)])
