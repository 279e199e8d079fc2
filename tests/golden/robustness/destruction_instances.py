class A:
    def __init__(self, x): self.x = x
x = None
for i in range(500000): x = A(x)
del x
print("ok instance")

class A:
    __slots__ = "x"
    def __init__(self, x): self.x = x
x = None
for i in range(500000): x = A(x)
del x
print("ok slots")

# del chain
n = 0
class A:
    def __init__(self, x): self.x = x
    def __del__(self):
        global n
        n += 1
x = None
for i in range(200000): x = A(x)
del x
print("ok", n)
