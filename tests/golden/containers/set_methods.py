# Every method and operator of set and frozenset, with their errors.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


class Sub(set):
    pass


class SubFrozen(frozenset):
    pass


class Init(frozenset):
    def __init__(self, *args, **keywords):
        pass


class New(set):
    def __new__(cls, *args, **keywords):
        return set.__new__(cls)


for cls in (set, frozenset, Sub, SubFrozen):
    for argument in ((), ([3, 1, 2, 1],), ("hello"[:1],), ({1: 2},), ({4, 5},), (frozenset([6]),), (range(3),), (1,), ([[]],), (1, 2)):
        show(cls, *argument)
    show(lambda: cls(a=1))
show(lambda: Init(a=1))
show(lambda: New(a=1))
show(set.__new__, int)
show(set.__init__, Sub(), 1, 2)
fs = frozenset([1])
print(frozenset(fs) is fs, frozenset(SubFrozen([1])), type(frozenset(SubFrozen([1]))), fs.copy() is fs)

s = {1, 2, 3}
print(s.add(4), s.add(1), s, s.discard(9), s.discard(4), s.remove(3), s, len(s), 1 in s, 9 in s)
print(s.pop() in (1, 2), len(s), s.clear(), s, bool(s), bool({0}))
for call in (
    lambda: s.pop(), lambda: s.remove(5), lambda: s.remove([]), lambda: s.add([]), lambda: s.discard([]), lambda: [] in s, lambda: s.add(),
    lambda: s.add(1, 2), lambda: s.pop(1), lambda: s.remove(frozenset([1])), lambda: s.remove({1}), lambda: hash(s), lambda: {[]},
    lambda: {([],)}, lambda: {1}.update(1), lambda: {1}.update([[]]), lambda: {1}.union(1), lambda: {1}.intersection(1),
    lambda: {1}.intersection([[]]), lambda: {1}.difference(1), lambda: {1}.difference([[]]), lambda: {1}.symmetric_difference(1),
    lambda: {1}.symmetric_difference(), lambda: {1}.symmetric_difference([1], [2]), lambda: {1}.isdisjoint([[]]), lambda: {1}.issubset(1),
    lambda: {1}.issuperset(1), lambda: {1}.issuperset([[]]), lambda: {1} | [1], lambda: {1} & [1], lambda: {1} - [1], lambda: {1} ^ [1],
    lambda: [1] | {1}, lambda: {1} < [1], lambda: {1} <= 1, lambda: frozenset().add, lambda: {1}[0],
):
    show(call)
print({1} in {frozenset([1])}, {frozenset([1])}.__contains__({1}), {1} in {2})
t = {frozenset([1, 2]), 5}
t.discard({1, 2})
print(t)
t.add(frozenset([7]))
t.remove({7})
print(t, Sub([1]) in {frozenset([1])})

a, b = {1, 2, 3}, {2, 3, 4}
fa, fb = frozenset(a), frozenset(b)
for x in (a, fa, Sub(a), SubFrozen(a)):
    for y in (b, fb, Sub(b), SubFrozen(b), x):
        results = [x | y, x & y, x - y, x ^ y, x.union(y), x.intersection(y), x.difference(y), x.symmetric_difference(y)]
        print(results, [type(result).__name__ for result in results])
        print(x == y, x != y, x < y, x <= y, x > y, x >= y, x.isdisjoint(y), x.issubset(y), x.issuperset(y))
for y in ([2, 9], (2, 9), {2: 0, 9: 0}, range(2, 4), "ab", {2: 0}.keys(), iter([2, 2])):
    if not hasattr(y, "__next__"):
        print(a.union(y) == a | set(y), a.intersection(y), a.difference(y), sorted(a.symmetric_difference(y), key=str), a.isdisjoint(y), a.issubset(y), a.issuperset(y))
print(a.union(), a.union([5], {6}, (7,)), a.intersection(), a.intersection([1, 2], [2, 3]), a.difference(), a.difference([1], [2]))
print(a.union() is a, fa.union() is fa, a.copy() is a, Sub(a).copy(), type(Sub(a).copy()), type(SubFrozen(a).copy()))
print(a.__or__([1]), a.__ror__({9}), a.__rsub__({9, 1}), a.__and__(1), a.__eq__([1]), a.__lt__(1), a.__ior__([1]), a.__iand__(1))

s = {1, 2, 3}
alias = s
s |= {4}
s &= {2, 3, 4}
s -= {4}
s ^= {3, 5}
print(s, alias is s)
s ^= s
print(s)
s = {1, 2, 3}
s -= s
print(s)
s = {1, 2, 3}
print(s.update([4], {5: 6}, (7,)), s.intersection_update([1, 2, 4, 5], {1, 4, 5}), s.difference_update([1], {9}), s.symmetric_difference_update([4, 6, 6]), s)
print(s.update(), s.intersection_update(), s.difference_update(), s)
s.symmetric_difference_update({5: 1, 8: 1})
s.intersection_update(s)
print(s)
f = frozenset([1])
alias = f
f |= {2}
print(f, alias, type(f))

print(hash(frozenset()), hash(frozenset([1, 2, 3])), hash(frozenset(range(100))), hash(SubFrozen([1])) == hash(frozenset([1])))
print({frozenset([1, 2]): "found"}[frozenset([2, 1])], frozenset([frozenset(), frozenset([frozenset()])]) == frozenset([frozenset([frozenset()]), frozenset()]))
print(set(), frozenset(), Sub(), SubFrozen(), {1}, frozenset([1]), Sub([1]), SubFrozen([1]), {"a'b"}, {(1, 2)}, {None})


class Inside:
    def __repr__(self):
        return repr(outer)


outer = {Inside()}
print(outer)
outer = frozenset([Inside()])
print(outer)
outer = Sub([Inside()])
print(outer)

print({1}.__reduce__(), frozenset([1]).__reduce__(), Sub([1]).__reduce__(), SubFrozen([2]).__reduce__())
sub = Sub([1])
sub.attribute = 5
print(sub.__reduce__(), sub.attribute)
iterator = iter({1, 2, 3})
print(type(iterator), iterator.__length_hint__(), next(iterator), iterator.__reduce__()[1:], list(iterator), iterator.__length_hint__(), iterator.__reduce__()[1:])
show(type(iterator))
s = {1, 2}
iterator = iter(s)
next(iterator)
s.add(3)
show(next, iterator)
show(next, iterator)
show(iterator.__reduce__)
print(iterator.__length_hint__())
try:
    for x in s:
        s.discard(x)
except RuntimeError as error:
    print(error)
print(sorted({3, 1, 2}), max({1, 5}), sum({1, 2}), [*{1}], {x for x in (1, 1)}, {1, 1.0, True}, {0, False}, {*[1, 2], *"a"} == {1, 2, "a"})
print({1, 2} == {2, 1}, {1} == {1.0}, set("ab") == {"a", "b"}, {1} == frozenset([1]), frozenset([1]) == {1}, {1} == 1)
