"""Compare pyx's symbol tables with CPython's.

    cargo build -p pyx-compiler --example symtable
    python3.14 tests/tools/symtable_oracle.py [--binary PATH] [--fuzz COUNT] [--seed SEED] [PATH ...]

Runs under the oracle itself.  For every Python file below the paths (default: the whole standard library), and for every
string and doctest in them that is a program, both sides list all scopes with all names and flags, or the error
and its position.  With --fuzz, random programs follow, made of what the scoping rules are about.
"""

import argparse
import ast
import doctest
import os
import pathlib
import random
import struct
import subprocess
import sys
import textwrap
import tokenize
import warnings

import _symtable

ROOT = pathlib.Path(__file__).resolve().parents[2]
USES = 0xFFF


class Pyx:
    """The other side, in a process of its own."""

    def __init__(self, binary):
        self.process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def describe(self, source):
        data = source.encode("utf-8")
        self.process.stdin.write(struct.pack("<I", len(data)) + data)
        self.process.stdin.flush()
        (length,) = struct.unpack("<I", self.process.stdout.read(4))
        return self.process.stdout.read(length).decode("utf-8")


def describe(source):
    try:
        top = _symtable.symtable(source, "<oracle>", "exec")
    except SyntaxError as error:
        kind = {"SyntaxError": "Syntax", "IndentationError": "Indentation", "TabError": "Tab"}[type(error).__name__]
        return f"{kind} {error.msg} {error.lineno} {error.offset} {error.end_lineno} {error.end_offset}"
    lines = []
    pending = [(top, 0)]
    while pending:
        scope, depth = pending.pop()
        # Names that are only passed on come from a set: their order means nothing.
        ordered = [item for item in scope.symbols.items() if item[1] & USES]
        ordered += sorted(item for item in scope.symbols.items() if not item[1] & USES)
        names = "".join(" " + name for name in scope.varnames)
        symbols = "".join(f" {name}={flags}" for name, flags in ordered)
        lines.append(f"{depth} {scope.type} {scope.name} {scope.lineno} {scope.nested}{names} :{symbols}\n")
        pending.extend((child, depth + 1) for child in reversed(scope.children))
    return "".join(lines)


def programs(path):
    """The file's text, and the programs quoted in it."""
    try:
        with tokenize.open(path) as file:
            source = file.read()
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):
        return
    yield source
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) > 4:
            yield from quoted(node.value)


def quoted(text):
    if ">>>" in text:
        try:
            candidates = [example.source for example in doctest.DocTestParser().get_examples(text)]
        except ValueError:
            candidates = []
    else:
        candidates = [text, textwrap.dedent(text)]
    for candidate in dict.fromkeys(candidates):
        try:
            candidate.encode("utf-8")
            ast.parse(candidate)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        yield candidate


