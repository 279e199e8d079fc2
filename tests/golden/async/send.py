# Calls of `send`, which run the generator in the caller's loop.

import sys, types
def g():
    try:
        x = yield 1
        print("got", x)
        y = yield 2
        print("got", y)
    finally:
        print("fin")
    return 42
a = g()
print(a.send(None)); print(a.send("p"))
try:
    a.send("q")
except StopIteration as e:
    print("stop", e.value, e.args, e.__traceback__.tb_lineno, e.__traceback__.tb_next, e.__context__)
try:
    a.send(1)
except StopIteration as e: print(repr(e))
b = g()
try: b.send(1)
except TypeError as e: print(e)
def rec():
    global r
    try: r.send(None)
    except ValueError as e: print(e)
    yield 5
r = rec(); print(r.send(None))
def bad():
    yield 1
    raise KeyError("k")
b = bad(); b.send(None)
try: b.send(None)
except KeyError as e:
    tb = e.__traceback__
    while tb: print(tb.tb_frame.f_code.co_name, tb.tb_lineno); tb = tb.tb_next
def outer():
    v = yield from inner()
    print("v", v)
    return "done"
def inner():
    a = yield "i1"
    b = yield "i2"
    return (a, b)
o = outer(); print(o.send(None), o.send(10))
try: o.send(20)
except StopIteration as e: print(e.value)
# the generator's only owner is the call
def temp():
    try:
        while True: print("r", (yield "t"))
    finally: print("closed")
print(temp().send(None)); print("after")
async def co(): return 7
c = co()
try: c.send(None)
except StopIteration as e: print(e.value)
try: c.send(None)
except RuntimeError as e: print(e)
c = co()
try: types.GeneratorType.send(c, None)
except TypeError as e: print(e)
c.close()
def stopper():
    yield 1
    raise StopIteration("x")
s = stopper(); s.send(None)
try: s.send(None)
except RuntimeError as e: print(repr(e), repr(e.__cause__))
def deep(n):
    if n: 
        yield from (deep(n-1))
    else:
        x = yield "bottom"
        print(x)
d = deep(50); print(d.send(None)); 
try: d.send("hi")
except StopIteration: print("over")
def selfdel():
    global sd
    x = yield 1
    del sd
    y = yield 2
sd = selfdel(); sd.send(None); print(sd.send(3))
class D:
    def __del__(self): print("D dies")
def holder():
    d = D()
    yield 1
print(holder().send(None)); print("end")
def loop_send(n):
    def echo():
        v = None
        while True: v = yield v
    e = echo(); e.send(None); t = 0
    for i in range(n): t += e.send(i)
    return t
print(loop_send(1000))
def recur(n):
    g = gen(n); return g.send(None)
def gen(n):
    yield recur(n-1) if n else 0
print(recur(100))
try: print(recur(100000))
except RecursionError as e: print("RecursionError", e)
f = [sys._getframe(0)]
def who():
    yield sys._getframe().f_back.f_code.co_name
def caller(): return who().send(None)
print(caller())

def returns(value):
    return value
    yield
def stopped(value):
    try: returns(value).send(None)
    except StopIteration as e: return e
e = stopped((1, 2)); print(e.args, e.value, repr(e), str(e))
e = stopped(None); print(e.args, e.value, repr(e))
e = stopped(3); e.value = 4; print(e.args, e.value)
e = stopped(3); del e.value; print(e.args, e.value)
e = stopped(3); e.args = (7, 8); print(e.args, e.value)
e = stopped(3); e.__init__(); print(e.args, e.value)
import copy
print(repr(copy.copy(stopped([5]))), stopped(6).__reduce__()[1])
def deep_raise(n):
    if n: return deep_raise(n - 1)
    try: raise KeyError("inner")
    except KeyError as e: return e.__context__
print(deep_raise(50))
try: raise ValueError("outer")
except ValueError: print(repr(deep_raise(50)))
print(deep_raise(5))
def handling():
    try: raise OSError("in generator")
    except OSError:
        yield deep_raise(2)
        yield deep_raise(2)
h = handling(); print(repr(h.send(None)), deep_raise(3), repr(h.send(None)))
del h
print(deep_raise(3), sys.exc_info())
