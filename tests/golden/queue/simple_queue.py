# SimpleQueue: what it accepts, what it gives, and its errors.
import _queue
from _queue import *
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except BaseException as e: print(type(e).__name__, e)
t(SimpleQueue,1); t(SimpleQueue,a=1); q=SimpleQueue(); t(q.put); t(q.put,1); t(q.put,2,False); t(q.put,3,True,5); t(q.put,item=4,block=0,timeout='x'); t(q.put,1,2,3,4); t(q.put_nowait); t(q.put_nowait,5); t(q.put_nowait,item=6); t(q.qsize); t(q.empty); t(q.get); t(q.get,False); t(q.get,block=True,timeout=1); t(q.get,True,None); t(q.get_nowait); t(q.get_nowait,1); t(q.get,foo=1); t(q.get); t(q.get,False); t(q.get_nowait); t(q.get,True,0.01); t(q.get,True,-1); t(q.get,True,'x'); t(q.get,True,float('nan')); t(q.get,True,1e300); t(q.get,timeout=0); t(q.get,False,-1); t(q.get,1,2,3); t(q.empty,1); t(q.qsize); t(lambda: SimpleQueue[int])
print(Empty, Empty.__module__, Empty.__bases__, Empty.__mro__); t(Empty,'a')
