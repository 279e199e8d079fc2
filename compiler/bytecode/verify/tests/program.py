"""One of everything that the compiler makes code for."""
import os.path as path, sys
from itertools import chain as chained

LIMIT: int = 10
if LIMIT:
    word: str = "conditional"

class Base[T: (int, str) = int]:
    """Documented."""
    shared = [letter for letter in "abc" if letter != "b"]
    pairs: dict[T, list[T]] = {key: [lambda: (key, value) for value in shared] for key in shared}
    if shared:
        later: T

    def __init__(self, *args: T, key=1, **options) -> None:
        super().__init__(*args, key, *args, key=key, **options, **{"a": 1})
        self.__private, (first, *rest), self[0] = args, args, key
        self.total += first[1:] + first[::2] - rest[key:key] ** -key
        del self.total, rest[0], first

    @property
    def value(self):
        return __class__, self.__private

type Alias[*Ts, **P] = Base[Ts] | P

def loops(items, n=3, /, *, flag=None):
    total = 0
    for i, (a, b) in enumerate(items):
        if a < b <= n or not flag and a is not None:
            continue
        elif (found := a in items) and i > 5:
            break
        while total < 100:
            total += i * 2 - 1
            if total == 50: break
        else:
            total //= 7
    else:
        del total
    print(total, f"{a!r:>{n}} and {b:x}{a=}", found)
    assert n, "n"
    return [x + y for x in items for y in x if y > n], {*items, n}, {**a, n: b}, items[n], items[:n]

def errors(action, *rest):
    try:
        value = action()
    except (ValueError, KeyError) as error:
        raise RuntimeError(value) from error
    except OSError:
        return value
    else:
        rest = value
    finally:
        with action as (a, b), action(1):
            if a: return rest
            value = b
    try:
        action(value)
    except* TypeError as group:
        print(group)
    except* ValueError:
        raise
    return value

def closures(x):
    y = x
    def inner():
        nonlocal y
        y += x
        global LIMIT
        LIMIT = 3
        return lambda z=y: (x, y, z)
    del x
    return inner, [(lambda: w) for w in y], (w for w in y if (last := w)), last

def generator(source):
    received = yield
    try:
        while received := (yield received, source): pass
        result = yield from source
    except GeneratorExit:
        return (yield)
    return result

async def coroutine(source, *args):
    async with source as s, source.other(1, key=2):
        async for item in s:
            await item(1, *args)
            if item: return await source.method(item)
        else:
            await s
    return [x async for x in source if await x], {await x: x for x in args}

async def async_generator(source):
    async for item in source:
        try:
            yield item
        finally:
            await source

def patterns(subject):
    match subject:
        case 1 | -2.5 | "s" | None: return 1
        case [a, *rest, b] if a == b: return rest
        case {"key": value, path.sep: 3, **others}: return value, others
        case Base(x, value=[y, 4]) as whole: return whole, x, y
        case str() | path.sep: pass
        case (a, (b, c)): return a, b, c
        case _: return subject

def swaps(a, b, c, d):
    a, b = b, a
    a, b, c = c, a, b
    a[b], c.d, (a, d) = a, b, c
    x = a + (a := b) * (b if c else d) and d
    return x, t"{a!s:{b}}" and (not c) in d, all(e for e in x), a if x is None else ...

async def main():
    for i in range(3):
        with sys.stdout:
            try:
                continue
            finally:
                await coroutine(i)
    import a.b.c as abc
    from . import x, y as z
