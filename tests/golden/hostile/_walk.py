"""Methods or functions called with hostile arguments: `methods.py` and `functions.py` say which.

A line tells how often the calls of one end how, with a checksum over the ends in order. Which calls are tried follows
from place and name. To see them: `python3.14 methods.py 17 append`.
"""

import binascii
import collections
import os
import resource
import sys

import _matrix
from _matrix import KEYWORDS, VALUES, Random

LIMIT = 5.0
# A call's values are one of so many parts of all values; different lines take different parts.
PARTS = 2
# Calls with several arguments.
MIXED = 16


def calls(seed):
    """Indices of values, and a keyword or None."""
    yield [], None
    for pick in range(seed % PARTS, len(VALUES), PARTS):
        yield [pick], None
    for case in range(MIXED):
        random = Random(seed, case)
        picks = [random.below(len(VALUES)) for _ in range(2 + case // 5)]
        yield picks, random.pick(KEYWORDS) if case % 4 == 3 else None


def ends(place, name):
    """How the calls of a method or function end."""
    for picks, keyword in calls(binascii.crc32(f"{place} {name}".encode())):
        yield picks, keyword, _matrix.timed(LIMIT, _matrix.try_call, place, name, picks, keyword)


def summary(place, name):
    found = [end for _, _, end in ends(place, name)]
    counts = collections.Counter(found)
    checksum = binascii.crc32(" ".join(found).encode()) & 0xFFFF
    return " ".join(f"{end}={counts[end]}" for end in sorted(counts)) + f" {checksum:04x}"


def walk(rows):
    """Tries all rows, or the one that the command line names, of which each call is told."""
    # What no test should allocate is out of memory everywhere.
    resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))
    out = _matrix.start()

    def say(text):
        os.write(out, text.encode("utf-8", "backslashreplace") + b"\n")

    for place, name, label in rows:
        if sys.argv[1:] == [str(place), name]:
            for picks, keyword, end in ends(place, name):
                say(f"{picks} {keyword or ''}: {end}")
        elif len(sys.argv) == 1:
            say(f"{label}: {summary(place, name)}")
