# global nonlocal
x = "g"
def f():
    global x
    x = "f"
    def g():
        nonlocal_ = x
        global y
        y = 5
        class C:
            global z
            z = 6
            x = "c"
        return C.x
    return g()
print(f(), x, y, z)
def f():
    a = 1
    def g():
        nonlocal a
        a += 1
        def h():
            nonlocal a
            a *= 10
            return a
        return h
    h = g()
    return a, h(), a
print(f())
for src in ("def f():\n nonlocal x", "nonlocal x", "def f():\n x = 1\n global x", "def f(x):\n global x", "def f():\n print(x)\n global x", "def f():\n x: int\n global x", "def f():\n def g():\n  nonlocal x\n  x = 1", "def f(x):\n nonlocal x", "def f():\n global x\n nonlocal x", "def f():\n import x\n global x", "def f():\n [x for y in z]\n global y", "class A:\n nonlocal x", "def f():\n  x=1\n  class A:\n    nonlocal x\n    x=2\n  return x\nprint(f())", "def f():\n for x in y: pass\n global x", "def f():\n  global x\n  def g():\n    nonlocal x"):
    try: exec(src)
    except SyntaxError as e: print(e)
