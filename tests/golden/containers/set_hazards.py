# Sets whose elements change them while they are compared, the order of elements, and the growth of tables.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


class Element:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, other):
        global action
        if action is not None:
            run, action = action, None
            run()
        return isinstance(other, Element) and self.name == other.name

    def __repr__(self):
        return "E" + self.name


action = None


def grow():
    s.update(range(100))


def refill():
    s.clear()
    s.add(Element("c"))


for change in (lambda: s.clear(), grow, refill):
    for operation in (
        lambda: Element("c") in s,
        lambda: s.add(Element("c")),
        lambda: s.add(Element("z")),
        lambda: s.discard(Element("c")),
        lambda: s.remove(Element("c")),
        lambda: len(s | {Element("c")}),
        lambda: len(s & {Element("c")}),
        lambda: len(s - {Element("c")}),
        lambda: len(s ^ {Element("c")}),
        lambda: s.update({Element("c"), Element("y")}),
        lambda: s.intersection_update([Element("c")]),
        lambda: s.difference_update([Element("c")]),
        lambda: s.symmetric_difference_update([Element("c")]),
        lambda: s == {Element("c"), Element("b"), Element("a")},
        lambda: s.issuperset([Element("c")]),
    ):
        s = {Element("a"), Element("b"), Element("c")}
        action = change
        show(operation)
        action = None
        print(len(s))


class Key:
    def __init__(self, code):
        self.code = code

    def __hash__(self):
        return self.code

    def __repr__(self):
        return "<%d>" % self.code


# Deleted entries are reused, the last one on the way first.
s = {Key(8 * i) for i in range(4)}
print(s)
for code in (1, 9, 17):
    s.add(Key(code))
first, second = list(s)[1], list(s)[2]
s.remove(first)
s.remove(second)
s.add(Key(24))
print(s)
for count in (1, 4, 5, 6, 12, 13, 20, 80, 300):
    s = set()
    for i in range(count):
        s.add(i * 11)
    print(count, list(s)[:12])
print({1, 17, 33}, {33, 17, 1}, {8, 0}, {0, 8}, {-1, -2}, {2**61 - 1, 0, 5}, {3.5, 1, 2}, {5, 3, 1, 9, 8, 7, 20, 33, 41})
print(set(range(20, 0, -1)), set([10**20, 3, 10**10]), {True, 5, 2}, {(1, 2), (2, 1), 4} == {4, (2, 1), (1, 2)})
a, b = set(range(0, 60, 3)), set(range(0, 60, 4))
print(a | b, a & b, a - b, a ^ b, b | a, b & a, b - a, b ^ a)
print(a.union(b, [100, 1]), a.difference(range(30)), a.symmetric_difference(range(5)), a.intersection(range(0, 60, 5)))
s = set(range(100))
for i in range(90):
    s.discard(i)
print(s, s.pop(), s.pop(), s)
s.add(1000)
s.add(7)
print(s, s.pop(), s.pop())
s = {5, 6, 7}
s.pop()
s.clear()
s.update((1, 2, 3, 4))
print(s.pop(), s)
s = set(range(10))
t = s.copy()
t -= set(range(3))
t |= {50}
print(t, set(t), frozenset(t), set(list(t)))


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


s = {Noted("a")}
s.clear()
s = {Noted("b")}
s.pop()
s = {Noted("c")}
del s
print("done")


class Reentrant:
    def __del__(self):
        s.add(len(s))


s = {Reentrant()}
s.clear()
print(s)
s = {Reentrant(), 5}
s &= {5}
print(s)
deep = frozenset()
for _ in range(20000):
    deep = frozenset([deep])


def survive(function, *args):
    """Deep nesting is worked through or refused; either way the interpreter goes on."""
    try:
        function(*args)
    except RecursionError:
        pass
    print("survived")


survive(repr, deep)
survive(hash, deep)
del deep
print("no crash")
