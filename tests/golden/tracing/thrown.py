# sys.monitoring and sys.settrace: exceptions thrown into what awaits, what comes out of it, and handlers that put things in order.
import sys

monitoring = sys.monitoring
E = monitoring.events
TOOL = 1
monitoring.use_tool_id(TOOL, "test")
heard = []
LISTENED = (
    E.LINE | E.PY_START | E.PY_YIELD | E.PY_RESUME | E.PY_UNWIND | E.RAISE | E.EXCEPTION_HANDLED
    | E.PY_THROW | E.RERAISE | E.PY_RETURN | E.STOP_ITERATION
)


def hear(name, event):
    def tell(code, *arguments):
        if code.co_filename == __file__ and code.co_name not in ("monitored", "traced"):
            line = arguments[0] - code.co_firstlineno if event == E.LINE else ""
            heard.append((name, code.co_name, line))

    monitoring.register_callback(TOOL, event, tell)


for name, event in vars(E).items():
    if isinstance(event, int) and event & LISTENED:
        hear(name, event)


def trace(frame, event, argument):
    code = frame.f_code
    if code.co_filename != __file__ or code.co_name in ("monitored", "traced"):
        return None
    heard.append((event, code.co_name, frame.f_lineno - code.co_firstlineno))
    return trace


def monitored(function):
    monitoring.set_events(TOOL, LISTENED)
    try:
        function()
    except Exception:
        pass
    finally:
        monitoring.set_events(TOOL, 0)


def traced(function):
    sys.settrace(trace)
    try:
        function()
    except Exception:
        pass
    finally:
        sys.settrace(None)


def test(function):
    for run in (monitored, traced):
        heard.clear()
        run(function)
        print(run.__name__, function.__name__)
        for event in heard:
            print("   ", *event)
    return function


@test
def closed_while_it_delegates():
    def inner():
        yield

    def outer():
        yield from inner()

    generator = outer()
    next(generator)
    generator.close()


@test
def raised_out_of_what_is_delegated_to():
    def inner():
        try:
            yield
        except ValueError:
            raise KeyError

    def outer():
        try:
            yield from inner()
        except KeyError:
            pass
        yield 2

    generator = outer()
    next(generator)
    generator.throw(ValueError)


@test
def returned_out_of_what_is_delegated_to():
    def inner():
        try:
            yield
        except ValueError:
            pass

    def outer():
        yield from inner()
        1

    generator = outer()
    next(generator)
    next(generator, None)
    generator = outer()
    next(generator)
    try:
        generator.throw(ValueError)
    except StopIteration:
        pass


@test
def suspended_again():
    def inner():
        try:
            yield 1
        except ValueError:
            pass
        yield 2

    def outer():
        yield from inner()

    generator = outer()
    next(generator)
    generator.throw(ValueError)
    next(generator, None)


@test
def stopped_by_a_method():
    class Iterator:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

        def throw(self, error):
            raise StopIteration(3)

    def outer():
        yield from Iterator()
        yield 2

    generator = outer()
    next(generator)
    generator.throw(ValueError)


@test
def awaited():
    class Awaitable:
        def __await__(self):
            yield

    async def inner():
        await Awaitable()

    async def outer():
        try:
            await inner()
        finally:
            1

    for error in (GeneratorExit, ValueError):
        coroutine = outer()
        coroutine.send(None)
        try:
            coroutine.throw(error)
        except error:
            pass


@test
def put_in_order_by_a_finally():
    try:
        1 / 0
    finally:
        2


@test
def not_matched():
    try:
        1 / 0
    except KeyError:
        2
    finally:
        3


@test
def raised_in_a_handler():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise KeyError


@test
def raised_again():
    def generator():
        try:
            yield 1 / 0
        except ZeroDivisionError as error:
            raise

    next(generator())


class Suppressing:
    def __enter__(self):
        pass

    def __exit__(self, *about):
        return True


@test
def left_by_a_manager():
    with memoryview(b""):
        1 / 0


@test
def left_by_a_comprehension():
    [1 / 0 for x in range(3)]


@test
def comprehension_of_two_lines():
    [x / 1 for x in range(3)
     for y in range(x)]


class Iterator:
    ended = False

    def __iter__(self):
        return self

    def __next__(self):
        if self.ended:
            raise StopIteration(5)
        self.ended = True


@test
def loops_over_what_raises_stop_iteration():
    for x in Iterator():
        1
    [x for x in Iterator()]
    list(x for x in Iterator())

    def generator():
        y = yield from Iterator()

    list(generator())
    list(Iterator())


@test
def lines_that_go_on():
    list(x for x in range(2))
    for x in range(2): x
    with Suppressing(): raise KeyError
    try: 1 / 0
    except: 1
    finally: 2
