"""int(), float(), complex() and the special methods behind them."""


def show(text, **names):
    try:
        result = repr(eval(text, {**globals(), **names}))
        if len(result) > 120:
            result = result[:120] + "..."
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(text, "->", result)


class MyInt(int):
    pass


class MyFloat(float):
    pass


class MyComplex(complex):
    pass


class MyStr(str):
    pass


class Index:
    def __index__(self):
        return 5


class BadIndex:
    def __index__(self):
        return "x"


class Int:
    def __int__(self):
        return 7

    def __index__(self):
        return 8


class BadInt:
    def __int__(self):
        return 1.5


class Float:
    def __float__(self):
        return 2.5

    def __index__(self):
        return 3


class BadFloat:
    def __float__(self):
        return 3


class Complex:
    def __complex__(self):
        return 1 + 2j

    def __float__(self):
        return 9.0


class BadComplex:
    def __complex__(self):
        return 3.0


class Failing:
    def __index__(self):
        raise KeyError("index")

    def __float__(self):
        raise KeyError("float")

    def __complex__(self):
        raise KeyError("complex")


class Liar(int):
    def __int__(self):
        return 99

    def __index__(self):
        return 98

    def __float__(self):
        return 97.0


class FloatStr(str):
    def __float__(self):
        return 4.25


for text in """
int()
int(1,2,3)
int(base=10)
int(x=1)
int('1', base=1)
int('1', base=-1)
int('1', base=37)
int('zz', base=36)
int('0b101', 0)
int(' -0x_ff ', 0)
int('0777', 0)
int('0o777', 0)
int('00', 0)
int(5, 10)
int([], 10)
int([])
int(None)
int('abc')
int('')
int('  ')
int('1__0')
int('1_000')
int('a'*300)
int(b'abc')
int(b'a'*300)
int(b' 12 ')
int(b'ff', 16)
int('12', Index())
int('1', 10**30)
int('1', -10**30)
int('1', 1.5)
int('١٢٣')
int('\\u2003 7\\u00a0')
int('1\\ud800')
int('1\\x00')
int(True), int(MyInt(5)), type(int(MyInt(5)))
int(1.9), int(-1.9), int(1e30)
int(float('nan'))
int(float('inf'))
int(-float('inf'))
int(1j)
int(Index()), int(Int())
int(BadIndex())
int(BadInt())
int(Failing())
int(Liar(1))
int('9' * 4300) == 10**4300 - 1
int('9' * 4301)
int('1' * 5000, 16) > 0
type(MyInt('12')), MyInt('12') + 1
MyInt(2**100)
MyInt(True) is True
bool(), bool(0), bool(''), bool('0'), bool(0.0), bool(-0.0), bool(0j), bool(2**100)
bool(1, 2)
bool(x=1)
float()
float(1, 2)
float(x=1)
float(10**400)
float('1e400'), float('-1e-400')
float(' 1_0.5e+1\\n')
float('nan'), float('-nan'), float('-Infinity'), float('iNf')
float('1__0')
float('_1')
float('1_')
float('abc')
float('')
float('1\\x00')
float('١.٥')
float([])
float(b'1.5')
float(b'abc')
float(1j)
float(Float()), float(Index())
float(BadFloat())
float(BadIndex())
float(Failing())
float(Liar(1)), Liar(1) + 1.0
float(FloatStr('1'))
float(MyStr('1.5'))
type(MyFloat(1)), MyFloat('2.5') * 2
float.from_number(1), float.from_number(1.5), float.from_number(Float())
float.from_number('1')
float.from_number(1j)
type(MyFloat.from_number(3)), MyFloat.from_number(3)
complex()
complex(1), complex(1.5), complex('1+2j'), complex(' ( -1.5e2-j ) ')
complex(1, 2), complex(1, -0.0), complex(-0.0, -0.0), complex(imag=-0.0)
complex(1, 2, 3)
complex('1', 2)
complex(1, '2')
complex(real='1')
complex(imag='1')
complex(imag=1), complex(real=1), complex(imag=2, real=1)
complex([])
complex(None)
complex(None, 1)
complex(1, None)
complex(b'1')
complex(1, foo=2)
complex('1_0'), complex('infj'), complex('nan+nanj')
complex('1__0')
complex('abc')
complex('1+')
complex('')
complex(Complex()), complex(Float()), complex(Index())
complex(BadComplex())
complex(1, Complex())
complex(Float(), Float()), complex(Index(), Index())
complex(Failing())
complex(1, Failing())
complex(10**400)
complex(1, 10**400)
type(MyComplex(1, 2)), MyComplex(1, 2) * 2
type(complex(MyComplex(1j))), complex(MyComplex(1j))
complex.from_number(1), complex.from_number(1.5), complex.from_number(1j), complex.from_number(Complex())
complex.from_number('1')
complex.from_number(None)
type(MyComplex.from_number(1))
range(Index())
[10, 20, 30, 40, 50, 60][Index()]
[1][BadIndex()]
[1][1.5]
hex(Index()), bin(Index()), oct(Index())
hex(1.5)
chr(Int())
(1).__index__(), True.__index__(), MyInt(3).__index__()
type(True.__int__()), type(MyInt(3).__index__()), type(MyInt(3).__float__())
(3).__float__(), (2.7).__int__(), (2.7).__float__()
""".strip().split("\n"):
    show(text)

x = 2**70
print(int(x) is x, (+x) is x, x.real is x, x.conjugate() is x, abs(x) is x, round(x) is x)
y = 1e300
print(float(y) is y, (+y) is y, y.real is y, float.from_number(y) is y)
z = 1 + 2j
print(complex(z) is z, (+z) is z, z.__complex__() is z, complex.from_number(z) is z)
