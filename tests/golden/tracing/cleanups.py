# Where frames stand when an exception leaves them through code that puts things in order.
import sys


def lines(function):
    def trace(frame, event, argument):
        if frame.f_code.co_filename == __file__:
            told.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
        return trace

    told = []
    sys.settrace(trace)
    try:
        function()
    except BaseException as error:
        told.append((type(error).__name__, error.__traceback__.tb_next.tb_lineno - function.__code__.co_firstlineno))
        frame = error.__traceback__.tb_next.tb_frame
        told.append(("after", frame.f_lineno - function.__code__.co_firstlineno))
    finally:
        sys.settrace(None)
    print(function.__name__, *told, sep="\n    ")


def with_finally():
    try:
        1 / 0
    finally:
        pass


def with_handler():
    try:
        {}[1]
    except ValueError:
        pass


def with_name():
    try:
        {}[1]
    except KeyError as error:
        raise ValueError from error


class Manager:
    def __enter__(self): return self
    def __exit__(self, *_): return False


def with_manager():
    with Manager() as a, \
            Manager():
        a = 1
        a.b
    return a


def nested():
    try:
        try:
            1 / 0
        finally:
            x = 1
            with Manager():
                x += 1
    finally:
        x = 2


def generator():
    try:
        yield 1
    finally:
        x = 1


def closes():
    g = generator()
    next(g)
    g.close()


def stops():
    def f():
        yield 1
        raise StopIteration
    for _ in f():
        pass


def groups():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError:
        x = 1


for function in (with_finally, with_handler, with_name, with_manager, nested, closes, stops, groups):
    lines(function)


async def numbers():
    for i in range(2):
        yield i


async def loop():
    async for i in numbers():
        x = i


def drive():
    try:
        loop().send(None)
    except StopIteration:
        pass


lines(drive)

# Functions that toggle tracing hear of what runs afterwards.
told = []


def counted(frame, event, argument):
    told.append(event)


def empty(): pass


for _ in range(300):
    sys.settrace(counted)
    empty()
    sys.settrace(None)
    empty()
print(len(told), set(told))
monitoring = sys.monitoring
monitoring.use_tool_id(3, "test")
told.clear()
monitoring.register_callback(3, monitoring.events.PY_START, lambda code, offset: told.append(code.co_name))
monitoring.register_callback(3, monitoring.events.LINE, lambda code, line: told.append(line) or monitoring.DISABLE)


def late():
    empty()
    monitoring.set_events(3, monitoring.events.PY_START | monitoring.events.LINE)
    empty()
    monitoring.set_events(3, 0)
    empty()


late()
first = late.__code__.co_firstlineno
print([x - first if isinstance(x, int) else x for x in told])
told.clear()
late()
monitoring.restart_events()
late()
print([x - first if isinstance(x, int) else x for x in told])
monitoring.free_tool_id(3)
