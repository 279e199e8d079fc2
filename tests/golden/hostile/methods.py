"""Every method of objects of every builtin type, called with hostile arguments."""

from _matrix import RECEIVERS, methods_of
from _walk import walk


def rows():
    for index, maker in enumerate(RECEIVERS):
        receiver = maker()
        for name in methods_of(receiver):
            yield index, name, f"{type(receiver).__name__} {index} {name}"


walk(rows())
