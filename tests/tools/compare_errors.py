"""Compares the syntax errors of pyx-grammar with those of CPython.

Usage: compare_errors.py ERRORS [--mutate N [SEED]] [--text] FILE ...

ERRORS is the compiled example `errors` of pyx-grammar. A FILE is a Python file: its text is one case, and with
--mutate N so are N texts made from pieces of it by a random mistake. A FILE that ends in `.cases` holds the `repr` of a
tuple (text, mode, flags) on each line. --text compares the quoted line too. Run it with the CPython that is to be the
judge.
"""

import ast
import io
import random
import subprocess
import sys
import tokenize
import warnings

PLACES = ("lineno", "offset", "end_lineno", "end_offset")


class Ours:
    def __init__(self, command):
        self.process = subprocess.Popen([command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, text, mode, flags):
        data = text.encode()
        self.process.stdin.write(f"{mode} {flags} {len(data)}\n".encode() + data)
        self.process.stdin.flush()
        length = self.process.stdout.readline()
        if not length:
            return ["crash"]
        return self.process.stdout.read(int(length)).decode().split("\0")


def theirs(text, mode, flags):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(text, "<case>", mode, flags | ast.PyCF_ONLY_AST, dont_inherit=True)
            answer = ["ok"]
        except SyntaxError as error:
            places = " ".join(str(getattr(error, place)) for place in PLACES)
            answer = [type(error).__name__, error.msg, places, error.text or ""]
        except (MemoryError, RecursionError, ValueError) as error:
            answer = [type(error).__name__, str(error), "", ""]
    notes = [f"{w.lineno}:{w.message}" for w in caught if issubclass(w.category, SyntaxWarning)]
    return answer + ["\1".join(notes)]


def is_later_stage(answer):
    """`from __future__` is checked by the compiler, not the parser."""
    return len(answer) == 5 and answer[1].startswith(("future feature", "not a chance", "from __future__"))


def mutations(text, count, rng):
    """Texts with one mistake: a token deleted, doubled, swapped with its neighbour or replaced by another's text."""
    try:
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.string]
    except (SyntaxError, tokenize.TokenError):
        return
    if not tokens:
        return
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for _ in range(count):
        index = rng.randrange(len(tokens))
        token, other = tokens[index], rng.choice(tokens)
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1] if token.end[0] <= len(lines) else len(text)
        piece = rng.choice(["", "", token.string * 2, token.string + " " + other.string, other.string, other.string])
        changed = text[:start] + piece + text[end:]
        # A stretch of lines around the mistake: errors in whole files are all alike.
        first = max(token.start[0] - rng.randrange(1, 12), 1)
        yield changed if rng.random() < 0.02 else changed[starts[first - 1]:][:rng.randrange(200, 1200)]


def cases(paths, count, rng):
    for path in paths:
        if path.endswith(".cases"):
            with open(path, encoding="utf-8") as file:
                yield from map(ast.literal_eval, file)
            continue
        try:
            with tokenize.open(path) as file:
                text = file.read()
        except (SyntaxError, UnicodeError):
            continue
        if not count:
            yield text, "exec", 0
        for changed in mutations(text, count, rng):
            yield changed, "exec", 0


def main(command, *arguments):
    arguments = list(arguments)
    count, rng, with_text = 0, random.Random(0), "--text" in arguments
    if with_text:
        arguments.remove("--text")
    if arguments[0] == "--mutate":
        count, rng = int(arguments[1]), random.Random(int(arguments[2]) if arguments[2].isdigit() else 0)
        arguments = arguments[3:] if arguments[2].isdigit() else arguments[2:]
    ours = Ours(command)
    equal = different = errors = 0
    for text, mode, flags in cases(arguments, count, rng):
        expected = theirs(text, mode, flags)
        if expected is None or "\0" in text or is_later_stage(expected):
            continue
        found = ours.ask(text, mode, flags)
        errors += expected[0] != "ok"
        if not with_text and len(expected) == 5 and len(found) == 5:
            expected[3] = found[3] = ""
        if expected[0] in ("MemoryError", "ValueError"):
            expected, found = expected[:2], found[:2]
        if found == expected:
            equal += 1
        else:
            different += 1
            print(f"{text[-1500:]!r} {mode} {flags}\n  ours:   {found}\n  theirs: {expected}")
    print(f"{equal} equal ({errors} of all are errors), {different} different")
    return different > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
