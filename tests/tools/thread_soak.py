"""Threads that allocate, wait, raise, end and are interrupted at random leave nothing behind.

    pyx tests/tools/thread_soak.py [SECONDS [SEED]]

The time is divided into rounds. Each round starts a few hundred threads that do what `Work` lists, and interrupts the main thread by
signals and by `_thread.interrupt_main()`; then all of them are joined, and what there is is counted: threads, descriptors, objects, memory.
After a third of the rounds has warmed up, nothing may grow: the program fails if the last third has more of something than the middle one.
"""

import _thread
import gc
import os
import queue
import random
import signal
import sys
import threading
import time

ROUND = 10
LEAST_ROUNDS = 6


class Interrupted(Exception):
    pass


class Node:
    """Part of a cycle, with a finaliser."""

    finalized = 0

    def __init__(self, other=None):
        self.other = other

    def __del__(self):
        Node.finalized += 1


class Work:
    """What a thread may do; every method is one thing."""

    lock = threading.RLock()
    condition = threading.Condition()
    jobs = queue.SimpleQueue()
    local = threading.local()

    def __init__(self, seed):
        self.random = random.Random(seed)

    def run(self):
        deeds = [getattr(Work, name) for name in dir(Work) if name.startswith("do_")]
        for _ in range(self.random.randrange(1, 12)):
            self.random.choice(deeds)(self)

    def do_compute(self):
        sum(n * n for n in range(self.random.randrange(20_000)))

    def do_allocate(self):
        rows = [{"n": n, "text": str(n), "row": [n] * 5} for n in range(self.random.randrange(2000))]
        rows.append(rows)

    def do_cycles(self):
        for _ in range(self.random.randrange(100)):
            first = Node()
            first.other = Node(first)

    def do_raise(self):
        def deep(depth):
            if depth == 0:
                raise ValueError([Node() for _ in range(10)])
            deep(depth - 1)

        try:
            deep(self.random.randrange(50))
        except ValueError as error:
            error.self = error

    def do_recurse(self):
        def forever():
            forever()

        try:
            forever()
        except RecursionError:
            pass

    def do_end(self):
        kind = self.random.randrange(8)
        if kind == 0:
            sys.exit("ignored in threads")
        if kind == 1:
            _thread.exit()
        if kind == 2:
            raise ZeroDivisionError("the hook hears of it")

    def do_lock(self):
        if self.lock.acquire(timeout=self.random.random() / 50):
            with self.lock:
                time.sleep(self.random.random() / 1000)
            self.lock.release()

    def do_wait(self):
        with self.condition:
            if self.random.random() < 0.5:
                self.condition.notify_all()
            else:
                self.condition.wait(self.random.random() / 50)

    def do_queue(self):
        if self.random.random() < 0.5:
            self.jobs.put(Node())
        else:
            try:
                self.jobs.get(timeout=self.random.random() / 50)
            except queue.Empty:
                pass

    def do_local(self):
        self.local.nodes = [Node() for _ in range(10)]
        self.local.me = self.local

    def do_generator(self):
        def numbers():
            try:
                while True:
                    yield Node()
            finally:
                time.sleep(0)

        generator = numbers()
        next(generator)

    def do_pipe(self):
        read, write = os.pipe()
        with open(read, "rb") as source, open(write, "wb") as sink:
            sink.write(bytes(self.random.randrange(1, 10_000)))
            sink.flush()
            source.read1()

    def do_scan(self):
        with os.scandir("/proc/self/fd") as entries:
            for _ in zip(entries, range(5)):
                pass

    def do_threads(self):
        threads = [threading.Thread(target=self.do_compute) for _ in range(2)]
        for thread in threads:
            thread.start()
        if self.random.random() < 0.5:
            for thread in threads:
                thread.join()

    def do_fork(self):
        if self.random.randrange(10):
            return
        pid = os.fork()
        if pid == 0:
            Node()
            os._exit(0)
        os.waitpid(pid, 0)

    def do_await(self):
        async def count(n):
            for _ in range(n):
                await pyx.sleep(0)
            return n

        if pyx:
            pyx.run(count(self.random.randrange(20)))

    def do_interrupt(self):
        if self.random.random() < 0.5:
            _thread.interrupt_main()
        else:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)


