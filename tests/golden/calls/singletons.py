# NoneType, ellipsis, NotImplementedType
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

for T in (type(None), type(...), type(NotImplemented)):
    print(repr(T()), T() is T(), T.__name__, T.__module__, T.__text_signature__)
    t(T, 1)
    t(T, x=1)
    print([k for k in vars(T) if k != "__doc__"])
t(bool, NotImplemented)
t(lambda: not NotImplemented)
t(lambda: 1 if NotImplemented else 2)
print(NotImplemented.__bool__.__name__)
t(NotImplemented.__bool__)
print(hash(None), bool(None), bool(...), None == None, None != 3, None != None)
print(None.__eq__(3), None.__eq__(None), None.__ne__(None), None.__lt__(2), None.__bool__())
print(....__reduce__(), NotImplemented.__reduce__())
t(lambda: None < None)
t(lambda: None.x)
t(setattr, None, "x", 1)
t(setattr, ..., "x", 1)
print(str(None), repr(...), ascii(NotImplemented), f"{None!r} {...}")
t(format, None, "x")
print(None is None, (lambda: None)() is None, type(None)() is None)
t(lambda: type("N", (type(None),), {}))
t(lambda: None + 1)
t(lambda: None())
t(lambda: None[0])
