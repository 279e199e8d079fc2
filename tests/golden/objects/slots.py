# __slots__


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class B:
    pass


print("errors")
attempt(lambda: type("A", (), {"__slots__": 1}))
attempt(lambda: type("A", (), {"__slots__": [1]}))
attempt(lambda: type("A", (), {"__slots__": "a b"}))
attempt(lambda: type("A", (), {"__slots__": ""}))
attempt(lambda: type("A", (), {"__slots__": ["a"], "a": 1}))
attempt(lambda: type("A", (), {"__slots__": ["__dict__", "__dict__"]}))
attempt(lambda: type("A", (B,), {"__slots__": ["__dict__"]}))
attempt(lambda: type("A", (B,), {"__slots__": ["__weakref__"]}))
attempt(lambda: type("A", (int,), {"__slots__": ["__weakref__"]}))
attempt(lambda: type("A", (int,), {"__slots__": ["a"]}))
attempt(lambda: type("A", (tuple,), {"__slots__": ["a"]}))
attempt(lambda: type("A", (bytes,), {"__slots__": ["a"]}))
attempt(lambda: type("A", (type,), {"__slots__": ["a"]}))
attempt(lambda: type("A", (), {"__slots__": ["__doc__"], "__doc__": 1}))
attempt(lambda: type("A", (), {"__slots__": ["__qualname__"], "__qualname__": "x"}).__name__)

print("values")


class S:
    __slots__ = ("a", "b", "__private")

    def __init__(self):
        self.__private = 3

    def get(self):
        return self.__private


s = S()
print(s.get(), s._S__private)
attempt(lambda: s.a)
s.a = 1
s.b = 2
print(s.a, s.b)
del s.a
attempt(lambda: s.a)
try:
    del s.a
except AttributeError as e:
    print(e)
try:
    s.c = 1
except AttributeError as e:
    print(e)
attempt(lambda: s.__dict__)
attempt(lambda: S.a.__get__(1))
attempt(lambda: S.a.__set__(1, 2))
attempt(lambda: S.a.__name__)
attempt(lambda: S.a.__qualname__)
attempt(lambda: S.a.__objclass__.__name__)
attempt(lambda: S.a)
attempt(lambda: type(S.a))
attempt(lambda: list(S.__dict__))
attempt(lambda: S.__slots__)

print("kinds of __slots__")


class Str:
    __slots__ = "one"


class Gen:
    __slots__ = (name for name in ("x", "y"))


class Doc:
    __slots__ = {"a": "about a", "b": None}


Str().one = 1
Gen().y = 1
print(Doc.a.__doc__, Doc.b.__doc__, Doc.__slots__)
print(sorted(n for n in Gen.__dict__ if len(n) == 1))
attempt(lambda: setattr(Gen(), "z", 1))

print("inheritance")


class Plain(S):
    pass


p = Plain()
p.a = 1
p.z = 26
print(p.a, p.z, p.__dict__)


class More(S):
    __slots__ = ("c",)


m = More()
m.a, m.c = 1, 3
print(m.a, m.c, m.get())
attempt(lambda: setattr(m, "d", 4))


class Both:
    __slots__ = ("x", "__dict__")


b = Both()
b.x, b.y = 1, 2
print(b.x, b.y, b.__dict__)


class Weak:
    __slots__ = ("__weakref__",)


import weakref

w = Weak()
print(weakref.ref(w)() is w)
attempt(lambda: weakref.ref(s))
attempt(lambda: setattr(w, "x", 1))

print("layout conflicts")


class T:
    __slots__ = ("t",)


class Empty:
    __slots__ = ()


attempt(lambda: type("A", (S, T), {}))
attempt(lambda: type("A", (S, Empty), {"__slots__": ()}).__name__)
attempt(lambda: type("A", (More, S), {}).__name__)
attempt(lambda: type("A", (Empty, int), {})(5) + 1)


class Mixed(Empty, B):
    __slots__ = ()


Mixed().anything = 1

print("slots hide class attributes of bases")


class Named:
    __slots__ = ("name",)

    def __init__(self, name):
        self.name = name


class Default:
    name = "default"


class Combined(Named, Default):
    __slots__ = ()


print(Combined("own").name, Default.name)


class Many:
    __slots__ = tuple("abcdefghijklmnopqrstuvwxyz")


x = Many()
for i, n in enumerate(Many.__slots__):
    setattr(x, n, i)
print(sum(getattr(x, n) for n in Many.__slots__), x.a, x.m, x.z)

print("slots of subclasses of str")


class Text(str):
    __slots__ = ("tag",)


t = Text("some text of odd length")
t.tag = 7
print(t, t.tag, len(t))
attempt(lambda: Text("x").tag)


class Tuple(tuple):
    pass


u = Tuple((1, 2, 3))
u.extra = 4
print(u, u.extra, u.__dict__)


class Int(int):
    pass


i = Int(5)
i.extra = 6
print(i + 1, i.extra)
