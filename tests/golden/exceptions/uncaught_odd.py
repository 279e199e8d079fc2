class Bad(Exception):
    __module__ = "some.module"
    def __str__(self): raise TypeError

class Empty(Exception): pass

try:
    raise Empty
except Empty as e:
    e.__notes__ = ("one", 2, Bad())
    try:
        raise Bad
    except Bad as b:
        b.__notes__ = {"not": "a list"}
        raise SystemError("") from b
