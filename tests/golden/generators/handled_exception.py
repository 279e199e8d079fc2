# exc state across yields
def g():
    try:
        raise ValueError("inner")
    except ValueError as e:
        yield repr(e.__context__)
        try: raise
        except ValueError as e2: yield e2 is e
    try: raise KeyError
    except KeyError as e: yield repr(e.__context__)
try: raise TypeError("outer")
except TypeError:
    y = g()
    print(next(y))
    try: 1/0
    except ZeroDivisionError: print(next(y))
print(next(y))
def h():
    try: yield
    except ValueError: 
        try: yield 1
        except KeyError as k: yield repr(k.__context__)
y = h(); next(y); y.throw(ValueError); print(y.throw(KeyError))
def k():
    yield
    raise KeyError
y = k(); next(y)
try:
    try: raise ValueError
    except ValueError: next(y)
except KeyError as e: print(repr(e.__context__))
def bare():
    yield
    raise
y = bare(); next(y)
try:
    try: raise ValueError("v")
    except ValueError: next(y)
except BaseException as e: print(repr(e))
