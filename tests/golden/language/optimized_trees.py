# ast.parse(..., optimize=...): trees as the compiler sees them.
import ast

SOURCES = (
    "'%s %r %a' % (a, b, c)", "'%5s%-5.2r%%' % (a, b)", "'%d' % (a,)", "'%s' % a", "'%s' % (*a,)", "'abc' % ()",
    "'%s' % (a, b)", "match x:\n case -1: pass\n case 1+2j: pass\n case -1-2j: pass\n case {-1: y}: pass\n case [-1, *_]: pass",
    "def f(): 'doc'", "class C:\n 'doc'\n x", "'doc'", "async def f():\n 'doc'", "def f(): f'doc'", "__debug__", "x.__debug__",
    "'%s' % (a,) % (b,)", "f'{x}' % (a,)", "b'%s' % (a,)", "lambda: __debug__", "'%.3s' % (a,)", "'%0s' % (a,)", "'%#r' % (a,)",
    "'%123s' % (a,)", "'%.s' % (a,)", "'%' % (a,)", "-1", "1 + 2", "if True: 'doc'", "'%s' % ('%s' % (__debug__,),)",
)
for source in SOURCES:
    print(source)
    for level in (0, 1, 2):
        print("   ", ast.dump(ast.parse(source, optimize=level), include_attributes=level == 1))
tree = ast.parse("x = __debug__; '%s' % (a,)")
print(ast.dump(compile(tree, "f", "exec", flags=ast.PyCF_OPTIMIZED_AST)))
print(ast.dump(compile(tree, "f", "exec", flags=ast.PyCF_ONLY_AST)))
print(ast.dump(ast.parse("'doc'")))
exec(compile(ast.parse("print('%s %5r' % (1, 'x'), __debug__)", optimize=1), "f", "exec"))
