# notes and groups
e = ValueError("v"); e.add_note("n1"); e.add_note("n2"); print(e.__notes__)
for bad in (1, None):
    try: e.add_note(bad)
    except TypeError as x: print(x)
g = ExceptionGroup("m", [e, KeyError()]); print(g.message, g.exceptions, str(g), repr(g))
m, r = g.split(KeyError); print(repr(m), repr(r))
print(repr(g.subgroup(lambda x: isinstance(x, ValueError))), g.subgroup(TypeError))
for a in ((), ("m",), ("m", []), ("m", [1]), ("m", 5), (1, [e]), ("m", [KeyboardInterrupt()]), ("m", [e], 1)):
    try: print(repr(ExceptionGroup(*a)))
    except Exception as x: print(type(x).__name__, x)
print(type(BaseExceptionGroup("m", [e])), type(BaseExceptionGroup("m", [KeyboardInterrupt()])))
