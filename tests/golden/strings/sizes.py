"""Operations whose way depends on the size of the text give the same at every size."""


def text(size):
    return "".join(chr(97 + i * i % 7 % 3) for i in range(size))


for size in [*range(1, 36), 63, 64, 65, 127, 190, 191, 192, 193, 208, 300]:
    s = text(size)
    print(size, s + "|" + s[-1:], s[1:], s[::-1] == "".join(reversed(s)), s.upper() == s.upper().lower().upper())
    for part in ("a", "ab", "ba", "abb", "bbab", "zz", s[:9], s[-17:]):
        found = [i for i in range(size) if s.startswith(part, i)]
        assert s.find(part) == (found[0] if found else -1), (size, part)
        assert s.rfind(part) == (found[-1] if found else -1), (size, part)
        assert (part in s) == bool(found)
        pieces = s.split(part)
        assert part.join(pieces) == s and s.count(part) == len(pieces) - 1
        assert s.replace(part, "<>") == "<>".join(pieces)
        assert s.replace(part, "x" * len(part)) == ("x" * len(part)).join(pieces)
        b, p = s.encode(), part.encode()
        assert [piece.decode() for piece in b.split(p)] == pieces and b.find(p) == s.find(part)
        assert b.replace(p, b"") == "".join(pieces).encode()
    words = s.replace("b", " ")
    assert " ".join(words.split()) == " ".join(w for w in words.split(" ") if w)
    assert words.split(None, 2)[:1] == words.split()[:1] and words.rsplit()[-1:] == words.split()[-1:]
    wide = s.replace("c", "é")
    assert wide.encode("latin-1").decode("latin-1") == wide and len(wide) == size
    assert [wide[i] for i in range(size)] == list(wide)

for digits in range(1, 45):
    n = 10**digits
    for number in (n - 1, n, -n, n + 7):
        shown = str(number)
        assert int(shown) == number and f"{number:d}" == shown == "%d" % number == "%s" % number
        assert int(hex(number), 16) == int(bin(number), 2) == int(oct(number), 8) == number
        assert f"{number:,}".replace(",", "") == shown
    print(n + 7, hex(n - 1), f"{-n:_}", "%x" % n)
