# A child process has one thread: the one that forked, which is its main thread.
import _thread
import os
import queue
import sys
import threading
import warnings

# The text of the warning says the process's number.
warnings.simplefilter("ignore", DeprecationWarning)


def in_child(function):
    """What a child process says, and how it ends."""
    sys.stdout.flush()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, repr(function()).encode())
        except BaseException as error:
            os.write(write, repr(error).encode())
        finally:
            os._exit(7)
    os.close(write)
    with open(read, "rb") as file:
        said = file.read().decode()
    return said, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


stop = threading.Event()
worker = threading.Thread(target=stop.wait, name="worker")
worker.start()


def join_the_lost():
    worker.join()
    handle_done = not worker.is_alive()
    return handle_done, [thread.name for thread in threading.enumerate()], threading.active_count()


print("lost threads:", in_child(join_the_lost))


def fork_elsewhere():
    def child():
        main = threading.main_thread()
        mine = threading.current_thread()
        return (
            main is mine,
            type(main).__name__,
            main.ident == threading.get_ident() == _thread._get_main_thread_ident(),
            threading.active_count(),
            old_main.is_alive(),
        )

    print("from a thread:", in_child(child))


old_main = threading.current_thread()
thread = threading.Thread(target=fork_elsewhere, name="forker")
thread.start()
thread.join()


def fork_and_return():
    """The child's only thread ends, and so does the process."""
    pid = os.fork()
    if pid:
        print("a thread's end:", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


thread = threading.Thread(target=fork_and_return)
thread.start()
thread.join()


def new_threads():
    results = queue.SimpleQueue()
    threads = [threading.Thread(target=results.put, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results.get() for _ in threads)


print("new threads:", in_child(new_threads))

stop.set()
worker.join()
print("end:", threading.active_count(), worker.is_alive())

with warnings.catch_warnings(record=True, action="always") as caught:
    thread = threading.Thread(target=lambda: in_child(int))
    thread.start()
    thread.join()
    in_child(int)
print([(w.category.__name__, str(w.message).replace(str(os.getpid()), "PID")) for w in caught])
