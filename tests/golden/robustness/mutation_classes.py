# class mutation during method
class A:
    def f(self):
        del A.f; A.g = lambda s: "g"; self.__class__ = B; return self.g()
class B:
    def g(self): return "B.g"
print(A().f())
class M(type):
    def __getattr__(cls, n): return n * 2
    def __eq__(cls, o): return True
    __hash__ = type.__hash__
class X(metaclass=M): pass
print(X.foo, X == 5, isinstance(1, X), issubclass(int, X))
class P: pass
p = P()
for i in range(1000): setattr(p, f"a{i}", i)
for i in range(0, 1000, 2): delattr(p, f"a{i}")
print(len(p.__dict__), p.a1, hasattr(p, "a2"))
p.__dict__ = {"z": 1}; print(p.z, p.__dict__)
try: p.__dict__ = 5
except TypeError as e: print(e)
for bad in (int, 5, type):
    try: p.__class__ = bad
    except TypeError as e: print(e)
A.__bases__ = (P,) if 0 else A.__bases__
class Q: x = 1
class W(Q): pass
class Q2: x = 2
W.__bases__ = (Q2,); print(W.x, W.__mro__)
try: W.__bases__ = (W,)
except TypeError as e: print(e)
try: W.__bases__ = ()
except TypeError as e: print(e)
try: W.__bases__ = (int,)
except TypeError as e: print(e)
try: Q2.__bases__ = (W,)
except TypeError as e: print(e)
W.__name__ = "Renamed"; print(W)
try: W.__name__ = 5
except TypeError as e: print(e)
try: int.x = 5
except TypeError as e: print(e)
try: del int.real
except TypeError as e: print(e)
