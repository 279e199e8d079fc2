# Files written in Python below and above those of _io.
import _io as io


class Raw(io._RawIOBase):
    """Gives its data in pieces, and takes at most three bytes at a time."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.written = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, memory):
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            return None
        memory[:len(piece)] = piece
        return len(piece)

    def write(self, data):
        self.written.append(bytes(data[:3]))
        return len(data[:3])


print(Raw(b'ab', b'c').read(), Raw(b'ab', b'c').read(2), Raw().read(), Raw(None).read())
reader = io.BufferedReader(Raw(b'one\ntw', b'o\nthr', b'ee'))
print(reader.readline(), reader.peek(), reader.read(3), reader.readlines())
print(io.BufferedReader(Raw(b'ab', None, b'c')).read(5), io.BufferedReader(Raw(None)).read())
raw = Raw()
writer = io.BufferedWriter(raw, 4)
print(writer.write(b'0123456789'), raw.written)
writer.flush()
print(raw.written)
text = io.TextIOWrapper(io.BufferedReader(Raw('é\r'.encode(), b'\nx\xc3', b'\xa9\rlast')), 'utf-8')
print(list(text), text.newlines)


class Reentrant(Raw):
    def readinto(self, memory):
        try:
            buffered.read()
        except RuntimeError as error:
            print(str(error)[:22])
        return 0


buffered = io.BufferedReader(Reentrant())
print(buffered.read(1))


class Wrong(Raw):
    def readinto(self, memory):
        return 10 ** 6


for call in (lambda: io.BufferedReader(Wrong()).read(5), lambda: Wrong().read(5)):
    try:
        call()
    except (OSError, ValueError) as error:
        print(type(error).__name__, error)


class Lines(io.StringIO):
    def readline(self, size=-1):
        return super().readline(size).upper()


print(list(Lines('a\nb')), Lines('ab').read())


class Closing(io._IOBase):
    def close(self):
        print('close', self.closed)
        super().close()


with Closing() as file:
    pass
del file
Closing()
