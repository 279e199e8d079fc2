# The cache behind functools.lru_cache.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))



from _functools import _lru_cache_wrapper as lru, cmp_to_key
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
CI=lambda *a:a
K=cmp_to_key(lambda a,b:0); t(lambda:K.__text_signature__)
t(lru); t(lru,1); t(lru,1,2); t(lru,1,2,3); t(lru,1,2,3,4); t(lru,len,'a',0,CI); t(lru,len,2**70,0,CI); t(lru,len,1,0,CI,5); t(lru,user_function=len,maxsize=1,typed=0,cache_info_type=CI); t(lambda: lru(len,-5,0,CI).cache_info()); t(lambda: lru(len,True,0,CI).cache_info());t(lambda: lru(len,1.5,0,CI).cache_info())
calls=[]
def fn(*a,**k): calls.append((a,tuple(k.items()))); return (a,tuple(k.items()))
for size in (None,0,2):
  for typed in (False,True):
    c=lru(fn,size,typed,CI); calls.clear()
    for a in (1,1.0,True,'a',1,(1,),((1,),)): t(c,a)
    t(c,1,2); t(c,1,b=2); t(c,1,b=2.0); t(c,b=1,a=2); t(c,a=2,b=1); t(c); t(c)
    print(len(calls),c.cache_info()); c.cache_clear(); print(c.cache_info()); t(c,[]); 
 
t(c.__reduce__); c.__qualname__='qq'; t(c.__reduce__); print(c.__copy__() is c, c.__deepcopy__(1) is c, c.__dict__, 1)
class A:
    m=lru(fn,None,False,CI)
    def __repr__(s): return 'A'
a=A(); t(a.m,1); print(type(a.m)); t(lambda:A.m is A.__dict__['m']); print(1)
# reentrancy
def fib(n): return n if n<2 else F(n-1)+F(n-2)
F=lru(fib,2,False,CI); t(F,15); t(F.cache_info); F=lru(fib,None,False,CI); t(F,30); t(F.cache_info)
def clr(n): G.cache_clear(); return n
G=lru(clr,2,False,CI); print([G(i%3) for i in range(10)]); t(G.cache_info)
class H:
    def __init__(s,v): s.v=v
    def __hash__(s): return 7
    def __eq__(s,o):
        if G2 is not None and s.v==3: G2.cache_clear()
        return s.v==o.v
G2=None
G2=lru(lambda h:h.v,2,False,CI); print([G2(H(i%4)) for i in range(12)]); t(G2.cache_info)
def err(n): raise ValueError(n)
E=lru(err,2,False,CI); t(E,1); t(E,1); t(E.cache_info)
def same(n): 
    if n: return S(n-1)
    return S.__dict__.setdefault('d',[]).append(1) or len(S.d)
S=lru(same,1,False,CI); t(S,3); t(S.cache_info)
t(lru.__new__,lru); t(lambda: lru(len,1,0,1).cache_info())
