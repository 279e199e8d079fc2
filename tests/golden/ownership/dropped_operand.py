# What runs during an operation may delete or rebind its operands in every way; the operation keeps them alive.
class Noisy:
    def __init__(self, name):
        self.name = name
    def __repr__(self):
        return self.name
    def __del__(self):
        print("del", self.name)

def frame_of(level):
    # The frame of the caller's caller, without the module sys.
    try:
        raise Exception
    except Exception as error:
        frame = error.__traceback__.tb_frame
    for _ in range(level):
        frame = frame.f_back
    return frame

class Hostile(Noisy):
    """Every operator deletes the caller's locals, then uses itself."""
    def attack(self, *args):
        locals_ = frame_of(2).f_locals
        for name in ("a", "b", "c"):
            if name in locals_:
                locals_[name] = None
        return f"{self.name}{args}"
    __add__ = __sub__ = __radd__ = __matmul__ = __getitem__ = __call__ = __lt__ = __gt__ = __eq__ = attack
    __neg__ = __iadd__ = __pow__ = __and__ = __rsub__ = __invert__ = __format__ = attack
    __hash__ = None
    def __contains__(self, item):
        self.attack(item)
        return True
    def __bool__(self):
        self.attack()
        return True
    def __setitem__(self, key, value):
        print("set", self.attack(key, value))
    def __delitem__(self, key):
        print("del item", self.attack(key))
    def __getattr__(self, name):
        return self.attack(name)
    def __iter__(self):
        self.attack()
        return iter([self.name])
    def __enter__(self):
        self.attack()
        return self
    def __exit__(self, *args):
        self.attack()
    def __len__(self):
        self.attack()
        return 3
    def __index__(self):
        self.attack()
        return 1

def binary():
    a = Hostile("a1"); b = Noisy("b1")
    print(a + b, a, b)
    a = Hostile("a2"); b = Noisy("b2")
    print(b - a, a, b)
    a = Hostile("a3"); b = Hostile("b3")
    print(a < b, a, b)
    a = Hostile("a4"); b = Noisy("b4")
    print(a == b, a, b)
    a = Hostile("a5")
    print(-a, a)
    a = Hostile("a6")
    print(~a, a)
    a = Hostile("a7"); b = Noisy("b7")
    a += b
    print(a, b)
    a = Hostile("a8")
    print(a + a, a)

def items():
    a = Hostile("a1"); b = Noisy("b1")
    print(a[b], a, b)
    a = Hostile("a2"); b = Noisy("b2"); c = Noisy("c2")
    a[b] = c
    print(a, b, c)
    a = Hostile("a3"); b = Noisy("b3")
    del a[b]
    print(a, b)
    a = Hostile("a4"); b = Noisy("b4")
    print(b in a, a, b)
    a = Hostile("a5"); b = [1, 2, 3]
    print(b[a], a, b)
    a = Hostile("a6"); b = [1, 2, 3]
    print(b[a:], a, b)
    a = Hostile("a7"); b = [1, 2, 3]
    b[a] = a
    print(a, b)

def calls():
    a = Hostile("a1"); b = Noisy("b1"); c = Noisy("c1")
    print(a(b, c), a, b, c)
    a = Hostile("a2"); b = Noisy("b2")
    print(a.missing, a, b)
    a = Hostile("a3"); b = Noisy("b3"); c = Noisy("c3")
    print(a.method_less if a else b, a, b, c)
    a = Hostile("a4"); b = Noisy("b4")
    print([*a, *a] if a else b, a)

def truth():
    a = Hostile("a1"); b = Noisy("b1")
    if a:
        print(a, b)
    a = Hostile("a2"); b = Noisy("b2")
    print(a and b, a, b)
    a = Hostile("a3"); b = Noisy("b3")
    print(a or b, a, b)
    a = Hostile("a4")
    print(not a, a)
    a = Hostile("a5"); b = Noisy("b5")
    while a:
        break
    print(a, b)

def blocks():
    a = Hostile("a1"); b = Noisy("b1")
    with a as c:
        print(a, b, c)
    a = Hostile("a2"); b = Noisy("b2")
    for c in a:
        print(c, a, b)
    a = Hostile("a3"); b = Noisy("b3")
    c, = a
    print(a, b, c)
    a = Hostile("a4"); b = Noisy("b4")
    print(f"{a}", a, b)
    a = Hostile("a5")
    print(f"{a:{a}}", a)

for test in binary, items, calls, truth, blocks:
    print("--", test.__name__)
    try:
        test()
    except Exception as error:
        print(type(error).__name__, error)
