#!/usr/bin/env python3.14
"""Write tables.rs and name_tables.rs: the facts of Unicode 16.0 as CPython 3.14 reports them.

Run it with CPython:  python3.14 vm/text/unicode/generate.py

Every fact is asked of a running CPython: of `str` methods, of `unicodedata` and of `unicodedata.ucd_3_2_0`. Two
properties that no method returns are observed through their effect: Cased and Case_Ignorable decide how `str.title`
and `str.lower` treat the neighbours of a character. Aliases and named sequences (Unicode's NameAliases.txt and
NamedSequences.txt) can be looked up but not listed; aliases.txt holds their names, and the oracle says what each one
stands for. With `--check` nothing is written, and the exit status tells whether the tables are up to date.

Number sequences are written as text, one hexadecimal number after another and `v*n` for a run, which `packed.rs`
unpacks at compile time.
"""

import pathlib
import re
import sys
import unicodedata
from collections import Counter

from _sre import unicode_iscased, unicode_tolower

HERE = pathlib.Path(__file__).parent
OLD = unicodedata.ucd_3_2_0
CODES = range(0x110000)
HANGUL = range(0xAC00, 0xD7A4)
FORMS = ("NFD", "NFKD", "NFC", "NFKC")

# Bits of a type record; `properties.rs` gives them names.
TYPE_BITS = ["alpha", "decimal", "digit", "numeric", "space", "printable", "lower", "upper", "title",
             "xid_start", "xid_continue", "cased", "case_ignorable", "line_break"]


# --- the facts -------------------------------------------------------------------------------------------------

def type_record(code):
    """The flags of one character, with its digit value in bits 16 and up."""
    char = chr(code)
    final_after = (char + "Σ").lower().endswith("ς")
    final_through = ("a" + char + "Σ").lower().endswith("ς")
    facts = {
        "alpha": char.isalpha(), "decimal": char.isdecimal(), "digit": char.isdigit(),
        "numeric": char.isnumeric(), "space": char.isspace(), "printable": char.isprintable(),
        "lower": char.islower(), "upper": char.isupper(), "title": char.istitle() and not char.isupper(),
        "xid_start": char.isidentifier() and char != "_", "xid_continue": ("a" + char).isidentifier(),
        "cased": (char + "a").title().endswith("a"),
        "case_ignorable": final_through and not final_after,
        "line_break": len(("a" + char + "b").splitlines()) > 1,
    }
    assert char.isalnum() == (facts["alpha"] or facts["decimal"] or facts["digit"] or facts["numeric"])
    value = unicodedata.digit(char, 0)
    assert unicodedata.decimal(char, value) == value
    if facts["digit"]:
        assert unicodedata.numeric(char) == value
    return sum(1 << i for i, name in enumerate(TYPE_BITS) if facts[name]) | value << 16


def case_forms(code):
    char = chr(code)
    return char.lower(), char.upper(), char.title(), char.casefold()


def database_record(database, code):
    char = chr(code)
    return (database.category(char), database.bidirectional(char), database.east_asian_width(char),
            database.mirrored(char))


def second_of_pair(pairs):
    """The characters that may combine with a preceding one: NFC cannot be decided by looking at them alone."""
    vowels_and_finals = set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))
    seconds = {second for _, second in pairs} | vowels_and_finals
    # So do characters that decompose into such characters.
    return seconds | {code for (first, _), code in pairs.items() if first in seconds}


def composition_pairs():
    pairs = {}
    for code in CODES:
        if code in HANGUL:
            continue
        fields = unicodedata.decomposition(chr(code)).split()
        if len(fields) == 2 and not fields[0].startswith("<"):
            first, second = (int(field, 16) for field in fields)
            if unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(code):
                pairs[first, second] = code
    return pairs


def normal_record(code, seconds):
    char = chr(code)
    changes = [not unicodedata.is_normalized(form, char) for form in FORMS]
    flags = sum(1 << i for i, changed in enumerate(changes) if changed) | (code in seconds) << 4
    return flags << 8 | unicodedata.combining(char)


# --- writing -----------------------------------------------------------------------------------------------------

def wrap(tokens, width=108):
    lines, line = [], ""
    for token in tokens:
        if len(line) + 1 + len(token) > width:
            lines.append(line)
            line = token
        else:
            line = f"{line} {token}" if line else token
    return "\n".join(lines + [line])