class Fuzzer:
    """Random programs about scopes."""

    # Not `__classdict__`: a class that binds it is an internal error of CPython.
    NAMES = ["a", "b", "c", "__d", "__class__", "super", "__debug__"]
    WEIGHTS = [9, 9, 6, 4, 1, 1, 0.1]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def name(self):
        return self.random.choices(self.NAMES, self.WEIGHTS)[0]

    def pick(self, *makers):
        return self.random.choice(makers)()

    def program(self):
        self.suspends = self.random.random() < 0.3
        future = "from __future__ import annotations\n" if self.random.random() < 0.1 else ""
        return future + self.block(0, self.random.randint(1, 5))

    def block(self, depth, size=None):
        size = size or self.random.randint(1, 3)
        return "".join(textwrap.indent(self.statement(depth), " " * bool(depth)) for _ in range(size))

    def statement(self, depth):
        simple = [
            lambda: f"{self.name()} = {self.expr(depth)}\n",
            lambda: f"{self.name()}\n",
            lambda: f"{self.expr(depth)}\n",
            lambda: f"del {self.name()}\n",
            lambda: f"global {self.name()}\n",
            lambda: f"nonlocal {self.name()}\n",
            lambda: f"import {self.name()}\n",
            lambda: f"from m import {self.name()} as {self.name()}\n",
            lambda: f"{self.name()}: {self.expr(depth)}\n",
            lambda: f"{self.name()}: {self.expr(depth)} = {self.expr(depth)}\n",
            lambda: f"({self.name()}): {self.expr(depth)}\n",
            lambda: f"return {self.expr(depth)}\n",
            lambda: f"{self.name()}.{self.name()} = {self.name()}\n",
            lambda: f"type {self.name()}{self.type_params(depth)} = {self.expr(depth)}\n",
        ]
        compound = [
            lambda: f"{self.asynchronous()}def {self.name()}{self.type_params(depth)}({self.parameters(depth)})"
            f"{self.result(depth)}:\n{self.block(depth + 1)}",
            lambda: f"class {self.name()}{self.type_params(depth)}({self.bases(depth)}):\n{self.block(depth + 1)}",
            lambda: f"if {self.expr(depth)}:\n{self.block(depth + 1)}",
            lambda: f"{self.asynchronous()}for {self.name()} in {self.expr(depth)}:\n{self.block(depth + 1)}",
            lambda: f"while {self.expr(depth)}:\n{self.block(depth + 1)}",
            lambda: f"try:\n{self.block(depth + 1)}except {self.name()} as {self.name()}:\n{self.block(depth + 1)}",
            lambda: f"{self.asynchronous()}with {self.expr(depth)} as {self.name()}:\n{self.block(depth + 1)}",
            lambda: f"match {self.name()}:\n case {self.pattern()}:\n{textwrap.indent(self.block(depth + 1), ' ')}",
        ]
        if depth < 4 and self.random.random() < 0.55:
            return self.pick(*compound, *compound[:2] * 4)
        return self.pick(*simple)

    def asynchronous(self):
        return "async " if self.suspends and self.random.random() < 0.2 else ""

    def result(self, depth):
        return f" -> {self.expr(depth)}" if self.random.random() < 0.3 else ""

    def bases(self, depth):
        return self.random.choice(["", self.name(), f"{self.name()}={self.expr(depth)}", self.expr(depth)])

    def parameters(self, depth):
        names = [self.name() for _ in range(self.random.choice([0, 0, 1, 2]))]
        annotated = [name + (f": {self.expr(depth)}" if self.random.random() < 0.3 else "") for name in names]
        if annotated and self.random.random() < 0.3:
            annotated[-1] += f" = {self.expr(depth)}"
        if self.random.random() < 0.15:
            annotated.append(f"*{self.name()}: {self.expr(depth)}")
            if self.random.random() < 0.5:
                annotated.append(f"{self.name()}={self.expr(depth)}")
        return ", ".join(annotated)

    def type_params(self, depth):
        if self.random.random() < 0.75:
            return ""
        params = []
        for _ in range(self.random.choice([1, 1, 2])):
            star = self.random.choice(["", "", "", "*", "**"])
            bound = f": {self.expr(depth)}" if not star and self.random.random() < 0.3 else ""
            default = f" = {self.expr(depth)}" if self.random.random() < 0.3 else ""
            params.append(star + self.name() + bound + default)
        return f"[{', '.join(params)}]"

    def pattern(self):
        return self.random.choice(
            [self.name(), f"[{self.name()}, *{self.name()}]", f"{self.name()}({self.name()}={self.name()})"]
            + [f"{{1: {self.name()}, **{self.name()}}}", f"1 as {self.name()}"]
        )

    def expr(self, depth):
        if depth > 7 or self.random.random() < 0.5:
            return self.name()
        inner = lambda: self.expr(depth + 2)
        target = lambda: self.random.choice([self.name(), self.name(), f"({self.name()}, {self.name()})"])
        clause = lambda: f"{self.asynchronous()}for {target()} in {inner()}"
        tests = lambda: f" if {inner()}" if self.random.random() < 0.3 else ""
        clauses = lambda: clause() + tests() + (" " + clause() if self.random.random() < 0.3 else "")
        suspending = [
            lambda: f"(yield {inner()})",
            lambda: f"(yield from {inner()})",
            lambda: f"(await {inner()})",
        ]
        return self.pick(
            *suspending * self.suspends,
            lambda: f"(lambda {self.parameter_names()}: {inner()})",
            lambda: f"[{inner()} {clauses()}]",
            lambda: f"{{{inner()} {clauses()}}}",
            lambda: f"{{{inner()}: {inner()} {clauses()}}}",
            lambda: f"({inner()} {clauses()})",
            lambda: f"({self.name()} := {inner()})",
            lambda: f"{inner()} + {inner()}",
            lambda: f"{self.name()}({inner()}, {self.name()}={inner()})",
            lambda: f"f'{{{inner()}}}'",
            lambda: f"t'{{{inner()}!r:{{{inner()}}}}}'",
            lambda: f"super().{self.name()}",
            lambda: f"{inner()}[{inner()}:{inner()}]",
        )

    def parameter_names(self):
        return self.random.choice(["", self.name(), f"{self.name()}, *{self.name()}", f"{self.name()}={self.name()}"])


def valid(source):
    try:
        ast.parse(source)
        return True
    except SyntaxError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=ROOT / "target/debug/examples/symtable")
    parser.add_argument("--fuzz", type=int, default=0, metavar="COUNT")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=5, metavar="COUNT", help="differences shown in full")
    parser.add_argument("paths", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    pyx = Pyx(options.binary)
    count = differences = 0

    def compare(where, source):
        nonlocal count, differences
        count += 1
        expected, found = describe(source), pyx.describe(source)
        if expected == found:
            return
        differences += 1
        if differences <= options.show:
            print(f"--- {where}")
            print(source if len(source) < 2000 else "(long)")
            pairs = zip(expected.splitlines(), found.splitlines())
            first = next(((a, b) for a, b in pairs if a != b), (expected[-300:], found[-300:]))
            print("CPython:", first[0])
            print("pyx:    ", first[1])

    paths = options.paths or ([] if options.fuzz else [pathlib.Path(os.__file__).parent])
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for source in programs(file):
                compare(file, source)
    fuzzer = Fuzzer(options.seed)
    made = 0
    while made < options.fuzz:
        source = fuzzer.program()
        if valid(source):
            made += 1
            compare(f"program {made} of seed {options.seed}", source)
    print(f"{count} programs, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
