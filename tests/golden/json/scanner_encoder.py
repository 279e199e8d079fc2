# The scanner and the encoder of _json; the module json.decoder is stood in for.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))

import sys
class NS:
    class JSONDecodeError(ValueError):
        def __init__(self, msg, doc, pos):
            lineno = doc.count('\n', 0, pos) + 1
            colno = pos - doc.rfind('\n', 0, pos)
            ValueError.__init__(self, '%s: line %d column %d (char %d)' % (msg, lineno, colno, pos))
sys.modules['json']=NS; sys.modules['json.decoder']=NS
import _json
from _json import *
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
for f in (encode_basestring, encode_basestring_ascii):
    t(f); t(f,1); t(f,'a','b'); t(f,'a"\\/\b\f\n\r\t\x00\x1f\x7fé€😀\ud800'); t(f,''); t(f,b'a')
t(scanstring); t(scanstring,'abc"',0); t(scanstring,'a\\n\\u00e9\\ud83d\\ude00\\ud83dx\\/\\"\\b\\f\\r\\t"rest',0); t(scanstring,'abc',0); t(scanstring,'a\nb"',0); t(scanstring,'a\nb"',0,False); t(scanstring,'a\nb"',0,strict=False); t(scanstring,'a\\x"',0); t(scanstring,'a\\u12"',0); t(scanstring,'a\\u12zz"',0); t(scanstring,'abc"',9); t(scanstring,'abc"',-1); t(scanstring,5,0); t(scanstring,'a"','x'); t(scanstring,'a\\',0); t(scanstring,'a\\ud800\\u12"',0); t(scanstring,'a\\ud800"',0); t(scanstring,'\\udc00"',0); t(scanstring,'é"x',0); t(scanstring,'"x',0); t(scanstring,'\\u+123"',0);t(scanstring,'\\u"',0)
class Ctx: strict=True; object_hook=None; object_pairs_hook=None; parse_float=float; parse_int=int; parse_constant=lambda s: ('c',s); memo={}
Ctx.parse_constant=staticmethod(lambda s:('c',s))
c=Ctx(); t(make_scanner); t(make_scanner,1); t(make_scanner,c); s=make_scanner(c); t(make_scanner,c,1); t(make_scanner,context=c)
print([x for x in dir(s) if x[:2]!='__'], s.strict, s.object_hook, s.parse_float, s.parse_int, s.object_pairs_hook); t(setattr,s,'strict',0)
for src in ['1','-1','-','0','01','1.5','1e5','1E+5','1e','1.','-0','-0.0','1.5e-3x','true','false','null','nul','NaN','Infinity','-Infinity','-Inf','"a"','[]','[ ]','[1, 2]','[1,]','[1 2]','[','[1','[1,','{}','{ }','{"a":1}','{"a" : 1 , "b":2}','{"a"}','{"a":}','{"a":1,}','{"a":1 "b"}','{','{"a"','{"a":','{"a":1','{a:1}','{1:2}','','x','{"a":1,"a":2}','12345678901234567890123','[[[]]]','{"a":{"b":[1,{"c":null}]}}','{"a":1, }','[1,2','{"a":1,\n}','  1', '[1 , ]','"abc','+1','.5','1.5.5', '1_000','[\n1,\n2]','{"a":1,x','[tru]', '-x','- 1', '1e400','-1e400']:
    t(s,src,0)
t(s,'[1]',1); t(s,'[1]',5); t(s,'[1]',-1); t(s); t(s,5,0); t(s,'1'); t(s,string='1',idx=0); t(s,'1',0,0)

for nm,v in [('object_hook',lambda d:('h',d)),('object_pairs_hook',lambda d:('p',d)),('parse_float',lambda s:('f',s)),('parse_int',lambda s:('i',s))]:
    c=Ctx(); setattr(c,nm,v); s=make_scanner(c); t(s,'{"a":1.5,"b":[1,{"c":2}]}',0); t(s,'{}',0)
c=Ctx(); c.strict=False; t(make_scanner(c),'"a\nb"',0)
t(make_encoder); t(make_encoder,1,2,3,4,5,6,7,8,9); 
def enc(o,indent=None,sort=False,skip=False,nan=True,default=lambda o:(_ for _ in ()).throw(TypeError('nope %r'%(o,))),e=encode_basestring_ascii,ks=': ',isep=', ',m=None):
    E=make_encoder({} if m is None else m,default,e,indent,ks,isep,sort,skip,nan); return E
print([x for x in dir(enc(1)) if x[:2]!='__'])
class I(int): 
    def __repr__(s): return 'X'
class F(float):
    def __repr__(s): return 'Y'
class Sx(str): pass
class L(list): pass
class D(dict): pass
import sys
objs=[None,True,False,1,-5,2**70,1.5,1e100,0.1,-0.0,float('nan'),float('inf'),-float('inf'),'a"é',[],(),{}, [1,[2,(3,)]],{'a':1,'b':[1,2]},{1:2,1.5:3,None:4,True:5,False:6,2**70:1},{(1,):2},I(5),F(2.5),Sx('q'),L([1]),D(a=1),{I(7):1,F(1.5):2},{'b':1,'a':{'d':1,'c':2}},object, {float('nan'):1}, [float('nan')],{'x':[{},{'y':[]}]}]
for o in objs:
    for kw in (dict(),dict(indent='\t',isep=','),dict(sort=True),dict(skip=True),dict(nan=False),dict(e=lambda s:'<'+s+'>'),dict(isep=',',ks=':')):
        try: print(repr(o)[:40],kw.keys(),enc(None,**kw)(o,0))
        except BaseException as ex: print(repr(o)[:40],kw.keys(),type(ex).__name__,ex, getattr(ex,'__notes__',None))
t(enc(1),1); t(enc(1),1,'a'); t(enc(1,default=lambda o:[1,o.__name__]),[object],0); l=[]; l.append(l); t(enc(1),l,0); d={}; d['d']=d; t(enc(1),d,0); t(enc(1,default=lambda o:o),object,0)
x=[]; y=[x,x]; t(enc(1),y,0); 
E=make_encoder(None,lambda o:'dflt',encode_basestring,None,':',',',False,False,True); t(E,[object,{'é':1}],0); t(E,[],5); 
E=make_encoder({},1,2,None,':',',',False,False,True); t(E,'a',0); t(E,object,0); t(make_encoder,1,2,3,None,':',',',0,0,0); t(make_encoder,{},2,3,None,1,',',0,0,0); t(make_encoder,{},2,3,5,':',',',0,0,0)
x=[]
