# Text of all widths: indices count characters, whatever the matcher does.
import re

text = "aé漢😀\udc80b" * 40
for pattern in "b", "é", "漢", "😀", "\udc80", "[é-漢]+", "😀.", ".😀", r"\w+", "(?<=漢)😀", "(?<!漢)b", "b?$", ".{7}", "(?s).*b", ".*?漢", "[^b]+b", "(é|漢)+":
    spans = [m.span() for m in re.finditer(pattern, text)]
    print(ascii(pattern), len(spans), spans[:2], spans[-1:], all(re.fullmatch(pattern, text[a:b]) or "(?" in pattern or "$" in pattern for a, b in spans))
print(re.compile("b").search(text, 100, 110), ascii(re.sub("[é漢]", "-", text)[:12]), ascii(re.split("😀", text)[1]))
print(re.findall(r"(?i)ς", "σΣς"), re.findall("(?i)İ", "iİı"), re.findall("(?i)ǆ", "ǅǄǆ"), re.findall("(?i)[Α-Ω]", "αωA"))
print(re.findall(r"\d", "1٣५"), re.findall(r"\s", "a\x1c\xa0\u2003b"), re.findall(r"\W", "é_\u0301"))
print(re.match("(?i)(.)\\1", "ßẞ"), re.match("(?i)(.)\\1", "ǅǆ").span(), re.match(r"(?ia)[k]", "\u212a"))
