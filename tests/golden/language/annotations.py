# annotations
x: int = 1
y: "undefined"
z: undefined_name
print(__annotations__ if 0 else list(__annotate__(4) if 0 else []))
class A:
    a: int
    b: str = "b"
    c: undefined
    def f(self, p: int, *args: str, k: "q" = 1, **kw: float) -> undefined2: pass
print(A.__annotations__ if 0 else "lazy", A.b)
try: A.__annotations__
except NameError as e: print(e)
undefined = 5
print(A.__annotations__)
print(A.f.__annotate__ is not None)
try: A.f.__annotations__
except NameError as e: print(e)
undefined2 = 6
print(A.f.__annotations__)
def g(a: print("not evaluated")): pass
def h(): 
    v: print("local not evaluated") = 1
    (w): int
    return v
print(h())
def loc(t):
    class C:
        m: t
        def n(self, o: t) -> "t": pass
    return C
print(loc(int).__annotations__, loc(str).n.__annotations__)
class B:
    if x: cond: int
    else: nope: str
    for i in range(2): loop: i
print(B.__annotations__)
B.__annotations__["new"] = 1; print(B.__annotations__)
del B.__annotations__; print(B.__annotations__)
for f in (lambda: A.__annotate__(1), lambda: A.__annotate__(2), lambda: A.__annotate__(4), lambda: A.__annotate__(5)):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
def nof(): pass
print(nof.__annotations__, nof.__annotate__)
nof.__annotations__ = {"a": 1}; print(nof.__annotations__)
try: nof.__annotations__ = 5
except TypeError as e: print(e)
try: nof.__annotate__ = 5
except TypeError as e: print(e)
nof.__annotate__ = lambda f: {"z": f}; print(nof.__annotations__)
(lambda: 0).attr = 1
d = {}
d["k"]: int = 5; print(d)
class E: pass
E.v: int = 3; print(E.v, E.__annotations__)
for src in ("def f(a, a): pass", "x: int: str", "(x, y): int", "[x]: int", "x, y: int", "def f():\n global x\n x: int", "class A:\n  x: (yield)", "def f(x: (yield)): pass", "x: (y := 1)", "def f() -> (await x): pass", "lambda x: int: 5", "x: *int", "def f(*a: *int): pass\nprint('star')"):
    try: exec(src); print("ok", src)
    except SyntaxError as e: print(e.msg, "|", src)
    except Exception as e: print(type(e).__name__, e)
