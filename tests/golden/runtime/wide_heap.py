# A collection meets objects that refer to very many others, and long chains.
import gc


class Node:
    ended = 0

    def __del__(self):
        Node.ended += 1


kept = [(i, [i]) for i in range(100_000)]
chain = None
for i in range(100_000):
    chain = [chain, i]
wide = [Node() for _ in range(30_000)]
wide.append(wide)
del wide
gc.collect()
print(Node.ended, len(kept), sum(a + b[0] for a, b in kept))

ring = [[] for _ in range(50_000)]
for a, b in zip(ring, ring[1:] + ring[:1]):
    a.append(b)
ring[7].append(Node())
del ring, a, b
print(gc.collect() >= 50_000, Node.ended)

depth = 0
while chain:
    chain, depth = chain[0], depth + 1
print(depth)


# Finalisers bring back what they can reach, however much it is.
class Back:
    saved = []

    def __init__(self):
        self.items = [[self, i] for i in range(20_000)]

    def __del__(self):
        Back.saved.append(self)


Back()
gc.collect()
print(len(Back.saved), sum(i for _, i in Back.saved[0].items), Back.saved[0].items[5][0] is Back.saved[0])
Back.saved.clear()
print(gc.collect() > 20_000, Back.saved)
