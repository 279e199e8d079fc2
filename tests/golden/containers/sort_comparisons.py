# Sorting makes the comparisons that CPython makes, in the same order. vm/types/list/powersort.rs checks the same figure.
MASK = 2**64 - 1


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & MASK
        return (self.state >> 33) % bound


def sample(random):
    length = (2, 3, 5, 10, 30, 63, 64, 65, 100, 200, 500, 1000, 1025, 2112)[random.below(14)]
    kind = random.below(5)
    if kind == 0:
        return [random.below(length * length) for _ in range(length)]
    if kind == 1:
        return [random.below(4) for _ in range(length)]
    if kind == 2:
        items = list(range(length))
        for _ in range(3):
            index = random.below(length)
            items[index] = random.below(length)
        return items
    if kind == 3:
        items = []
        while len(items) < length:
            count = 1 + random.below(100)
            run = sorted([random.below(1000) for _ in range(count)])
            if random.below(2) == 1:
                run.reverse()
            items.extend(run)
        return items[:length]
    items = sorted([random.below(length) for _ in range(length)])
    by = random.below(length)
    return items[by:] + items[:by]


fingerprint = 0


class Item:
    def __init__(self, index, value):
        self.index = index
        self.value = value

    def __lt__(self, other):
        global fingerprint
        fingerprint = (fingerprint * 31 + self.index * 5000 + other.index) & MASK
        return self.value < other.value


random = Random(5)
for _ in range(300):
    items = [Item(index, value) for index, value in enumerate(sample(random))]
    items.sort()
print(fingerprint)
