import _abc
import _stat
import atexit
import errno
import sys

def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


t(lambda:_stat.S_IFMT('a'))
t(lambda:_stat.S_IFMT(-1))
t(lambda:_stat.S_IFMT(2**40))
t(lambda:_stat.S_IFMT(2**70))
t(lambda:_stat.S_IFMT(0o100644))
t(lambda:_stat.filemode(0o104755))
t(lambda:_stat.filemode(0o41777))
t(lambda:_stat.S_ISDOOR(1))
t(lambda:_stat.S_ISREG(0o100000))
t(lambda:_stat.S_IMODE(0o107777))
t(lambda: _stat.S_IFMT())
t(lambda:_stat.S_IFMT(True))
t(lambda:_stat.S_IFMT(1.5))
t(lambda:_stat.filemode(0))
t(lambda:_stat.filemode(0o120777|0o7000))
t(lambda:_stat.filemode(0o7666))
t(lambda:_stat.filemode(0o170000))
for m in (0o140000,0o120000,0o100000,0o60000,0o40000,0o20000,0o10000): print(_stat.filemode(m))
t(lambda:atexit.register())
t(lambda:atexit.register(1))
t(lambda:atexit.register(print,1,sep=''))
t(lambda:atexit._ncallbacks())
t(lambda:atexit.unregister(print))
t(lambda:atexit._ncallbacks())
t(lambda:atexit.register(f=1))
def f(*a,**k): print('f',a,k)
def g(): raise ValueError('g')
def h(): raise SystemExit(3)
for x in (f,g,h): atexit.register(x)
atexit.register(f,1,b=2); t(atexit._run_exitfuncs); t(lambda:atexit._ncallbacks())
atexit.register(f); atexit._clear(); t(atexit._ncallbacks)
class EQ:
    def __eq__(s,o): raise KeyError('eq')
atexit.register(f); t(lambda: atexit.unregister(EQ())); t(atexit._ncallbacks); atexit._clear()
def reg(): atexit.register(f, 'late')
atexit.register(reg); t(atexit._run_exitfuncs); t(atexit._ncallbacks); atexit._clear()
class M(type):
    def __new__(m,n,b,d,**k):
        c=super().__new__(m,n,b,d); _abc._abc_init(c); return c
    def register(c,s): return _abc._abc_register(c,s)
    def __instancecheck__(c,i): return _abc._abc_instancecheck(c,i)
    def __subclasscheck__(c,s): return _abc._abc_subclasscheck(c,s)
def ab(f): f.__isabstractmethod__=True; return f
class A(metaclass=M):
    @ab
    def x(self): pass
    @property
    @ab
    def y(self): pass
    @classmethod
    @ab
    def z(cls): pass
t(lambda:sorted(A.__abstractmethods__))
t(lambda:A())
class B(A):
    def x(self): pass
    y=1
t(lambda:sorted(B.__abstractmethods__))
t(lambda:B())
class C(B):
    def z(self): pass
t(lambda:isinstance(C(),A))
t(lambda:isinstance(1,A))
t(lambda:A.register(int))
t(lambda:isinstance(1,A))
t(lambda:isinstance(True,A))
t(lambda:A.register(1))
t(lambda:C.register(A))
t(lambda:issubclass(1,A))
t(lambda:issubclass(bool,A))
t(lambda: [type(x).__name__ for x in _abc._get_dump(A)])
t(lambda:[len(x) if not isinstance(x,int) else 0 for x in _abc._get_dump(A)])
t(lambda:_abc._reset_caches(A))
t(lambda:[len(x) if not isinstance(x,int) else 0 for x in _abc._get_dump(A)])
t(lambda:_abc._reset_registry(A))
t(lambda:isinstance(1,A))
t(lambda:_abc._get_dump(int))
t(lambda:type(A._abc_impl))
t(lambda:_abc._abc_init(1))
class H(metaclass=M):
    @classmethod
    def __subclasshook__(cls,s): return {int:True,str:False,float:NotImplemented,list:5}.get(s,NotImplemented)
for x in (1,'a',1.0,[],{}): t(lambda: isinstance(x,H))
class S(metaclass=M):
    __abc_tpflags__=1<<5
t(lambda:S.__flags__&(1<<5))
t(lambda:hasattr(S,'__abc_tpflags__'))
class Q: pass
S.register(Q); t(lambda:Q.__flags__&96)



t(lambda:len(errno.errorcode))
t(lambda: sorted(k for k in dir(errno) if not k.startswith('_')))
t(lambda:sorted(errno.errorcode.items()))
try:
  class BB(metaclass=M): __abc_tpflags__=96
except TypeError as e: print(e)
