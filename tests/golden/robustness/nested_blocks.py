# nested blocks
for n in (10, 19, 20, 25, 99, 100, 101, 500):
    for head in ("if 1", "while 1", "for x in y", "try", "with x", "def f()", "class A", "match x"):
        src = ""
        for i in range(n):
            src += " " * i + head + ":\n"
            if head == "match x": src = src
        src += " " * n + "pass\n"
        if head == "try":
            for i in reversed(range(n)): src += " " * i + "finally: pass\n"
        try:
            compile(src, "f", "exec")
            print(head, n, "ok")
        except (SyntaxError, MemoryError, RecursionError) as e: print(head, n, type(e).__name__, e.msg if hasattr(e, "msg") else "")
