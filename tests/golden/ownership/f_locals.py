# A frame's f_locals writes through to fast locals, cells and free variables; values it replaces live until the frame ends.
class Noisy:
    def __init__(self, name): self.name = name
    def __repr__(self): return self.name
    def __del__(self): print("del", self.name)

def frame():
    try:
        raise Exception
    except Exception as error:
        return error.__traceback__.tb_frame.f_back

def basics(a, *args, b=2, **kwargs):
    f = frame()
    view = f.f_locals
    print(type(view).__name__, sorted(view), len(view), view["a"], "b" in view, "zz" in view)
    view["a"] = 10
    view["extra"] = 1
    print(a, view["extra"], f.f_locals["extra"], view.get("nope", "default"))
    print(f.f_locals is view, f.f_locals == view, view.keys() >= {"a"}, dict(view)["b"])
    for key in ("a", "extra"):
        try:
            del view[key]
        except Exception as error:
            print(type(error).__name__, error)
    for operation in (lambda: view.pop("b"), lambda: view.clear(), lambda: view.popitem(), lambda: view["zz"]):
        try:
            print(operation())
        except Exception as error:
            print(type(error).__name__, error)
    view.update(b=20, args=(1,))
    print(b, args, view.setdefault("b", 3), view.setdefault("fresh", 4), view | {"a": 0} is not None)
    snapshot = locals()
    snapshot["a"] = "snapshot"
    print(a, type(snapshot).__name__)
basics(1, 2, 3, c=4)

def cells():
    x = 1
    def inner():
        nonlocal x
        frame().f_locals["x"] = 2
        print(x)
        frame().f_back.f_locals["x"] = 3
        print(x)
        return x
    inner()
    print(x, frame().f_locals["x"])
cells()

def bind():
    frame().f_locals["y"] = "made"
    if False:
        y = 1
    return y
print(bind())

def kept():
    x = Noisy("first")
    frame().f_locals["x"] = Noisy("second")
    print("after write", x)
    x = None
    print("leaving")
kept()
print("left")

def generator():
    x = 1
    while True:
        yield x
g = generator()
print(next(g))
g.gi_frame.f_locals["x"] = "written"
print(next(g), g.gi_frame.f_locals)
f = g.gi_frame
g.close()
print(f.f_locals, g.gi_frame)

def outlive():
    value = Noisy("outlived")
    return frame()
f = outlive()
print(f.f_locals, f.f_code.co_name, f.f_back)
f.f_locals["value"] = 5
print(f.f_locals)
f.clear()
print(f.f_locals)
try:
    frame().clear()
except RuntimeError as error:
    print(error)

class Body:
    here = 1
    frame().f_locals["there"] = 2
    print(there, type(frame().f_locals).__name__)
frame().f_locals["module_level"] = 3
print(module_level)
