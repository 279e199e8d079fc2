# fstrings
x, y, s = 5, 3.14159, "text"
print(f"{x}{y:.2f}{s!r:>10}{s!a}{s!s:^8}|{x:{x}}|{x:0{x}d}|{{}}|{x=}|{x = }|{x=!r:^10}|{y=:.1f}|{x+1=}")
print(f"{'a' if x else 'b'}{[i for i in range(3)]}{ {1: 2}[1]}{(lambda q: q * 2)(4)}{x!r}" f'{"nested " f"{x}"}' "plain")
print(f"""{
x
}""", f"{x:{'>'}{10}}", f"{x:{'{'}>10}" , f"{'\n'}", f"{x:%Y}" if 0 else "", f"\N{BULLET}{x}\x41", rf"\n{x}\{x}", f"{x:d}", f"{x,}", f"{*[1, 2],}", f"{x:=+5}", f"{(y:=7)}{y}", f"{x!r:{'<' + '8'}}|")
print(f"{f"{f"{f"{x}"}"}"}", f'{"\"" + '"'}', f"{x #comment
}")
class F:
    def __format__(self, spec): return f"<{spec}>"
    def __repr__(self): return "F()"
    def __str__(self): return "str F"
print(f"{F()}{F():abc}{F()!r}{F()!s:>8}{F():{x}{x:>3}}{F()=}{F():{{}}}" if 0 else f"{F()}{F():abc}{F()!r}{F()!s:>8}{F():{x}{x:>3}}{F()=}")
for e in ("f'{x:zz}'", "f'{x!z}'", "f'{F():{1/0}}'", "f'{undefined}'", "f'{None:>5}'", "f'{[]:d}'", "f'{object():5}'"[:0] or "f'{1:s}'"):
    try: print(eval(e))
    except Exception as ex: print(type(ex).__name__, ex)
class BadF:
    def __format__(self, spec): return 5
try: f"{BadF()}"
except TypeError as e: print(e)
class BadS:
    def __str__(self): return 5
    def __repr__(self): return 6
for e in ("f'{BadS()!s}'", "f'{BadS()!r}'", "str(BadS())", "repr(BadS())", "f'{BadS()}'"):
    try: eval(e)
    except TypeError as ex: print(ex)
print(f"{x}" "{x}" f"{x}", f"", f"" "", len(f"{'a' * 1000}{'b' * 1000}"))
print(f'{1:{2}{3}}', f"{3!r:>{4}}", f"{'é':*^7}", f"{1e10:,.2f}", f"{255:#x} {255:#b} {1234567:_}", f"{-5:+d} {5: d}", f"{0.5:%}", f"{1j:.1f}")
def g(): return f"{(yield 5)}"
i = g(); next(i)
try: i.send("sent")
except StopIteration as e: print(e.value)
print(f"{lambda: 1}" if 0 else "ok", f"{(lambda: 1)()}", f"{x!r}"[0])
