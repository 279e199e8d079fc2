# Code with await outside of functions, run by eval and by a function, driven by hand.
import types

FLAG = 0x2000


class Steps:
    def __init__(self, *values):
        self.values = values

    def __await__(self):
        for value in self.values:
            yield value
        return sum(self.values)


def drive(coroutine):
    seen = []
    while True:
        try:
            seen.append(coroutine.send(None))
        except StopIteration as end:
            return seen, end.value


source = "a = await Steps(1, 2)\nb = [await Steps(i) for i in (3, 4)]\nc = locals() is globals()\n"
for mode in "exec", "single":
    code = compile(source if mode == "exec" else "a = await Steps(1, 2)", "cell", mode, flags=FLAG)
    print(mode, hex(code.co_flags), code.co_name)
    for run in (lambda space: eval(code, space), lambda space: types.FunctionType(code, space)()):
        space = {"Steps": Steps}
        coroutine = run(space)
        print(type(coroutine).__name__, drive(coroutine), {k: v for k, v in space.items() if k in "abc"})

code = compile("await Steps(5)", "cell", "eval", flags=FLAG)
print(drive(eval(code)))

space, names = {"Steps": Steps}, {}
print(drive(eval(compile("n = await Steps(7)", "cell", "exec", flags=FLAG), space, names)), names)

coroutine = eval(compile("try:\n await Steps(1)\nexcept ValueError as e: r = repr(e)", "cell", "exec", flags=FLAG), space)
coroutine.send(None)
try:
    coroutine.throw(ValueError("thrown"))
except StopIteration:
    print(space["r"])
print(drive(eval(compile("1 if True else await x", "cell", "eval", flags=FLAG))))
