# More alternatives than fit into one set, and repeats of all of them.
import re

words = [f"w{i}x{'y' * (i % 7)}" for i in range(300)]
compiled = re.compile("|".join(words))
print([compiled.fullmatch(w) is not None for w in words].count(True))
print(compiled.match("w299xyyyyy").span(), compiled.match("w3"), compiled.search("__w63xz").span())
print(re.fullmatch("(?:" + "|".join(words) + ")*", "".join(words)).end())
print(re.match("(?:" + "|".join(map(chr, range(0x100, 0x200))) + ")+", "\u0100\u01ff\u0150a").end())
nested = "(?:" * 200 + "a" + ")" * 200
print(re.match(nested, "aa").span())
print(re.match("(" * 150 + "a" + ")" * 150, "aa").regs[-1])
