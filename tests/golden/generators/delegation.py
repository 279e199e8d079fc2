# return value via yield from, send through
def inner():
    x = yield 1
    y = yield x
    return y
def outer():
    r = yield from inner()
    yield ("r", r)
o = outer(); print(next(o), o.send(2), o.send(3))
class It:
    def __iter__(self): return self
    def __next__(self): return 1
def d():
    yield from It()
o = d(); next(o)
try: o.send(5)
except AttributeError as e: print(e)
o = d(); next(o)
try: o.throw(KeyError("k"))
except KeyError as e: print(repr(e))
def d2():
    yield from 1
try: next(d2())
except TypeError as e: print(e)
class It2(It):
    def __next__(self): raise StopIteration(9)
def d3(): 
    x = yield from It2()
    print(x)
print(list(d3()))
class It3(It):
    def throw(self, *a): print("throw", a); return "t"
    @property
    def close(self): print("close get"); raise KeyError("prop")
def d4(): yield from It3()
o = d4(); next(o); print(o.throw(KeyError()))
try: o.close()
except KeyError as e: print(repr(e))
