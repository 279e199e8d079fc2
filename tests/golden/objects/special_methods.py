# Special methods written in Python, and how they fill the slots.


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def make(**namespace):
    return type("X", (), namespace)


print("results that are not allowed")
attempt(lambda: hash(make(__hash__=lambda s: "a")()))
attempt(lambda: hash(make(__hash__=lambda s: True)()))
attempt(lambda: hash(make(__hash__=lambda s: -1)()))
attempt(lambda: hash(make(__hash__=lambda s: 2**70)()))
attempt(lambda: hash(make(__hash__=None)()))
attempt(lambda: bool(make(__bool__=lambda s: 1)()))
attempt(lambda: bool(make(__bool__=None)()))
attempt(lambda: bool(make(__len__=lambda s: -1)()))
attempt(lambda: bool(make(__len__=lambda s: 0)()))
attempt(lambda: len(make(__len__=lambda s: -1)()))
attempt(lambda: len(make(__len__=lambda s: "a")()))
attempt(lambda: len(make(__len__=lambda s: 2**70)()))
attempt(lambda: len(make(__len__=lambda s: -(2**70))()))
attempt(lambda: iter(make(__iter__=None)()))
attempt(lambda: iter(make(__iter__=lambda s: 1)()))
attempt(lambda: 1 in make(__contains__=None)())
attempt(lambda: 1 in make(__iter__=None)())
attempt(lambda: 1 in make()())
attempt(lambda: make(__call__=None)()())
attempt(lambda: make(__getitem__=None)()[1])
attempt(lambda: make(__init__=lambda s: 1)())
attempt(lambda: repr(make(__repr__=lambda s: 1)()))
attempt(lambda: repr(make(__repr__=None)()))
attempt(lambda: str(make(__str__=lambda s: 1)()))
attempt(lambda: format(make(__format__=lambda s, f: 1)()))
attempt(lambda: make(__add__=None)() + 1)
attempt(lambda: make()() + 1)
attempt(lambda: -make(__neg__=None)())
attempt(lambda: -make()())
attempt(lambda: make(__eq__=None)() == 1)
attempt(lambda: make(__lt__=None)() < 1)
attempt(lambda: make()() < 1)
attempt(lambda: int(make(__int__=lambda s: "a")()))
attempt(lambda: [1][make(__index__=lambda s: "a")()])
attempt(lambda: [1, 2][make(__index__=lambda s: 1)()])
attempt(lambda: next(make(__next__=None)()))
attempt(lambda: next(make()()))
attempt(lambda: str(make(__repr__=lambda s: "the repr")()))

print("half of a pair of methods")


class OnlyDelete:
    def __delete__(self, instance):
        pass


class OnlySet:
    def __set__(self, instance, value):
        pass


class Holder:
    d = OnlyDelete()
    s = OnlySet()


def set_d():
    Holder().d = 1


def del_s():
    del Holder().s


attempt(set_d)
attempt(del_s)


def set_item():
    make(__delitem__=lambda s, k: None)()[1] = 2


def del_item():
    del make(__setitem__=lambda s, k, v: None)()[1]


def del_attr():
    del make(__setattr__=lambda s, k, v: None)().x


attempt(set_item)
attempt(del_item)
attempt(del_attr)

print("binary operators")


class Left:
    def __init__(self, answer="left"):
        self.answer = answer

    def __add__(self, other):
        return NotImplemented if self.answer is None else self.answer

    def __radd__(self, other):
        return "left reflected"


class Right:
    def __radd__(self, other):
        return "right reflected"


class SubLeft(Left):
    pass


class SubOverriding(Left):
    def __radd__(self, other):
        return "sub reflected"


print(Left() + 1, Left() + Right(), Left(None) + Right(), 1 + Right(), 1 + Left())
print(Left() + SubLeft(), Left() + SubOverriding(), SubOverriding() + Left())
attempt(lambda: Left(None) + Left(None))
attempt(lambda: Left(None) + 1)
attempt(lambda: Right() + 1)


class MyInt(int):
    def __radd__(self, other):
        return "int reflected"

    def __add__(self, other):
        return "int add"


