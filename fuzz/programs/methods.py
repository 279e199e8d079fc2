"""Methods and functions called with hostile arguments at random.

    methods.py table                          prints the table of what can be called
    methods.py run TABLE SEED FIRST COUNT     tries cases of that table

A case follows from the seed and its number, so two interpreters given one table try the same calls. A case is two lines:
its number and the call, written before it is tried, and how it ended. The last line is `end`.
"""

import os
import sys

import _matrix
from _matrix import KEYWORDS, MODULES, RECEIVERS, VALUES, Random

LIMIT = 2.0


def table():
    """Indices of receivers with the names of methods, and modules with the names of functions."""
    for index, maker in enumerate(RECEIVERS):
        for name in _matrix.methods_of(maker()):
            yield index, name
    for module in MODULES:
        for name in _matrix.functions_of(module):
            yield module, name


def choose(rows, seed, case):
    """A row, indices of values, and a keyword for the last one, or None."""
    random = Random(seed, case)
    row = random.pick(rows)
    shape = random.below(20)
    count = 0 if shape < 3 else 1 if shape < 10 else 2 if shape < 15 else 3 if shape < 18 else 4
    picks = [random.below(len(VALUES)) for _ in range(count)]
    return *row, picks, random.pick(KEYWORDS) if random.below(12) == 0 else None


def label(place):
    return f"{type(RECEIVERS[place]()).__name__}#{place}" if isinstance(place, int) else place


def run(rows, seed, first, count):
    out = _matrix.start()

    def say(text):
        os.write(out, text.encode("utf-8", "backslashreplace"))

    for case in range(first, first + count):
        place, name, picks, keyword = choose(rows, seed, case)
        arguments = ", ".join(map(str, picks)) + (f" {keyword}" if keyword else "")
        say(f"{case} {label(place)}.{name}({arguments})\n")
        say(_matrix.timed(LIMIT, _matrix.try_call, place, name, picks, keyword) + "\n")
    say("end\n")


def main():
    if sys.argv[1] == "table":
        for place, name in table():
            print(place, name)
        return
    with open(sys.argv[2]) as file:
        rows = [(int(place) if place.isdigit() else place, name) for place, name in map(str.split, file)]
    run(rows, *map(int, sys.argv[3:6]))


main()
