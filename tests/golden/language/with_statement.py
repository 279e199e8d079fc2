# with statement
class CM:
    def __init__(self, n, sup=False): self.n, self.sup = n, sup
    def __enter__(self): print("enter", self.n); return self.n
    def __exit__(self, *a): print("exit", self.n, a[0], repr(a[1])); return self.sup
with CM(1) as a, CM(2) as b: print(a, b)
with CM(1, True): raise ValueError("x")
try:
    with CM(1), CM(2, False): raise ValueError("x")
except ValueError as e: print(e)
with CM(1, True), CM(2): raise KeyError
def f():
    for i in range(3):
        with CM(i):
            if i == 0: continue
            if i == 1: break
    with CM("r"): return "ret"
print(f())
with (CM(1) as a, CM(2) as [*b] if 0 else CM([3]) as b): print(a, b)
with CM((1, 2)) as (a, b): print(a, b)
class X: pass
with CM(5) as X.y, CM(6) as {}.x if 0 else CM(7) as X.z: print(X.y, X.z)
class NoExit:
    def __enter__(self): print("entered")
class NoEnter:
    def __exit__(self, *a): pass
for c in (NoExit(), NoEnter(), 1):
    try:
        with c: pass
    except TypeError as e: print(e)
class BadBool:
    def __bool__(self): raise KeyError("bool")
class CB(CM):
    def __exit__(self, *a): return BadBool()
try:
    with CB(1): raise ValueError
except KeyError as e: print(repr(e), repr(e.__context__))
with CB(1): pass
class Inst:
    def __init__(self): self.__enter__ = lambda: 1; self.__exit__ = lambda *a: 1
try:
    with Inst(): pass
except TypeError as e: print(e)
class AsyncOnly:
    async def __aenter__(self): pass
    async def __aexit__(self, *a): pass
try:
    with AsyncOnly(): pass
except TypeError as e: print(e)
with CM(1) as a, CM(a + 1) as b: print(b)
try:
    with CM(1) as (a, b): pass
except TypeError as e: print(e)
