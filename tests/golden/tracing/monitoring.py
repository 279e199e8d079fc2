# sys.monitoring: tools, sets of events, what callbacks are told, and how they switch themselves off.
import sys

monitoring = sys.monitoring
events = monitoring.events
TOOL = 3


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for tool, name in ((-1, "x"), (6, "x"), (TOOL, 1), (TOOL, "test"), (TOOL, "again")):
    print(tool, name, attempt(monitoring.use_tool_id, tool, name))
print(monitoring.get_tool(TOOL), monitoring.get_tool(1))
for event in (0, 3, -1, 1 << 30):
    print(event, attempt(monitoring.register_callback, TOOL, event, print))
returns = events.C_RETURN | events.C_RAISE
for wanted in (returns, events.C_RETURN | events.CALL, returns | events.CALL, events.BRANCH, 1 << 20, -1, 0):
    print(wanted, attempt(monitoring.set_events, TOOL, wanted), monitoring.get_events(TOOL))
print(attempt(monitoring.set_events, 1, events.LINE))


def target(n):
    total = 0
    for i in range(n):
        if i % 2:
            total += i
    try:
        raise ValueError(total)
    except ValueError:
        pass
    return total


print(attempt(monitoring.set_local_events, TOOL, target.__code__, events.RAISE))
print(attempt(monitoring.set_local_events, TOOL, target, events.LINE))
heard = []


def listen(name, answer=None):
    def callback(code, place, *rest):
        if code is target.__code__:
            line = place - code.co_firstlineno if name == "LINE" else None
            values = [value if isinstance(value, int) else type(value).__name__ for value in rest]
            if name.startswith("BRANCH"):
                values = []
            heard.append((name, line, *values))
            return answer
    return callback


def hear(wanted, answer=None, local=True):
    heard.clear()
    union = 0
    for name in wanted:
        event = getattr(events, name)
        union |= event
        monitoring.register_callback(TOOL, event, listen(name, answer))
    if local:
        monitoring.set_local_events(TOOL, target.__code__, union)
    else:
        monitoring.set_events(TOOL, union)
    target(3)
    target(2)
    if local:
        monitoring.set_local_events(TOOL, target.__code__, 0)
    else:
        monitoring.set_events(TOOL, 0)
    print(*wanted)
    for event in heard:
        print("   ", *event)


hear(["PY_START", "PY_RETURN"])
hear(["LINE"])
hear(["LINE"], monitoring.DISABLE)
monitoring.restart_events()
hear(["LINE"], monitoring.DISABLE)
monitoring.restart_events()
hear(["CALL"])
hear(["BRANCH_LEFT", "BRANCH_RIGHT"])
hear(["RAISE", "EXCEPTION_HANDLED", "RERAISE", "PY_UNWIND"], local=False)
print(monitoring.get_local_events(TOOL, target.__code__), monitoring._all_events())


def generator():
    received = yield 1
    yield received


def suspended(code, offset, *rest):
    if code is generator.__code__:
        print("   ", *rest)


for name in ("PY_START", "PY_YIELD", "PY_RESUME", "PY_RETURN", "PY_THROW", "PY_UNWIND"):
    event = getattr(events, name)
    monitoring.register_callback(
        TOOL, event, lambda code, offset, *rest, name=name: code is generator.__code__ and print("   ", name, *map(repr, rest))
    )
monitoring.set_events(TOOL, 0b111 | events.PY_YIELD | events.PY_THROW | events.PY_UNWIND)
running = generator()
next(running)
running.send("sent")
attempt(running.throw, KeyError("thrown"))
list(generator())
monitoring.set_events(TOOL, 0)

monitoring.register_callback(TOOL, events.RAISE, lambda *arguments: monitoring.DISABLE)
monitoring.set_events(TOOL, events.RAISE)
print(attempt(target, 1))
monitoring.clear_tool_id(TOOL)
print(monitoring.get_events(TOOL), monitoring.register_callback(TOOL, events.RAISE, None))
monitoring.free_tool_id(TOOL)
print(monitoring.get_tool(TOOL))
