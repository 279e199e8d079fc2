# sub() and subn() with text, templates and functions.
import re

print(re.sub("a", "b", "banana"), re.subn("a", "", "banana"), re.sub("a", "b", "banana", count=2), re.sub("x", "y", "abc"))
print(re.sub("", "-", "abc"), re.sub("b*", "-", "abxbb"), re.sub(r"\b", "|", "ab cd"), re.sub("(?m)^", "> ", "a\nb"))
print(re.sub(r"(\w)(\d)?", r"[\2\1]", "a1b"), re.sub("(?P<x>a)", r"\g<x>\g<x>\g<0>", "cat"), re.sub("a", r"\\\n\t", "a"))
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), "1 22 x"), re.sub("a", lambda m: None, "banana"))
print(re.sub("é", "e", "éàé"), re.sub("e", "😀", "eye"), re.sub(b"a", b"\xff", bytearray(b"banana")))
print(re.sub(b"(a)(n)", rb"\2\1", memoryview(b"banana")), re.sub(b"a", bytearray(b"x"), b"aa"))
print(re.sub(b"(a)", bytearray(rb"<\1>"), b"aa"), re.subn("a", "b", "aaa", count=-1))

s = "no match here at all"
print(re.sub("xyz", "", s) is s)


class Text(str):
    pass


print(type(re.sub("b", "", Text("a"))), type(re.sub("a", Text("b"), "a")), type(re.split("x", Text("a"))[0]))


def attempt(call):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)


attempt(lambda: re.sub("a", b"x", "abc"))
attempt(lambda: re.sub("z", b"x", "abc"))
attempt(lambda: re.sub("a", lambda m: 5, "banana"))
attempt(lambda: re.sub("a", lambda m: 1 / 0, "banana"))
attempt(lambda: re.sub("a", 5, "abc"))
attempt(lambda: re.sub("a", None, "abc"))
attempt(lambda: re.sub("a", [], "abc"))
attempt(lambda: re.sub("(a)", r"\2", "abc"))
attempt(lambda: re.sub("(a)", r"\q", "abc"))
attempt(lambda: re.sub("(a)", bytearray(rb"\1"), "abc"))

# A function that uses the pattern, and one that changes what is searched.
p = re.compile("a+")
print(p.sub(lambda m: p.sub("-", m[0] + "b"), "aacaa"))
data = bytearray(b"aXbX")


def grow(m):
    try:
        data.append(1)
    except BufferError as error:
        print("BufferError", error)
    return b"."


print(re.sub(b"X", grow, data), data)
data.append(1)
