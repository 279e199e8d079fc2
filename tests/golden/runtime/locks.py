import _thread
import _weakref as weakref

def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


lock = _thread.allocate_lock()
t(lambda: lock.acquire())
t(lambda: lock.acquire(False))
t(lambda: lock.acquire(True, 0.01))
t(lambda: lock.acquire(False, 1))
t(lambda: lock.acquire(True, -5))
t(lambda: lock.acquire(timeout=1e20))
t(lambda: lock.acquire(True, "a"))
t(lambda: lock.locked())
t(lambda: lock.release())
t(lambda: lock.release())
t(lambda: lock.__enter__())
t(lambda: lock.__exit__(1, 2, 3))
t(lambda: _thread.LockType is _thread.lock)
t(lambda: _thread.lock(1))
t(lambda: weakref.ref(lock) is None)

r = _thread.RLock()
t(lambda: (r.acquire(), r.acquire(), r._recursion_count(), r._is_owned(), r.locked()))
state = r._release_save()
print(state[0], r.locked())
t(lambda: r._release_save())
t(lambda: r._acquire_restore(state))
t(lambda: (r._recursion_count(), r.release(), r.release()))
t(lambda: r.release())
t(lambda: r._acquire_restore(5))
t(lambda: r._acquire_restore((1,)))
t(lambda: r.acquire(False, 5))

t(lambda: (_thread.TIMEOUT_MAX, _thread.stack_size(), _thread._count()))
t(lambda: _thread.stack_size(1))
t(lambda: _thread.stack_size("a"))
t(lambda: _thread.start_new_thread(1, 2))
t(lambda: _thread.start_new_thread(print, 2))
t(lambda: _thread.start_new_thread(print, (), 2))
t(lambda: _thread.start_new_thread(print))
t(lambda: _thread.start_joinable_thread(1))
t(lambda: _thread.start_joinable_thread(print, handle=1))
t(lambda: _thread.interrupt_main(100))
t(lambda: _thread.exit())
t(lambda: _thread._get_main_thread_ident() == _thread.get_ident())

handle = _thread._ThreadHandle()
t(lambda: (handle.ident, handle.is_done()))
t(lambda: handle.join())
t(lambda: handle._set_done())
running = _thread._make_thread_handle(5)
t(lambda: (running.ident, running.is_done(), running.join(0), running._set_done(), running.is_done()))
t(lambda: _thread._make_thread_handle("a"))
t(lambda: _thread._make_thread_handle(_thread.get_ident()).join())


class Local(_thread._local):
    def __init__(self, a=1):
        self.a = a


local = Local(5)
t(lambda: (local.a, local.__dict__))
t(lambda: _thread._local(1))
t(lambda: Local(b=1))
t(lambda: setattr(local, "__dict__", {}))
t(lambda: delattr(local, "a"))
t(lambda: delattr(local, "a"))
t(lambda: local.b)
t(lambda: _thread._excepthook(1))
