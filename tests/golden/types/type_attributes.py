# The attributes of the types behind running programs.
import sys

def function():
    def inner():
        return function
    return inner

def generator():
    yield 1

async def coroutine():
    pass

async def async_generator():
    yield 1

class A:
    def method(self):
        pass

def frame():
    return sys._getframe()

try:
    1 / 0
except ZeroDivisionError as error:
    traceback = error.__traceback__

coro = coroutine()
values = {
    "function": function,
    "code": function.__code__,
    "cell": (lambda x: lambda: x)(1).__closure__[0],
    "frame": frame(),
    "traceback": traceback,
    "proxy": frame().f_locals,
    "generator": generator(),
    "coroutine": coro,
    "coroutine_wrapper": coro.__await__(),
    "async_generator": async_generator(),
    "asend": async_generator().__anext__(),
    "athrow": async_generator().aclose(),
    "anext": anext(async_generator(), 1),
    "method": A().method,
    "builtin": len,
    "builtin method": [].append,
    "wrapper_descriptor": int.__add__,
    "method-wrapper": (1).__add__,
    "method_descriptor": str.join,
    "classmethod_descriptor": dict.__dict__["fromkeys"],
    "getset_descriptor": type(function).__dict__["__code__"],
    "member_descriptor": type(function).__dict__["__globals__"],
    "module": sys,
    "namespace": sys.implementation,
    "alias": list[int],
    "alias iterator": iter(list[int]),
    "union": int | str,
    "template": t"",
    "interpolation": t"{1}".interpolations[0],
}
coro.close()
values["asend"].close()
values["athrow"].close()
plain = dir(object)
for name, value in values.items():
    T = type(value)
    print(name, T, [attribute for attribute in dir(T) if attribute not in plain])
    print("   ", [attribute for attribute in T.__dict__ if attribute in ("__class_getitem__", "__reduce__", "__sizeof__", "__dir__")])
    try:
        type("X", (T,), {})
        print("    may be a base")
    except TypeError as error:
        print("   ", error)

def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

def f(a, b=1, *, c=2):
    return a, b, c

show(lambda: f.__defaults__)
show(lambda: setattr(f, "__defaults__", [1]))
show(lambda: (setattr(f, "__defaults__", (5, 6)), f()))
show(lambda: (setattr(f, "__kwdefaults__", {"c": 7}), f()))
show(lambda: setattr(f, "__kwdefaults__", 1))
show(lambda: setattr(f, "__code__", 1))
show(lambda: setattr(f, "__code__", values["cell"]))
show(lambda: setattr(f, "__code__", (lambda: f).__code__))
show(lambda: setattr(f, "__name__", 1))
show(lambda: delattr(f, "__name__"))
show(lambda: setattr(f, "__qualname__", 1))
show(lambda: setattr(f, "__annotations__", 1))
show(lambda: (setattr(f, "__annotations__", {"a": int}), f.__annotations__, f.__annotate__))
show(lambda: setattr(f, "__annotate__", 1))
show(lambda: delattr(f, "__annotate__"))
show(lambda: setattr(f, "__type_params__", 1))
show(lambda: f.__type_params__)
show(lambda: setattr(f, "__globals__", {}))
show(lambda: setattr(f, "__closure__", ()))
show(lambda: (delattr(f, "__defaults__"), f.__defaults__))
show(lambda: setattr(f, "__dict__", 1))
show(lambda: type(f)(f.__code__, {}, "name", (1,), None).__name__)
show(lambda: type(f)())
show(lambda: type(f)(1, {}))
show(lambda: type(f)(f.__code__, 1))
show(lambda: type(f)(f.__code__, {}, 1))
show(lambda: type(f)(f.__code__, {}, None, 1))
show(lambda: type(f)(f.__code__, {}, None, None, 1))
show(lambda: type(f)(f.__code__, {}, None, None, ()) is None)
show(lambda: type(f)(function().__code__, {}) is None)
show(lambda: type(f)(f.__code__, {}, kwdefaults=1))
show(lambda: f.__get__(None))
show(lambda: f.__get__(None, None))
show(lambda: f.__get__(1)(2))
g = generator()
show(lambda: (g.gi_running, g.gi_suspended, g.gi_yieldfrom, g.gi_code is generator.__code__, g.__name__, g.__qualname__))
show(lambda: (next(g), g.gi_suspended))
show(lambda: setattr(g, "__name__", 1))
show(lambda: delattr(g, "__qualname__"))
show(lambda: (setattr(g, "__name__", "other"), g.__name__))
show(lambda: setattr(g, "gi_running", 1))
show(lambda: type(g)[int])
show(lambda: type(g)())
show(lambda: g.send())
show(lambda: g.throw())
show(lambda: g.throw(1))
show(lambda: (list(g), g.gi_frame, g.gi_suspended))
c = coroutine()
show(lambda: (c.cr_await, c.cr_origin, c.cr_running, c.cr_suspended, type(c)[int, str, float]))
show(lambda: c.send(1))
c.close()
show(lambda: c.send(None))
a = async_generator()
show(lambda: (a.ag_await, a.ag_running, a.ag_suspended, a.ag_frame is not None, type(a)[int, str]))
