# A traceback is the same whenever it is first looked at: in the handler, after the frame is gone, from another frame.
import gc
import sys
import weakref


def lines(traceback, first):
    found = []
    while traceback is not None:
        found.append(traceback.tb_lineno - first)
        traceback = traceback.tb_next
    return found


def returned():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error


error = returned()
print(lines(error.__traceback__, returned.__code__.co_firstlineno), error.__traceback__.tb_frame.f_code.co_name)


def kept():
    keep = []
    for number in range(3):
        try:
            int(f"x{number}")
        except ValueError as error:
            keep.append(error)
    return keep


for error in kept():
    frame = error.__traceback__.tb_frame
    print(error, lines(error.__traceback__, frame.f_code.co_firstlineno), sorted(frame.f_locals))


def raised_again():
    first = sys._getframe().f_code.co_firstlineno
    try:
        raise KeyError(1)
    except KeyError as error:
        print(error.__traceback__.tb_frame is sys._getframe())
        try:
            raise error
        except KeyError as same:
            print(lines(same.__traceback__, first))
        error.__traceback__ = None
        try:
            raise error
        except KeyError as same:
            print(lines(same.__traceback__, first))


raised_again()


def dropped_generator(keep):
    try:
        raise IndexError(5)
    except IndexError as error:
        keep.append(error)
        yield error


keep = []
generator = dropped_generator(keep)
next(generator)
del generator
gc.collect()
print(keep[0].__traceback__.tb_frame.f_code.co_name)


async def coroutine():
    try:
        raise OSError(1)
    except OSError as error:
        return error


try:
    coroutine().send(None)
except StopIteration as stop:
    print(stop.value.__traceback__.tb_frame.f_code.co_name, stop.__traceback__.tb_frame.f_code.co_name)


class Witness:
    pass


def forgotten():
    witness = Witness()
    try:
        raise ValueError
    except ValueError:
        pass
    return weakref.ref(witness)


def in_a_cycle():
    witness = Witness()
    try:
        raise ValueError
    except ValueError as error:
        copy = error
    return weakref.ref(witness)


print(forgotten()())
reference = in_a_cycle()
print(type(reference()))
gc.collect()
print(reference())
try:
    try:
        raise ValueError(1)
    finally:
        print(sys.exc_info()[2].tb_frame.f_code.co_name)
except ValueError:
    print(sys.exception().__traceback__.tb_next)
