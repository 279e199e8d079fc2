# How instances keep their attributes: in slots, and in a dict when that is needed.


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class A:
    def __init__(self, n=0):
        for i in range(n):
            setattr(self, "a%d" % i, i)


print("many attributes")
for n in (1, 3, 4, 10, 40):
    a = A(n)
    print(n, sum(getattr(a, "a%d" % i) for i in range(n)), len(a.__dict__))
a = A(40)
print(a.a0, a.a39)
a.a39 = 5
print(a.a39)

print("deletion")
a = A(3)
del a.a2
attempt(lambda: a.a2)
a.a2 = 7
print(list(a.__dict__.items()))
del a.a0
a.a0 = 1
print(list(a.__dict__.items()))
b = A(3)
del b.a1
b.x = 1
print(b.a0, b.a2, b.x, list(b.__dict__))
attempt(lambda: b.a1)

print("the dict")
c = A(2)
d = c.__dict__
print(d)
c.z = 3
d["y"] = 4
print(d, c.y, c.__dict__ is d)
del d["a0"]
attempt(lambda: c.a0)
c.__dict__ = {"fresh": 1}
print(c.fresh, d)
attempt(lambda: c.z)
e = A()
e.__dict__ = c.__dict__
e.shared = 2
print(c.shared)
del c.__dict__
print(c.__dict__, e.fresh)


class Dict(dict):
    def __getitem__(self, key):
        return "overridden"

    def __missing__(self, key):
        return "missing"


f = A()
f.__dict__ = Dict(k=1)
print(f.k)
attempt(lambda: f.nothing)
vars(f)[1] = 2
print(len(vars(f)))

print("two orders")
g, h = A(), A()
g.x, g.y = 1, 2
h.y, h.x = 3, 4
print(g.x, g.y, h.x, h.y, list(vars(g)), list(vars(h)))

print("inherited and own")


class S(A):
    kind = "class"

    def __init__(self):
        self.p = 1
        self.q = 2
        self.r = 3
        self.s = 4
        self.t = 5


s = S()
print(s.p + s.q + s.r + s.s + s.t, s.kind)
s.kind = "instance"
print(s.kind, S.kind)
del s.kind
print(s.kind)

print("dropping attributes runs finalisers in order")


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("end of", self.name)


x = A()
x.one, x.two, x.three = Loud("one"), Loud("two"), Loud("three")
x.two = None
del x
y = A()
y.one = Loud("in dict")
y.__dict__
del y
print("done")

print("an attribute that replaces itself")


class Swap:
    def __del__(self):
        z.v = "from __del__"


z = A()
z.v = Swap()
z.v = 1
print(z.v)
