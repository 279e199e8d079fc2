# What classes and functions of native modules say about themselves.
import _io, _random, _struct, array, binascii, collections, itertools, operator, select, types

HEAP, IMMUTABLE = 1 << 9, 1 << 8
for kind in (list, collections.deque, itertools.count, _io.BytesIO, _random.Random, array.array, binascii.Error, select.epoll):
    own = [name for name in ("__module__", "__getattribute__", "__new__", "__weakref__") if name in vars(kind)]
    print(kind, bool(kind.__flags__ & HEAP), bool(kind.__flags__ & IMMUTABLE), own)

for function in (getattr, max, dict.update, len, _struct.pack, list.append, itertools.chain.from_iterable):
    print(function.__name__, function.__text_signature__)

for kind in (Exception, OSError, ConnectionError, KeyError, ValueError, ExceptionGroup):
    print(kind.__name__, "__new__" in vars(kind))
print(BaseException.__new__(ValueError, 1), repr(Exception.__new__(RuntimeError)))
try:
    Exception.__new__(OSError)
except TypeError as error:
    print(error)

print(type(object.__new__(_io.BufferedReader)), type(vars(bytes)["maketrans"]), hasattr(vars(bytes)["maketrans"], "__name__"))


def attempt(call, *args, **kwargs):
    try:
        print(call(*args, **kwargs))
    except Exception as error:
        print(type(error).__name__, error)


attempt(binascii.Error, keyword=1)
attempt(_io.FileIO(0, closefd=False).close, 1)
attempt(_io.BytesIO().getbuffer, keyword=1)
attempt(array.array("i").extend)
attempt(array.array("i").extend, 1, 2)
attempt(bytes.__buffer__, b"")
attempt(types.SimpleNamespace.__replace__)
attempt(float, x=1)


class Float(float):
    def __init__(self, value, keyword=None):
        self.keyword = keyword


print(Float(2.5, keyword=3).keyword)


def function():
    pass


attempt(delattr, function, "__dict__")
attempt(setattr, function, "__dict__", 1)


class Parameter:
    def __repr__(self):
        return "Parameter"


first, late = Parameter(), Parameter()
first.__typing_subst__ = lambda value: value
alias = types.GenericAlias(dict, (first, late))
print(alias.__parameters__)
late.__typing_subst__ = lambda value: value
attempt(lambda: alias[0])
