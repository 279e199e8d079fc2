# Every method and operator of tuple, with its errors.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


def assign(target, key, value):
    target[key] = value


def delete(target, key):
    del target[key]


class Sub(tuple):
    pass


class Other(tuple):
    def __new__(cls, *args, **keywords):
        return tuple.__new__(cls, *args)


show(tuple)
show(tuple, "abc")
show(tuple, [1, 2])
show(tuple, {1: 2})
show(tuple, range(3))
show(tuple, (x for x in "ab"))
show(tuple, 1)
show(tuple, 1, 2)
show(lambda: tuple(a=1))
show(lambda: Sub(a=1))
show(lambda: Other([1], a=1))
show(lambda: tuple.__new__(Other, a=1))
show(lambda: tuple.__new__(int))
show(tuple.__new__)
show(tuple.__new__, 1)

pair = (1, 2)
print(tuple(pair) is pair, pair[:] is pair, pair + () is pair, () + pair is pair, pair * 1 is pair, pair[0:0] is ())
print(tuple([]) is (), pair * 0 is (), tuple("") is ())
print(pair + (3,), pair * 2, 2 * pair, pair * -1, (1, 2, 3, 4)[::2], (1, 2, 3)[::-1], (1, 2, 3)[1:])
show(lambda: () + 1)
show(lambda: () + [1])
show(lambda: () * 1.5)
show(lambda: pair * 2**62)
show(pair.__add__, [1])
show(pair.__mul__, "a")
print(pair[0], pair[-1], pair[True])
show(lambda: pair[2])
show(lambda: pair["a"])
show(lambda: pair[None])
show(lambda: pair[10**30])
show(lambda: pair["a":])
show(lambda: pair[::0])
show(pair.__getitem__, 5)
show(assign, pair, 0, 1)
show(delete, pair, 0)
show(delete, pair, "a")
print((1, 2, 1).index(1), (1, 2, 1).index(1, 1), (1, 2, 1).count(1), 2 in pair, 5 in pair)
show((1, 2, 3).index, 3, 0, -1)
show((1, 2, 3).index, 4)
show((1,).index, 1, "a")
show(().index)
show(().count)
print((1, 2) == (1, 2), (1, 2) != (1, 2), (1,) < (1, 0), (2,) > (1, 5), () <= (), (1,) >= (1, 2), (1,).__eq__([1]))
show(lambda: (1,) < [1])
show(lambda: (1, "a") < (1, 2))
print(hash(()), hash((1, 2, 3)), hash((1, (2, 3))), hash((0.5, 2**70, True)), hash(Sub((1, 2, 3))))
show(hash, ([],))
print((), (1,), (1, 2), ((),), ((1,), [2]), ("a'b",), Sub((1,)), Sub())
items = []
nested = (items,)
items.append(nested)
print(nested, items)
print(len(()), len(pair), bool(()), bool((0,)))
print(pair.__getnewargs__(), Sub(pair).__getnewargs__(), type(Sub(pair).__getnewargs__()[0]))
sub = Sub((1, 2))
print(type(sub), type(sub[:]), type(sub + ()), type(() + sub), type(sub * 1), type(tuple(sub)), tuple(sub) is sub)
sub.attribute = 1
print(sub.attribute, sub == (1, 2), (1, 2) == sub, {sub: 1}[(1, 2)])
print(list(reversed((1, 2, 3))), list(iter((1, 2))), (*"ab", *[1]))


class Shout:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        print("eq", self.name, other.name)
        return True


print((Shout("a"), Shout("b")) == (Shout("c"), Shout("d")), (Shout("a"),) < (Shout("b"), 1), (Shout("a"),) == (Shout("b"), 1))
deep = ()
for _ in range(100000):
    deep = (deep,)


def survive(function, *args):
    """Deep nesting is worked through or refused; either way the interpreter goes on."""
    try:
        function(*args)
    except RecursionError:
        pass
    print("survived")


survive(repr, deep)
survive(hash, deep)
survive(lambda: deep == deep[0])
del deep
print("no crash")
