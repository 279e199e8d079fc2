#!/usr/bin/env python3.14
"""Compare pyx_vm::text with CPython, which runs this script.

    cargo build -p pyx-vm --example text_probe
    python3.14 tests/tools/text_oracle.py [--cases N] [--seed S] [family ...]

`chars` compares everything that is known about each of the 1,114,112 code points, `names` every name. The other
families draw random cases: a case is a question to the probe (`vm/examples/text_probe.rs`) and CPython's answer, as a
line. The exit status tells whether there were differences.
"""

import argparse
import codecs
import itertools
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import unicodedata
import warnings

from _pyrepl.utils import str_width, wlen

ROOT = pathlib.Path(__file__).resolve().parents[2]
OLD = unicodedata.ucd_3_2_0
FORMS = ("NFC", "NFD", "NFKC", "NFKD")
POLICIES = ("strict", "ignore", "replace", "backslashreplace", "xmlcharrefreplace", "namereplace", "surrogateescape",
            "surrogatepass")


# --- writing questions and answers -------------------------------------------------------------------------------

def raw(text):
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


def hexed(text):
    return raw(text).hex()


def option(value):
    return "-" if value is None else str(value)


def truth(value):
    return "true" if value else "false"


def parts(values):
    return f"{len(values)}:{','.join(map(hexed, values))}"


def ask(*fields):
    return "\t".join(hexed(f) if isinstance(f, (str, bytes)) else str(int(f)) for f in fields)


class Word(str):
    """A field that goes to the probe as it is."""


def line(name, *fields):
    return "\t".join([name] + [f if isinstance(f, Word) else ask(f) for f in fields])


# --- every code point ----------------------------------------------------------------------------------------------

def char_facts(code):
    char = chr(code)
    signs = (
        char.isalpha(), char.isalnum(), char.isdecimal(), char.isdigit(), char.isnumeric(), char.isspace(),
        char.isprintable(), char.islower(), char.isupper(), unicodedata.category(char) == "Lt", char.isidentifier(),
        ("a" + char).isidentifier(), (char + "a").title().endswith("a"),
        ("a" + char + "Σ").lower().endswith("ς") and not (char + "Σ").lower().endswith("ς"),
        len(f"a{char}b".splitlines()) > 1,
    )
    forms = ["+".join(f"{ord(c):x}" for c in form)
             for form in (char.lower(), char.upper(), char.title(), char.casefold())]

    def number(value):
        return "-" if value is None else str(struct.unpack("<Q", struct.pack("<d", value))[0])

    def database(ucd):
        normal = []
        for form in FORMS:
            text = ucd.normalize(form, char)
            assert ucd.is_normalized(form, char) == (text == char)
            normal.append("=" if text == char else hexed(text))
        return [
            ucd.category(char), ucd.bidirectional(char), ucd.east_asian_width(char), truth(ucd.mirrored(char)),
            str(ucd.combining(char)), ucd.decomposition(char), option(ucd.decimal(char, None)),
            option(ucd.digit(char, None)), number(ucd.numeric(char, None)), option(ucd.name(char, None)),
            ",".join(normal),
        ]

    from _sre import unicode_tolower
    fields = ["".join("01"[bool(sign)] for sign in signs), ",".join(forms), f"{unicode_tolower(code):x}"]
    fields += database(unicodedata) + database(OLD)
    fields += [str(str_width.__wrapped__(char)), str(traceback._display_width(char)), hexed(repr(char))]
    return "|".join(fields)


def every_char():
    step = 1 << 14
    for start in range(0, 0x110000, step):
        stop = min(start + step, 0x110000)
        yield f"chars\t{start}\t{stop}", "\n".join(map(char_facts, range(start, stop)))


def looked_up(ucd, name):
    try:
        return "+".join(f"{ord(c):x}" for c in ucd.lookup(name))
    except KeyError:
        return "-"


