# sort mutation
l = [3, 1, 2]
def key(x):
    l.append(1); return x
try: l.sort(key=key)
except ValueError as e: print(e, sorted(l)[:3])
class C:
    def __init__(self, n): self.n = n
    def __lt__(self, o): l.clear(); return self.n < o.n
l = [C(3), C(1), C(2)]
try: l.sort()
except ValueError as e: print(e, len(l))
class D:
    def __lt__(self, o): raise KeyError("lt")
l = [D(), D(), 1]
try: l.sort()
except KeyError as e: print(repr(e), len(l))
import_ = 0
l = [C(i % 7) for i in range(100)]; k = l[:]
class R:
    n = 0
    def __init__(self, v): self.v = v
    def __lt__(self, o): R.n = (R.n * 1103515245 + 12345) % 2147483648; return R.n % 2
x = [R(i) for i in range(1000)]; x.sort(); print(sorted(r.v for r in x) == list(range(1000)))
l = [1, "a", 2.0]
try: l.sort()
except TypeError as e: print(e, l)
