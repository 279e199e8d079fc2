# coroutine throw/close with finally awaiting
class Y:
    def __init__(self, v): self.v = v
    def __await__(self): return (yield self.v)
async def f():
    try: await Y(1)
    finally:
        print("fin"); x = await Y(2); print("got", x)
c = f(); print(c.send(None), c.throw(KeyError("k")))
try: c.send("v")
except KeyError as e: print(repr(e))
c = f(); c.send(None)
try: c.close()
except RuntimeError as e: print(e)
try: c.send(None)
except BaseException as e: print(repr(e))
async def outer():
    try: await f()
    except KeyError: return "outer caught"
c = outer(); c.send(None); print(c.throw(KeyError("k")))
try: c.send(3)
except StopIteration as e: print(e.value)
async def cancel():
    try: await Y(1)
    except BaseException as e: print(type(e)); raise
c = cancel(); c.send(None); c.close()
c = cancel(); c.send(None)
try: c.throw(GeneratorExit)
except GeneratorExit: print("GE")
c = cancel(); c.send(None); del c
print("end")
