# groupby: groups share the input with the object that makes them.
from itertools import groupby

for key, group in groupby('AAAABBBCCDAABBB'):
    print(key, list(group))
print([key for key, _ in groupby('AAAABBBCCDAABBB')])
print([(key, list(group)) for key, group in groupby(range(10), lambda n: n // 4)])

# A group ends when the next one begins.
groups = groupby('aabbcc')
_, first = next(groups)
print(next(first))
key, second = next(groups)
print(key, list(first), next(second))
print([(key, list(group)) for key, group in groups], list(second))

# Two groups of one key: an old one does not come to life again.
groups = groupby('aba')
_, a1 = next(groups)
_, b = next(groups)
_, a2 = next(groups)
print(list(a1), list(b), list(a2))
print(list(groupby([])))


class Key:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        log.append((self.value, other.value))
        return self.value == other.value


log = []
print([(key.value, len(list(group))) for key, group in groupby([1, 1, 2, 2, 2, 3], Key)])
print(log)


def failing_key(item):
    if item == 3:
        raise ValueError('no key')
    return item


groups = groupby([1, 2, 3, 4], failing_key)
try:
    for key, group in groups:
        print(key, list(group))
except ValueError as error:
    print('failed', error)
print([(key, list(group)) for key, group in groups])
