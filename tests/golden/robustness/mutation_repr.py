# repr mutation
l = []
class M:
    def __repr__(self): l.clear(); return "M"
l.extend([M(), 1, 2]); print(l, len(l))
d = {}
class MD:
    def __repr__(self): d.clear(); return "MD"
d.update({1: MD(), 2: 3}); print(d, len(d))
s = {1}
class MS:
    def __repr__(self): s.clear(); return "MS"
s.add(MS()); print(repr(s) in ("{1, MS}", "{MS, 1}"), len(s))
