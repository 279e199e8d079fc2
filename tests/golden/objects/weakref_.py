# Weak references, proxies, callbacks.
import gc
import weakref
import _weakref


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class A:
    def m(self):
        return 5

    def __eq__(self, other):
        return isinstance(other, A)

    def __hash__(self):
        return 77


def callback(reference):
    pass


a = A()
r = weakref.ref(a)
print("ref")
attempt(lambda: repr(r).startswith("<weakref at 0x"))
attempt(lambda: "; to 'A' at 0x" in repr(r))
attempt(lambda: r() is a)
attempt(lambda: weakref.ref(a) is r)
attempt(lambda: weakref.ref(a, None) is r)
attempt(lambda: weakref.ref(a, callback) is r)
attempt(lambda: hash(r))
attempt(lambda: r.__callback__)
attempt(lambda: weakref.ref(a, callback).__callback__ is callback)
r2 = weakref.ref(a, callback)
other = A()
attempt(lambda: r == r2)
attempt(lambda: r != r2)
attempt(lambda: r == weakref.ref(other))
attempt(lambda: r < r2)
attempt(lambda: r == 1)
attempt(lambda: weakref.ref(1))
attempt(lambda: weakref.ref())
attempt(lambda: weakref.ref(a, 1, 2))
attempt(lambda: weakref.ref(a, callback=1))
attempt(lambda: r(1))
attempt(lambda: r(x=1))
attempt(lambda: weakref.getweakrefcount(a))
attempt(lambda: [x is y for x, y in zip(weakref.getweakrefs(a), [r, r2])])
attempt(lambda: weakref.getweakrefcount(1))
attempt(lambda: weakref.getweakrefs(1))
attempt(lambda: a.__weakref__ is r)


class R(weakref.ref):
    __slots__ = ("k",)

    def __init__(self, o, callback=None, k=None):
        super().__init__(o, callback)
        self.k = k


r3 = R(a, None, k=3)
r4 = R(a)
attempt(lambda: r3 is r4)
attempt(lambda: r3.k)
attempt(lambda: r3 == r)
attempt(lambda: hash(r3))
attempt(lambda: [type(x).__name__ for x in weakref.getweakrefs(a)])
attempt(lambda: r3.__class__)

print("proxy")
p = weakref.proxy(a)
attempt(lambda: type(p))
attempt(lambda: p.m())
attempt(lambda: hash(p))
attempt(lambda: p == a)
attempt(lambda: weakref.proxy(a) is p)
attempt(lambda: weakref.proxy(a, callback) is p)
attempt(lambda: p.__class__)
attempt(lambda: isinstance(p, A))
attempt(lambda: type(weakref.proxy(lambda: 0)))
attempt(lambda: weakref.proxy(1))
attempt(lambda: p + 1)
attempt(lambda: p[0])
attempt(lambda: bool(p))
attempt(lambda: len(p))
attempt(lambda: iter(p))
attempt(lambda: next(p))
attempt(lambda: 1 in p)
attempt(lambda: p())
attempt(lambda: p < 3)
p.attribute = 6
print(a.attribute)
del p.attribute
attempt(lambda: p.attribute)
attempt(lambda: p.__bytes__())
del a
print("dead")
attempt(lambda: r())
attempt(lambda: repr(r).split("; ")[1])
attempt(lambda: hash(r))
attempt(lambda: hash(r3))
attempt(lambda: r == r2)
attempt(lambda: r == r)
attempt(lambda: p.m)
attempt(lambda: repr(p).split("; ")[1])
attempt(lambda: str(p))
attempt(lambda: r2.__callback__)
attempt(lambda: bool(p))
attempt(lambda: p + 1)
unhashed = weakref.ref(A())
attempt(lambda: unhashed())
attempt(lambda: hash(unhashed))


class Number:
    def __init__(self, v):
        self.v = v

    def __add__(self, o):
        return "add", o

    def __radd__(self, o):
        return "radd", o

    def __iadd__(self, o):
        return "iadd"

    def __neg__(self):
        return "neg"

    def __abs__(self):
        return "abs"

    def __pow__(self, o, m=None):
        return "pow", o, m

    def __divmod__(self, o):
        return "divmod", o

    def __len__(self):
        return 3

    def __getitem__(self, i):
        return i

    def __iter__(self):
        return iter((1, 2))

    def __contains__(self, i):
        return True

    def __call__(self, *args, **kwargs):
        return args, kwargs

    def __index__(self):
        return self.v

    def __int__(self):
        return 50

    def __float__(self):
        return 1.5

    def __reversed__(self):
        return "reversed"

    def __str__(self):
        return "Number"


n = Number(2)
q = weakref.proxy(n)
print(type(q))
print(q + 1, 1 + q, -q, abs(q), q**2, pow(q, 2, 3), divmod(q, 4), len(q), q[7], list(q), 9 in q, q(1, a=2))
print([1, 2, 3][q], int(q), float(q), str(q))
q += 1
print(q)

print("callbacks")
log = []


class C:
    def __del__(self):
        log.append("del")


c = C()
refs = [weakref.ref(c, lambda r, i=i: log.append(i)) for i in range(4)]
refs.append(weakref.proxy(c, lambda r: log.append("p")))
del c
print(log)


class E:
    def __del__(self):
        global keep
        keep = self
        print("E.__del__")


e = E()
w = weakref.ref(e, lambda r: print("callback", r()))
del e
print(w() is keep)
del keep
print(w())
log.clear()
c = C()
x = weakref.ref(c, lambda r: log.append("gone before its object"))
del x
del c
print(log)

print("cycles")
log.clear()


class Node:
    pass


a = Node()
a.self = a
outside = weakref.ref(a, lambda r: log.append(("outside", r())))
a.inside = weakref.ref(a, lambda r: log.append("inside"))
del a
gc.collect()
print(log, outside())

print("functions of the module")
d = {}
attempt(lambda: _weakref._remove_dead_weakref(d, 1))
d[1] = w
attempt(lambda: _weakref._remove_dead_weakref(d, 1))
attempt(lambda: len(d))
d[1] = 5
attempt(lambda: _weakref._remove_dead_weakref(d, 1))
attempt(lambda: w.__reduce_ex__(2))
attempt(lambda: weakref.ref.__new__(weakref.ref))
attempt(lambda: w.__init__())


class NoWeak:
    __slots__ = ()


attempt(lambda: weakref.ref(NoWeak()))
attempt(lambda: weakref.ref(type("X", (int,), {})(1)))
attempt(lambda: weakref.ref(type("X", (), {}))() )
attempt(lambda: weakref.ref(len)() is len)
