# mutation while iterating
for make in (lambda: [1, 2, 3], lambda: {1: 1, 2: 2, 3: 3}, lambda: {1, 2, 3}):
    for mutate in (lambda x: x.clear(), lambda x: x.pop() if type(x) is not dict else x.popitem(), lambda x: (x.append(9) if len(x) < 9 else 0) if type(x) is list else x.update({len(x) + 5: 1} if type(x) is dict else {len(x) + 5})):
        x = make(); out = []
        try:
            for i in x: out.append(i); mutate(x)
        except RuntimeError as e: out.append(str(e))
        print(out[:12], len(x))
d = {1: 1, 2: 2}
for view in (d.keys, d.values, d.items):
    try:
        for k in view(): d[len(d) + 1] = 1
    except RuntimeError as e: print(e)
try:
    for k in d: del d[k]; d[k + 100] = 1
except RuntimeError as e: print(e)
for r in (reversed(d), iter(d)):
    next(r); d["new"] = 1
    try: next(r)
    except RuntimeError as e: print(e)
    d.pop("new")
