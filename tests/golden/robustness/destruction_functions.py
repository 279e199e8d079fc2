# closure chain
def f(x):
    def g(): return x
    return g
x = None
for i in range(300000): x = f(x)
del x
print("ok closures")

# default chain
x = None
for i in range(300000):
    x = lambda x=x: x
del x
print("ok defaults")

# bound method chain
class A:
    def m(self): pass
x = A()
for i in range(300000):
    a = A(); a.x = x.m; x = a
del x, a
print("ok methods")
