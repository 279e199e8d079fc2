"""Memoryviews: items, slices, casts, comparison, release, and buffers of Python classes."""
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
M=memoryview
m=M(b'abcdef')
t(M); t(M,5); t(M,'a'); t(M,object=b'a'); t(M,b'a',5)
t(lambda:m[0]); t(lambda:m[-1]); t(lambda:m[10]); t(lambda:m[1.5]); t(lambda:m['a']); t(lambda:m[1:3].tobytes()); t(lambda: m[1:3,]); t(lambda:m[...]); t(lambda:m[0,0]); t(lambda:m[()]); t(lambda:m[1<<80])
def s(k,v,mm=None):
    mm=mm if mm is not None else M(bytearray(b'abcdef'))
    def f(): mm[k]=v; return mm.tobytes()
    t(f)
s(0,1,m); s(0,65); s(0,256); s(0,-1); s(0,'a'); s(0,b'a'); s(slice(0,2),b'xy'); s(slice(0,2),b'x'); s(slice(0,2),5); s(slice(0,2),'ab'); s(slice(None,None,2),b'xyz'); s(10,1); s('a',1); s((0,),5); s((0,0),5); s(...,b'x'); s(slice(1,3),M(b'xxyy')[::2]); s(0,1.5); s(1.5,1); s((),1)
def d():
    mm=M(bytearray(b'abc')); del mm[0]
t(d)
def d():
    del m[0]
t(d)
t(m.cast,'H'); t(m.cast,'x'); t(m.cast,'@H'); t(m.cast,'<H'); t(m.cast,'I'); t(m.cast,5); t(m.cast,'B',[2,3]); t(m.cast,'B',[2,2]); t(m.cast,'B',(2,0)); t(m.cast,'B',5); t(m.cast,'B',['a']); t(m.cast,'B',[-1]); t(m.cast,'B',[1]*65); t(m.cast,'B',[]); t(m[::2].cast,'H'); t(m.cast('H').cast,'I'); t(m.cast('B',[2,3]).cast,'B',[3,2]); t(m.cast('B',[2,3]).cast,'H'); t(m.cast,''); t(m.cast,'BB'); t(m.cast,'@'); t(m.cast('H').tolist); t(m.cast('c').tolist); t(m.cast('?').tolist); t(m.cast('b').tolist); t(m.cast('e').tolist); t(M(b'12345678').cast('P').tolist); t(M(b'12345678').cast('d').tolist); t(M(b'12345678').cast('f').tolist); t(M(b'12345678').cast('q').tolist); t(M(b'12345678').cast('N').tolist); t(M(b'12345678').cast('n').tolist); t(M(bytes(16)).cast,'F'); t(M(b'1'*16).cast,'D')
t(m.cast,'B',shape=[6]); t(m.cast,format='B',shape=(3,2)); t(m.cast('B',[2,3]).tolist); t(m.cast('B',[2,3]).tobytes); t(m.cast('B',[2,3]).tobytes,'F'); t(m.cast('B',[2,3]).tobytes,order='A'); t(m.tobytes,'x'); t(m.tobytes,5); t(m.tobytes,None); 
mm=m.cast('B',[2,3])
t(lambda:mm[0]); t(lambda:mm[0,1]); t(lambda:mm[0,5]); t(lambda:mm[2,0]); t(lambda:mm[0,0,0]); t(lambda:mm[0:1]); t(lambda:mm[0:1].tolist()); t(lambda:mm[0:1,0:1]); t(lambda:mm[0:1,0]); t(lambda:mm[::-1].tolist()); t(lambda:len(mm)); t(lambda:list(mm)); t(lambda: mm[...]); t(lambda: mm[()])
for a in 'obj nbytes readonly itemsize format ndim shape strides suboffsets c_contiguous f_contiguous contiguous'.split():
    print(a, getattr(m,a), getattr(mm,a), getattr(m[::2],a), getattr(mm[::-1],a))
