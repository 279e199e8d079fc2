def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

name, width = "pyx", 6
template = t"hello {name!r:>{width}} and {name=} {width:x}!"
Template, Interpolation = type(template), type(template.interpolations[0])
show(lambda: template)
show(lambda: (template.strings, template.values, template.interpolations))
show(lambda: list(template))
show(lambda: list(t"{name}{width}"))
show(lambda: t"" + t"a{1}b" + t"c{2}")
show(lambda: t"a" + "b")
show(lambda: "a" + t"b")
show(lambda: Template("a", "b", Interpolation(1, "x", "r", "s"), Interpolation(2)))
show(lambda: Template(1))
show(lambda: Template(a=1))
show(lambda: Template())
show(lambda: Interpolation())
show(lambda: Interpolation(1, 2))
show(lambda: Interpolation(1, "x", "z"))
show(lambda: Interpolation(1, "x", 3))
show(lambda: Interpolation(1, "a", "s", 4))
show(lambda: Interpolation(1, conversion="s", format_spec="f"))
show(lambda: Interpolation(1).__reduce__())
show(lambda: Interpolation.__match_args__)
show(lambda: (Template[int], Interpolation[int]))
show(lambda: (Template == Template, t"a" == t"a"))
show(lambda: type("X", (Template,), {}))
show(lambda: type(iter(template)))
show(lambda: type(iter(template))())
match Interpolation(1, "e", "r", "f"):
    case Interpolation(value, expression, conversion, spec):
        print(value, expression, conversion, spec)
for T in (Template, Interpolation, type(iter(template))):
    print(T, [name for name in dir(T) if name not in dir(object)])
