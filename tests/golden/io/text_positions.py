# Reading text in all newline modes and encodings, with tell and seek on the way.
import _io as io
seed = 99
def rnd(n):
    global seed
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 8) % n
alphabet = ['a', 'b', '\n', '\r', '\r\n', 'é', '€', '\U0001f600', ' ', 'xyz' * 10]
log = []
for encoding in ('utf-8', 'latin-1', 'ascii'):
    for newline in (None, '', '\n', '\r', '\r\n'):
        for chunk in (1, 2, 3, 7, 100, 8192):
            text = ''.join(alphabet[rnd(len(alphabet))] for _ in range(80))
            raw = text.encode(encoding, 'replace')
            t = io.TextIOWrapper(io.BytesIO(raw), encoding, newline=newline)
            t._CHUNK_SIZE = chunk
            out = []
            marks = []
            while True:
                op = rnd(4)
                if op == 0: r = t.readline()
                elif op == 1: r = t.readline(rnd(6) + 1)
                elif op == 2: r = t.read(rnd(9) + 1)
                else:
                    marks.append((t.tell(), len(out)))
                    continue
                if not r: break
                out.append(r)
            log.append((encoding, newline, chunk, out, t.newlines))
            for mark, at in marks:
                t.seek(mark)
                rest = t.read()
                log.append((mark if chunk < 8192 and encoding != 'utf-8' else None, rest == ''.join(out[at:]), rest))
            t.seek(0)
            log.append(list(t))
for encoding in ('utf-8', 'latin-1', 'ascii'):
    for newline in (None, '', '\n', '\r', '\r\n'):
        b = io.BytesIO()
        t = io.TextIOWrapper(b, encoding, errors='backslashreplace', newline=newline)
        for _ in range(30):
            log.append(t.write(alphabet[rnd(len(alphabet))]))
            if rnd(5) == 0: log.append(t.tell())
        t.flush()
        log.append(b.getvalue())
        s = io.StringIO(newline=newline)
        for _ in range(40):
            op = rnd(6)
            if op < 3: log.append(s.write(alphabet[rnd(len(alphabet))]))
            elif op == 3: log.append(s.seek(rnd(20)))
            elif op == 4: log.append(s.read(rnd(5)))
            else: log.append(s.readline())
        log.append((s.getvalue(), s.tell(), s.newlines))
h = 0
for i, entry in enumerate(log):
    h = (h * 31 + sum(map(ord, ascii(entry)))) & 0xffffffff
    if i % 61 == 0: print(i, ascii(entry), h)
print(h, all(e[1] for e in log if isinstance(e, tuple) and len(e) == 3 and isinstance(e[1], bool)))
