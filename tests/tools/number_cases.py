"""The questions for number_oracle.py: argument generators, and one generator of cases per family of functions."""

import _string
import cmath
import locale
import math
import random
import struct
import sys
from fractions import Fraction

INF, NAN = math.inf, math.nan

# How arguments and results are written; vm/examples/number_probe/protocol.rs reads and writes the same forms.


def bits(x):
    return 'nan' if x != x else struct.pack('>d', x).hex()


def argument(x):
    if isinstance(x, bool):
        return str(int(x))
    if isinstance(x, int):
        return format(x, 'x')
    if isinstance(x, float):
        return struct.pack('>d', x).hex()
    if isinstance(x, complex):
        return f'{argument(x.real)} {argument(x.imag)}'
    if isinstance(x, str):
        return 'x' + x.encode('utf-8', 'surrogatepass').hex()
    if isinstance(x, (bytes, bytearray)):
        return 'x' + bytes(x).hex()
    raise TypeError(x)


def result(x):
    if x is None:
        return 'none'
    if isinstance(x, float):
        return bits(x)
    if isinstance(x, complex):
        return f'{bits(x.real)} {bits(x.imag)}'
    if isinstance(x, (tuple, list)):
        return ' '.join(map(result, x))
    return argument(x)


class Case:
    """A question, CPython's answer, and how to say it in Python."""

    def __init__(self, name, arguments, function, prefix=False):
        self.question = ' '.join([name, *map(argument, arguments)])
        self.source = f'{name}({", ".join(map(short, arguments))})'
        self.prefix = prefix
        try:
            self.expected = '=' + result(function(*arguments))
        except Exception as error:
            message = error.args[-1] if error.args else ''
            if isinstance(message, bytes):
                message = message.decode('latin-1')
            self.expected = f'!{type(error).__name__} {argument(str(message))}'


def short(x):
    if isinstance(x, int) and x.bit_length() > 400:
        return hex(x)
    return repr(x)


# Arguments.


def sign():
    return random.choice((1, -1))


EDGES = [0, 1, 2, 3, 9, 10, 99, 100, 2**31, 2**53, 2**61 - 1, 2**61, 2**62, 2**63, 2**64, 2**127, 2**128]


def an_int(most=300):
    """Any integer, with a liking for word boundaries."""
    kind = random.random()
    if kind < 0.3:
        return random.randint(-200, 200)
    if kind < 0.5:
        return sign() * (random.choice(EDGES) + random.randint(-2, 2))
    if kind < 0.75:
        return sign() * random.getrandbits(random.randint(1, 70))
    if kind < 0.85:
        return sign() * ((1 << random.randint(0, most)) + random.randint(-2, 2))
    if kind < 0.98:
        return sign() * random.getrandbits(random.randint(1, most))
    return sign() * random.getrandbits(random.randint(1, 20 * most))


def a_small():
    """A machine integer."""
    while True:
        value = an_int(66)
        if -(2**63) <= value < 2**63:
            return value


SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, INF, -INF, NAN, 5e-324, -5e-324, 2.2250738585072014e-308,
           1.7976931348623157e308, -1.7976931348623157e308, 1e16, 1e15, 1e-4, 1e-5, 9007199254740993.0, 1e22, 1e23]


def any_bits():
    return struct.unpack('>d', random.getrandbits(64).to_bytes(8))[0]


def a_float(special=True):
    """Any float, with a liking for numbers that people write."""
    kind = random.random()
    if kind < 0.08:
        x = random.choice(SPECIAL)
    elif kind < 0.25:
        x = any_bits()
    elif kind < 0.4:
        x = random.randint(-10**6, 10**6) / 10 ** random.randint(0, 8)
    elif kind < 0.5:
        x = random.randint(-10**4, 10**4) / 2 ** random.randint(0, 12)
    elif kind < 0.6:
        x = sign() * 10.0 ** random.randint(-320, 308) * random.choice((1, 1.5, 9.995, 0.99999999999))
    elif kind < 0.7:
        x = float(random.randint(-2**60, 2**60))
    elif kind < 0.85:
        x = random.uniform(-20, 20)
    else:
        x = sign() * math.exp(random.uniform(-30, 30))
    if x != x:
        x = NAN
    return x if special or math.isfinite(x) else a_float(special)


def a_complex():
    return complex(a_float(), a_float())


def a_plain_complex():
    return complex(random.uniform(-3, 3) * 10 ** random.randint(-3, 3), random.uniform(-3, 3))


