# PEP 479
def g():
    raise StopIteration(1)
    yield
try: next(g())
except RuntimeError as e: print(e, repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
def g():
    yield next(iter([]))
try: next(g())
except RuntimeError as e: print(e, repr(e.__cause__))
def g():
    try:
        yield 1
    except ValueError:
        raise StopIteration
y = g(); next(y)
try: y.throw(ValueError)
except RuntimeError as e: print(e)
async def c(): raise StopIteration
try: c().send(None)
except RuntimeError as e: print(e)
async def c(): raise StopAsyncIteration
try: c().send(None)
except StopAsyncIteration as e: print(repr(e))
async def a():
    raise StopAsyncIteration
    yield
try: a().__anext__().send(None)
except RuntimeError as e: print(e)
async def a():
    raise StopIteration
    yield
try: a().__anext__().send(None)
except RuntimeError as e: print(e)
try: next(next(iter([])) for _ in [1])
except RuntimeError as e: print(e)
try: print([next(iter([])) for _ in [1]])
except StopIteration as e: print(repr(e))
