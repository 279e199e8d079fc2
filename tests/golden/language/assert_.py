# assert
try: assert 0, "msg"
except AssertionError as e: print(repr(e))
try: assert []
except AssertionError as e: print(repr(e))
try: assert 0, (1, 2)
except AssertionError as e: print(repr(e))
AssertionError_ = AssertionError
def f():
    AssertionError = KeyError
    assert 0
try: f()
except AssertionError_ as e: print(repr(e))
assert 1, 1/0
