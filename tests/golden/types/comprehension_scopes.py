x=3
def f():
    [x for x in [1]]
    y = [x for _ in [1]]
    return y
try: print(f())
except Exception as e: print(type(e), e)
def g():
    z=[x for x in [1]]
    return x
try: print(g())
except Exception as e: print(type(e), e)
def h():
    z=[(x,lambda:x) for x in [1]]
    y = [x for _ in [1]]
    return x,y
try: print(h())
except Exception as e: print(type(e), e)
class C:
    x = 2
    [x for x in [1]]
    y = [x for _ in [1]]
print(C.y)
class C:
    [x for x in [1]]
    y = [x for _ in [1]]
print(C.y)
def k():
    y=1
    class C:
        y = 2
        vals = [(x, y) for x in range(2)]
        v2 = [[(x, y) for x in range(2)] for z in [1]]
        v3 = [(lambda: (x,y))() for x in range(2)]
        v4 = [y for x in [y]]
    return C.vals, C.v2, C.v3, C.v4
print(k())
