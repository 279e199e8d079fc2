"""Arrays: types of items, changes, buffers, pickling."""
import warnings; warnings.simplefilter("ignore")
import array as A
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
a=A.array
for x in [(),('i',),('x',),(5,),('ii',),('i',[1,2]),('i',5),('i','ab'),('u','ab'),('w','ab'),('b',b'ab'),('i',b'abcd'),('i',b'abc'),('i',bytearray(b'abcd')),('i',(1,2)),('i',range(3)),('d',[1,2.5]),('f',[1]),('i',[1.5]),('i',['a']),('u',[1]),('w',[1]),('w',['ab']),('b',[200]),('B',[-1]),('i',a('d',[1.0])),('d',a('i',[1])),('u',a('u','ab')),('i',a('u','ab')),('Q',[1<<64]),('q',[1<<63]),('i',None),('i',memoryview(b'abcd')), ('B',memoryview(b'ab')), ('i',1,2)]:
    print(x,end=' '); t(a,*x)
t(lambda: a(typecode='i'))
for c in A.typecodes:
    z=a(c); print(c, z.itemsize, memoryview(z).format if c!='w' else '', z.__reduce_ex__(3)[1:3], z.__len__())
    for v in (0,-1,127,128,255,256,1<<15,1<<16,1<<31,1<<32,1<<63,1<<64,1.5,'a','ab','',b'a',None): print(v,end=' '); t(a(c).append,v)
def ex(s,tc='i',init=[1,2,3,4,5]):
    def f():
        b=a(tc,init); d=dict(b=b,a=a); exec(s,d); return d['b']
    print(s, end=' -> '); t(f)
for s in ["b[0]=9","b[0]='a'","b[9]=1","b['x']=1","b[1.5]","b[9]","b[1<<80]","b[1:3]","b[::-2]","b[1:3]=a('i',[7,8,9])","b[1:3]=[1]","b[1:3]=a('d',[1])","b[::2]=a('i',[7,8,9])","b[::2]=a('i',[7])","b[1:1]=b","del b[0]","del b[1:3]","del b[::2]","del b[9]","b+=a('i',[6])","b+=[1]","b+=a('d')","b=b+b","b=b+[1]","b=b+a('d')","b*=2","b=b*2","b=2*b","b*=-1","b=b*'a'","b*=1<<62","b.append('x')","b.append()","b.extend([1,2])","b.extend(a('d',[1]))","b.extend(5)","b.extend(b)","b.extend(['a'])","b.extend('ab')","b.insert(1,9)","b.insert(-100,9)","b.insert(100,9)","b.insert('a',1)","b.insert(1)","b.pop()","b.pop(0)","b.pop(9)","b.pop('a')","b.remove(3)","b.remove(33)","b.reverse()","b.byteswap()","b.clear()","b.fromlist([1,2])","b.fromlist((1,2))","b.fromlist([1,'a'])","b.frombytes(b'abcd')","b.frombytes(b'abc')","b.frombytes('abcd')","b.frombytes(a('i',[1]))","b.fromunicode('a')","b.fromfile(5,1)","b.tofile(5)","b.__setitem__(slice(1,2),5)","m=memoryview(b); b.append(1)","m=memoryview(b); b.pop()","m=memoryview(b); b[0]=7","m=memoryview(b); m[0]=77","m=memoryview(b); b+=a('i')","m=memoryview(b); b.clear()","m=memoryview(b); b.extend([])","m=memoryview(b); b*=2","m=memoryview(b); b.byteswap()","m=memoryview(b); del b[0:0]","m=memoryview(b); b[1:2]=a('i',[4])","b[2:1]=a('i',[9])","b[1:4]=b","b[::-1]=b"]: ex(s)
b=a('i',[1,2,3,2])
t(b.index,2); t(b.index,9); t(b.index,2,2); t(b.index,2,-1); t(b.index,2,0,1); t(b.count,2); t(b.count,'a'); t(lambda: 2 in b); t(lambda: 'a' in b); t(b.tolist); t(b.tobytes); t(b.tounicode); t(a('u','ab').tounicode); t(a('w','ab\U0001f600').tounicode); t(a('w','ab').tolist); t(lambda: a('w','abc')[1]); t(repr,a('w','ab')); t(repr,a('u')); t(repr,a('i')); t(repr,a('d',[1.5])); t(hash,b); t(len,b); t(lambda: b.typecode); t(lambda:b.itemsize)
t(b.buffer_info.__name__.__class__); t(lambda: b.buffer_info()[1]); t(b.__copy__); t(b.__deepcopy__,None); t(b.__reduce_ex__,2); t(b.__reduce_ex__,3); t(b.__reduce_ex__,'a')
t(lambda: a('i',[1,2])==a('d',[1,2])); t(lambda: a('i',[1,2])<a('i',[1,3])); t(lambda: a('i',[1,2])<a('i',[1])); t(lambda:a('i',[1])==[1]); t(lambda:a('i')<5); t(lambda: a('i',[1,2])!=a('i',[1,2])); t(lambda: a('i',[1,2])==a('i',[1,2,3])); t(lambda: a('i')==a('i'))
it=iter(b); next(it); t(it.__reduce__); t(it.__setstate__,3); t(list,it); t(next,it,'x'); t(it.__reduce__); t(it.__setstate__,0); t(it.__setstate__,'a')
R=A._array_reconstructor
t(R,a,'i',8,b'\1\0\0\0'); t(R,a,'i',9,b'\0\0\0\1'); t(R,a,'x',8,b''); t(R,a,'i',99,b''); t(R,a,'i',-1,b''); t(R,int,'i',8,b''); t(R,a,'i',8,'x'); t(R,a,'h',8,b'\1\0\0\0'); t(R,a,'d',16,b'\0\0\x80?'); t(R,a,'u',18,b'a\0b\0'); t(R,a,'i',8,b'abc'); t(R,a,'B',0,b'ab'); t(R,a,'b',4,b'\1\0'); t(R,a,'i',8); t(R,5,'i',8,b''); t(R,a,'ii',8,b''); t(R,a,'w',20,b'a\0\0\0'); t(R,a,'i',13,b'\0'*7+b'\x01'); t(R,a,'d',17,b'?\xf0'+b'\0'*6)
class S(a):
    def __init__(self,*x): pass
    def __new__(cls,t,x=()): return a.__new__(cls,t,x)
s=S('i',[1]); t(repr,s); t(type,s+s); t(type,s[:]); t(type,s*2); t(s.__reduce_ex__,3); t(type,s.__copy__()); t(lambda: a[int]); t(a.__new__,a); t(a.__new__,a,'i',5); t(S.__mro__.__class__)
t(memoryview(b).tolist); t(bytes,b); t(lambda: memoryview(a('u','ab')).format); t(lambda: memoryview(a('w','ab')).format); t(lambda: b'x'.join([a('B',b'q')])); t(bytearray,b); t(lambda: memoryview(a('w','ab')).tolist())
t(b.fromfile,__import__('io').BytesIO(b'abcdefgh'),2); print(b); t(b.fromfile,__import__('io').BytesIO(b'abcdef'),2); print(b); t(b.fromfile,__import__('io').BytesIO(b''),-1)
o=__import__('io').BytesIO(); t(b.tofile,o); print(o.getvalue()==b.tobytes()); t(A.array.__text_signature__.__class__); print(A.ArrayType is A.array)
