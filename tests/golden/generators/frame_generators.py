# The coroutine behind a frame, for coroutines that were awaited as they were called, too.
import sys


async def inner():
    frame = sys._getframe()
    generator = frame.f_generator
    print(generator.cr_code.co_name, generator.cr_frame is frame, generator.cr_running, generator is frame.f_generator)
    outer = frame.f_back.f_generator
    print(outer.cr_code.co_name, outer.cr_frame is frame.f_back, outer.cr_running)
    return 1


async def outer():
    return await inner() + await middle()


async def middle():
    return await deep()


async def deep():
    def show():
        frame, names = sys._getframe().f_back, []
        while frame is not None and frame.f_code.co_name != "<module>":
            names.append((frame.f_code.co_name, getattr(frame.f_generator, "__name__", None)))
            frame = frame.f_back
        return names
    print(show())
    print(sorted([2, 1], key=lambda item: (show(), item)[1]))
    return 2


coroutine = outer()
try:
    coroutine.send(None)
except StopIteration as end:
    print(end.value)


def plain():
    yield sys._getframe().f_generator.gi_code.co_name if sys._getframe().f_generator else None


generator = plain()
print(next(generator), generator.gi_frame.f_generator is generator)
frame = generator.gi_frame
generator.close()
print(frame.f_generator)
print(sys._getframe().f_generator)