def every_name():
    """Every name, alias and sequence in any case, and names with something wrong about them."""
    randomly = random.Random(1)
    names = [name for code in range(0x110000) if (name := unicodedata.name(chr(code), None))]
    names += (ROOT / "vm/text/unicode/aliases.txt").read_text().splitlines()
    names += [f"{prefix}{code:04X}" for prefix in ("TANGUT IDEOGRAPH-", "CJK UNIFIED IDEOGRAPH-", "NUSHU CHARACTER-")
              for code in range(0x16f00, 0x1b400)]
    for name in names:
        yield line("lookup", name), looked_up(unicodedata, name)
        yield line("lookup_3_2", name), looked_up(OLD, name)
        cased = "".join(randomly.choice((c, c.lower())) for c in name)
        yield line("lookup", cased), looked_up(unicodedata, name)
        at = randomly.randrange(len(name))
        wrong = name[:at] + randomly.choice(("", " ", "-", "A", "0", name[at] * 2, "é")) + name[at + 1:]
        yield line("lookup", wrong), looked_up(unicodedata, wrong)


# --- random texts ----------------------------------------------------------------------------------------------------

SPECIAL = [c for c in map(chr, range(0x110000)) if len(c.upper()) > 1 or len(c.lower()) > 1 or len(c.casefold()) > 1]
MARKS = [c for c in map(chr, range(0x110000)) if unicodedata.combining(c)]
COMPOSED = [c for c in map(chr, range(0x110000)) if unicodedata.decomposition(c)]
TITLES = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Lt"]
IGNORABLE = "'’·:.\u0301\u00ad\u02b0ªº\u0345"
SPACES = [c for c in map(chr, range(0x110000)) if c.isspace()]
ALPHABETS = [
    "ab", "abc ", "abcdefghijklmnopqrstuvwxyz", "ABCxyz019_ -+", " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f", "\x00\x01\x7f\\'\"",
    "äöüßéÿ¡\u0085\u00a0\u00ad", "ΣσςΑαΟο", "ΣΑ" + IGNORABLE, "中文字한국어ｱﾊﾟ", "😀🎉👩\u200d🚀\U0001f1e9", "\ud800\udbff\udc00\udfff\udc80\udcff",
    SPACES, SPECIAL, MARKS, COMPOSED, TITLES, "٠١٢²³½Ⅷ五", "\u1100\u1161\u11a8\uac00\uac01\u1175\u11c2\u11a7",
    "aeiou\u0301\u0308\u0323\u0304", "\x1b[0;1mA~@ \x1a", "\u2028\u2029\x85\r\n", "ǅǆǄİıſK",
]


class Draw(random.Random):
    def text(self, longest=30, alphabets=None):
        if self.random() < 0.03:
            longest *= 20
        mixed = self.choices(alphabets or ALPHABETS, k=self.choice((1, 1, 2, 3)))
        length = self.randrange(self.randrange(longest + 1) + 1)
        return "".join(self.choice(self.choice(mixed)) for _ in range(length))

    def char(self):
        if self.random() < 0.2:
            return chr(self.randrange(0x110000))
        return self.choice(self.choice(ALPHABETS))

    def bytes(self, longest=30):
        if self.random() < 0.03:
            longest *= 20
        length = self.randrange(self.randrange(longest + 1) + 1)
        kind = self.randrange(5)
        if kind == 0:
            return self.randbytes(length)
        if kind == 1:
            return bytes(self.choice(b"ab") for _ in range(length))
        if kind == 2:
            return bytes(self.choice(b"aB1 \t\n\r\x0b\x1c\\'\"\xe9\x80\xff\x00-+xu") for _ in range(length))
        return raw(self.text(longest))

    def piece(self, text, longest=4):
        """A part of the text or something like it."""
        if text and self.random() < 0.8:
            start = self.randrange(len(text))
            return text[start:start + self.randrange(1, longest + 1)]
        return self.text(3) if isinstance(text, str) else self.bytes(3)

    def index(self, length):
        return self.choice((0, 0, length, sys.maxsize, self.randrange(-length - 3, length + 4)))


# --- families ----------------------------------------------------------------------------------------------------

