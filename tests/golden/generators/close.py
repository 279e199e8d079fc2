# gen.close returns
def g():
    try:
        yield 1
    except GeneratorExit:
        return 5
y = g(); next(y)
print(y.close(), y.close())
def g():
    try:
        yield 1
    finally:
        yield 2
y = g(); next(y)
try: y.close()
except RuntimeError as e: print(e)
print(next(y, "end"))
def g():
    try:
        yield 1
    except GeneratorExit:
        raise StopIteration(3)
y = g(); next(y)
try: print(y.close())
except RuntimeError as e: print(e, repr(e.__cause__), repr(e.__context__))
def g():
    try:
        yield 1
    except GeneratorExit:
        raise KeyError(3)
y = g(); next(y)
try: print(y.close())
except KeyError as e: print(repr(e), repr(e.__context__))