try:
    import pyx
except ImportError:
    pyx = None

interruptible = False
interrupts = 0
uncaught = 0


def interrupt(number, frame):
    """The main thread is interrupted only where nothing of the library's is half done."""
    global interrupts
    interrupts += 1
    if interruptible:
        raise Interrupted


def count_uncaught(args):
    global uncaught
    uncaught += 1
    if not issubclass(args.exc_type, (SystemExit, ZeroDivisionError)):
        sys.__excepthook__(args.exc_type, args.exc_value, args.exc_traceback)


def be_interrupted(seconds):
    """Waits, computes and sleeps, and is interrupted meanwhile."""
    global interruptible
    end = time.monotonic() + seconds
    event = threading.Event()
    while time.monotonic() < end:
        try:
            interruptible = True
            for deed in (lambda: time.sleep(0.005), lambda: [*range(1000)], lambda: sum(range(10_000))):
                deed()
            interruptible = False
        except Interrupted:
            interruptible = False
        event.wait(0.001)


def play(seed):
    """One round."""
    rand = random.Random(seed)
    signal.setitimer(signal.ITIMER_REAL, 0.003, 0.007)
    end = time.monotonic() + ROUND
    started = 0
    while time.monotonic() < end:
        threads = [threading.Thread(target=Work(rand.random()).run) for _ in range(rand.randrange(2, 16))]
        for thread in threads:
            thread.start()
        started += len(threads)
        be_interrupted(rand.random() / 10)
        for thread in threads:
            thread.join()
    signal.setitimer(signal.ITIMER_REAL, 0)
    while threading.active_count() > 1:
        time.sleep(0.01)
    while not Work.jobs.empty():
        Work.jobs.get()
    return started


def counts():
    for _ in range(3):
        gc.collect()
    # A thread is gone for the system a moment after it is for Python.
    deadline = time.monotonic() + 5
    while len(os.listdir("/proc/self/task")) > 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    with open("/proc/self/statm") as file:
        pages = int(file.read().split()[1])
    return {
        "threads": len(os.listdir("/proc/self/task")),
        "descriptors": len(os.listdir("/proc/self/fd")),
        "objects": len(gc.get_objects()),
        "KiB": pages * os.sysconf("SC_PAGESIZE") // 1024,
    }


#: How much of each may be added; each round adds one object, which is what it counted.
TOLERANCE = {"threads": 0, "descriptors": 0, "objects": 200, "KiB": 8192}


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns() % 1_000_000
    print("seed", seed, flush=True)
    for number in (signal.SIGINT, signal.SIGUSR1, signal.SIGALRM):
        signal.signal(number, interrupt)
    threading.excepthook = count_uncaught
    import warnings

    warnings.simplefilter("ignore", DeprecationWarning)
    end = time.monotonic() + seconds
    rounds, total, seen = 0, 0, []
    while time.monotonic() < end or rounds < LEAST_ROUNDS:
        total += play(seed + rounds)
        rounds += 1
        now = counts()
        print(rounds, now, "started", total, "interrupts", interrupts, "uncaught", uncaught, flush=True)
        seen.append(now)
    grown = {}
    for name, tolerance in TOLERANCE.items():
        # Memory goes up and down; it grows if it never comes down again to what it was.
        third = len(seen) // 3
        middle, last = (min(now[name] for now in part) for part in (seen[third : 2 * third], seen[2 * third :]))
        more = last - middle
        if more > tolerance:
            grown[name] = more
    print("finalized", Node.finalized, "grown", grown)
    return 1 if grown else 0


sys.exit(main())
