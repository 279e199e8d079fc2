# unpacking
def t(src):
    ns = {}
    try: exec(src, ns); print({k: v for k, v in ns.items() if k != "__builtins__"})
    except Exception as e: print(type(e).__name__, e)
for s in ("a, b = 1, 2", "a, *b = [1]", "*a, b = 'xyz'", "a, (b, *c), d = 1, (2, 3, 4), 5", "a, b = 1", "a, b = [1]", "a, b = 1, 2, 3", "a, *b, c = [1]", "[a, b] = {1: 2, 3: 4}", "a = *b, = [1, 2]", "(a), b = 1, 2", "a, b = iter([1, 2])", "() = []", "[] = [1]", "a, b = {'x'}", "a, b = range(10**10)", "for a, *b in [(1, 2, 3), 'xy']: pass", "a = b = c = []", "a, b = b, a = 1, 2", "*a, = ()", "x = 1, *[2, 3], *(4,)", "x = [*range(3), *'ab']", "x = {*[1], *[2]}", "x = {**{1: 2}, 3: 4, **{1: 5}}", "x = *1,", "x = {**1}", "x = [*None]", "a, b = None", "(a, b), c = [1, 2]", "for i, in [(1,), (2,)]: pass", "a, b, *c = ()", "a, b = (x for x in (1, 2, 3))"): t(s)
