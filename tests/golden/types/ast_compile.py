# Trees made by hand: what compiles, and what is wrong with the others.
import _ast as ast

def show(f):
    try:
        result = f()
        print("compiled" if type(result).__name__ == "code" else repr(result))
    except SyntaxError as error:
        print("SyntaxError", error.msg)
    except Exception as error:
        print(type(error).__name__, error)

L = dict(lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)

def module(*body):
    return compile(ast.Module(list(body), []), "<test>", "exec")

def expr(value):
    return module(ast.Expr(value, **L))

def name(id, ctx=ast.Load()):
    return ast.Name(id, ctx, **L)

ONE = ast.Constant(1, **L)
PASS = ast.Pass(**L)

tree = compile("def f(n):\n    return n * sum(i for i in range(n))\nresult = f(4), {'a': [1.5, 2j, 10**3]}", "<t>", "exec", ast.PyCF_ONLY_AST)
namespace = {}
exec(compile(tree, "<t>", "exec"), namespace)
print(namespace["result"])
print(eval(compile(ast.Expression(ast.BinOp(ONE, ast.Add(), ast.Constant((1 << 80) - 1, **L), **L)), "", "eval")))
print(eval(compile(ast.Expression(ast.Constant((1, frozenset([2]), -3, 1 + 2j, ...), **L)), "", "eval")))

class MyConstant(ast.Constant):
    pass

print(eval(compile(ast.Expression(MyConstant("sub", **L)), "", "eval")))
show(lambda: compile(name("a"), "", "exec"))
show(lambda: compile(ast.Module([], []), "", "eval"))
show(lambda: compile(ast.Expression(ONE), "", "exec"))
show(lambda: compile(ast.AST(), "", "exec"))
show(lambda: compile(ast.mod(), "", "exec"))
show(lambda: compile(ast.Interactive([PASS]), "", "single"))
show(lambda: compile(ast.FunctionType([], ONE), "", "func_type"))
show(lambda: compile(ast.Module(1, []), "", "exec"))
show(lambda: compile(ast.Module((), []), "", "exec"))
show(lambda: module(1))
show(lambda: module(None))
show(lambda: module(ast.stmt(**L)))
show(lambda: module(ast.Expr(ONE)))
show(lambda: module(ast.Expr(ast.Constant(1), **L)))
show(lambda: module(ast.Expr(ast.Constant(1, lineno=1, col_offset=0), lineno=1, col_offset=0)))
show(lambda: module(ast.Expr(ONE, lineno="a", col_offset=0)))
show(lambda: module(ast.Expr(ONE, lineno=1 << 40, col_offset=0)))
show(lambda: module(ast.Expr(ONE, lineno=2, col_offset=0, end_lineno=1, end_col_offset=0)))
show(lambda: module(ast.Expr(ONE, lineno=1, col_offset=5, end_lineno=1, end_col_offset=0)))
show(lambda: module(ast.Expr(ONE, lineno=-1, col_offset=0, end_lineno=1, end_col_offset=0)))
show(lambda: module(ast.Expr(ONE, lineno=1, col_offset=-3, end_lineno=1, end_col_offset=0)))
show(lambda: expr(None))
show(lambda: expr(1))
show(lambda: expr(ast.expr(**L)))
show(lambda: expr(name("a", ast.Store())))
show(lambda: expr(name(1)))
show(lambda: expr(name(None)))
show(lambda: expr(name("None")))
show(lambda: expr(ast.Name("a", ast.expr_context(), **L)))
show(lambda: expr(ast.Constant([], **L)))
show(lambda: expr(ast.Constant((1, []), **L)))
show(lambda: expr(ast.BinOp(ONE, ast.operator(), ONE, **L)))
show(lambda: expr(ast.BoolOp(ast.And(), [ONE], **L)))
show(lambda: expr(ast.BoolOp(ast.Add(), [ONE], **L)))
show(lambda: expr(ast.Compare(ONE, [ast.Lt()], [], **L)))
show(lambda: expr(ast.Compare(ONE, [ast.Lt(), ast.Gt()], [ONE], **L)))
show(lambda: expr(ast.Dict([None], [], **L)))
show(lambda: expr(ast.ListComp(ONE, [], **L)))
show(lambda: expr(ast.Yield(None, **L)))
show(lambda: expr(ast.NamedExpr(ast.Attribute(ONE, "a", ast.Store(), **L), ONE, **L)))
show(lambda: expr(ast.Lambda(ast.arguments(defaults=[ONE]), ONE, **L)))
show(lambda: module(ast.Assign([name("a")], ONE, **L)))
show(lambda: module(ast.Assign([], ONE, **L)))
show(lambda: module(ast.Assign([None], ONE, **L)))
show(lambda: module(ast.Assign([ONE], ONE, **L)))
show(lambda: module(ast.If(ONE, [], [], **L)))
show(lambda: module(ast.Delete([], **L)))
show(lambda: module(ast.Import([], **L)))
show(lambda: module(ast.Global([], **L)))
show(lambda: module(ast.Global([1], **L)))
show(lambda: module(ast.ImportFrom("a", [ast.alias("b", **L)], -1, **L)))
show(lambda: module(ast.ImportFrom("a", [ast.alias("b", **L)], "x", **L)))
show(lambda: module(ast.Raise(None, ONE, **L)))
show(lambda: module(ast.Try([PASS], [], [], [], **L)))
show(lambda: module(ast.Try([PASS], [], [PASS], [PASS], **L)))
show(lambda: module(ast.TryStar([PASS], [], [], [], **L)))
show(lambda: module(ast.Try([PASS], [ast.ExceptHandler(None, None, [], **L)], [], [], **L)))
show(lambda: module(ast.With([], [PASS], **L)))
show(lambda: module(ast.Match(ONE, [], **L)))
show(lambda: module(ast.AnnAssign(ast.Attribute(ONE, "a", ast.Store(), **L), ONE, None, 1, **L)))
show(lambda: module(ast.TypeAlias(ONE, [], ONE, **L)))
show(lambda: module(ast.FunctionDef("f", ast.arguments(defaults=[ONE]), [PASS], **L)))
show(lambda: module(ast.FunctionDef("f", ast.arguments(kwonlyargs=[ast.arg("a", **L)]), [PASS], **L)))
show(lambda: module(ast.FunctionDef("f", ast.arguments(), [], **L)))
show(lambda: module(ast.FunctionDef("f", ast.arguments(), [PASS], **L)))

