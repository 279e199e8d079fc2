# Making nodes, their repr, copies, and trees of source text.
import _ast as ast

def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

def parse(source, mode="exec", flags=0):
    return compile(source, "<test>", mode, flags | ast.PyCF_ONLY_AST)

def dump(node):
    if isinstance(node, ast.AST):
        fields = [f"{name}={dump(getattr(node, name))}" for name in node._fields]
        place = [str(getattr(node, name)) for name in node._attributes]
        return f"{type(node).__name__}({', '.join(fields)})" + (f"@{':'.join(place)}" if place else "")
    if isinstance(node, list):
        return "[" + ", ".join(map(dump, node)) + "]"
    return repr(node)

show(lambda: ast.AST())
show(lambda: ast.AST(1))
show(lambda: ast.Name("a"))
show(lambda: ast.Name("a").ctx)
show(lambda: ast.Name("a", ast.Load(), 3))
show(lambda: ast.Name("a", id="b"))
show(lambda: ast.Name("a", lineno=1).lineno)
show(lambda: ast.Name("a").lineno)
show(lambda: ast.Name("a").end_lineno)
show(lambda: ast.Constant(1).kind)
show(lambda: ast.Return().value)
show(lambda: (ast.Module().body, ast.Module().type_ignores))
show(lambda: ast.Module([ast.Pass()] * 5))
show(lambda: ast.Module((1, 2, 3, 4)))
show(lambda: ast.Module((1,)))
show(lambda: ast.Module([1]))
show(lambda: ast.Module([]))
show(lambda: parse("f(g(h(i(j))))"))
show(lambda: parse("x=1;y=[1,2,3,4,5];z='a'*100"))

class Odd(ast.AST):
    _fields = 1

show(lambda: Odd())

class Own(ast.AST):
    _fields = ("a", "b")

show(lambda: Own(1, b=2))
show(lambda: Own(1, 2, 3))
node = parse("x").body[0].value
show(lambda: node.__reduce__())
show(lambda: node.__replace__(id="z").id)
show(lambda: node.__replace__(lineno=7).lineno)
show(lambda: node.__replace__(foo="z"))
show(lambda: node.__replace__(1))
show(lambda: node.ctx is parse("y").body[0].value.ctx)
show(lambda: node.__dict__)
node.extra = 1
show(lambda: node.__dict__["extra"])
match node:
    case ast.Name(id, ast.Load()):
        print("matched", id)
loop = ast.Module([])
loop.body.append(loop)
show(lambda: loop)

SOURCES = [
    "def f(a, /, b: int = 1, *c, d=2, **e) -> str:\n    'doc'\n    return a",
    "async def f():\n    async with a as b, c: pass\n    async for x in y: await z\n    return [i async for i in j if k]",
    "@deco\nclass A[T: int, *Ts, **P](B, metaclass=C):\n    x: int = 1\n    (y): str",
    "try:\n    pass\nexcept* (A, B) as e:\n    raise X from Y\nfinally:\n    del a, b[c], d.e",
    "while x:\n    if y: break\n    elif z: continue\n    else: pass\nelse:\n    assert a, b",
    "import a.b as c, d\nfrom . import x\nfrom ..m import y as z\nfrom q import *",
    "match x:\n    case 1 | -2+3j | 'a' | None: pass\n    case [a, *_, (b, c) as d] if d: pass\n    case {'k': v, **rest}: pass\n    case P(1, q=_): pass\n    case a.b: pass",
    "global g; nonlocal_ = 1; x += 1; a = b = *c, d; (e := 1)",
    "lambda x, *y, z=1: (yield x), (yield from y)",
    "f'{a!r:>{w}} {b=} text' 'more'",
    "t'{a!s:x}{b}'",
    "x[1:2, ::3, ...]; {**a, 'b': 1}; {1, *c}; {k: v for k, v in d}; (i for i in j)",
    "a and b or not c; a < b <= c is not d not in e; -x ** ~y // +z @ w",
    "0xff, 1_000, 10**2, 123456789012345678901234567890, 1.5e3, 2j, u'kind', True, None, ...",
    "type A[T = int] = list[T]",
    "x if y else z; print(*a, k=1, **b); a.b.c",
]
for source in SOURCES:
    print(dump(parse(source)))
print(dump(parse("a + 1", "eval")))
print(dump(parse("a; b", "single")))
print(dump(parse("(int, *str, **list) -> None", "func_type")))
print(dump(parse("x = 1 # type: int\nfor i in j: # type: str\n    pass # type: ignore[misc]\n", flags=ast.PyCF_TYPE_COMMENTS)))
show(lambda: compile("1", "", "func_type"))
