# PyCF_ALLOW_TOP_LEVEL_AWAIT: which code becomes a coroutine's, and which is refused.
FLAG = 0x2000


def answer(source, mode="exec", flags=FLAG, optimize=-1):
    try:
        code = compile(source, "cell", mode, flags=flags, optimize=optimize)
    except SyntaxError as error:
        return f"{error.msg} {error.lineno}:{error.offset}"
    return bool(code.co_flags & 0x80)


NEEDED = [
    "a = await x",
    "await x",
    "async for i in x: pass",
    "async with x as y: pass",
    "[i async for i in x]",
    "{i: 1 async for i in x}",
    "f'{await x}'",
    "def f(a=await x): pass",
    "@(await x)\ndef f(): pass",
    "class C(await x): pass",
    "match await x:\n case _: pass",
    "del (await x).a",
    "(y := await x)",
    "a, *b = await x",
    "lambda: 0, await x",
    "try: pass\nfinally: await x",
]
NOT_NEEDED = [
    "[x for x in l]",
    "(x for x in l)",
    "def f(): pass",
    "async def f(): await x",
    "g = (i async for i in x)",
    "class C: pass",
]
REFUSED = [
    "lambda: await x",
    "def f(): await x",
    "class C: a = await x",
    "x: (await y) = 1",
    "type T = await x",
    "def f[T: (await x)](): pass",
    "return 1",
    "yield 1",
    "yield from x",
    "def f():\n async for i in x: pass",
    "def f():\n async with x: pass",
    "def f(): return [i async for i in x]",
]
for source in NEEDED + NOT_NEEDED + REFUSED:
    print(repr(source), answer(source), "|", answer(source, flags=0))
for mode in "single", "eval":
    print(mode, answer("await x", mode), answer("1", mode), answer("await x", mode, flags=0))

print("what is folded away still counts")
for source in "if 0: await x", "if False:\n async with x: pass", "assert await x", "while 0: await x", "1 or await x":
    print(repr(source), *(answer(source, optimize=level) for level in (-1, 0, 1, 2)))
