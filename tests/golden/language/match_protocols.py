# match protocol details
class M:
    def __init__(self, d): self.d = d
    def __getitem__(self, k): print("getitem", k); return self.d[k]
    def get(self, k, default=None): print("get", k); return self.d.get(k, default)
    def keys(self): return self.d.keys()
    def __len__(self): return len(self.d)
match M({1: 2}):
    case {1: x}: print("map", x)
    case _: print("not a mapping")
class DD(dict):
    def __missing__(self, k): print("missing", k); return 5
match DD():
    case {"x": x}: print(x)
    case {}: print("empty")
class D2(dict):
    def get(self, k, d=None): print("get", k); return dict.get(self, k, d)
match D2(a=1, b=2):
    case {"a": 1, "c": 3}: print("no")
    case {"a": 1, "b": y, **rest}: print(y, rest)
class Eq:
    def __eq__(self, o): print("eq", o); return o == 3
match Eq():
    case 1: print("1")
    case 2 | 3: print("3")
class I(type):
    def __instancecheck__(cls, o): print("instancecheck", o); return True
class K(metaclass=I): pass
match 5:
    case K(real=r, imag=0): print("K", r)
class P:
    @property
    def x(self): print("get x"); raise AttributeError
    @property
    def y(self): raise KeyError("y")
match P():
    case P(x=1): print("no")
    case _: print("absent")
try:
    match P():
        case P(y=1): print("no")
except KeyError as e: print(repr(e))
match "abc":
    case [a, b, c]: print("seq")
    case str(x): print("str", x)
match b"abc":
    case [*_]: print("seq")
    case _: print("no seq")
match range(5):
    case [a, *b, c]: print(a, b, c)
class L(list): pass
match L([1, 2]):
    case [a, b]: print(a, b)
match (1, 2, 3, 4):
    case (a, b, *c) if (d := a + b) > 10: print("no")
    case (a, *_) if (e := a): print(a, b, c, d, e)
match x := 5:
    case int() as y: print(x, y)
match 1, 2:
    case 1, y: print(y)
match (1,):
    case 1,: print("tuple")
match {"a": {"b": [1, {"c": 2}]}}:
    case {"a": {"b": [_, {"c": c}]}}: print(c)
for v in (1, "1", 1.0, True, None, b"1"):
    match v:
        case bool(): r = "bool"
        case int(): r = "int"
        case float(v2): r = v2
        case str(s): r = s
        case bytes(s): r = s
        case None: r = "none"
    print(repr(r))
