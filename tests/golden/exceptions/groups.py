# BaseExceptionGroup, ExceptionGroup
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__ + ":", e)

G, X = BaseExceptionGroup, ExceptionGroup
t(G)
t(G, 1, [])
t(G, "a", [])
t(G, "a", 3)
t(G, "a", {1})
t(G, "a", {})
t(G, "a", [1])
t(G, "a", [ValueError()])
t(G, "a", [KeyboardInterrupt()])
t(X, "a", [KeyboardInterrupt()])
t(G, "a", [ValueError(), 3])
t(G, "a", [ValueError()], 3)
t(G, message="a", exceptions=[])
t(G, "a", iter([ValueError()]))
t(G, "a", [ValueError()], x=1)
t(G, "a", [ValueError])
class E1(ExceptionGroup): pass
t(E1, "a", [KeyboardInterrupt()])
t(E1, "a", [ValueError()])
class E2(BaseExceptionGroup): pass
t(E2, "a", [ValueError()])
t(E2, "a", [KeyboardInterrupt()])
class E3(BaseExceptionGroup, Exception): pass
t(E3, "a", [KeyboardInterrupt()])
g = X("a", [ValueError(1), TypeError(2)])
print(g.message, g.exceptions, g.args, str(g), repr(g), str(X("b", [g])))
t(setattr, g, "message", 1)
t(setattr, g, "exceptions", 1)
t(delattr, g, "message")
l = [ValueError(1)]
g = X("a", l)
l.append(3)
print(repr(g), g.args, repr(X("a", (ValueError(1),))))
class LL(list):
    def __repr__(self): return "LL"
class TT(tuple):
    def __repr__(self): return "TT"
class Seq:
    def __init__(self, *items): self.items = items
    def __getitem__(self, i): return self.items[i]
    def __repr__(self): return "Seq"
print(repr(X("a", LL([ValueError(1)]))), repr(X("a", TT([ValueError(1)]))), repr(X("a", Seq(ValueError(1)))))
g.args = (1,)
print(repr(g))
g.args = ("x", [5])
print(repr(g), str(g))
g.args = ()
print(repr(g))

g = X("a", [ValueError(1), X("n", [TypeError(2), ValueError(3)]), KeyError(4)])
t(g.split, ValueError)
t(g.subgroup, ValueError)
t(g.split, (TypeError, KeyError))
t(g.split, lambda e: isinstance(e, TypeError))
t(g.split, OSError)
t(g.split, ExceptionGroup)
t(g.subgroup, OSError)
t(g.split, 3)
t(g.split, int)
t(g.split, ())
t(g.split, (int,))
t(g.split, (ValueError, 3))
t(g.split)
t(g.subgroup, lambda e: 1 / 0)
t(g.subgroup, lambda e: [])
t(g.split, lambda e: e is g)
t(g.derive, [ValueError()])
t(g.derive, [])
t(g.derive, [KeyboardInterrupt()])
class D(ExceptionGroup):
    def derive(self, e): return D(self.message, e)
d = D("d", [ValueError(1), TypeError(1)])
d.add_note("n1")
d.__cause__ = KeyError()
d.__context__ = OSError()
m, r = d.split(ValueError)
print(repr(m), repr(r), m.__notes__, m.__notes__ is d.__notes__, repr(m.__cause__), repr(m.__context__), m.__suppress_context__, type(m).__name__)
class Bad(ExceptionGroup):
    def derive(self, e): return 3
t(Bad("d", [ValueError(1), TypeError(1)]).split, ValueError)
b = E1("d", [ValueError(1), TypeError(1)])
print(b.split(ValueError))
b.__notes__ = 5
print(b.split(ValueError)[0].__dict__)
b.__notes__ = "ab"
print(b.split(ValueError)[0].__dict__)
class C(ExceptionGroup):
    def __init__(self, m, e, extra=0): self.extra = extra
    def __new__(cls, m, e, extra=0): return super().__new__(cls, m, e)
print(C("a", [ValueError()], extra=5).extra, C("a", [ValueError()], extra=5).args)
class C2(ExceptionGroup):
    def __init__(self, m, e, extra=0): self.extra = extra
t(C2, "a", [ValueError()], extra=5)
print([c.__name__ for c in ExceptionGroup.__mro__])
def depth(n):
    g = ValueError()
    for i in range(n):
        g = X("a", [g])
    return g
print(len(repr(depth(50))), str(depth(100)))
try:
    depth(200000).split(TypeError)
except RecursionError as e:
    print(type(e).__name__)
