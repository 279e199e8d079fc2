# sys.setrecursionlimit: Python calls cost no native stack, so the limit may be as large as memory allows.
import sys

print(sys.getrecursionlimit())

def down(n):
    return n and 1 + down(n - 1)

try:
    down(5000)
except RecursionError as error:
    print(error)
sys.setrecursionlimit(50000)
print(down(20000))

class Node:
    def __init__(self, n):
        self.child = Node(n - 1) if n else None
depth, node = 0, Node(15000)
while node:
    node, depth = node.child, depth + 1
print(depth)

def generate(n):
    yield n
    if n:
        yield from generate(n - 1)
print(sum(1 for _ in generate(500)))

for limit in (0, -1, "x", 1 << 40, 1.5):
    try:
        sys.setrecursionlimit(limit)
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)

def deep(n):
    if n:
        return deep(n - 1)
    try:
        sys.setrecursionlimit(50)
    except RecursionError as error:
        return str(error)
print(deep(100))
sys.setrecursionlimit(200)
def count():
    global depth
    depth += 1
    count()
depth = 0
try:
    count()
except RecursionError:
    print(100 < depth < 200)
sys.setrecursionlimit(1000)

# A hook that recurses, and a handler at the limit.
class Hash:
    def __hash__(self):
        return hash((self,))
try:
    hash(Hash())
except RecursionError:
    print("hash")
def nested(f, n):
    return f() if n == 0 else nested(f, n - 1)
def at_limit():
    try:
        at_limit()
    except RecursionError:
        pass
    return "handled"
print(at_limit(), nested(at_limit, 100))
