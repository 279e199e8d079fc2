"""The methods of bytearray, its changes, and that they are refused while it is exported."""
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
B=bytearray
def ex(s):
    def f():
        b=B(b'abcdef'); exec(s,dict(b=b,B=bytearray)); return b
    print(s, end=' -> '); t(f)
for s in ["b[0]=256","b[0]=-1","b[0]='a'","b[10]=1","b[1.5]=1","b['a']=1","b[0]=1.5","b[1<<80]=1","del b[0]","del b[10]","del b[1:3]","del b[::2]","b[1:3]=b'xyz'","b[1:3]=5","b[1:3]='x'","b[1:3]=[1,2,3]","b[1:3]=[256]","b[::2]=b'xyz'","b[::2]=b'x'","b[::2]=b''","b[1:3]=b","b+=1","b+='a'","b+=b","b+=[1]","b*=2","b*=-1","b*=1<<62","b*=1.5","b.append('a')","b.append(256)","b.append(1)","b.insert(1,256)","b.insert(100,1)","b.insert(-100,1)","b.insert('a',1)","b.extend('a')","b.extend(5)","b.extend([1,256])","b.extend([1,2])","b.extend(b)","b.extend(iter(b'xy'))","b.pop(10)","b.pop(0)","b.pop()","b.pop('a')","B().pop()","b.remove(97)","b.remove(5)","b.remove(256)","b.remove('a')","b.reverse()","b.clear()","b.resize(3)","b.resize(8)","b.resize(-1)","b.resize('a')","b.resize(1<<62)","b.resize(1<<80)","b.append()","b[2:1]=b'q'","b[::-1]=b'123456'", "b[1:3]=memoryview(b'zz')","b[5:2:-1]=b'ab'","b[1:1]=b'ins'","b[3:]=b''", "del b[::-2]", "b[1:3]=None", "m=memoryview(b); b.append(1)","m=memoryview(b); b[0]=1; b[1:3]=b'xy'","m=memoryview(b); b[1:3]=b'x'","m=memoryview(b); b.clear()","m=memoryview(b); b.pop()","m=memoryview(b); b*=2","m=memoryview(b);b+=b''","m=memoryview(b);b.extend(b'')","m=memoryview(b);b.__init__()","m=memoryview(b);b.resize(6)","m=memoryview(b);b.remove(97)","m=memoryview(b);b.insert(0,1)", "m=memoryview(b); del b[0]","m=memoryview(b); del b[0:0]","m=memoryview(b); del b[::2]","m=memoryview(b); b*=1","m=memoryview(b); b.reverse()","b.__init__(3)","b.__init__('a')","b.__init__([1,2,300])"]: ex(s)
b=B(b'abc')
t(b.__reduce__); t(b.__reduce_ex__); t(b.__reduce_ex__,2);t(b.__reduce_ex__,3);t(B().__reduce_ex__,3); t(B().__reduce__); t(b.__reduce_ex__, 'a')
class S(B): pass
s=S(b'x'); s.q=1
t(s.__reduce__); t(s.__reduce_ex__,3); t(repr,s); t(str,s); t(repr, B(b"'\""))
t(lambda: B(b'a')+b'b'); t(lambda: b'b'+B(b'a')); t(lambda: B(b'a')+'b'); t(lambda: B(b'a')*(1<<62)); t(lambda: B(b'%d')%5); t(lambda: B(b'a')==b'a'); t(lambda: B(b'a')<b'b'); t(lambda: b'a'==B(b'a')); t(lambda: B(b'a')<'b'); t(lambda: B(b'a')==5);t(lambda: B(b'a')==memoryview(b'a'))
t(lambda: B(b'abc')[1.5]); t(lambda:B(b'abc')[7]); t(lambda:B(b'abc')[0:2]); t(B(b'a b').split); t(B(b'abc').partition,b'b'); t(B(b',').join,[b'a',B(b'b')]); t(lambda: [B(b'a').strip() ])
t(B.fromhex,'ab'); t(S.fromhex,'ab'); t(B.maketrans,b'a',b'b'); t(lambda: list(B(b'ab'))); t(lambda: list(reversed(B(b'ab'))))
t(b.__release_buffer__, memoryview(b'')); t(b.__release_buffer__,5); t(b.copy); t(s.copy)
t(lambda: B(b'ab')*0 ); t(b.hex,':'); t(b.center,7); t(lambda: b is b.strip()); t(b.__mul__, 2); t(B, b'a', 'x'); t(B, 'a', 'utf8', 'x'); t(B, errors='x')
it=iter(B(b'abc')); next(it); t(it.__reduce__); t(it.__length_hint__); t(it.__setstate__,-5); t(list,it); t(it.__reduce__)
it=iter(b'abc'); next(it); t(it.__reduce__)
