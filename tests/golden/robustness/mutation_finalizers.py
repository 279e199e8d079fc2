# del with resurrection and exceptions
saved = []
class R:
    def __init__(self, n): self.n = n
    def __del__(self): saved.append(self); print("del", self.n)
x = R(1); del x; print(len(saved), saved[0].n); saved.clear(); print("end")
class E:
    def __del__(self): raise ValueError("in del")
E()
print("after")
class A:
    def __del__(self): self.x
a = A(); a.me = a; del a
class S:
    def __del__(self): global g; g = self
s = S(); del s; print(type(g).__name__); del g; print("g" in globals())
l = [R(i) for i in range(3)]
class L:
    def __del__(self): l.clear(); print("L")
l.append(L()); del l[3]; print(len(l)); saved.clear()
class F:
    def __del__(self):
        def rec(n): return rec(n + 1)
        try: rec(0)
        except RecursionError: print("rec in del")
F()
def g():
    try: yield
    finally: print("gen closed")
def h():
    x = g(); next(x)
    raise KeyError
try: h()
except KeyError: pass
print("x")
