# A trace function makes its frame go on at another line by setting f_lineno.
import sys


def jump(function, source, target, what="line"):
    output = []
    first = function.__code__.co_firstlineno

    def tracer(frame, event, argument):
        if frame.f_code is function.__code__ and event == what and frame.f_lineno == first + source:
            try:
                frame.f_lineno = first + target
            except ValueError as error:
                output.append(str(error))
            sys.settrace(None)
            frame.f_trace = None
            return None
        return tracer

    sys.settrace(tracer)
    try:
        function(output)
    except Exception as error:
        output.append(repr(error))
    finally:
        sys.settrace(None)
    print(function.__name__, source, target, output)


def straight(output):
    output.append(1)
    output.append(2)
    output.append(3)


def loop(output):
    output.append(1)
    for i in 4, 5:
        output.append(i)
        output.append(-i)
    output.append(5)


def handler(output):
    try:
        output.append(2)
        1 / 0
    except ZeroDivisionError:
        output.append(5)
        output.append(6)
    output.append(7)


class Manager:
    def __init__(self, output):
        self.output = output

    def __enter__(self):
        self.output.append("enter")

    def __exit__(self, *error):
        self.output.append("exit")


def managed(output):
    output.append(1)
    with Manager(output):
        output.append(3)
        output.append(4)
    output.append(5)


jump(straight, 1, 3)
jump(straight, 3, 1)
jump(straight, 1, 100)
jump(straight, 1, -1)
jump(straight, 3, 1, "return")
jump(straight, 0, 2, "call")
jump(loop, 1, 5)
jump(loop, 1, 3)
jump(loop, 3, 5)
jump(loop, 4, 1)
jump(loop, 5, 4)
jump(handler, 2, 7)
jump(handler, 2, 5)
jump(handler, 5, 7)
jump(handler, 6, 2)
jump(managed, 1, 3)
jump(managed, 3, 5)
jump(managed, 4, 3)
try:
    sys._getframe().f_lineno = 1
except ValueError as error:
    print(error)
