# mappingproxy
import types


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


M = types.MappingProxyType
m = M({"a": 1, "b": 2})
attempt(lambda: repr(m))
attempt(lambda: str(m))
attempt(lambda: m["a"])
attempt(lambda: m["z"])
attempt(lambda: len(m))
attempt(lambda: list(m))
attempt(lambda: list(reversed(m)))
attempt(lambda: m | {"c": 3})
attempt(lambda: {"c": 3} | m)
attempt(lambda: m | m)
attempt(lambda: m | 1)
attempt(lambda: m.get("a"))
attempt(lambda: m.get("z", 5))
attempt(lambda: m.keys())
attempt(lambda: m.items())
attempt(lambda: m.values())
attempt(lambda: m.copy())
attempt(lambda: hash(m))
attempt(lambda: m == {"a": 1, "b": 2})
attempt(lambda: m == m)
attempt(lambda: m != {})
attempt(lambda: m < m)
attempt(lambda: M(1))
attempt(lambda: M([]))
attempt(lambda: M(()))
attempt(lambda: M())
attempt(lambda: M({}, {}))
attempt(lambda: M(x={}))
attempt(lambda: M(mapping={}))
attempt(lambda: "a" in m)
attempt(lambda: m.__reduce_ex__(2))
attempt(lambda: m.__getitem__())
attempt(lambda: m.get())
attempt(lambda: m.get(default=1))
attempt(lambda: hash(M(frozenset())))


class HashableDict(dict):
    def __hash__(self):
        return 7


attempt(lambda: hash(M(HashableDict())))


def in_place(m):
    m |= 1


attempt(lambda: in_place(m))


def assign():
    m["a"] = 1


def delete():
    del m["a"]


attempt(assign)
attempt(delete)
attempt(lambda: m.pop("a"))


class C:
    a = 1


d = C.__dict__
attempt(lambda: d["a"])
C.b = 2
attempt(lambda: d["b"])
attempt(lambda: type(d.keys()).__name__)
attempt(lambda: sorted(k for k in d if not k.startswith("__")))


class Thief:
    def __eq__(self, other):
        other["stolen"] = 1
        return True

    def __ror__(self, other):
        other["stolen"] = 1
        return other


attempt(lambda: d == {})
attempt(lambda: type(d | Thief()).__name__)
attempt(lambda: "stolen" in C.__dict__ if False else hasattr(C, "a"))
attempt(lambda: list(M.__dict__))
