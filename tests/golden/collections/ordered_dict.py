# OrderedDict: order, views, subclasses, mutation meanwhile.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


from _collections import OrderedDict as OD
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
x=OD(a=1,b=2)
for v in (x.keys(),x.values(),x.items(),iter(x),iter(x.items()),reversed(x),reversed(x.items())):
    T=type(v); print(T.__name__,T.__module__,T.__qualname__,T.__bases__, list(T.__dict__), v if 'iter' not in T.__name__ else '')
    t(T); t(T,x); 
t(OD); t(OD,{1:2},3); t(OD,1); t(OD,[1]); t(OD,[(1,2)],a=3); t(OD.fromkeys,'ab'); t(OD.fromkeys,'ab',5); t(OD.fromkeys,iterable='ab',value=1); t(OD.fromkeys); t(OD.fromkeys,1); t(OD.fromkeys,'a',1,2)
for m,aa in dict(setdefault=[(),('a',),('z',),('z',5),('z',5,6),([],)],pop=[(),('a',),('z',),('z',5),('z',5,6),([],)],popitem=[(),(True,),(False,),(1,2)],move_to_end=[(),('a',),('a',False),('a',1,2),('z',),([],)],update=[(),({'q':1},),([('q',2)],),(1,),([1],),(1,2)],clear=[(),(1,)],copy=[(),(1,)],__reversed__=[(),(1,)],keys=[(1,)],__delitem__=[('a',),('z',),([],)]).items():
    print('--',m)
    for a in aa:
        x=OD(a=1,b=2,c=3); 
        try: r=getattr(x,m)(*a); print(a, r if 'iter' not in type(r).__name__ else type(r), x)
        except BaseException as e: print(a,type(e).__name__,e)
x=OD(a=1,b=2); t(x.popitem,last=False); t(x.pop,key='b'); t(x.setdefault,key='k',default=2); t(x.pop,key='q',default=7); t(x.move_to_end,key='k',last=False); t(x.update,k=4); t(x.pop,foo=1); t(x.popitem,foo=1); t(OD().popitem); t(x.setdefault); t(x.update,**{'self':1}); print(x)
a=OD(a=1,b=2);b=OD(b=2,a=1); print(a==b,a!=b,a=={'b':2,'a':1},{'a':1,'b':2}==a, a==dict(b)); t(lambda:a<b); t(hash,a); print(a|b, a|{'c':1}, {'c':1}|a, type({'c':1}|a)); t(lambda:a|1); t(lambda: a|[('x',1)]); a|={'z':1}; a|=[('y',2)]; print(a); t(lambda:1|a)
print(a.__reduce__()[:3], list(a.__reduce__()[4])); a.x=5; print(a.__reduce__()[2], a.__dict__, a.copy().__dict__, vars(a)); 
for mut in (lambda d:d.__setitem__('new',1), lambda d:d.pop('a'), lambda d:d.move_to_end('a'), lambda d:d.clear(), lambda d:d.__setitem__('a',9), lambda d:d.update(q=1), lambda d: d.__delitem__('b')):
    for it in (iter, reversed, lambda d: iter(d.items()), lambda d:iter(d.values())):
        d=OD(a=1,b=2,c=3); i=it(d); next(i); mut(d); t(next,i); t(next,i)
d=OD(a=1,b=2,c=3); i=iter(d); print(list(i)); t(next,i); i=iter(d); next(i); print(i.__reduce__());  t(lambda: i.__length_hint__()); i=iter(OD()); t(next,i); print(i.__reduce__())
print(d.keys()=={'a','b','c'}, d.keys()&{'a'}, d.items()>={('a',1)}, list(reversed(d.keys())), list(reversed(d.values())), list(reversed(d.items())), d.keys().mapping, len(d.keys()), 'a' in d.keys(), d.keys().isdisjoint([]))
class S(OD):
    def __init__(s,*a,**k): super().__init__(*a,**k)
    def __missing__(s,k): return 'm'+str(k)
s=S(a=1); print(s, s['q'], s.copy(), type(s.copy()), type(s|{}), type({}|s), s.fromkeys('a'), s.__reduce__()[:3]); t(s.pop,'q'); t(s.__delitem__,'q'); 
class S3(OD):
    def __setitem__(s,k,v): print('set',k); super().__setitem__(k,v)
    def __getitem__(s,k): print('get',k); return super().__getitem__(k)
    def __delitem__(s,k): print('del',k); super().__delitem__(k)
    def __contains__(s,k): print('in',k); return super().__contains__(k)
s=S3(a=1); s.update(b=2); s.update({'c':3}); s.setdefault('d',4); s.setdefault('a'); s.pop('a'); t(s.pop,'zz'); s.pop('zz',1); s.popitem(); print(s); s.copy(); s.move_to_end('b'); s|={'k':1}; s==s; s|{'j':1}; S3.fromkeys('xy'); s.clear()
class S4(OD):
    def keys(s): print('keys'); return super().keys()
    def items(s): print('items'); return super().items()
    def __iter__(s): print('iter'); return super().__iter__()
s=S4(a=1); print(s); print(dict(s)); print(OD(s)); s.copy(); print(s=={'a':1}); print(s==OD(a=1)); list(s.items()); list(s.keys())
d=OD(); d['d']=d; print(d); print(OD([(1,[d])]))
class K:
    def __init__(s,v): s.v=v
    def __hash__(s): return 1
    def __eq__(s,o): return s.v==o.v
    def __repr__(s): return 'K%s'%s.v
d=OD((K(i),i) for i in range(5)); d.move_to_end(K(2)); print(d); d.move_to_end(K(3),last=False); print(d); del d[K(0)]; print(d); t(d.popitem,False); t(d.popitem); print(d, d.__sizeof__()>100)
d=OD(zip(range(20),range(20)))
for i in range(0,20,3): d.move_to_end(i,last=False)
for i in range(0,20,4): d.move_to_end(i)
print(list(d)); print([d.popitem(last=False)[0] for _ in range(10)], list(d)); d.update((i,0) for i in range(30)); print(list(d), list(reversed(d)))
match OD(a=1):
    case {'a':q}: print(q)
