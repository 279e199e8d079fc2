# mutual native recursion
class L(list):
    def __eq__(self, o): return list.__eq__(self, o)
l = L(); l.append(l)
m = L(); m.append(m)
try: l == m
except RecursionError as e: print(type(e).__name__)
l = []; l.append(l); m = []; m.append(m)
try: l == m
except RecursionError as e: print(type(e).__name__)
try: l < m
except RecursionError as e: print(type(e).__name__)
d = {}; d[1] = d; e = {}; e[1] = e
try: d == e
except RecursionError as e: print(type(e).__name__)
