"""int.to_bytes and int.from_bytes."""


def show(text):
    try:
        result = repr(eval(text))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(text, "->", result)


class MyInt(int):
    def __new__(cls, value):
        print("MyInt", type(value).__name__, int(value))
        return super().__new__(cls, value)


class Bytes:
    def __bytes__(self):
        return b"\x01\x02"


class BadBytes:
    def __bytes__(self):
        return "x"


class Index:
    def __index__(self):
        return 3


for text in """
(1).to_bytes()
(258).to_bytes(2)
(258).to_bytes(2, 'little')
(258).to_bytes(length=4, byteorder='big')
(258).to_bytes(Index(), byteorder='little')
(1).to_bytes(1.5)
(1).to_bytes(-1)
(1).to_bytes(1, 1)
(1).to_bytes(1, None)
(1).to_bytes(1, 'x')
(1).to_bytes(10**30)
(256).to_bytes(1)
(255).to_bytes(1)
(-1).to_bytes(1)
(-1).to_bytes(1, signed=True)
(-1).to_bytes(0, signed=True)
(-128).to_bytes(1, signed=True)
(-129).to_bytes(1, signed=True)
(128).to_bytes(1, signed=True)
(127).to_bytes(1, signed=True)
(0).to_bytes(0)
(0).to_bytes(0, signed=True)
(1).to_bytes(0)
(1).to_bytes(1, 'big', True)
(1).to_bytes(1, 'big', foo=1)
(2**64).to_bytes(9), (2**64).to_bytes(9, 'little'), (-(2**64)).to_bytes(9, signed=True)
(2**100).to_bytes(16, 'little', signed=True), (-(2**100)).to_bytes(16, signed=True)
(2**72).to_bytes(9)
True.to_bytes()
int.from_bytes(b'')
int.from_bytes(b'', signed=True)
int.from_bytes(b'\\x01\\x02'), int.from_bytes(b'\\x01\\x02', 'little')
int.from_bytes(b'\\xff\\xfe', signed=True), int.from_bytes(b'\\xff\\xfe', 'little', signed=True)
int.from_bytes(b'\\x80' + bytes(20), signed=True), int.from_bytes(bytes(20) + b'\\x80', 'little', signed=True)
int.from_bytes(b'\\xff' * 20), int.from_bytes(b'\\xff' * 20, signed=True)
int.from_bytes('abc')
int.from_bytes(5)
int.from_bytes([1, 2])
int.from_bytes((255, 0))
int.from_bytes(range(5))
int.from_bytes([256])
int.from_bytes([-1])
int.from_bytes([1, 'a'])
int.from_bytes([2**100])
int.from_bytes(Bytes())
int.from_bytes(BadBytes())
int.from_bytes(None)
int.from_bytes(b'ab', 'x')
int.from_bytes(b'ab', 1)
int.from_bytes(b'ab', byteorder='little', signed=True)
int.from_bytes(bytes=b'1')
int.from_bytes()
int.from_bytes(b'a', 'big', True)
MyInt.from_bytes(b'\\x01\\x00')
type(MyInt.from_bytes(b'1'))
bool.from_bytes(b'\\0'), bool.from_bytes(b'\\2')
""".strip().split("\n"):
    show(text)

for value in [0, 1, 127, 128, 255, 256, 2**31, 2**63 - 1, 2**63, 2**64 - 1, 2**64, 3**77]:
    for sign in (1, -1):
        number = value * sign
        length = number.bit_length() // 8 + 1
        for order in ("big", "little"):
            data = number.to_bytes(length, order, signed=True)
            assert int.from_bytes(data, order, signed=True) == number
            assert int.from_bytes(number.to_bytes(length + 13, order, signed=True), order, signed=True) == number
            if sign == 1:
                assert int.from_bytes(number.to_bytes(length, order), order) == number
print("done")
