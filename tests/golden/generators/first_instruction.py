# yields param first
def g(x):
    yield x
print(list(g(5)), [i for i in g(None)], next(g(None)), g(3).send(None))
def w(x):
    while True:
        x = (yield x) or x
y = w(1)
print(next(y), y.send(2), y.send(3), next(y))
def f(x):
    yield from x
print(list(f([1, 2])))
async def a(x):
    await x
class A:
    def __await__(self): yield 1
print(a(A()).send(None))
async def ag(x):
    yield x
async def use():
    return [i async for i in ag(7)]
try: use().send(None)
except StopIteration as e: print(e.value)
