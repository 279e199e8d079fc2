# UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError
def t(f, *a, **k):
    try:
        print("ok", ascii(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__ + ":", ascii(str(e)))

D, N, T = UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError
d = D("utf8", b"abc", 1, 2, "bad")
print(d, d.encoding, d.object, d.start, d.end, d.reason, repr(d))
for span in ((1, 3), (5, 9), (-5, 9), (2, 1), (1, 1), (0, 1)):
    t(str, D("u", b"abc", *span, "r"))
t(D, 1, b"", 1, 2, "r")
t(D, "u", "x", 1, 2, "r")
t(D, "u", b"", 1, 2, 3)
t(D, "u", b"", "x", 2, "r")
t(D, "u", b"", 1.5, 2, "r")
t(D, "u", b"", 1 << 90, 2, "r")
t(D, "u", bytearray(b"xx"), 0, 1, "r")
t(lambda: D("u", memoryview(b"zz"), 0, 1, "r").object)
t(D, "u", b"", 1, 2, "r", x=1)
t(D, 1)
t(setattr, d, "start", "x")
t(setattr, d, "start", 1.5)
t(delattr, d, "start")
t(setattr, d, "start", 1 << 90)
d.encoding = 3
print(d)
d.object = 3
t(str, d)
del d.object
t(str, d)
print(d.object)
d = D("utf8", b"abc", 1, 2, "bad")
d.reason = 7
print(d)
del d.reason
print(d)
del d.encoding
print(d)
d.object = "str"
t(str, d)
x = D.__new__(D)
print(str(x), repr(x), x.start, x.end, x.object, x.encoding)
for a in (("x\xe9y", 1, 2), ("x\u1234y", 1, 2), ("x\U00012345y", 1, 2), ("xyz", 1, 3), ("xyz", 7, 8), ("x", 0, 1), ("\udc80", 0, 1), ("", 0, 0)):
    t(str, N("a", *a, "r"))
    t(str, T(*a, "r"))
t(N, "a", b"", 1, 2, "r")
t(N, "a", "b", 1, 2)
n = N("a", "x", 0, 1, "r")
n.object = b"x"
t(str, n)
t(T, b"", 1, 2, "r")
t(T, "a", 1, 2)
print(T("a", 1, 2, "r").encoding, UnicodeError("x"), UnicodeError(1, 2))
d = D("utf8", b"abc", 1, 2, "bad")
t(d.__init__, "z")
print(d.args, d.encoding, d)
class B(bytes): pass
d = D("utf8", B(b"abc"), 1, 2, "bad")
print(type(d.object).__name__)
d.end = 100
print(d, d.end)
d.start = -3
print(d, d.start)
d.start = True
print(d.start)
