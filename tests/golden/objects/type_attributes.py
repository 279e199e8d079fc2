# The attributes of classes: reading, setting, deleting, and what follows from it.


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def put(o, n, *v):
    if v:
        setattr(o, n, *v)
    else:
        delattr(o, n)


class B:
    pass


NAMES = [
    "__name__", "__qualname__", "__mro__", "__module__", "__dict__", "__base__", "__flags__", "__basicsize__",
    "__itemsize__", "__dictoffset__", "__annotate__", "__annotations__", "__type_params__", "__text_signature__",
    "__weakrefoffset__", "__firstlineno__", "__static_attributes__", "__bases__", "__doc__", "__abstractmethods__",
]
for name in NAMES:
    class D(B):
        pass

    print("--", name)
    attempt(lambda: put(D, name, 1))
    attempt(lambda: put(int, name, 1))
    attempt(lambda: put(D, name))
    attempt(lambda: put(int, name))

print("values")
attempt(lambda: int.__name__)
attempt(lambda: int.__qualname__)
attempt(lambda: int.__module__)
attempt(lambda: int.__bases__)
attempt(lambda: bool.__mro__)
attempt(lambda: bool.__base__)
attempt(lambda: object.__base__)
attempt(lambda: int.__abstractmethods__)
attempt(lambda: int.__annotations__)
attempt(lambda: int.__annotate__)
attempt(lambda: int.__type_params__)
attempt(lambda: type.__type_params__)
attempt(lambda: B.__text_signature__)
attempt(lambda: B.__dictoffset__)
attempt(lambda: type(B.__dict__).__name__)
attempt(lambda: B.__static_attributes__)

print("names")


class D(B):
    "doc"

    class Inner:
        pass


print(D.Inner.__qualname__, D.Inner)
attempt(lambda: put(D, "__name__", "a\0b"))
D.__name__ = "ab"
print(D.__name__, D)
D.__qualname__ = "q.r"
print(D, D())if False else print(D)
D.__module__ = 1
print(D)
D.__module__ = "builtins"
print(D)
D.__module__ = "elsewhere"
print(D, D.__module__, "__firstlineno__" in D.__dict__)

print("doc")
print(D.__doc__, B.__doc__)
D.__doc__ = "other"
print(D.__doc__, D().__doc__)


class DocProperty:
    __doc__ = property(lambda self: "computed")


print(type(DocProperty.__doc__).__name__, DocProperty().__doc__)


class Sub(D):
    pass


print(Sub.__doc__)

print("annotations")


def annotation_keys(c):
    return [n for n in c.__dict__ if "annot" in n]


class A:
    x: int


print(annotation_keys(A), A.__annotations__, annotation_keys(A))
A.__annotations__ = {"a": 1}
print(annotation_keys(A), A.__annotations__, A.__annotate__)
del A.__annotations__
print(annotation_keys(A), A.__annotations__, annotation_keys(A))
del A.__annotations__
attempt(lambda: put(A, "__annotations__"))


class A:
    x: int


A.__annotate__ = lambda format: {"z": format}
print(annotation_keys(A), A.__annotations__)
A.__annotate__ = None
print(annotation_keys(A), A.__annotations__)
A.__annotate__ = lambda format: 5
attempt(lambda: A.__annotations__)
attempt(lambda: put(A, "__annotate__"))
attempt(lambda: put(A, "__annotate__", 1))


class A:
    __annotations__ = {"q": 1}


print(annotation_keys(A), A.__annotations__, A.__annotate__, annotation_keys(A))
A.__annotations__ = {"a": 1}
print(annotation_keys(A), A.__annotations__)


class A:
    pass


print(A.__annotations__, A.__annotate__)

print("bases")


class E:
    def who(self):
        return "E"


class F:
    def who(self):
        return "F"


class G(E):
    pass


class H(G):
    pass


h = H()
print(h.who())
G.__bases__ = (F,)
print(h.who(), [c.__name__ for c in H.__mro__], G in F.__subclasses__(), G in E.__subclasses__())
G.__bases__ = (E, F)
print(h.who(), G.__base__.__name__)


class Slotted:
    __slots__ = ("a", "b")


class W(B):
    __slots__ = ()


attempt(lambda: put(D, "__bases__", (1,)))
attempt(lambda: put(D, "__bases__", ()))
attempt(lambda: put(D, "__bases__", []))
attempt(lambda: put(D, "__bases__", (D,)))
attempt(lambda: put(D, "__bases__", (int,)))
attempt(lambda: put(D, "__bases__", (object,)))
attempt(lambda: put(D, "__bases__", (Slotted,)))
attempt(lambda: put(D, "__bases__", (W,)))
attempt(lambda: put(D, "__bases__", (W, W)))
attempt(lambda: put(D, "__bases__", (B, W)))
attempt(lambda: put(G, "__bases__", (H,)))


class Eq:
    def __eq__(self, other):
        return "Eq"

    __hash__ = None


class Bare:
    pass


class User(Bare):
    pass


u = User()
print(u == 1)
User.__bases__ = (Eq,)
print(u == 1)
attempt(lambda: hash(u))

print("__class__")


class S1:
    __slots__ = ("a", "b")


class S2:
    __slots__ = ("b", "a")


class S3:
    __slots__ = ("a",)


class L1(list):
    pass


class L2(list):
    pass


class M1(type):
    pass


class M2(type):
    pass


class Z(metaclass=M1):
    pass


import types


class Module(types.ModuleType):
    pass


def become(o, c):
    o.__class__ = c
    return type(o).__name__


b = B()
b.v = 1
attempt(lambda: become(b, E))
attempt(lambda: (b.v, b.who()))
attempt(lambda: become(b, 1))
attempt(lambda: become(b, int))
attempt(lambda: become(b, S1))
attempt(lambda: become(1, B))
attempt(lambda: become(S1(), S3))
attempt(lambda: become(S1(), B))
attempt(lambda: become(object(), B))
attempt(lambda: become([], B))
attempt(lambda: become(L1(), L2))
attempt(lambda: become(L1(), list))
attempt(lambda: become(L1(), B))
attempt(lambda: become(W(), B))
attempt(lambda: become(Z, M2))
attempt(lambda: become(Z, type))
attempt(lambda: become(int, M2))
attempt(lambda: become(types.ModuleType("m"), Module))
attempt(lambda: become(types.ModuleType("m"), B))
s = S1()
s.a, s.b = 1, 2
s.__class__ = S2
print(s.a, s.b, type(s).__name__)

print("dir")
print(dir(B) == sorted(dir(B)), [n for n in type.__dir__(B) if not n.startswith("_")])
print([n for n in dir(Z) if n in ("mro", "__class__")])
