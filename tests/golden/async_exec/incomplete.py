# Whether more lines are to come, for code that may await outside of functions.
import codeop

compiler = codeop.CommandCompiler()
compiler.compiler.flags |= 0x2000
SOURCES = [
    "await x", "await", "await (", "await f(\n", "x = await y",
    "async with Y() as a:", "async with Y() as a:\n  pass", "async with Y() as a:\n  pass\n",
    "async for i in y:", "async for i in y:\n    await i\n", "async for i in y:\n    await i\n\n",
    "if await x:", "if await x:\n  y\n", "try:\n  await x\n", "try:\n  await x\nfinally:\n  y\n",
    "async def f():\n  await x\n", "[i async for i in y", "[i async for i in y]", "async", "async x", "lambda: await x",
    "def f(): await x", "async with", "with await x:", "print(await\n",
]
for source in SOURCES:
    try:
        code = compiler(source)
    except SyntaxError as error:
        answer = f"{type(error).__name__}: {error.msg}"
    else:
        answer = "more" if code is None else hex(code.co_flags & 0x80)
    print(repr(source), answer)