def packed(numbers):
    """`v` or `v*n` for each run of equal numbers, in hexadecimal."""
    tokens, run = [], []
    for number in list(numbers) + [None]:
        if run and number != run[0]:
            tokens.append(f"{run[0]:x}" if len(run) == 1 else f"{run[0]:x}*{len(run):x}")
            run = []
        run.append(number)
    return wrap(tokens)


def packed_array(kind, numbers):
    numbers = list(numbers)
    unpack = {"u8": "bytes", "u16": "halves", "u32": "words"}[kind]
    return f'{unpack}::<{len(numbers)}>("\n{packed(numbers)}")'


def static_array(doc, name, kind, numbers):
    numbers = list(numbers)
    return f"/// {doc}\npub(super) static {name}: [{kind}; {len(numbers)}] = {packed_array(kind, numbers)};\n"


def two_stage(doc, name, values):
    """Split the code space in equal blocks, keep each distinct block once."""
    kind = "u8" if max(values) < 256 else "u16"
    width = {"u8": 1, "u16": 2}[kind]

    def split(shift):
        blocks, first = {}, []
        for start in range(0, len(values), 1 << shift):
            block = tuple(values[start:start + (1 << shift)])
            first.append(blocks.setdefault(block, len(blocks)))
        return first, blocks

    def cost(shift):
        first, blocks = split(shift)
        return len(first) + width * (len(blocks) << shift) if len(blocks) <= 256 else 1 << 40

    shift = min(range(5, 10), key=cost)
    first, blocks = split(shift)
    flat = [value for block in blocks for value in block]
    return (f"/// {doc}\npub(super) static {name}: TwoStage<{kind}, {shift}> = TwoStage {{\n"
            f"    first: &{packed_array('u8', first)},\n    blocks: &{packed_array(kind, flat)},\n}};\n")


def numbered(values):
    """Give each distinct value a number, the most frequent first; 0 is the most frequent one."""
    distinct = [value for value, _ in Counter(values).most_common()]
    number = {value: i for i, value in enumerate(distinct)}
    return [number[value] for value in values], distinct


def string(text):
    return '"' + "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\u{{{ord(c):x}}}" for c in text) + '"'


def string_array(doc, name, strings):
    body = wrap([string(s) + "," for s in strings])
    return f"/// {doc}\npub(super) static {name}: [&str; {len(strings)}] = [\n{body}\n];\n"


def header(doc, imports):
    return (f"//! {doc}\n//!\n//! Written by generate.py from the oracle; do not edit.\n"
            f"{imports}\n")


# --- tables.rs ----------------------------------------------------------------------------------------------------

def case_section():
    forms = [case_forms(code) for code in CODES]
    special = [code for code in CODES if any(len(form) != 1 for form in forms[code])]
    identity, apart = (0, 0, 0, 0), None
    records = []
    for code in CODES:
        if code in special:
            records.append(apart)
            continue
        assert unicode_tolower(code) == ord(forms[code][0])
        changes = forms[code][:2] != (chr(code),) * 2
        assert changes == unicode_iscased(code), hex(code)
        records.append(tuple(ord(form) - code for form in forms[code]))
    distinct = [identity, apart] + [r for r, _ in Counter(records).most_common() if r not in (identity, apart)]
    number = {record: i for i, record in enumerate(distinct)}
    rows = wrap([f"[{', '.join(map(str, r))}]," for r in [identity, identity] + distinct[2:]])
    out = [two_stage("Number of the case record of a character; 1 marks those in `SPECIAL_CASES`.", "CASES",
                     [number[record] for record in records])]
    out.append("/// What to add to a character for its lower, upper, title and folded form.\n"
               f"pub(super) static CASE_RECORDS: [[i32; 4]; {len(distinct)}] = [\n{rows}\n];\n")
    rows = []
    for code in special:
        lower, upper, title, fold = map(string, forms[code])
        # CPython's one-character forms are the first characters of these.
        assert unicode_tolower(code) == ord(forms[code][0][0])
        assert (forms[code][0][0] != chr(code) or forms[code][1][0] != chr(code)) == unicode_iscased(code)
        rows.append(f"    SpecialCase {{ code: {code:#x}, forms: [{lower}, {upper}, {title}, {fold}] }},")
    out.append("/// Characters of which at least one case form is not a single character.\n"
               f"pub(super) static SPECIAL_CASES: [SpecialCase; {len(special)}] = [\n" + "\n".join(rows) + "\n];\n")
    return out


