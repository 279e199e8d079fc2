# Temporary operands die when their operation is over, in CPython's order, before anything later is evaluated.
class T:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name, end=" ")
    def __add__(self, other): return 0
    __iadd__ = __lt__ = __matmul__ = __and__ = __neg__ = __add__
    def __neg__(self): return 0
    def __eq__(self, other): return False
    def __hash__(self): return 1
    def __getitem__(self, key): return 0
    def __setitem__(self, key, value): pass
    def __delitem__(self, key): pass
    def __contains__(self, key): return False
    def __call__(self, *args, **kwargs): return 0
    def __bool__(self): return True
    def __format__(self, spec): return "f"
    def __iter__(self): return iter([1, 2])
    def method(self, *args, **kwargs): return 0
    def keys(self): return []
    attr = 0

def show(label):
    print("|", label)

def native(*args): return 0

T("a") + T("b"); show("add")
x = T("a"); x += T("b"); show("inplace")
T("a") < T("b"); show("compare")
T("a") == T("b"); show("equal")
T("a") is T("b"); show("is")
T("a") in T("b"); show("in")
-T("a"); show("negative")
not T("a"); show("not")
del T("a")[T("b")]; show("delete subscript")
T("a").attr; show("attribute")
T("a").attr = T("b"); show("store attribute")
T("a").method(T("b"), T("c")); show("method")
native(T("a"), T("b")); show("python function")
print(end="" if T("a") else ""); show("condition")
(T("a"), T("b")); show("tuple")
[T("a"), T("b")]; show("list")
{T("a"), T("b")}; show("set")
{T("a"): T("b"), T("c"): T("d")}; show("dict")
f"{T('a')}{T('b')}"; show("f-string")
f"{T('a'):{T('b')}}"; show("f-string spec")
T("a") and T("b"); show("and")
T("a") or T("b"); show("or")
T("a") if T("b") else T("c"); show("ternary")
a, b = T("a"); show("unpack")
a, *b = T("a"); show("unpack star")
for i in T("a"): show("loop body")
show("for")
[i for i in T("a")]; show("comprehension")
isinstance(T("a"), (int, str)); show("isinstance")
len([T("a"), T("b")]); show("len")
min(T("a"), T("b")); show("min")
lambda a=T("a"): 0; show("lambda")
def f(a=T("a"), *, b=T("b")): pass
del f; show("function")
x = [T("a"), T("b")]; x.clear(); show("clear")
x = [T("a"), T("b")]; x[:] = []; show("clear slice")
x = [T("a"), T("b"), T("c")]; del x[:2]; show("delete slice")
del x; show("delete list")
x = {1: T("a"), 2: T("b")}; x.clear(); show("dict clear")
x = (T("a"), T("b")); del x; show("delete tuple")
try: raise ValueError(T("a"))
except ValueError: show("except")
show("after except")
def locals_():
    a = T("a"); b = T("b")
    return T("c")
locals_(); show("locals")
def generator():
    a = T("a")
    yield T("b")
    print("unreached")
g = generator(); next(g); show("next")
del g; show("delete generator")
match T("a"):
    case T(attr=0): show("match")
show("after match")
assert T("a"); show("assert")
T("a").__class__; show("class of")
