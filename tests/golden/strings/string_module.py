"""How _string takes formats apart."""
import _string
def t(f, *a, **k):
    try: r = f(*a, **k); print(repr(r))
    except BaseException as e: print(type(e).__module__, type(e).__name__, e)
p=_string.formatter_parser; s=_string.formatter_field_name_split
for x in ['','a','{}','a{b}c','{{}}','{a!r:>{w}}','{','}','{a!}','{a!rx}','{a:{b:{c}}}','a}}b{{','{a[0].b}','{a!r','{:}}','{!r}','{0:x}{1}', '{a{b}','{[}]}']: print(x,end=' '); t(lambda: list(p(x)))
t(p,5); t(s,5)
def q(x):
    a,b=s(x); return a,list(b)
for x in ['','a','a.b','a[0]','0[a].b','0','-1','a.','a[','a[]','a[0','a..b','a[0]b','[0]','.b','99999999999999999999','a[99999999999999999999]','01','a[01]']: print(x,end=' '); t(q,x)
it=p('a{b}'); print(type(it), [n for n in dir(it) if n not in dir(object)]); a,b=s('a.b'); print(type(b), [n for n in dir(b) if n not in dir(object)])
