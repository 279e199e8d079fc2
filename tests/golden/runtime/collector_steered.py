# gc: what objects refer to, what is looked at, what finalisers bring back, and thresholds.
import gc


class Plain:
    pass


class Slotted:
    __slots__ = ()


print(gc.get_referents([1, 2.5, "a"]), sorted(gc.get_referents({1: 2, 3: 4})), gc.get_referents((0, None, True)))
print(gc.get_referents(1, "a", 4j))
for thing in (None, 1, 1.5, "a", b"a", type, int, object, ValueError, gc, Plain, Plain(), Slotted(), [], set()):
    print(gc.is_tracked(thing), end=" ")
print()

kept = []


class Cycle:
    def __init__(self):
        self.itself = self


class Lazarus(Cycle):
    def __del__(self):
        kept.append(self)


gc.collect()
gc.disable()
Cycle()
print(gc.collect())
Lazarus()
print(gc.collect(), len(kept))
Lazarus()
Cycle()
print(gc.collect(), len(kept))
kept.clear()
print(gc.collect())
gc.enable()

collections = []
gc.callbacks.append(lambda phase, information: collections.append(phase))


def allocate(n):
    collections.clear()
    junk = [[] for _ in range(n)]
    return len(collections)


before = gc.get_threshold()
gc.set_threshold(0)
print(gc.get_threshold(), allocate(100_000))
gc.set_threshold(1000, 5)
print(gc.get_threshold()[:2], allocate(100_000) > 0)
gc.set_threshold(*before)
print(allocate(300_000) > 0)