def pattern(p):
    return module(ast.Match(ONE, [ast.match_case(p, None, [PASS])], **L))

ANY = ast.MatchAs(None, None, **L)
show(lambda: pattern(ANY))
show(lambda: pattern(ast.MatchValue(name("a"), **L)))
show(lambda: pattern(ast.MatchValue(ast.Constant(True, **L), **L)))
show(lambda: pattern(ast.MatchValue(ast.BinOp(ONE, ast.Add(), ONE, **L), **L)))
show(lambda: pattern(ast.MatchValue(ast.UnaryOp(ast.USub(), ONE, **L), **L)))
show(lambda: pattern(ast.MatchSingleton(1, **L)))
show(lambda: pattern(ast.MatchStar("a", **L)))
show(lambda: pattern(ast.MatchStar("_", **L)))
show(lambda: pattern(ast.MatchAs(ANY, None, **L)))
show(lambda: pattern(ast.MatchAs(None, "_", **L)))
show(lambda: pattern(ast.MatchOr([ANY], **L)))
show(lambda: pattern(ast.MatchClass(ONE, [], [], [], **L)))
show(lambda: pattern(ast.MatchClass(name("a"), [], ["a"], [], **L)))
show(lambda: pattern(ast.MatchMapping([ONE], [], None, **L)))
show(lambda: pattern(ast.MatchMapping([name("a")], [ANY], None, **L)))
show(lambda: pattern(ast.MatchMapping([], [], "_", **L)))
show(lambda: pattern(ast.MatchSequence([ast.MatchStar("a", **L), ast.MatchStar("b", **L)], **L)))

loop = ast.UnaryOp(ast.Not(), ONE, **L)
loop.operand = loop
try:
    expr(loop)
except RecursionError:
    print("RecursionError")
same = ast.Module([PASS], [])
print(compile(same, "", "exec", ast.PyCF_ONLY_AST) is same)
