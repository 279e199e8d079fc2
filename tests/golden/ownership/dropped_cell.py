# An operand that lives in a cell, a global, an attribute or an item stays alive while the operator deletes it there.
class Noisy:
    def __init__(self, name): self.name = name
    def __repr__(self): return self.name
    def __del__(self): print("del", self.name)

def cell():
    class Operand(Noisy):
        def __add__(self, other):
            nonlocal a
            del a
            return f"{self.name} + {other}"
        def __getitem__(self, key):
            nonlocal a
            a = None
            return f"{self.name}[{key}]"
        def __call__(self, *args):
            nonlocal a
            a = None
            return f"{self.name}{args}"
        def __getattr__(self, name):
            nonlocal a
            a = None
            return f"{self.name}.{name}"
        def __iter__(self):
            nonlocal a
            a = None
            yield self.name
        def __enter__(self):
            nonlocal a
            a = None
            return self.name
        def __exit__(self, *args):
            print("exit", self.name)
    a = Operand("c1")
    print(a + a)
    try:
        a
    except NameError as error:
        print(error)
    a = Operand("c2"); print(a[a], a)
    a = Operand("c3"); print(a(a), a)
    a = Operand("c4"); print(a.field, a)
    a = Operand("c5")
    for item in a: print(item, a)
    a = Operand("c6")
    with a as b: print(a, b)

class Global(Noisy):
    def __add__(self, other):
        global g
        del g
        return f"{self.name} + {other}"
    def __eq__(self, other):
        global g
        g = None
        return f"{self.name} == {other}"
    def __call__(self, *args):
        global g
        g = None
        return f"{self.name}{args}"

cell()
g = Global("g1")
print(g + g)
g = Global("g2")
print(g == g, g)
g = Global("g3")
print(g(g, g), g)

class Holder:
    def __repr__(self): return "holder"

class Item(Noisy):
    def __add__(self, other):
        del holder.field
        return f"{self.name} + {other}"
    def __sub__(self, other):
        items.clear()
        return f"{self.name} - {other}"
    def __call__(self):
        holder.field = None
        return self.name
    def method(self, *args):
        holder.field = None
        return f"{self.name}.method{args}"

holder = Holder()
holder.field = Item("f1")
print(holder.field + holder.field)
holder.field = Item("f2")
print(holder.field())
holder.field = Item("f3")
print(holder.field.method(holder.field), holder.field)
items = [Item("i1"), Item("i2")]
print(items[0] - items[1], items)

# The method's own function is replaced while it runs.
def replaced(self):
    Item.method = lambda self: "new"
    return f"old {self.name}"
Item.method = replaced
holder.field = Item("m1")
print(holder.field.method(), holder.field.method())

# The running function's name, code, defaults and closure go away.
def fading(x=[1, 2]):
    global fading
    fading.__defaults__ = None
    fading.__code__ = (lambda: "other").__code__
    f, fading = fading, None
    return x, f()
print(fading(), fading)
del g, holder, items, fading
