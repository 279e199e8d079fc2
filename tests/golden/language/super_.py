# super
class A:
    def f(self): return ["A"]
    @classmethod
    def c(cls): return [cls.__name__]
    @property
    def p(self): return "pA"
    x = 1
class B(A):
    def f(self): return ["B"] + super().f()
    @classmethod
    def c(cls): return super().c() + ["B"]
    @property
    def p(self): return super().p + "B"
    def nested(self):
        def g(): return super(B, self).x
        return g()
    def comp(self): return [super(B, self).x for _ in "a"]
    def comp2(self): return [super().x for _ in "a"]
class C(A):
    def f(self): return ["C"] + super().f()
class D(B, C):
    def f(self): return ["D"] + super().f()
print(D().f(), D.c(), D().p, D().nested(), D().comp())
try: print(D().comp2())
except (TypeError, RuntimeError) as e: print(e)
def f(self): return super().f()
try: f(D())
except RuntimeError as e: print(e)
def g(): return super()
try: g()
except RuntimeError as e: print(e)
class E(A):
    def f(): return super()
    def g(*args): return super()
    def h(self): del self; return super()
    def i(self): self = 5; return super().f()
    def j(self, super): return super
    def k(self): return super
for c in (lambda: E.f(), lambda: E().g(), lambda: E().h(), lambda: E().i(), lambda: E().j(5), lambda: E().k()):
    try: print(c())
    except (RuntimeError, TypeError) as e: print(type(e).__name__, e)
for a in ((5,), (A, 5), (A, B), (A, object), (5, 5), (A, A()), (A, A(), 1), ()):
    try: print(super(*a))
    except (TypeError, RuntimeError) as e: print(type(e).__name__, str(e)[:60])
s = super(B, D())
print(s.__thisclass__, s.__self_class__, s.f())
try: s.nope
except AttributeError as e: print(e)
try: s.x = 5
except AttributeError as e: print(e)
class Static:
    @staticmethod
    def s(): return super()
try: Static.s()
except RuntimeError as e: print(e)
