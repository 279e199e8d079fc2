# del
x = [1, 2, 3]; del x[0], x[-1]; print(x)
a = b = 1; del (a, b)
try: a
except NameError as e: print(e)
def f():
    a, b = 1, 2
    del [a, (b)]
    try: b
    except NameError as e: print(e)
    try: del a
    except NameError as e: print(e)
f()
try: del undefined_global
except NameError as e: print(e)
class A:
    y = 1; del y
    try: del y
    except NameError as e: print(e)
    try: del __name__
    except NameError as e: print(e)
def g():
    x = 1
    def h(): nonlocal x; del x
    h()
    try: x
    except NameError as e: print(e)
    try: h()
    except NameError as e: print(e)
g()
class B:
    def __delitem__(self, k): print("del", k)
    def __delattr__(self, k): print("delattr", k)
b = B(); del b[1], b[1:2], b[...], b[1, 2:3], b.x
