# deep recursion plain
def f(n): return f(n+1)
try: f(0)
except RecursionError as e: print(e)

# repr recursion
class A:
    def __repr__(self): return repr(self)
try: repr(A())
except RecursionError as e: print(type(e))

# nested list repr
x = []
for i in range(100000): x = [x]
try: repr(x)
except RecursionError as e: print(type(e).__name__)

# nested tuple hash
x = ()
for i in range(40000): x = (x,)
try: hash(x)
except RecursionError as e: print(type(e).__name__)
print("ok")

# eq recursion
class A:
    def __eq__(self, o): return self == o
try: A() == A()
except RecursionError as e: print(type(e))

# hash recursion
class A:
    def __hash__(self): return hash(self)
try: hash(A())
except RecursionError as e: print(type(e))

# getattr recursion
class A:
    def __getattr__(self, n): return getattr(self, n)
try: A().x
except RecursionError as e: print(type(e))

# getattribute recursion
class A:
    def __getattribute__(self, n): return self.x
try: A().x
except RecursionError as e: print(type(e))

# call recursion
class A: pass
A.__call__ = A()
try: A()()
except RecursionError as e: print(type(e))

# call python recursion
class A:
    def __call__(self): return self()
try: A()()
except RecursionError as e: print(type(e))

# sort key recursion
def f(x): return sorted([1,2], key=f)
try: f(1)
except RecursionError as e: print(type(e))

# str recursion
class A:
    def __str__(self): return str(self)
try: str(A())
except RecursionError as e: print(type(e))

# format recursion
class A:
    def __format__(self, s): return format(self, s)
try: f"{A()}"
except RecursionError as e: print(type(e))

# del recursion
class A:
    def __del__(self): A()
try:
    a = 1
except RecursionError as e: print(type(e))
print("done")

# iter recursion
class A:
    def __iter__(self): return iter(self)
try: iter(A())
except RecursionError as e: print(type(e))

# next recursion
class A:
    def __iter__(self): return self
    def __next__(self): return next(self)
try: next(A())
except RecursionError as e: print(type(e))

# bool/len recursion
class A:
    def __bool__(self): return bool(self)
    def __len__(self): return len(self)
    def __index__(self): return [1][self]
    def __contains__(self, x): return x in self
    def __add__(self, o): return self + o
    __radd__ = __add__
    def __iadd__(self, o): self += o; return self
    def __getitem__(self, i): return self[i]
    def __neg__(self): return -self
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass
    def __int__(self): return int(self)
    def __float__(self): return float(self)
    def __lt__(self, o): return self < o
    def __setattr__(self, k, v): self.x = v
    def __delattr__(self, k): del self.x
    def __setitem__(self, k, v): self[k] = v
    def __dir__(self): return dir(self)
    def __round__(self, n=None): return round(self)
    def __abs__(self): return abs(self)
    def __divmod__(self, o): return divmod(self, o)
    def __reversed__(self): return reversed(self)
    def __length_hint__(self): return len(list(self))
    def __reduce_ex__(self, p): return self.__reduce_ex__(p)
    def __get__(self, a, b): return self.__get__(a, b)
a = A()
def s(): a.x = 1
def d(): del a.x
def w():
    with a: pass
def ia():
    b = a; b += 1
def si(): a[1] = 2
for f in (lambda: bool(a), lambda: len(a), lambda: [1][a], lambda: 1 in a, lambda: a + 1, lambda: 1 + a, ia, lambda: a[0], lambda: -a, w,
          lambda: int(a), lambda: float(a), lambda: a < 1, s, d, si, lambda: dir(a), lambda: round(a), lambda: abs(a), lambda: divmod(a, 1), lambda: reversed(a), lambda: a.__reduce_ex__(2), lambda: list(map(f, [1])), lambda: max(a, a), lambda: sorted([a, a])):
    try: f(); print("no")
    except RecursionError as e: print(type(e).__name__)
