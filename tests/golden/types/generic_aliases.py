def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

alias = list[int]
Alias = type(alias)
show(lambda: (alias, dict[str, list[int]], list[()], tuple[()], list[[int, str]], list[...], list[None]))
show(lambda: (list[type(None)], list[1, "a"], tuple[int, ...], Alias(1, 2)))
show(lambda: (alias.__origin__, alias.__args__, alias.__parameters__, alias.__unpacked__))
show(lambda: alias.append)
show(lambda: alias.__bases__)
show(lambda: alias.__copy__)
show(lambda: alias.missing)
show(lambda: alias.__class__)
show(lambda: (alias == list[int], alias == list[str], alias != list[int], hash(alias) == hash(list[int])))
show(lambda: alias < alias)
show(lambda: (alias(), alias([1]), dict[str, int](a=1)))
show(lambda: isinstance([], alias))
show(lambda: issubclass(list, alias))
show(lambda: isinstance(1, int | alias))
show(lambda: isinstance(1, str | alias))
show(lambda: alias.__mro_entries__(()))
show(lambda: alias.__reduce__())
show(lambda: iter(alias).__reduce__()[1])
show(lambda: next(iter(tuple[int, str])))
star = next(iter(tuple[int, str]))
show(lambda: (star.__unpacked__, star.__typing_unpacked_tuple_args__, star == tuple[int, str]))
show(lambda: tuple[star])
show(lambda: tuple[*tuple[int, ...]])
show(lambda: alias.__typing_unpacked_tuple_args__)
show(lambda: Alias())
show(lambda: Alias(int))
show(lambda: Alias(int, str, x=1))
show(lambda: alias[str])
show(lambda: setattr(alias, "x", 1))
show(lambda: setattr(alias, "__origin__", 1))
show(lambda: alias | None)
show(lambda: None | alias)
show(lambda: alias | 1)
show(lambda: dir(alias))

class Named:
    __qualname__ = "Named"
    __module__ = None

class Base(list[int]):
    pass

show(lambda: list[Named])
show(lambda: (Base.__bases__, Base.__orig_bases__))
instance = Base[int] if hasattr(Base, "__class_getitem__") else None
show(lambda: instance)

class Plain:
    def __class_getitem__(cls, item):
        return Alias(cls, item)

show(lambda: Plain[int]().__orig_class__)

class Subst:
    """A type variable of one's own."""

    def __init__(self, name):
        self.name = name

    def __typing_subst__(self, arg):
        return ("subst", self.name, arg)

    def __repr__(self):
        return self.name

A, B = Subst("A"), Subst("B")
show(lambda: dict[A, B].__parameters__)
show(lambda: dict[A, A].__parameters__)
show(lambda: dict[A, B][int, str])
show(lambda: list[dict[A, B]].__parameters__)
show(lambda: list[dict[A, list[B]]][int, str])
show(lambda: list[[A, B], A][int, str])
show(lambda: dict[A, B][int])
show(lambda: dict[A, B][int, str, float])
show(lambda: dict[A, B][next(iter(tuple[int, str]))])
show(lambda: (list[A] | B)[int])
