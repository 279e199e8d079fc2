"""Threads run, wait for each other, and keep what is theirs."""
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

# Each thread computes, all of them end.
done = []


def compute(number):
    for _ in range(20000):
        pass
    done.append(number)


threads = [threading.Thread(target=compute, args=(number,)) for number in range(5)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(done), threading.active_count(), [thread.is_alive() for thread in threads])

# A lock makes an addition one step.
lock, total = threading.Lock(), 0


def add():
    global total
    for _ in range(5000):
        with lock:
            total += 1


threads = [threading.Thread(target=add) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total, lock.locked())

# Locals are each thread's own, and end with it.
local = threading.local()
local.x = "main"
ended = []


class Noted:
    def __del__(self):
        ended.append(threading.current_thread().name)


def look():
    print(hasattr(local, "x"))
    local.x, local.noted = "other", Noted()


thread = threading.Thread(target=look, name="looker")
thread.start()
thread.join()
print(local.x, len(ended))

# An exception ends its thread and goes to the hook.
threading.excepthook = lambda args: print(args.thread.name, repr(args.exc_value))
thread = threading.Thread(target=lambda: 1 / 0, name="divider")
thread.start()
thread.join()

# Queues, events, pools, timers.
box = queue.Queue()


def produce():
    for number in range(3):
        time.sleep(0.001)
        box.put(number)


threading.Thread(target=produce).start()
print([box.get() for _ in range(3)])
event = threading.Event()
threading.Timer(0.01, event.set).start()
print(event.wait(5), event.is_set())
with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(lambda number: number * number, range(6))))
    future = pool.submit(int, "x")
    print(repr(future.exception()))

# Several threads write to one file: no line is torn.
import tempfile

with tempfile.TemporaryFile("w+b") as file:
    def write(letter):
        for _ in range(200):
            file.write(letter * 50 + b"\n")
            file.flush()

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file.seek(0)
    lines = file.read().splitlines()
    print(len(lines), {len(set(line)) for line in lines})

# The end of the program waits for this one, and not for the daemon.
threading.Thread(target=lambda: time.sleep(100), daemon=True).start()


def late():
    time.sleep(0.02)
    print("late")


threading.Thread(target=late).start()
print("end")
