# Every method and operator of list, with its errors.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


def delete(target, key):
    del target[key]
    return target


def assign(target, key, value):
    target[key] = value
    return target


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Sub(list):
    pass


show(list)
show(list, "abc")
show(list, (1, 2))
show(list, {1: 2})
show(list, range(3))
show(list, 1)
show(list, 1, 2)
show(lambda: list(a=1))
show(lambda: Sub(a=1))
show(lambda: Sub(1, 2))
show(lambda: list.__new__(list, 1, 2, a=3))
show(lambda: list.__new__(int))
show(lambda: [1].__init__())

items = [1, 2, 3]
print(items.append(4), items)
print(items.extend((5, 6)), items)
print(items.extend(x for x in "ab"), items)
print(items.extend(items), items)
print(items.insert(0, "first"), items)
print(items.insert(-1, "before last"), items)
print(items.insert(100, "end"), items)
print(items.insert(-100, "start"), items)
print(items.insert(Index(1), "indexed"), items)
print(items.pop(), items.pop(0), items.pop(-2), items.pop(Index(2)), items)
print(items.remove("a"), items)
print(items.index(3), items.index(3, 2), items.index(3, -20, 20))
print(items.count(3), items.count("nothing"))
print(items.reverse(), items)
copy = items.copy()
print(copy == items, copy is items)
print(items.clear(), items, copy)

show([].pop)
show([1].pop, 5)
show([1].pop, -2)
show([1].pop, "a")
show([].pop, 10**30)
show([].remove, 1)
show([].index, 1)
show([1].index, 1, "a")
show([1].index, 1, None)
show([1, 2].index, 2, 0, 1)
show([].insert, "a", 1)
show([].extend, 1)
show([].append)
show([].append, 1, 2)
show([].copy, 1)
show([].clear, 1)
show([].count)

print([1, 2] + [3], [1, 2] * 2, 2 * [1, 2], [1] * 0, [1] * -1, [1] * Index(2), [] * 3)
show(lambda: [] + 1)
show(lambda: [] + (1,))
show(lambda: [] * "a")
show(lambda: [] * 1.5)
show(lambda: "a" * [])
show(lambda: [1] * 10**30)
show(lambda: [1, 2] * 2**62)
show([].__add__, 1)
show([].__mul__, "a")
show([].__imul__, "a")
show([].__iadd__, 1)
items = [1]
alias = items
items += "bc"
items *= 2
print(items, alias is items)
items *= 0
print(items, alias is items)
items += items
print(items)

items = [10, 20, 30, 40]
print(items[0], items[-1], items[Index(1)], items[True])
show(lambda: items[4])
show(lambda: items[-5])
show(lambda: items["a"])
show(lambda: items[1.0])
show(lambda: items[10**30])
show(lambda: items[None])
show(assign, items, 4, 1)
show(assign, items, "a", 1)
show(assign, items, -1, "last")
show(delete, items, 4)
show(delete, items, "a")
show(delete, items, 0)
show(items.__getitem__, 0)
show(items.__getitem__, slice(1, None))
show(items.__delitem__, 0)
show(items.__setitem__, 0, 5)
print(items)
print(20 in [10, 20], 5 in [10], "a" not in ["a"], 1.0 in [1], None in [])

print([1, 2] == [1, 2], [1, 2] != [1, 3], [1, 2] < [1, 3], [1] < [1, 0], [2] > [1, 5], [] <= [], [1] >= [1, 2])
print([1].__eq__((1,)), [1].__lt__(5), [1].__ne__([1]))
show(lambda: [1] < (1,))
show(lambda: [1] < 1)
show(lambda: [1, "a"] < [1, 2])
nan = float("nan")
print([nan] == [nan], [float("nan")] == [float("nan")])

nested = [1]
nested.append(nested)
print(nested, [], [[]], [[1], [2, [3]]], ["a'b", None])
print(str(nested), repr(Sub([1, 2])), repr(Sub()))
show(hash, [])
print(len([]), len([1, 2]), bool([]), bool([0]))

sub = Sub([1, 2, 3])
print(type(sub + [4]), type(sub[:]), type(sub * 2), type(sub.copy()), type(Sub.__new__(Sub)))
sub += [9]
print(type(sub), sub)
sub.attribute = 5
print(sub.attribute, sub == [1, 2, 3, 9], [1, 2, 3, 9] == sub)
print(list(reversed([1, 2, 3])), list(iter([1, 2])), [*[1, 2], *(3,)])


class Equal:
    def __eq__(self, other):
        return True


print([1, Equal()].index(7), [Equal()].count(3), 5 in [Equal()])
