from __future__ import annotations
x: int = 1
class A:
    a: undefined | None
    b: 'str'
    def f(self, x: a.b[c], *y: *d) -> (1, 2): pass
print(A.__annotations__, A.f.__annotations__, __annotations__)
def f():
    z: undefined = 1
    return z
print(f())