t(m.hex); t(m.hex,':'); t(m.hex,':',2); t(m[::2].hex); t(mm.hex); t(m.hex, 5)
t(lambda: hash(m)==hash(b'abcdef')); t(hash,M(bytearray(b'a'))); t(hash,m.cast('H')); t(lambda: hash(m.cast('b'))==hash(b'abcdef')); t(lambda: hash(m[::2])==hash(b'ace'))
t(lambda: m==b'abcdef'); t(lambda:m==m[:]); t(lambda:m!=b'x'); t(lambda:m<b'x'); t(lambda:m==5); t(lambda: m.cast('H')==m.cast('H')); t(lambda: m.cast('H')==m); t(lambda:m.cast('b')==m); t(lambda: mm==mm); t(lambda: mm==m); t(lambda:m=='abcdef'); t(lambda:m[::2]==b'ace'); t(lambda: b'abcdef'==m)
t(lambda:M(b'12345678').cast('d')==M(b'12345678').cast('d')); 
t(m.count,97); t(m.count,'a'); t(m.index,98); t(m.index,5); t(m.index,98,2); t(m.index,98,0,1); t(m.index,98,-6); t(mm.count,1); t(mm.index,1); t(m.count); t(m.index)
t(m.toreadonly); t(M(bytearray(b'a')).toreadonly().readonly if 0 else lambda: M(bytearray(b'a')).toreadonly().readonly)
t(M._from_flags,b'a',0); t(M._from_flags,b'a',1); t(M._from_flags,b'a'); t(M._from_flags,5,0); t(M._from_flags,b'a','x'); t(M._from_flags,object=b'a',flags=0x11c)
t(lambda: iter(m)); t(lambda: list(m)); t(lambda: list(reversed(m))); t(lambda: 97 in m); t(lambda: list(M(b'')) )
b=bytearray(b'abc'); v=M(b); w=v[1:]
t(v.release); t(lambda:v[0]); t(v.tobytes); t(lambda: v.obj); t(repr, None); print(repr(v)[:18]); t(v.release); t(lambda: len(v)); t(lambda: v==v); t(lambda: v==b'abc'); t(hash,v); t(lambda: w.tobytes()); t(v.cast,'B'); t(lambda:v.__enter__()); t(lambda:v.nbytes); t(lambda:iter(v)); t(lambda:M(v)); t(lambda: v.hex()); t(v.toreadonly); t(v.tolist); t(v.__getitem__,0); t(v.__setitem__,0,0);t(v.count,1);t(v.index,1)
def x():
    v=M(b)
    m2=M(v)
    v.release()
    return m2.tobytes()
t(x)
def x():
    v=M(b)
    with v as q:
        pass
    return q.tobytes()
t(x)
def x():
    v=M(b); it=iter(v); next(it); v.release(); return next(it)
t(x)
t(v.__exit__); t(v.__exit__,1,2,3,4); t(m.__buffer__,0); t(m.__release_buffer__,m); t(m.__release_buffer__,M(m)); t(m.__buffer__,1)
it=iter(m); next(it); t(getattr,it,'__length_hint__'); t(getattr,it,'__reduce__'); print(type(it), [n for n in dir(it) if n not in dir(object)])
class E:
    def __buffer__(self, flags): print('buffer',flags); return M(b'xyz')
    def __release_buffer__(self, b): print('release', b.tobytes())
e=E(); q=M(e); print(q.tobytes(), type(q.obj), q.obj is e); q.release()
t(bytes,e); t(b''.join,[e])
class E2:
    def __buffer__(self, flags): return b'x'
t(M,E2()); t(bytes,E2())
class E3(bytearray):
    def __buffer__(self,flags): print('E3'); return super().__buffer__(flags)
    def __release_buffer__(self,v): print('rel3'); super().__release_buffer__(v)
q=M(E3(b'abc')); print(q.tolist()); del q
print(m.cast('B',[2,3]).cast('B').shape, M(b'a').cast('B',()).shape, M(b'a').cast('B',()).tolist(), M(b'a').cast('B',())[()], len.__name__)
t(lambda: len(M(b'a').cast('B',()))); t(lambda: M(b'a').cast('B',())[0]); t(lambda: M(b'a').cast('B',())[...]); t(M(b'a').cast('B',()).tobytes); t(lambda: iter(M(b'a').cast('B',()))); t(lambda: list(mm)); t(lambda: M(b'a').cast('B',())==M(b'a').cast('B',())); t(lambda: hash(M(b'a').cast('B',()))==hash(b'a')); t(lambda: M(b'a').cast('B',()).hex())
