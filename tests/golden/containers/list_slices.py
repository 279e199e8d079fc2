# Slices of lists: reading, assigning, deleting, with any step; checked against a slow model.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


def assign(target, key, value):
    target[key] = value
    return target


def delete(target, key):
    del target[key]
    return target


bounds = [None, -100, -7, -3, -1, 0, 1, 2, 5, 6, 7, 100, 10**30, -(10**30)]
steps = [None, 1, 2, 3, 7, 100, -1, -2, -3, -100, 10**30, -(10**30)]
bad = 0
for length in (0, 1, 6):
    for start in bounds:
        for stop in bounds:
            for step in steps:
                items = list(range(length))
                part = slice(start, stop, step)
                indices = list(range(*part.indices(length)))
                if items[part] != [items[i] for i in indices]:
                    bad += 1
                left = [x for x in items if x not in indices]
                gone = items[:]
                del gone[part]
                if gone != left:
                    bad += 1
                if step not in (None, 1):
                    new = items[:]
                    new[part] = [x + 100 for x in indices]
                    if new != [x + 100 if x in indices else x for x in items]:
                        bad += 1
                else:
                    new = items[:]
                    new[part] = "xyz"
                    low = part.indices(length)[0]
                    high = max(low, part.indices(length)[1])
                    if new != items[:low] + list("xyz") + items[high:]:
                        bad += 1
print("differences:", bad)

show(assign, [1, 2], slice(None), 1)
show(assign, [1, 2], slice(None, None, 2), 1)
show(assign, [1, 2, 3], slice(None, None, 2), [1])
show(assign, [1, 2, 3], slice(None, None, -1), [1, 2])
show(assign, [1, 2, 3], slice(3, 0, 1), ["x"])
show(assign, [1, 2, 3], slice(5, 2, 2), [])
show(lambda: [1]["a":])
show(lambda: [1][:"a"])
show(lambda: [1][::"a"])
show(lambda: [1][::0])
show(delete, [1], slice(None, None, 0))

items = [0, 1, 2, 3, 4, 5]
items[5:2] = ["x"]
print(items)
items = [1, 2, 3, 4]
items[::2] = items[:2]
print(items)
items[::-1] = items
print(items)
items[1:2] = items
print(items)
items[:] = (x for x in "ab")
print(items)
items[len(items):] = {5: 6}
print(items)


class Sub(list):
    def __iter__(self):
        return iter([5, 5])


items = [1, 2, 3]
items[:] = Sub([8, 9])
print(items)

# The iterable that is assigned may change the list; the slice is fitted afterwards.
items = [1, 2, 3]


def append():
    items.append(9)
    items.append(10)
    yield 7


items[0:3] = append()
print(items)
items = [1, 2, 3]


def clear():
    items.clear()
    yield 7
    yield 8


items[0:3] = clear()
print(items)
items = [1, 2, 3, 4]
show(assign, items, slice(0, 4, 2), clear())
print(items)


class Bound:
    def __init__(self, name, value):
        self.name, self.value = name, value

    def __index__(self):
        print("index of", self.name)
        return self.value


print([1, 2, 3, 4][Bound("start", 0):Bound("stop", 3):Bound("step", 2)])
print([1, 2, 3, 4][Bound("start", 1):Bound("stop", 3)])
print((1, 2, 3, 4)[Bound("start", 1):Bound("stop", 3)])


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


items = [Noted(i) for i in range(5)]
del items[1:4]
print("and the rest")
del items
items = [Noted(i) for i in range(5)]
del items[::2]
print("and the rest")
items.clear()
items = [Noted(i) for i in range(3)]
items[:] = []
print("done")
