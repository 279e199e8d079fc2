# exec and compile oddities
for src in ("", "\n", "#", "   ", "\t\n", ";"[:0], "pass;", "x=1;;"[:4], "'''a\n'''", "if 1: pass\nelse: pass", "(\n)", "[\n#c\n]", "def f(): return\nf()"):
    print(repr(src), exec(src))
print(eval(" 1 + 1 "), eval("1\n"), eval("(1,\n2)"), eval(b"1+1") if 0 else 2)
g = {}; exec("a = 1\ndef f(): return a", g); print(g["f"](), sorted(g))
l = {}; exec("b = 2", {}, l); print(l)
class Map(dict):
    def __getitem__(self, k): print("get", k); return dict.get(self, k, 42) if k != "KeyE" else {}[k]
    def __setitem__(self, k, v): print("set", k); dict.__setitem__(self, k, v)
    def __delitem__(self, k): print("delitem", k); dict.__delitem__(self, k)
exec("x = y + 1\nprint(x)\ndel x\nfor i in [1]: pass", {"print": print}, Map())
try: eval("x", {}, 5)
except TypeError as e: print(e)
try: exec("x", 5)
except TypeError as e: print(e)
try: eval("x = 1")
except SyntaxError as e: print(e)
try: compile("x", "f", "bad")
except ValueError as e: print(e)
exec("def deep(n):\n  return exec('deep(n - 1)', globals(), {'n': n}) if n else 0\ndeep(50)")
def rec(n): return eval("rec(n + 1)")
try: rec(0)
except RecursionError as e: print("rec")
e = "1"
for i in range(50): e = f"eval({e!r})"[:100000]
g = {"__builtins__": {}}
try: eval("print", g)
except NameError as e: print(e)
try: exec("class A: pass", {"__builtins__": {}})
except NameError as e: print(e)
try: exec("import x", {"__builtins__": {}})
except ImportError as e: print(e)
g = {"__builtins__": {"print": lambda *a: 5}}
print(eval("print(1)", g))
