# reduce, cmp_to_key, and partial with placeholders.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


import _functools as f
from _functools import *
from _functools import _lru_cache_wrapper as lru, _PlaceholderType as PT
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
def show(*a,**k): return (a,k)
P=Placeholder
print('-- reduce')
t(reduce); t(reduce,1); t(reduce,show,[]); t(reduce,show,[],5); t(reduce,show,[1]); t(reduce,show,[1,2,3]); t(reduce,show,[1],initial=0); t(reduce,show,5); t(reduce,show,[1],2,3); t(reduce,function=1,iterable=2); t(reduce,show,[1],foo=1); t(reduce,show,(x for x in []));t(reduce,show,[],initial=None)
print('-- cmp')
t(cmp_to_key); t(cmp_to_key,1); K=cmp_to_key(lambda a,b:a-b); print(type(K), repr(K)[:30], K.obj if hasattr(K,'obj') else 'no')
k=K(5); print(type(k), k.obj, k<K(6), k==K(5), k!=K(5), k>=K(7)); t(lambda:k<5); t(hash,k); t(K); t(K,1,2); t(K,x=1); t(K,obj=1); t(lambda:K(obj=1).obj); k.obj=9; print(k.obj); del k.obj; t(lambda:k.obj); t(lambda: k<K(1)); t(lambda: K<K)
t(cmp_to_key,mycmp=show); t(cmp_to_key,1,2); t(type(k)); t(lambda: k.x); 
t(lambda: cmp_to_key(lambda a,b:None)(1)<cmp_to_key(lambda a,b:None)(2)); t(lambda: cmp_to_key(lambda a,b:[])(1)<cmp_to_key(show)(2))
print('-- partial')
t(partial); t(partial,1); t(partial,show); p=partial(show,1,2,a=3); print(p.func is show,p.args,p.keywords); t(p,4,b=5); t(p,a=9)
print(repr(partial(show.__name__.upper,1))); print(repr(partial(int,'1',base=2)))
q=partial(p,7,a=8,c=1); print(q.func is show,q.args,q.keywords)
p.x=5; q=partial(p,7); print(q.func is p)
t(setattr,p,'func',1); t(setattr,p,'args',1); t(delattr,p,'keywords'); t(lambda: p.__dict__); t(setattr,p,'__dict__',{}); 
t(partial,show,P); t(partial,show,P,1); t(partial(show,P,1)); t(partial(show,P,1),5); t(partial(show,P,1,P,2),5); t(partial(show,P,1,P,2),5,6,7); t(partial,show,a=P); t(partial,show,1,a=P); r=partial(show,P,1,P,2); s=partial(r,'x'); print(s.args[:1], s.args); t(s,9); s=partial(r,P,'y'); print(s.args); t(s,8); t(partial,r,1,2,P); s=partial(r,1,2,3); print(s.args)
t(partial(r,P,5,6)); t(lambda: partial(r,P,5,6).args); 
t(partial(show,P,2),P); t(lambda: partial(r,P,P,5).args); t(partial,r,P,P)
class C:
    m=partial(show,1); n=partial(show,P,2)
    def __repr__(s): return 'C'
c=C(); t(c.m,2); t(C.m,2); t(c.n); t(C.n,3)
print(partial.__text_signature__, hasattr(partial,'__class_getitem__'))
x=partial(show); x.__setstate__((show,(1,),{'a':2},None)); print(x.args,x.keywords,x.__dict__); x.__setstate__((show,(1,),None,{'z':1})); print(x.keywords,x.z); 
for bad in (1,(),(show,1,{},None),(show,(),1,None),(1,(),{},None),(show,(),{},1),(show,(P,),{},None),(show,(1,P),{},None),(show,[1],{},None)): t(x.__setstate__,bad)
t(x.__setstate__,(show,(P,1),{},{})); t(lambda:x.args)
t(lambda: partial(show,1,a=2).__reduce__()[1:]); t(lambda:x.__reduce__()[2][1:]); 
class S(partial): pass
s=S(show,1); s.y=3; t(lambda: s); t(lambda:s.__reduce__()[2][1:])
a=partial(show); a.__setstate__((a,(),{},{})); 
try: print(repr(a))
except BaseException as e: print(type(e).__name__, e)
a=partial(show,1); l=[a]; a.__setstate__((show,(a,),{'k':a},{})); print(len(repr(a)) > 20)
print(True, P, repr(P), PT() is P, P.__reduce__(), PT.__name__); t(PT,1); t(PT,a=1); t(lambda: type('X',(PT,),{})); t(lambda:P.x); t(lambda:P()); t(bool,P); t(setattr,P,'x',1)
t(lambda: partial(show,**{'1 a':5})); t(partial(show,**{'a':1}),**{'b':2}); print(hash(partial(show)) is not None)
t(partial(show,1),2,a=3); t(partial(show,a=1),2,a=3); t(callable,partial(show)); t(partial(1 if 0 else len),[1,2]); t(lambda: partial[int])
