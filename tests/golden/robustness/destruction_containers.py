# destroy list chain
x = None
for i in range(1000000): x = [x]
del x
print("ok")

x = None
for i in range(1000000): x = (x,)
del x
print("ok tuple")

x = None
for i in range(1000000): x = {1: x}
del x
print("ok dict")
