# e is deleted
try: raise ValueError
except ValueError as e: pass
try: e
except NameError as x: print(x)
def f():
    try: raise ValueError
    except ValueError as e: del e
    try: e
    except UnboundLocalError as x: print(x)
    e = 1
    try: raise ValueError
    except ValueError as e: e = 5
    try: e
    except UnboundLocalError as x: print(x)
f()
class A:
    try: raise ValueError
    except ValueError as e: x = e
print(hasattr(A, "e"), repr(A.x))
