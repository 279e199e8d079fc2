# The order of ints in sets is that of CPython's table, through additions, removals, pops, merges and copies.
# vm/heap/set.rs runs the same program in its tests.
MASK = 2**64 - 1


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 33) % bound


def order_fingerprint(seed, steps, bound):
    random = Random(seed)
    sets = [set(), set()]
    fingerprint = 0
    for _ in range(steps):
        which = random.below(2)
        stride = (1, 8, 1024)[random.below(3)]
        key = random.below(bound) * stride
        choice = random.below(20)
        if choice < 11:
            sets[which].add(key)
        elif choice < 16:
            sets[which].discard(key)
        elif choice < 18:
            popped = sets[which].pop() if sets[which] else 7
            fingerprint = (fingerprint * 31 + popped) & MASK
        elif choice == 18:
            sets[which].update(sets[1 - which])
        else:
            sets[which] = sets[1 - which].copy()
        for key in sets[which]:
            fingerprint = (fingerprint * 31 + key) & MASK
    return fingerprint


print(order_fingerprint(1, 2000, 40))
print(order_fingerprint(2, 4000, 2000))

large = set()
for key in range(200_000):
    large.add(key * 7)
fold = 0
for key in large:
    fold = (fold * 31 + key) & MASK
print(fold)
