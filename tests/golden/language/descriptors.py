# descriptors
class Data:
    def __get__(self, o, t): return ("data get", o is None, t.__name__)
    def __set__(self, o, v): print("set", v)
    def __delete__(self, o): print("delete")
class NonData:
    def __get__(self, o, t): return "nondata"
class SetOnly:
    def __set__(self, o, v): o.__dict__["so"] = v * 2
class A: d = Data(); n = NonData(); so = SetOnly()
a = A(); print(A.d, a.d); a.d = 5; del a.d
print(a.n); a.n = 3; print(a.n); del a.n; print(a.n)
a.so = 4; print(a.so)
a.__dict__["d"] = "shadow"; print(a.d)
try: del a.so
except AttributeError as e: print(e)
class P:
    @property
    def x(self): "doc"; return self._x
    @x.setter
    def x(self, v): self._x = v
    @x.deleter
    def x(self): del self._x
    @property
    def ro(self): return 1
    y = property()
p = P(); p.x = 5; print(p.x, P.x.__doc__); del p.x
for f in (lambda: p.x, lambda: setattr(p, "ro", 1), lambda: delattr(p, "ro"), lambda: p.y):
    try: f()
    except AttributeError as e: print(e)
class Get:
    def __getattr__(self, n): print("getattr", n); raise AttributeError(n)
    @property
    def bad(self): raise AttributeError("inner")
g = Get()
for n in ("zz", "bad"):
    try: getattr(g, n)
    except AttributeError as e: print(e, e.name, type(e.obj).__name__ if e.obj else None)
print(hasattr(g, "q"), getattr(g, "q", "dflt"))
class Slots:
    __slots__ = ("a", "__b")
    def __init__(self): self.__b = 2
s = Slots(); s.a = 1; print(s.a, s._Slots__b, Slots.a)
for f in (lambda: setattr(s, "c", 1), lambda: s.__dict__, lambda: delattr(s, "zz"), lambda: (delattr(s, "a"), s.a)):
    try: f()
    except AttributeError as e: print(e)
for sl in (("a", "a"), ("1x",), (1,), ("__dict__", "__dict__"), "abc", ("x",)):
    try: print(type("S", (), {"__slots__": sl, "x": 5}).__slots__)
    except (TypeError, ValueError) as e: print(e)
class Call:
    def __call__(self, *a, **k): return a, k
print(Call()(1, x=2))
class Inst: pass
i = Inst(); i.__len__ = lambda: 5
try: len(i)
except TypeError as e: print(e)
class Dyn: pass
Dyn.__len__ = lambda self: 7; print(len(Dyn())); del Dyn.__len__
try: len(Dyn())
except TypeError as e: print(e)
class NoneHash: __hash__ = None; __iter__ = None; __contains__ = None; __len__ = None; __add__ = None; __call__ = None; __eq__ = None; __getitem__ = None
n = NoneHash()
for f in (lambda: hash(n), lambda: iter(n), lambda: 1 in n, lambda: len(n), lambda: n + 1, lambda: n(), lambda: n == 1, lambda: n[0], lambda: 1 + n):
    try: print(f())
    except TypeError as e: print(e)
