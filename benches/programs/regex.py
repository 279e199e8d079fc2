"""Regular expressions of all kinds over a megabyte of text that looks like a program: the time of each, in milliseconds."""

import re
import sys
import time

WORDS = (
    "self value result index name items def class return import from data list text token parse the of and_or".split()
)


def make_text(size):
    state, parts, length = 12345, [], 0

    def random(limit):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (state >> 33) % limit

    while length < size:
        line = []
        for _ in range(4 + random(9)):
            kind, word, other = random(12), WORDS[random(len(WORDS))], WORDS[random(len(WORDS))]
            if kind < 6:
                line.append(word)
            elif kind == 6:
                line.append(f"{word}_{random(97)}")
            elif kind == 7:
                line.append(str(random(10007) / 8 if random(2) else random(1000)))
            elif kind == 8:
                line.append(f'"{word} {random(31)}"')
            elif kind == 9:
                line.append(f"{word}({other}, {random(7)})")
            elif kind == 10:
                line.append("# " + word)
            else:
                line.append(f"[{word}.{other}]")
        parts.append(("" if random(20) else f"def f_{random(1000)}(a, b):\n") + "    " + " ".join(line) + "\n")
        length += len(parts[-1])
    return "".join(parts)


TEXT = make_text(1_000_000)
WIDE = TEXT[:300_000].replace("value", "wärde").replace("text", "текст")

FINDALL = [
    ("literal", r"import from"),
    ("word_us", r"\w+_\d+"),
    ("def", r"(?m)^def\s+(\w+)\s*\(([^)]*)\)"),
    ("string", r'"[^"\n]*"'),
    ("lookahead", r"\w+(?=\()"),
    ("lookbehind", r"(?<=\.)\w+"),
    ("icase", r"(?i)RESULT"),
    ("icase_alt", r"(?i)\b(?:return|import|class)\b"),
    ("alternation", r"return|import|class|result"),
    ("backref", r"\b(\w+) \1\b"),
    ("email", r"[\w.]+@[\w.]+\.\w+"),
    ("trail_ws", r"(?m)[ \t]+$"),
    ("lazy", r"\[(.*?)\]"),
    ("lazy_all", r"(?s)def.*?return"),
    ("token", r"\s*(?:(\d+\.?\d*)|(\w+)|(.))"),
    ("json_num", r"-?(?:0|[1-9]\d*)(?:\.\d+)(?:[eE][-+]?\d+)?"),
    ("nested", r"(?:\w+[ ,]+)+\d"),
    ("possessive", r"\w++ \d++"),
    ("atomic", r"(?>\w+)\("),
    ("groups", r"(\w)(\w)(\w)(\w)_"),
    ("words", r"\b\w+\b"),
    ("dot", r".+"),
    ("dot_back", r".*\d"),
    ("conditional", r"(\()?\w+(?(1)\)|,)"),
]


def timed(name, call):
    best, count = 1e9, 0
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 3):
        start = time.perf_counter()
        count = call()
        best = min(best, time.perf_counter() - start)
    print(f"{name:12} {count:8} {best * 1000:9.2f}")


def main():
    for name, pattern in FINDALL:
        compiled = re.compile(pattern)
        timed(name, lambda: len(compiled.findall(TEXT)))
    for name, pattern in [
        ("wide_word", r"\w+"),
        ("wide_icase", r"(?i)ТЕКСТ|wärde"),
        ("wide_set", r"[а-яä]+\W"),
        ("wide_space", r"\S+ \S+"),
    ]:
        compiled = re.compile(pattern)
        timed(name, lambda: len(compiled.findall(WIDE)))
    data = TEXT.encode()
    compiled = re.compile(rb"[a-z]+\((\w+)")
    timed("bytes", lambda: len(compiled.findall(data)))
    word = re.compile(r"\w+")
    timed("finditer", lambda: sum(m.end() - m.start() for m in word.finditer(TEXT)))
    timed("split", lambda: len(re.split(r"[ \n]+", TEXT)))
    timed("sub", lambda: len(re.sub(r"\bvalue\b", "VALUE", TEXT)))
    timed("sub_template", lambda: len(re.sub(r"(\w+)\((\w+)", r"\2(\1", TEXT)))
    timed("sub_function", lambda: len(re.sub(r"\d+", lambda m: str(int(m[0]) + 1), TEXT)))
    short = re.compile(r"(\w+) = (\d+)")
    lines = ["name = 12", "x", "other = 5 # c"] * 20000
    timed("match_short", lambda: sum(1 for line in lines if short.match(line)))
    search = re.compile(r"\d+").search
    timed("search_short", lambda: sum(1 for line in lines if search(line)))


main()
