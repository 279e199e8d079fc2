# findall(), split(), finditer() and scanners, empty matches included.
import re

for pattern in "", "a*", "a*?", "(a)|b", "(a)(b)?", r"\b", "(?=a)", "a|", "|a", "$", "(?m)^|x":
    for text in "", "a", "aab", "b a\nxa":
        compiled = re.compile(pattern)
        print(repr(pattern), repr(text), compiled.findall(text), compiled.split(text), [m.span() for m in compiled.finditer(text)])
print(re.split("(-)|,", "a-b,c", maxsplit=1), re.split(",", "a,b,c", maxsplit=-1), re.split(b",", bytearray(b"a,b")))
print(re.compile("a").findall("banana", 2, 4), re.compile("(x)?a").findall("xaa"))
scanner = re.compile(r"\w").scanner("ab-c")
print(scanner.match(), scanner.match(), scanner.match(), scanner.match(), scanner.pattern)
scanner = re.compile(r"\w").scanner("ab-c", 1, 4)
print(scanner.search(), scanner.search(), scanner.search(), type(scanner).__name__)
lexer = re.Scanner([(r"[a-z]+", lambda s, t: ("word", t)), (r"\d+", lambda s, t: int(t)), (r"\s+", None)])
print(lexer.scan("ab 12 c!"))
