# What the system and `sys` know of threads.
import signal
import sys
import threading

ready, stop = threading.Barrier(4), threading.Event()


def wait(error):
    try:
        raise error
    except ValueError:
        ready.wait()
        stop.wait()


threads = [threading.Thread(target=wait, args=(ValueError(n),)) for n in range(3)]
for thread in threads:
    thread.start()
ready.wait()

frames = sys._current_frames()
print(sorted(frames) == sorted(thread.ident for thread in threading.enumerate()))
print(frames[threading.get_ident()] is sys._getframe())


def functions(frame):
    while frame:
        yield frame.f_code.co_name
        frame = frame.f_back


print([sorted({"wait", "run", "_bootstrap"} & set(functions(frames[thread.ident]))) for thread in threads])
exceptions = sys._current_exceptions()
print([exceptions[thread.ident] for thread in threads], exceptions[threading.get_ident()])
del frames, exceptions

# Signals are sent to threads, and handled by the main one.
received = []
signal.signal(signal.SIGUSR1, lambda number, frame: received.append(threading.current_thread().name))
signal.pthread_kill(threads[0].ident, 0)
signal.pthread_kill(threads[0].ident, signal.SIGUSR1)
while not received:
    pass
print(received)


def elsewhere():
    for call in (
        lambda: signal.signal(signal.SIGUSR1, signal.SIG_DFL),
        lambda: signal.set_wakeup_fd(-1),
    ):
        try:
            call()
        except ValueError as error:
            print(error)
    print(signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL)


thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()

stop.set()
for thread in threads:
    thread.join()
