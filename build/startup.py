"""Writes startup.order: the functions that run when the command starts and imports much used modules.

    python3 build/startup.py target/release/pyx > build/startup.order

Needs valgrind. The command must have its symbols.
"""

import os
import re
import subprocess
import sys
import tempfile

PROGRAMS = [
    "pass",
    "print('hello')",
    "import asyncio",
    "import json, re, dataclasses, collections, datetime, pathlib, typing",
]


def functions(command, program):
    """The mangled names of the functions of the command that a program runs."""
    with tempfile.NamedTemporaryFile() as profile:
        tool = ["valgrind", "--tool=callgrind", "--demangle=no", "--callgrind-out-file=" + profile.name]
        subprocess.run([*tool, command, "-c", program], check=True, capture_output=True)
        lines = profile.read().decode().splitlines()
    texts, current = {"ob": {}, "fn": {}}, ""
    for line in lines:
        if match := re.match(r"c?(ob|fn)=\((\d+)\)(?: (.*))?$", line):
            kind, number, text = match.groups()
            if text is not None:
                texts[kind][number] = text
            text = texts[kind][number]
            if line.startswith("ob="):
                current = text
            # The tool does not always know that a program at a fixed address is the command.
            elif line.startswith("fn=") and current in ("???", os.path.realpath(command)):
                yield re.sub(r"'\d+$", "", text)


def stable(name):
    """The name without what differs from build to build."""
    name = re.sub(r"17h[0-9a-f]{16}E.*$", "", name)
    name = re.sub(r"\.llvm\.\d+$", "", name)
    return re.sub(r"Cs[0-9a-zA-Z]{5,12}_", "Cs*_", name)


known = set()
for program in PROGRAMS:
    names = {stable(name) for name in functions(sys.argv[1], program)}
    names = {name for name in names if re.match(r"[A-Za-z_][\w.$*]*$", name)}
    for name in sorted(names - known):
        print(name)
    known |= names
