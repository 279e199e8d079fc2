# A coroutine that was suspended in one chain goes on in another, also below coroutines that were called in place.
class Suspend:
    def __await__(self):
        return (yield "suspended")

def leaf(n):
    total = 0
    for i in range(n):
        total += (yield "suspended") or 0
    return total

class Started:
    """Awaiting it goes on with a generator that may have run before."""
    def __init__(self, generator): self.generator = generator
    def __await__(self): return self.generator

def step(c, value=None):
    try:
        return c.send(value)
    except StopIteration as stop:
        return ("done", stop.value)
    except RuntimeError as error:
        return str(error)

async def pass_on(c):
    try:
        return ("passed", await Started(c))
    finally:
        print("pass_on over")

async def outer(c):
    try:
        return ("outer", await pass_on(c))
    finally:
        print("outer over")

def fresh(steps=1):
    c = leaf(5)
    for _ in range(steps):
        step(c)
    return c

# Already suspended once by itself, then awaited below a fused call.
c = fresh()
o = outer(c)
print(step(o), step(o, 5), c.gi_yieldfrom, o.cr_await.__name__)
print(step(o, 6), step(o, 7), step(o, 8))

c = fresh()
o = outer(c)
print(step(o))
print(o.cr_await.cr_await is c, o.cr_await.__name__, o.cr_running, c.gi_running)
o.close()
print("closed", c.gi_frame)

c = fresh()
o = outer(c)
print(step(o))
try:
    o.throw(ValueError("thrown"))
except ValueError as error:
    print("out came", error)
print(c.gi_frame)

c = fresh()
o = outer(c)
print(step(o))
del o
print("outer dropped", c.gi_frame is not None)
print(step(c, 1))

# The middle of a suspended chain is resumed by somebody else; the chain above meets its remains.
c = fresh()
o = outer(c)
print(step(o))
middle = o.cr_await
print(middle.__name__, step(middle, 1), step(c, 2), step(middle, 3), step(o, 4), step(o, 5))
try:
    print(step(o, 6))
except (RuntimeError, ValueError) as error:
    print(error)

# Awaited by two at once.
c = fresh()
a, b = outer(c), outer(c)
print(step(a))
try:
    print(step(b))
except (RuntimeError, ValueError) as error:
    print(type(error).__name__, error)
print(step(a, 3))
a.close()
b.close()

# A coroutine that awaits itself.
async def selfish():
    await me
me = selfish()
try:
    step(me)
except (RuntimeError, ValueError) as error:
    print(type(error).__name__, error)

async def selfish_later():
    await Suspend()
    await me
me = selfish_later()
print(step(me))
try:
    step(me)
except (RuntimeError, ValueError) as error:
    print(type(error).__name__, error)

# Resumed while it runs.
async def reentrant():
    try:
        me.send(None)
    except ValueError as error:
        print(type(error).__name__, error)
    try:
        me.throw(KeyError)
    except ValueError as error:
        print(type(error).__name__, error)
    try:
        me.close()
    except ValueError as error:
        print(type(error).__name__, error)
    return me.cr_running
me = reentrant()
print(step(me))

async def reentrant_below():
    async def inner():
        try:
            me.send(None)
        except ValueError as error:
            print(type(error).__name__, error)
        return me.cr_running
    return await inner()
me = reentrant_below()
print(step(me))

def yielding():
    try:
        yield next(g)
    except ValueError as error:
        yield str(error)
g = yielding()
print(next(g))
def through():
    yield from inner_g
def inner():
    yield 1
    try:
        next(g)
    except ValueError as error:
        yield str(error)
    yield inner_g.gi_running
inner_g = inner()
g = through()
print(list(g))

# A very long chain.
async def deep(n):
    if n:
        return await deep(n - 1) + 1
    return await Suspend()
d = deep(500)
print(step(d), step(d, 1000))
d = deep(500)
print(step(d))
at, depth = d, 0
while at.__class__ is d.__class__:
    at, depth = at.cr_await, depth + 1
print(depth, type(at).__name__)
try:
    d.throw(ValueError("deep"))
except ValueError as error:
    tb, n = error.__traceback__, 0
    while tb:
        tb, n = tb.tb_next, n + 1
    print(n)
d = deep(500)
step(d)
d.close()
print(d.cr_frame, d.cr_await)
