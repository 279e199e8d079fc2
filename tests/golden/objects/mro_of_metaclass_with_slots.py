# A metaclass other than type, and a class that adds slots.
class Meta(type):
    pass


class Sized(metaclass=Meta):
    __slots__ = ()


class View(Sized):
    __slots__ = ("mapping",)

    def __init__(self, mapping):
        self.mapping = mapping


class Keys(View, Sized):
    __slots__ = ()


print([base.__name__ for base in Keys.__mro__], Keys([1]).mapping)
