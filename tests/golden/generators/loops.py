# loop starts at first instruction
def g(n):
    while n:
        yield n
        n -= 1
print(list(g(3)))
def g(it):
    for x in it: yield x
print(list(g("abc")))
def g():
    yield
print(list(g()))
def g(x):
    return x
    yield
print(list(g(1)))
def g(x):
    with x: yield 1
def g(x):
    lambda: (yield)
    yield x
print(list(g(1)))
def g(x):
    class A: y = x
    yield A.y
print(list(g(1)))
g = (x for x in [1, None, 2])
print(list(g))