def type_section():
    numbers, records = numbered([type_record(code) for code in CODES])
    out = [two_stage("Number of the type record of a character.", "TYPES", numbers),
           static_array("Flags in the low half, digit value in the high half.", "TYPE_RECORDS", "u32", records)]
    fractions = [(code, unicodedata.numeric(chr(code))) for code in CODES
                 if chr(code).isnumeric() and not chr(code).isdigit()]
    values = sorted({value for _, value in fractions})
    out.append(static_array("Numeric characters that are not digits, in order, each with the place of its value "
                            "in `NUMERIC_VALUES` in the low byte.",
                            "NUMERIC_CODES", "u32", [code << 8 | values.index(v) for code, v in fractions]))
    out.append("/// Every numeric value that is not a digit's.\n"
               f"pub(super) static NUMERIC_VALUES: [f64; {len(values)}] = [\n"
               + wrap([f"{value!r}," for value in values]) + "\n];\n")
    return out


def database_section():
    new = [database_record(unicodedata, code) for code in CODES]
    old = [database_record(OLD, code) for code in CODES]
    categories, bidis, widths = (sorted({r[i] for r in new + old}) for i in range(3))

    def record(entry):
        category, bidi, width, mirrored = entry
        return (categories.index(category) | bidis.index(bidi) << 5 | widths.index(width) << 10 | mirrored << 13)

    out = [string_array("General categories, as database records number them.", "CATEGORIES", categories),
           string_array("Bidirectional classes, likewise.", "BIDIRECTIONAL", bidis),
           string_array("East Asian widths, likewise.", "EAST_ASIAN_WIDTHS", widths)]
    for name, entries, version in (("DATABASE", new, "16.0"), ("DATABASE_3_2", old, "3.2")):
        numbers, records = numbered(entries)
        out.append(two_stage(f"Number of the Unicode {version} database record of a character.", name, numbers))
        out.append(static_array("Category (5 bits), bidirectional class (5), East Asian width (3), mirrored (1).",
                                name + "_RECORDS", "u16", map(record, records)))
    decimals, numerics = [], []
    for code in CODES:
        char = chr(code)
        if OLD.category(char) == "Cn":
            assert OLD.decimal(char, None) is None and OLD.numeric(char, None) is None
            assert OLD.digit(char, None) == unicodedata.digit(char, None)
            assert OLD.combining(char) == 0 and OLD.decomposition(char) == "" and not OLD.mirrored(char)
            continue
        assert OLD.digit(char, None) == unicodedata.digit(char, None)
        assert OLD.combining(char) == unicodedata.combining(char)
        assert OLD.decomposition(char) == unicodedata.decomposition(char)
        if (value := OLD.decimal(char, None)) != unicodedata.decimal(char, None):
            decimals.append(f"({code:#x}, {value}),")
        if (value := OLD.numeric(char, None)) != unicodedata.numeric(char, None):
            numerics.append(f"({code:#x}, {'None' if value is None else f'Some({value!r})'}),")
    out.append("/// Decimal values that Unicode 3.2 gave and 16.0 does not.\n"
               f"pub(super) static DECIMALS_3_2: [(u32, u8); {len(decimals)}] = [\n{wrap(decimals)}\n];\n")
    out.append("/// Numeric values that differed in Unicode 3.2.\n"
               f"pub(super) static NUMERICS_3_2: [(u32, Option<f64>); {len(numerics)}] = [\n{wrap(numerics)}\n];\n")
    return out


