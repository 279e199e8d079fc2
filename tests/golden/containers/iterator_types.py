# enumerate, zip, map, filter, reversed, iter with two arguments, and iterators over plain sequences.
def show(function, *args, **keywords):
    try:
        print(function(*args, **keywords))
    except BaseException as error:
        print(type(error).__name__, error)


class Index:
    def __index__(self):
        return 7


def generator():
    yield 1
    return 5


def failing():
    yield 1
    raise KeyError("k")


def stop(*args):
    raise StopIteration(9)


def finish(iterator):
    """The value of the StopIteration at the end."""
    try:
        while True:
            next(iterator)
    except StopIteration as stop:
        return stop.args


# enumerate
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("a", start=-3)), list(enumerate(iterable="a", start=2)), list(enumerate(start=2, iterable="a")))
print(list(enumerate("ab", Index())), list(enumerate("ab", True)), list(enumerate("ab", 2**61 - 1)), list(enumerate("abc", 2**63 - 2)), list(enumerate("a", 2**100)))
for arguments, keywords in (
    ((), {}), ((1,), {}), (("a", "b"), {}), (("a", 1, 2), {}), (("a",), {"a": 1}), (("a",), {"iterable": 2}), ((), {"start": 1}), ((), {"a": 1}),
    ((), {"a": 1, "b": 2}), ((), {"iterable": "a", "b": 2}), ((), {"start": 1, "b": 2}), (("a", 1), {"start": 2}), ((), {"start": 1, "iterable": "a", "x": 1}),
    (("a",), {"start": 1, "x": 2}), ((1,), {"start": 2}), ((), {"iterable": 1}),
):
    show(enumerate, *arguments, **keywords)


class SubEnumerate(enumerate):
    def __init__(self, *args, **keywords):
        pass


for arguments, keywords in (((), {}), (("a", 1, 2), {}), (("a",), {"a": 1}), (("a",), {"iterable": 2}), (("a", "b"), {}), ((), {"a": 1}), ((1,), {})):
    show(SubEnumerate, *arguments, **keywords)
print(list(SubEnumerate("a", start=4)), list(SubEnumerate(start=4, iterable="b")))
e = enumerate("abc")
next(e)
print(e.__reduce__()[0], list(e.__reduce__()[1][0]), e.__reduce__()[1][1], iter(e) is e, finish(enumerate(generator())))

# zip
print(list(zip()), list(zip("ab")), list(zip("ab", [1, 2, 3])), list(zip("abc", (1, 2), {3: 4})), list(zip(strict=True)), list(zip("ab", "cd", strict=True)))
for lengths in ((2, 1), (1, 2), (1, 1, 2), (1, 1, 0), (2, 2, 1), (0, 1), (3,), (0, 0)):
    z = zip(*[range(n) for n in lengths], strict=True)
    show(list, z)
    show(list, z)
for iterables in (([1, 2], failing()), (failing(), [1, 2]), ([1], failing())):
    show(list, zip(*iterables, strict=True))
show(zip, 1)
show(zip, "a", 2)
show(zip, a=1)
show(zip, "a", strict=0, b=1)
z = zip([1, 2], [3, 4])
next(z)
print(z.__reduce__()[0], [list(i) for i in z.__reduce__()[1]], zip().__reduce__(), zip("a", strict=True).__reduce__()[2], iter(z) is z)
z = zip([1, 2], [3])
z.__setstate__(1)
show(list, z)
print(finish(zip(generator())), finish(zip(generator(), strict=True)), finish(zip("a", generator())))

# map
print(list(map(str, [1, 2])), list(map(lambda *a: a, "ab", "cde")), list(map(max, [1, 5], [3, 2], [2, 2])), list(map(None.__class__, [])))
for lengths in ((2, 1), (1, 2), (1, 1, 2), (1, 1, 0), (2, 2, 1), (3,)):
    m = map(lambda *a: a, *[range(n) for n in lengths], strict=True)
    show(list, m)
    show(list, m)
show(map)
show(map, 1)
show(map, 1, 2)
show(map, str, [1], 2)
show(map, str, a=1)
show(map, str, [1], strict=1, x=2)
show(list, map(5, [1]))
show(list, map(lambda x: 1 / x, [0]))
m = map(str, [1, 2])
next(m)
print(m.__reduce__()[0], m.__reduce__()[1][0], list(m.__reduce__()[1][1]), map(str, [1], strict=True).__reduce__()[2], iter(m) is m)
print(finish(map(str, generator())), finish(map(stop, [1])), finish(map(lambda *a: a, "a", generator())))

# filter
print(list(filter(None, [0, 1, "", "a", None])), list(filter(bool, [0, 1])), list(filter(lambda x: x > 1, [1, 2, 3])), list(filter(str.isalpha, "a1b")))
show(filter)
show(filter, 1)
show(filter, 1, 2)
show(filter, 1, 2, 3)
show(filter, None, iterable=[1])
show(list, filter(5, [1]))


