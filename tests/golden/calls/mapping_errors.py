# What goes wrong in a mapping behind `**`: a missing attribute means that it is no mapping, another exception stays.
class Mapping:
    def __init__(self, keys, item): self._keys, self._item = keys, item
    def keys(self):
        if isinstance(self._keys, Exception): raise self._keys
        return self._keys
    def __getitem__(self, key):
        if isinstance(self._item, Exception): raise self._item
        return self._item

class Iterator:
    def __iter__(self): return self
    def __next__(self): raise AttributeError("next")

def f(*args, **keywords): return keywords

def attempt(call):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)

for mapping in (
    5,
    [("a", 1)],
    Mapping(["a"], 1),
    Mapping(AttributeError("keys"), 1),
    Mapping(["a"], AttributeError("item")),
    Mapping(Iterator(), 1),
    Mapping(ValueError("keys"), 1),
    Mapping(["a"], ValueError("item")),
    Mapping(5, 1),
    Mapping([1], 1),
):
    attempt(lambda: f(**mapping))
    attempt(lambda: f(b=1, **mapping))
    attempt(lambda: f(*[], **mapping))
    attempt(lambda: f(**{}, **mapping))
    attempt(lambda: {**mapping})
    attempt(lambda: {"a": 0, **mapping})
    attempt(lambda: dict(**mapping))
