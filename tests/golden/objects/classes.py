# Making classes: type(), metaclasses, MRO, hooks, and the errors of all of them.


def attempt(f):
    try:
        result = f()
    except Exception as e:
        print(type(e).__name__, e)
        for note in getattr(e, "__notes__", ()):
            print("  note:", note)
    else:
        print(result)


class B:
    pass


print("type() with wrong arguments")
attempt(lambda: type())
attempt(lambda: type(1, 2))
attempt(lambda: type(1, x=1))
attempt(lambda: type("A", (), {}, 1))
attempt(lambda: type(1, (), {}))
attempt(lambda: type("A", [], {}))
attempt(lambda: type("A", (), []))
attempt(lambda: type.__new__(type))
attempt(lambda: type.__new__(type, "A"))
attempt(lambda: type.__new__(type, "A", (), {}, 1))
attempt(lambda: type("A", (1,), {}))
attempt(lambda: type("A\0", (), {}))
attempt(lambda: type("A", (bool,), {}))
attempt(lambda: type("A", (int, str), {}))
attempt(lambda: type("A", (), {"__qualname__": 1}))
attempt(lambda: type("A", (), {"__classcell__": 1}))
attempt(lambda: type("A", (), {"__classdictcell__": 1}))
attempt(lambda: type("A", (), {}, x=1))


class Entries:
    def __mro_entries__(self, bases):
        return ()


attempt(lambda: type("A", (Entries(),), {}))

print("what type() makes")
attempt(lambda: type(1))
attempt(lambda: type("A", (), {}).__module__)
attempt(lambda: type("A", (), {"__qualname__": "X.Y"}).__qualname__)
attempt(lambda: type("A", (B,), {"v": 5}).v)
attempt(lambda: type("A", (), {}).__bases__)
attempt(lambda: list(type("A", (), {"a": 1}).__dict__))


class Ordered:
    "documentation"
    z = 1

    def f(self):
        self.q = 1

    a = 2


print(list(Ordered.__dict__))


class WithEq:
    def __eq__(self, other):
        return True


print(list(WithEq.__dict__), WithEq.__hash__)

print("orders")


class O:
    pass


class X(O):
    pass


class Y(O):
    pass


class Z(X, Y):
    pass


print([c.__name__ for c in Z.__mro__])
attempt(lambda: type("A", (O, X), {}))
attempt(lambda: type("A", (object, O), {}))
attempt(lambda: type("A", (O, O), {}))


class XY(X, Y):
    pass


class YX(Y, X):
    pass


attempt(lambda: type("A", (XY, YX), {}))

print("mro() of a metaclass")


def metaclass_with_order(order):
    class Meta(type):
        def mro(cls):
            return order(cls)

    return Meta


attempt(lambda: metaclass_with_order(lambda cls: [1])("A", (), {}))
attempt(lambda: metaclass_with_order(lambda cls: 1)("A", (), {}))
attempt(lambda: metaclass_with_order(lambda cls: [cls, int])("A", (), {}))
attempt(lambda: metaclass_with_order(lambda cls: [])("A", (), {}))
attempt(lambda: metaclass_with_order(lambda cls: [cls, Y, object])("A", (), {}).__mro__[1].__name__)
attempt(lambda: [c.__name__ for c in type.mro(Z)])

print("metaclasses")


class M1(type):
    pass


class M2(type):
    pass


class M3(M1):
    pass


class A1(metaclass=M1):
    pass


class A2(metaclass=M2):
    pass


class A3(A1, metaclass=M3):
    pass


attempt(lambda: type("A", (A1, A2), {}))
attempt(lambda: type(type("A", (A1,), {})).__name__)
attempt(lambda: type(type("A", (A1, A3), {})).__name__)
attempt(lambda: M1(1))


class Log(type):
    @classmethod
    def __prepare__(meta, name, bases, **kwargs):
        print("prepare", name, bases, list(kwargs.items()))
        return {"prepared": True}

    def __new__(meta, name, bases, namespace, **kwargs):
        print("new", name, list(namespace))
        return super().__new__(meta, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **kwargs):
        print("init", name, list(kwargs))
        super().__init__(name, bases, namespace)

    def __call__(cls, *args, **kwargs):
        print("call", args)
        return super().__call__(*args, **kwargs)


