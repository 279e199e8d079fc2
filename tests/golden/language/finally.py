# exception: finally with return/break/continue
def f():
    for i in range(3):
        try:
            if i == 0: continue
            if i == 1: raise ValueError
            return "ret"
        except ValueError: print("caught"); continue
        finally: print("fin", i)
    else: return "else"
print(f())
def g():
    try: return 1
    finally: print("x")
print(g())
def h():
    while True:
        try: 1/0
        finally: break
    return "broke"
def h2():
    try: return 1
    finally: return 2
def h3():
    for i in range(3):
        try: raise KeyError
        finally: continue
    return "done"
print(h(), h2(), h3())
def nested():
    try:
        try: raise ValueError(1)
        finally:
            try: raise KeyError(2)
            except KeyError as e: print(repr(e.__context__))
    except ValueError as e: print(repr(e), e.__context__)
nested()
def ret_value():
    x = 1
    try: return x
    finally: x = 2
print(ret_value())
def loop():
    r = []
    for i in range(5):
        try:
            for j in range(5):
                try:
                    if j == 1: break
                    if i == 3: return r
                finally: r.append((i, j))
        finally: r.append(i)
print(loop())
