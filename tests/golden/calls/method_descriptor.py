# method_descriptor and classmethod_descriptor
def t(f, *a, **k):
    try:
        print("ok", repr(f(*a, **k)))
    except Exception as e:
        print(type(e).__name__ + ":", e)

l = [1]
m = list.append
print(m, m.__name__, m.__qualname__, m.__objclass__, m.__text_signature__, m.__reduce__())
t(lambda: m.__module__)
t(lambda: m.__self__)
t(m)
t(m, 1)
t(m, {}, 1)
t(m, l)
t(m, l, 1, 2)
t(m, l, x=1)
t(m, l, 2)
print(l)
t(m.__get__, None, None)
t(m.__get__, None)
t(m.__get__, None, list)
t(m.__get__, 3)
t(m.__get__, 3, int)
print(m.__get__(l)(5), m.__get__(l, list)(6), l)
t(m.__call__, l, 7)
t(m.__call__, 3)
t(m.__call__)
t(type(m))
t(setattr, m, "__name__", 1)
t(setattr, m, "foo", 1)
print(hash(m) == hash(list.append), m == list.append, m == list.pop)
class L(list): pass
x = L()
L.append(x, 1)
list.append(x, 2)
print(x, L.append is list.append)
print([k for k in vars(type(m)) if k != "__doc__"])

c = dict.__dict__["fromkeys"]
print(c, c.__name__, c.__qualname__, c.__objclass__, c.__text_signature__, type(c))
t(c)
t(c, 1)
t(c, dict, "ab")
t(c, int, "ab")
t(c.__get__, None, None)
t(c.__get__, None, int)
t(c.__get__, 3)
t(c.__get__, 3, 3)
print(c.__get__({})("x"), c.__get__(None, dict)("y"), c.__get__({}, None)("z"))
t(type(c))
class D(dict):
    def __setitem__(self, k, v): super().__setitem__(k, (v, v))
print(D.fromkeys("ab", 1), type(D.fromkeys("")).__name__, D.fromkeys.__qualname__)
print([k for k in vars(type(c)) if k != "__doc__"])
