# agen throw unstarted
async def g(x):
    try:
        yield x
    except ValueError:
        yield "caught"
def run(c):
    try:
        print(c.send(None))
    except BaseException as e: print(type(e), e, getattr(e, "value", None))
y = g(1)
run(y.athrow(ValueError("v")))
run(y.__anext__())
y = g(1)
run(y.athrow(StopAsyncIteration("v")))
y = g(1)
run(y.athrow(StopIteration("v")))
y = g(1)
run(y.athrow(GeneratorExit))
y = g(1)
run(y.aclose())
run(y.__anext__())
y = g(1)
run(y.asend(1))
run(y.asend(None))
run(y.asend(2))
run(y.asend(2))
