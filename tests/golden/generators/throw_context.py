def g():
    try:
        yield 1
    except ValueError as e:
        print('in', repr(e), repr(e.__context__))
        try:
            yield 2
        except TypeError as e2:
            print('in2', repr(e2), repr(e2.__context__))
    yield 3
it=g(); next(it)
try: 1/0
except ZeroDivisionError:
    it.throw(ValueError('v'))
    it.throw(TypeError('t'))
    try: it.throw(KeyError('k'))
    except KeyError as e: print(repr(e.__context__))
def h():
    yield
it=h(); next(it)
try: 1/0
except ZeroDivisionError:
    try: it.throw(KeyError('k'))
    except KeyError as e: print('h', repr(e.__context__))
it=h()
try: 1/0
except ZeroDivisionError:
    try: it.throw(KeyError('k'))
    except KeyError as e: print('unstarted', repr(e.__context__))
try: 1/0
except ZeroDivisionError:
    try: it.throw(KeyError('k2'))
    except KeyError as e: print('finished', repr(e.__context__))
def d():
    try:
        yield from h()
    except KeyError as e: 
        print('d', repr(e.__context__)); yield 7
it=d(); next(it)
try: 1/0
except ZeroDivisionError:
    it.throw(KeyError('k'))
async def c():
    try: await s()
    except KeyError as e: print('c', repr(e.__context__)); 
import types
@types.coroutine
def s(): yield
co=c(); co.send(None)
try: 1/0
except ZeroDivisionError:
    try: co.throw(KeyError('k'))
    except StopIteration as e: print('stop', repr(e.__context__))
it=h(); next(it)
try: 1/0
except ZeroDivisionError: it.close()
def cl():
    try: yield
    except GeneratorExit as e: print('close', repr(e.__context__)); raise
it=cl(); next(it)
try: 1/0
except ZeroDivisionError: it.close()
