# Dialects, reading and writing rows.

_print = print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


import _csv
from _csv import *
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
def D(**k):
    def f():
        d=Dialect(**k); return (d.delimiter,d.doublequote,d.escapechar,d.lineterminator,d.quotechar,d.quoting,d.skipinitialspace,d.strict)
    t(f)
D(); D(delimiter=';'); D(delimiter=''); D(delimiter='ab'); D(delimiter=None); D(delimiter=1); D(delimiter=b','); D(delimiter='\n'); D(delimiter=' '); D(delimiter='"'); D(quotechar=None); D(quotechar=''); D(quotechar='ab'); D(quotechar=1); D(quotechar=None,quoting=1); D(quotechar=' '); D(quotechar=' ',skipinitialspace=1); D(quotechar='\r'); D(escapechar=''); D(escapechar='\\'); D(escapechar='ab'); D(escapechar=5); D(escapechar=' ',skipinitialspace=True); D(escapechar='"'); D(escapechar=','); D(lineterminator=None); D(lineterminator=5); D(lineterminator=','); D(lineterminator=''); D(lineterminator='"x'); D(quoting=6); D(quoting=-1); D(quoting='a'); D(quoting=True); D(quoting=1.0); D(quoting=3); D(strict=[]); D(skipinitialspace='x'); D(doublequote=0); D(foo=1); t(Dialect,'nope'); t(Dialect,1,2,3,4,5,6,7,8,9,10); t(Dialect,dialect=None)
d=Dialect(); t(lambda: Dialect(d) is d); t(lambda:Dialect(d,strict=1) is d); t(setattr,d,'delimiter','x'); t(setattr,d,'strict',1); t(d.__reduce__); t(d.__reduce_ex__,2); t(lambda:d.x)
class E: delimiter=';'; quoting=QUOTE_ALL
t(lambda: Dialect(E).delimiter); t(lambda: Dialect(E()).quoting); t(lambda: Dialect(5).delimiter)
class E2: 
    @property
    def delimiter(s): 1/0
t(Dialect,E2()); class_=E
t(register_dialect); t(register_dialect,1); t(register_dialect,1,E); t(register_dialect,'e',E); t(register_dialect,'e2',delimiter='|'); t(register_dialect,'e3',E,strict=True); t(register_dialect,'e4',E,E,E); t(register_dialect,'bad',delimiter='ab'); t(list_dialects); t(lambda:get_dialect('e').delimiter); t(get_dialect,'zz'); t(get_dialect); t(get_dialect,name='e'); t(unregister_dialect,'e2'); t(unregister_dialect,'e2'); t(unregister_dialect); t(list_dialects,1); t(get_dialect,[]); t(lambda: _csv._dialects)
t(field_size_limit); t(field_size_limit,10); t(field_size_limit,'a'); t(field_size_limit); t(field_size_limit,new_limit=131072); t(field_size_limit,1,2); t(field_size_limit,2**70); t(field_size_limit,-5); t(field_size_limit,131072); t(field_size_limit, 1.5)
register_dialect('excel',E.__class__('x',(),dict(delimiter=',',quotechar='"',doublequote=True,skipinitialspace=False,lineterminator='\r\n',quoting=0)))
def R(lines,*a,**k):
    def f():
        r=reader(lines,*a,**k); out=list(r); return out,r.line_num
    t(f)
