# match errors
def t(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class A: __match_args__ = ("a", "b")
class B: __match_args__ = ["a"]
class C: __match_args__ = (1,)
class D: __match_args__ = ("a", "a")
class E: pass
def a(v, n):
    match v:
        case A(1, 2, 3) if n == 0: pass
    match v:
        case B(1) if n == 1: pass
def f1():
    match A():
        case A(1, 2, 3): pass
def f2():
    match B():
        case B(1): pass
def f3():
    match C():
        case C(1): pass
def f4():
    d = D(); d.a = 1
    match d:
        case D(1, 1): pass
def f5():
    match E():
        case E(1): pass
def f6():
    match 1:
        case int(1, 2): pass
def f7():
    x = 5
    match 1:
        case x(): pass
def f8():
    d = A(); d.a = 1
    match d:
        case A(1, a=1): pass
def f9():
    match {1: 2}:
        case {Z.k: 1, Z.j: 2}: pass
class Z: k = 1; j = 1
def f10():
    match 5:
        case E.missing: pass
def f11():
    match []:
        case [a]: pass
    return a
for f in (f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11): t(f)
for src in ("match x:\n case a: pass\n case b: pass", "match x:\n case _: pass\n case 1: pass", "match x:\n case a | 1: pass", "match x:\n case [a, a]: pass", "match x:\n case [a] | [b]: pass", "match x:\n case [*a, *b]: pass", "match x:\n case {**a, 'x': 1}: pass", "match x:\n case {**_}: pass", "match x:\n case {1: 1, 1: 2}: pass", "match x:\n case A(x=1, x=2): pass", "match x:\n case A(x=1, 2): pass", "match x:\n case a.b as c.d: pass", "match x:\n case 1 as _: pass", "match x:\n case f'a': pass", "match x:\n case 1+1: pass", "match x:\n case -a: pass", "match x:\n case 1 + 2j: pass", "match x:\n case (1 | a) | 2: pass", "match x:\n case a if 1: pass\n case b: pass", "match x:\n case *a: pass", "match x:\n case {a: 1}: pass", "match x:\n case {'a': 1, **r, }: pass", "match x, y:\n case 1, 2: pass", "match *x, y:\n case _: pass", "match x:\n pass", "match x:\n case 1:\n pass", "match(x)\n", "match[x] = 1", "match = case = type = _ = 1"):
    try: exec(src, {"x": 1, "y": 2, "match": {}, "a": 1, "A": 1}); print("ok", repr(src))
    except SyntaxError as e: print(e.msg, repr(src))
    except Exception as e: print(type(e).__name__, e)
