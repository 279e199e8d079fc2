# match: literals, captures, or
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y): self.x, self.y = x, y
import_ = None
class Color: RED = 1; BLUE = "b"
def m(v):
    match v:
        case 0 | 1: return "small"
        case -5: return "neg"
        case 1.5: return "float"
        case 3+4j: return "complex"
        case -2-1j: return "negcomplex"
        case "a" "b": return "ab"
        case b"x": return "bytes"
        case None: return "None"
        case True: return "True"
        case Color.BLUE: return "blue"
        case []: return "empty"
        case [x]: return "one", x
        case [1, *rest]: return "first one", rest
        case [*_, 9]: return "last nine"
        case (a, b) if a == b: return "pair", a
        case [[a, b], *c]: return "nested", a, b, c
        case {}  if len(v) == 0: return "empty dict"
        case {"k": k, "l": [l, *_]}: return "kl", k, l
        case {"k": k, **rest}: return "k", k, rest
        case {1: _, Color.RED: z}: return "dup?"
        case Point(0, 0): return "origin"
        case Point(x=0, y=y): return "y axis", y
        case Point(x, y=(1 | 2) as y): return "or as", x, y
        case Point(): return "point"
        case int(n): return "int", n
        case str() as s: return "str", s
        case dict(d): return "dict", d
        case float(f) | complex(f): return "num", f
        case (a, b, *_): return "seq", a, b
        case _: return "other"
for v in (0, 1, True, -5, 1.5, 3+4j, -2-1j, "ab", None, "b", [], [5], [1, 2, 3], [3, 9], (4, 4), ((1, 2), 3), {}, {"k": 1, "l": [2]}, {"k": 1, "z": 2}, Point(0, 0), Point(0, 5), Point(3, 2), Point(3, 3), 77, "str", {"q": 1}, 2.5, 1j, (7, 8, 7), range(3), object, {1, 2}, iter([]), frozenset()):
    try: print(v if not isinstance(v, (Point, type(iter([])))) else "P", m(v))
    except Exception as e: print(type(e).__name__, e)
