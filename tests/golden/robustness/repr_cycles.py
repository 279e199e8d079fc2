# object cycles in repr
l = []; l.append(l); print(l)
d = {}; d[1] = d; print(d)
l = [({"x": None},)]; l[0][0]["x"] = l; print(l)
print([d.items(), d.values()])
