# operators: reflected, inplace, subclass priority
class A:
    def __init__(self, n): self.n = n
    def __add__(self, o): return f"{self.n}+{getattr(o, 'n', o)}"
    def __radd__(self, o): return f"{getattr(o, 'n', o)}r+{self.n}"
    def __sub__(self, o): return NotImplemented
    def __lt__(self, o): return f"{self.n}<"
    def __gt__(self, o): return f"{self.n}>"
    def __eq__(self, o): return NotImplemented
class B(A):
    def __radd__(self, o): return f"Bradd"
    def __gt__(self, o): return "Bgt"
class C(A): pass
print(A(1) + A(2), A(1) + B(2), A(1) + C(2), 5 + A(1), A(1) + 5, A(1) < B(2), A(1) < C(2), A(1) > B(1))
try: A(1) - A(2)
except TypeError as e: print(e)
print(A(1) == A(1), A(1) != A(1))
class I:
    def __iadd__(self, o): print("iadd"); return self
    def __imul__(self, o): return NotImplemented
    def __mul__(self, o): return "mul"
i = I(); i += 1; i *= 2; print(i)
class R:
    pass
for op in "+ - * / // % ** @ << >> & | ^ < <= > >=".split():
    for a, b in (("R()", "1"), ("1", "R()"), ("R()", "R()"), ("[]", "R()")):
        try: print(eval(f"{a} {op} {b}"))
        except TypeError as e: print(e)
for op in "+= -= *= /= //= %= **= @= <<= >>= &= |= ^=".split():
    x = R()
    try: exec(f"x {op} 1")
    except TypeError as e: print(e)
for op in "- + ~".split():
    try: eval(f"{op}R()")
    except TypeError as e: print(e)
class E:
    def __eq__(self, o): return [1]
    def __ne__(self, o): return []
    def __lt__(self, o): return [2]
print(E() == 1, E() != 1, 1 == E(), E() < 1, 1 > E(), E() in [1], [E()] == [2], (E(),) < (1,))
class Pow:
    def __pow__(self, o, m=None): return ("pow", o, m)
    def __rpow__(self, o, m=None): return ("rpow", o, m)
    def __divmod__(self, o): return "dm"
    def __rdivmod__(self, o): return "rdm"
    def __matmul__(self, o): return "mm"
    def __index__(self): return 3
    def __round__(self, n=None): return ("round", n)
    def __trunc__(self): return 1
    def __ceil__(self): return 2
print(Pow() ** 2, 2 ** Pow(), pow(Pow(), 2, 3), pow(2, Pow()), divmod(Pow(), 1), divmod(1, Pow()), Pow() @ 1, [1, 2, 3, 4][Pow()], "abcdef"[Pow():], round(Pow()), round(Pow(), 2), hex(Pow()), range(Pow()))
try: pow(2, Pow(), 5)
except TypeError as e: print(e)
print(1 < 2 < 3, 1 < 3 < 2, 3 > 2 > 1 == 1, 1 == 1.0 == True, 1 in [1] == True, not 1 == 2, not not 1)
def se(x): print("se", x); return x
print(se(1) < se(5) < se(3) < se(9))
print(-2 ** 2, (-2) ** 2, 2 ** -1, 2 ** 3 ** 2, 7 // -2, -7 % 3, 7 % -3, 1 if 0 else 2 if 0 else 3, 1 or 1/0, 0 and 1/0, 5 & 3 | 4 ^ 1 << 2, ~5, +True, -True)
class Bool:
    def __bool__(self): return 1
try: bool(Bool())
except TypeError as e: print(e)
class Len:
    def __len__(self): return -1
for f in (len, bool):
    try: f(Len())
    except ValueError as e: print(e)
class Len2:
    def __len__(self): return "x"
try: len(Len2())
except TypeError as e: print(e)
class Len3:
    def __len__(self): return 1 << 70
try: len(Len3())
except OverflowError as e: print(e)
