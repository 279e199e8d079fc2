import operator, binascii, struct, _codecs
class I:
    def __init__(s,v): s.v=v
    def __index__(s):
        if isinstance(s.v,BaseException): raise s.v
        return s.v
class P: pass
def t(f,*a):
    try: print(f.__name__, repr(f(*a)))
    except BaseException as e: print(f.__name__, type(e).__name__, e)
for d in (I(5),'x',3.0,I(2**70),I(KeyError()),None,2**70): t(operator.length_hint,-1,d)
for o in ('s',(),frozenset(),range(3),None,3,P(),P,{}.keys()):
    for k in (2**70,I(KeyError('k')),'x',0):
        t(operator.setitem,o,k,1); t(operator.delitem,o,k)
class B:
    def __bool__(s): raise RuntimeError('bool')
for f in (_codecs.utf_8_decode,_codecs.utf_16_decode,_codecs.utf_32_be_decode,_codecs.utf_7_decode):
    t(f,2,3,B()); t(f,b'',3,B()); t(f,b'',None,B())
t(_codecs.utf_16_encode,3,None,2**90); t(_codecs.utf_16_encode,'a',3,2**90); t(_codecs.utf_32_encode,'a',None,2**90)
t(_codecs.charmap_build,'')
for f in (binascii.b2a_uu,binascii.b2a_base64,binascii.a2b_base64,binascii.b2a_qp,binascii.a2b_qp):
    t(lambda a: f(a) , 3)
t(binascii.crc32,'a','b'); t(binascii.crc32,b'a','b'); t(binascii.crc_hqx,'a','b'); t(binascii.crc32,b'hello'); t(binascii.crc_hqx,b'hello',3)
t(struct.Struct,b'abc\xff'); t(struct.Struct,b'\xff'); t(struct.calcsize,'é'); t(struct.calcsize,b'i')
