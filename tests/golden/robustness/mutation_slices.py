# slice assignment with hostile iter and index
l = list(range(10))
class It:
    def __iter__(self): l.clear(); return iter([1, 2, 3])
l[2:5] = It(); print(l)
l = list(range(10))
class Ix:
    def __index__(self): l.clear(); return 3
try: l[Ix()] = 5
except IndexError as e: print(e)
l = list(range(10)); print(l[Ix():]); l = list(range(10))
l[Ix():] = [7]; print(l)
l = list(range(10))
try: l.insert(Ix(), 5); print(l)
except IndexError as e: print(e)
l = list(range(10))
try: l.pop(Ix())
except IndexError as e: print(e)
l = list(range(10)); l *= Ix(); print(l)
l = list(range(10)); print(l * Ix())
l = list(range(10)); del l[Ix():Ix()]; print(l)
l = [1, 2, 3]; l.extend(l); print(l); l[1:2] = l; print(l); l += l; print(len(l))
l = [1, 2, 3]; l[::2] = l[:2]; print(l)
l = [1]
class G:
    def __iter__(self): yield 1; l.clear(); yield 2
l.extend(G()); print(l)
l[:] = (i for i in l); print(l)
class Big:
    def __length_hint__(self): return 1 << 60
    def __iter__(self): return iter([1])
try: print(list(Big()))
except MemoryError: print("memory")
class Neg(Big):
    def __length_hint__(self): return -1
try: list(Neg())
except ValueError as e: print(e)
class Bad(Big):
    def __length_hint__(self): return "x"
try: list(Bad())
except TypeError as e: print(e)
