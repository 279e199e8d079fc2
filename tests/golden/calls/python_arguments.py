# Errors and bindings of Python functions.
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

def f(a, b=1, /, c=2, *, d, e=3, **kw): return (a, b, c, d, e, kw)
def g(a, b, /, c, *, d, e): pass
def h(a, /, abc=1): return (a, abc)
def k(**kw): return kw
def l(): pass
def m(*, kk): pass
def n(a, *args, x=5, **kw): return a, args, x, kw
def o(aa, bb, cc, dd): pass
def p(a, b=2, c=3): return a, b, c

t(f)
t(f, 1)
t(f, 1, d=1, a=3, b=4)
t(f, 1, 2, 3, 4, d=1)
t(f, 1, c=1, d=2, zz=4)
t(f, 1, 2, 3, d=4, e=5)
t(g)
t(g, 1, 2)
t(g, a=1, b=2)
t(g, 1, a=1, b=2, z=3)
t(g, 1, 2, 3)
t(g, 1, 2, 3, 4, d=1)
t(g, 1, 2, 3, 4)
t(g, 1, 2, 3, 4, 5, d=1, e=2)
t(g, 1, 2, 3, c=1)
t(h, a=1)
t(h, 1, abd=3)
t(h, 1, 2, 3)
t(h, 1, 2, 3, abc=2)
t(h, abc=1)
t(h, 1, abc=1)
t(k, 1)
t(k, 1, 2)
t(k, a=1, b=2)
t(l, 1)
t(l, x=1)
t(m, 1)
t(m, 1, kk=1)
t(m)
t(m, kk=1)
t(n)
t(n, 1, 2, 3, x=4, y=5)
t(n, 1, a=2)
t(n, a=2)
t(o, 1)
t(o)
t(o, 1, 2, 3)
t(p, 1, c=5)
t(p, c=5, a=1)
t(p, b=1)

class A:
    def f(self, x): return x
    @classmethod
    def g(cls, x): return x
    @staticmethod
    def h(x): return x

t(A().f)
t(A.f)
t(A().f, 1, 2)
t(A().g)
t(A.h)
t(A.h, 1)
t(A.f, 1, 2)
t(lambda x: 0)
t(lambda x, y: 0, 1, 2, 3)

def outer():
    def inner(x): pass
    return inner

t(outer())

class S(str):
    def __eq__(self, other):
        print("eq", other)
        return str.__eq__(self, other)
    __hash__ = str.__hash__

t(h, 1, **{S("abc"): 3})
t(k, **{S("abc"): 3})
t(l, **{S("abc"): 3})

# defaults that changed later
p.__defaults__ = (7,)
t(p, 1, 2)
t(p, 1)
p.__defaults__ = None
t(p, 1)
p.__defaults__ = (1, 2, 3, 4)
t(p)
t(p, 9, 8, 7, 6)
f.__kwdefaults__ = {"d": "D"}
t(f, 0)
f.__kwdefaults__ = None
t(f, 0, d=1)

# spreading
def show(*a, **kw): return a, kw
t(lambda: show(*[1, 2], 3, *"ab", x=1, **{"y": 2}))
for call in (
    lambda: l(*3),
    lambda: l(**3),
    lambda: l(**{1: 2}),
    lambda: k(a=1, **{"a": 2}),
    lambda: k(**{"a": 2}, **{"a": 2}),
    lambda: len(*3),
    lambda: [].append(**3),
    lambda: A().f(**{"x": 1}, **{"x": 2}),
):
    t(call)

def bad():
    yield 1
    raise TypeError("within")

t(lambda: show(*bad()))
