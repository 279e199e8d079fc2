"""Arithmetic of int: machine words, bigints, and the borders between."""


def show(text, **names):
    try:
        result = repr(eval(text, {**globals(), **names}))
        if len(result) > 200:
            result = result[:200] + "..."
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(text, "->", result)


class MyInt(int):
    pass


EDGES = [0, 1, -1, 2, -2, 3, -7, 10, 2**30, 2**31 - 1, -(2**31), 2**32, 2**53 + 1, 2**60, 2**61 - 1, 2**61, -(2**61),
         -(2**61) - 1, 2**62, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 2**64 + 1, 2**127, 2**128 - 1, -(2**130),
         3**100, -(7**77)]

total = 0
for a in EDGES:
    for b in EDGES:
        results = [a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a <= b, a == b, a != b, a > b, a >= b]
        if b:
            results += [a // b, a % b, *divmod(a, b)]
            assert a // b * b + a % b == a and (a % b == 0 or (a % b < 0) == (b < 0)), (a, b)
        if 0 <= b <= 100:
            results += [a << b, a >> b, a**b]
            assert a >> b == a // 2**b and a << b == a * 2**b
        assert a - b == a + -b and a ^ b == (a | b) - (a & b) and ~a == -a - 1
        for result in results:
            total = (total * 31 + result) % (2**89 - 1)
print(total)

for a in EDGES:
    print(a, -a, +a, ~a, abs(a), bool(a), hash(a), a.bit_length(), a.bit_count(), float(a), hex(a))
    assert eval(repr(a)) == a and int(str(a)) == a and int(hex(a), 16) == a and int(bin(a), 0) == a
    assert hash(a) == hash(MyInt(a)) and a == MyInt(a) and {a: 1}[MyInt(a)] == 1

for text in """
1 / 3, 10**400 / 10**399, (2**70 + 1) / 2**70, -1 / 2**1074, 0 / -5
2**1000 / 3
1 % 0
1 // 0
1 / 0
divmod(1, 0)
2**100 % 0
2**100 // 0
divmod(2**100, 0)
2**100 / 0
2 ** 10, (-2) ** 3, 2 ** -2, (-2) ** -3, 0 ** 0, 1 ** 10**100, (-1) ** (10**100 + 1), 0 ** 10**100
0 ** -1
10**400 ** -1
(10**400) ** -1
pow(2, 3), pow(2, 3, 5), pow(2, -1, 5), pow(2, 10**50, 97), pow(-3, 5, 7), pow(3, 5, -7), pow(0, 0, 1), pow(5, 0, 1)
pow(2**100, 2**90, 2**80 + 3)
pow(2, -1, 0)
pow(2, -1, 4)
pow(2, 3, 2.0)
pow(2, 3, 'a')
pow(2, 3, None)
pow(3, -2, 10**30)
1 << -1
1 >> -1
1 << 10**30
0 << 10**30
1 << 2**62
1 >> 10**30, -1 >> 10**30, 2**100 >> 99, -(2**100) >> 99, -1 >> 1
10**50 == 1e50, 10**22 == 1e22, 2**53 + 1 == 2.0**53, 2**53 + 1 > 2.0**53, 10**400 > 1e308, -10**400 < -1e308
10**400 < float('inf'), 10**400 == float('inf'), 1 < float('nan'), 1 != float('nan'), 2**1024 > 1.7976931348623157e308
(1).__eq__(1.0), (1).__lt__('a'), (1).__add__(1.0), (1).__add__('a'), (1).__pow__(2, 3), (1).__rsub__(5), (2).__rpow__(3)
(7).__divmod__(2), (7).__rdivmod__(23), (7).__floordiv__(2), (7).__rmod__(23), (1).__rlshift__(5)
1 + 'a'
'a' + 1
None + 1
1 + None
[] + 1
1 < 'a'
-None
~1.5
~None
1 @ 2
1 and 0, 0 or 5, not 3
(12345).as_integer_ratio(), (-5).as_integer_ratio(), True.as_integer_ratio()
(5).numerator, (5).denominator, (5).real, (5).imag, (5).conjugate(), True.real, True.numerator
(5).__trunc__(), (5).__floor__(), (5).__ceil__(), (5).is_integer()
round(12345, -2), round(12350, -2), round(12450, -2), round(-15, -1), round(25, -1), round(5, 3), round(10**30 + 5, -1)
round(10**50, -60), round(10**50, -49), round(5 * 10**49, -50), round(15 * 10**49, -50), round(5, None), round(True, -1)
round(5, 1.5)
(5).__round__(1, 2)
type(round(MyInt(5))), type(round(True)), type(round(MyInt(5), -1)), type(MyInt(5).__round__(None))
type(MyInt(1) + MyInt(2)), type(-MyInt(1)), type(+MyInt(1)), type(abs(MyInt(1))), type(MyInt(5).real), type(MyInt(8) >> 1)
(5).__getnewargs__(), MyInt(5).__getnewargs__(), type(MyInt(5).__getnewargs__()[0])
(0).__sizeof__(), (1).__sizeof__(), (2**30).__sizeof__(), (2**60).__sizeof__(), (2**1000).__sizeof__(), True.__sizeof__()
True + True, True * 5, -True, True / 2, True << 3, True == 1, True & 1, True & False, False | True, True ^ True, True | 2
True & 2.5
True.__and__(1), True.__and__(True), True.__and__('a'), True.__rand__(False), True.__xor__(3)
str(True), repr(False), int(True), True is (1 == 1), bool.__bases__
(123).__format__('x'), (5).__bool__(), (0).__bool__(), (5).__hash__(), (5).__neg__(), (5).__pos__(), (5).__invert__()
hash(2**61 - 1), hash(2**61), hash(-1), hash(-2), hash(-(2**61 - 1)), hash(10**50), hash(-(10**50))
len(str(2**10000)), str(2**10000)[:30], str(-(3**5000))[-20:]
str(10**4300)
str(10**4299)[:3], len(str(10**4299))
f'{10**5000}'
repr(-10**4300)
int.real
MyInt.__mro__
""".strip().split("\n"):
    show(text)


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


print(fibonacci(1000))
print(factorial(300))
print(factorial(1000) // factorial(990), factorial(500) % (2**61 - 1), factorial(200) & (2**90 - 1))


def pi_digits(n):
    q, r, t, k, m, x = 1, 0, 1, 1, 3, 3
    digits = []
    while len(digits) < n:
        if 4 * q + r - t < m * t:
            digits.append(str(m))
            q, r, m = 10 * q, 10 * (r - m * t), (10 * (3 * q + r)) // t - 10 * m
        else:
            q, r, t, k, m, x = q * k, (2 * q + r) * x, t * x, k + 1, (q * (7 * k + 2) + r * x) // (t * x), x + 2
    return "".join(digits)


print(pi_digits(300))
n = 2**61 - 2
for _ in range(4):
    n += 1
    print(n, n * n, -n - 1)
n = 1
n <<= 61
n |= 1
n ^= 2**64
n &= ~1
n -= 7
n *= -3
n //= 5
n %= 10**15
n **= 3
n >>= 3
print(n)
