# super


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


class A:
    x = 1

    def f(self):
        return "A"

    @classmethod
    def c(cls):
        return cls.__name__

    @property
    def p(self):
        return "A.p"


class B(A):
    def f(self):
        return "B"

    def g(self):
        return super()

    def h(self):
        return super().f()

    def k():
        return super()

    def deleted(self):
        del self
        return super()

    @classmethod
    def c(cls):
        return super().c()

    @property
    def p(self):
        return super().p + " through B"

    def assign(self):
        super().x = 1

    def indirect(self):
        s = super
        return s().f()

    def cell(self):
        def inner():
            return self

        return super().f()

    def nested(self):
        def inner(me):
            return super().f()

        return inner(self)

    def generator(self):
        yield super().f()

    def comprehension(self):
        return [super(B, self).f() for _ in range(2)]


b = B()
attempt(lambda: b.g())
attempt(lambda: b.h())
attempt(lambda: B.c())
attempt(lambda: b.c())
attempt(lambda: b.p)
attempt(lambda: B.k())
attempt(lambda: b.deleted())
attempt(lambda: b.assign())
attempt(lambda: b.indirect())
attempt(lambda: b.cell())
attempt(lambda: b.nested())
attempt(lambda: list(b.generator()))
attempt(lambda: b.comprehension())
print("arguments")
attempt(lambda: super())
attempt(lambda: super(B))
attempt(lambda: super(B, b))
attempt(lambda: super(B, B))
attempt(lambda: super(B, A))
attempt(lambda: super(B, A()))
attempt(lambda: super(1))
attempt(lambda: super(1, 2))
attempt(lambda: super(B, b, 3))
attempt(lambda: super(B, obj=b))
attempt(lambda: super(B, None))
print("attributes")
attempt(lambda: super(B, b).zzz)
attempt(lambda: super(B).f)
attempt(lambda: super(B, b).__class__)
attempt(lambda: super(B, b).__thisclass__)
attempt(lambda: super(B, b).__self__ is b)
attempt(lambda: super(B, b).__self_class__)
attempt(lambda: super(B).__self__)
attempt(lambda: super(B, b).f())
attempt(lambda: super(B, B).f(1))
attempt(lambda: super(B, B).c())
attempt(lambda: super(B, b).x)
attempt(lambda: super(type, B).mro)
print("binding")
attempt(lambda: super(B).__get__(b))
attempt(lambda: super(B).__get__(None, B))
attempt(lambda: super(B).__get__(A()))
attempt(lambda: super(B, b).__get__(1))


class S(super):
    pass


attempt(lambda: S(B, b).f())
attempt(lambda: S(B).__get__(b).f())
attempt(lambda: S.__new__(S))
attempt(lambda: S.__new__(S).f)
attempt(lambda: super.__new__(super))


class Proxy:
    __class__ = B


attempt(lambda: super(B, Proxy()).x)
print("where it cannot know")


def outside(self):
    return super()


attempt(lambda: outside(1))


class D:
    def local(self):
        __class__ = 1
        return super()

    def changed(self):
        nonlocal __class__
        __class__ = 1
        return super()


attempt(lambda: D().local())
attempt(lambda: D().changed())


class E:
    def emptied(self):
        nonlocal __class__
        del __class__
        return super()


attempt(lambda: E().emptied())


class H:
    def f(self):
        return super().__init__(1)


attempt(lambda: H().f())
print("cooperation")


class Root:
    def __init__(self, **kwargs):
        print("Root", kwargs)


class Left(Root):
    def __init__(self, left, **kwargs):
        print("Left", left)
        super().__init__(**kwargs)


class Right(Root):
    def __init__(self, right, **kwargs):
        print("Right", right)
        super().__init__(**kwargs)


class Both(Left, Right):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)


Both(left=1, right=2)


class Getattr:
    def __getattr__(self, name):
        return "fallback"


class G(Getattr):
    def f(self):
        return super().nothing


attempt(lambda: G().f())


class Meta(type):
    def __call__(cls, *args):
        print("Meta.__call__")
        return super().__call__(*args)

    def method(cls):
        return "method of " + cls.__name__


class M(metaclass=Meta):
    def __new__(cls):
        print("M.__new__")
        return super().__new__(cls)


print(type(M()).__name__, M.method())
super_ = super


class Shadow:
    def f(self):
        super = lambda *a: "shadowed"
        return super()


print(Shadow().f())
