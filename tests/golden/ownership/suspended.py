# Temporaries of a suspended frame are alive, and die in order when it is closed, thrown into or dropped; the collector
# finds them too, in no order.
import gc

said = []

def say(*words): said.append(" ".join(map(str, words)))

class T:
    def __init__(self, name): self.name = name
    def __del__(self): say("del", self.name)
    def __iter__(self): return iter(())
    def __enter__(self): return self
    def __exit__(self, *args): say("exit", self.name, args[0] and args[0].__name__)

def values(*args, **keywords): return len(args)

def calls():
    local = T("local")
    values(T("a"), T("b"), (yield 1), T("c"), k=T("d"))
    say("called")
    yield 2

def displays():
    [T("a"), (T("b"), {"k": T("c"), "l": (yield 1)}), T("d")]
    yield 2

def loops():
    for item in [T("a"), T("b")]:
        for other in iter([T("c")]):
            yield item.name

def managers():
    with T("a") as first, T("b"):
        yield values(T("c"), (yield 1))

def handlers():
    try:
        raise ValueError(T("a"))
    except ValueError as error:
        values(T("b"), (yield 1))
    finally:
        say("finally")

def delegates():
    values(T("outer"), (yield from calls()), T("late"))

def conditions():
    if values(T("a")) and (yield 1) or (yield 2):
        x = T("x")
        return (yield x.name)

for function in (calls, displays, loops, managers, handlers, delegates, conditions):
    for ending in ("close", "drop", "throw", "exhaust", "cycle"):
        print(function.__name__, ending, end=": ")
        generator = function()
        next(generator)
        if ending == "close":
            generator.close()
        elif ending == "throw":
            try:
                generator.throw(KeyError)
            except (KeyError, StopIteration) as error:
                say(type(error).__name__)
        elif ending == "exhaust":
            say(len(list(generator)))
        elif ending == "cycle":
            def cyclic(inner):
                me = yield
                values(T("held"), inner, (yield))
            holder = cyclic(generator)
            next(holder)
            holder.send(holder)
            holder = None
        generator = None
        gc.collect()
        print(*(sorted(said) if ending == "cycle" else said), sep="; ")
        said.clear()
