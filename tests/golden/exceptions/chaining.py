# Context, cause, and what `raise` accepts
def t(f, *a):
    try:
        print("ok", repr(f(*a)))
    except BaseException as e:
        print(type(e).__name__ + ":", e, "| cause", repr(e.__cause__), "| context", repr(e.__context__), e.__suppress_context__)

def raise_(what): raise what
def raise_from(what, cause): raise what from cause
t(raise_, ValueError)
t(raise_, ValueError(1))
t(raise_, 3)
t(raise_, int)
t(raise_, None)
class Odd(Exception):
    def __new__(cls): return 5
t(raise_, Odd)
t(raise_from, ValueError, KeyError)
t(raise_from, ValueError(1), KeyError(2))
t(raise_from, ValueError, None)
t(raise_from, ValueError, 3)
t(raise_from, ValueError, int)
t(raise_from, ValueError, Odd)
def bare(): raise
t(bare)
def context():
    try:
        1 / 0
    except ZeroDivisionError:
        [][0]
t(context)
def explicit():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise KeyError from e
t(explicit)
def suppressed():
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError from None
t(suppressed)
def again():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise e
t(again)
def in_finally():
    try:
        1 / 0
    finally:
        [][0]
t(in_finally)
def chain(e):
    names = []
    while e is not None:
        names.append(repr(e))
        e = e.__context__
    return names
def cycle():
    a, b, c = KeyError("a"), KeyError("b"), KeyError("c")
    try:
        try:
            try:
                raise a
            except KeyError:
                raise b
        except KeyError:
            raise c
    except KeyError as e:
        print(chain(e))
        try:
            raise a
        except KeyError as f:
            print(chain(f), chain(c))
            try:
                raise c
            except KeyError as g:
                print(chain(g))
cycle()
def existing_cycle():
    a, b, c = KeyError("a"), KeyError("b"), KeyError("c")
    a.__context__ = b
    b.__context__ = c
    c.__context__ = b
    try:
        raise a
    except KeyError:
        try:
            raise ValueError("v")
        except ValueError as v:
            print(repr(v), repr(v.__context__))
            v.__context__ = None
existing_cycle()
def generator():
    try:
        yield 1
    except ValueError as e:
        yield repr(e.__context__)
        raise KeyError
g = generator()
next(g)
try:
    1 / 0
except ZeroDivisionError:
    print(g.throw(ValueError("thrown")))
    try:
        next(g)
    except KeyError as e:
        print(chain(e))
def leaves_handler():
    try:
        raise ValueError
    except ValueError as e:
        pass
    try:
        e
    except NameError as n:
        return repr(n), n.__context__
print(leaves_handler())
def matching(exception, what):
    try:
        raise exception
    except what:
        return "caught"
t(matching, ValueError(), ValueError)
t(matching, ValueError(), (KeyError, ValueError))
t(matching, ValueError(), ())
t(matching, ValueError(), 3)
t(matching, ValueError(), int)
t(matching, ValueError(), (KeyError, 3))
t(matching, ValueError(), ((KeyError, ValueError),))
class Meta(type):
    def __instancecheck__(cls, x): return True
    def __subclasscheck__(cls, x): return True
class Fake(Exception, metaclass=Meta): pass
t(matching, ValueError(), Fake)
import sys
def info():
    try:
        1 / 0
    except ZeroDivisionError:
        return [type(x).__name__ for x in sys.exc_info()], repr(sys.exception())
print(info(), sys.exc_info(), sys.exception())
