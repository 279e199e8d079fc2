# map/filter/zip/enumerate chain
for make in (lambda x: map(None, x), lambda x: filter(None, x), lambda x: zip(x), lambda x: enumerate(x), lambda x: iter([x]), reversed and (lambda x: reversed([x])), lambda x: slice(x), lambda x: {x: 1} and frozenset([x]), lambda x: property(x), lambda x: staticmethod(x), lambda x: classmethod(x)):
    x = iter([])
    try:
        for i in range(200000): x = make(x)
    except RecursionError as e: print(e)
    del x
    print("ok")
