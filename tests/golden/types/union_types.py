def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

union = int | str
Union = type(union)
show(lambda: (union, int | None, None | int, list[int] | str, int | str | int, union | float | str))
show(lambda: (union.__args__, union.__parameters__, union.__origin__, union.__name__, union.__qualname__))
show(lambda: (union.__module__, Union.__module__, Union.__name__, Union))
show(lambda: union.missing)
show(lambda: (union == str | int, union == int | float, union != str | int, hash(union) == hash(str | int)))
show(lambda: union < union)
show(lambda: int | "text")
show(lambda: int | 1)
show(lambda: 1 | int)
show(lambda: (isinstance(1, union), isinstance(b"", union), issubclass(bool, union), isinstance(None, int | None)))
show(lambda: Union[int])
show(lambda: Union[int, str, int])
show(lambda: Union[None])
show(lambda: Union[1, 2])
show(lambda: Union[()])
show(lambda: Union())
show(lambda: union())
show(lambda: union[int])
show(lambda: union | [])
show(lambda: type("X", (union,), {}))

def derive():
    class X(union):
        pass

show(derive)

class Odd:
    """Not hashable."""

    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return isinstance(other, Odd) and self.n == other.n

    def __repr__(self):
        return f"Odd({self.n})"

show(lambda: Union[Odd(1), int, Odd(1), Odd(2)])
show(lambda: Union[Odd(1), Odd(2)] == Union[Odd(2), Odd(1)])
show(lambda: Union[Odd(1), Odd(2)] == Union[Odd(1), Odd(3)])
show(lambda: hash(Union[Odd(1), Odd(2)]))
show(lambda: Union[Odd(1), Odd(1)])

class Meta(type):
    def __or__(cls, other):
        return ("or", other)

    def __ror__(cls, other):
        return ("ror", other)

class WithMeta(metaclass=Meta):
    pass

show(lambda: (WithMeta | int, int | WithMeta))
show(lambda: sorted(name for name in dir(union)))
