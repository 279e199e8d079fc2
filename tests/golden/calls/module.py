# module
import sys
M = type(sys)
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

m = M("foo")
print(repr(m), m.__dict__, m.__doc__, M("a", "doc").__doc__)
n = M.__new__(M)
print(repr(n), n.__dict__)
t(lambda: n.x)
t(lambda: n.__name__)
n.x = 1
print(n.__dict__)
t(lambda: m.x)
t(delattr, m, "x")
t(setattr, m, "__dict__", {})
print(dir(m))
del m.__name__
t(lambda: m.x)
print(repr(m))
m.__name__ = 3
t(lambda: m.x)
print(repr(m))
m = M("bar")
m.__getattr__ = lambda name: "got " + name
print(m.zork, m.__name__)
def ga(name): raise AttributeError("custom " + name)
m.__getattr__ = ga
t(lambda: m.zork)
print(hasattr(m, "zork"), getattr(m, "zork", 5))
m.__getattr__ = 3
t(lambda: m.zork)
m = M("baz")
class Spec:
    _initializing = True
    origin = "ooo"
    has_location = True
m.__spec__ = Spec()
t(lambda: m.x)
Spec.has_location = False
t(lambda: m.x)
class Spec2:
    _initializing = False
    _uninitialized_submodules = ["sub"]
    name = "baz"
    origin = None
    loader = None
m.__spec__ = Spec2()
t(lambda: m.x)
t(lambda: m.sub)
print(repr(m))
Spec2.loader = 7
print(repr(m))
Spec2.origin = "built-in"
Spec2.has_location = False
print(repr(m))
Spec2.has_location = True
print(repr(m))
Spec2.name = None
print(repr(m))
m = M("q")
m.__loader__ = 8
print(repr(m))
m.__file__ = "f.py"
print(repr(m))
m.__dir__ = lambda: ["b", "a"]
print(dir(m))
m.__dir__ = 3
t(dir, m)
# annotations
m = M("q")
print(m.__annotations__)
m.__annotations__ = 5
print(m.__annotations__)
del m.__annotations__
print(m.__annotations__)
m.__annotations__
t(delattr, m, "__annotations__")
t(delattr, m, "__annotations__")
print(m.__annotate__)
t(setattr, m, "__annotate__", 3)
t(delattr, m, "__annotate__")
m.__annotate__ = lambda format: {"a": format}
print(m.__annotations__, list(m.__dict__))
m.__annotate__ = lambda format: 3
t(lambda: m.__annotations__)
m.__annotations__ = {"z": 1}
print(m.__annotations__, list(m.__dict__), m.__annotate__)
m.__annotate__ = None
print(m.__annotations__)
m = M("q")
m.__spec__ = Spec()
m.__annotate__ = lambda format: {"x": 1}
print(m.__annotations__, list(m.__dict__))
# subclasses
class MM(M):
    def __getattr__(self, name): return "sub " + name
mm = MM("z")
print(mm.foo, mm.__dict__)
class MS(M): pass
ms = MS("k")
t(lambda: ms.foo)
ms.y = 3
print(ms.__dict__, ms.y, vars(ms) is ms.__dict__)
ms.__class__ = M
print(type(ms))
ms.__class__ = MM
print(ms.foo)
t(setattr, ms, "__class__", int)
class MP(M):
    @property
    def prop(self): return "prop"
    def meth(self): return self.__name__
mp = MP("w")
mp.__dict__["prop"] = 1
mp.__dict__["meth"] = 2
print(mp.prop, mp.meth)
del mp.meth
print(mp.meth())
t(setattr, mp, "prop", 1)
# constructor
t(M)
t(M, 1)
t(M, "a", 1, 2)
t(M, "a", x=2)
t(M, doc=2)
print(M(doc=1, name="kw").__doc__)
m.__init__("new")
print(m.__name__)
t(m.__init__)
t(M.__init__, 3, "x")
t(M.__dir__, 3)
t(M.__getattribute__, m, 3)
t(setattr, m, "__name__", 4)
print(M.__text_signature__, [k for k in vars(M) if k != "__doc__"])
print(repr(sys), sys.__name__)
