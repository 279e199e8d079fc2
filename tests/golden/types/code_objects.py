# Code objects: what they say, and copies with changes.
def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

def f(a, /, b, *c, d=1, **e):
    def g():
        return a
    x = 1
    return g

C = f.__code__
Code = type(C)
for name in ("co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_varnames", "co_cellvars",
             "co_freevars", "co_name", "co_qualname", "co_flags", "co_names", "co_firstlineno"):
    print(name, getattr(C, name))
print(f(1, 2).__code__.co_freevars, f(1, 2).__code__.co_qualname)
print(sorted({line for start, end, line in C.co_lines() if line is not None}))
print(all(start < end for start, end, line in C.co_lines()))
positions = list(C.co_positions())
print({type(place) for place in positions}, (9, 9, 4, 9) in positions or (8, 8, 4, 5) in positions)
print([type(part) for part in (C.co_code, C.co_consts, C.co_linetable, C.co_exceptiontable)])
print(iter(C.co_lines()) is not None, type(C.co_positions()).__name__, type(C.co_lines()).__name__)

def branches(x):
    if x:
        return 1
    for i in x:
        pass

print(len(list(branches.__code__.co_branches())))
show(lambda: C.replace(co_name="z").co_name)
show(lambda: (C == C.replace(), C == C.replace(co_name="z"), C == C.replace(co_filename="z"), hash(C) == hash(C.replace())))
show(lambda: C < C)
show(lambda: C.replace(co_foo=1))
show(lambda: C.replace(1))
show(lambda: C.replace(co_name=1))
show(lambda: C.replace(co_argcount=-1))
show(lambda: C.replace(co_argcount="a"))
show(lambda: C.replace(co_consts=[]))
show(lambda: C.replace(co_varnames=()))
show(lambda: C.replace(co_names=(1,)))
show(lambda: C.replace(co_nlocals=3))
show(lambda: C.replace(co_flags=1 << 40))
show(lambda: C.replace(co_stacksize=-1))
show(lambda: C.replace(co_linetable=1))
show(lambda: setattr(C, "co_name", "a"))
show(lambda: Code())
show(lambda: Code(1))
show(lambda: Code(*range(20)))
show(lambda: Code(a=1))
show(lambda: C._varname_from_oparg(0))
show(lambda: C._varname_from_oparg(100))
show(lambda: C._varname_from_oparg("a"))
show(lambda: C.__replace__(co_name="q").co_name)

def rebuild(code, **changes):
    parts = dict(argcount=code.co_argcount, posonlyargcount=code.co_posonlyargcount,
                 kwonlyargcount=code.co_kwonlyargcount, nlocals=code.co_nlocals, stacksize=code.co_stacksize,
                 flags=code.co_flags, codestring=code.co_code, constants=code.co_consts, names=code.co_names,
                 varnames=code.co_varnames, filename=code.co_filename, name=code.co_name,
                 qualname=code.co_qualname, firstlineno=code.co_firstlineno, linetable=code.co_linetable,
                 exceptiontable=code.co_exceptiontable, freevars=code.co_freevars, cellvars=code.co_cellvars)
    parts.update(changes)
    return Code(*parts.values())

def body(n, k=2):
    total = []
    for i in range(n):
        try:
            if i % k:
                raise ValueError(i)
            total.append([j for j in range(i) if j])
        except ValueError as error:
            total.append(str(error))
        finally:
            total.append("f")
    return total

expected = body(4)
body.__code__ = rebuild(body.__code__)
print(body(4) == expected)
body.__code__ = body.__code__.replace(co_consts=tuple("F" if c == "f" else c for c in body.__code__.co_consts))
print(body(2))

def plus_one(x):
    return x + 1

def gen(n):
    got = yield n
    while got:
        got = yield got * 2

gen.__code__ = rebuild(gen.__code__)
g = gen(3)
print(next(g), g.send(4), g.send(5))
print(rebuild(C) == C)
show(lambda: rebuild(C, argcount=-1))
show(lambda: rebuild(C, codestring=""))
show(lambda: rebuild(C, constants=[]))
show(lambda: rebuild(C, names=(1,)))
show(lambda: rebuild(C, filename=1))
show(lambda: rebuild(C, freevars=1))
for bad in (b"\x00" * 8, b"\xff" * 64, b""):
    try:
        rebuild(plus_one.__code__, codestring=bad)
    except ValueError:
        pass
