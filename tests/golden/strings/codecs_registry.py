"""The registry of codecs, error handlers, and the native codecs."""
import warnings; warnings.simplefilter("ignore")
import _codecs, codecs
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__name__, e, getattr(e,'__notes__',None), e.__cause__)
class C(codecs.CodecInfo): pass
def s(n):
    if n=='bad1': return (1,2,3)
    if n=='bad2': return ((lambda o,*a: 5),(lambda o,*a:5),None,None)
    if n=='bad3': return ((lambda o,*a: 1/0),(lambda o,*a:(1,2,3)),None,None)
    if n=='show': return ((lambda *a: (a,1)),(lambda *a:(a,1)),None,None)
    if n=='ba': return ((lambda *a: (bytearray(b'x'),1)),(lambda *a:(5,1)),None,None)
    if n=='ok': return ((lambda *a: (b'q%d'%len(a),1)),(lambda *a:('w',1)),None,None)
    if n=='nt': return codecs.CodecInfo(lambda *a:(b'x',1),lambda *a:('x',1),_is_text_encoding=False)
    if n=='exc': raise ValueError('boo')
codecs.register(s)
for n in 'bad1 bad2 bad3 show ba ok nt exc none'.split():
    print(n)
    t(codecs.encode,'abc',n); t(codecs.decode,b'abc',n); t('abc'.encode,n); t(b'abc'.decode,n); t(codecs.encode,'abc',n,'ignore'); t(str,b'abc',n); t(bytes,'abc',n)
t(_codecs.lookup_error,'x'); t(_codecs.register_error,'x',5); t(_codecs.register,5); t(_codecs._unregister_error,'strict'); t(_codecs._unregister_error,'foo'); t(_codecs.unregister,5); t(_codecs.lookup_error,5); t(_codecs.lookup,5); t(_codecs.lookup,'a\0b'); t(_codecs.encode); t(_codecs.encode,1,2); t(_codecs.utf_8_decode,'a'); t(_codecs.utf_8_decode,b'a',5); t(_codecs.utf_8_encode,b'a'); t(_codecs.utf_8_encode,'a',5); t(_codecs.escape_encode,'a'); t(_codecs.escape_decode,'a\\n'); t(_codecs.escape_decode,5); t(_codecs.readbuffer_encode,'é'); t(_codecs.readbuffer_encode,5); t(_codecs.unicode_escape_decode,5); t(_codecs.charmap_build,5); t(_codecs.charmap_build,'ab'); t(_codecs.charmap_encode,'a','strict',5); t(_codecs.utf_16_encode,'a',None,'x'); t(_codecs.utf_16_ex_decode,b'\xff\xfea\0'); t(_codecs.utf_16_ex_decode,b'a\0\xff',None,-1,True); t(_codecs.utf_16_decode,b'a\0b'); t(_codecs.utf_7_decode,b'+AG'); t(_codecs.utf_8_decode,b'a\xe2\x82'); t(_codecs.utf_8_decode,b'a\xe2\x82','strict',1)
for n in 'strict ignore replace xmlcharrefreplace backslashreplace namereplace surrogateescape surrogatepass'.split():
    h=_codecs.lookup_error(n); print(h, h.__name__, h.__module__, h.__text_signature__)
    t(h); t(h,5); t(h,ValueError('x')); t(h,UnicodeEncodeError('utf-8','a\udc80b',1,2,'why')); t(h,UnicodeDecodeError('utf-8',b'a\x80b',1,2,'why')); t(h,UnicodeTranslateError('abc',1,2,'why')); t(h,UnicodeEncodeError('utf-8','a\u20acb',0,50,'why')); t(h,UnicodeDecodeError('utf-8',b'\xed\xa0\x80b',0,2,'why'));t(h,UnicodeEncodeError('utf-8','',0,0,'why'))
def h(r):
    def f(e): return r
    return f
for r in (5,(1,2),('x',),('x','y'),('x',100),('x',-100),('x',-1),(b"z",2),(b'z',-1),('x',1<<70), ('x',2.0), None):
    codecs.register_error('t',h(r)); print(r)
    t('a\u20acb'.encode,'ascii','t'); t(b'a\xffb'.decode,'ascii','t'); t(b'a\xffb'.decode,'utf-8','t'); t('a\u20acb'.encode,'latin1','t'); t('a\ud800b'.encode,'utf-16','t'); t(_codecs.charmap_encode,'a\u20acb','t',{97:98,98:99}); t(_codecs.charmap_decode,b'a\xffb','t',{97:98,98:99})
