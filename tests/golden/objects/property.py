# property, classmethod, staticmethod


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


class A:
    x = property(lambda s: 1)

    def g(s):
        "gdoc"

    y = property(g)

    def nn(s, v):
        pass

    z = property(None, nn)


a = A()
print("property")
attempt(lambda: a.x)
attempt(lambda: A.x.__name__)
attempt(lambda: A.y.__doc__)
attempt(lambda: A.y.__name__)
attempt(lambda: put(a, "x", 1))
attempt(lambda: put(a, "x"))
attempt(lambda: a.z)
attempt(lambda: put(a, "z"))
attempt(lambda: property().__get__(1))
attempt(lambda: property().__set__(1, 1))
attempt(lambda: property().__delete__(1))
attempt(lambda: property().__name__)
attempt(lambda: A.x.__isabstractmethod__)
attempt(lambda: property(1, 2, 3, 4).__doc__)
attempt(lambda: property(fget=1, doc=5).fget)
attempt(lambda: property(1, 2, 3, 4, 5))
attempt(lambda: property(x=1))
attempt(lambda: A.x.__set_name__("a"))
attempt(lambda: A.x.__set_name__("a", "b"))
attempt(lambda: A.x.__name__)
attempt(lambda: put(A.x, "__name__", "q"))
attempt(lambda: A.x.__name__)
attempt(lambda: put(A.x, "__name__"))
attempt(lambda: put(A.x, "__doc__", 1))
attempt(lambda: A.x.__doc__)
attempt(lambda: A.x.getter(5).fget)
attempt(lambda: A.x.setter(5).fset)
attempt(lambda: A.x.deleter(5).fdel)
attempt(lambda: A.x.getter(5).__name__)
attempt(lambda: property(A.g).getter(A.nn).__doc__)
attempt(lambda: property(A.g, doc="q").getter(A.nn).__doc__)
attempt(lambda: list(property.__dict__))
attempt(lambda: property.__text_signature__)


class P(property):
    pass


class NoPlace(property):
    __slots__ = ()


class WithDoc(property):
    "the class's own"


attempt(lambda: P(A.g).__doc__)
attempt(lambda: P(A.g).__dict__)
attempt(lambda: type(P(A.g).getter(A.nn)).__name__)
attempt(lambda: NoPlace(A.g))
attempt(lambda: type(NoPlace(A.nn)).__name__)
attempt(lambda: P(A.nn).__doc__)
attempt(lambda: WithDoc(A.nn).__doc__)
attempt(lambda: WithDoc(A.g).__doc__)


class Temperature:
    def __init__(self):
        self._c = 0

    @property
    def celsius(self):
        "degrees"
        return self._c

    @celsius.setter
    def celsius(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._c = value

    @celsius.deleter
    def celsius(self):
        print("deleted")

    @property
    def kelvin(self):
        return self.celsius + 273


t = Temperature()
for _ in range(3):
    t.celsius += 10
print(t.celsius, t.kelvin, Temperature.celsius.__doc__)
del t.celsius


def cold():
    t.celsius = -300


attempt(cold)
attempt(lambda: put(t, "kelvin", 1))


class Abstract:
    def f(self):
        pass

    f.__isabstractmethod__ = True
    p = property(f)
    c = classmethod(f)
    s = staticmethod(f)


print(Abstract.p.__isabstractmethod__, Abstract.__dict__["c"].__isabstractmethod__, Abstract.__dict__["s"].__isabstractmethod__)

for wrapper in (classmethod, staticmethod):
    print(wrapper.__name__)

    def f():
        "doc"

    f.x = 1
    m = wrapper(f)
    attempt(lambda: sorted(m.__dict__))
    attempt(lambda: m.__wrapped__ is f)
    attempt(lambda: m.__func__ is f)
    attempt(lambda: m.__isabstractmethod__)
    attempt(lambda: wrapper())
    attempt(lambda: wrapper(1, 2))
    attempt(lambda: wrapper(f=1))
    attempt(lambda: wrapper(1))
    attempt(lambda: m.__get__(None, None))
    attempt(lambda: type(m.__get__(1)).__name__)
    attempt(lambda: m())
    attempt(lambda: m.x)
    attempt(lambda: m.__annotations__)
    attempt(lambda: m.__annotate__)
    attempt(lambda: m.__name__)
    attempt(lambda: m.__doc__)
    attempt(lambda: wrapper.__new__(wrapper))
    attempt(lambda: wrapper.__new__(wrapper).__func__)
    attempt(lambda: put(m, "__annotations__", {}))
    attempt(lambda: sorted(m.__dict__))
    attempt(lambda: wrapper(property()).__isabstractmethod__)
    attempt(lambda: put(m, "__func__", 1))
    attempt(lambda: wrapper.__init__(m, 5))
    attempt(lambda: m.__func__)
    attempt(lambda: wrapper(1).__annotations__)
    attempt(lambda: put(wrapper(1), "__annotations__"))
    attempt(lambda: list(wrapper.__dict__))


class C:
    @classmethod
    def make(cls, *args):
        return cls.__name__, args

    @staticmethod
    def plain(*args):
        return args

    class_prop = classmethod(len)


class D(C):
    pass


print(C.make(1), D.make(2), D().make(3), C.plain(1), D().plain(2))
attempt(lambda: C.class_prop)
attempt(lambda: type(C.make).__name__)
