# What the iterators accept, and their errors.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


import itertools
from itertools import *
def t(f,*a,**k):
    try: r=f(*a,**k); print(repr(r) if not hasattr(r,'__next__') else (type(r).__name__, list(islice(r,10))))
    except BaseException as e: print(type(e).__name__, e)
a,b=tee('abc'); c,d=tee(a); print(c is a, type(a)); 
if 1: pass
t(lambda: count()[0]); 
for T in (count,cycle,repeat,accumulate,batched,chain,compress,dropwhile,filterfalse,groupby,islice,pairwise,permutations,product,combinations,combinations_with_replacement,starmap,takewhile,zip_longest,tee,itertools._tee,itertools._grouper,itertools._tee_dataobject, chain.from_iterable):
    print('--',T.__name__)
    t(T); t(T,1); t(T,[1]); t(T,1,2); t(T,[1],2); t(T,1,2,3); t(T,[1],2,3);t(T,1,2,3,4);t(T,1,2,3,4,5); t(T,x=1); t(T,[1],x=1); t(T,[1],2,x=1)
t(count,'a'); t(count,1,'a'); t(count,1.5,.5)
t(repeat,1,times=2); t(repeat, object=1, times=3); t(repeat,1,-3); t(repeat,1,2**70); t(repeat, 1, 'a')
t(product,[1],[2],repeat=2); t(product, repeat=-1); t(product,[1],repeat=2**62); t(product,[1,2],repeat=0); t(product,[1],repeat='a')
t(permutations,'ab','a'); t(permutations,'ab',-1); t(permutations,'ab',3); t(combinations,'abc',-1); t(combinations,'abc',r='x'); t(combinations, iterable='abc', r=2)
t(islice,'abc','a'); t(islice,'abc',-1); t(islice,'abc',-1,2); t(islice,'abc',1,-2); t(islice,'abc',1,2,0);t(islice,'abc',1,2,'a');t(islice,'abc','a',2); t(islice,'abc',1,'b'); t(islice,1,2); t(islice,'abcdefg',None,None,2)
t(batched,'abc',0); t(batched,'abc',2,strict=True); t(batched,'abcd',n=3); t(batched,'a',2**70); t(batched, 'abc', 'x'); t(batched,'abc',2,strict=[])
t(tee,'abc',-1); t(tee,'abc',0); t(tee,'abc',n=3)
print(repr(count(5)), repr(count(5,2)), repr(count(True)), repr(count(1.5)), repr(count(5,1.0)), repr(count(5,True)), repr(repeat(1)), repr(repeat('a',3)), repr(count(2**70)), repr(count(0,-1)))
class S(chain):
    def __init__(s,*a,**k): print(a,k)
t(S,[1],z=3)
class S(takewhile):
    def __init__(s,*a,**k): print(a,k)
t(S,bool,[1],z=3)
