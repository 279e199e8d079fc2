# t-strings
x = 5
t = t"a{x}b{x!r:>{x}}c{x=}"
print(type(t), t.strings, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations], t.values)
print(list(t), repr(t), t + t"z", t"" + t"q{1}")
print(t"", list(t""), t"{x}" t"y", rt"\n{x}")
for src in ("t'' 'a'", "t'a' + 'b'", "t'{}'", "t'{x!z}'", "t'{'", "'a' + t'b'", "f'' t''", "tb''", "t'{undefined}'"):
    try: print(eval(src))
    except Exception as e: print(type(e).__name__, e)
