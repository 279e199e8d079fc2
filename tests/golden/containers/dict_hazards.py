# Dicts whose keys and values change them while they are compared, and other hazards.
def show(function, *args):
    try:
        print(function(*args))
    except BaseException as error:
        print(type(error).__name__, error)


class Key:
    def __init__(self, name, code=1):
        self.name, self.code = name, code

    def __hash__(self):
        return self.code

    def __eq__(self, other):
        if action is not None:
            action()
        return isinstance(other, Key) and self.name == other.name

    def __repr__(self):
        return "K" + self.name


action = None
d = {Key("a"): 1, Key("b"): 2, Key("c"): 3}
print(d[Key("c")], Key("b") in d, d.pop(Key("a")), d, d.get(Key("z")))
calls = []


def spy():
    calls.append(1)


action = spy
print(d[Key("c")], len(calls))


def clearing():
    global action
    action = None
    d.clear()


def growing():
    global action
    action = None
    for i in range(100):
        d[i] = i


def replacing():
    global action
    action = None
    d.clear()
    d[Key("c")] = "replaced"


for change in (clearing, growing, replacing):
    for operation in (
        lambda: d[Key("c")],
        lambda: Key("c") in d,
        lambda: d.get(Key("c")),
        lambda: d.setdefault(Key("c"), "default"),
        lambda: d.pop(Key("c"), "default"),
        lambda: d.update({Key("c"): "updated"}),
        lambda: d.__setitem__(Key("z"), 1),
        lambda: d.__delitem__(Key("c")),
    ):
        action = None
        d = {Key("a"): 1, Key("b"): 2, Key("c"): 3}
        action = change
        show(operation)
        action = None
        print(len(d))

action = None
source = {Key("a"): 1, "x": 2, Key("b"): 4}
target = {Key("c"): 6}


def shrinking():
    source.pop("x", None)


action = shrinking
show(target.update, source)
action = None
print(len(target))

left, right = {1: Key("a"), 2: 3}, {1: Key("a"), 2: 3}
action = left.clear
show(lambda: left == right)
action = None
left, right = {1: Key("a"), 2: 3}, {1: Key("a"), 2: 3}
action = right.clear
show(lambda: left == right)
action = None


class Show:
    def __init__(self, action):
        self.action = action

    def __repr__(self):
        self.action()
        return "show"


d = {1: Show(lambda: d.clear()), 2: 3}
print(repr(d))
d = {1: Show(lambda: d.__setitem__(9, 9)), 2: 3}
print(repr(d))
d = {1: 2}
d.update(d)
d |= d
print(d, d == d, {**d, **d})


class Order:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, other):
        print("eq", self.name, getattr(other, "name", other))
        return True


print({1: Order("a")} == {1: Order("b")}, {Order("ka"): 1} == {Order("kb"): 1})
print((1, Order("x")) in {1: Order("y")}.items(), Order("q") in {1: Order("y")}.values())
d = {Order("old"): 1}
d[Order("new")] = 2
print([key.name for key in d], list(d.values()))


class Noted:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


d = {1: Noted("one"), 2: Noted("two")}
d[1] = None
del d[2]
d = {Noted("k1"): Noted("v1"), Noted("k2"): Noted("v2")}
d.clear()
d = {Noted("k3"): Noted("v3")}
del d
d = {1: Noted("popped")}
d.pop(1)
print("done")


class Reentrant:
    def __del__(self):
        d["from del"] = len(d)


d = {1: Reentrant(), 2: Reentrant()}
d[1] = 0
del d[2]
print(d)
d = {1: Reentrant(), 2: 3}
d.clear()
print(d)

# Popping and adding over and over must not use up the table.
d = {}
for i in range(5000):
    d[i] = i
    d.popitem()
    assert i + 1 not in d
d = dict.fromkeys(range(5))
for i in range(5000):
    key = next(iter(d))
    del d[key]
    d[i + 5] = None
print(len(d), list(d))