def wtf8(draw):
    text, other = draw.text(100), draw.text()
    if draw.random() < 0.3:
        other = text[:draw.randrange(len(text) + 1)] + draw.char()
    broken = draw.bytes()
    if draw.random() < 0.5:
        broken = bytearray(raw(text))
        if broken:
            broken[draw.randrange(len(broken))] = draw.randrange(256)
    try:
        decoded = bytes(broken).decode("utf-8", "surrogatepass")
        kind = "Ascii" if decoded.isascii() else "Surrogates" if any("\ud800" <= c < "\ue000" for c in decoded) else "Utf8"
    except UnicodeDecodeError:
        kind = "-"
    yield line("validate", bytes(broken)), kind
    yield line("count", text), str(len(text))
    index = draw.randrange(len(text) + 2)
    yield line("getitem", text, index), option(ord(text[index]) if index < len(text) else None)
    start, stop = draw.randrange(len(text) + 3), draw.randrange(len(text) + 3)
    yield line("slice", text, start, stop), hexed(text[start:stop])
    start, stop = draw.index(len(text)), draw.index(len(text))
    step = draw.choice((1, 2, 3, 7, 20, 100, -1, -2, -3, -20, -100))
    chosen = range(len(text))[start:stop:step]
    yield line("extended_slice", text, chosen.start if chosen else 0, step, len(chosen)), hexed(text[start:stop:step])
    yield line("compare", text, other), str((text > other) - (text < other))


def searching(draw):
    text = draw.text(120)
    needle = draw.piece(text, draw.choice((1, 2, 5, 20)))
    yield line("str_find", text, needle), option(None if (at := text.find(needle)) < 0 else at)
    yield line("str_rfind", text, needle), option(None if (at := text.rfind(needle)) < 0 else at)
    yield line("str_count", text, needle), str(text.count(needle))
    yield line("contains", text, needle), truth(needle in text)
    data = draw.bytes(120)
    needle = draw.piece(data, draw.choice((1, 2, 5, 20)))
    start, stop = draw.index(len(data)), draw.index(len(data))
    yield line("find", data, needle, start, stop), option(None if (at := data.find(needle, start, stop)) < 0 else at)
    yield line("rfind", data, needle, start, stop), option(None if (at := data.rfind(needle, start, stop)) < 0 else at)
    yield line("startswith", data, needle, start, stop), truth(data.startswith(needle, start, stop))
    yield line("endswith", data, needle, start, stop), truth(data.endswith(needle, start, stop))
    yield line("bytes_count", data, needle, start, stop), str(data.count(needle, start, stop))


def splitting(draw):
    for text, prefix in ((draw.text(60), ""), (draw.bytes(60), "bytes_")):
        separator, limit = draw.piece(text, 2) or text[:0] + (b"," if prefix else ","), draw.randrange(-1, 6)
        keep = draw.randrange(2)
        yield line("split", text, separator, limit), parts(text.split(separator, limit))
        yield line("rsplit", text, separator, limit), parts(text.rsplit(separator, limit))
        yield line(prefix + "split_space", text, limit), parts(text.split(None, limit))
        yield line(prefix + "rsplit_space", text, limit), parts(text.rsplit(None, limit))
        yield line(prefix + "splitlines", text, keep), parts(text.splitlines(bool(keep)))
        for name in ("partition", "rpartition"):
            before, middle, after = getattr(text, name)(separator)
            yield line(name, text, separator), f"{hexed(before)},{hexed(after)}" if middle else "-"


def stripping(draw):
    for text, prefix in ((draw.text(), ""), (draw.bytes(), "bytes_")):
        text = draw.text(4, [SPACES]) + text + draw.text(4, [SPACES]) if not prefix else text
        for name in ("strip", "lstrip", "rstrip"):
            yield line(prefix + "strip_space", text, Word(name)), hexed(getattr(text, name)())
            members = draw.piece(text, 6) + draw.piece(text, 1)
            yield line(prefix + "strip", text, Word(name), members), hexed(getattr(text, name)(members))


def replacing(draw):
    for text, prefix in ((draw.text(60), ""), (draw.bytes(60), "bytes_")):
        old, new = draw.piece(text, 2) if draw.random() < 0.9 else text[:0], draw.piece(text, 3)
        if draw.random() < 0.2:
            new = new[:0]
        limit = draw.randrange(-1, 8) if draw.random() < 0.5 else -1
        yield line(prefix + "replace", text, old, new, limit), hexed(text.replace(old, new, limit))


