# exec() and eval() of the code of functions: their variables are their own.
import sys
import types


def outer():
    x = extra = None

    def scope():
        nonlocal x, extra
        y = 2
        def f():
            return x, y
        extra.append(locals())
        extra.append(f())
    return scope.__code__


def host():
    mine = 1
    extra = []
    values = {"x": 5, "extra": extra}
    cells = tuple(types.CellType(values[name]) for name in code.co_freevars)
    namespace = sys._getframe().f_locals
    print(exec(code, globals(), namespace, closure=cells))
    print(sorted(extra[0]), extra[1], sorted(namespace))
    namespace.update({"added": extra[0]["f"]})
    print(namespace["added"](), mine)


code = outer()
print(code.co_freevars)
host()


def plain():
    a = 1
    return sorted(locals())


print(eval(plain.__code__, {}, {"b": 2}))
namespace = {}
print(exec(plain.__code__, {}, namespace), namespace)


def call(**names): pass


for attempt in (
    lambda: call(**{1: 3}, **{1: 5}),
    lambda: call(**{1: 3}),
    lambda: call(**{"a": 3}, **{"a": 5}),
    lambda: print(**{1: 3}, **{1: 5}),
    lambda: dict(**{(): 3}, **{(): 5}),
):
    try:
        attempt()
    except TypeError as error:
        print(error)