R(['a,b,c']); R(['a,b\r\n','c,d\n','\n','','x']); R(['"a,b",c']); R(['"a""b",c']); R(['"a\n','b",c']); R(['"a']); R(['"a'],strict=True); R(['"a"b,c']); R(['"a"b,c'],strict=True); R(['a"b,c']); R(['a\\,b,c'],escapechar='\\'); R(['"a\\"b",c'],escapechar='\\'); R(['a\\'],escapechar='\\'); R(['a\\\nb'],escapechar='\\'); R(['a\\\n','b'],escapechar='\\'); R(['"a\\'],escapechar='\\'); R(['a, b,  "c"']); R(['a, b,  "c"'],skipinitialspace=True); R(['1,"2",a'],quoting=QUOTE_NONNUMERIC); R(['1,"2",,3.5'],quoting=QUOTE_NONNUMERIC); R(['1,"2",,"",3.5'],quoting=QUOTE_STRINGS); R(['1,"2",,"",x'],quoting=QUOTE_NOTNULL); R(['"a",b'],quoting=QUOTE_NONE); R(["'a,b'"],quotechar="'"); R(['a;b'],delimiter=';'); R(['a|b'],E); R(['a;b'],'e'); R(['a;b'],'nope'); R([1]); R([b'a']); R(1); t(reader); t(reader,[],1,2); R(['a\rb']); R(['a\r\nb']); R(['a\r\n\r\n']); R(['\r']); R(['a,']); R([',']); R(['""']); R(['"" ']); R(['a"',]); R(['é€,😀']); R(['a\0b']); R(['"a"'],doublequote=False); R(['"a""b"'],doublequote=False); R(['"a"\n']); R(['a b'],delimiter=' '); R(['a  b'],delimiter=' ',skipinitialspace=True); R(['" a "']); R(['x'],quoting=QUOTE_STRINGS); R(['1e3,nan, 5 ,0x1'],quoting=QUOTE_NONNUMERIC); R(['"1" 2,3'],quoting=QUOTE_NONNUMERIC)
field_size_limit(3); R(['abcd']); R(['abc,def']); R(['"abcd"']); field_size_limit(131072)
r=reader(['a']); print([x for x in dir(r) if x[:2]!='__'], type(r).__name__, type(r).__module__, r.line_num, r.dialect.delimiter, iter(r) is r); t(setattr,r,'line_num',1); t(setattr,r,'dialect',1); t(_csv.Reader); t(_csv.Writer); t(next,r); t(next,r); t(lambda:type('q',(_csv.Reader,),{}))
class W:
    def __init__(s): s.o=[]
    def write(s,x): s.o.append(x); return len(x)
def Wr(row,*a,**k):
    def f():
        w=W(); r=writer(w,*a,**k).writerow(row); return w.o,r
    t(f)
for row in (['a','b'],[1,2.5,None,True],['a,b','c"d','e\nf','g\rh',' i '],[],[''],[None],['',''],5,'abc',[['x']],['é'],[1e100,0.1],[b'x'],('a',),{'k':1},['\\'],["'"],[' '],['a\\b'],[object.__name__]):
    print('--',row)
    for kw in (dict(),dict(quoting=QUOTE_ALL),dict(quoting=QUOTE_NONNUMERIC),dict(quoting=QUOTE_NONE),dict(quoting=QUOTE_NONE,escapechar='\\'),dict(quoting=QUOTE_STRINGS),dict(quoting=QUOTE_NOTNULL),dict(doublequote=False),dict(doublequote=False,escapechar='\\'),dict(delimiter=' ',skipinitialspace=True),dict(delimiter=' ',skipinitialspace=True,quoting=QUOTE_NONE),dict(lineterminator='X'),dict(escapechar='\\'),dict(quotechar="'")): Wr(row,**kw)
t(writer); t(writer,5); t(writer,W(),1,2); t(writer,W(),'nope'); w=W(); x=writer(w); t(x.writerows,[[1,2],['a']]); print(w.o); t(x.writerows,5); t(x.writerows,[1]); t(x.writerow); t(x.writerows); t(x.writerow,[1],2); t(x.writerow,row=[1]); print([n for n in dir(x) if n[:2]!='__'], type(x), x.dialect.quoting)
def g():
    yield 'a'; raise KeyError('z')
t(writer(W()).writerow,g()); t(list,reader(g())); 
class BW:
    write=5
t(writer,BW())
class BW2:
    def write(s,x): raise OSError('w')
t(writer(BW2()).writerow,[1])
class SS:
    def __str__(s): raise IndexError('s')
t(writer(W()).writerow,[SS()])
print(Error, Error.__module__, Error.__bases__, issubclass(Error,Exception)); t(Error,'x'); import _csv as c2; print(sorted(x for x in dir(c2) if x[:2]!='__'))