def padding(draw):
    text, width, fill = draw.text(12), draw.randrange(-2, 30), draw.char()
    yield line("center", text, width, fill), hexed(text.center(width, fill))
    yield line("ljust", text, width, fill), hexed(text.ljust(width, fill))
    yield line("rjust", text, width, fill), hexed(text.rjust(width, fill))
    text = draw.choice(("", "+", "-")) + text
    yield line("zfill", text, width), hexed(text.zfill(width))
    text, tab_size = draw.text(40, ALPHABETS + ["\t", "\ta", "\t\n\réx"]), draw.randrange(-1, 10)
    yield line("expandtabs", text, tab_size), hexed(text.expandtabs(tab_size))
    data = raw(text)
    yield line("bytes_expandtabs", data, tab_size), hexed(data.expandtabs(tab_size))


def translating(draw):
    text = draw.text(20, ["abc", "abcdef", "abcdeéf€"])
    table = {}
    for char in "abcdeé€":
        entry = draw.randrange(6)
        if entry == 1:
            table[ord(char)] = None
        elif entry == 2:
            table[ord(char)] = ord(draw.choice("xyz")) if draw.random() < 0.7 else ord(draw.char())
        elif entry == 3:
            table[ord(char)] = draw.choice(("x", "y", "", "xy", "é", "z"))

    asked = []

    class Table:
        def __getitem__(self, code):
            asked.append(str(code))
            return table[code]

    def entry(value):
        return "-" if value is None else '"' + hexed(value) if isinstance(value, str) else str(value)

    expected = hexed(text.translate(Table()))
    listed = Word(",".join(f"{code}={entry(value)}" for code, value in table.items()))
    yield line("translate", text, listed), f"{expected} {','.join(asked)}"
    data, delete = draw.bytes(), draw.bytes(4)
    mapping = draw.randbytes(256) if draw.random() < 0.8 else None
    yield line("bytes_translate", data, mapping or b"", delete), hexed(data.translate(mapping, delete))
    separator, items = draw.text(3), [draw.text(6) for _ in range(draw.randrange(6))]
    yield line("join", separator, Word(",".join(map(hexed, items)) if items else ".")), hexed(separator.join(items))


def casing(draw):
    text = draw.text()
    for name in ("lower", "upper", "title", "capitalize", "swapcase", "casefold"):
        yield line(name, text), hexed(getattr(text, name)())
    data = draw.bytes()
    for name in ("title", "capitalize", "swapcase"):
        yield line("bytes_" + name, data), hexed(getattr(data, name)())


def predicates(draw):
    text = draw.text(6)
    names = ("alpha", "alnum", "decimal", "digit", "numeric", "space", "printable", "identifier", "lower", "upper",
             "title", "ascii")
    yield line("is", text), "".join("01"[getattr(text, "is" + name)()] for name in names)
    data = draw.bytes(6)
    names = ("alpha", "alnum", "digit", "space", "lower", "upper", "title")
    yield line("bytes_is", data), "".join("01"[getattr(data, "is" + name)()] for name in names)


def representing(draw):
    text, data = draw.text(), draw.bytes()
    yield line("repr", text), hexed(repr(text))
    yield line("ascii", text), hexed(ascii(text))
    yield line("bytes_repr", data), hexed(repr(data))


def warned(function, *arguments):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = function(*arguments)
    assert len(caught) <= 1
    return result, hexed(str(caught[0].message)) if caught else "-"


def escaping(draw):
    data = b"".join(draw.choice(ESCAPES) for _ in range(draw.randrange(8)))
    if draw.random() < 0.2:
        data = draw.bytes()
    errors = draw.choice(("strict", "replace", "ignore", "other"))
    try:
        (decoded, used), warning = warned(codecs.escape_decode, data, errors)
        assert used == len(data)
        expected = f"{hexed(decoded)} {warning}"
    except ValueError as error:
        expected = str(error)
    yield line("escape_decode", data, Word(errors)), expected
    yield line("escape_encode", data), hexed(codecs.escape_encode(data)[0])


