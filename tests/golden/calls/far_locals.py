# Locals beyond what a register operand can name.
COUNT = 66_000
names = [f"a{index}" for index in range(COUNT)]
parameters = ", ".join(names)

everything = eval(f"lambda {parameters}: ({parameters},)")
print(everything(*range(COUNT)) == tuple(range(COUNT)))
some = eval(f"lambda {parameters}: [a0, a59999, a60000, a65999]")
print(some(*range(COUNT)))
print(some(*range(COUNT - 1), a65999="keyword"))

namespace = {}
lines = [f"    a{index} = {index}" for index in range(COUNT)]
exec("\n".join([
    "def body(flag):", *lines,
    "    a65000 += 1",
    "    del a65001",
    "    if flag: return a65001",
    "    return a0, a59998, a59999, a60000, a65000, a65999",
]), namespace)
print(namespace["body"](False))
try:
    namespace["body"](True)
except UnboundLocalError as error:
    print(error)
