# throw unstarted into try
def g(x):
    try:
        yield x
    except ValueError:
        yield "caught"
    finally:
        print("finally")
y = g(1)
try: print(y.throw(ValueError("v")))
except ValueError as e: print("raised", e)
y = g(1)
try: print(y.throw(StopIteration("v")))
except BaseException as e: print("raised", type(e), e)
y = g(1)
print(y.close())
y = g(1)
y.throw(ValueError("uncaught"))
