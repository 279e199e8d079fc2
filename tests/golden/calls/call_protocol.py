# What can be called, and how.
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

t(3)
t(None)
t("x")
t(...)
t(NotImplemented)
class A: pass
t(A(), 1)
class B:
    def __call__(self, *a, **k): return a, k
t(B(), 1, x=2)
print(callable(B()), callable(A()), callable(A), callable(3), callable(len), callable(lambda: 0))
class C: __call__ = len
t(C(), [1, 2])
class D: __call__ = staticmethod(lambda *a: a)
t(D(), 1)
class E: __call__ = classmethod(lambda *a: len(a))
t(E(), 1)
class F: pass
f = F()
f.__call__ = lambda: 1
t(f)
F.__call__ = B()
t(f, 2)
del F.__call__
t(f, 2)
class G: __call__ = 3
t(G())
class Meta(type):
    def __call__(cls, *a, **k): return "meta", a, k
class H(metaclass=Meta): pass
t(H, 1, y=2)
class I:
    def __new__(cls, *a, **k):
        print("new", a, k)
        return super().__new__(cls)
    def __init__(self, *a, **k): print("init", a, k)
I(1, x=2)
class J:
    def __new__(cls): return 5
    def __init__(self): print("not called")
t(J)
class K:
    def __init__(self): return 5
t(K)
class L:
    def __init__(self, a): pass
t(L)
t(L, 1, 2)
t(A, 1)
t(object, 1)
class Prop:
    @property
    def p(self): return lambda *a: a
t(Prop().p, 1)
t(Prop().p.__call__, 1)
class GetAttr:
    def __getattr__(self, n): return lambda *a: (n, a)
t(GetAttr().foo, 1)
class Shadow:
    def m(self): return "class"
s = Shadow()
s.m = lambda: "instance"
print(s.m(), Shadow().m())
def recurse(): return recurse()
try:
    recurse()
except RecursionError as e:
    print(e)
class R:
    def __call__(self): return self()
try:
    R()()
except RecursionError as e:
    print(type(e).__name__)
class Q:
    def __getattr__(self, n): return getattr(self, n)
try:
    Q().x
except RecursionError as e:
    print(type(e).__name__)
