"""A bytearray escapes apostrophes always, bytes where they are the quotes."""

for data in (b"", b"it's", b'say "hi"', b"'\"", b"\\\t\n\r\x00\x7f\xff"):
    print(repr(data), bytearray(data), str(bytearray(data)))
