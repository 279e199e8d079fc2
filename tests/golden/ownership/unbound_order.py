# An unbound name raises at its place in the evaluation order, before what follows it and after what precedes it.
def g(*args):
    print("called", args)
    return 1

def attempt(function):
    try:
        print(function())
    except NameError as error:
        print(type(error).__name__, error)

def unbound(kind):
    if False:
        x = 0
    if kind == 0: return x + g()
    if kind == 1: return g() + x
    if kind == 2: return g(g(1), x, g(2))
    if kind == 3: return [g(1), x, g(2)]
    if kind == 4: return {g(1): x, g(2): 1}
    if kind == 5: return x[g()]
    if kind == 6: return x.attr(g())
    if kind == 7: return x(g())
    if kind == 8: return x < g() < g()
    if kind == 9: return f"{g()}{x}{g()}"
    if kind == 10: x += g()
    if kind == 11: x[g()] += g()
    if kind == 12: x.attr = g()
    if kind == 13: return g(*x, g())
    if kind == 14: return g(g(1), **x)
    if kind == 15: return x if g() else g()
    if kind == 16: return (x, (x := 2))
    if kind == 17: return ((x := 2), x)
    if kind == 18: del x
    if kind == 19: return -x
    if kind == 20: return x is g()
    if kind == 21: return g() in x
    if kind == 22: x[g(1)], y = g(2), g(3)
    if kind == 23: return [x for _ in range(g())]
    if kind == 24: return lambda: x
    if kind == 25: return x and g()
    if kind == 26: return g(1)[x]
    if kind == 27: return x + (x := g())

for kind in range(28):
    try:
        result = unbound(kind)
        print(kind, result if not callable(result) else attempt(result))
    except (NameError, TypeError) as error:
        print(kind, type(error).__name__, error)

def deleted():
    y = 1
    del y
    return y + g()
attempt(deleted)

def looped():
    for i in range(2):
        if i:
            print(z)
            del z
        else:
            z = "bound"
    return z
attempt(looped)

def handler():
    try:
        raise ValueError("v")
    except ValueError as e:
        print(e)
    return e
attempt(handler)

def free():
    def inner():
        return g(v, g())
    attempt(inner)
    v = 5
    attempt(inner)
    del v
    attempt(inner)
free()

attempt(lambda: missing + g())
attempt(lambda: g() + missing)
class Body:
    try:
        missing
    except NameError as error:
        print(error)
    later = "class"
    def method(self):
        return later
attempt(Body().method)
