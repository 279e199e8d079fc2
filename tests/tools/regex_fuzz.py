"""Random patterns on random strings, with a line of output for each: run it with two interpreters and compare.

    python3.14 regex_fuzz.py SEED COUNT > expected;  pyx regex_fuzz.py SEED COUNT | diff expected -
"""

import re
import sys
import warnings

warnings.simplefilter("ignore")


class Random:
    """The same numbers everywhere."""

    def __init__(self, seed):
        self.state = seed * 2654435761 + 1

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % limit

    def choice(self, items):
        return items[self.below(len(items))]


LETTERS = ["a", "b", "c", "A", "1", "_", " ", "\n", "é", "É", "ß", "ſ", "K", "İ", "ı", "Σ", "ς", "😀", "\ud800"]
PLAIN = ["a", "b", "c", "A", "B", "1", " ", "\n", "_"]
CLASSES = [r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", "."]
SETS = ["[ab]", "[^a]", "[a-c1]", r"[\w ]", r"[^\W_]", r"[\s\S]", r"[^\s\S]", "[é-ß]", "[Α-Ω]", "[^a-zé]", r"[\d\n]", "[😀-😂a]"]
ANCHORS = ["^", "$", r"\b", r"\B", r"\A", r"\Z"]
REPEATS = ["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"]


class Maker:
    def __init__(self, random, letters):
        self.random = random
        self.letters = letters
        self.groups = 0
        self.open = 0

    def pattern(self, depth):
        return "|".join(self.sequence(depth) for _ in range(1 + (self.random.below(4) == 0) + (self.random.below(9) == 0)))

    def sequence(self, depth):
        return "".join(self.piece(depth) for _ in range(self.random.below(4)))

    def piece(self, depth):
        atom = self.atom(depth)
        if self.random.below(3) == 0 and not atom.startswith(("^", "$", "\\b", "\\B", "\\A", "\\Z")):
            return f"(?:{atom})" * (atom == "") + atom + self.random.choice(REPEATS) + self.random.choice(["", "", "?", "+"])
        return atom

    def atom(self, depth):
        kind = self.random.below(24)
        if kind < 8 or depth == 0:
            letter = self.random.choice(self.letters)
            return re.escape(letter) * (1 + (self.random.below(4) == 0))
        if kind < 10:
            return self.random.choice(CLASSES)
        if kind < 12:
            return self.random.choice(SETS if len(self.letters) > 10 else SETS[:7])
        if kind == 12:
            return self.random.choice(ANCHORS)
        if kind == 13 and self.groups:
            return f"(?:\\{1 + self.random.below(self.groups)})"
        if kind == 14 and self.groups:
            return f"(?({1 + self.random.below(self.groups)}){self.sequence(depth - 1)}|{self.sequence(depth - 1)})"
        if kind in (15, 20):
            return f"(?{self.random.choice(['=', '!'])}{self.pattern(depth - 1)})"
        if kind == 16:
            return f"(?<{self.random.choice(['=', '!'])}{self.random.choice(self.letters)})".replace("\n", "\\n")
        if kind in (17, 21, 22):
            return f"(?>{self.pattern(depth - 1)})"
        if kind == 18:
            return f"(?:{self.pattern(depth - 1)})"
        inner = self.pattern(depth - 1)
        self.groups += 1
        return f"({inner})"


def show(call):
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main():
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    for number in range(count):
        random = Random(seed * 1000003 + number)
        is_bytes = random.below(4) == 0
        letters = PLAIN if is_bytes or random.below(2) else LETTERS
        pattern = Maker(random, letters).pattern(3)
        flags = random.choice([0, 0, re.I, re.M, re.S, re.I | re.A if not is_bytes else re.I, re.A if not is_bytes else 0])
        if is_bytes:
            pattern = pattern.encode("latin-1", "replace")
        try:
            compiled = re.compile(pattern, flags)
        except Exception as error:
            print(number, ascii(pattern), type(error).__name__, ascii(str(error)))
            continue
        for _ in range(4):
            text = "".join(random.choice(letters) for _ in range(random.below(14)))
            if is_bytes:
                text = text.encode("latin-1", "replace")
            start, end = random.below(4) * (random.below(3) == 0), 99 if random.below(3) else random.below(14)
            end = max(start, end)
            found = [
                show(lambda: (m := compiled.search(text, start, end)) and (m.regs, m.lastindex)),
                show(lambda: (m := compiled.match(text, start, end)) and (m.regs, m.lastindex)),
                show(lambda: (m := compiled.fullmatch(text, start, end)) and (m.regs, m.lastindex)),
                show(lambda: [m.regs for m in compiled.finditer(text, start, end)]),
                show(lambda: compiled.findall(text)),
                show(lambda: compiled.split(text)),
                show(lambda: compiled.subn(text[:2].replace(text[:0] + (b"\\" if is_bytes else "\\"), text[:0]), text)),
            ]
            print(number, ascii(pattern), int(flags), ascii(text), start, end, ascii(found))


main()
