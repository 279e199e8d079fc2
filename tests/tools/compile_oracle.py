"""Compares the compiler with CPython's: run it with CPython 3.14.

    python3.14 tests/tools/compile_oracle.py BINARY [--optimize N] [--lines] FILE-OR-DIRECTORY...

BINARY is the example `codeinfo`. For each code object of each file, all that does not depend on what the instructions look
like must be equal: name, qualname, flags, counts, varnames, cellvars, freevars, the sets of names, constants and lines. Left
out are small ints, which CPython keeps out of the constants and pyx does not always.
"""

import collections
import dis
import json
import pathlib
import re
import struct
import subprocess
import sys
import warnings

BATCH = 40
QUIET = {"RESUME", "MAKE_CELL", "COPY_FREE_VARS", "RETURN_GENERATOR", "END_FOR", "POP_ITER"}


def text(value):
    """A string of our output: its characters are bytes."""
    return value.encode("latin-1").decode("utf-8", "surrogatepass")


def our_constant(constant):
    kind, *rest = constant
    match kind:
        case "int":
            return ("int", int(rest[0]))
        case "bigint":
            return ("int", int(rest[0], 16))
        case "str":
            return ("str", text(rest[0]))
        case "bytes":
            return ("bytes", rest[0].encode("latin-1"))
        case "tuple" | "slice":
            return (kind, tuple(map(our_constant, rest[0])))
        case "frozenset":
            return (kind, frozenset(map(our_constant, rest[0])))
        case _:
            return (kind, *rest)


def bits(value):
    return struct.pack(">d", value).hex()


def constant(value):
    match value:
        case None:
            return ("None",)
        case bool():
            return ("bool", int(value))
        case int():
            return ("int", value)
        case float():
            return ("float", bits(value))
        case complex():
            return ("complex", bits(value.real) + bits(value.imag))
        case str():
            return ("str", value)
        case bytes():
            return ("bytes", value)
        case tuple():
            return ("tuple", tuple(map(constant, value)))
        case frozenset():
            return ("frozenset", frozenset(map(constant, value)))
        case slice():
            return ("slice", tuple(map(constant, (value.start, value.stop, value.step))))
        case _ if value is ...:
            return ("Ellipsis",)
        case _:
            return ("code",)


def is_small(item):
    return item[0] == "int" and 0 <= item[1] <= 255


def our_code(fields):
    (_, name, qualname, flags, line, counts, varnames, cells, free, names, constants, lines, temporaries, words) = fields
    items = [our_constant(item) for item in constants]
    return {
        "name": text(name),
        "qualname": text(qualname),
        "flags": flags,
        "firstlineno": line,
        "counts": counts,
        "varnames": list(map(text, varnames)),
        "cellvars": sorted(map(text, cells)),
        "freevars": list(map(text, free)),
        "names": sorted(map(text, names)),
        "consts": counted(item for item in items if item[0] != "code"),
        "lines": lines,
        "children": sum(item[0] == "code" for item in items),
    }


def counted(items):
    return collections.Counter(item for item in items if not is_small(item))


def is_other_way(more, less, theirs):
    """Whether the difference is one of the two that are meant to be.

    A call with many keywords takes a tuple of names where CPython makes a dict; and the constants of `a, b, c, d = 1, 2, 3, 4`
    are loaded one by one, not unpacked.
    """
    names = {item for constant in more if constant[0] == "tuple" for item in constant[1]}
    parts = {item for constant in theirs if constant[0] == "tuple" for item in constant[1]}
    nans = [("float", bits(float("nan"))), ("float", bits(-float("nan")))]
    if all(item in nans for item in [*more, *less]):
        return True
    return (less and set(less) <= names | {("tuple", ())}) or (not less and set(more) <= parts)


def is_walrus(ours, theirs):
    """Whether CPython has a global variable among the locals, as it does where a comprehension binds one with `:=`."""
    return ours["varnames"] == [name for name in theirs["varnames"] if name not in ours["names"]]


def lines_of(code):
    lines = []
    instructions = list(dis.get_instructions(code, show_caches=False))
    for at, instruction in enumerate(instructions):
        quiet = instruction.opname in QUIET
        quiet |= at > 0 and instruction.opname == "POP_TOP" and instructions[at - 1].opname == "RETURN_GENERATOR"
        line = instruction.positions.lineno
        if not quiet and line is not None and (not lines or lines[-1] != line):
            lines.append(line)
    return lines


