# type params
def f[T](x: T) -> T: return x
print(f(1), f.__type_params__)
class A[T, *Ts, **P]:
    x: T
    def m[U](self, y: U) -> T: return y
print(A.__type_params__, A.m.__type_params__, A.__orig_bases__ if hasattr(A, "__orig_bases__") else None, A[int, str, [int]])
type X = int | str
type Y[T] = list[T]
print(X, X.__value__, Y[int], Y.__type_params__, Y.__value__)
def g[T: int, U: (int, str), V = bool](): return T, U, V
for t in g(): print(t, t.__bound__, t.__constraints__, t.__default__)
type Lazy = undefined_thing
try: Lazy.__value__
except NameError as e: print(e)
undefined_thing = 5; print(Lazy.__value__)
class B[T]:
    def f(self): return T
    type Z = T
    U = T
print(B().f(), B.Z.__value__, B.U)
type Rec = list[Rec]; print(Rec.__value__)
for src in ("def f[T, T](): pass", "class A[T]: T = 1\nprint(A.T)", "type X[T: (yield)] = 1", "def f[T](): nonlocal T", "class A[T](T): pass", "def f[T](x=T): pass", "type x.y = 1", "def f[*T = int](): pass", "def f[T = int, U](): pass", "class A[T: (x := 1)]: pass", "def f[**P: int](): pass", "def f[](): pass"):
    try: exec(src); print("ok", src)
    except SyntaxError as e: print(e.msg, "|", src)
    except Exception as e: print(type(e).__name__, e)
