class A:
    value = None

def many(a, b):
    x = (a +
         b.value
         [0])
    return x

def call(*args): return args[9]

def loop():
    for i in range(3):
        print, call(
            1,
            2,
            *"ab",
            c := 4,
            5
        ), i

def wide():
    s = "日本語"; loop(); return s

wide() if many else A.value.x.y
