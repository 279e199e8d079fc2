# Variables of comprehensions in `locals()` and `f_locals`, while they run and afterwards, beside variables of the same name.
import sys


def captured():
    lambda: k
    k = 1
    seen = [(locals(), dict(sys._getframe().f_locals), list(sys._getframe().f_locals)) for k in [0]]
    print(seen, sorted(locals()), k)


def bound_before():
    b = 5
    seen = [(locals(), sys._getframe().f_locals["b"], len(sys._getframe().f_locals)) for b in [0]]
    print(seen, locals())


def bound_afterwards():
    seen = [(locals(), list(sys._getframe().f_locals)) for b in [0]]
    b = 5
    print(seen, sorted(locals()))


def written_afterwards():
    names = [sys._getframe().f_locals for b in [0]][0]
    names["b"] = 2
    names["c"] = 3
    print(b, c)
    b = 0
    c = 0
    print(names["b"], names["c"])


def written_meanwhile():
    b = 0
    print([(sys._getframe().f_locals.update({"b": 7}), b) for b in [1]], b)


def nested():
    seen = [[(sys._getframe().f_locals["a"], locals()["b"], [lambda: b]) for a in [2]] for b in [1] for a in [0]]
    print(seen[0][0][:2], sorted(locals()))


def parameter(a):
    names = [[(lambda: a, sys._getframe().f_locals) for c in [7]] for a in [0]][0][0][1]
    names["a"] = 3
    print(a, sorted(names))


captured()
bound_before()
bound_afterwards()
written_afterwards()
written_meanwhile()
nested()
parameter(1)
