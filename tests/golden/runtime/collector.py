import gc

def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


t(lambda:gc.isenabled()); gc.disable()
t(lambda:gc.isenabled()); gc.enable()
t(lambda:gc.get_threshold())
t(lambda:gc.set_threshold())
t(lambda:gc.set_threshold('a'))
t(lambda:gc.set_threshold(1,2,3))
t(lambda:gc.get_threshold())
t(lambda:gc.set_threshold(5))
t(lambda:gc.get_threshold())
t(lambda:gc.set_threshold(1,2,3,4)); gc.set_threshold(2000,10,0)
t(lambda:gc.collect('a'))
t(lambda:gc.collect(3))
t(lambda:gc.collect(-1))
t(lambda:gc.collect(generation=0)>=0)
t(lambda:gc.collect()>=0)
class A: pass
def cyc():
    a=A(); a.a=a
gc.collect(); gc.disable(); cyc(); t(lambda:gc.collect()); cyc(); cyc(); t(lambda:gc.collect())
l=[]; l.append(l); del l; t(lambda:gc.collect())
ev=[]
def cb(phase,info): ev.append((phase,sorted(info),info['generation'],info['collected'],info['uncollectable']))
gc.callbacks.append(cb); cyc(); gc.collect(1); print(ev); gc.callbacks.clear()
def bad(p,i): raise ValueError(p)
gc.callbacks.append(bad); gc.collect(); gc.callbacks.clear()
t(lambda:[sorted(d) for d in gc.get_stats()])
t(lambda:len(gc.get_count()))
t(lambda:gc.get_debug())
t(lambda:gc.set_debug(0))
t(lambda:gc.set_debug('a'))
class F:
    def __del__(self): global keep; keep=self
f=F(); t(lambda:gc.is_finalized(f)); del f; t(lambda:gc.is_finalized(keep)); t(lambda:gc.is_finalized(1))
gc.set_debug(gc.DEBUG_SAVEALL); cyc(); t(lambda:gc.collect()); t(lambda:[type(g).__name__ for g in gc.garbage]); gc.set_debug(0); gc.garbage.clear()
t(lambda:gc.get_freeze_count()); gc.freeze()
t(lambda:gc.get_freeze_count()>0); gc.unfreeze()
t(lambda:gc.get_freeze_count())
t(lambda:(gc.DEBUG_STATS,gc.DEBUG_COLLECTABLE,gc.DEBUG_UNCOLLECTABLE,gc.DEBUG_SAVEALL,gc.DEBUG_LEAK))
t(lambda:[x for x in dir(gc) if x[0]!='_'])
