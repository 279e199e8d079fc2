# Operators as functions, getters and method callers.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


import sys

import _functools
import _operator as o

sys.modules['functools'] = _functools
from _operator import *
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
for f in (o._compare_digest,o.add,o.call,o.length_hint,o.setitem,o.truth,o.indexOf,o.is_none): 
    t(f); t(f,1); t(f,1,2); t(f,1,2,3); t(f,1,2,3,4); t(f,a=1)
t(concat,1,2); t(concat,[1],(2,)); t(concat,[1],[2]); t(iconcat,1,2); t(iconcat,[1],[2]); t(iconcat,(1,),(2,)); t(concat,'a',1); t(iconcat,[1],5); t(concat,{},1); t(concat, 'a', 'b')
class L:
    def __getitem__(s,i): return i
    def __add__(s,o): return ('add',o)
t(concat,L(),5); t(concat,L(),[5]); t(concat,L(),L()); t(iconcat,L(),L()); t(concat,5,L())
t(countOf,5,1); t(countOf,[1,1],1); t(indexOf,5,1); t(indexOf,[1,2],2); t(indexOf,[1,2],3); t(contains,5,1); t(length_hint,[1]); t(length_hint,5); t(length_hint,5,'a'); t(length_hint,5,-1); t(length_hint,iter([1,2])); t(length_hint,5,2.5); t(length_hint,5,True); t(length_hint,5,2**80)
t(o._compare_digest,'a','a'); t(o._compare_digest,'a',b'a'); t(o._compare_digest,b'a',b'b'); t(o._compare_digest,b'a',b'ba'); t(o._compare_digest,'é','é'); t(o._compare_digest,1,2); t(o._compare_digest,'','')
t(o.call,print,1,2,sep='-'); t(index,1.5); t(index,True); t(o.is_none,None); t(o.is_not_none,1); t(o.pow,2,10); t(o.pow,2,'a'); t(o.ipow,2,'a'); t(inv,1.5); t(not_,[]); t(truth,[1]); t(matmul,1,2); t(imatmul,1,2); t(ilshift,1,'a')
for T in (attrgetter,itemgetter,methodcaller):
    print('--',T.__name__); t(T); t(T,1); t(T,'a'); t(T,'a',1); t(T,a=1); t(T,'a',b=2); t(T,'a.b','c'); t(lambda:T('a')()); t(lambda:T('a')(1)); t(lambda:T('a')(1,2)); t(lambda:T('a')(obj=1)); t(lambda: T('a').__reduce__()); t(lambda: T('a','b','c').__reduce__()); t(lambda:T('a','b')); 
    t(lambda: T('a').x); 
    try: T('a').x=1
    except Exception as e: print(type(e),e)
t(lambda: methodcaller('a',1,b=2)); t(lambda: methodcaller('a',b=2,c=3)); t(lambda: methodcaller('a',1,b=2).__reduce__()); t(lambda: methodcaller('a',b=2).__reduce__()[0])
t(lambda: methodcaller('split',',',maxsplit=1)('a,b,c')); t(lambda: methodcaller('x')(1)); t(lambda: attrgetter('real','imag')(1+2j)); t(lambda: attrgetter('__class__.__name__')(1)); t(lambda: attrgetter('__class__.__nam')(1)); t(lambda:itemgetter(1)([5,6])); t(lambda:itemgetter(1,0,-1)((5,6))); t(lambda: itemgetter(slice(1))('abc')); t(lambda: itemgetter('a')({'a':5})); t(lambda: itemgetter(7)((5,6)));t(lambda: itemgetter(7)(5)); t(itemgetter(2**70), (1,)); t(itemgetter(True),(1,2)); t(attrgetter,''); t(attrgetter('.'),1); t(attrgetter('a.'),1); t(attrgetter('real.'),1)
r=[]
a=methodcaller('a',r); r.append(a); print(repr(a)); a=itemgetter(r); r[:]=[a]; print(repr(a))
