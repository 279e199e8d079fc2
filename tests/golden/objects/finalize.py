# __del__: once, in order, with resurrection.
import gc


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


print("when the last reference goes")
a = Loud("a")
a = None
b = [Loud("b1"), Loud("b2"), Loud("b3")]
del b
t = (Loud("t1"), Loud("t2"))
del t
d = {"k": Loud("value"), Loud("key"): 1}
del d


def f():
    local = Loud("local")
    other = Loud("other")
    print("in f")


f()


class Holder:
    pass


h = Holder()
h.x = Loud("h.x")
h.y = Loud("h.y")
h.x = 1
print("replaced")
del h
print("chain")


class Chain:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        if self.n % 2500 == 0:
            print("chain", self.n)


head = None
for i in range(10001):
    c = Chain(i)
    c.next = head
    head = c
del c
del head

print("resurrection")


class Phoenix:
    def __del__(self):
        global kept
        kept = self
        print("saved")


p = Phoenix()
p.data = 5
del p
print(kept.data)
del kept
print("no second time")


class Del:
    pass


Del.__del__ = lambda self: print("assigned __del__")
Del()


class SubDel(Del):
    pass


SubDel()
del Del.__del__
SubDel()
print("gone")

print("in a cycle")
x = Loud("cycle")
x.self = x
del x
gc.collect()
x, y = Loud("one"), Loud("two")
x.other, y.other = y, x
del x, y
gc.collect()
p = Phoenix()
p.self = p
del p
gc.collect()
print(kept.self is kept)
kept.self = None
del kept
gc.collect()

print("an object that makes another in its end")


class Maker:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("maker", self.n)
        if self.n:
            Maker(self.n - 1)


Maker(3)

print("during an exception")


def g():
    z = Loud("z")
    raise ValueError("g")


try:
    g()
except ValueError as e:
    print("caught", e)
print("after")
