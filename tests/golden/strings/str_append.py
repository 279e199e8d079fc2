"""A str that grows by += stays what joining its parts gives, whatever is done to it in between."""

PARTS = ["a", "bc", "é", "€uro", "\U0001f600", "", "\ud800", "\udc00", "xyz" * 30, "ü" * 40]


def grow(order, looks):
    text, parts = "", []
    for step, index in enumerate(order):
        part = PARTS[index % len(PARTS)]
        text += part
        parts.append(part)
        if step % looks == 0:
            joined = "".join(parts)
            assert text == joined, (order, step)
            assert len(text) == len(joined) and hash(text) == hash(joined)
            for at in (0, 1, len(text) // 2, -1):
                if text:
                    assert text[at % len(text)] == joined[at % len(text)]
            assert list(text) == list(joined) and text.find("z") == joined.find("z")
    return text


for start in range(len(PARTS)):
    for step in (1, 3, 7):
        order = [start + step * n for n in range(200)]
        for looks in (1, 5, 50):
            text = grow(order, looks)
        print(start, step, len(text), ascii(text[-12:]))

# What others hold does not change.
first = "é"
held = []
for n in range(100):
    held.append(first)
    first += str(n)
print([len(text) for text in held][::9], held[10][-4:])
text = "é" * 200
text[150]
text += "x"
print(text[200], text[150], len(text))
doubled = "ab"
doubled += doubled
doubled += doubled
print(doubled)
wide = "ä"
wide += wide
wide += wide
print(wide, {wide: 1}["ääää"])
