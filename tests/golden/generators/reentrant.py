# nested generator running state for_iter
def g():
    for i in range(3):
        try: next(me)
        except ValueError as e: yield str(e)
me = g()
for x in me: print(x)
def g2():
    for x in me2: yield x
me2 = g2()
try: print(list(me2))
except ValueError as e: print(e)