def pick(*choices):
    return random.choice(choices)()


# Families.

FAMILIES = {}


def family(function):
    FAMILIES[function.__name__] = function
    return function


def generate(name, count, seed):
    """The cases of a family: at least `count`, the same for the same seed."""
    random.seed(f'{name}{seed}')
    sys.set_int_max_str_digits(0)
    made = 0
    count *= getattr(FAMILIES[name], 'share', 1)
    while made < count:
        for case in FAMILIES[name]():
            yield case
            made += 1


DIGITS = '0123456789'
ALL_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
BLANKS = ['', '', '', ' ', '\t\n', '\x0b\x0c\r', '\x1c', '\xa0', '\u2003', '\x85']


def disguised(digits):
    """The same digits, some of them from other scripts."""
    if random.random() < 0.8:
        return digits
    return ''.join(chr(random.choice((0x660, 0xFF10, 0x1D7CE)) + int(c)) if c in DIGITS and random.random() < 0.3 else c
                   for c in digits)


def mangled(text):
    """Mostly unchanged, sometimes with one character too many or too few."""
    kind = random.random()
    if kind < 0.7 or not text:
        return text
    at = random.randrange(len(text) + 1)
    if kind < 0.9:
        return text[:at] + random.choice('_ +-.exX0jJpP\0é\ud800()\u0661') + text[at:]
    return text[:at - 1] + text[at:] if at else text[1:]


