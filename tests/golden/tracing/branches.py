# sys.monitoring: the two ways of a branch, also those of loops and of `async for`, as lines; and how they are switched off.
import sys

monitoring = sys.monitoring
E = monitoring.events
TOOL = 2
monitoring.use_tool_id(TOOL, "test")
heard = []


def line_of(code, offset):
    for start, end, line in code.co_lines():
        if start <= offset < end:
            return line and line - code.co_firstlineno


def hear(name, answer=None):
    def tell(code, start, end):
        if code.co_filename == __file__ and code.co_name != "listen":
            heard.append((name, code.co_name, line_of(code, start), line_of(code, end)))
            return answer

    monitoring.register_callback(TOOL, getattr(E, name), tell)


def listen(function, *events):
    heard.clear()
    monitoring.set_events(TOOL, sum(getattr(E, event) for event in events))
    function()
    monitoring.set_events(TOOL, 0)
    for event in heard:
        print("   ", *event)


def loops():
    for x in range(3):
        if x % 2:
            y = 1
        else:
            y = 2
    for a, b in ((1, 2), (3, 4)):
        y = a
    for a.b in ():
        pass
    while y < 5:
        y += 1
    return y


def matches():
    for x in range(3):
        match x:
            case 1:
                y = 1
            case 2:
                y = 2
            case _:
                y = 3


async def numbers():
    yield 1
    yield 2


async def loop():
    async for x in numbers():
        x + 1
    async for y.z in numbers():
        break


def await_loop():
    global y
    y = type("Y", (), {})
    try:
        loop().send(None)
    except StopIteration:
        pass


for event in ("BRANCH_LEFT", "BRANCH_RIGHT"):
    hear(event)
for function in (loops, matches, await_loop):
    print(function.__name__)
    listen(function, "BRANCH_LEFT", "BRANCH_RIGHT")

print("both kinds, switched off")
hear("BRANCH", monitoring.DISABLE)
for function in (matches, await_loop):
    listen(function, "BRANCH")
    listen(function, "BRANCH")
print("each kind, switched off")
monitoring.restart_events()
for event in ("BRANCH_LEFT", "BRANCH_RIGHT"):
    hear(event, monitoring.DISABLE)
listen(matches, "BRANCH_LEFT", "BRANCH_RIGHT")
