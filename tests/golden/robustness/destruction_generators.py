# generator chain
def g(x):
    yield x
x = None
for i in range(300000):
    y = g(x); next(y); x = y
del x, y
print("ok generator")

# unstarted generator chain
def g(x):
    yield x
x = None
for i in range(300000): x = g(x)
del x
print("ok generator unstarted")

# yield from chain dropped
def g(x):
    if x is None: yield 1
    else: yield from x
x = None
for i in range(900):
    x = g(x)
next(x)
del x
print("ok yf")
