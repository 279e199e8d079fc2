# context chain
e = None
for i in range(200000):
    n = ValueError(); n.__context__ = e; e = n
del e, n
print("ok contexts")

# cause
e = None
for i in range(200000):
    n = ValueError(); n.__cause__ = e; e = n
del e, n
print("ok causes")

# traceback/frame chain
def f(e):
    try:
        raise e or ValueError
    except ValueError as x:
        return x
e = None
for i in range(20000):
    e = f(e)
del e
print("ok tracebacks")

# context by raising
def f(n):
    e = None
    for i in range(n):
        try:
            try:
                if e: raise e
            finally:
                raise ValueError(i)
        except ValueError as x:
            e = x
    return e
e = f(50000)
del e
print("ok contexts raised")
