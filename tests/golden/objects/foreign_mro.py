# A metaclass may put classes into the MRO that the class does not derive from: changes of theirs are seen, too.
import gc
class Base:
    def f(self): return 'one'
    value='x'*50
    def __len__(self): return 1
class Meta(type):
    def mro(cls): return (cls, Base, object)
class W(metaclass=Meta): pass
class V(W): pass
def get(o): return (o.f(), o.value[:1], type(o).value[:1])
w,v=W(),V()
for i in range(50): get(w); get(v)
print(get(w),get(v))
Base.f=lambda self:'two'
Base.value=''.join(['y']*50)
gc.collect(); junk=[str(i)*20 for i in range(1000)]
print(get(w),get(v))
for i in range(5):
    Base.f=(lambda i: lambda self: f'n{i}')(i); Base.value=str(i)*50; junk=[str(i)*20 for i in range(1000)]
    print(get(w),get(v))
print(len(w)); Base.__len__=lambda s:7; print(len(w),len(v))
print(Base.__subclasses__())
class Other:
    value='other'
    def f(self): return 'other'
class Meta2(type):
    order=(Base,)
    def mro(cls): return (cls,*cls.order,object)
class Z(metaclass=Meta2): pass
z=Z(); print(get(z)); Meta2.order=(Other,)
print(get(z)); Other.value='changed'; print(get(z)); Base.value='base'; print(get(z))
del W,V,w,v; gc.collect(); Base.value='end'; print(get(z))
