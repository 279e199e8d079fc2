class V:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
def plain():
    a=V('a'); b=V('b'); c=V('c')
def cells():
    a=V('a'); b=V('b'); c=V('c'); d=V('d')
    def g(): return b, d
def args(p, q):
    a=V('a'); b=V('b')
    def g(): return p, b
def raises():
    a=V('a'); b=V('b'); c=V('c'); d=V('d')
    def g(): return b, d
    raise ValueError
def gen():
    a=V('a'); b=V('b'); c=V('c'); d=V('d')
    def g(): return b, d
    yield
def genr():
    a=V('a'); b=V('b'); c=V('c'); d=V('d')
    def g(): return b, d
    yield
    raise ValueError
print('plain');plain()
print('cells');cells()
print('args');args(V('p'),V('q'))
print('raises')
try: raises()
except ValueError: print('in')
print('gen')
g=gen(); next(g); del g
print('gen close')
g=gen(); next(g); g.close(); del g
print('gen end')
g=gen(); list(g)
print('genr')
g=genr(); next(g)
try: next(g)
except ValueError: print('in')
print('frame')
import sys
def fr():
    a=V('a'); b=V('b'); c=V('c'); d=V('d')
    def g(): return b, d
    return sys._getframe()
f=fr(); print('have'); del f
f=fr(); print('have'); f.clear()
def w():
    try: 1
    finally:
        with V('f') as f:
            with V('b') as b:
                pass
V.__enter__=lambda s:s
V.__exit__=lambda *a:None
def h():
    with V('f') as f:
        with V('b') as b:
            1/0
    def g(): f
print('with')
try: h()
except ZeroDivisionError as e: print('in')
