# send, throw and close at every link of a chain of awaits, of every kind of link.
class Native:
    """An awaitable whose iterator is not a generator."""
    def __init__(self, log, tag): self.log, self.tag, self.n = log, tag, 0
    def __await__(self): return self
    def __iter__(self): return self
    def __next__(self): return self.send(None)
    def send(self, value):
        self.log.append((self.tag, "send", value))
        self.n += 1
        if self.n > 3:
            raise StopIteration((self.tag, "result"))
        return (self.tag, self.n)
    def throw(self, error):
        self.log.append((self.tag, "throw", repr(error)))
        if isinstance(error, KeyError):
            return (self.tag, "swallowed")
        if isinstance(error, IndexError):
            raise StopIteration((self.tag, "stopped"))
        raise error
    def close(self):
        self.log.append((self.tag, "close"))

def wrap(kind, inner, log, name):
    async def coroutine():
        try:
            result = await inner
            log.append((name, "got", result))
            return (name, result)
        except ValueError as error:
            log.append((name, "caught", repr(error)))
            return (name, "recovered")
        finally:
            log.append((name, "finally"))
    def generator():
        try:
            result = yield from inner
            log.append((name, "got", result))
            return (name, result)
        except ValueError as error:
            log.append((name, "caught", repr(error)))
            return (name, "recovered")
        finally:
            log.append((name, "finally"))
    async def direct():
        async def nested():
            try:
                return await inner
            finally:
                log.append((name, "nested finally"))
        return (name, await nested())
    class Await:
        def __await__(self):
            return (yield from inner.__await__())
    async def through():
        return (name, await Await())
    return {"c": coroutine, "g": generator, "d": direct, "t": through}[kind]()

def build(kinds):
    log = []
    links = [Native(log, "leaf")]
    for depth, kind in enumerate(kinds):
        links.append(wrap(kind, links[-1], log, f"{kind}{depth}"))
    return log, links

def attempt(log, operation, *args):
    try:
        outcome = operation(*args)
    except StopIteration as stop:
        outcome = ("return", stop.value)
    except BaseException as error:
        outcome = ("raise", type(error).__name__, str(error))
    return outcome, log[:] if log else None

def drive(kinds, link, operation, args, prefix):
    log, links = build(kinds)
    root = links[-1]
    lines = []
    for _ in range(prefix):
        lines.append(attempt(None, root.send, None)[0])
    log.clear()
    target = links[link]
    lines.append(attempt(log, getattr(target, operation), *args))
    # Then the root meets what happened below it.
    for value in (None, "x", "y", "z", "w"):
        lines.append(attempt(None, root.send, value)[0])
    log.append("closing")
    lines.append(attempt(log, root.close))
    for other in links:
        # None is left to the collector, which would warn of those that never started at its own time.
        attempt(None, other.close)
    print(kinds, link, operation, args, prefix)
    for line in lines:
        print("   ", line)

operations = [
    ("send", (None,)), ("send", (1,)), ("throw", (ValueError("v"),)), ("throw", (KeyError("k"),)),
    ("throw", (IndexError("i"),)), ("throw", (GeneratorExit("g"),)), ("throw", (ZeroDivisionError("z"),)),
    ("throw", (StopIteration("s"),)), ("close", ()),
]
for kinds in ("c", "d", "t", "cc", "cd", "dc", "tc", "ct", "ccc", "cdc", "dct", "g", "gg", "ggg"):
    for link in range(len(kinds) + 1):
        for operation, args in operations:
            for prefix in (0, 1, 2):
                drive(kinds, link, operation, args, prefix)