def ch(e):
    e.object=b'abcdef'; return ('!',2)
codecs.register_error('ch',ch); t(b'a\xff'.decode,'ascii','ch'); t(b'a\xff'.decode,'utf-8','ch')
t('abc\ud800'.encode,'utf-8','nope'); t('abc'.encode,'utf-8','nope'); t(b'\xff'.decode,'utf8','nope')
t(_codecs.charmap_decode,b'abc','strict','xyz'+'q'*97); t(_codecs.charmap_decode,b'abc','strict',{97:None,98:'zz',99:0x110000}); t(_codecs.charmap_decode,b'abc','replace',{97:None,98:'zz',99:0xfffe}); t(_codecs.charmap_decode,b'abc','strict',{97:b'x'}); t(_codecs.charmap_decode,b'abc','strict',{}); t(_codecs.charmap_decode,b'abc','strict',5); t(_codecs.charmap_encode,'abc','strict',{97:256}); t(_codecs.charmap_encode,'abc','strict',{97:b'xx',98:None}); t(_codecs.charmap_encode,'abc','replace',{97:b'xx',98:None,63:63}); t(_codecs.charmap_encode,'abc','replace',{97:b'xx',98:None}); t(_codecs.charmap_encode,'abc','strict',{97:'x'}); t(_codecs.charmap_encode,'ab\u20ac','xmlcharrefreplace',_codecs.charmap_build('\0'+''.join(map(chr,range(1,256)))))
em=_codecs.charmap_build('\0'+''.join(map(chr,range(1,256)))); print(type(em), em.size()>0, [n for n in dir(em) if n not in dir(object)]); t(type(em))
t(_codecs.charmap_decode,b'abc'); t(_codecs.charmap_encode,'abc'); t(_codecs.charmap_encode,'ab\u20ac')
t(_codecs.unicode_escape_decode,rb'\n\x41\u20ac\N{BULLET}\U0001f600'); t(_codecs.unicode_escape_decode,rb'\x4'); t(_codecs.unicode_escape_decode,rb'a\x4','strict',False);t(_codecs.unicode_escape_decode,'é\\n'); t(_codecs.raw_unicode_escape_decode,rb'\u20ac\n'); t(_codecs.raw_unicode_escape_encode,'\u20ac\xe9'); t(_codecs.unicode_escape_encode,'\u20ac\xe9\n\\'); t(_codecs.escape_encode,b"a'\n"); t(_codecs.escape_decode,b'\\x4'); t(_codecs.escape_decode,b'\\x4','ignore'); t(_codecs.escape_decode,b'\\x4','foo'); t(_codecs.escape_decode,b'\\')
t(_codecs.utf_32_encode,'a\U0001f600'); t(_codecs.utf_32_be_encode,'a'); t(_codecs.utf_32_ex_decode,b'\0\0\xfe\xff\0\0\0a',None,0,1); t(_codecs.utf_32_decode,b'\0\0\x11\0\x01'); t(_codecs.utf_7_encode,'a+\u20ac~'); t(_codecs.utf_7_decode,b'+IKw-a'); t(_codecs.ascii_decode,b'a\x80','surrogateescape'); t(_codecs.latin_1_decode,b'\xe9'); t(_codecs.utf_16_be_encode,'\ud800','surrogatepass'); t(_codecs.utf_16_le_decode,b'\0\xd8','surrogatepass',True)
t('\u20ac'.encode,'ascii','namereplace'); t('\u20ac'.encode,'ascii','xmlcharrefreplace'); t('\u20ac'.encode,'ascii','backslashreplace'); t('a\udc80\u20ac'.encode,'ascii','surrogateescape'); t('\u20ac'.encode,'ascii'); t('\u20ac'.encode,'ascii','ignore'); t('\u20ac'.encode,'utf-16-le'); t('x'.encode,'rot13'); t(b'a'.decode,'hex')
