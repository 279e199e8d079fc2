# else clauses, bare except, tuple, dynamic
def t(exc):
    try:
        if exc: raise exc
    except (ValueError, KeyError) as e: print("vk", repr(e))
    except (): print("never")
    except ArithmeticError: print("arith")
    except: print("bare")
    else: print("else")
    finally: print("fin")
for e in (None, ValueError, KeyError("k"), ZeroDivisionError(), SystemExit(3), StopIteration): t(e)
def classes():
    print("evaluated"); return (TypeError, (KeyError if 0 else IndexError))
try: [][0]
except classes() as e: print(repr(e))
try:
    try: 1/0
    except 5: pass
except TypeError as e: print(e, repr(e.__context__))
try:
    try: 1/0
    except (ValueError, "x"): pass
except TypeError as e: print(e)
try:
    try: raise ValueError
    except undefined: pass
except NameError as e: print(e, repr(e.__context__))
