# What trace functions hear: calls, lines, returns, exceptions, in functions of every kind.
import sys


def trace(function, *arguments):
    heard = []
    first = function.__code__.co_firstlineno

    def tracer(frame, what, argument):
        if frame.f_code.co_filename != __file__:
            return None
        if what == "exception":
            argument = argument[0].__name__
        elif not isinstance(argument, (int, str)):
            argument = type(argument).__name__ if argument is not None else None
        heard.append((frame.f_code.co_name, what, frame.f_lineno - first, argument))
        return tracer

    sys.settrace(tracer)
    try:
        function(*arguments)
    except Exception as error:
        heard.append(repr(error))
    finally:
        sys.settrace(None)
    print(function.__name__)
    for event in heard:
        print("   ", event)


def simple():
    x = 1
    y = 2
    return x + y


def loops():
    for i in range(2):
        if i:
            x = 1
        else:
            x = 2
    while x:
        x -= 1
    else:
        y = 1


def one_line(): return 1


def handled():
    try:
        1 / 0
    except ZeroDivisionError as error:
        pass
    finally:
        z = 1


def inner():
    raise ValueError


def propagated():
    inner()


def generator():
    yield 1
    x = 2
    yield x


def iterated():
    for i in generator():
        pass
    return list(generator())


async def deepest():
    return 2


async def awaiting():
    return await deepest()


def driven():
    try:
        awaiting().send(None)
    except StopIteration:
        pass


def nested():
    def g(a=1):
        return a

    g()

    class C:
        x = 1

        def m(self): pass

    C().m()


def long_statements():
    x = [1,
         2,
         3]
    f = dict(a=1,
             b=2)
    assert x
    return (x,
            f)


for function in (simple, loops, one_line, handled, propagated, iterated, driven, nested, long_statements):
    trace(function)

# f_trace stays with its frame; an error in a trace function takes it away.
def remembering():
    frame = sys._getframe()
    frame.f_trace = lambda *arguments: None
    frame.f_trace_lines = False
    del frame
    return sys._getframe().f_trace is not None, sys._getframe().f_trace_lines


print(remembering())


def failing(frame, what, argument):
    raise RuntimeError(what)


sys.settrace(failing)
try:
    simple()
except RuntimeError as error:
    print(repr(error), sys.gettrace())
