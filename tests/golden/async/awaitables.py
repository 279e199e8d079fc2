# What can be awaited, and what the errors say.
def run(c):
    values = []
    try:
        while True:
            values.append(c.send(None))
    except StopIteration as stop:
        return values, stop.value
    except Exception as error:
        return values, type(error).__name__, str(error), repr(error.__cause__)

def awaitable(result):
    class A:
        def __await__(self):
            return result() if callable(result) else result
    return A()

async def wait(x):
    return await x

def gen():
    got = yield 1
    return "returned"

async def coro(): return 1

for thing in (1, None, "s", [1], object, gen(), coro, iter([]), awaitable(1), awaitable(None), awaitable([1]),
              awaitable(iter([1, 2])), awaitable(gen), awaitable(coro), awaitable(lambda: 1 / 0), coro()):
    print(type(thing).__name__, run(wait(thing)))

class Raising:
    def __await__(self): return self
    def __iter__(self): return self
    def __next__(self): raise StopIteration("from next")
print(run(wait(Raising())))
class Quiet(Raising):
    def __next__(self): raise StopIteration
print(run(wait(Quiet())))
class Tuple(Raising):
    def __next__(self): raise StopIteration((1, 2))
print(run(wait(Tuple())))
class Many(Raising):
    def __next__(self): raise StopIteration(1, 2)
print(run(wait(Many())))
class NoAwait:
    __await__ = None
print(run(wait(NoAwait())))

c = coro()
print(run(c))
print(run(c))
print(run(wait(c)))
for operation in (lambda: next(c), lambda: iter(c), lambda: c.send(), lambda: c.throw(), lambda: list(c)):
    try:
        operation()
    except Exception as error:
        print(type(error).__name__, error)
print(type(c.__await__()).__name__)
w = coro().__await__()
try:
    next(w)
except StopIteration as stop:
    print("stop", stop.value)
print(iter(w) is w, hasattr(w, "send"), hasattr(w, "throw"), hasattr(w, "close"))

# A coroutine that raises StopIteration.
async def stop(kind): raise kind
print(run(stop(StopIteration)), run(stop(StopAsyncIteration)), run(stop(GeneratorExit) if 0 else coro()))

# async with and async for on what does not offer it.
class Half:
    async def __aenter__(self): return 1
class Sync:
    def __enter__(self): return 1
    def __exit__(self, *a): pass
class BadEnter:
    def __aenter__(self): return 1
    async def __aexit__(self, *a): pass
class BadExit:
    async def __aenter__(self): return 1
    def __aexit__(self, *a): return 2
async def enter(m):
    async with m as x:
        return x
async def body(m):
    async with m:
        pass
async def body_raises(m):
    async with m:
        1 / 0
for m in (Half(), Sync(), 1, BadEnter(), BadExit()):
    print(type(m).__name__, run(enter(m)), run(body(m)), run(body_raises(m)))
async def loop(x):
    async for i in x:
        return i
class NoNext:
    def __aiter__(self): return self
class AwaitedIter:
    async def __aiter__(self): return self
class BadNext:
    def __aiter__(self): return self
    def __anext__(self): return 1
class RaisingNext:
    def __aiter__(self): return self
    def __anext__(self): raise KeyError("n")
import_warnings = None
for x in (1, [1], NoNext(), BadNext(), RaisingNext()):
    print(type(x).__name__, run(loop(x)))
async def synchronous_for():
    async def agen():
        yield 1
    for i in agen(): pass
async def synchronous_with():
    with BadExit(): pass
print(run(synchronous_for()), run(synchronous_with()))
