# Code that the compiler does not make, and the module's functions.
import _sre
import re


def attempt(*arguments, text="ab"):
    try:
        pattern = _sre.compile(*arguments)
        print(pattern, pattern.match(text))
    except Exception as error:
        print(type(error).__name__, error)


def code(words, groups=0):
    attempt("x", 32, words, groups, {}, ())


for words in [1], [16, 97, 1], [], [0], [99, 1], [16, 1], [6, 12, 1], [17, 0, 1], [13, 9, 0, 1], [13, 2, 0, 1], [24, 5, 2, 1, 2, 1, 1]:
    code(words)
for words in [23, 3, 0, 1, 1], [23, 4, 0, 1, 2, 18, 1], [7, 3, 15, 2, 0, 1], [7, 3, 15, 9, 0, 1], [7, 0, 1], [15, 1, 1], [27, 2, 1, 1], [4, 3, 0, 1, 1]:
    code(words)
code([17, 0, 2, 17, 1, 1], 1)
code([11, 0, 1], 1)
code([11, 1, 1], 1)
code([1], -1)
code([1], 1 << 62)
code([-1, 1])
code([1 << 32, 1])
code(["a", 1])
code((1,))
code([1], "a")
attempt("x", 0, [1], 0, [], ())
attempt("x", 0, [1], 0, {}, [])
attempt(5, 0, [1], 0, {}, ())
attempt(None, 0, [2, 1], 0, {}, ())
attempt(None, 0, [2, 1], 0, {}, (), text=b"ab")
attempt("x", 0x10000 | 2, [1], 0, {}, ())
print(_sre.compile("x", 0, [1], 3, {"a": 1}, (None, "a", "b", "c")).match("").groupdict())

for template in [], [""], ["", 1], ["", 1, ""], ["", -1, ""], ["", "a", ""], ("",), ["", 1 << 100, ""]:
    try:
        print(type(_sre.template(re.compile("(a)"), template)))
    except Exception as error:
        print(type(error).__name__, error)

print(_sre.MAGIC, _sre.CODESIZE, _sre.MAXREPEAT, _sre.MAXGROUPS, _sre.getcodesize())
print([_sre.ascii_iscased(c) for c in (65, 97, 48, 0xe9, -1)], [_sre.unicode_iscased(c) for c in (65, 48, 0xe9, 0x130, 0x4e00, -1)])
print([_sre.ascii_tolower(c) for c in (65, 0xc9, -5)], [_sre.unicode_tolower(c) for c in (65, 0xc9, 0x130, 0x1c5, 0x110000)])
print(sum(_sre.unicode_tolower(c) * (c % 1009) for c in range(0x110000)), sum(map(_sre.unicode_iscased, range(0x110000))))
