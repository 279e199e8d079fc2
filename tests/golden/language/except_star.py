# except star
def t(f):
    try: f()
    except BaseException as e:
        def show(e, d=0):
            print("  " * d, type(e).__name__, e, repr(e.__cause__), repr(e.__context__))
            for s in getattr(e, "exceptions", ()): show(s, d + 1)
        show(e)
EG = ExceptionGroup
def f1():
    try: raise EG("g", [ValueError(1), KeyError(2), EG("h", [ValueError(3), TypeError(4)])])
    except* ValueError as e: print("V", repr(e))
    except* KeyError as e: print("K", repr(e))
t(f1)
def f2():
    try: raise ValueError(1)
    except* ValueError as e: print(repr(e))
t(f2)
def f3():
    try: raise EG("g", [ValueError(1), KeyError(2)])
    except* ValueError: raise TypeError("new")
    except* KeyError as e: raise
t(f3)
def f4():
    try: raise EG("g", [ValueError(1)])
    except* EG: pass
t(f4)
def f5():
    try: pass
    except* ValueError: print("no")
    else: print("else")
    finally: print("fin")
t(f5)
def f6():
    try: raise EG("g", [ValueError(1)])
    except* 5: pass
t(f6)
def f7():
    try: raise EG("g", [ValueError(1), OSError(2)])
    except* (ValueError, OSError) as e: print(repr(e))
    else: print("no")
    finally: print("fin")
t(f7)
def f8():
    for i in range(2):
        try: raise EG("g", [ValueError(i)])
        except* ValueError as e:
            print(repr(e))
    print(e) if "e" in dir() else print("e gone")
t(f8)
def f9():
    try:
        try: raise EG("g", [ValueError(1), KeyError(2)])
        except* ValueError as e: raise e
    except EG as x: print(repr(x), repr(x.__context__))
t(f9)
def f10():
    try: raise EG("a", [EG("b", [EG("c", [ValueError()]), KeyError()])])
    except* KeyError as e: raise EG("x", [e]) from ValueError("cause")
t(f10)
def f11():
    try: raise BaseExceptionGroup("g", [KeyboardInterrupt(), ValueError()])
    except* KeyboardInterrupt as e: print(repr(e), type(e))
t(f11)
def f12():
    try: raise KeyError("naked")
    except* ValueError: pass
t(f12)
