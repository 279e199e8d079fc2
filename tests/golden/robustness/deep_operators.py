# Chains of operators compile however long they are, or raise RecursionError or MemoryError, constants being folded or not.
N = 20_000

def survives(source):
    try:
        compile(source, "deep", "eval")
    except (RecursionError, MemoryError):
        pass
    except SyntaxError as error:
        print(error.msg)

for part in ("x+", "1+", "x**", "1**", "2**", "2**-", "not ", "x if x else ", "lambda: ", "x and ", "x < ", "1 or 0 and "):
    survives(part * N + "x")
    survives(part * N + "1")
survives("x" + ".x" * N)
survives("x" + "()" * N)
survives("x" + "[1]" * N)
print("done")
