# isinstance and issubclass


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class A:
    pass


class B(A):
    pass


attempt(lambda: isinstance(B(), A))
attempt(lambda: isinstance(A(), B))
attempt(lambda: isinstance(1, (str, (int,))))
attempt(lambda: isinstance(1, (str, A)))
attempt(lambda: isinstance(1, ()))
attempt(lambda: isinstance(True, int))
attempt(lambda: isinstance(1, 1))
attempt(lambda: isinstance(1, (int, 1)))
attempt(lambda: isinstance(1, (str, 1)))
attempt(lambda: issubclass(B, A))
attempt(lambda: issubclass(A, B))
attempt(lambda: issubclass(B, (str, A)))
attempt(lambda: issubclass(1, int))
attempt(lambda: issubclass(int, 1))
attempt(lambda: issubclass(bool, int))


class Claims:
    __class__ = B


attempt(lambda: isinstance(Claims(), A))
attempt(lambda: isinstance(Claims(), Claims))
attempt(lambda: type(Claims()).__name__)


class Liar:
    @property
    def __class__(self):
        return 5


attempt(lambda: isinstance(Liar(), A))


class Meta(type):
    def __instancecheck__(cls, instance):
        return "yes" if instance == 1 else ""

    def __subclasscheck__(cls, sub):
        return sub is int


class M(metaclass=Meta):
    pass


attempt(lambda: isinstance(1, M))
attempt(lambda: isinstance(2, M))
attempt(lambda: isinstance(M(), M))
attempt(lambda: issubclass(int, M))
attempt(lambda: issubclass(str, M))
attempt(lambda: issubclass(M, M))


class Fake:
    def __init__(self, *bases):
        self.__bases__ = bases


f = Fake()
g = Fake(f)
h = Fake(Fake(), g)


class HasClass:
    def __init__(self, c):
        self.c = c

    @property
    def __class__(self):
        return self.c


attempt(lambda: issubclass(g, f))
attempt(lambda: issubclass(h, f))
attempt(lambda: issubclass(f, g))
attempt(lambda: isinstance(HasClass(h), f))
attempt(lambda: isinstance(1, f))
attempt(lambda: issubclass(int, f))
attempt(lambda: issubclass(f, int))


class Check:
    def __instancecheck__(self, instance):
        return True

    def __subclasscheck__(self, sub):
        raise ValueError("no")


attempt(lambda: isinstance(1, Check()))
attempt(lambda: issubclass(int, Check()))
nested = int
for _ in range(50):
    nested = (nested,)
attempt(lambda: isinstance(1, nested))
for _ in range(500000):
    nested = (nested,)
try:
    isinstance("a", nested)
except RecursionError:
    print("RecursionError")
