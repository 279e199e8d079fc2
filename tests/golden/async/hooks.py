# Hooks of async generators, origins of coroutines, warnings of those never awaited.
import sys
import warnings

warnings.simplefilter("always")
warnings.showwarning = lambda message, category, *rest, **more: print("warning:", category.__name__, str(message).splitlines()[0])

class Suspend:
    def __await__(self):
        return (yield "suspended")

async def numbers():
    try:
        yield 1
        await Suspend()
        yield 2
    finally:
        print("numbers over")

def first(generator):
    print("first iteration of", generator.__name__)
def finalizer(generator):
    print("finalizer of", generator.__name__)
    try:
        generator.aclose().send(None)
    except StopIteration:
        print("closed")

print(sys.get_asyncgen_hooks())
sys.set_asyncgen_hooks(first, finalizer)
print(sys.get_asyncgen_hooks() == (first, finalizer))
g = numbers()
for _ in range(2):
    try:
        g.__anext__().send(None)
    except StopIteration as stop:
        print(stop.value)
del g
print("dropped")
g = numbers()
del g
print("dropped unstarted")
sys.set_asyncgen_hooks(firstiter=None, finalizer=None)
for bad in ((1,), (None, 1)):
    try:
        sys.set_asyncgen_hooks(*bad)
    except TypeError as error:
        print(error)

async def f():
    return await g()
async def g():
    await Suspend()

f()
print("forgotten")
c = f()
c.close()
print("closed, no warning")
c = f()
c.send(None)
del c
print("started, no warning")
a = numbers()
try:
    a.__anext__().send(None)
except StopIteration:
    pass
a.asend(None)
a.aclose()
a.athrow(ValueError)
print("async generator's awaitables")
try:
    a.aclose().send(None)
except StopIteration:
    print("end")

print(sys.get_coroutine_origin_tracking_depth())
sys.set_coroutine_origin_tracking_depth(2)
def make():
    return f()
c = make()
print([(line, name) for _, line, name in c.cr_origin])
c.send(None)
print([(line, name) for _, line, name in c.cr_await.cr_origin])
c.close()
sys.set_coroutine_origin_tracking_depth(0)
c = f()
print(c.cr_origin)
c.close()
for bad in (-1, "x"):
    try:
        sys.set_coroutine_origin_tracking_depth(bad)
    except (ValueError, TypeError) as error:
        print(type(error).__name__, error)
