"""The methods of bytes, and what they refuse."""
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e)
t(bytes, 1,2); t(bytes,'a'); t(bytes,'a','utf-8'); t(bytes, encoding='utf8'); t(bytes, b'a', errors='strict'); t(bytes, source='x', encoding='utf8')
t(bytes, 1, 'utf8'); t(bytes,-1); t(bytes, 1<<70); t(bytes, 1<<62); t(bytes,1.5); t(bytes,[256]); t(bytes,['a']); t(bytes,None); t(bytes,1,2,3,4); t(bytes, foo=1)
t(bytes, [1<<80]); t(bytearray,[1<<80]); t(bytearray,[256]); t(bytearray, 'x'); t(bytearray,-1); t(bytearray,1<<70); t(bytearray,1.5);t(bytearray,1,'utf8'); t(bytearray,b'a','utf8'); t(bytearray,'a','utf8','strict',1)
class B:
    def __bytes__(s): return 3
t(bytes,B()); t(bytearray,B())
class I:
    def __index__(s): raise TypeError('x')
t(bytes,I()); 
class I:
    def __index__(s): raise ValueError('x')
t(bytes,I()); t(bytearray,I())
class I:
    def __index__(s): return 5
t(bytes,I()); t(bytearray,I())
b=b'abc'
t(b.find,'a'); t(b.find,256); t(b.find,-1); t(b.find,97); t(b.find, 1<<80); t(b.find, 1.5); t(b.index,b'z'); t(b.rindex,b'z'); t(b.count,'a'); t(b.index,999); t(b.find,b'a','x'); t(b.find)
t(b.__contains__,'a'); t(b.__contains__,256); t(b.__contains__,98); t(b.__contains__,b'bc'); t(lambda: 1.5 in b); t(lambda: 1<<80 in b)
t(lambda: b+'a'); t(lambda: b+1); t(lambda: b*'a'); t(lambda:b[1.5]); t(lambda:b['a']); t(lambda:b[5]); t(lambda:b[1<<80]); t(lambda: b*(1<<62))
t(b.split,''); t(b.split,b''); t(b.split,1); t(b.rsplit, b''); t(b.partition,b''); t(b.partition,1); t(b.rpartition,''); t(b.join,1); t(b.join,[1]); t(b.join,['a']); t(b.join, b'abc')
t(b.replace,'a','b'); t(b.replace,b'a','b'); t(b.replace, b'a'); t(b.replace,b'a',b'b',count=1); t(b.replace,b'a',b'b',1); t(b.strip,'a'); t(b.strip,1); t(b.startswith,'a'); t(b.startswith,('a',)); t(b.startswith,(b'x',b'a')); t(b.endswith,1); t(b.removeprefix,'a'); t(b.removesuffix,1)
t(b.translate,b'a'); t(b.translate,None,'a'); t(b.translate,None,b'a'); t(b.translate,None,delete=b'a'); t(b.translate,1); t(b.translate); t(bytes.maketrans,b'a',b'bc'); t(bytes.maketrans,'a',b'bc'); 
t(b.center,10,'a'); t(b.center,10,b'ab'); t(b.center,10,b'*'); t(b.center,10,bytearray(b'-')); t(b.center,'a'); t(b.center, 10, 5); t(b.ljust,1<<62); t(b.zfill,'a'); t(b.zfill,1<<80); t(b.zfill, 1<<62); t(b.expandtabs,1<<40); t(b.expandtabs,'x');
t(b.hex,1); t(b.hex,'ab'); t(b.hex,'é'); t(b.hex,':',0); t(b.hex,':','a'); t(b.hex,b':'); t(b.hex, b'\xff'); t(b.hex,''); t(b.hex,None);t(b.hex,':',bytes_per_sep=2)
t(bytes.fromhex,1); t(bytes.fromhex,'a'); t(bytes.fromhex,'ag'); t(bytes.fromhex,b'ag'); t(bytes.fromhex,b'ab'); t(bytes.fromhex,'aé'); t(bytes.fromhex, bytearray(b'abc')); t(bytes.fromhex, memoryview(b'ab')); t(bytes.fromhex,'abc');t(bytearray.fromhex, 'zz'); t(bytearray.fromhex,3)
t(b.decode,1); t(b.decode,'nope'); t(b.decode,'utf8',1); t(b.splitlines,'a'); t(b.splitlines,keepends=True); t(b.isascii,1)
t(hash,bytearray()); t(lambda: b<'a'); t(lambda: b'%d'%'a'); t(lambda: b'%s'%'a'); t(lambda: b'%x'%1.5); t(lambda: b'%c'%256); t(lambda:b'%c'%b'ab'); t(lambda: b'%z'%1); t(lambda: b'%(a)s'%1)
t(b.__getnewargs__); t(b.__bytes__); t(b.__mod__,5); t(b.__rmod__, b'x'); t(b.title); t(b.__len__)
t(b.__getitem__, slice(None,None,0)); t(b.__add__,b'x'); t(lambda: b + bytearray(b'x')); t(lambda: b+memoryview(b'x'));t(b.__buffer__,1)
t(b.find,memoryview(b'abcd')[::2]); t(b.join,[b'a',memoryview(b'abcd')[::2]])
