# The first base in the MRO that is a sequence or a mapping decides what a class is to match.
import collections, collections.abc


def kind(subject):
    match subject:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"


class Plain: ...
class First(Plain, collections.UserDict, collections.abc.Sequence): ...
class Second(collections.UserDict, Plain, list): ...
class Third(Plain, collections.UserList, collections.abc.Mapping):
    def __iter__(self):
        return super().__iter__()


print(kind(First()), kind(Second()), kind(Third()), kind(Plain()))