def hexadecimal(draw):
    data, separator, group = draw.bytes(), draw.choice((None, ":", "-", "\x7f")), draw.randrange(-5, 6)
    expected = data.hex() if separator is None else data.hex(separator, group)
    yield line("hex", data, separator or "", group), hexed(expected)
    pieces = ("00", "aF", "3b", " ", "\n", "\x1c", "0", "g", "é", "\u2003", "a b", "00" * 20)
    text = "".join(draw.choice(pieces[:draw.choice((3, 5, 12))]) for _ in range(draw.randrange(6)))
    for name, digits in (("fromhex", text), ("bytes_fromhex", raw(text))):
        try:
            expected = hexed(bytes.fromhex(digits))
        except ValueError as error:
            expected = str(error)
        yield line(name, digits), expected


def normalizing(draw):
    text = draw.text(20)
    if draw.random() < 0.4:
        text = "".join(draw.choice((c, unicodedata.normalize(draw.choice(FORMS), c))) for c in text)
    if draw.random() < 0.1:
        text = draw.text(5) + draw.text(80, [MARKS]) + draw.text(5)
    for form in FORMS:
        for number, ucd in enumerate((unicodedata, OLD)):
            expected = f"{truth(ucd.is_normalized(form, text))} {hexed(ucd.normalize(form, text))}"
            yield line("normalize", text, Word(form), number), expected


def widths(draw):
    text = draw.text()
    yield line("prompt_width", text), str(wlen(text))
    yield line("traceback_width", text), str(traceback._display_width(text))


# --- codecs ----------------------------------------------------------------------------------------------------------

ESCAPES = [
    b"\\", b"\\\\", b"\\n", b"\\t", b"\\'", b'\\"', b"\\a", b"\\b", b"\\f", b"\\v", b"\\r", b"\\\n", b"\\d", b"\\w",
    b"\\\xe9", b"\\8", b"\\1", b"\\12", b"\\377", b"\\400", b"\\777", b"\\0", b"\\x", b"\\x4", b"\\x41", b"\\xfg",
    b"\\u", b"\\u12", b"\\u20ac", b"\\ud800", b"\\udc00", b"\\u00g0", b"\\U", b"\\U0001f600", b"\\U00110000",
    b"\\Uffffffff", b"\\U0001", b"\\N", b"\\N{", b"\\N{}", b"\\N{DIGIT ONE}", b"\\N{digit one}", b"\\N{no}",
    b"\\N{LF}", b"\\N{KEYCAP DIGIT ONE}", b"\\Nx", b"\\N{DIGIT", b"a", b"z", b"7", b"}", b"{", b"\xff", b"\x80", b"\n",
]
SHIFTS = [b"+", b"-", b"+-", b"+AGE-", b"+AGEAYg", b"+2AA", b"+2ADcAA-", b"+2AAAYQ-", b"AA", b"A", b"Q", b"/", b"!", b"a",
          b"~", b"\\", b"\xe9", b"\xff", b"+!", b"+AG", b"+AGF-", b"+3AA-", b"+IKw", b" ", b"\x00"]
UNITS = [0x61, 0xe9, 0x20ac, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfeff, 0xfffe, 0x0a00, 0xd8]
WIDE = [0x61, 0xe9, 0x20ac, 0x1f600, 0x10ffff, 0x110000, 0xd800, 0xdfff, 0xfeff, 0xfffe0000, 0xffffffff]
SCRAPS = [b"a", b"\xc3\xa9", b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\x80", b"\xff",
          b"\xc3", b"\xe2", b"\xe2\x82", b"\xf0", b"\xf0\x9f", b"\xf0\x9f\x98", b"\xc0", b"\xc1\xbf", b"\xe0\x80", b"\xe0",
          b"\xf4\x90", b"\xf4\x8f\xbf\xbf", b"\xf5", b"\xed\x9f\xbf", b"\xed", b"\xf0\x80", b"plain text of some length"]
UTF = ("utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be")
ORDERS = {-1: "Little", 0: "Native", 1: "Big"}


