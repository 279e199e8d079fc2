# An operand is the value its name had when it was evaluated, whatever later operands do to the name.
def walrus():
    x = 1
    print(x + (x := 5), x)
    print((x := 2) + x + (x := 3) + x, x)
    print([x, (x := 7), x], (x, (x := 8), x), {x: (x := 9), (x := 10): x})
    print(x < (x := 20) < (x := 30), x)
    print(x if (x := 0) else x, f"{x}{(x := 4)}{x}")
    print(max(x, (x := 1), x), "%s %s" % (x, (x := 2)))
    items = [10, 20, 30]
    print(items[x] + items[(x := 0)] + items[x])
    print(-x, not x, x or (x := 3) or x, x and (x := 0) and x, x)

def call(x):
    def show(*args, **kwargs):
        return args, kwargs
    print(show(x, (x := x + "b"), x, key=x, other=(x := x + "c"), last=x))
    print(show(*x, (x := "de"), *x, **{x: (x := "f")}, **{x: x}))
    f = show
    print(f(x, (f := len), f))
    print(x.join([x, (x := "-"), x]))

def attributes():
    class Box: pass
    a = b = Box()
    a.v = 1
    a.v, a = a.v + 1, None
    print(a, b.v)
    a = b
    a.next, a = Box(), 3
    print(a, type(b.next).__name__)
    a = b
    a.v += (a := Box(), 10)[1]
    print(b.v, vars(a))

def targets():
    i = 0
    items = [0] * 4
    i, items[i], i = 1, 5, 2
    print(i, items)
    i, items[(i := 3)] = 9, i
    print(i, items)
    items[i - 3] = items = [i]
    print(i, items) if len(items) == 1 else print("long", items)

def subscript():
    x = {1: 2, 2: 3}
    x[1] = x = 5
    return x

def augmented():
    x = [1]
    y = x
    x += (x := [2], [3])[1]
    print(x, y)
    x = 1
    x += (x := 10)
    print(x)
    x = 1
    def change():
        nonlocal x
        x = 100
        return 1
    x += change()
    print(x)

def swaps():
    a, b, c = 1, 2, 3
    a, b, c = c, a, b
    print(a, b, c)
    a, b = b, a = a, b
    print(a, b)
    (a, b), c = (b, c), a
    print(a, b, c)
    a = [1, 2]
    a[0], a[1] = a[1], a[0]
    print(a)
    a, *a = a
    print(a)

def comprehensions():
    x = 1
    print(x + sum(x := i for i in [5, 6]), x)
    print([x, [x := j for j in range(3)], x])
    print(x in [(x := 3), 2], x)

walrus()
call("a")
attributes()
try:
    targets()
except TypeError as error:
    print(error)
try:
    subscript()
except TypeError as error:
    print(error)
augmented()
swaps()
comprehensions()

x = 1
print(x + (x := 5), [x, (x := 6), x])
class Body:
    x = 2
    print(x + (x := 7), [x, (x := 8), x])
