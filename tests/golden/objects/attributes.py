# Getting, setting and deleting attributes.


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e, getattr(e, "name", None))


def put(o, n, *v):
    if v:
        setattr(o, n, *v)
    else:
        delattr(o, n)


class B:
    x = 1

    def f(self):
        return 2


b = B()
print("messages")
attempt(lambda: b.foo)
attempt(lambda: B.foo)
attempt(lambda: put(b, "foo"))
attempt(lambda: put(B, "foo"))
attempt(lambda: put(b, "x"))
attempt(lambda: put(int, "foo", 1))
attempt(lambda: put(int, "foo"))
attempt(lambda: (1).foo)
attempt(lambda: put(1, "foo", 2))
attempt(lambda: put(1, "foo"))
attempt(lambda: put(object(), "foo", 1))
attempt(lambda: put([], "append", 1))
attempt(lambda: put([], "append"))
attempt(lambda: put(None, "foo", 1))
attempt(lambda: put(1, "real", 2))
attempt(lambda: put(b, "__class__"))
attempt(lambda: put(b, "__dict__", 1))
attempt(lambda: put(b, "__weakref__", 1))
attempt(lambda: b.__weakref__)
attempt(lambda: object.__getattribute__(1, 1))
attempt(lambda: object.__setattr__(1, 1, 1))
attempt(lambda: type.__getattribute__(int, 1))
attempt(lambda: getattr(int, 1))
attempt(lambda: setattr(b, 1, 1))

print("precedence")


class Data:
    def __get__(self, instance, owner):
        return "data", instance is not None, owner.__name__

    def __set__(self, instance, value):
        instance.__dict__["log"] = value

    def __delete__(self, instance):
        instance.__dict__["log"] = "deleted"


class NonData:
    def __get__(self, instance, owner):
        return "nondata", instance is not None, owner.__name__


class OnlySet:
    def __set__(self, instance, value):
        pass


class D:
    data = Data()
    nondata = NonData()
    only = OnlySet()
    plain = 1


d = D()
d.__dict__.update(data=1, nondata=2, only=3, plain=4)
print(d.data, d.nondata, d.only, d.plain)
print(D.data, D.nondata, type(D.only).__name__, D.plain)
d.data = 5
print(d.log)
del d.data
print(d.log)
attempt(lambda: put(d, "only"))

print("__getattr__ and __getattribute__")


class Fallback:
    def __getattr__(self, name):
        if name == "bad":
            raise AttributeError("custom")
        return "fallback " + name


f = Fallback()
f.own = 1
print(f.own, f.other)
attempt(lambda: f.bad)


class Full:
    def __getattribute__(self, name):
        return "full " + name


print(Full().anything)


class Hybrid:
    def __getattribute__(self, name):
        if name == "a":
            raise AttributeError("hidden")
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return "getattr " + name


h = Hybrid()
h.a = 1
h.b = 2
print(h.a, h.b, h.c)


class Raising:
    @property
    def p(self):
        raise AttributeError("inside")

    def __getattr__(self, name):
        return "after " + name


print(Raising().p)


class KeyErr:
    def __getattribute__(self, name):
        raise KeyError(1)

    def __getattr__(self, name):
        return 1


attempt(lambda: KeyErr().x)

print("__setattr__ and __delattr__")


class Log:
    def __setattr__(self, name, value):
        print("set", name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("del", name)
        object.__delattr__(self, name)


log = Log()
log.a = 1
print(log.a)
del log.a
attempt(lambda: log.a)
attempt(lambda: put(log, "a"))


class NoDict:
    __slots__ = ()

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)


attempt(lambda: put(NoDict(), "a", 1))
attempt(lambda: put(NoDict(), "__eq__", 1))

print("metaclass attributes")


class Meta(type):
    m = "meta"
    both = "meta"

    @property
    def p(cls):
        return "property of " + cls.__name__

    def method(cls):
        return cls.__name__

    def __getattr__(cls, name):
        return "meta getattr " + name


class C(metaclass=Meta):
    both = "class"
    p = "shadowed"


print(C.m, C.both, C.p, C.method(), C.zzz)
attempt(lambda: C().m)
attempt(lambda: put(C, "p", 1))
C.new = 1
print(C.new, C().new)
del C.new
print(C.new)

print("changes of classes are seen at once")


class P:
    def f(self):
        return 1


class Q(P):
    pass


q = Q()


def ask():
    return q.f()


for _ in range(3):
    ask()
print(ask())
P.f = lambda self: 2
print(ask())
Q.f = lambda self: 3
print(ask())
q.f = lambda: 4
print(ask())
del q.f
del Q.f
print(ask())
P.f = 5
attempt(ask)
P.g = property(lambda self: "prop")
print(q.g)
q.__dict__["g"] = "own"
print(q.g)
P.g = 7
print(q.g)

print("names that are not interned")
name = "".join(["dyn", "amic"])
setattr(q, name, 1)
print(q.dynamic, getattr(q, "dyn" + "amic"), hasattr(q, "dyna" + "mo"), getattr(q, "no" + "pe", "default"))


class Name(str):
    pass


setattr(q, Name("sub"), 2)
print(q.sub, getattr(q, Name("sub")))
