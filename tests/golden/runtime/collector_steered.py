# gc: what objects refer to, what is looked at, what finalisers bring back, and thresholds.
import gc


class Plain:
    pass


class Slotted:
    __slots__ = ()


class Number(int):
    __slots__ = ()


for thing in ([1, 2.5, "a"], {1: 2, 3: 4}, (0, None, True), {7, 8}):
    print(sorted(gc.get_referents(thing), key=repr))
print(gc.get_referents(1, "a", 4j))
for thing in (None, 1, 1.5, "a", b"a", type, int, object, ValueError, gc, Plain, Plain(), Slotted(), Number(), [], set()):
    print(gc.is_tracked(thing), end=" ")
print()

kept = []


def cycle_through_a_class():
    class Single:
        __slots__ = ()
        kind = "single"

    Single.instance = Single()


gc.collect()
before = len([thing for thing in gc.get_objects() if getattr(thing, "kind", None) == "single"])
cycle_through_a_class()
gc.collect()
print(before, len([thing for thing in gc.get_objects() if getattr(thing, "kind", None) == "single"]))


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
print(gc.get_threshold()[:2])
gc.set_threshold(*before)
print(allocate(300_000) > 0)
