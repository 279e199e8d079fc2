# context chains
def chain(e):
    r = []
    while e: r.append(repr(e)); e = e.__context__
    return r
try:
    try:
        try: raise ValueError(1)
        except ValueError: raise KeyError(2)
    except KeyError: raise TypeError(3)
except TypeError as e: print(chain(e))
a = ValueError("a")
try:
    try: raise a
    except ValueError:
        try: raise KeyError("b")
        except KeyError: raise a
except ValueError as e: print(chain(e))
class CM:
    def __enter__(self): return self
    def __exit__(self, t, v, tb):
        raise KeyError("exit")
try:
    with CM(): raise ValueError("body")
except KeyError as e: print(chain(e))
try:
    with CM(): pass
except KeyError as e: print(chain(e))
def g():
    try: yield
    finally: raise KeyError("gen")
x = g(); next(x)
try: x.throw(ValueError("thrown"))
except KeyError as e: print(chain(e))
try:
    raise ValueError("outer")
except ValueError:
    try: [1][5]
    except IndexError as e: print(chain(e))
    print([chain(e) for e in [KeyError()]])
try: {}["x"]
except KeyError as e: print(chain(e))
def f():
    try: raise ValueError("f")
    except ValueError: pass
    raise KeyError("after")
try: f()
except KeyError as e: print(chain(e))
