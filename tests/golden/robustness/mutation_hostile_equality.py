# list methods with hostile eq
class Evil:
    def __init__(self, l): self.l = l
    def __eq__(self, o): self.l.clear(); return False
    def __hash__(self): return 1
for op in (lambda l: l.index(5), lambda l: l.remove(5), lambda l: l.count(5), lambda l: 5 in l, lambda l: l == [1, 2, 3, 4], lambda l: l < [1, 2, 3, 4], lambda l: [1, 2, 3, 4] == l, lambda l: l != l[:]):
    l = []; l.extend([Evil(l), Evil(l), Evil(l), 5])
    try: print(op(l), len(l))
    except Exception as e: print(type(e).__name__, e, len(l))
class EvilT:
    def __init__(self, d): self.d = d
    def __eq__(self, o): self.d.clear(); self.d.update({i: i for i in range(8, 50)}); return False
    def __hash__(self): return 7
for op in (lambda d: d.get(EvilT(d)), lambda d: d.pop(EvilT(d), None), lambda d: d.setdefault(EvilT(d), 3), lambda d: d.__setitem__(EvilT(d), 1), lambda d: EvilT(d) in d, lambda d: d == {EvilT(d): 1, EvilT(d): 2}, lambda d: d.update({EvilT(d): 1})):
    d = {}
    for _ in range(3): dict.__setitem__(d, EvilT({}), 1)
    for k in d: k.d = d
    try: op(d); print(len(d) >= 0)
    except Exception as e: print(type(e).__name__, e)
s = set()
class ES:
    def __eq__(self, o): s.clear(); return False
    def __hash__(self): return 3
for op in (lambda: s.add(ES()), lambda: s.discard(ES()), lambda: ES() in s, lambda: s | {ES(), ES()}, lambda: s & {ES(), ES()}, lambda: s - {ES()}, lambda: s ^ {ES()}, lambda: s <= {ES()}, lambda: s == {ES(), ES()}, lambda: s.update([ES(), ES()]), lambda: s.intersection_update({ES()}), lambda: s.symmetric_difference_update({ES()}), lambda: s.isdisjoint({ES()})):
    s.clear(); s.add(ES()); s.add(1); s.add(2)
    try: op(); print("ok")
    except Exception as e: print(type(e).__name__, e)