class NoTruth:
    def __bool__(self):
        raise ValueError("no truth")


show(list, filter(None, [NoTruth()]))
show(list, filter(lambda x: NoTruth(), [1]))
f = filter(None, [0, 1, 2])
next(f)
print(f.__reduce__()[0], f.__reduce__()[1][0], list(f.__reduce__()[1][1]), iter(f) is f, finish(filter(None, generator())))


class SubFilter(filter):
    def __init__(self, *args, **keywords):
        pass


print(list(SubFilter(None, [1], a=1)))


# reversed
class Sequence:
    length = 3

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if index == getattr(self, "bad", None):
            raise self.error
        return index * 10


class NotReversible:
    __reversed__ = None


class Own:
    def __reversed__(self):
        return 5


class OnlyItems:
    def __getitem__(self, index):
        return index


print(list(reversed([1, 2])), list(reversed((1, 2))), list(reversed("ab")), list(reversed(range(3))), list(reversed({1: 2, 3: 4})), list(reversed(Sequence())), reversed(Own()))
print(type(reversed([])), type(reversed(())), type(reversed("a")), type(reversed(range(1))), type(reversed({})))
show(reversed)
show(reversed, 1)
show(reversed, [], 1)
show(reversed, sequence=[])
show(reversed, {1})
show(reversed, NotReversible())
show(reversed, OnlyItems())
show(reversed, iter([]))
for error in (IndexError("i"), StopIteration("s"), ValueError("v")):
    sequence = Sequence()
    sequence.bad, sequence.error = 1, error
    r = reversed(sequence)
    show(list, r)
    show(list, r)
r = reversed((1, 2, 3))
print(r.__reduce__(), r.__length_hint__(), next(r), r.__reduce__(), r.__length_hint__(), list(r), r.__reduce__(), r.__length_hint__(), iter(r) is r)
r = reversed((1, 2, 3))
for state in (0, 1, -1, -5, 100, True):
    r.__setstate__(state)
    print(r.__reduce__())
show(r.__setstate__, "a")
show(r.__setstate__, 10**30)
sequence = Sequence()
r = reversed(sequence)
sequence.length = 1
print(r.__length_hint__(), list(r))


class SubReversed(reversed):
    def __init__(self, *args, **keywords):
        pass


print(list(SubReversed((1, 2), a=1)), type(SubReversed([1])), SubReversed((1, 2)).__reduce__()[0].__name__)

# iter(callable, sentinel)
values = iter([1, 2, 3, 4])
c = iter(lambda: next(values), 3)
print(type(c), list(c), list(c), c.__reduce__()[1:])
print(list(iter(iter([1, 2]).__next__, 5)), iter(int, 1).__reduce__(), iter(c) is c)
show(list, iter(lambda: 1 / 0, 1))
show(iter, 1, 2)
show(iter)
show(iter, 1)
show(iter, [], 1, 2)
inner = []


def recurse():
    if not inner:
        inner.append(0)
        inner.append(list(c))
        return 5
    return 1


c = iter(recurse, 1)
print(list(c), inner)


# plain sequences
class Items:
    def __init__(self, *items):
        self.items = items

    def __getitem__(self, index):
        return self.items[index]


class Sized(Items):
    def __len__(self):
        return len(self.items)


i = iter(Items(1, 2, 3))
print(type(i), i.__length_hint__(), next(i), i.__reduce__()[1][1:], list(i), list(i), i.__reduce__()[1:], i.__length_hint__(), iter(i) is i)
i = iter(Sized(1, 2, 3))
print(i.__length_hint__(), next(i), i.__length_hint__())
i.__setstate__(9)
print(i.__length_hint__())
i.__setstate__(-3)
print(list(i))
show(i.__setstate__, "a")
i = iter(Items(1))
i.__setstate__(2**63 - 1)
show(next, i)
print(2 in Items(1, 2), 5 in Items(1, 2), list(Items(*"ab")), tuple(Items(3)), [*Items(4)], list(zip(Items(1), Items(2))))
for make in (lambda: iter([1, 2, 3]), lambda: iter((1, 2, 3)), lambda: reversed([1, 2, 3])):
    i = make()
    print(type(i), i.__length_hint__(), i.__reduce__()[1:], next(i), i.__length_hint__(), i.__reduce__()[1:], list(i), i.__reduce__()[1:], i.__length_hint__(), iter(i) is i)
    for state in (0, 1, -1, -5, 100, True):
        i = make()
        i.__setstate__(state)
        print(list(i))
    show(i.__setstate__, "a")
    show(make().__setstate__, 1.0)
    show(make().__setstate__, 10**30)
    show(type(i))
items = [1, 2, 3]
r = reversed(items)
items.pop()
print(r.__length_hint__(), list(r))
r = reversed(items)
items.append(5)
print(r.__length_hint__(), list(r))
print(iter([]).__reduce__()[0], reversed([]).__reduce__()[0])
