# Every method and operator of dict, with its errors.
def show(function, *args, **keywords):
    try:
        print(function(*args, **keywords))
    except BaseException as error:
        print(type(error).__name__, error, getattr(error, "__notes__", ""))


def assign(target, key, value):
    target[key] = value


def delete(target, key):
    del target[key]


class Sub(dict):
    pass


class Missing(dict):
    def __missing__(self, key):
        return ("missing", key)


class Mapping:
    def keys(self):
        return ["a", "b"]

    def __getitem__(self, key):
        return key * 2


class OddKeys:
    keys = 5


class BadKeys:
    def keys(self):
        return 5


class OwnKeys(dict):
    def keys(self):
        print("never asked")

    def __getitem__(self, key):
        print("nor this")


class OwnIter(dict):
    def __iter__(self):
        return iter(["unused"])

    def __getitem__(self, key):
        return 9


show(dict)
show(dict, {1: 2})
show(dict, [(1, 2), [3, 4], "ab"])
show(dict, a=1, b=2)
show(dict, {"a": 0}, a=1)
show(dict, [iter([1, 2])])
show(dict, Mapping())
show(dict, OwnKeys(a=1))
show(dict, OwnIter(a=1))
show(dict, Sub(a=1))
show(lambda: {**OwnKeys(a=1), **OwnIter(b=1), **Mapping()})
show(dict, OddKeys())
show(dict, BadKeys())
show(dict, 1)
show(dict, None)
show(dict, [1])
show(dict, [(1, 2), 3])
show(dict, [(1, 2, 3)])
show(dict, ["ab", "c"])
show(dict, ["ab", ""])
show(dict, [([], 1)])
show(dict, 1, 2)
show(Sub, 1, 2)
show(dict, **{"x": 1})
show(dict.__new__, dict, 1, 2)
show(dict.__new__, int)
show(dict.__init__, {}, 1, 2)

d = {"a": 1, "b": 2}
print(d["a"], d.get("a"), d.get("z"), d.get("z", 5), d.setdefault("c"), d.setdefault("a", 7), d.setdefault("d", 4), d)
print(d.pop("c"), d.pop("zz", None), d.popitem(), d)
d["e"] = 5
d["a"] = "new"
del d["b"]
print(d, len(d), "a" in d, "b" in d, bool(d), bool({}))
print(d.update({"x": 1}), d.update([("y", 2)]), d.update(z=3), d.update(), d.update({}, w=0), d)
copy = d.copy()
print(copy == d, copy is d, d.clear(), d, copy)
for call in (
    lambda: {}["a"], lambda: {}[(1, 2)], lambda: {}[[]], lambda: {}.pop(1), lambda: {}.pop([]), lambda: {}.pop([], 1),
    lambda: {1: 1}.pop([]), lambda: {}.pop(), lambda: {}.pop(1, 2, 3), lambda: {}.popitem(), lambda: {}.get(), lambda: {}.get([]),
    lambda: {}.get(1, 2, 3), lambda: {}.get(1, default=2), lambda: {}.setdefault(), lambda: {}.setdefault([], 1), lambda: {[]: 1},
    lambda: [] in {}, lambda: {}.update(1), lambda: {}.update(1, 2), lambda: {}.update(None), lambda: {}.clear(1),
    lambda: {}.copy(1), lambda: {}.keys(1), lambda: {}.__getitem__(3), lambda: {}.__delitem__(3), lambda: {}.__setitem__([], 3),
    lambda: {}.__contains__([]), lambda: delete({}, 5), lambda: delete({}, []), lambda: assign({}, [], 1), lambda: hash({}),
    lambda: {1: 2} < {}, lambda: {}.__lt__({}), lambda: {}.__eq__(5),
):
    show(call)
print(Missing()[5], Missing(a=1)["a"], Missing().get(5), 5 in Missing())
show(lambda: Missing().pop(5))
show(lambda: Sub()[5])

print(dict.fromkeys("abc"), dict.fromkeys([1, 2], 0), dict.fromkeys({1: 9, 2: 8}), dict.fromkeys({3, 4}, 5), dict.fromkeys(range(2)))
print(type(Sub.fromkeys([1])), Sub.fromkeys({1: 2}, 3))
show(dict.fromkeys)
show(dict.fromkeys, 1)
show(dict.fromkeys, [[]])


class Setter(dict):
    def __setitem__(self, key, value):
        print("set", key, value)
        dict.__setitem__(self, key, value)


print(Setter.fromkeys([1, 2], 0), Setter.fromkeys({3: 4}), Setter(a=1), Setter({}, b=2))


class Prefilled(dict):
    def __new__(cls):
        return {"pre": 1}


class Not(dict):
    def __new__(cls):
        return 5


print(Prefilled.fromkeys([1]))
show(Not.fromkeys, [1])

print({1: 2} | {3: 4}, {1: 2} | {1: 3}, {} | {}, {1: 2, 3: 4} | Sub({3: 5}), type(Sub(a=1) | {}), type({} | Sub(a=1)))
print(OwnIter(a=1) | {}, {} | OwnIter(a=1), OwnIter(a=1).copy(), type(Sub(a=1).copy()), {} | OwnKeys(a=1))
show(lambda: {} | [(1, 2)])
show(lambda: [] | {})
print({}.__or__([]), {}.__ror__({1: 2}), {}.__ior__([(1, 2)]))
show({}.__ior__, 1)
d = {1: 2}
alias = d
d |= {3: 4}
d |= [(5, 6)]
print(d, alias is d)

print({1: 2} == {1: 2.0}, {1: 2} == {2: 1}, {1: 2} != {1: 2}, {} == {}, {1: 2} == 5, {1: 2} == Sub({1: 2}))
print({1: 1, 2: 2} == {2: 2, 1: 1}, {1: float("nan")} == {1: float("nan")})
print({}, {1: "a", "b": None, (1, 2): [3], None: {}}, {"a'b": '"'}, Sub(a=1))
d = {}
d["self"] = d
d["values"] = d.values()
print(d)
print({1: "int", 1.0: "float", True: "bool"}, {0: "a", -0.0: "b", False: "c"})
print(list({3: 0, 1: 0, 2: 0}), list(reversed({3: 0, 1: 0, 2: 0})), [*{1: 2}], {**{1: 2}, 3: 4}, max({1: 5, 3: 0}))
order = {}
for key in (5, 1, 9):
    order[key] = key
del order[1]
order[1] = "again"
order[5] = "same place"
print(order, list(order.items()))
big = {}
for i in range(1000):
    big[i * 7919 % 1009] = i
for i in range(0, 1000, 3):
    del big[i * 7919 % 1009]
print(len(big), list(big)[:5], sum(big), sum(big.values()), big == dict(big), list(big.copy()) == list(big))
while len(big) > 3:
    big.popitem()
print(big)
sub = Sub()
sub.attribute = 5
sub["x"] = 1
print(sub.attribute, sub, sub == {"x": 1})


class Unhashable:
    __hash__ = None


class Raises:
    def __hash__(self):
        raise error


for error in (TypeError("plain"), TypeError("two", 2), ValueError("value"), type("Own", (TypeError,), {})("own")):
    show(lambda: {}[Raises()])
    show(lambda: {Raises()})
show(lambda: {}[Unhashable()])
show(lambda: {}[([],)])
deep = {}
for _ in range(100000):
    deep = {1: deep}


def survive(function, *args):
    """Deep nesting is worked through or refused; either way the interpreter goes on."""
    try:
        function(*args)
    except RecursionError:
        pass
    print("survived")


survive(repr, deep)
survive(lambda: deep == deep[1])
del deep
print("no crash")