class Custom:
    """The error handler that the probe also has: what it answers depends on how often it was called."""

    def __init__(self):
        self.calls = 0

    def __call__(self, error):
        calls, self.calls = self.calls % 7, self.calls + 1
        start, end, length = error.start, error.end, len(error.object)
        if isinstance(error, UnicodeDecodeError):
            # Going back is done once only, or it might never end.
            if calls == 4 and self.calls == 5:
                error.object = error.object[::-1]
            elif calls == 4:
                calls = 5
            return [(f"[{start}-{end}]", end), ("é", min(end + 1, length)), ("\U0001f600", start), ("", end),
                    ("x", min(length, 2))][calls] if calls < 5 else ("y", min(length, start + 1))
        return [(f"[{start}]", end), (b"\x00\xff\x00\xfe", min(end + 1, length)), ("<", start), (b"", end),
                (b"ab", end), ("é", end), ("€", end)][calls]


def run(function, *arguments):
    """The result of a codec function, or its error as the probe writes it."""
    custom = Custom()
    codecs.register_error("custom", custom)
    try:
        return function(*arguments), None
    except UnicodeError as error:
        return None, f"Raise {error.encoding} {error.start} {error.end} {error.reason}"
    except TypeError as error:
        assert "don't know how to handle" in str(error), error
        return None, "WrongKind"


def without_range(answer):
    """A TypeError does not tell where it happened."""
    return "WrongKind" if answer.startswith("WrongKind") else answer


def decode_case(codec, errors, final, data, *more, function=None, order=None):
    (result, problem), warning = warned(run, function, *([data, errors] + ([order] if order is not None else [])
                                                         + ([final] if function not in WHOLE else []) + list(more)))
    answer = problem
    if result is not None:
        answer = f"{hexed(result[0])} {result[1]}"
    if codec == "unicode_escape":
        answer += " " + (warning if problem is None else "-")
    return result, answer


WHOLE = (codecs.ascii_decode, codecs.latin_1_decode, codecs.charmap_decode)


def policy(draw):
    return draw.choice(POLICIES + ("strict", "custom", "custom", "custom", "custom"))


def decoding_utf8(draw):
    data = b"".join(draw.choice(SCRAPS) for _ in range(draw.randrange(10))) if draw.random() < 0.8 else draw.bytes()
    errors, final = policy(draw), draw.random() < 0.7
    for codec in ("utf_8", "ascii", "latin_1"):
        _, answer = decode_case(codec, errors, final, data, function=getattr(codecs, codec + "_decode"))
        yield line("decode", Word(codec), Word(errors), final, data), answer


