# method
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

class A:
    def f(self, x=1):
        "doc"
        return x
    def __eq__(self, other): return True
    __hash__ = None
    def __repr__(self): return "<A>"

a, b = A(), A()
m = a.f
M = type(m)
print(m, m.__doc__, m.__name__, m.__qualname__, m.__module__, m.__self__ is a, m.__func__ is A.f, m.__defaults__, m.__code__ is A.f.__code__)
t(setattr, m, "x", 1)
t(delattr, m, "x")
t(lambda: m.zork)
t(setattr, m, "__func__", 1)
t(setattr, m, "__doc__", 1)
A.f.attr = 5
print(m.attr)
t(setattr, m, "attr", 3)
print(a.f == b.f, a.f == a.f, a.f != a.f, a.f == 1, hash(a.f) == hash(a.f), a.f is a.f)
t(lambda: a.f < a.f)
print(M(len, [1]), M(len, [1])())
class C:
    def __call__(self, *args): return args
print(M(C(), 3), M(C(), 3)(4), M(C(), 3).__doc__)
t(lambda: M(C(), 3).__name__)
t(lambda: M(C(), 3).__reduce__())
t(m.__reduce__)
t(m.__get__, None, A)
t(m.__get__, 3)
t(m, 1, 2, 3)
t(m.__call__, 7)
t(m, x=9)
f = M(lambda *args: args, 1)
print(M(f, 2)(3), M(f, 2).__func__ is f)
class D:
    def __repr__(self): raise ValueError("r")
t(lambda: repr(M(len, D())))
class G:
    __name__ = "nm"
    def __call__(self): pass
g = G()
print(repr(M(g, 3)))
g.__qualname__ = "qn"
print(repr(M(g, 3)))
g.__qualname__ = 3
print(repr(M(g, 3)))
t(M)
t(M, 1)
t(M, 1, 2)
t(M, len, None)
t(M, function=len, instance=2)
t(M.__getattribute__, m, 3)
print(M.__doc__ is not None, M.__text_signature__)
print([k for k in vars(M) if k != "__doc__"])
class E:
    @classmethod
    def g(cls):
        "cd"
        return cls
print(E.g.__doc__, E().g == E.g, hash(E.g) == hash(E().g), E.g() is E)
class S: pass
t(lambda: type("N", (M,), {}))
