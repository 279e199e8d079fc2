# What each iterator gives, and what is left after an error or an end.
from itertools import (
    accumulate, batched, chain, combinations, combinations_with_replacement, compress, count, cycle, dropwhile,
    filterfalse, islice, pairwise, permutations, product, repeat, starmap, takewhile, zip_longest,
)


def failing(items, at):
    for index, item in enumerate(items):
        if index == at:
            raise KeyError(item)
        yield item


def drain(iterator):
    # The items up to an error, the error, and what comes after it.
    items = []
    for _ in range(30):
        try:
            items.append(next(iterator))
        except StopIteration:
            items.append('end')
            break
        except Exception as error:
            items.append(repr(error))
    return items


print(drain(accumulate([1, 2, 3, 4])), drain(accumulate([])), drain(accumulate([], initial=5)))
print(drain(accumulate([1, 2, 3], lambda a, b: a * 10 + b, initial=7)), drain(accumulate('abc')))
print(drain(accumulate([1, 'x', 2])), drain(accumulate([[1], [2], [3]])))
print(drain(batched('abcdefg', 3)), drain(batched('', 3)), drain(batched(failing('abcdef', 4), 2)))
print(drain(batched('abcde', 2, strict=True)))
print(drain(chain('ab', [], (1, 2), {3: 4})), drain(chain()), drain(chain.from_iterable(['ab', 'c'])))
print(drain(chain('ab', 5, 'cd')), drain(chain(failing('abc', 1), 'xy')))
print(drain(compress('ABCDEF', [1, 0, 1, 0, 1, 1])), drain(compress('AB', [1, 1, 1])), drain(compress('ABC', [1])))
print(list(islice(count(10), 3)), list(islice(count(10, -3), 4)), list(islice(count(0.5, 0.25), 3)))
print(list(islice(count(2 ** 61 - 2), 4)), list(islice(count(2 ** 63 - 1), 3)), list(islice(count(-(2 ** 61), -1), 3)))
print(list(islice(cycle('abc'), 8)), drain(cycle('')), list(islice(cycle(failing('ab', 5)), 5)))
print(drain(dropwhile(lambda n: n < 3, [1, 2, 3, 1, 4])), drain(takewhile(lambda n: n < 3, [1, 2, 3, 1, 4])))
print(drain(filterfalse(None, [0, 1, '', 'x', [], [0]])), drain(filterfalse(bool, [0, 1])), drain(filterfalse(str.isdigit, '1a2b')))
print(drain(islice(range(10), 2, 8, 3)), drain(islice('abc', 0)), drain(islice('abc', 5, 9)), drain(islice('abcdef', None, None, 4)))
shared = iter(range(10))
print(drain(islice(shared, 2, 5)), list(shared))
shared = iter(range(10))
print(drain(islice(shared, 5, 2)), list(shared))
print(drain(islice(failing('abcdef', 2), 5)))
print(drain(pairwise('abcd')), drain(pairwise('a')), drain(pairwise('')), drain(pairwise(failing('abcd', 2))))
print(drain(repeat('x', 3)), repeat('x', 3).__length_hint__(), list(islice(repeat(7), 3)))
print(drain(starmap(pow, [(2, 5), (3, 2), [10, 3]])), drain(starmap(pow, [(1,), 5])))
print(drain(zip_longest('abc', [1], (), fillvalue='-')), drain(zip_longest()), drain(zip_longest(failing('abc', 1), 'xyz')))

print(drain(product('ab', [1, 2])), drain(product('ab', repeat=2)), drain(product('ab', '')), drain(product()))
print(drain(permutations('abc', 2)), drain(permutations('abc'))[-2:], drain(permutations('ab', 3)), drain(permutations('', 0)))
print(drain(combinations('abcd', 2)), drain(combinations('abc', 0)), drain(combinations('ab', 3)))
print(drain(combinations_with_replacement('abc', 2)), drain(combinations_with_replacement('', 1)), drain(combinations_with_replacement('', 0)))
for n in range(6):
    for r in range(7):
        permuted = list(permutations(range(n), r))
        combined = list(combinations(range(n), r))
        assert sorted(permuted) == permuted and len(set(permuted)) == len(permuted)
        assert combined == [p for p in permuted if list(p) == sorted(p)], (n, r)
        repeated = list(combinations_with_replacement(range(n), r))
        assert repeated == [p for p in product(range(n), repeat=r) if list(p) == sorted(p)], (n, r)
        print(n, r, len(permuted), len(combined), len(repeated))


def with_value():
    yield 1
    return 'value'


# An end that carries a value carries it through.
for make in (lambda it: takewhile(bool, it), lambda it: filterfalse(lambda x: False, it), lambda it: chain(it), lambda it: islice(it, 9)):
    iterator = make(with_value())
    print(next(iterator))
    try:
        next(iterator)
    except StopIteration as stop:
        print(stop.value)

# Towers are as deep as the stack.
tower = iter([1])
for _ in range(200):
    tower = chain(tower, [2])
print(len(list(tower)))


class Comparing:
    # Comes back to the iterator that it is an item of.
    def __eq__(self, other):
        return next(it, None) is None

    def __bool__(self):
        return next(it, None) is None


it = filterfalse(None, [Comparing(), Comparing()])
print(len(list(it)))
