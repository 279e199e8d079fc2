# What the container types have: names, text signatures, and which of them can be subclassed or called.
def own(cls):
    return sorted(name for name in cls.__dict__ if name != "__doc__")


class Items:
    def __getitem__(self, index):
        return index


types = [
    list, tuple, range, slice, dict, set, frozenset, enumerate, zip, map, filter, reversed, type(iter([])), type(iter(())), type(reversed([])),
    type(iter(range(1))), type(iter(range(1 << 100))), type({}.keys()), type({}.values()), type({}.items()), type(iter({})),
    type(iter({}.values())), type(iter({}.items())), type(reversed({})), type(reversed({}.values())), type(reversed({}.items())),
    type(iter(set())), type(iter(int, 1)), type(iter(Items())),
]
for cls in types:
    print(cls.__module__, cls.__qualname__, cls.__text_signature__, cls.__base__)
    for name in own(cls):
        value = cls.__dict__[name]
        print("   ", name, type(value).__name__, getattr(value, "__text_signature__", None))
    try:
        type("Sub", (cls,), {})
        print("    base")
    except TypeError as error:
        print("   ", error)
    print("   ", [name for name in dir(cls) if name not in dir(object) and name not in cls.__dict__], cls.__hash__ is None)
