# SyntaxError
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__ + ":", e)

def show(e):
    print(e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e.print_file_and_line, e._metadata, "|", str(e), "|", repr(e))

show(SyntaxError("m", ("f", 1, 2, "t")))
show(SyntaxError("m", ("f", 1, 2, "t", 3, 4)))
show(SyntaxError("m", ("f", 1, 2, "t", 3, 4, (5, 6))))
show(SyntaxError())
show(SyntaxError("m"))
show(SyntaxError(1, 2, 3))
show(SyntaxError("a", "abcd"))
show(IndentationError("x"))
show(TabError("x", ("f", 1, 2, 3)))
t(SyntaxError, "m", (1,))
t(SyntaxError, "m", (1, 2, 3, 4, 5))
t(SyntaxError, "m", (1, 2, 3, 4, 5, 6, 7, 8))
t(SyntaxError, "m", 1)
t(SyntaxError, "m", x=1)
def se(**k):
    e = SyntaxError("msg")
    for a, b in k.items():
        setattr(e, a, b)
    return str(e)
print(se(filename="/a/b.py"), se(lineno=3), se(filename="b", lineno=1 << 70), se(filename=3, lineno=True), se(msg=None), se(msg=5, filename="/x/"))
e = SyntaxError("a", ("f", 1, 2, "t"))
e.__init__("b")
show(e)
e.__init__("b", ("f2", 1, 2, "t", 5, 6))
show(e)
e.__init__("b", ("f2", 1, 2, "t"))
show(e)
del e.filename
show(e)
for source in ("x = = 1", "def f(:\n pass", "  x", "if 1:\nx", "(", "'abc", "return", "f(a=1, a=2)", "x = 1 +", "break", "\u20ac = 1"):
    try:
        compile(source, "file.py", "exec")
    except SyntaxError as e:
        print(type(e).__name__, e.args, e)
