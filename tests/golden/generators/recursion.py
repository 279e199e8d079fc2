# deep generators recursion
def g(n):
    if n: yield from g(n-1)
    else: yield 1
print(list(g(400)))
try: list(g(5000))
except RecursionError as e: print(e)
def h(n):
    for x in h(n-1) if n else [1]: yield x
print(list(h(400)))
try: list(h(5000))
except RecursionError as e: print(e)
print(list(h(400)))
