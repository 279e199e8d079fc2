# Each operand of nested `and` and `or` is asked for its truth once, whatever is made of the result.
class V:
    def __init__(self, n): self.n = n
    def __bool__(self):
        print("bool", self.n, end="; ")
        return self.n % 2 == 1
    def __repr__(self): return f"V({self.n})"

def values(a, b, c, d):
    print(a and b or c)
    print((a or b) and c)
    print((a and b) and c or d)
    print((a or b) and (c or d))
    print(((a or b) and c) or d)
    print(a and (b or c) and d)
    print(not (a and b or c))
    x = a and b or c
    print(x)
    x = (a or b) and (c and d or a)
    print(x)
    print((a if b else c) or d)
    print([a and b or c, (y := a) and b or y])
    print(a and b or c if (a or b) and c else d)

def mixed(a, b):
    print(a and 0 or b)
    print((a or 1) and b)
    print((a and 1 or 2) and b)
    print((0 or a) and b, (1 and a) or b, (a or 0) and 1)
    print((a, b)[0] and V(3) or V(4))
    print((V(1) and V(2) or V(3)) and a)

for bits in range(16):
    values(*(V(2 * i + (bits >> i & 1)) for i in range(4)))
for bits in range(4):
    mixed(*(V(2 * i + (bits >> i & 1)) for i in range(2)))
print(V(1) and V(2) or V(4) and V(5) or V(6))
for a in V(0), V(1):
    for b in V(2), V(3):
        while (a or b) and (a and b or V(5)):
            print("while")
            break
        print([x for x in [a] if (a or b) and a])
        assert a and b or V(7)
        print((lambda: (a and b) or V(9))())
        print(f"{a and b or 0}")
