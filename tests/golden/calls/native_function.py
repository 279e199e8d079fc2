# builtin_function_or_method
import sys
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

l = []
class L(list): pass
for f in (len, l.append, dict.fromkeys, str.maketrans, object.__new__, None.__reduce_ex__, L().append, type.mro.__get__(int), sys.getrecursionlimit):
    print(f.__name__, f.__qualname__, f.__module__, f.__text_signature__, type(f.__doc__).__name__)
print(len.__reduce__(), l.append.__reduce__(), dict.fromkeys.__reduce__(), str.maketrans.__reduce__())
print(l.append.__self__ is l, dict.fromkeys.__self__, str.maketrans.__self__, len.__self__)
print(repr(len), repr(l.append).replace(hex(id(l)), "ID"))
T = type(len)
print(T, T.__name__, T.__module__, T is type(l.append))
t(T)
t(setattr, len, "__name__", "q")
t(setattr, len, "foo", "q")
t(setattr, len, "__doc__", "q")
t(setattr, len, "__self__", "q")
len.__module__ = "other"
print(len.__module__)
t(len)
del len.__module__
print(len.__module__)
len.__module__ = "builtins"
print(l.append == l.append, l.append is l.append, [].append == [].append, l.append != l.pop, l.append == 1, l.append != 1)
print(hash(l.append) == hash(l.append), hash(l.append) == hash(l.pop), {l.append: 1}[l.append])
t(lambda: l.append < l.append)
print(len.__call__([1]))
t(len.__call__, [1], 2)
class U:
    f = len
print(U().f([1, 2]))
print([k for k in vars(T) if k not in ("__doc__",)])
print(callable(len), bool(len), len.__class__)
