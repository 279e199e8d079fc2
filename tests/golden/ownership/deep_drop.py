# Objects far down in a chain wait for the drops above them; what refers to them meanwhile must know.
import sys
import weakref


def generator():
    try:
        yield
    finally:
        pass


class Node(list):
    ended = 0

    def __init__(self, items):
        self[:] = items

    def __del__(self):
        # The exception that ends the generator has a frame object, whose drop may have to wait as well.
        suspended = generator()
        next(suspended)
        Node.ended += 1


def chain(length):
    node = Node([])
    for _ in range(length):
        node = [Node([node])]
    return node


for _ in range(20):
    node = chain(60)
    del node
print(Node.ended)


class Looker:
    def __init__(self, inner):
        self.inner = inner

    def __del__(self):
        seen.append(sys._getframe().f_code.co_name)
        # None of the references finds an object that is ending.
        alive.append(sum(reference() is not None for reference in references))


seen, alive, references = [], [], []
looker = None
for _ in range(100):
    looker = Looker(looker)
    references.append(weakref.ref(looker))
del looker
print(len(seen), set(seen), max(alive) < 100, all(reference() is None for reference in references))
