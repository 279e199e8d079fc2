# types.SimpleNamespace
import sys
N = type(sys.implementation)
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

print(N, N.__name__, N.__qualname__, N.__module__)
t(N)
t(N, a=1, b="x")
t(N, {"a": 1}, b=2)
t(N, {"a": 1}, a=2)
t(N, [("a", 1)])
t(N, {1: 2})
t(N, [(1, 2)])
t(N, 3)
t(N, None)
t(N, {}, {})
t(N, {"a b": 1})
n = N(a=1)
n.n = n
print(n)
class S(N): pass
print(S(a=1), N(b=2) == N(b=2), N(a=1) == S(a=1), N(a=1) != N(a=2), N() == 1, N(a=1, b=2) == N(b=2, a=1))
t(lambda: N() < N())
t(hash, N())
print(N(a=1).__reduce__(), S(a=2).__reduce__()[1:])
print(N(a=1, b=2).__replace__(b=3, c=4))
t(N(a=1).__replace__, 3)
t(S(a=1).__replace__, a=5)
class B(N):
    def __init__(self): pass
t(B().__replace__, a=1)
class C(N):
    def __new__(cls, **k): return 3
t(lambda: N.__replace__(N.__new__(C), a=1))
x = N(a=1)
x.__dict__[1] = 2
print(x)
t(setattr, x, "__dict__", {})
del x.a
t(lambda: x.a)
t(delattr, x, "zz")
print(vars(N(z=1)))
x.__init__(q=1)
print(x.q)
class Map:
    def keys(self): return ["kk"]
    def __getitem__(self, k): return 9
t(N, Map())
class I(str): pass
t(N, {I("q"): 2})
y = N(a=1)
y.__dict__.clear()
print(y, N(**{"": 1, "b": 2}))
class G:
    def __repr__(self):
        box.extra = 1
        return "G"
box = N(g=G())
print(box)
print(box.extra)
print([k for k in vars(N) if k != "__doc__"], N.__text_signature__)
