import sys

sys.modules.pop("warnings", None)
import _warnings as w

def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


print(w.filters, w._defaultaction, w._onceregistry)
t(lambda:w.warn('hello'))
def two():
    for i in range(2): w.warn('twice')
two(); two()
t(lambda:w.warn('x',1))
t(lambda:w.warn('x',int))
t(lambda:w.warn())
t(lambda:w.warn(5))
t(lambda:w.warn(ValueError('v')))
t(lambda:w.warn(UserWarning('uw')))
t(lambda:w.warn('dep',DeprecationWarning))
t(lambda:w.warn('imp',ImportWarning))
t(lambda:w.warn('s2',stacklevel=0))
t(lambda:w.warn('s',stacklevel='a'))
t(lambda:w.warn('s3',stacklevel=2))
t(lambda:w.warn('s',skip_file_prefixes=1))
t(lambda:w.warn('s',skip_file_prefixes=(1,)))
t(lambda:w.warn('s4',skip_file_prefixes=('/nope',)))
t(lambda:w.warn_explicit('e',UserWarning,'file.py',3))
t(lambda:w.warn_explicit('e',UserWarning,'file.py',3,registry=5))
t(lambda:w.warn_explicit('e',UserWarning,'file.py',3,registry=None))
r={}
t(lambda:w.warn_explicit('e2',UserWarning,'file.py',3,'mod',r)); print(list(r.items())[:3])
t(lambda:w.warn_explicit('e2',UserWarning,'file.py',3,'mod',r))
t(lambda:w.warn_explicit('e2',UserWarning,'file.py','3'))
t(lambda:w.warn_explicit('e2',int,'file.py',3))
t(lambda:w.warn_explicit('e2',UserWarning,5,3))
t(lambda:w.warn_explicit('e5',UserWarning,'f',3,module_globals=5))
t(lambda:w.warn_explicit('e6',UserWarning,'f',3,module_globals={}))
t(lambda:w.warn_explicit())
def filt(*f): 
    w._acquire_lock(); w.filters[:]=f; w._filters_mutated_lock_held(); w._release_lock()
filt(('error',None,UserWarning,None,0)); t(lambda:w.warn('er')); t(lambda:w.warn('ignored?',ImportWarning))
filt(('ignore',None,Warning,None,0)); t(lambda:w.warn('no'))
filt(('always',None,Warning,None,0)); two()
filt(('all',None,Warning,None,0)); two()
filt(('module',None,Warning,None,0)); two(); w.warn('twice')
filt(('once',None,Warning,None,0)); two(); w.warn('twice'); print(w._onceregistry)
filt(('default',None,Warning,None,0)); two(); w.warn('twice')
filt(('bad',None,Warning,None,0)); t(lambda:w.warn('b'))
filt((5,None,Warning,None,0)); t(lambda:w.warn('b'))
filt(5); t(lambda:w.warn('b'))
filt(('ignore','exact',Warning,None,0),('error',None,Warning,'__main__',99)); t(lambda:w.warn('exact')); t(lambda:w.warn('notexact'))
class M:
    def match(s,x): print('match',x); return x=='mm'
filt(('ignore',M(),Warning,M(),0)); t(lambda:w.warn('mm')); t(lambda:w.warn_explicit('mm',UserWarning,'a.py',1,'mm'))
filt()
t(lambda:w._filters_mutated_lock_held())
t(lambda:w._release_lock())
class MyW(UserWarning): pass
w.warn('custom',MyW); w.warn(MyW('inst'))
__warningregistry__=5
t(lambda:w.warn('bad reg'))
exec(compile("import _warnings\n_warnings.warn('in exec')",'<dyn>','exec'),{'__name__':'zz'})
exec(compile("import _warnings\n_warnings.warn('in exec2')",'/x/y.py','exec'),{})
t(lambda:type(w._warnings_context))
del __warningregistry__
sys.stderr=None; w.warn('silent'); 
