# Lists that change while somebody works with them.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


class Meddler:
    def __init__(self, action, result=False):
        self.action, self.result = action, result

    def __eq__(self, other):
        self.action()
        return self.result

    def __repr__(self):
        self.action()
        return "meddler"


items = [1, 2, 3]
items[0] = Meddler(items.clear)
show(lambda: 5 in items)
print(items)
items = [Meddler(lambda: items.append(0)) for _ in range(3)]
show(lambda: items.count(7))
print(len(items))
items = [Meddler(lambda: items.clear(), True), 2]
show(items.remove, 5)
print(items)
items = [Meddler(lambda: items.pop()), 2, 3, 4]
show(items.index, 9)
print(len(items))
left, right = [], []
left[:] = [Meddler(right.clear, True), 1]
right[:] = [1, 2]
show(lambda: left == right)
print(len(left), right)
left[:] = [Meddler(lambda: left.append(1), True)]
right[:] = [1]
show(lambda: left == right)
show(lambda: left < right)
items = [Meddler(lambda: items.append(1)), 2]
print(repr(items))
items = [Meddler(lambda: items.clear()), 2]
print(repr(items))

items = [1, 2, 3]
for item in items:
    if len(items) < 6:
        items.append(item * 10)
print(items)
items = [1, 2, 3, 4]
for item in items:
    items.remove(item)
print(items)
iterator = iter(items)
items.clear()
print(list(iterator), items.append(5), list(iterator))


class Key:
    def __hash__(self):
        items.clear()
        return 1


items = [Key(), 1, 2]
print(len(set(items)))
items = [1, 2, 3]
show(lambda: items.extend(items.pop() for _ in range(2)))
print(items)
items = [1, 2, 3]
show(lambda: list(map(lambda x: items.pop(), items)))


class Length:
    def __iter__(self):
        return iter((1, 2))

    def __length_hint__(self):
        return hint


for hint in (0, 1, 1000, -1, "a", NotImplemented, 10**30):
    show(list, Length())
hint = 2**62
show(list, Length())
deep = []
for _ in range(100000):
    deep = [deep]


def survive(function, *args):
    """Deep nesting is worked through or refused; either way the interpreter goes on."""
    try:
        function(*args)
    except RecursionError:
        pass
    print("survived")


survive(repr, deep)
survive(lambda: deep == deep[0])
other = []
for _ in range(100000):
    other = [other]
survive(lambda: deep == other)
survive(lambda: deep < other)
del deep, other
print("no crash")
