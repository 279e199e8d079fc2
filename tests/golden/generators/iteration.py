# gen in for with exceptions and break
def g():
    try:
        for i in range(5): yield i
    finally: print("end")
for i in g():
    if i == 2: break
print("after")
for i in g():
    if i == 1: continue
    print(i)
else: print("else")
x, *y = g()
print(x, y)
a = g(); print(2 in a, list(a))
print(max(g()), sum(g()), tuple(g()), dict(zip(g(), g())))
print(*g())
