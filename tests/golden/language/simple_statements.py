# walrus, ternaries, chained, misc statements
if (n := 10) > 5: print(n)
while (n := n - 1) > 7: print(n)
print([y := 1, y ** 2], (z := 5), z, (lambda: (q := 3) + q)())
print([last := i for i in range(3)], last, any((w := i) > 1 for i in range(5)), w)
def f():
    if (m := 5): pass
    return [m2 := m + i for i in range(2)], m2
print(f())
for src in ("x := 1", "(x := 1) = 2", "f(x := 1)", "f(x=y := 1)", "[x := 1 for x in y]", "[(x := i) for i in (y := [1])]", "class A:\n [x := i for i in y]", "lambda: x := 1", "(x.y := 1)", "(x[0] := 1)", "((a, b) := 1)", "def f(x=(y := 1)): pass", "x = y := 1", "(yield)", "print(a := 1, 2)", "{x := 1: 2}", "{(x := 1): 2}", "x[y := 1]", "x[y := 1, z := 2]", "assert (x := 1)", "del (x := 1)", "[i := 0 for i in [1]]", "[[i := 0 for j in [1]] for i in [1]]"):
    try: exec(src, {"y": [1], "f": lambda *a, **k: None, "x": {1: 2, (1, 2): 3}}); print("ok", src)
    except SyntaxError as e: print(e.msg, "|", src)
    except Exception as e: print(type(e).__name__, e)
i = 5
while i:
    i -= 1
    if i == 3: continue
    if i == 1: break
    print(i, end=" ")
else: print("no")
while i: i -= 1
else: print("else", i)
for i in range(3): pass
else: print("for else", i)
for i in []: pass
else: print("empty else", i)
for x in [1, 2, 3]:
    for y in [1, 2]:
        if y == 2: break
    else: continue
    if x == 2: break
print(x, y)
for i in range(3):
    i = 10
print(i)
l = [1, 2, 3]
for v in l:
    if v < 3: l.append(v + 2)
print(l)
pass; x = 1; y = 2
if x: pass
elif y: pass
else: pass
a = 1 if x else 2; print(a)
x = y = z = 0; x += 1; y -= 1; z |= 5; print(x, y, z)
print(*[1, 2], sep="-", end="!\n")
lst = [3, 1, 2]; lst[0], lst[1:] = lst[1], [9, 9, 9]; print(lst)
lst[::2] = [0, 0]; print(lst)
del lst[::2]; print(lst)
s = slice(1, None, 2); print([0, 1, 2, 3][s], "abcd"[s], (1, 2, 3)[-2:], [1, 2, 3][5:], "abc"[::-1])
print(...  is Ellipsis, __debug__, None, NotImplemented)
print(1_000, 0x_ff, 0b1, 0o7, 1e3, 1_0.0_1, 1j, .5, 5., "a" 'b' """c""", r"\n", b"x"[0] if 0 else "", '\x41\u0042\U00000043\103\
')
print(1,)
print((1), (1,), (), [], {}, {1}, {1: 2}, [1, 2,], {**{}, 1: 1}, (*(), 1), 1 .real, 1..real)
