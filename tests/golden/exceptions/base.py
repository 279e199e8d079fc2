# BaseException and the classes that add little to it
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__ + ":", e)

E = ValueError
e = E(1, 2)
print(e, repr(e), e.args, str(E()), repr(E()), str(E("x")), repr(E("x")))
e.args = [3]
print(e.args, str(e), repr(e))
t(setattr, e, "args", 3)
t(delattr, e, "args")
for name in ("__traceback__", "__context__", "__cause__"):
    t(delattr, e, name)
    t(setattr, e, name, 3)
    t(setattr, e, name, ValueError)
    print(getattr(e, name))
t(setattr, e, "__suppress_context__", 3)
t(delattr, e, "__suppress_context__")
print(e.__suppress_context__)
e.__cause__ = None
print(e.__suppress_context__, e.__cause__)
e.__suppress_context__ = False
e.__cause__ = e
print(e.__cause__ is e, e.__suppress_context__)
e.__context__ = KeyError(1)
print(repr(e.__context__))
t(e.with_traceback, 3)
t(e.with_traceback)
print(e.with_traceback(None) is e)
t(e.add_note, 3)
t(e.add_note)
e.add_note("a")
e.add_note("b")
print(e.__notes__, e.__dict__)
e.__notes__ = 3
t(e.add_note, "b")
print(e.__reduce__(), E().__reduce__())
t(e.__setstate__, 3)
t(e.__setstate__, None)
t(e.__setstate__, {"a": 1})
print(e.a)
t(e.__setstate__, {1: 1})
class X(Exception):
    def __init__(self, *a, **k): pass
print(X(1, q=3).args, repr(X(1)))
t(Exception.__new__, X, 1, q=2)
t(OSError.__new__, ValueError)
print(repr(Exception.__new__(KeyError, 1)), repr(BaseException.__new__(Exception, 1)))
t(ValueError, x=1)
class Y(ValueError): pass
t(Y, x=1)
t(Exception.__init__, e, x=1)
Exception.__init__(e, 1, 2)
print(e.args)
t(setattr, e, "__class__", int)
t(setattr, e, "__class__", Y)
print(repr(e))
t(lambda: e < e)
print(e == e, e != E(1, 2), hash(e) == hash(e))

s = StopIteration(5, 6)
print(s.value, s.args)
del s.value
print(s.value)
s.value = 3
print(s.value, StopIteration().value)
t(StopIteration, x=1)
print(SystemExit().code, SystemExit(1).code, SystemExit(1, 2).code, repr(SystemExit(1)))
t(SystemExit, x=1)
print(str(KeyError("a")), str(KeyError("a", "b")), str(KeyError()), repr(KeyError(1)))
print(MemoryError(1).args, MemoryError())

# what the classes have
def names(c): return [k for k in vars(c) if k not in ("__doc__", "__module__", "__new__", "__weakref__")]
print(names(BaseException))
import builtins
for c in sorted((c for c in vars(builtins).values() if isinstance(c, type) and issubclass(c, BaseException)), key=lambda c: c.__name__):
    print(c.__name__, [b.__name__ for b in c.__bases__], c.__module__, c.__doc__ is not None)
class Slots(ValueError):
    __slots__ = ("a",)
x = Slots(1)
x.a, x.b = 2, 3
print(x.a, x.b, x.__dict__)
t(lambda: type("Z", (OSError, SyntaxError), {}))
t(lambda: type("Z", (OSError, KeyError), {}).__mro__[1:3])
t(lambda: type("Z", (KeyError, AttributeError), {}).__mro__[1:3])