def normalization_section():
    pairs = composition_pairs()
    seconds = second_of_pair(pairs)
    numbers, records = numbered([normal_record(code, seconds) for code in CODES])
    out = [two_stage("Number of the normalization record of a character.", "NORMAL", numbers),
           static_array("Combining class in the low byte; then a bit for each of NFD, NFKD, NFC, NFKC that changes "
                        "the character, and one when it may combine with its predecessor.",
                        "NORMAL_RECORDS", "u16", records)]
    out.append(f"/// `[first, second, composite]`, in order.\n"
               f"pub(super) static COMPOSITIONS: [[u32; 3]; {len(pairs)}] = triples(&"
               + packed_array("u32", [n for pair in sorted(pairs) for n in (*pair, pairs[pair])]) + ");\n")
    tags, words, place, index = [""], [0], {"": 0}, []
    for code in CODES:
        text = "" if code in HANGUL else unicodedata.decomposition(chr(code))
        if text not in place:
            fields = text.split()
            tag = fields.pop(0) if fields[0].startswith("<") else ""
            if tag not in tags:
                tags.append(tag)
            place[text] = len(words)
            words += [len(fields) << 8 | tags.index(tag)] + [int(field, 16) for field in fields]
        index.append(place[text])
    out.append(string_array("Kinds of decomposition; the first is the canonical one.", "DECOMPOSITION_TAGS", tags))
    out.append(two_stage("Where the decomposition of a character starts in `DECOMPOSITIONS`; 0 if it has none.",
                         "DECOMPOSITION_INDEX", index))
    out.append(static_array("A word of length (shifted by 8) and tag, then the characters.",
                            "DECOMPOSITIONS", "u32", words))
    corrections = [f"({code:#x}, {ord(OLD.normalize('NFD', chr(code))):#x})," for code in CODES
                   if OLD.category(chr(code)) != "Cn"
                   and OLD.normalize("NFD", chr(code)) != unicodedata.normalize("NFD", chr(code))]
    out.append("/// Canonical decompositions that were corrected after Unicode 3.2, as they were.\n"
               f"pub(super) static CORRECTIONS_3_2: [(u32, u32); {len(corrections)}] = [\n{wrap(corrections)}\n];\n")
    return out


# --- name_tables.rs -----------------------------------------------------------------------------------------------

FIRST_SYMBOL, BASE = ord("#"), 92     # '#' to '~': printable, and free of the quote that ends a raw string
BLOCK = 32                            # offsets to a line of `NAME_ORDER`


def digits(number, count):
    out = ""
    for _ in range(count):
        out = chr(FIRST_SYMBOL + number % BASE) + out
        number //= BASE
    assert number == 0
    return out


def numbered_prefixes():
    """`PREFIX-HEX` names: ranges that `name` reports, and those that only `lookup` accepts."""
    prefixes = Counter()
    for code in CODES:
        match = re.fullmatch(r"(.*-)([0-9A-F]{4,6})", unicodedata.name(chr(code), ""))
        if match and int(match[2], 16) == code:
            prefixes[match[1]] += 1
    ranges = []
    for prefix in sorted(prefixes) + ["TANGUT IDEOGRAPH-"]:
        last = None
        for code in CODES:
            try:
                if unicodedata.lookup(f"{prefix}{code:04X}") != chr(code):
                    continue
            except KeyError:
                continue
            named = unicodedata.name(chr(code), None) == f"{prefix}{code:04X}"
            if last and last[2] == code - 1 and last[3] == named:
                last[2] = code
            else:
                last = [prefix, code, code, named]
                ranges.append(last)
    return ranges


def lexicon(names):
    """The words in three groups, each sorted: those written with one, two and three symbols."""
    count = Counter(word for name in names for word in name.split(" "))
    order = [word for word, _ in count.most_common()]

    def cost(ones, twos):
        if ones + twos * BASE + (BASE - ones - twos) * BASE * BASE < len(order):
            return 1 << 40
        return sum(count[w] * (1 + (i >= ones) + (i >= ones + twos * BASE)) for i, w in enumerate(order))

    ones, twos = min(((a, b) for a in range(BASE) for b in range(BASE - a)), key=lambda split: cost(*split))
    groups = sorted(order[:ones]), sorted(order[ones:ones + twos * BASE]), sorted(order[ones + twos * BASE:])
    symbols = {}
    for i, word in enumerate(groups[0]):
        symbols[word] = digits(i, 1)
    for i, word in enumerate(groups[1]):
        symbols[word] = digits(ones * BASE + i, 2)
    for i, word in enumerate(groups[2]):
        symbols[word] = digits((ones + twos) * BASE * BASE + i, 3)
    return groups, symbols, ones, twos


def raw_lines(doc, name, lines):
    return f'/// {doc}\npub(super) static {name}: &str = r"' + "".join(line + "\n" for line in lines) + '";\n'