def their_code(code):
    items = [constant(item) for item in code.co_consts]
    return {
        "name": code.co_name,
        "qualname": code.co_qualname,
        "flags": code.co_flags,
        "firstlineno": code.co_firstlineno,
        "counts": [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount],
        "varnames": list(code.co_varnames),
        "cellvars": sorted(code.co_cellvars),
        "freevars": list(code.co_freevars),
        "names": sorted(code.co_names),
        "consts": counted(item for item in items if item != ("code",)),
        "lines": lines_of(code),
        "children": [item for item in code.co_consts if hasattr(item, "co_code")],
    }


def read_tree(lines):
    """Our code objects as nested (info, children)."""
    info = our_code(next(lines))
    children = [read_tree(lines) for _ in range(info.pop("children"))]
    return info, children


def key(info):
    return info["firstlineno"], info["name"]


class Comparison:
    def __init__(self, check_order):
        self.check_order = check_order
        self.codes = 0
        self.differences = collections.Counter()

    def differ(self, file, info, what, ours, theirs):
        self.differences[what] += 1
        print(f"{file}:{info['firstlineno']}: {info['qualname']}: {what}: ours {ours!r}, theirs {theirs!r}")

    def compare(self, file, ours, their_object):
        info, children = ours
        theirs = their_code(their_object)
        self.codes += 1
        for field in ("name", "qualname", "flags", "firstlineno", "counts", "varnames", "cellvars", "freevars", "names"):
            if info[field] != theirs[field] and not (field == "varnames" and is_walrus(info, theirs)):
                self.differ(file, info, field, info[field], theirs[field])
        more, less = info["consts"] - theirs["consts"], theirs["consts"] - info["consts"]
        if (more or less) and not is_other_way(more, less, theirs["consts"]):
            self.differ(file, info, "consts", dict(more), dict(less))
        if self.check_order:
            if info["lines"] != theirs["lines"]:
                self.differ(file, info, "lines", info["lines"], theirs["lines"])
        elif set(info["lines"]) != set(theirs["lines"]):
            more, less = set(info["lines"]) - set(theirs["lines"]), set(theirs["lines"]) - set(info["lines"])
            self.differ(file, info, "lines", sorted(more), sorted(less))
        self.compare_children(file, info, children, theirs["children"])

    def compare_children(self, file, info, ours, theirs):
        by_key = collections.defaultdict(list)
        for child in theirs:
            by_key[child.co_firstlineno, child.co_name].append(child)
        for child in ours:
            candidates = by_key[key(child[0])]
            if not candidates:
                self.differ(file, info, "children", key(child[0]), [key for key, left in by_key.items() if left])
                continue
            self.compare(file, child, candidates.pop(0))
        for left, children in by_key.items():
            if children:
                self.differ(file, info, "children", None, left)


def compile_theirs(file, optimize):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = pathlib.Path(file).read_bytes()
        return compile(source, file, "exec", dont_inherit=True, optimize=optimize)


def files_of(arguments):
    for argument in map(pathlib.Path, arguments):
        yield from sorted(map(str, argument.rglob("*.py"))) if argument.is_dir() else [str(argument)]


def main():
    arguments = sys.argv[1:]
    check_order = "--lines" in arguments
    optimize = 0
    if "--optimize" in arguments:
        at = arguments.index("--optimize")
        optimize = int(arguments[at + 1])
        del arguments[at : at + 2]
    binary, *paths = [argument for argument in arguments if argument != "--lines"]
    files = list(files_of(paths))
    comparison = Comparison(check_order)
    failures = 0
    for start in range(0, len(files), BATCH):
        batch = files[start : start + BATCH]
        output = subprocess.run([binary, "--optimize", str(optimize), *batch], stdout=subprocess.PIPE).stdout
        rows = map(json.loads, output.decode("latin-1").splitlines())
        for row in rows:
            file = text(row[1])
            try:
                theirs = compile_theirs(file, optimize)
            except (SyntaxError, OSError, ValueError):
                theirs = None
            if row[0] == "ERROR":
                if theirs is not None:
                    failures += 1
                    print(f"{file}: {text(row[2])}")
                continue
            ours = read_tree(rows)
            if theirs is None:
                failures += 1
                print(f"{file}: compiles, but should not")
                continue
            comparison.compare(file, ours, theirs)
    print(f"{len(files)} files, {comparison.codes} code objects, {failures} failures, {dict(comparison.differences)}")
    sys.exit(bool(failures or comparison.differences))


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    main()