def an_int_literal(base):
    radix = base or random.choice((2, 8, 10, 16))
    length = random.choice((1, 2, 5, 10, 18, 19, 20, 25, 40, 700))
    digits = ''.join(random.choice(ALL_DIGITS[:radix] if radix <= 10 else ALL_DIGITS[:radix] + ALL_DIGITS[36:26 + radix])
                     for _ in range(random.randint(1, length)))
    if random.random() < 0.2:
        digits = '_'.join((digits[:len(digits) // 2], digits[len(digits) // 2:]))
    prefix = {2: '0b', 8: '0o', 16: '0x'}.get(radix, '')
    if prefix and (random.random() < 0.5 or base == 0):
        digits = random.choice((prefix, prefix.upper(), prefix + '_')) + digits
    digits = random.choice(('', '', '-', '+')) + digits
    return mangled(random.choice(BLANKS) + disguised(digits) + random.choice(BLANKS))


@family
def int_parse():
    limit = random.choice((0, 640, 640, 4300))
    sys.set_int_max_str_digits(limit)
    base = random.choice((10, 10, 10, 0, 0, 2, 8, 16, 36, 7, 3, 32, 1, 37, 11))
    text = an_int_literal(base if base in range(2, 37) else 0)
    yield Case('int_parse', (text, base, limit), lambda t, b, _: int(t, b), prefix=True)
    data = text.encode('latin-1', 'replace')
    yield Case('int_parse_bytes', (data, base, limit), lambda t, b, _: int(t, b), prefix=True)
    sys.set_int_max_str_digits(0)


@family
def int_text():
    value = pick(an_int, lambda: sign() * (10 ** random.randint(0, 5000) + random.randint(-1, 1)))
    limit = random.choice((0, 640, 640, 4300))
    sys.set_int_max_str_digits(limit)
    yield Case('str', (value, limit), lambda v, _: str(v))
    sys.set_int_max_str_digits(0)
    value = an_int()
    yield Case('bin', (value,), bin)
    yield Case('oct', (value,), oct)
    yield Case('hex', (value,), hex)
    yield Case('small_str', (a_small(),), str)


@family
def int_arithmetic():
    a, b = an_int(), an_int()
    if random.random() < 0.1:
        a, b = an_int(8000), an_int(4000)
    if random.random() < 0.2:
        a = a * b + random.randint(-1, 1)
    yield Case('add', (a, b), lambda a, b: a + b)
    yield Case('sub', (a, b), lambda a, b: a - b)
    yield Case('mul', (a, b), lambda a, b: a * b)
    yield Case('and', (a, b), lambda a, b: a & b)
    yield Case('or', (a, b), lambda a, b: a | b)
    yield Case('xor', (a, b), lambda a, b: a ^ b)
    yield Case('neg', (a,), lambda a: -a)
    yield Case('invert', (a,), lambda a: ~a)
    yield Case('int_abs', (a,), abs)
    yield Case('floor_div', (a, b), lambda a, b: a // b)
    yield Case('floor_mod', (a, b), lambda a, b: a % b)
    yield Case('divmod', (a, b), divmod)
    yield Case('gcd', (a, b), math.gcd)
    yield Case('lcm', (a, b), math.lcm)
    yield Case('isqrt', (a,), math.isqrt)
    yield Case('bit_length', (a,), int.bit_length)
    yield Case('bit_count', (a,), int.bit_count)
    yield Case('compare', (a, b), lambda a, b: (a > b) - (a < b))
    count = random.choice((random.randint(-2, 200), random.randint(0, 10**4), -(2**70), 2**63, 2**64 + 1, 2**70))
    yield Case('shl', (a, count), lambda a, b: a << b)
    yield Case('shr', (a, count), lambda a, b: a >> b)
    yield Case('int_round', (a, random.randint(-30, 3)), round)
    digits = random.randint(1, 40)
    tie = (2 * random.randint(-10**6, 10**6) + 1) * 10**digits // 2
    yield Case('int_round', (tie, -digits), round)


@family
def huge_ints():
    a, b = (sign() * random.getrandbits(random.randint(1, 10 ** random.randint(4, 6))) for _ in 'ab')
    yield Case('mul', (a, b), lambda a, b: a * b)
    yield Case('divmod', (a * b + 1, b), divmod)
    yield Case('divmod', (a, b), divmod)
    yield Case('isqrt', (abs(a),), math.isqrt)
    yield Case('isqrt', (a * a - 1,), math.isqrt)
    yield Case('str', (a, 0), lambda v, _: str(v))
    yield Case('int_parse_bytes', (str(a).encode(), 10, 0), lambda t, b, _: int(t, b))
    yield Case('int_parse_bytes', (hex(a).encode(), 16, 0), lambda t, b, _: int(t, b))
    a, b = a >> 9 * a.bit_length() // 10, b >> 9 * b.bit_length() // 10
    c = b >> b.bit_length() // 2
    yield Case('gcd', (a * c, b * c), math.gcd)
    yield Case('true_div', (a * c, c), lambda a, b: a / b)


# CPython takes its time over these.
huge_ints.share = 0.02


@family
def int_powers():
    yield Case('pow', (an_int(), random.randint(0, 40)), pow)
    yield Case('pow', (random.choice((0, 1, -1)), abs(an_int())), pow)
    yield Case('pow', (random.randint(-20, 20), random.randint(0, 2000)), pow)
    base, exponent, modulus = an_int(), an_int(), an_int()
    if random.random() < 0.3:
        modulus = random.randint(-20, 20)
    yield Case('pow_mod', (base, exponent, modulus), pow)
    yield Case('pow_mod', (base, exponent, modulus | 1), pow)


@family
def int_and_float():
    a, b = an_int(1200), an_int(1200)
    yield Case('int_to_float', (a,), float)
    tie = sign() * ((1 << 53 | random.getrandbits(53)) << random.randint(0, 980)) + random.randint(-1, 1)
    half = tie * 2 + sign() * (abs(tie) & -abs(tie) or 1)
    yield Case('int_to_float', (half,), float)
    yield Case('true_div', (a, b), lambda a, b: a / b)
    exact = an_int(200) or 1
    yield Case('true_div', (half * exact, exact), lambda a, b: a / b)
    yield Case('true_div', (random.getrandbits(60), (1 << random.randint(1000, 1130)) + random.randint(0, 1)),
               lambda a, b: a / b)
    x = a_float()
    yield Case('float_to_int', (x,), int)
    near = a_small()
    if math.isfinite(x):
        near = int(x) + random.randint(-1, 1)

    def order(a, x):
        return 9 if x != x else (a > x) - (a < x)

    yield Case('compare_float', (near, x), order)
    yield Case('compare_float', (a, a_float()), order)
    yield Case('compare_float', (half, float(half) if abs(half) < 2**1023 else x), order)


@family
def int_bytes():
    data = random.randbytes(random.choice((0, 1, 2, 7, 8, 9, 15, 16, 17, 40)))
    big, signed = random.random() < 0.5, random.random() < 0.5
    yield Case('from_bytes', (data, big, signed),
               lambda d, b, s: int.from_bytes(d, 'big' if b else 'little', signed=s))
    value = an_int()
    if random.random() < 0.3:
        value = sign() * (1 << random.choice((7, 8, 15, 16, 63, 64, 127, 128))) + random.randint(-1, 1)
    length = max(0, (value.bit_length() + 7) // 8 + random.randint(-1, 2))
    yield Case('to_bytes', (value, length, big, signed),
               lambda v, n, b, s: v.to_bytes(n, 'big' if b else 'little', signed=s))


@family
def combinatorics():
    yield Case('factorial', (random.randint(-3, 400),), math.factorial)
    yield Case('comb', (random.randint(-2, 120), random.randint(-2, 120)), math.comb)
    yield Case('perm', (random.randint(-2, 120), random.randint(-2, 120)), math.perm)
    n, k = an_int(100), random.randint(-1, 12)
    yield Case('comb', (n, random.choice((k, n - k))), math.comb)
    yield Case('perm', (n, k), math.perm)


@family
def hashes():
    yield Case('int_hash', (an_int(),), hash)
    x = a_float()
    yield Case('float_hash', (x,), lambda x: None if x != x else hash(x))
    z = a_complex()
    yield Case('c_hash', (z,), lambda z: None if z != z else hash(z))
    hashes = [hash(an_int(60)) for _ in range(random.randint(0, 12))]

    class Hashed:
        def __init__(self, value):
            self.value = value

        def __hash__(self):
            return self.value

    items = [Hashed(value) for value in hashes]
    yield Case('hash_tuple', hashes, lambda *_: hash(tuple(items)))
    yield Case('hash_frozenset', hashes, lambda *_: hash(frozenset(items)))


def a_float_literal():
    kind = random.random()
    if kind < 0.15:
        text = random.choice(('inf', 'Infinity', 'nan', 'NaN', 'INF', 'infinit', 'nann', 'in'))
    elif kind < 0.3:
        text = repr(a_float())
    elif kind < 0.4:
        text = str(Fraction(a_float(False)).limit_denominator(10**9).numerator)
    else:
        digits = ''.join(random.choice(DIGITS) for _ in range(random.choice((1, 3, 10, 17, 20, 60, 800))))
        at = random.randint(0, len(digits))
        text = random.choice((digits, digits[:at] + '.' + digits[at:]))
        if random.random() < 0.5:
            text += random.choice('eE') + random.choice(('', '+', '-')) + str(random.choice((random.randint(0, 30), random.randint(0, 400), 10**20)))
    if random.random() < 0.2 and len(text) > 2:
        at = random.randrange(1, len(text))
        text = text[:at] + '_' + text[at:]
    return random.choice(('', '', '-', '+')) + text


def halfway():
    """The exact decimal between two floats, or next to it."""
    x = abs(any_bits())
    if not math.isfinite(x) or not math.isfinite(math.nextafter(x, INF)):
        x = 1.0
    middle = (Fraction(x) + Fraction(math.nextafter(x, INF))) / 2
    shift = middle.denominator.bit_length() - 1
    digits = str(middle.numerator * 5**shift)
    return f'{digits}{random.choice(("", "0" * 30 + "1"))}e-{shift}' if random.random() < 0.5 else f'{digits}e{-shift}'


@family
def float_text():
    text = mangled(random.choice(BLANKS) + disguised(a_float_literal()) + random.choice(BLANKS))
    yield Case('float_parse', (text,), float, prefix=True)
    yield Case('float_parse', (halfway(),), float, prefix=True)
    x = a_float()
    yield Case('float_repr', (x,), repr)
    yield Case('float_repr', (any_bits(),), repr)
    yield Case('float_hex', (x,), float.hex)
    text = x.hex()
    if random.random() < 0.6:
        digits = ''.join(random.choice('0123456789abcdefABCDEF') for _ in range(random.choice((1, 5, 14, 20, 40))))
        at = random.randint(0, len(digits))
        text = random.choice(('', '0x', '0X', '-0x', '+')) + random.choice((digits, digits[:at] + '.' + digits[at:]))
        text += random.choice(('', 'p', 'P+', 'p-')) + str(random.choice((random.randint(0, 1200), 10**25)))
    yield Case('fromhex', (mangled(text).replace('\ud800', ''),), float.fromhex)


@family
def float_arithmetic():
    a, b = a_float(), a_float()
    if random.random() < 0.2 and math.isfinite(b):
        a = b * random.randint(-1000, 1000)
    yield Case('float_div', (a, b), lambda a, b: a / b)
    yield Case('float_floor_div', (a, b), lambda a, b: a // b)
    yield Case('float_mod', (a, b), lambda a, b: a % b)
    yield Case('float_divmod', (a, b), divmod)

    def power(a, b):
        # What a complex result is, or that it overflows, is the complex power's business.
        if a < 0 and math.isfinite(a) and math.isfinite(b) and b != math.floor(b):
            return 'complex'
        return a**b

    yield Case('float_pow', (a, b), power)
    yield Case('float_pow', (a_float(), float(random.randint(-10, 10))), power)
    digits = random.choice((random.randint(-5, 15), random.randint(-330, 330), 0, 1, 2, 3))
    yield Case('float_round', (a, digits), round)
    tie = random.randint(-10**6, 10**6) / 2 ** random.randint(0, 10) * 10.0 ** random.randint(-5, 5)
    yield Case('float_round', (tie, random.randint(-6, 12)), round)
    near = float(f'{random.randint(-10**9, 10**9)}5e-{random.randint(1, 25)}')
    yield Case('float_round', (near, random.randint(0, 24)), round)
    yield Case('float_ratio', (a,), float.as_integer_ratio)
    yield Case('is_integer', (a,), float.is_integer)


@family
def sums():
    terms = [a_float(random.random() < 0.02) for _ in range(random.randint(0, 12))]
    if random.random() < 0.5:
        terms += [-x for x in terms]
        random.shuffle(terms)
    yield Case('sum', terms, lambda *terms: sum(terms, 0.0))
    yield Case('fsum', terms, lambda *terms: math.fsum(terms))
    pairs = [complex(a, b) for a, b in zip(terms, reversed(terms))]
    yield Case('sum_complex', pairs, lambda *pairs: sum(pairs, 0j))
    # Subnormal products have errors of their own, and infinite sums are the caller's.
    factors = [random.uniform(-10, 10) * 10 ** random.randint(-8, 8) for _ in range(2 * random.randint(0, 10))]
    factors = [random.choice((x, float(round(x)))) for x in factors]
    yield Case('sumprod', factors, lambda *f: math.sumprod(f[::2], f[1::2]) if f else 0.0)
    vector = [a_float(random.random() < 0.1) for _ in range(random.randint(0, 6))]
    if random.random() < 0.5:
        vector = [random.uniform(-9, 9) for _ in range(random.randint(1, 6))]
    if random.random() < 0.1:
        vector = [x * 5e-324 for x in range(random.randint(1, 6))]
    yield Case('math_hypot', vector, math.hypot)
    half = len(vector) // 2
    yield Case('math_dist', vector[:2 * half], lambda *v: math.dist(v[:half], v[half:]))


@family
def complex_arithmetic():
    a, b, x = pick(a_complex, a_plain_complex), pick(a_complex, a_plain_complex), a_float()
    yield Case('c_add', (a, b), lambda a, b: a + b)
    yield Case('c_sub', (a, b), lambda a, b: a - b)
    yield Case('c_mul', (a, b), lambda a, b: a * b)
    yield Case('c_div', (a, b), lambda a, b: a / b)
    yield Case('c_pow', (a, b), lambda a, b: a**b)
    yield Case('c_pow', (a, complex(random.randint(-105, 105))), lambda a, b: a**b)
    yield Case('c_pow', (a_plain_complex(), complex(random.randint(-20, 20))), lambda a, b: a**b)
    yield Case('cr_add', (a, x), lambda a, x: a + x)
    yield Case('cr_sub', (a, x), lambda a, x: a - x)
    yield Case('rc_sub', (x, a), lambda x, a: x - a)
    yield Case('cr_mul', (a, x), lambda a, x: a * x)
    yield Case('cr_div', (a, x), lambda a, x: a / x)
    yield Case('rc_div', (x, a), lambda x, a: x / a)
    yield Case('c_neg', (a,), lambda a: -a)
    yield Case('c_abs', (a,), abs)


@family
def complex_text():
    yield Case('c_repr', (a_complex(),), repr)
    real, imag = a_float_literal(), a_float_literal()
    imag = random.choice((imag, imag.lstrip('+-'), '', '+', '-'))
    joint = '' if imag[:1] in ('+', '-') else random.choice('+-')
    text = random.choice((real, imag + 'j', real + joint + imag + random.choice('jJ'), repr(a_complex())))
    if random.random() < 0.3:
        text = f'({random.choice(BLANKS)}{text}{random.choice(BLANKS)})'
    yield Case('c_parse', (mangled(random.choice(BLANKS) + disguised(text) + random.choice(BLANKS)),), complex,
               prefix=True)


ONE_FLOAT = ('sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp exp2 expm1 log1p sqrt erf erfc gamma '
             'lgamma log log2 log10 frexp modf ulp degrees radians').split()


def a_math_argument():
    return pick(a_float, lambda: random.uniform(-1, 1), lambda: random.uniform(-30, 30), lambda: random.uniform(-750, 720),
                lambda: 1 + sign() * math.exp(random.uniform(-36, 0)), lambda: float(random.randint(-200, 200)),
                lambda: random.randint(-400, 400) / 2)


def nearest_cbrt(x):
    """The float nearest to the cube root. (glibc's own is off by one ulp for half of all arguments.)"""
    if x == 0 or not math.isfinite(x):
        return x
    size = Fraction(abs(x))
    root = math.cbrt(abs(x))

    def too_low(root):
        return size > ((Fraction(root) + Fraction(math.nextafter(root, INF))) / 2) ** 3

    while too_low(root):
        root = math.nextafter(root, INF)
    while not too_low(math.nextafter(root, 0)):
        root = math.nextafter(root, 0)
    return math.copysign(root, x)


@family
def math_functions():
    for name in ONE_FLOAT:
        yield Case('math_' + name, (a_math_argument(),), getattr(math, name))
    yield Case('math_cbrt', (a_float(),), nearest_cbrt)
    for name in ('atan2', 'pow', 'fmod', 'remainder'):
        yield Case('math_' + name, (a_math_argument(), a_math_argument()), getattr(math, name))
    x, y = a_float(), a_float()
    yield Case('math_remainder', (y * random.randint(-50, 50) / 2, y), math.remainder)
    yield Case('math_fma', (x, y, random.choice((a_float(), -x * y, NAN))), math.fma)
    yield Case('math_ldexp', (x, random.choice((random.randint(-2200, 2200), random.randint(-60, 60)))), math.ldexp)
    steps = random.choice((0, 1, 2, random.getrandbits(20), random.getrandbits(62)))
    y = random.choice((y, -x, x + x * 1e-15))
    yield Case('math_nextafter', (x, y, steps), lambda x, y, s: math.nextafter(x, y, steps=s))
    tolerance = random.choice((0.0, 1e-9, 1e-3, 2.0, -1.0, INF, NAN))
    yield Case('math_isclose', (x, random.choice((y, x * (1 + 1e-9), x)), tolerance, random.choice((0.0, 1e-9, tolerance))),
               lambda a, b, r, t: math.isclose(a, b, rel_tol=r, abs_tol=t))
    n = random.choice((an_int(2000), 2 ** random.randint(0, 3000), 10 ** random.randint(0, 700)))
    for name in ('log', 'log2', 'log10'):
        yield Case(f'math_{name}_int', (n,), getattr(math, name))


def a_cmath_argument():
    def part():
        return pick(a_float, lambda: random.uniform(-2, 2), lambda: random.choice((0.0, -0.0, 1.0, -1.0, INF, -INF, NAN)),
                    lambda: random.uniform(-750, 750), lambda: sign() * math.exp(random.uniform(-300, 300)))

    return complex(part(), part())


@family
def cmath_functions():
    for name in ('log log10 exp sqrt sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh polar').split():
        yield Case('cmath_' + name, (a_cmath_argument(),), getattr(cmath, name))
    z = a_cmath_argument()
    # With current C libraries cmath.phase() reports overflow where the angle underflows; math.atan2() does not.
    yield Case('cmath_phase', (z,), lambda z: math.atan2(z.imag, z.real))
    yield Case('cmath_rect', (z.real, z.imag), cmath.rect)
    yield Case('cmath_logb', (z, a_cmath_argument()), cmath.log)
    near = z * (1 + random.choice((1e-9, 1e-10, 1.0)))
    yield Case('cmath_isclose', (z, near, random.choice((1e-9, 0.0, -1.0)), random.choice((0.0, 1.0))),
               lambda a, b, r, t: cmath.isclose(a, b, rel_tol=r, abs_tol=t))


# Formatting.


def a_spec(kinds):
    """A format specification, most of them meaningful to someone."""

    def maybe(chance, *choices):
        return random.choice(choices) if random.random() < chance else ''

    def number():
        digits = str(random.choice((0, 1, 2, 3, 5, 8, 10, 17, 25, 40)))
        return disguised(digits)

    text = maybe(0.3, '<', '>', '^', '=')
    if text:
        text = maybe(0.5, '*', 'x', '0', 'é', '\u20ac', '\U0001f600', '\ud800', '<', '{') + text
    text += maybe(0.3, '+', '-', ' ') + maybe(0.1, 'z') + maybe(0.25, '#') + maybe(0.3, '0')
    text += number() if random.random() < 0.6 else ''
    text += maybe(0.3, ',', '_')
    if random.random() < 0.45:
        text += '.' + (number() if random.random() < 0.9 else '') + maybe(0.3, ',', '_')
    text += maybe(0.8, *kinds)
    if random.random() < 0.1:
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice('<>=^+- z#0123456789,_.dsfgneExXob%crq\x01\x7fé\ud800') + text[at:]
    return text


INT_KINDS = 'ddddbboxxXXnccefgEFG%s'
FLOAT_KINDS = 'eeEfffFgggG%nnds'


@family
def format_int():
    sys.set_int_max_str_digits(4300)
    value = random.choice((an_int(), random.randint(0, 0x110002), random.randint(-10**6, 10**6)))
    yield Case('format_int', (value, a_spec(INT_KINDS)), format)
    sys.set_int_max_str_digits(0)


@family
def format_float():
    yield Case('format_float', (a_float(), a_spec(FLOAT_KINDS)), format)
    value = random.choice((a_float(), random.randint(-10**7, 10**7) / 10 ** random.randint(0, 6)))
    precision = random.choice((random.randint(0, 20), random.randint(0, 1200)))
    yield Case('format_float', (value, f'{random.choice(("", "#"))}.{precision}{random.choice("efgEFG%")}'), format)
    tie = (2 * random.randint(-10**5, 10**5) + 1) / 2 ** random.randint(0, 20)
    yield Case('format_float', (tie, f'.{random.randint(0, 12)}{random.choice("efg")}'), format)


@family
def format_complex():
    yield Case('format_complex', (pick(a_complex, a_plain_complex), a_spec('eEfFgGn%d')), format)


def installed_locales():
    """Those of a few locales with different ways of grouping that can be set."""
    found = []
    for name in ('de_DE.UTF-8', 'en_IN.UTF-8', 'fr_FR.UTF-8'):
        try:
            locale.setlocale(locale.LC_NUMERIC, name)
        except locale.Error:
            continue
        conventions = locale.localeconv()
        grouping = bytes(conventions['grouping']).removesuffix(b'\0')
        found.append((name, conventions['decimal_point'], conventions['thousands_sep'], grouping))
    locale.setlocale(locale.LC_NUMERIC, 'C')
    return found


@family
def format_localized():
    name, point, separator, grouping = random.choice(installed_locales())
    number, x = an_int(80), random.choice((a_float(), random.randint(-10**9, 10**9) / 100))
    specs = [a_spec('nnnnnnn') for _ in 'ab']
    specs[0] = specs[0].split('.')[0] + 'n' if '.' in specs[0] else specs[0]

    def formatted(*_):
        locale.setlocale(locale.LC_NUMERIC, name)
        try:
            return f'{format(number, specs[0])}|{format(x, specs[1])}'
        finally:
            locale.setlocale(locale.LC_NUMERIC, 'C')

    yield Case('format_localized', (point, separator, grouping, number, specs[0], x, specs[1]), formatted)


format_localized.missing = lambda: None if installed_locales() else (
    'no locale that groups digits is installed: localedef --no-archive -i en_IN -f UTF-8 DIR/en_IN.UTF-8, LOCPATH=DIR')


def a_string():
    alphabet = random.choice(('abc', 'aé€', 'a\U0001f600\ud800', 'x'))
    return ''.join(random.choice(alphabet) for _ in range(random.randint(0, 12)))


@family
def format_str():
    yield Case('format_str', (a_string(), a_spec('ssssssd')), format)


def a_percent_format(keys):
    text = ''
    for _ in range(random.randint(1, 3)):
        text += random.choice(('', 'a', 'é', '%%', '\ud800', 'abc '))
        text += '%'
        if keys or random.random() < 0.05:
            text += random.choice(('(a)', '(b)', '(a)', '(z)', '(a(b)c)', '()', '(a'))
        text += ''.join(random.choice('-+ #0') for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3))))
        text += random.choice(('', '', '1', '5', '12', '30', '*'))
        text += random.choice(('', '', '', '.', '.0', '.3', '.10', '.*'))
        text += random.choice(('', '', '', '', 'l', 'h', 'L', 'll'))
        text += random.choice('ddiuoxXxeEfFgGcsssraa' + random.choice('ddddddqb%é\x1f\n'))
    # Without its key a conversion would be given the mapping.
    return mangled(text) if random.random() < 0.2 and not keys else text


def a_percent_value():
    kind = random.random()
    if kind < 0.4:
        return random.randint(-1000, 1000)
    if kind < 0.6:
        return random.randint(0, 0x110002)
    if kind < 0.8:
        return an_int()
    return a_string() if kind < 0.9 else random.choice('aé\U0001f600')


def without_surplus(function):
    """Leftover arguments are the caller's to notice."""
    try:
        return function()
    except TypeError as error:
        if 'not all arguments converted' in str(error):
            return None
        raise


@family
def percent_format():
    sys.set_int_max_str_digits(4300)
    keys = random.random() < 0.3
    text = a_percent_format(keys)
    values = [a_percent_value() for _ in range(random.randint(1, 8))]
    if '*' in text:
        # Gigabytes of padding would be no mistake.
        values = [value if isinstance(value, str) or abs(value) < 1000 or abs(value) >= 2**63 else value % 50
                  for value in values]
    # A string's repr is not the probe's business.
    if 'r' in text or 'a' in text:
        values = [value if isinstance(value, int) else 7 for value in values]
    subject = {chr(ord('a') + index): value for index, value in enumerate(values)} if keys else tuple(values)
    case = Case('percent', (False, keys, text, *values), lambda *_: without_surplus(lambda: text % subject))
    if case.expected != '=none' and not (keys and '*' in text):
        yield case
    data = text.encode('utf-8', 'surrogatepass')
    values = [value for value in values if isinstance(value, int)] or [0]
    values = [value if random.random() < 0.5 else value % 256 for value in values]
    subject = {bytes([ord('a') + index]): value for index, value in enumerate(values)} if keys else tuple(values)
    case = Case('percent', (True, keys, data, *values), lambda *_: without_surplus(lambda: data % subject))
    if case.expected != '=none' and not (keys and '*' in text):
        yield case
    sys.set_int_max_str_digits(0)


def a_brace_format():
    parts = ['{', '{', '}', '}', '{}', '{0}', '{1}', '{0', '{{', '}}', '!', '!r', '!s', ':', ':{}', ':>{}', ':>{1}',
             ':10', '.', '[', ']', '[0]', '[a]', '.a', 'a', '0', '1', '9', '\u0661', 'é', '\ud800', 'x', ' ', '\0']
    if random.random() < 0.5:
        return ''.join(random.choice(parts) for _ in range(random.randint(1, 8)))
    text = ''
    for _ in range(random.randint(1, 3)):
        text += random.choice(('', 'a', '{{', '}}', 'é'))
        name = random.choice(('', '', '0', '1', '2', 'a', '0.x', '0[1]', '[a.b]', '.a', '7', '99999999999999999999'))
        spec = random.choice(('', '', ':', ':5', ':>{}', ':{}', ':{1}', ':{0}d', ':{:{}}', ':{{', ':{{}}', ':x', ':s'))
        text += '{' + name + random.choice(('', '', '', '!r', '!s', '!a', '!q', '!', '!rr', '!é')) + spec + '}'
    return mangled(text) if random.random() < 0.2 else text


def parsed(text):
    chunks = []
    for literal, name, spec, conversion in _string.formatter_parser(text):
        chunks += [literal, name, spec, conversion if conversion is None else ord(conversion)]
    return chunks


def split_name(text):
    first, rest = _string.formatter_field_name_split(text)
    return [first, *(part for accessor in rest for part in accessor)]


@family
def brace_format():
    text = a_brace_format()
    yield Case('formatter_parser', (text,), parsed)
    values = [random.randint(-20, 20) for _ in range(3)]
    yield Case('str_format', (text, *values), lambda text, *values: text.format(*values))
    name = mangled(random.choice(('', '0', '12', 'a', 'abc', '\u0661', '9' * 20)) + ''.join(
        random.choice(('.a', '[0]', '[a]', '.', '[', ']', '[]', '.0', '[-1]', '[\u0662]', 'x')) for _ in range(random.randint(0, 4))))
    yield Case('field_name', (name,), split_name)
