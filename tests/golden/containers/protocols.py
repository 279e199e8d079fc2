# Subscription, containment, iteration and length hints of objects of all kinds.
import operator


def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


def assign(target, key, value):
    target[key] = value


def delete(target, key):
    del target[key]


class Plain:
    pass


class NoIter:
    __iter__ = None


class BadIter:
    def __iter__(self):
        return 1


class NoContains:
    __contains__ = None


class NoClassItem:
    __class_getitem__ = None


class ClassItem:
    def __class_getitem__(cls, key):
        return (cls.__name__, key)


class Items:
    def __getitem__(self, index):
        if index > 2:
            raise IndexError
        return index


subjects = (1, 1.5, None, Plain(), Plain, int, type, lambda: 0, (1,), "a", range(3), {1}, {1: 2}.keys(), iter([]), NoClassItem, ClassItem, Items())
for subject in subjects:
    show(lambda: type(subject).__name__ + " " + repr(subject[0]))
    show(assign, subject, 0, 1)
    show(delete, subject, 0)
    show(delete, subject, "a")
    show(lambda: 1 in subject)
    show(lambda: sum(1 for _ in subject))
for subject in (NoIter(), BadIter(), NoContains()):
    show(lambda: 1 in subject)
    show(iter, subject)
    show(list, subject)
show(next, 1)
show(next, [])
show(next, Plain())
show(next, iter([]))
print(next(iter([]), "default"), next(iter([1]), "default"))
print(1 in Items(), 5 in Items(), list(Items()), tuple(Items()), set(Items()), sorted(Items()), max(Items()))
print(operator.length_hint([1, 2]), operator.length_hint(Plain(), 5), operator.length_hint(iter([1, 2, 3])), operator.length_hint(x for x in ()))
print(operator.countOf([1, 2, 1], 1), operator.indexOf([1, 2], 2), operator.countOf(Items(), 1))
show(operator.indexOf, [1], 5)
show(operator.indexOf, 1, 5)
show(operator.countOf, 1, 5)


class Hint:
    def __length_hint__(self):
        if isinstance(hint, BaseException):
            raise hint
        return hint


class Length:
    def __len__(self):
        if isinstance(hint, BaseException):
            raise hint
        return hint


for hint in (1, -1, "a", NotImplemented, TypeError("t"), ValueError("v"), 10**30, True, 1.5):
    show(operator.length_hint, Hint(), 7)
    show(operator.length_hint, Length(), 7)


class Loud:
    def __init__(self):
        self.left = 3

    def __iter__(self):
        print("iter", end=" ")
        return self

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.left

    def __length_hint__(self):
        print("hint", end=" ")
        return 2


target = [0]
for consume in (list, tuple, set, frozenset, sorted, [].extend, dict.fromkeys, max, sum, lambda x: [*x], lambda x: (*x,), lambda x: assign(target, slice(None), x)):
    show(consume, Loud())


class LoudList(list):
    def __iter__(self):
        print("iter", end=" ")
        return iter([5])

    def __len__(self):
        print("len", end=" ")
        return 1


for consume in (list, tuple, sorted, set, [].extend, lambda x: [0] + x, lambda x: [*x], lambda x: assign(target, slice(None), x)):
    show(consume, LoudList([1, 2]))
