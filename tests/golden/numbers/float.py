"""float: arithmetic, comparison, text and methods."""


def show(text):
    try:
        result = repr(eval(text))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(text, "->", result)


class MyFloat(float):
    pass


inf, nan = float("inf"), float("nan")
VALUES = [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e15, 123456789.0, 1e-5, 1e-4, 5e-324, 2.2250738585072014e-308, 1e22, 1e23,
          1.7976931348623157e308, 1e77, 1e78, -1e-78, 2.0**-256, 2.0**257, 1 / 3, inf, -inf, nan, 3.14159, 2.5, -2.5, 1e300]

for x in VALUES:
    print(x, repr(-x), abs(x), bool(x), x.is_integer(), x.hex(), x == x, x is x, hash(x) if x == x else "nan")
    if x == x:
        assert float(repr(x)) == x and float.fromhex(x.hex()) == x

for a in VALUES:
    row = []
    for b in VALUES:
        row += [a + b, a - b, a * b, a < b, a == b, a >= b, a != b]
        if b:
            row += [a / b, a // b, a % b, divmod(a, b)]
    print(row)

for text in """
1.0 % 0
1.0 // 0
1.0 / 0
divmod(1.0, 0)
1.0 / 0.0
2.0 ** 0.5, (-8.0) ** (1/3), (-8.0) ** 3, 0.0 ** 0, 2 ** 0.5, 4 ** -0.5, inf ** -1, (-inf) ** 3, nan ** 0, 1 ** nan
0.0 ** -1
10.0 ** 400
(-10.0) ** 401
pow(2.0, 3, 2)
pow(2.0, 3, None)
2.0 ** 'a'
1.5 + 'a'
1.5 + None
1.5 + 10**400
10**400 * 1.5
1.5 < 10**400, 1.5 == 10**400, -inf < -10**400, 1e308 < 10**400, 1e22 == 10**22, 1e23 == 10**23, 2.5 > 2, 2.5 < 3
2.0**53 == 2**53, 2.0**53 == 2**53 + 1, 2.0**53 < 2**53 + 1, nan < 5, nan != 5, 0.5 == True, 1.0 == True
1.5 < 'a'
1.5 == 'a', 1.5 != None
~1.5
1.5 << 1
1.5 & 1
int(1e20), int(-1e20), (1e20).__trunc__(), (1.7).__floor__(), (-1.7).__floor__(), (1.2).__ceil__(), (-1.2).__ceil__()
inf.__trunc__()
nan.__floor__()
(-inf).__ceil__()
round(2.5), round(3.5), round(-2.5), round(0.5), round(1e20), round(-0.4)
round(2.675, 2), round(1234.5678, -2), round(0.15, 1), round(1e16, 2), round(5e-324, 2), round(-0.04, 1), round(1.5, 400)
round(1e308, -308), round(1.5, -400), round(2.5, 0), round(2.5, None), round(inf, 2), round(nan, 2), round(1.5, 10**30)
round(1.7e308, -308)
round(inf)
round(nan)
round(1.5, 'a')
round(1.5, 1.5)
type(round(MyFloat(1.5), 1)), type(round(MyFloat(1.5)))
(0.5).as_integer_ratio(), (-0.75).as_integer_ratio(), (3.0).as_integer_ratio(), (1e300).as_integer_ratio(), (5e-324).as_integer_ratio()
inf.as_integer_ratio()
nan.as_integer_ratio()
(1.5).real, (1.5).imag, (1.5).conjugate(), (1.5).__getnewargs__(), type(MyFloat(1).real), type(MyFloat(2).__getnewargs__()[0])
float.fromhex('0x1.8p3'), float.fromhex('-0x1p-1074'), float.fromhex('inf'), float.fromhex(' 1p1 '), float.fromhex('nan')
float.fromhex('0x1p')
float.fromhex('0x1p1024')
float.fromhex('')
float.fromhex(1)
float.fromhex(b'1')
float.fromhex('\\ud800')
float.fromhex('a\\ud800\\udfffb')
type(MyFloat.fromhex('0x1p4')), MyFloat.fromhex('0x1p4')
float.__getformat__('double'), float.__getformat__('float')
float.__getformat__('x')
float.__getformat__(1)
float.__getformat__('dou\\0ble')
(1.5).__eq__(1), (1.5).__eq__('a'), (1.5).__lt__(2), (1.5).__add__(1), (1.5).__add__('a'), (1.5).__radd__(2), (1.5).__rpow__(4)
(1.5).__divmod__(1), (1.5).__rdivmod__(4), (1.5).__bool__(), (1.5).__int__(), (1.5).__float__(), (1.5).__hash__()
type(MyFloat(1) + 1), type(-MyFloat(1)), type(+MyFloat(1)), type(abs(MyFloat(1)))
1e1000, -1e1000, 1e-1000, 1_0.0_1, .5, 5., 1e+5, 0x10 + 1.5
hash(1.0), hash(0.5), hash(1e300), hash(inf), hash(-inf), hash(-0.0), hash(1.1), hash(-1.0)
hash(nan) == hash(nan), hash(nan) == hash(float('nan')), len({nan, nan}), len({float('nan'), float('nan')}), nan in [nan]
(1.0).__sizeof__()
sum([0.1] * 10), sum([1e16, 1.0, -1e16]), sum([0.1, 1, 2**70])
max(1.5, 2), min(nan, 1), max(1, nan)
repr(MyFloat(1.5)), str(MyFloat(1e20)), format(MyFloat(2.0))
""".strip().split("\n"):
    show(text)

x = 0.1
x += 1
x -= 0.5
x *= 3
x /= 7
x //= 0.01
x %= 7.5
x **= 2
print(x)
