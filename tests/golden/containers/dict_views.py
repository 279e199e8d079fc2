# Views of dicts, their set operations, and the iterators.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


d = {1: "one", 2: "two", 3: "three"}
keys, values, items = d.keys(), d.values(), d.items()
print(keys, values, items, {}.keys(), {}.values(), {}.items())
print(len(keys), len(values), len(items), list(keys), list(values), list(items))
print(list(reversed(keys)), list(reversed(values)), list(reversed(items)), list(reversed(d)))
d[4] = "four"
print(keys, values, items, sorted(keys), sorted(values), sorted(items))
print(1 in keys, 9 in keys, "one" in values, 1 in values, (1, "one") in items, (1, "two") in items, [1, "one"] in items, 1 in items, (1, 2, 3) in items)
show(lambda: [] in keys)
show(lambda: ([], 1) in items)
show(lambda: [] in values)
print(keys.mapping, type(keys.mapping), values.mapping[1], items.mapping == d)
show(hash, keys)
show(hash, items)
show(type(keys))
show(type(values))
show(type(iter(keys)))

ab = {1: 2, 3: 4}
for other in ([1, 5], {1, 5}, frozenset([1, 5]), {1: 0, 5: 0}, {1: 0, 5: 0}.keys(), (x for x in (1, 5)), range(10), {1: 2}.items(), 1, [[]]):
    view = ab.keys()
    if not hasattr(other, "__next__"):
        show(lambda: view & other)
        show(lambda: other & view)
        show(lambda: view | other)
        show(lambda: other | view)
        show(lambda: view - other)
        show(lambda: other - view)
        show(lambda: view ^ other)
        show(lambda: other ^ view)
        show(lambda: view.isdisjoint(other))
        show(lambda: view == other)
        show(lambda: view != other)
        show(lambda: view < other)
        show(lambda: view <= other)
        show(lambda: view > other)
        show(lambda: view >= other)
    else:
        show(lambda: view | other)
for other in ([(1, 2), (5, 6)], {(1, 2), (5, 6)}, {1: 2, 5: 6}.items(), {1: 3}.items(), {1: 2}.keys(), [], 1):
    view = ab.items()
    show(lambda: view & other)
    show(lambda: other & view)
    show(lambda: sorted(view | other))
    show(lambda: view - other)
    show(lambda: other - view)
    show(lambda: sorted(view ^ other))
    show(lambda: view.isdisjoint(other))
    show(lambda: view == other)
    show(lambda: view <= other)
print({1: []}.items() & [(1, 2)], {1: []}.items() ^ {1: []}.items(), {1: []}.items() == {1: []}.items(), {1: []}.items() <= {1: [], 2: 3}.items())
show(lambda: {1: []}.items() | [])
show(lambda: {1: []}.items() - [])
print(ab.values() == ab.values(), ab.keys() == ab.keys(), ab.keys().isdisjoint(ab.keys()), {}.keys().isdisjoint({}.keys()))
show(ab.keys().isdisjoint)
show(lambda: ab.values() & ab.values())
many = {i * 5: i for i in range(30)}
few = {i * 10: i for i in range(4)}
print(many.keys() & few.keys(), few.keys() & many.keys(), many.keys() & set(few), set(few) & many.keys(), few.keys() & set(many))
print(many.items() & few.items(), few.keys() - many.keys(), few.keys() | [1], few.keys() ^ many.keys())


class Sub(dict):
    def __iter__(self):
        return iter([7])


print(Sub(a=1).keys() | [], list(Sub(a=1)), list(Sub(a=1).keys()))
nested = {}
nested["k"] = nested.keys()
nested["i"] = nested.items()
print(nested)

for make in (iter, reversed):
    for part in (d, d.keys(), d.values(), d.items()):
        iterator = make(part)
        print(type(iterator), iterator.__length_hint__(), next(iterator), iterator.__length_hint__(), iterator.__reduce__()[1:], list(iterator), iterator.__reduce__()[1:], iterator.__length_hint__(), iter(iterator) is iterator)


def change(make, action):
    table = {i: i for i in range(5)}
    iterator = make(table)
    next(iterator)
    action(table)
    show(list, iterator)
    show(list, iterator)
    print(iterator.__length_hint__())
    show(iterator.__reduce__)


def replace(table):
    del table[0]
    table[7] = 1


def rotate(table):
    for key in list(table):
        del table[key]
        table[key] = 0


for make in (iter, lambda t: iter(t.items()), lambda t: iter(t.values()), reversed, lambda t: reversed(t.items())):
    change(make, lambda table: table.update({9: 9}))
    change(make, lambda table: table.pop(3))
    change(make, lambda table: table.clear())
    change(make, lambda table: table.update({1: "x"}))
    change(make, replace)
table = {0: 1}
seen = 0
try:
    for item in table.items():
        seen += 1
        del table[0]
        table[0] = 1
except RuntimeError as error:
    print(error, seen)
table = {i: i for i in range(5)}
try:
    for key in table:
        table[key + 5] = table.pop(key)
except RuntimeError as error:
    print(error, len(table))
for key, value in {1: 2, 3: 4}.items():
    print(key, value)
print([k for k in {1: 2}], {v: k for k, v in {1: 2}.items()}, dict(zip("ab", {5: 6, 7: 8})), list(map(str, {1: 2}.values())))
