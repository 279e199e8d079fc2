# Iterators that draw from iterators, far deeper than the stack: an end or RecursionError, never a crash.
for make in (lambda x: map(int, x), lambda x: zip(x), lambda x: enumerate(x), lambda x: filter(None, x)):
    x = iter([1])
    for i in range(1000000):
        x = make(x)
    try:
        list(x)
    except RecursionError:
        pass
    del x
    print("survived")
