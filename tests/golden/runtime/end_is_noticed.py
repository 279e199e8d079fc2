# What somebody would notice happens at the end, whoever holds it.

import sys, weakref

class Held:
    def __init__(self, name): self.name = name
    def __del__(self): print("end of", self.name, flush=True)

class Plain: pass

held = Held("a global")
cycle = Plain()
cycle.itself, cycle.held = cycle, Held("a cycle")
del cycle

target = Plain()
reference = weakref.ref(target, lambda _: print("end of a target"))
sys.stdout.write("the program ends\n")
