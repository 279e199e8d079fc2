# The lines that a trace function is told of where functions end, loops are left, and comprehensions have conditions; and calls that
# are part of a statement.
import sys


def trace(frame, event, argument):
    line = frame.f_lineno
    told.append(f"{event} {line and line - frame.f_code.co_firstlineno}")
    return trace


def show(function, *arguments):
    told.clear()
    sys.settrace(trace)
    try:
        function(*arguments)
    except Exception as error:
        told.append(type(error).__name__)
    finally:
        sys.settrace(None)
    print(function.__name__, arguments, *told, sep=", ")


told = []


def ends_with_branches(node):
    if isinstance(node, list):
        for item in node:
            item
    else:
        len(node)


def ends_with_loops(node):
    if node:
        while node:
            node.pop()
    elif node is None:
        for item in [1]:
            if item:
                break
        else:
            3
    else:
        for item in node:
            item


def one_line(data):
    x = [
        i for i in data if i
    ]


def item_before_condition(data):
    x = [
        i for i in data
        if i and
        data
    ]


def nested(data):
    x = {
        i: 1
        for i in data
        for j in data
        if j > i
    }


show(ends_with_branches, "a")
show(ends_with_branches, [])
show(ends_with_branches, [1])
show(ends_with_loops, [1])
show(ends_with_loops, None)
show(ends_with_loops, "")
for function in (one_line, item_before_condition, nested):
    show(function, [0, 1])


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *about):
        return True


def managed():
    with Manager():
        pass
    with Manager() as manager:
        len(1)


def tell(name):
    def call(code, offset, callable, argument):
        if code is managed.__code__:
            print(name, callable.__name__)

    return call


monitoring = sys.monitoring
monitoring.use_tool_id(1, "test")
monitoring.register_callback(1, monitoring.events.CALL, tell("call"))
monitoring.set_events(1, monitoring.events.CALL)
managed()
monitoring.set_events(1, 0)
