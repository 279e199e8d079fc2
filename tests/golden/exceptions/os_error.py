# OSError
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__ + ":", e)

def show(o):
    print(type(o).__name__, o.args, o.errno, o.strerror, o.filename, o.filename2, "|", str(o), "|", repr(o), o.__reduce__()[1:])

show(OSError(2, "no", "f"))
show(OSError(2, "no", "f", None, "g"))
show(OSError(2, "no"))
show(OSError())
show(OSError("x"))
show(OSError(1, 2, 3, 4, 5, 6))
show(OSError(2, "n", None, None, "g"))
show(OSError(None, None))
show(OSError(2, None, "x"))
show(OSError(9999, "x"))
show(OSError(True, "x"))
show(OSError(2.0, "x"))
show(OSError([], "x"))
show(OSError(10**30, "x"))
show(FileNotFoundError(1, "x"))
for n in (11, 115, 32, 108, 10, 103, 111, 104, 17, 2, 21, 20, 4, 13, 1, 3, 110, 5):
    print(n, type(OSError(n, "")).__name__)
b = BlockingIOError(11, "x", 5)
print(b.characters_written, b.args, b.filename)
show(BlockingIOError(11, "x", "f"))
print(BlockingIOError(11, "x", True).characters_written)
t(BlockingIOError, 11, "x", 1 << 90)
o = OSError(2, "no")
t(lambda: o.characters_written)
o.characters_written = 3
print(o.characters_written)
del o.characters_written
t(delattr, o, "characters_written")
t(setattr, o, "characters_written", "x")
t(setattr, o, "characters_written", 1 << 80)
t(setattr, o, "characters_written", 2.0)
o.characters_written = -1
t(lambda: o.characters_written)

class S(OSError):
    def __init__(self, *a): OSError.__init__(self, *a)
show(S(2, "x", "f"))
class S2(OSError):
    def __init__(self, *a, **k): pass
s = S2(2, "x", z=1)
print(s.args, s.errno, str(s))
class S3(OSError):
    def __new__(cls, *a): return OSError.__new__(cls, *a)
show(S3(2, "x"))
class S4(OSError): pass
show(S4(2, "x"))
t(S4, x=1)
t(OSError, x=1)
t(OSError.__init__, o, 5, "y")
print(o.args, o.errno)
o = OSError(2, "x")
o.filename = "q"
print(str(o))
o.errno = None
print(str(o))
del o.errno
print(str(o), o.errno)
o.filename = None
print(str(o))
del o.filename
print(str(o))
print(EnvironmentError is OSError, IOError is OSError)
try:
    open("/nonexistent/file")
except OSError as e:
    show(e)