class L(metaclass=Log, key=1):
    def __init__(self, v):
        self.v = v


print(L.prepared, L(4).v)

print("__new__ and __init__")


class New:
    def __new__(cls, *args):
        print("new", args)
        return object.__new__(cls)

    def __init__(self, *args):
        print("init", args)


class Other(New):
    def __new__(cls, *args):
        return 5


New(1, 2)
print(Other(1))


class Sub(New):
    def __new__(cls, *args):
        return New.__new__(Sub2)


class Sub2(Sub):
    def __init__(self, *args):
        print("init of Sub2", args)


print(type(Sub(3)).__name__)

print("__init_subclass__")


class Base:
    def __init_subclass__(cls, /, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.tag = tag
        print("subclass", cls.__name__, tag)


class Derived(Base, tag="t"):
    pass


class Derived2(Derived):
    pass


attempt(lambda: type("A", (Base,), {}, wrong=1))
attempt(lambda: object.__init_subclass__(1))
attempt(lambda: object.__init_subclass__(a=1))
attempt(lambda: B.__init_subclass__(a=1))

print("__set_name__")


class Named:
    def __set_name__(self, owner, name):
        print(owner.__name__, name)
        owner.extra = name


class Owner:
    a = Named()
    b = Named()


print(Owner.extra)


class Failing:
    def __set_name__(self, owner, name):
        raise ValueError("no")


attempt(lambda: type("A", (), {"s": Failing()}))

print("__class__ in methods")


class Cell:
    def which(self):
        return __class__

    @classmethod
    def c(cls):
        return __class__

    @staticmethod
    def s():
        return __class__


class CellSub(Cell):
    pass


print(CellSub().which() is Cell, CellSub.c() is Cell, Cell.s() is Cell)

print("implicit static and class methods")


class Implicit:
    def __new__(cls):
        return object.__new__(cls)

    def __init_subclass__(cls):
        pass

    def __class_getitem__(cls, key):
        return cls.__name__, key


for name in ("__new__", "__init_subclass__", "__class_getitem__"):
    print(name, type(Implicit.__dict__[name]).__name__)
print(Implicit[3])

print("excess arguments")


class N1:
    pass


class N2:
    def __new__(cls, *args):
        return object.__new__(cls, *args)


class N3:
    def __init__(self, *args):
        super().__init__(*args)


class N4:
    def __new__(cls, *args):
        return object.__new__(cls)

    def __init__(self, *args):
        super().__init__(*args)


class N5:
    def __new__(cls, *args):
        return object.__new__(cls)


for c in (object, N1, N2, N3, N4):
    attempt(lambda: c(1))
attempt(lambda: type(N5(1)).__name__)
attempt(lambda: N1(a=1))
attempt(lambda: object.__new__(N1, 1))
attempt(lambda: object.__init__(N1(), 1))
attempt(lambda: object.__new__(int))
attempt(lambda: int.__new__(str))
attempt(lambda: int.__new__())
attempt(lambda: int.__new__(1))

print("type.__init__ and friends")
attempt(lambda: type.__init__(B))
attempt(lambda: type.__init__(B, 1, 2, 3))
attempt(lambda: type.__init__(B, 1))
attempt(lambda: type.__init__(B, 1, a=4))
attempt(lambda: type.__prepare__(1, 2, a=3))
attempt(lambda: type.mro())

print("abstract classes")


class Abstract:
    pass


Abstract.__abstractmethods__ = {"f"}
attempt(lambda: Abstract())
Abstract.__abstractmethods__ = frozenset({"g", "f"})
attempt(lambda: Abstract())
attempt(lambda: Abstract(1))
Abstract.__abstractmethods__ = ()
attempt(lambda: type(Abstract()).__name__)
del Abstract.__abstractmethods__
attempt(lambda: Abstract.__abstractmethods__)

print("subclasses")


class Parent:
    pass


class C1(Parent):
    pass


class C2(Parent):
    pass


print([c.__name__ for c in Parent.__subclasses__()])
del C1
import gc

gc.collect()
print([c.__name__ for c in Parent.__subclasses__()])