def decoding_utf16_and_utf32(draw):
    codec, errors, final = draw.choice(UTF), policy(draw), draw.random() < 0.7
    order = {"le": -1, "be": 1}.get(codec[-2:], 0)
    wide = codec.startswith("utf_32")
    mark = draw.choice((b"", b"", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff"))
    units = [draw.choice(WIDE if wide else UNITS) for _ in range(draw.randrange(8))]
    data = mark + b"".join(struct.pack(draw.choice("<<<>") + ("I" if wide else "H"), unit) for unit in units)
    if draw.random() < 0.4:
        data = data[:draw.randrange(len(data) + 1)]
    if draw.random() < 0.1:
        data = draw.bytes()
    function = codecs.utf_32_ex_decode if wide else codecs.utf_16_ex_decode
    result, answer = decode_case(codec, errors, final, data, function=function, order=order)
    # A decoder that fails does not tell its byte order.
    yield line("decode", Word(codec), Word(errors), final, data), (answer, ORDERS[result[2]] if result else None)


def decoding_utf7(draw):
    data = b"".join(draw.choice(SHIFTS) for _ in range(draw.randrange(8))) if draw.random() < 0.8 else draw.bytes()
    if draw.random() < 0.2:
        data = codecs.utf_7_encode(draw.text())[0]
    errors, final = policy(draw), draw.random() < 0.7
    _, answer = decode_case("utf_7", errors, final, data, function=codecs.utf_7_decode)
    yield line("decode", Word("utf_7"), Word(errors), final, data), answer


def decoding_escapes(draw):
    data = b"".join(draw.choice(ESCAPES) for _ in range(draw.randrange(8))) if draw.random() < 0.9 else draw.bytes()
    errors, final = policy(draw), draw.random() < 0.7
    for codec in ("unicode_escape", "raw_unicode_escape"):
        _, answer = decode_case(codec, errors, final, data, function=getattr(codecs, codec + "_decode"))
        yield line("decode", Word(codec), Word(errors), final, data), answer


TABLES = ["".join(map(chr, range(256))), "".join(map(chr, range(128))) + "\ufffe" * 128, "\0abc", "abc", "",
          "\0" + "é€中\ufffe" * 40, "".join(bytes([i]).decode("cp1252", "replace") for i in range(256)),
          "".join(map(chr, range(128))) + "".join(map(chr, range(0x400, 0x480))), "\0\U0001f600ab", "\0a\0b",
          "".join(chr(128 * i) for i in range(256)), "".join(chr(128 * i) for i in range(255)), "\0" + "aab" * 30 + "\ud800",
          "".join(map(chr, range(1, 256)))]


def charmaps(draw):
    errors = policy(draw)
    table = draw.choice(TABLES)
    data = draw.bytes()
    _, answer = decode_case("charmap", errors, True, data, table, function=codecs.charmap_decode)
    if table:    # an empty table means Latin-1
        yield line("decode", Word("charmap"), Word(errors), 1, data, table), answer
    entries = {}
    for byte in set(draw.bytes(20)) | set(data[:5]):
        entries[byte] = draw.choice((None, ord(draw.char()), draw.text(3, ["abé€"]), 0x61))
    listed = Word(",".join(f'{byte}="{hexed(e)}' if isinstance(e, str) else f"{byte}={e}"
                           for byte, e in entries.items() if e is not None and e != "\ufffe"))
    _, answer = decode_case("mapping", errors, True, data, entries, function=codecs.charmap_decode)
    yield line("decode", Word("mapping"), Word(errors), 1, data, listed), answer

    text = draw.text()
    if table:    # CPython wants at least one character
        mapping = codecs.charmap_build(table)
        fits = not isinstance(mapping, dict)
        yield line("charmap_build", table), truth(fits)
        if fits:
            result, problem = run(codecs.charmap_encode, text, errors, mapping)
            yield line("encode", Word("charmap"), Word(errors), text, table), problem or hexed(result[0])
    entries = {}
    for char in set(draw.text(10)) | set(text[:5]) | set("?[]&#;\\0123456789x<ab"[:draw.randrange(22)]):
        entries[ord(char)] = draw.choice((None, draw.randrange(256), draw.randbytes(draw.randrange(4)), 0x61))
    listed = Word(",".join(f'{code}="{e.hex()}' if isinstance(e, bytes) else f"{code}={e}"
                           for code, e in entries.items() if e is not None))
    result, problem = run(codecs.charmap_encode, text, errors, entries)
    yield line("encode", Word("mapping"), Word(errors), text, listed), problem or hexed(result[0])


def encoding(draw):
    text, errors = draw.text(), policy(draw)
    for codec in ("utf_8", "ascii", "latin_1", "utf_7", "unicode_escape", "raw_unicode_escape"):
        result, problem = run(getattr(codecs, codec + "_encode"), text, errors)
        yield line("encode", Word(codec), Word(errors), text), problem or hexed(result[0])
    for codec in UTF:
        result, problem = run(getattr(codecs, codec + "_encode"), text, errors)
        yield line("encode", Word(codec), Word(errors), text), problem or hexed(result[0])


def handlers(draw):
    name = draw.choice(POLICIES)
    handler = codecs.lookup_error(name)
    names = ("utf-8", "utf8", "UTF_8", "utf-16", "utf16", "utf-16-le", "UTF_16LE", "utf-16be", "utf-32", "utf32_be",
             "UTF-32-LE", "ascii", "latin-1", "charmap", "utf-7", "utf-64", "utf-16-", "utf-16-xe", "utf", "", "utf--8")
    codec = draw.choice(names)

    def handled(error):
        try:
            return handler(error)
        except UnicodeError:
            return "Raise"
        except TypeError:
            return "WrongKind"

    data = draw.bytes(12) or b"\x00"
    if draw.random() < 0.5:
        data += draw.choice((b"\xed\xa0\x80", b"\xed\xb2\x80\xed", b"\x00\xd8", b"\xd8\x00", b"\x00\xd8\x00\x00",
                             b"\x00\x00\xd8\x00"))
    start = draw.randrange(len(data))
    end = draw.randrange(start + 1, len(data) + 1)
    result = handled(UnicodeDecodeError(codec, data, start, end, ""))
    answer = result if isinstance(result, str) else f"{hexed(result[0])} {result[1]}"
    yield line("handle_decode", Word(name), Word(codec), data, start, end), answer
    text = draw.text(6, draw.choice((None, ["\ud800\udfff"], ["\udc80\udcff"]))) or "\udc80"
    result = handled(UnicodeEncodeError(codec, text, 0, len(text), ""))
    if not isinstance(result, str):
        assert result[1] == len(text)
        result = ("bytes " if isinstance(result[0], bytes) else "text ") + hexed(result[0])
    yield line("handle_encode", Word(name), Word(codec), text), result
    result = handled(UnicodeTranslateError(text, 0, len(text), ""))
    yield line("handle_translate", Word(name), text), result if isinstance(result, str) else hexed(result[0])


FAMILIES = {f.__name__: f for f in (
    wtf8, searching, splitting, stripping, replacing, padding, translating, casing, predicates, representing, escaping,
    hexadecimal, normalizing, widths, decoding_utf8, decoding_utf16_and_utf32, decoding_utf7, decoding_escapes, charmaps, encoding,
    handlers)}


# --- comparing -----------------------------------------------------------------------------------------------------

def agrees(question, expected, answer):
    if isinstance(expected, tuple):
        expected, order = expected
        answer, _, found = answer.rpartition(" ")
        if order is not None and order != found:
            return False
    if expected.startswith("WrongKind"):
        return answer.startswith("WrongKind")
    return answer == expected


def compare(probe, name, cases):
    """Put the questions to the probe and count the answers that differ."""
    started = time.monotonic()
    differences, count = 0, 0
    while batch := list(itertools.islice(cases, 100 if name == "chars" else 20_000)):
        with tempfile.TemporaryFile("w+") as questions:
            questions.writelines(question + "\n" for question, _ in batch)
            questions.seek(0)
            output = subprocess.run([probe], stdin=questions, stdout=subprocess.PIPE, text=True, check=True).stdout
        answers = output.split("\n")[:-1]
        expected = [(question, part) for question, answer in batch
                    for part in (answer.split("\n") if isinstance(answer, str) else [answer])]
        assert len(answers) == len(expected), (len(answers), len(expected))
        count += len(answers)
        for (question, wanted), answer in zip(expected, answers):
            if not agrees(question, wanted, answer):
                differences += 1
                if differences <= 10:
                    print(f"  {question}\n    CPython: {wanted}\n    pyx:     {answer}")
    print(f"{name}: {count:,} cases, {differences:,} differences, {time.monotonic() - started:.0f} s", flush=True)
    return differences


def random_cases(family, seed, count):
    draw = Draw(f"{family.__name__} {seed}")
    yield from itertools.islice(itertools.chain.from_iterable(iter(lambda: list(family(draw)), None)), count)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", default=ROOT / "target/debug/examples/text_probe")
    parser.add_argument("--cases", type=int, default=20_000, help="random cases for each family")
    parser.add_argument("--seed", default="0")
    parser.add_argument("family", nargs="*", help="default: all")
    options = parser.parse_args()
    differences = 0
    for name in options.family or ["chars", "names", *FAMILIES]:
        everything = {"chars": every_char, "names": every_name}.get(name)
        cases = everything() if everything else random_cases(FAMILIES[name], options.seed, options.cases)
        differences += compare(options.probe, name, cases)
    sys.exit(differences > 0)


if __name__ == "__main__":
    main()
