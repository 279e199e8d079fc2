# raise forms
def a(f):
    try: f()
    except BaseException as e: print(repr(e), repr(e.__cause__), repr(e.__context__), e.__suppress_context__)
def r1(): raise ValueError
def r2(): raise ValueError("x") from KeyError
def r3(): raise ValueError from None
def r4(): raise 1
def r5(): raise ValueError from 1
def r6(): raise
def r7(): raise int
def r8():
    try: raise KeyError("k")
    except KeyError as e: raise ValueError from e
def r9():
    try: raise KeyError("k")
    except KeyError: raise ValueError from None
class Bad(Exception):
    def __new__(cls, *a): return 5
def r10(): raise Bad
class Bad2(Exception):
    def __init__(self): raise TypeError("in init")
def r11(): raise Bad2
def r12(): raise ValueError from Bad2
def r13(): raise ValueError("a", "b"), 1
def r14():
    e = ValueError("self"); 
    try: raise e
    except ValueError: raise e from e
def r15():
    try: 1/0
    except ZeroDivisionError:
        try: raise
        except ZeroDivisionError as e: raise KeyError
for f in (r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15): a(f)
