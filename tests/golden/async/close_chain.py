# Closing what awaits an async generator that awaits something.

import types
async def agenfn():
    try:
        yield 1
    finally:
        print("fin")
@types.coroutine
def _async_yield(v): return (yield v)
async def anext_impl(it):
    return await it.__anext__()
async def agen():
    try:
        await _async_yield(1)
        yield 5
    except GeneratorExit:
        print("GE"); raise
def t():
    ag = agen()
    g = anext_impl(ag)
    g = g.__await__()
    print(g.send(None))
    g.close()
    print("closed")
t()
async def ag2():
    try:
        yield 1
    except GeneratorExit: 
        print('ge2'); raise
@types.coroutine
def pause(v): return (yield v)
async def inner():
    try:
        return await pause("deep")
    finally:
        print("inner fin")
async def gen3():
    try:
        yield await inner()
    finally:
        print("gen3 fin")
async def loop():
    try:
        async for x in gen3():
            print(x)
    finally:
        print("loop fin")
c = loop(); print(c.send(None)); c.close(); print("closed again")
c = loop(); print(c.send(None))
try: c.throw(KeyError("k"))
except KeyError as e: print(repr(e))
c = loop(); print(c.send(None))
try: c.throw(GeneratorExit())
except GeneratorExit as e: print(repr(e))
async def stubborn():
    try: yield await inner()
    except GeneratorExit: yield 7
async def loop2():
    async for x in stubborn(): print("item", x)
c = loop2(); print(c.send(None))
try: c.close()
except RuntimeError as e: print(e)
