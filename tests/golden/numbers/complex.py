"""complex: arithmetic by the rules of 3.14, comparison, text."""


def show(text):
    try:
        result = repr(eval(text))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(text, "->", result)


class MyComplex(complex):
    pass


class MyInt(int):
    pass


inf, nan = float("inf"), float("nan")
PARTS = [0.0, -0.0, 1.0, -2.5, inf, nan]
COMPLEX = [complex(a, b) for a in PARTS for b in PARTS]
REAL = [0, 1, -3, 2**70, 0.0, -0.0, 2.5, inf, -inf, nan, True, MyInt(4)]


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for z in COMPLEX:
    print(z, -z, +z, abs(z), bool(z), z.conjugate(), z.real, z.imag, z == z.real, z == z)

OPERATORS = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b]
for z in COMPLEX:
    print(z, [attempt(operator, z, w) for w in COMPLEX[::5] for operator in OPERATORS])
    print(z, [attempt(operator, z, x) for x in REAL for operator in OPERATORS])
    print(z, [attempt(operator, x, z) for x in REAL for operator in OPERATORS])

for text in """
(1+2j) ** 2, (1+2j) ** -1, (1+2j) ** 0, (1+2j) ** 0.5, (1+2j) ** (1+1j), 2 ** 1j, 2.5 ** 1j, 1j ** 1j, 1j ** 100, 1j ** 101
(1+2j) ** 3.0, (-1) ** 0.5, (-2.0) ** 1.5, 0j ** 0, 0j ** 2, 0 ** (1+0j), 1e-300j ** 2
0j ** -1
0j ** 1j
1e200j ** 2
(1e200+1e200j) ** 2
(1e300+1e300j) * 1e300
abs(complex(1e308, 1e308)), abs(complex(1.7e308, 1.7e308)) if False else 0
abs(complex(1.7e308, 1.7e308))
pow(2j, 3, 2)
pow(2, 1j, 3)
pow(2j, 'a', 2)
1j / 0
1j / 0j
1 / 0j
1j // 1
1j % 1
divmod(1j, 1)
1j < 2
1j < 2j
1j + 'a'
'a' + 1j
1j + None
1j + 10**400
~1j
int(1j)
float(1j)
hash(1j), hash(1+0j) == hash(1), hash(1.5+0j) == hash(1.5), hash(1+1j), hash(complex(inf, -inf)), hash(-1j), hash(0j)
1j == 1j, 1j != 1j, 1+0j == 1, 1+0j == 1.0, 1+0j == True, 1j == 'a', 1j == None, complex(2**53) == 2**53 + 1
2**53 + 1 == complex(2**53), complex(nan, 0) == complex(nan, 0), 1.5 == 1.5+0j, 10**400 == 1+0j, 1+0j != 10**400
(1j).__eq__(1), (1j).__lt__(1), (1j).__ne__('a'), (1j).__add__('a'), (1j).__radd__(2), (1j).__rpow__(2), (1j).__pow__(2)
(1j).__pow__(2, 3)
(1j).__complex__(), MyComplex(1j).__complex__(), type(MyComplex(1j).__complex__())
(1.5-2j).__getnewargs__(), MyComplex(1).__getnewargs__()
type(MyComplex(1) + 1), type(-MyComplex(1)), type(+MyComplex(1)), type(MyComplex(1).conjugate())
repr(MyComplex(1, 2)), str(1e20+1e-7j), 1e16j, -0j, -1j, (-1j).real, (0-1j).real, 1-0j, -(0+0j)
complex.real, complex.__add__
(1j).real.__class__
(1j).__bool__(), (0j).__bool__(), (1j).__abs__(), (1j).__hash__(), (1j).__neg__(), (1j).__pos__()
sum([1j, 2, 0.1, 0.2, 0.3j]), sum([0.1j] * 10)
(1j).__format__(''), format(1+2j, '.3f'), format(-1.5-2j, '10.1e'), f'{1.5j:>10}', f'{1+1j:^+20.2f}', f'{12345.678+1j:,}'
format(1j, '05')
format(1j, '=5')
format(1j, '%')
format(1j, 's')
(1j).__format__(3)
3j.imag, 0x10j if False else 0, 1_0j, 1e3j, .5j, 5.j
""".strip().split("\n"):
    show(text)

try:
    (1j).real = 5
except AttributeError as error:
    print(error)
z = 1 + 2j
z += 1
z -= 2j
z *= 3 + 1j
z /= 2
z **= 2
print(z)
