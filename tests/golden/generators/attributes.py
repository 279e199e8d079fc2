# generator attributes
def g(a):
    b = yield a
    yield from [1]
y = g(1)
print(y.gi_running, y.gi_suspended, y.gi_yieldfrom, y.__name__, y.__qualname__, y.gi_code.co_name)
next(y); print(y.gi_running, y.gi_suspended, y.gi_yieldfrom); next(y); print(type(y.gi_yieldfrom))
list(y); print(y.gi_frame, y.gi_running, y.gi_suspended, y.gi_yieldfrom)
y.__name__ = "n"; print(y.__name__); y.__qualname__ = "q"; print(y)
try: y.__name__ = 1
except TypeError as e: print(e)
def s():
    print(me.gi_running, me.gi_suspended)
    yield
me = s(); next(me)