print(1 + MyInt(2), MyInt(2) + 1, MyInt(1) + MyInt(2), MyInt(3) - 1, 2 * MyInt(4))


class Pow:
    def __pow__(self, other, mod=None):
        return "pow", other, mod

    def __rpow__(self, other, mod=None):
        return "rpow", other, mod

    def __ipow__(self, other):
        return "ipow"


print(Pow() ** 2, 2 ** Pow(), pow(Pow(), 2, 3), pow(2, Pow(), 3))
p = Pow()
p **= 3
print(p)


class Inplace:
    def __init__(self):
        self.log = []

    def __iadd__(self, other):
        self.log.append(other)
        return self


i = Inplace()
i += 1
i += 2
print(i.log)


class NoInplace:
    def __sub__(self, other):
        return "sub"


n = NoInplace()
n -= 1
print(n)

print("comparison")


class Cmp:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        print("eq", self.name)
        return NotImplemented

    def __lt__(self, other):
        print("lt", self.name)
        return NotImplemented

    def __gt__(self, other):
        print("gt", self.name)
        return self.name


class CmpSub(Cmp):
    pass


print(Cmp("a") == Cmp("b"))
print(Cmp("a") != Cmp("b"))
print(Cmp("a") < Cmp("b"))
print(Cmp("a") < CmpSub("b"))
print(Cmp("a") == CmpSub("b"))


class Ne:
    def __eq__(self, other):
        return "truthy"


print(Ne() == 1, Ne() != 1)

print("slots follow assignment")


class Base:
    pass


class Sub(Base):
    pass


s = Sub()
attempt(lambda: len(s))
Base.__len__ = lambda self: 3
attempt(lambda: len(s))
Sub.__len__ = lambda self: 4
attempt(lambda: len(s))
del Sub.__len__
attempt(lambda: len(s))
del Base.__len__
attempt(lambda: len(s))
Base.__add__ = lambda self, other: "added"
attempt(lambda: s + 1)
Base.__call__ = lambda self: "called"
attempt(lambda: s())
Base.__getattr__ = lambda self, name: name
attempt(lambda: s.anything)
del Base.__getattr__
attempt(lambda: s.anything)
Base.__hash__ = lambda self: 9
attempt(lambda: hash(s))
Base.__eq__ = lambda self, other: True
attempt(lambda: (s == 5, hash(s)))
Base.__getattribute__ = lambda self, name: "all"
attempt(lambda: s.anything)
del Base.__getattribute__
Base.__setattr__ = lambda self, name, value: print("set", name)
s.x = 1
del Base.__setattr__
s.x = 2
print(s.x)
Base.__iter__ = lambda self: iter((1, 2))
attempt(lambda: list(s))
Base.__getitem__ = lambda self, i: i
attempt(lambda: s[3])
Base.__contains__ = lambda self, i: i == 5
attempt(lambda: (5 in s, 6 in s))

print("instances do not count")
s.__len__ = lambda: 100
attempt(lambda: len(s))

print("iteration by __getitem__")


class Seq:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * i


print(list(Seq()), 9 in Seq(), 5 in Seq())

print("list subclass")


class L(list):
    def __len__(self):
        return 42

    def __getitem__(self, i):
        return "item"

    def __add__(self, other):
        return "added"


l = L([1, 2, 3])
print(len(l), l[0], l + [1], list(l), bool(L()))


class L2(list):
    pass


m = L2([1, 2])
print(m + [3], m * 2, len(m), type(m + [3]).__name__)
m += [4]
print(m, type(m).__name__)

print("descriptors as special methods")


class Desc:
    def __get__(self, instance, owner):
        return lambda *args: ("desc", len(args))


class WithDesc:
    __call__ = Desc()
    __len__ = property(lambda self: lambda: 8)
    __add__ = staticmethod(lambda other: other)
    __neg__ = classmethod(lambda cls: cls.__name__)


w = WithDesc()
print(w(1, 2), len(w), w + 7, -w)

print("context of awaits and so on")
attempt(lambda: type(make(__await__=None)()).__name__)


class Index:
    def __index__(self):
        return 2


print([1, 2, 3][Index()], "abc"[Index()], (1, 2, 3)[: Index()])
