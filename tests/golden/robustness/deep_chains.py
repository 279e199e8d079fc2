# Values nested far deeper than the stack: an answer or RecursionError, never a crash.
def chain(wrap, n=1000000):
    x = None
    for _ in range(n):
        x = wrap(x)
    return x

def attempt(operation):
    try:
        operation()
    except RecursionError:
        pass
    print("survived")

x, y = chain(lambda x: [x]), chain(lambda x: [x])
attempt(lambda: x == y)
attempt(lambda: x < y)
attempt(lambda: repr(x))
x, y = chain(lambda x: (x,)), chain(lambda x: (x,))
attempt(lambda: x == y)
attempt(lambda: hash(x))
attempt(lambda: repr(x))
attempt(lambda: isinstance(1, x))
attempt(lambda: issubclass(int, x))
x, y = chain(lambda x: {1: x}), chain(lambda x: {1: x})
attempt(lambda: x == y)
attempt(lambda: repr(x))
x = chain(lambda x: frozenset([x]))
attempt(lambda: repr(x))
attempt(lambda: {x})
x = chain(lambda x: slice(x))
attempt(lambda: repr(x))
attempt(lambda: hash(x))
x = chain(lambda x: ValueError(x))
attempt(lambda: repr(x))
attempt(lambda: str(x))
del x, y
def generator(x):
    if x is None:
        yield 1
    else:
        yield from x
x = chain(generator, 100000)
attempt(lambda: next(x))
del x
x = chain(lambda x: ExceptionGroup("g", [x]) if x else ValueError(), 100000)
attempt(lambda: repr(x))
attempt(lambda: x.split(KeyError))
attempt(lambda: x.subgroup(ValueError))
attempt(lambda: x.derive([x]))
def star():
    try:
        raise x
    except* ValueError:
        pass
attempt(star)
del x