def name_tables():
    ranges = numbered_prefixes()
    algorithmic = {code for _, start, end, _ in ranges for code in range(start, end + 1)} | set(HANGUL)
    names = {code: name for code in CODES if code not in algorithmic
             and (name := unicodedata.name(chr(code), None)) is not None}
    groups, symbols, ones, twos = lexicon(names.values())
    encoded = ["".join(symbols[word] for word in name.split(" ")) for name in names.values()]
    offsets, offset = [], 0
    for text in encoded:
        offsets.append(offset)
        offset += len(text) + 1
    order = sorted(range(len(encoded)), key=lambda i: encoded[i])
    runs, previous = [], None
    for code in names:
        if code - 1 == previous:
            runs[-1][1] += 1
        else:
            runs.append([code, 1])
        previous = code
    assert max(count for _, count in runs) < 1 << 11

    aliases, sequences = [], []
    others = (HERE / "aliases.txt").read_text().splitlines()
    longest = max(map(len, [*names.values(), *others]))
    for name in others:
        meaning = unicodedata.lookup(name)
        if len(meaning) == 1:
            assert unicodedata.name(meaning, None) != name
            aliases.append(f"({string(name)}, {ord(meaning):#x}),")
        else:
            sequences.append(f"({string(name)}, {string(meaning)}),")

    rows = "\n".join(f"    NumberedNames {{ prefix: {string(prefix)}, first: {first:#x}, last: {last:#x}, "
                     f"reported: {str(reported).lower()} }}," for prefix, first, last, reported in ranges)
    return [
        header("The names of Unicode 16.0, words numbered and names spelled in those numbers.",
               "\nuse super::names::NumberedNames;\nuse super::packed::words;\n"),
        f"/// How many first symbols are words, and how many are followed by one more; the rest are followed by two.\n"
        f"pub(super) const FIRST_SYMBOLS: [usize; 2] = [{ones}, {twos}];\n",
        f"/// How many words there are of one, two and three symbols.\n"
        f"pub(super) const WORDS: [usize; 3] = {list(map(len, groups))};\n",
        f"/// How many names there are.\npub(super) const NAMES: usize = {len(encoded)};\n",
        f"/// The longest name, in bytes.\npub(super) const LONGEST: usize = {longest};\n",
        "/// Runs of named characters: `first << 11 | count`, in order.\n"
        f"pub(super) static NAMED_RUNS: [u32; {len(runs)}] = "
        + packed_array("u32", [first << 11 | count for first, count in runs]) + ";\n",
        f"/// Names that end in the character's own number.\npub(super) static NUMBERED: [NumberedNames; {len(ranges)}] "
        f"= [\n{rows}\n];\n",
        f"/// Other names of single characters, in order.\npub(super) static ALIASES: [(&str, u32); {len(aliases)}] "
        f"= [\n{wrap(aliases)}\n];\n",
        f"/// Names of sequences, in order.\npub(super) static SEQUENCES: [(&str, &str); {len(sequences)}] "
        f"= [\n{wrap(sequences)}\n];\n",
        raw_lines("The words written with one symbol, sorted.", "WORDS_1", groups[0]),
        raw_lines("The words written with two symbols, sorted.", "WORDS_2", groups[1]),
        raw_lines("The words written with three symbols, sorted.", "WORDS_3", groups[2]),
        raw_lines("The names, by character: the symbols of their words.", "SPELLINGS", encoded),
        raw_lines(f"Where each name starts in `SPELLINGS`, three symbols each, {BLOCK} to a line, in the order of the "
                  "spellings.", "NAME_ORDER",
                  ["".join(digits(offsets[i], 3) for i in order[start:start + BLOCK])
                   for start in range(0, len(order), BLOCK)]),
    ]


def main():
    """Write the tables, or with `--check` tell whether those in place are up to date."""
    assert unicodedata.unidata_version == "16.0.0"
    tables = [header("Unicode 16.0 and 3.2: the properties of every character.",
                     "\nuse super::casing::SpecialCase;\nuse super::packed::{TwoStage, bytes, halves, triples, "
                     "words};\n")]
    tables += type_section() + case_section() + database_section() + normalization_section()
    for name, text in (("tables.rs", "\n".join(tables)), ("name_tables.rs", "\n".join(name_tables()))):
        if "--check" not in sys.argv:
            (HERE / name).write_text(text)
        elif (HERE / name).read_text() != text:
            sys.exit(f"{name} is not what the oracle says")


if __name__ == "__main__":
    main()
