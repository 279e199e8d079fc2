# async generators
class Y:
    def __init__(self, v): self.v = v
    def __await__(self): return (yield self.v)
def run(c):
    out = []
    v = None
    try:
        while True:
            v = c.send(v); out.append(v)
    except StopIteration as e: return out, e.value
    except BaseException as e: return out, repr(e)
log = []
async def ag():
    try:
        a = yield 1
        log.append(("a", a))
        b = await Y("aw")
        log.append(("b", b))
        c = yield 2
        log.append(("c", c))
    except ValueError as e:
        log.append(repr(e)); yield "caught"
    finally:
        log.append("fin")
        await Y("cleanup")
        log.append("fin2")
async def t1(): return [x async for x in ag()]
print(run(t1()), log); log.clear()
async def t2():
    g = ag()
    r = [await g.__anext__(), await g.asend("s")]
    r.append(await g.athrow(ValueError("v")))
    try: await g.asend(None)
    except StopAsyncIteration as e: r.append(repr(e))
    return r
print(run(t2()), log); log.clear()
async def t3():
    g = ag(); await g.__anext__()
    await g.aclose()
    return [x async for x in g]
print(run(t3()), log); log.clear()
async def t4():
    g = ag(); await g.__anext__()
    try: await g.athrow(KeyError("k"))
    except KeyError as e: return repr(e)
print(run(t4()), log); log.clear()
async def t5():
    async for x in ag():
        if x == 1: break
    return "broke"
print(run(t5()), log); log.clear()
async def bad():
    try: yield 1
    finally: yield 2
async def t6():
    g = bad(); await g.__anext__()
    try: await g.aclose()
    except RuntimeError as e: return str(e)
print(run(t6()))
async def t7():
    g = ag()
    a = g.__anext__(); b = g.__anext__()
    try: a.send(None)
    except StopIteration as e: print("a", e.value)
    try: a.send(None)
    except RuntimeError as e: print(e)
    c = g.asend(5)
    print(c.send(None))
    try: b.send(None)
    except RuntimeError as e: print(e)
    try: g.aclose().send(None)
    except RuntimeError as e: print(e)
    try: g.athrow(ValueError).send(None)
    except RuntimeError as e: print(e)
    c.close()
    print(g.ag_running, g.ag_await)
print(run(t7())); log.clear()
async def t8():
    g = ag()
    try: await g.asend(1)
    except TypeError as e: print(e)
    print(await g.__anext__())
    c = g.asend(1)
    c.close()
    try: c.send(None)
    except RuntimeError as e: print(e)
    c = g.asend(1)
    try: c.throw(KeyError("x"))
    except BaseException as e: print(repr(e))
print(run(t8())); log.clear()
async def t9():
    g = ag()
    print(anext(g).__class__.__name__, aiter(g) is g)
    print(await anext(g), await anext(g), await anext(g, "d"), await anext(g, "d"))
    try: await anext(g)
    except StopAsyncIteration: print("end")
print(run(t9())); log.clear()
async def comp():
    a = [x async for x in ag() if await Y("cond") is None]
    b = {x: y async for x, y in pairs()}
    c = {x async for x in nums()}
    d = [y for x in [1, 2] for y in [await Y(x)]]
    e = (x async for x in nums())
    f = [x async for x in e]
    g = [[y async for y in nums()] for _ in range(2)]
    return a, b, c, d, f, g, type(e).__name__
async def pairs(): yield 1, 2; yield 3, 4
async def nums(): yield 1; yield 2
print(run(comp())); log.clear()
async def els():
    async for x in nums(): pass
    else: print("else")
    async for x in nums(): break
    else: print("no")
    async for [a, *b] in lists(): print(a, b)
async def lists(): yield [1, 2, 3]
print(run(els()))
async def raising():
    yield 1
    raise ValueError("in agen")
async def t10():
    try:
        async for x in raising(): print(x)
    except ValueError as e: return repr(e), repr(e.__context__)
print(run(t10()))
async def deleg():
    async for x in deleg2(): yield x
async def deleg2():
    for i in range(3): await Y(i); yield i * 10
async def t11(): return [x async for x in deleg()]
print(run(t11()))
async def cm():
    class CM:
        async def __aenter__(self): await Y("enter"); return 5
        async def __aexit__(self, *a): await Y("exit"); return a[0] is ValueError
    async with CM() as x, CM() as y: print(x, y)
    async with CM(): raise ValueError
    try:
        async with CM(): raise KeyError("k")
    except KeyError as e: print(repr(e))
    for i in range(2):
        async with CM():
            if i: break
            continue
    async with CM(): return "ret"
print(run(cm()))
