# star args and calls
def f(a, b=2, /, c=3, *args, d, e=5, **kw): return a, b, c, args, d, e, kw
print(f(1, d=4), f(1, 2, 3, 4, 5, d=6, z=7), f(*[1, 2], *(3,), 4, **{"d": 1}, **{"q": 2}), f(1, a=5, d=1))
def g(a, b): pass
for src in ("g()", "g(1)", "g(1, 2, 3)", "g(1, b=2, c=3)", "g(1, 2, a=1)", "g(*1)", "g(**1)", "g(**{1: 2})", "g(1, **{'b': 1}, **{'b': 2})", "g(a=1, **{'a': 2})", "f(1)", "f()", "f(d=1)", "g(*[1], *[2], *[3])", "len()", "len(1, 2)", "len(x=1)", "print(sep=1)", "g(**{'a': 1, 'b': 2, 'c': 3})", "(lambda: 1)(1)", "int(1, 2, 3)", "g(1, 2, **{'x y': 1})", "g(b=1)", "(lambda x, y, z, *, k: 0)(1)", "(lambda *, a, b, c: 0)()", "(lambda a, /: 0)(a=1)", "(lambda a, b, /: 0)(a=1, b=2)", "g(*None)", "g(**None)", "g(1, aa=2)", "print(1, **[])", "g.nope()", "[].append(1, 2)", "{}.get()", "str.join('a')", "list.append(1, 2)", "dict.fromkeys()", "object(1)", "object.__new__(1)", "type.__call__()", "int.__add__(1)", "''.join(1)", "max()", "max(1)", "max([])", "isinstance(1)", "isinstance(1, 1)", "iter(1, 2)", "getattr(1)", "chr(-1)", "ord('ab')", "range()", "range(1.5)", "range(1, 2, 0)", "[1, 2].index(5)", "zip(1)", "map()", "map(1)", "enumerate()", "sum(1)", "sum(['a'])", "sum([[]], '')", "abs('x')", "hash([])", "id()", "pow(1)", "round('x')", "divmod(1)", "bin('x')", "callable()", "dir(1, 2)", "vars(1)", "exec(1)", "eval(1)", "compile(1)", "format(1, 2)", "repr()", "super(1)", "property(1, 2, 3, 4, 5)", "slice()"):
    try: exec(src); print("ok", src)
    except Exception as e: print(type(e).__name__, e)
def h(*, a): return a
class K:
    def keys(self): return ["a"]
    def __getitem__(self, k): return k * 2
print(h(**K()))
def order(): 
    r = []
    def t(x): r.append(x); return x
    (lambda *a, **k: 0)(t(1), *[t(2)], t(3), k=t(4), **{str(t(5)): 1}, l=t(6))
    {t(1): t(2), **{t(3): t(4)}, t(5): t(6)}
    [t(1), *[t(2)], t(3)]
    d = {}
    d[t(2)] = t(1)
    d[t(1)], d[t(2)] = t(3), t(4)
    d[t(2)] += t(9)
    t(1) if t(0) else t(2)
    return r
print(order())
def defaults(a=[], *, b={}): a.append(1); b[len(b)] = 1; return a, b
defaults(); print(defaults())
def deco(x): print("deco", x); return lambda f: (print("apply", x, f.__name__), f)[1]
@deco(1)
@deco(2)
def z(a=print("default")): pass
@deco(3)
class Z: print("body")
@(lambda f: 5)
def five(): pass
print(five)
