# async throw unstarted
async def g(x):
    try:
        await x
    except ValueError:
        return "caught"
y = g(1)
try: print(y.throw(ValueError("v")))
except ValueError as e: print("raised", e)
y = g(1)
try: print(y.throw(StopIteration("v")))
except BaseException as e: print("raised", type(e), e)
y = g(1)
try: print(y.throw(GeneratorExit("v")))
except BaseException as e: print("raised", type(e), e)
async def w(c): return await c
class C:
    def __await__(self): return i
i = g(1).__await__()
y = w(C())
try: print(y.throw(ValueError("v")))
except ValueError as e: print("raised", e)
