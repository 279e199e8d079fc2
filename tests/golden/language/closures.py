# closures
def f():
    fs = []
    for i in range(3):
        def g(i=i): return i
        fs.append(g); fs.append(lambda: i)
    return [h() for h in fs]
print(f())
def counter():
    n = 0
    def inc(by=1):
        nonlocal n; n += by; return n
    def get(): return n
    return inc, get
inc, get = counter(); inc(); inc(5); print(get(), inc.__closure__[0].cell_contents)
def f(a, b):
    class C:
        x = b
        def m(self): return a, b, C.x
        b_ = 5
    return C().m(), C.b_
print(f(1, 2))
def f(x):
    def g():
        def h(): return x
        return h
    x += 1
    return g()()
print(f(1))
def f(*args, k, **kw):
    return (lambda: (args, k, kw))()
print(f(1, 2, k=3, z=4))
def rec():
    def fact(n): return n * fact(n - 1) if n else 1
    return fact(10)
print(rec())
def late():
    def g(): return v
    try: g()
    except NameError as e: print(e)
    v = 1
    return g()
print(late())
class A:
    def f(self): return __class__.__name__
    g = lambda self: __class__
print(A().f(), A().g())
def f():
    x = 1
    exec("x = 2")
    d = {}
    exec("y = 3", {}, d)
    return x, d, eval("x + 1"), (lambda: eval("x", {"x": 9}))()
print(f())
def f(x):
    del x
    def g(): return x
    try: g()
    except NameError as e: print(e)
f(1)
x = 5
class B:
    x = x + 1
    def f(self): return x
    y = [x for _ in [0]]
    def g(self, x=x): return x
print(B.x, B().f(), B.y, B().g())
