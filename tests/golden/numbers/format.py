"""__format__ of numbers."""


def show(value, spec):
    try:
        result = repr(format(value, spec))
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    print(f"format({value!r}, {spec!r}) -> {result}" if value != 10**5000 else f"format(huge, {spec!r}) -> {result}")


class MyInt(int):
    def __str__(self):
        return "mine"


class MyFloat(float):
    pass


class Spec(str):
    pass


INTS = [0, 7, -12345, 2**70, True, MyInt(255)]
FLOATS = [0.0, -0.0, 1.5, -1234567.891, 1e100, 5e-324, float("inf"), float("nan"), MyFloat(2.5)]
for value in INTS:
    for spec in ["", "d", "5", "05", "<8", ">8", "^8", "=+8", "*^12", "+", " ", "-", "x", "#x", "#X", "o", "#o", "b", "#b",
                 "08b", "#010x", ",", "_", "_x", "_b", "012,", "n", "c", "e", ".2e", ".3f", "g", "%", ".0%", "E", "F", "G",
                 "s", ".3d", "z", ",x", "_,", "10_", "é>6", "#", "#d", "#,", "0=8", "<08", "+c", "q", "\ud800", "5 ", "1000000000000000000000"]:
        show(value, spec)
for value in FLOATS:
    for spec in ["", "f", ".2f", ".0f", "#.0f", "e", ".3e", "E", "g", ".3g", "#g", "G", "%", ".1%", "n", "10", "010.2f", "<10.2f", "^12.2f",
                 "=+12.2f", "+", " ", ",", "_", ",.2f", "z", "z.1f", ".3", ".10", "#.3", "d", "x", "s", "c", ".", ".,f", ".10_f", "*>+15,.3f"]:
        show(value, spec)
show(65, "c")
show(0x1F600, "c")
show(-1, "c")
show(0x110000, "c")
show(10**30, "c")
show(10**400, "e")
show(10**5000, "d")
show(10**5000, ",")
print(len(format(10**5000, "x")), len(format(1, "1000")), len(format(1.5, ".1000f")))
for text in ["(5).__format__(1)", "(5).__format__()", "(5.0).__format__(None)", "True.__format__('d')", "f'{True}'", "f'{True:d}'", "f'{True:5}'",
             "f'{3:{4}}'", "f'{3.14159:.{2}f}'", "f'{12!r:>5}'", "(5).__format__(Spec('x'))", "'%s' % format(MyInt(5))", "format(5, 5)",
             "format(1.5, '٣')", "format(15, '٤')"]:
    try:
        print(text, "->", repr(eval(text)))
    except Exception as error:
        print(text, "->", f"{type(error).__name__}: {error}")
