# tee: shared items, copies, re-entrance, long chains of blocks.
import itertools
from itertools import tee


def count_calls():
    for number in range(130):
        calls.append(number)
        yield number


calls = []
a, b = tee(count_calls())
print([next(a) for _ in range(60)], len(calls))
print([next(b) for _ in range(3)], len(calls))
c = a.__copy__()
print(next(c), next(a), len(calls))
print(len(list(a)), len(list(b)), len(list(c)), len(calls))
print(next(a, 'end'), next(b, 'end'))

a, b, c = tee('abc', 3)
d, e = tee(b)
print(''.join(a), ''.join(d), ''.join(e), ''.join(b), ''.join(c))


class Reentrant:
    def __iter__(self):
        return self

    def __next__(self):
        return next(self.other)


source = Reentrant()
first, second = tee(source)
source.other = first
try:
    next(first)
except RuntimeError as error:
    print(error)


class Failing:
    count = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.count += 1
        if self.count == 2:
            raise KeyError('second')
        if self.count > 4:
            raise StopIteration
        return self.count


first, second = tee(Failing())
print(next(first))
try:
    next(first)
except KeyError as error:
    print('failed', error)
print(list(first), list(second))

# A chain of blocks that only its start holds ends without recursion.
first, second = tee(range(1_000_000))
for _ in second:
    pass
del first, second
print('freed')

# Independent positions in a shared input.
lines = tee(range(10), 4)
for step, line in enumerate(lines, 1):
    print([next(line) for _ in range(step)])
print([next(line) for line in lines])
