# range and slice objects: every method and operator, ints of any size, errors.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Always:
    def __eq__(self, other):
        return True


class Int(int):
    pass


big = 2**70
for arguments in ((5,), (2, 5), (0, 10, 3), (10, 0, -3), (0,), (5, 2), (0, 10, -1), (True,), (Index(3),), (Int(3), Int(6)),
                  (big,), (big, big + 10, 4), (0, -big, -big // 3), (-5, 5, 2), (1, 2, 10**30), (2**61 - 3, 2**61 + 3)):
    r = range(*arguments)
    print(r, r.start, r.stop, r.step, bool(r), list(r[:4]), hash(r), r[::-1], list(reversed(r[:3])))
for arguments in ((), (1, 2, 3, 4), ("a",), (1, "a"), (1, 2, "a"), (1, 2, 0), (1.5,), (None,)):
    show(range, *arguments)
show(lambda: range(a=1))
print(type(range(True).stop), type(range(Int(3)).stop), type(range(Index(3)).stop))
show(len, range(2**100))
print(len(range(0, 10, 3)), len(range(10, 0, -3)), len(range(-(2**61), 2**61)))

r = range(0, 20, 3)
print(r[0], r[-1], r[6], r[Index(2)], r[1:4:2], r[-3:], r[5:2], r[5:2:-1], r[:], r[2:100], r[-100:3])
print(range(big)[5], range(big)[2**69], range(big)[-1], range(big)[:: 2**68], range(big, big + 10, 3)[1:3])
show(lambda: r[7])
show(lambda: r[-8])
show(lambda: r[big])
show(lambda: r["a"])
show(lambda: r[1.0])
show(lambda: r["a":])
show(lambda: r[::0])
print(6 in r, 7 in r, -3 in r, 6.0 in r, True in range(3), Int(6) in r, "a" in r, Always() in r, Always() in range(0), [] in r)
print(big in range(big + 1), big in range(0, big + 1, 7), -big in range(0, -big - 1, -1))
print(r.index(6), r.index(6.0), r.index(Always()), range(5).index(True), range(10, 0, -2).index(4), range(0, big, 2).index(big - 2))
show(r.index, 7)
show(r.index, "a")
show(range(10, 0, -2).index, 5)
print(r.count(6), r.count(7), r.count(6.0), r.count("a"), range(3).count(Always()))
print(range(0) == range(2, 1), range(0, 3, 2) == range(0, 4, 2), range(1) == range(0, 1, 5), range(3) == [0, 1, 2])
print(range(3) != range(4), range(big) == range(big), range(3).__eq__(3), range(3).__lt__(range(4)))
show(lambda: range(3) < range(4))
print(hash(range(0)) == hash(range(5, 1)), hash(range(1)) == hash(range(0, 1, 9)), {range(3): 1}[range(0, 3)])
print(r.__reduce__(), range(3).__reduce__())
show(setattr, r, "start", 1)
show(lambda: r.missing)
show(lambda: type("R", (range,), {}))
show(lambda: range[int])
total = 0
for i in range(1000):
    total += i
for i in range(1000, 0, -7):
    total += i
print(total, [i for i in range(big, big + 3)], [i for i in range(2**61 - 2, 2**61 + 2)], [i for i in range(-(2**61), -(2**61) - 2, -1)])
print(list(range(5)), tuple(range(5, 0, -1)), sum(range(100)), max(range(5)), sorted(range(5, 0, -1)))
show(list, range(10**15))
show(lambda: range(5)[0:2][1])

iterator = iter(range(10))
print(next(iterator), next(iterator), iterator.__length_hint__(), list(iterator), iterator.__length_hint__())
for make in (lambda: iter(range(5)), lambda: iter(range(big, big + 5)), lambda: reversed(range(5)), lambda: reversed(range(big, big + 5))):
    iterator = make()
    print(type(iterator), iterator.__reduce__()[1:])
    next(iterator)
    print(iterator.__reduce__()[1:], iterator.__length_hint__())
    iterator.__setstate__(2)
    print(list(iterator), iterator.__reduce__()[1:])
    iterator = make()
    iterator.__setstate__(-5)
    print(iterator.__length_hint__())
    iterator.__setstate__(100)
    print(list(iterator))
    show(iterator.__setstate__, "a")
    print(iter(iterator) is iterator)
show(type(iter(range(1))))
show(iter(range(big)).__setstate__, True)

for s in (slice(1), slice(1, 2), slice(1, 2, 3), slice(None), slice("a", [], None)):
    print(s, s.start, s.stop, s.step, s.__reduce__())
for arguments in ((), (1, 2, 3, 4)):
    show(slice, *arguments)
show(lambda: slice(a=1))
print(slice(1) == slice(None, 1, None), slice(1) != slice(2), slice(1, 2) < slice(1, 3), slice(1) == 1, slice(2) >= slice(1))
show(lambda: slice(1) < 1)
show(lambda: slice(None) < slice(1))
print(hash(slice(1, 2, 3)), hash(slice(None, 5)) == hash(slice(None, 5, None)), {slice(1): 2}[slice(1)])
show(hash, slice([]))
show(setattr, slice(1), "start", 2)
show(lambda: type("S", (slice,), {}))
print(slice(None, None, -1).indices(5), slice(10, -10, -2).indices(7), slice(1, 2, 3).indices(True), slice(-3, None).indices(2))
print(slice(big, None, -(2**65)).indices(2**66), slice(None, 5).indices(big), slice(-big, big).indices(big))
show(slice(1).indices, -5)
show(slice(1).indices, "a")
show(slice("a").indices, 5)
show(slice(None, None, 0).indices, 5)
show(slice(1).indices)
nested = []
nested.append(slice(nested))
print(nested)
