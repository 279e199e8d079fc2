"""Packing and unpacking of structs."""
import _struct
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
S=_struct
for f in ['','b','B','c','h','>i','<q','10s','3p','?','e','f','d','P','n','N','=l','l','@l','3x','ib','bi','>ib','i0q','b0i','z','3','>n','>P','100000000000000000000s','9223372036854775807s','4s4s','  b  h','b 3','s','p','0s','0p','F','D','!h','\u20ac',b'bh']: print(repr(f),end=' '); t(S.calcsize,f)
t(S.calcsize,5); t(S.calcsize,None)
for a in [('b',1),('b',128),('b',-129),('B',-1),('B',256),('b','a'),('b',1.5),('h',40000),('H',70000),('i',1<<31),('I',1<<32),('q',1<<63),('Q',-1),('Q',1<<64),('n',1<<63),('N',-1),('P',-1),('P',1<<64),('c','a'),('c',b'ab'),('c',b'a'),('c',5),('?',[]),('?',5),('e',1.5),('e',1e10),('e','a'),('f',1e300),('f',1.5),('f','x'),('d','x'),('d',5),('10s',b'abc'),('2s',b'abc'),('3s','abc'),('3s',bytearray(b'a')),('5p',b'abc'),('2p',b'abc'),('0p',b''),('>b',200),('>h',1<<20),('<H',-1),('>i',1<<40),('>I',-1),('>q',1<<70),('<Q',1<<70),('>?',3),('>e',2.5),('>f',1e300),('>d',1.0),('b',),('b',1,2),('bb',1),('',1),('3b',1,2,3),('3xb',1),('bxi',1,2),('>l',5),('l',1<<70),('L',-5), ('s',b''), ('s',5), ('p',5), (5,), ('F',1j)]:
    print(a,end=' '); t(S.pack,*a)
class I:
    def __index__(self): return 5
t(S.pack,'b',I()); 
class I:
    def __index__(self): raise ValueError('q')
t(S.pack,'b',I()); t(S.pack)
for a in [('b',b'a'),('b',b''),('bb',b'a'),('>h',b'ab'),('c',b'a'),('3s',b'abc'),('5p',b'\x03abcd'),('5p',b'\x09abcd'),('?',b'\x02'),('e',b'\x00\x3c'),('f',b'\0\0\x80?'),('d',b'12345678'),('P',b'12345678'),('bxh',b'a\0bc'),('x',b'a'),('0s',b''),('3s','abc'),('b',5),('=l',b'abcd'),('!q',b'12345678'),('N',b'\xff'*8)]:
    print(a,end=' '); t(S.unpack,*a)
t(S.unpack_from,'b',b'abc',1); t(S.unpack_from,'b',b'abc',-1); t(S.unpack_from,'b',b'abc',3); t(S.unpack_from,'b',b'abc',-4); t(S.unpack_from,'h',b'abc',-1); t(S.unpack_from,'b',buffer=b'abc',offset=2); t(S.unpack_from,'b',b'abc','x'); t(S.unpack_from,'b'); t(S.unpack_from,'h',b'abc',1<<70)
b=bytearray(5); t(S.pack_into,'h',b,1,300); t(S.pack_into,'h',b,-2,300); t(S.pack_into,'h',b,4,300); t(S.pack_into,'h',b,-9,3); t(S.pack_into,'h',b,-1,3); t(S.pack_into,'h',b'abc',0,1); t(S.pack_into,'h',b,0); t(S.pack_into,'h',b); t(S.pack_into,'h'); t(S.pack_into); t(S.pack_into,'h',b,'x',1); t(S.pack_into,'h',b,1<<70,1); t(S.pack_into,'h',b,0,'a'); print(b)
t(lambda: list(S.iter_unpack('h',b'abcd'))); t(S.iter_unpack,'h',b'abc'); t(S.iter_unpack,'',b''); t(S.iter_unpack,'h','a'); it=S.iter_unpack('b',b'abc'); next(it); t(it.__length_hint__); t(list,it); t(it.__length_hint__)
z=S.Struct('>hb'); t(z.pack,1,2); t(z.pack,1); t(lambda:z.format); t(lambda:z.size); t(z.unpack,b'abc'); t(z.unpack,b'ab'); t(repr,z); t(z.unpack_from,b'abcd',1); t(z.pack_into,b,0,1,2); t(z.pack_into); t(z.pack_into,b,1); t(z.iter_unpack,b'abcdef'); t(S.Struct,5); t(S.Struct); t(S.Struct,'z'); t(S.Struct,b'h'); t(z.__init__,'b'); t(lambda: z.format); t(S.Struct,format='h'); t(lambda: isinstance(z.__sizeof__(),int)); t(S._clearcache); t(S.error.__mro__)
class Q(S.Struct): pass
t(lambda: Q('h').size); t(lambda:S.Struct.__new__(S.Struct)); t(lambda:S.Struct.__new__(S.Struct).pack()); t(lambda: S.Struct.__new__(S.Struct).size)
