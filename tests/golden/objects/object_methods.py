# The methods of object.
import copyreg


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def reduced(r):
    # The function by its name: its address changes.
    return (r[0].__name__,) + tuple(type(x).__name__ if hasattr(x, "__next__") else x for x in r[1:])


class A:
    pass


a = A()
a.x = 1
print("reduce")
attempt(lambda: reduced(a.__reduce_ex__(2)))
attempt(lambda: reduced(a.__reduce_ex__(4)))
attempt(lambda: reduced(a.__reduce_ex__(0)))
attempt(lambda: reduced(a.__reduce__()))
attempt(lambda: a.__reduce_ex__())
attempt(lambda: a.__reduce_ex__("a"))
attempt(lambda: a.__getstate__())
attempt(lambda: a.__getstate__() is a.__dict__)
attempt(lambda: A().__getstate__())
attempt(lambda: reduced(object().__reduce_ex__(2)))


class S:
    __slots__ = ("q", "__m")


s = S()
s.q = 4
attempt(lambda: reduced(s.__reduce_ex__(2)))
attempt(lambda: s.__reduce_ex__(1))
attempt(lambda: s.__getstate__())
attempt(lambda: S().__getstate__())
attempt(lambda: S.__slotnames__)


class S2(S):
    pass


s = S2()
s.q = 4
s.z = 5
attempt(lambda: s.__getstate__())
attempt(lambda: (x for x in ()).__reduce_ex__(2))
attempt(lambda: reduced([1].__reduce_ex__(2)))
attempt(lambda: reduced({}.__reduce_ex__(2)))
attempt(lambda: reduced((1).__reduce_ex__(2)))
attempt(lambda: reduced((1,).__reduce_ex__(2)))
attempt(lambda: (1).__getstate__())
attempt(lambda: len.__getstate__())


def with_method(name, result):
    return type("N", (), {name: lambda self: result})()


attempt(lambda: reduced(with_method("__getnewargs__", (1, 2)).__reduce_ex__(2)))
attempt(lambda: with_method("__getnewargs__", 1).__reduce_ex__(2))
attempt(lambda: reduced(with_method("__getnewargs_ex__", ((1,), {"a": 1})).__reduce_ex__(2)))
attempt(lambda: reduced(with_method("__getnewargs_ex__", ((1,), {})).__reduce_ex__(2)))
for result in (1, (1,), (1, 2), ((1,), 2)):
    attempt(lambda: with_method("__getnewargs_ex__", result).__reduce_ex__(2))
attempt(lambda: with_method("__reduce__", "x").__reduce_ex__(2))
attempt(lambda: type("N", (), {"__slotnames__": 5})().__reduce_ex__(2))
attempt(lambda: reduced(type("N", (int,), {})(3).__reduce_ex__(2)[:2]))
attempt(lambda: with_method("__getstate__", "state").__reduce_ex__(2)[2])

print("copy by reduction")


def rebuild(o):
    f, args, state, *_ = o.__reduce_ex__(2)
    new = f(*args)
    if state is not None:
        if isinstance(state, tuple):
            state, slots = state
            for k, v in slots.items():
                setattr(new, k, v)
        if state:
            new.__dict__.update(state)
    return new


c = rebuild(s)
print(type(c).__name__, c.q, c.z)

print("format")


class F:
    def __str__(self):
        return "text"


f = F()
attempt(lambda: f.__format__(""))
attempt(lambda: f.__format__("x"))
attempt(lambda: f.__format__(1))
attempt(lambda: f.__format__())
attempt(lambda: format(f, "x"))
attempt(lambda: format(f))

print("comparison and hash")
attempt(lambda: a == a)
attempt(lambda: a == A())
attempt(lambda: a != a)
attempt(lambda: a < a)
attempt(lambda: hash(a) == hash(a))
attempt(lambda: a.__eq__(1))
attempt(lambda: a.__ne__(a))
attempt(lambda: object.__subclasshook__())
attempt(lambda: object.__subclasshook__(1))
attempt(lambda: object.__init_subclass__())
attempt(lambda: object.__str__(1))
attempt(lambda: object.__repr__(1).startswith("<int object at 0x"))
attempt(lambda: object.__repr__(a).startswith("<__main__.A object at 0x"))
attempt(lambda: a.__sizeof__() > 0)
attempt(lambda: a.__class__)
attempt(lambda: a.__doc__)

print("dir")
attempt(lambda: [n for n in dir(a) if not n.startswith("__")])
attempt(lambda: sorted(set(dir(a)) - set(dir(object))))
attempt(lambda: dir(object) == sorted(object.__dir__(object())))


class D1:
    @property
    def __dict__(self):
        return 5


class D2:
    @property
    def __class__(self):
        return 5


class D3:
    def __dir__(self):
        return [2, 1]


class D4:
    def __dir__(self):
        return 5


attempt(lambda: "__dict__" in dir(D1()))
attempt(lambda: dir(D2()))
attempt(lambda: dir(D3()))
attempt(lambda: dir(D4()))

print("repr")


class Q:
    pass


attempt(lambda: repr(Q()).startswith("<__main__.Q object at 0x"))
Q.__module__ = 5
attempt(lambda: repr(Q()).startswith("<Q object at 0x"))
attempt(lambda: Q)
