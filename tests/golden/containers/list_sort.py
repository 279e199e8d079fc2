# list.sort and sorted: keys of all kinds, stability, errors, lists that change while they are sorted.
def show(function, *args, **keywords):
    try:
        print(function(*args, **keywords))
    except BaseException as error:
        print(type(error).__name__, error)


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % bound


random = Random(9)


def check(items, key=None, reverse=False):
    """Compares with an insertion sort."""
    expected = []
    for item in reversed(items) if reverse else items:
        rank = item if key is None else key(item)
        at = len(expected)
        while at > 0:
            other = expected[at - 1] if key is None else key(expected[at - 1])
            if not rank < other:
                break
            at -= 1
        expected.insert(at, item)
    if reverse:
        expected.reverse()
    result = sorted(items, key=key, reverse=reverse)
    same = len(result) == len(expected) and all(a is b or a == b for a, b in zip(result, expected))
    in_place = list(items)
    in_place.sort(key=key, reverse=reverse)
    return same and repr(in_place) == repr(result)


def word():
    return "".join(["ab\x00éz中\U0001f600"[random.below(7)] for _ in range(random.below(12))])


makers = [
    lambda: random.below(50),
    lambda: random.below(50) - 25,
    lambda: random.below(2**31) * random.below(2**31) * (random.below(2**31) - 2**30),
    lambda: random.below(100) / 8 - 5,
    lambda: [0.0, -0.0, 1e300, -1e300, float("inf"), 5e-324, 2][random.below(7)],
    lambda: [2**53, 2**53 + 1, float(2**53), 2**53 - 1, float(2**80), 2**80, 2**80 + 1, -1][random.below(8)],
    lambda: bool(random.below(2)),
    lambda: [True, 1, 0, False, 2, 1.0][random.below(6)],
    word,
    lambda: (random.below(4), word()),
    lambda: (random.below(3), -random.below(3) / 2, random.below(2)),
    lambda: (random.below(3),) * random.below(4),
    lambda: ((random.below(2), word()), random.below(3)),
    lambda: [random.below(3), random.below(3)],
    lambda: (random.below(3), [random.below(3)]),
]
bad = 0
for maker in makers:
    for length in (0, 1, 2, 3, 10, 70):
        items = [maker() for _ in range(length)]
        for reverse in (False, True):
            bad += not check(items, reverse=reverse)
            bad += not check(list(range(length)), key=lambda i: items[i], reverse=reverse)
print("wrong:", bad)

print(sorted([3, 1, 2]), sorted((3, 1, 2)), sorted({3, 1, 2}), sorted("hello"), sorted({2: 0, 1: 0}))
print(sorted([0.0, -0.0]), sorted([-0.0, 0.0]), sorted([0.0, -0.0], reverse=True))
print(sorted([1, True, 0, False]), sorted([1.0, 1, True]), sorted([True, 1, 1.0], reverse=True))
nan = float("nan")
print(sorted([3, nan, 1, 2]), sorted([nan, 1]), sorted([2.0, nan, 1.0, nan, 0.5, 3.0]))
print(sorted([(1, nan), (0, nan)]), sorted([frozenset([1]), frozenset([2]), frozenset([1, 2]), frozenset()], key=len))
print(sorted("b,a;c".split(","), key=None), sorted(["b", "B", "a"], key=str.lower))
print(sorted([[2], [1, 5], [1]]), sorted([(2,), (1, 5), (1,)]), sorted([("a", 1), ("a", 0)]))
print([1, 2].sort(), [3, 1].sort(reverse=1))

show([1, "a"].sort)
show([(1, 2), (1, "a")].sort)
show([1, None, 2].sort)
show([2, 1].sort, key=1)
show([2, 1].sort, 1)
show([2, 1].sort, a=1)
show([1].sort, key=1)
show([].sort, reverse="x")
show(sorted, 1)
show(sorted)
show(sorted, [1], 2)
show([2, 1].sort, key=lambda x: x.missing)
items = [3, 1, 2]
show(items.sort, key=lambda x: 1 / (x - 1))
print(items)


class Loud:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        if self.value == 13:
            raise ValueError("unlucky")
        return self.value < other.value

    def __repr__(self):
        return "L%d" % self.value


print(sorted([Loud(3), Loud(1), Loud(2)]), sorted([Loud(3), Loud(1), Loud(2)], reverse=True))
show(sorted, [Loud(1), Loud(13), Loud(2)])

items = [5, 3, 4]
seen = []


def key(x):
    seen.append(list(items))
    return x


items.sort(key=key)
print(items, seen)

items = [5, 3, 4]


def meddle(x):
    items.append(x)
    return x


show(items.sort, key=meddle)
print(items)
items = [5, 3, 4]


def meddle_and_hide(x):
    items.append(x)
    del items[:]
    return x


show(items.sort, key=meddle_and_hide)
print(items)


class Meddler:
    def __lt__(self, other):
        things.append(1)
        things.pop()
        return False


things = [Meddler(), Meddler()]
show(things.sort)
print(len(things))


class Reversed(int):
    def __lt__(self, other):
        return int(self) > int(other)


print(sorted([Reversed(1), Reversed(3), Reversed(2)]), sorted([Reversed(1), 3, Reversed(2)]))


class Named(str):
    def __lt__(self, other):
        return str(self)[::-1] < str(other)[::-1]


print(sorted([Named("az"), Named("bb"), Named("ca")]))
big = [random.below(10**6) for _ in range(20000)]
print(sorted(big)[::4000], sorted(big, key=lambda x: -x)[::4000], sorted(big, reverse=True)[::4000])
print(sorted(map(str, big))[::4000], sorted((x % 10, -x) for x in big)[::4000], sorted(x / 7 for x in big)[::5000])
