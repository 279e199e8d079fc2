# defaultdict, the attributes of named tuples, and counting.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


from _collections import _tuplegetter as T, _count_elements as ce, defaultdict as dd
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
t(T); t(T,1); t(T,1,2); t(T,'a',2); t(T,1,2,3); t(T,index=1,doc=2); g=T(0,'d'); print(g.__doc__, g.__reduce__()); g.__doc__='x'; print(g)
class N(tuple): a=T(0,'doc'); b=T(5,''); c=T(-1,'')
n=N((1,2)); t(lambda:n.a); t(lambda:n.b); t(lambda:n.c); t(lambda:N.a); t(setattr,n,'a',1); t(delattr,n,'a'); t(g.__get__,5); t(g.__get__,None,int); t(g.__get__,(4,)); t(g.__get__,[4]); t(lambda:g.__get__(None))
d={}; ce(d,'abca'); print(d); t(ce,d,5); t(ce,5,'a'); t(ce,d,[[]]); t(ce); 
class D(dict):
    def __setitem__(s,k,v): print('set',k,v); super().__setitem__(k,v)
    def get(s,k,d=None): print('get',k); return super().get(k,d)
d=D(); ce(d,'aa'); print(d)
d={'a':'x'}; t(ce,d,'a'); d={'a':1.5}; ce(d,'a'); print(d); d={'a':2**62-1}; ce(d,'aa'); print(d)
print('-- defaultdict')
t(dd); t(dd,1); t(dd,None); t(dd,list); t(dd,list,[(1,2)],a=3); t(dd,list,1,2); t(dd,list,{},{},{}); t(dd,a=1); t(dd,None,{1:2}); t(dd, default_factory=list)
x=dd(list); x['a'].append(1); t(lambda:x); t(lambda:dd()['k']); t(lambda:dd(lambda:1/0)['k']); t(x.__missing__,'z'); t(x.__missing__); t(lambda:x); x.default_factory=None; t(lambda:x['q']); x.default_factory=5; t(lambda:x['q']); t(lambda:x); del x.default_factory; t(lambda:x.default_factory); t(lambda:x); t(lambda:x['q']); t(x.copy)
x=dd(int,a=1); print(x.copy(), x.__copy__(), x.__reduce__()[:4], list(x.__reduce__()[4]), dd(None,a=1).__reduce__()[1], dd().__reduce__()[:4]); print(x|{'b':2}, {'b':2}|x, type({'b':2}|x), x|dd(str,c=1)); t(lambda:x|1); t(lambda:1|x); x|={'z':1}; x|=[('y',1)]; print(x); t(lambda:x|[('y',1)]); print(x=={'a':1,'z':1,'y':1}, x.get('nope'), 'nope' in x, len(x), dd.fromkeys('ab'), dd.fromkeys('ab').default_factory)
class S(dd):
    def __setitem__(s,k,v): print('set',k,v); super().__setitem__(k,v)
    def __missing__(s,k): print('miss',k); return super().__missing__(k)
s=S(int); t(lambda:s['a']); print(s, s.copy(), type(s.copy()), type(s|{}), type({}|s)); s.x=1; print(s.__dict__, s.__reduce__()[2])
x=dd(); x.default_factory=x.__missing__; 
class R:
    def __init__(s): s.d=dd(s)
    def __call__(s): return 0
    def __repr__(s): return 'R(%r)'%s.d
print(R()); d=dd(list); d['d']=d; print(d)
d=dd(lambda: d.clear() or 5, a=1); print(d['b'], d); 
class I(dd):
    def __init__(s,*a): super().__init__(int); s.y=1
print(I()['k']);  t(hash,dd()); t(lambda: dict(dd(int,a=1))); t(lambda: {**dd(int,a=1)}); 
def f(**k): return k
t(lambda:f(**dd(int,a=1))); t(lambda: '{a}{b}'.format_map(dd(int,a=1))); t(lambda:dict.__getitem__(dd(int),'a')); t(lambda: dd(int).setdefault('a')); t(lambda: dd(int).pop('a')); 
for k in dd(int,a=1,b=2): print(k)
x=dd(int); 
for w in 'abcab': x[w]+=1
print(x, sorted(x.items()), x.keys(), list(reversed(x)))
t(dict.__new__, dd)
