# catching recursion error deep and going on
import_ = 0
def f(n):
    try: f(n+1)
    except RecursionError: 
        return g(0)
def g(n):
    return n
print(f(0))
def h():
    try: h()
    finally: h()
n = 0
def k():
    global n
    n += 1
    if n > 3000: return
    try: k()
    finally: k()
k()
print("ok")
