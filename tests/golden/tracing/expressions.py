# Lines and calls within expressions of several lines: `super()`, big displays; and jumps out of the arguments of a call.
import sys

monitoring = sys.monitoring
E = monitoring.events
TOOL = 2
monitoring.use_tool_id(TOOL, "test")
heard = []
LISTENED = {"LINE": E.LINE, "CALL": E.CALL, "C_RETURN": E.C_RETURN, "C_RAISE": E.C_RAISE}


def tell_line(code, line):
    if code.co_filename == __file__:
        heard.append(("LINE", code.co_name, line - code.co_firstlineno))


def tell_call(name):
    def tell(code, offset, callable, argument):
        if code.co_filename == __file__:
            argument = "" if argument is monitoring.MISSING else type(argument).__name__
            heard.append((name, code.co_name, callable.__name__, argument))

    return tell


for name, event in LISTENED.items():
    monitoring.register_callback(TOOL, event, tell_line if name == "LINE" else tell_call(name))


class A:
    x = 1

    def method(self, x):
        return x


class B(A):
    def one_line(self):
        return super().method(1)

    def method(self, x):
        return super(
        ).method(
            x
        )

    def attribute(self):
        return super(
            B,
            self
        ).x

    def wrong(self):
        return super(
            1, self
        ).method(2)


b = B()


def attempt(function):
    heard.clear()
    monitoring.set_events(TOOL, sum(LISTENED.values()))
    try:
        function()
    except Exception as error:
        heard.append(("raised", type(error).__name__))
    finally:
        monitoring.set_events(TOOL, 0)
    print(function)
    for event in heard[:-1]:
        print("   ", *event)


class Name:
    def __init__(self, name, function):
        self.name, self.function = name, function

    def __call__(self):
        self.function()

    def __repr__(self):
        return self.name


attempt(Name("one line", lambda: b.one_line()))
attempt(Name("method", lambda: b.method(1)))
attempt(Name("attribute", lambda: b.attribute()))
attempt(Name("wrong", lambda: b.wrong()))


def trace_lines(function):
    lines = []

    def trace(frame, event, argument):
        if event == "line":
            lines.append(frame.f_lineno - frame.f_code.co_firstlineno)
        return trace

    sys.settrace(trace)
    function()
    sys.settrace(None)
    return lines


for n in (3, 30, 31, 40):
    for brackets in ("[]", "()", "{}"):
        display = brackets[0] + "\n" + ",\n".join(f"n{i}" for i in range(n)) + ",\n" + brackets[1]
        scope = {f"n{i}": i for i in range(n)}
        exec(f"def function():\n    return {display}", scope)
        print(n, brackets, trace_lines(scope["function"]))


def jump(function, first, last):
    jumps = []

    def trace(frame, event, argument):
        if frame.f_code is function.__code__:
            start = function.__code__.co_firstlineno
            if event == "line" and frame.f_lineno == start + first and not jumps:
                jumps.append(last)
                frame.f_lineno = start + last
            return trace

    sys.settrace(trace)
    try:
        return function()
    except ValueError as error:
        return "stack" in str(error)
    finally:
        sys.settrace(None)


def of_function():
    a = 1
    max(
        2,
        a)
    return (
        (
            a
            +
            10
        )
        +
        13
    )


def of_method():
    a = []
    a.append(
        2
    )
    return a


def between_calls():
    a = 1
    return max(
        a,
        2,
        abs(a))


print(jump(of_function, 3, 6), jump(of_function, 3, 1))
print(jump(of_method, 3, 5), jump(of_method, 3, 1), jump(of_method, 2, 5))
print(jump(between_calls, 4, 3), jump(between_calls, 1, 5))
