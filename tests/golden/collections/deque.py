# deque: construction, methods, iteration, mutation meanwhile.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


import _collections as C
from _collections import deque, defaultdict, OrderedDict as OD, _count_elements, _tuplegetter, _deque_iterator, _deque_reverse_iterator
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
d=deque
print('-- ctor')
t(d); t(d,'abc'); t(d,1); t(d,'abc',2); t(d,'abc',None); t(d,'abc',-1); t(d,'abc','x'); t(d,'abc',2**70); t(d,'abc',1,2); t(d,iterable='ab',maxlen=1); t(d,maxlen=3); t(d,foo=1); t(d,'abc',maxlen=0); t(d,'abc',1.5); t(d, 'abc', True)
x=d('abcde'); t(x.__init__,'xy',1); print(x)
for m in 'append appendleft clear copy count extend extendleft index insert pop popleft remove reverse rotate __copy__ __reduce__ __reversed__ __sizeof__'.split():
    print('--',m)
    for a in ((),(1,),('a',),(1,2),(1,'z'),([1,2],),(1,2,3),(1,2,3,4),(-1,),(2,),('b',1),('b',2),('b',0,1),('b',-4),('b',-9,9),('b','x'),(100,5),(-100,6),(7,),(-7,),(2**70,),(1.5,),('zz',)):
        x=d('abcd')
        try: r=getattr(x,m)(*a); print(a,r if m!='__sizeof__' and m!='__reversed__' else type(r),x)
        except BaseException as e: print(a,type(e).__name__, e)
    t(getattr(x,m),k=1)
print('-- maxlen ops')
x=d('abc',3); x.append('d'); print(x); x.appendleft('z'); print(x); x.extend('12'); print(x); x.extendleft('34'); print(x); t(x.insert,0,1); x.pop(); x.insert(1,'q'); print(x); x+='mn'; print(x); x*=2; print(x); print(x*2, 2*x, x+d('9'), x.maxlen); t(setattr,x,'maxlen',5); t(x.copy); x.rotate(1); print(x, x[0],x[-1], x==d('mq'))
x=d('abc'); x.extend(x); print(x); x.extendleft(x); print(x); x+=x; print(len(x)); x=d('ab'); x*=0; print(x); x=d('ab'); x*=3; print(x); print(d('ab')*-1, d('ab')*0, d('ab',1)*3)
t(lambda: d('ab')*'x'); t(lambda:d('ab')+'c'); t(lambda: d('ab')+[1]); t(lambda: [1]+d('ab')); x=d(); t(lambda: x.__iadd__(5)); t(lambda: d('ab')*2**62)
print('-- items')
x=d(range(5)); t(lambda:x[5]); t(lambda:x[-6]); t(lambda:x['a']); t(lambda:x[1:2]); t(lambda:x[2**70]); t(x.__setitem__,5,1); t(x.__delitem__,9); del x[1]; print(x); del x[-1]; print(x); x[0]='n'; print(x, x[True], len(x), 3 in x, 99 in x, bool(d()), bool(x))
t(lambda: x.__getitem__(1.0))
print('-- compare')
for a in ('','a','ab','b'): print([d(a)<d('ab'), d(a)<=d('ab'), d(a)==d('ab'), d(a)!=d('ab'), d(a)>d('ab'), d(a)>=d('ab')])
t(lambda: d('a')<'b'); print(d('a')==['a'], d('a')!=['a']); t(hash,d())
print('-- iter')
x=d('abc'); i=iter(x); print(next(i)); x.append(1); t(next,i); t(next,i); x.pop(); t(next,i)
i=iter(x); print(list(i)); t(next,i); r=reversed(x); print(next(r), r.__length_hint__()); x.pop(); t(next,r); t(list,r); print(type(i),type(r)); x=d('abc'); i=iter(x); next(i); print(i.__reduce__()); i=reversed(x); next(i); print(i.__reduce__()[1]); t(_deque_iterator,x); t(_deque_iterator,x,1); t(lambda:list(_deque_iterator(x,1))); t(lambda:list(_deque_iterator(x,9)));t(lambda:list(_deque_iterator(x,-9))); t(_deque_iterator,1); t(_deque_iterator); t(_deque_iterator,x,1,2); t(_deque_iterator,x,'a'); t(lambda:list(_deque_reverse_iterator(x,1))); t(_deque_iterator,x,k=1)
i=iter(x); print(i.__length_hint__()); x.clear(); t(next,i); print(i.__length_hint__())
class M:
    def __eq__(s,o): x.append(1) if len(x)<50 else 0; return False
for f in (lambda: M() in x, lambda: x.index(M()), lambda: x.count(M()), lambda: x.remove(M()), lambda: x==d([M()]*4), lambda:x<d([M()]*4)):
    x=d([1,2,3,4]); t(f)
class M2:
    def __eq__(s,o): x.clear(); return False
for f in (lambda: M2() in x, lambda: x.index(M2()), lambda: x.count(M2()), lambda: x.remove(M2()), lambda: x==d([M2()]*4)):
    x=d([1,2,3,4]); t(f)
x=d(); x.append(x); print(x); x=d([1],2); x.append(x); print(x); y=d([1]); y.append([y]); print(y)
print(d('ab').__reduce__(), d('ab',3).__reduce__()[:3]); 
class S(d):
    pass
s=S('ab',4); s.x=1; print(s, s.__reduce__()[:3], s.copy(), type(s.copy()), s+s, type(s+s), type(s*2), s*2)
class S2(d):
    def __init__(s,*a,**k): super().__init__('zz')
print(S2(), S2().copy())
t(d.__init__, d(), 5); print(d.__text_signature__, d.__match_args__ if hasattr(d,'__match_args__') else None)
match d('ab'):
    case [a,b]: print(a,b)
x=d('abc'); x.rotate(); print(x); x.rotate(-1); print(x); x.rotate(10**12); print(x); t(x.rotate,n=1)
