# type chain
class A: pass
try:
    for i in range(3000): A = type("A", (A,), {})
    print(len(A.__mro__))
except RecursionError as e: print(e)
