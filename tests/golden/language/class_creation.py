# classes: creation order and hooks
class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **kw):
        print("prepare", name, bases, kw); return {"injected": 1}
    def __new__(mcs, name, bases, ns, **kw):
        print("new", name, sorted(k for k in ns if not k.startswith("__")), kw)
        return super().__new__(mcs, name, bases, ns)
    def __init__(cls, name, bases, ns, **kw):
        print("init", name, kw); super().__init__(name, bases, ns)
    def __call__(cls, *a, **k):
        print("call", cls.__name__, a, k); return super().__call__(*a, **k)
class Desc:
    def __set_name__(self, owner, name): print("set_name", owner.__name__, name)
class Base(metaclass=Meta, a=1):
    x = Desc()
    y = Desc()
    print("body", injected)
    def __init_subclass__(cls, **kw): print("init_subclass", cls.__name__, kw)
    def __init__(self, v=0): self.v = v
class Sub(Base): z = Desc()
print(Sub(5).v, type(Sub).__name__, Sub.__mro__, Sub.injected)
class K(Base, metaclass=Meta, **{"k": 2}): pass
class Bad:
    def __set_name__(self, owner, name): raise KeyError("bad")
try:
    class U: b = Bad()
except KeyError as e: print(repr(e), e.__notes__)
def meta(name, bases, ns, **kw): print(name, bases, kw); return 5
class F(metaclass=meta, q=1): pass
print(F)
class NotType: 
    def __mro_entries__(self, bases): print("mro_entries", bases); return (Base,)
n = NotType()
class G(n): pass
print(G.__bases__, G.__orig_bases__ == (n,))
class N2:
    def __mro_entries__(self, bases): return 5
try:
    class H(N2()): pass
except TypeError as e: print(e)
class WithPrep(type):
    def __prepare__(*a): return 5
try:
    class J(metaclass=WithPrep): pass
except TypeError as e: print(e)
class M1(type): pass
class M2(type): pass
class A1(metaclass=M1): pass
class A2(metaclass=M2): pass
try:
    class A3(A1, A2): pass
except TypeError as e: print(e)
for bases in ((int, str), (bool,), (type(None),), (object, int), (int, int), (5,), (type(lambda: 0),), (range,), (slice,)):
    try: type("T", bases, {}); print("ok")
    except TypeError as e: print(e)
class X: pass
class Y(X): pass
try: class_ = type("Z", (X, Y), {})
except TypeError as e: print(e)
for args in ((), ("a",), (1, (), {}), ("a", [], {}), ("a", (), []), ("a\0b", (), {}), ("a", (), {}, 1), ("\ud800", (), {})):
    try: print(type(*args))
    except (TypeError, ValueError, UnicodeError) as e: print(type(e).__name__, ascii(str(e)))
try:
    class W(X, foo=1): pass
except TypeError as e: print(e)
class Cell:
    def f(self): return __class__
    def g(self): return super().__repr__()[:5]
print(Cell().f(), Cell().g())
class MetaNoCell(type):
    def __new__(m, n, b, ns): ns.pop("__classcell__", None); return type.__new__(m, n, b, ns)
try:
    class V(metaclass=MetaNoCell):
        def f(self): return __class__
except RuntimeError as e: print(e)
