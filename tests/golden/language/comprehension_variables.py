import sys
class V:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
    def __repr__(s): return f'V{s.n}'
def a1(x):
    y = [x for x in x]
    return x, y
def a2():
    try: print(x)
    except UnboundLocalError as e: print(e)
    y = [x for x in 'ab']
    try: print(x)
    except UnboundLocalError as e: print(e)
    x = 5
    y = [[x for x in range(x)] for x in range(x)]
    return x, y
def a3(x):
    try: [1//x for x in (1,0)]
    except ZeroDivisionError: return x
def a4(x):
    fs = [lambda: x for x in 'abc']
    return x, [f() for f in fs]
def a5():
    x = 1
    def get(): return x
    def put(v):
        nonlocal x; x = v
    r = [(x, get(), put(i), get(), x) for i, x in enumerate('pqr')]
    return x, r, get()
def a6(x):
    g = ([x for x in range(x)] for x in range(x))
    return list(g), x
async def a7(x):
    async def ag():
        for i in range(3): yield i
    r = [x async for x in ag()]
    r2 = [x for x in r if x async for x in ag()]
    return r, r2, x
def a8(x):
    r = [y for x in [1,2] for y in [x for x in range(x)]]
    s = {x: {x for x in range(x)} for x in range(x)}
    return r, s, x
def a9(x):
    return [(x := x + 1, [x for z in 'a']) for y in range(3)], x
def b1():
    x = V('outer')
    [0 for x in [V('inner')]]
    print('after')
    x = None
    print('end')
def b2(x):
    del x
    [x for x in 'a']
    try: x
    except UnboundLocalError as e: print(e)
def b3(x, y):
    r = [x + y for x in [1,2] for y in [3,4]]
    return x, y, r
def b4(x):
    def gen():
        r = [(yield_ := x) for x in 'ab']
        yield r
        yield x_
    x_ = 3
    return list(gen())
def b5(x):
    class C:
        x = [x for x in range(3)]
        y = [x for x in x]
        z = [(lambda: x)() for _ in 'a']
    return C.x, C.y, C.z, x
def b6(x):
    sys._getframe().f_locals['x'] = 10
    r = [(x, sys._getframe().f_locals['x'], sys._getframe().f_locals.__setitem__('x', 99), x) for x in range(2)]
    return r, x
def b7(x):
    f = lambda: [x for x in range(x)]
    return f(), x
def b8():
    for x in range(3):
        y = [x for x in range(x)]
        print(x, y)
def b9(x):
    with open('/dev/null') as f:
        r = [f for f in 'ab']
    return f.closed, r
def c1(*x, **k):
    return [x for x in x], [k for k in k], x, k
def c2(self):
    return [self for self in 'x'], self
def c3(x):
    def h():
        r = [x for x in 'ab']
        return x, r
    return h()
def c4(x):
    def h():
        r = [x for x in 'ab']
        def i(): return x
        return i(), r
    return h()
def c5(x):
    return x + len([x for x in 'abc']) + x, x + sum([x for x in (1,2)])
def c6(x):
    try:
        return [x for x in iter(int, 1) if x.bad]
    except AttributeError as x:
        return [x for x in 'e'], type(x)
def c7(x):
    r = [locals() for x in 'ab']
    return r, locals()
import asyncio
for f in (a1,a2,a3,a4,a5,a6,a8,a9,b1,b2,b3,b4,b5,b6,b7,b8,b9,c1,c2,c3,c4,c5,c6,c7):
    n = f.__code__.co_argcount
    print(f.__name__, f.__code__.co_varnames, f.__code__.co_cellvars)
    try: print(f(*[[1,2],3][:n] if f is a1 else [3, 7][:n]))
    except Exception as e: print(type(e), e)
try: a7(4).send(None)
except StopIteration as e: print(e.value)
f = a4
code = a4.__code__
import types
new = code.replace(co_name='other')
print(types.FunctionType(new, globals())(3), new.co_varnames, new == code, new.replace(co_name='a4') == code)
args = [getattr(code, 'co_'+n) for n in 'argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name qualname firstlineno linetable exceptiontable freevars cellvars'.split()]
again = types.CodeType(*args)
print(again == code, types.FunctionType(again, globals())(3))
code = a8.__code__
args = [getattr(code, 'co_'+n) for n in 'argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name qualname firstlineno linetable exceptiontable freevars cellvars'.split()]
again = types.CodeType(*args)
print(again == code, types.FunctionType(again, globals())(3))
import marshal
print(marshal.loads(marshal.dumps(a5.__code__)) == a5.__code__)
