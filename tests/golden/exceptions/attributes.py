# ImportError, AttributeError, NameError
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__ + ":", e)

i = ImportError("m", name="n", path="p", name_from="nf")
print(i.msg, i.name, i.path, i.name_from, str(i), repr(i), i.__reduce__())
i.msg = 3
print(str(i))
i.msg = "q"
print(str(i), i.args)
del i.msg
print(i.msg, str(i))
print(ImportError(1, 2).msg, ImportError().__reduce__(), ImportError().name)
i.foo = 1
print(i.__reduce__())
e = ImportError("x")
e.bar = 2
print(e.__reduce__())
t(ImportError, nam=3)
t(ImportError, "x", x=1, y=2)
t(ImportError, name=1, path=2, name_from=3, z=4)
class Z(str): pass
i = ImportError(Z("zz"))
print(str(i), type(str(i)).__name__)
print(repr(ModuleNotFoundError("x", name="y")), ModuleNotFoundError("x", name="y").name)

a = AttributeError("m", name="n", obj=3)
print(a.name, a.obj, a.__reduce__(), a.__getstate__(), AttributeError().__reduce__(), AttributeError(1).__getstate__())
a.z = 1
print(a.__getstate__())
t(AttributeError, ob=1)
t(AttributeError, 1, name=2, obj=3, z=3)
del a.name
print(a.name)

n = NameError("x", name="y")
print(n.name, n.__reduce__(), NameError().name)
t(NameError, nam=1)
t(UnboundLocalError, "x", name=2)
t(NameError, a=1, b=2)

# who fills the fields in
def caught(f):
    try:
        f()
    except Exception as e:
        return e
e = caught(lambda: zork)
print(repr(e), e.name)
def unbound():
    print(x)
    x = 1
e = caught(unbound)
print(repr(e), e.name)
o = []
e = caught(lambda: o.zork)
print(repr(e), e.name, e.obj is o)
e = caught(lambda: setattr(o, "zork", 1))
print(e.name, e.obj is o)
e = caught(lambda: delattr(o, "zork"))
print(e.name, e.obj is o)
class P:
    @property
    def p(self): raise AttributeError("mine")
    def __getattr__(self, name): raise AttributeError("got " + name)
p = P()
e = caught(lambda: p.foo)
print(repr(e), e.name, e.obj is p)
e = caught(lambda: getattr(P, "bar"))
print(repr(e), e.name, e.obj is P)
