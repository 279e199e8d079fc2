# comprehension scopes
x = "outer"
print([x for x in range(3)], x)
class A:
    y = 5
    l = [y for _ in range(1)] if 0 else list(y for y in [y])
    z = [i * 2 for i in range(y)]
    try: w = [y for i in range(1)]
    except NameError as e: w = str(e)
    fs = [lambda: i for i in range(3)]
    ll = [j for i in range(3) for j in range(i)]
print(A.l, A.z, A.w, [f() for f in A.fs], A.ll, hasattr(A, "i"))
def f():
    x = 1
    a = [x for x in [2]]
    fs = [lambda: (x, i) for i in range(2)]
    b = [[x for x in range(i)] for i in range(3)]
    c = {x: i for i, x in enumerate("ab")}
    d = {x for x in "aa"}
    e = list(x for x in (x for x in [3]))
    return x, a, [g() for g in fs], b, c, d, e
print(f())
def f(n):
    fs = [lambda: n for n in range(n)]
    return [g() for g in fs], n
print(f(3))
print([(i, j) for i in range(3) if i for j in range(i) if j >= 0])
print([y := x for x in range(3)], y)
def f(): 
    [last := i for i in range(5)]
    return last
print(f())
def f():
    return [locals() if 0 else i for i in range(2)], {k: v for k, v in {"a": 1}.items()}
print(f())
try: [undefined for _ in [1]]
except NameError as e: print(e)
def f():
    try: [z for _ in [1]]; z = 1
    except NameError as e: print(type(e), e)
f()
def f():
    l = [i for i in range(3)]
    try: i
    except NameError as e: print(e)
f()
def gen():
    yield r
