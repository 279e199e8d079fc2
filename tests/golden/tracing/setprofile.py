# What a profile function hears: calls and returns of Python functions, and of native ones.
import sys


def profile(function):
    heard = []

    def profiler(frame, what, argument):
        if frame.f_code.co_filename == __file__:
            shown = getattr(argument, "__name__", argument)
            heard.append((frame.f_code.co_name, what, shown))

    sys.setprofile(profiler)
    try:
        function()
    except Exception as error:
        heard.append(repr(error))
    finally:
        sys.setprofile(None)
    print(function.__name__)
    for event in heard:
        print("   ", event)


def native():
    len([1])
    [3].append(4)
    "a,b".split(",")
    max(1, 2, key=abs)


def failing():
    len(1)


def raising():
    raise KeyError


def generator():
    yield 1
    return 2


def iterated():
    for item in generator():
        pass


class C:
    def method(self):
        return super().__init__()


def methods():
    C().method()


for function in (native, failing, raising, iterated, methods):
    profile(function)
