"""Compares the trees of pyx-grammar with those of CPython, file by file.

Usage: compare_ast.py DUMP [--type-comments] PATH ...

DUMP is the compiled example `dump` of pyx-grammar; a PATH is a file or a folder. Run it with the CPython that is to be
the judge. A file that CPython refuses must be refused.
"""

import ast
import pathlib
import subprocess
import sys
import warnings


def files(paths):
    for path in map(pathlib.Path, paths):
        found = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        yield from filter(pathlib.Path.is_file, found)


def expected(source, type_comments):
    try:
        tree = ast.parse(source, type_comments=type_comments)
        return ast.dump(tree, include_attributes=True)
    except (SyntaxError, ValueError) as error:
        return f"error: {error}"


def ask(process, path):
    process.stdin.write(f"{path}\n".encode())
    process.stdin.flush()
    length = process.stdout.readline()
    return process.stdout.read(int(length)).decode() if length else "crash"


def first_difference(ours, theirs):
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    start = max(at - 160, 0)
    return f"  ours:   …{ours[start:at + 120]}\n  theirs: …{theirs[start:at + 120]}"


def main(dump, *arguments):
    type_comments = "--type-comments" in arguments
    command = [dump] + ["--type-comments"] * type_comments
    paths = [argument for argument in arguments if not argument.startswith("--")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    equal = different = refused = 0
    for path in files(paths):
        source = path.read_bytes()
        theirs, ours = expected(source, type_comments), ask(process, path)
        if theirs.startswith("error:") and ours.startswith("error:"):
            refused += 1
        elif ours == theirs:
            equal += 1
        elif "unknown encoding" in ours:
            print(f"{path}: skipped, the example has no codecs")
        else:
            different += 1
            print(f"{path}\n{first_difference(ours, theirs)}")
    print(f"{equal} equal, {refused} refused by both, {different} different")
    return different > 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10000)
    sys.exit(main(*sys.argv[1:]))
