# Random operations on files with a buffer: what they give is what CPython gives.
import posix
import _io as io

seed = 12345
def rnd(n):
    global seed
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 8) % n

log = []
def run(kind, size, steps):
    data = bytes(rnd(256) for _ in range(300))
    if kind == 'file':
        f = io.open(posix.memfd_create('random'), 'r+b', buffering=size)
        f.write(data)
        f.seek(0)
    else:
        f = io.BufferedRandom(io.BytesIO(data), size)
    for _ in range(steps):
        op = rnd(10)
        try:
            if op == 0: r = f.read(rnd(60))
            elif op == 1: r = f.write(bytes([65 + rnd(26)]) * rnd(50))
            elif op == 2: r = f.seek(rnd(320))
            elif op == 3: r = f.seek(rnd(40) - 20, 1)
            elif op == 4: r = f.tell()
            elif op == 5: r = f.readline()
            elif op == 6: r = f.peek(3)[:3]
            elif op == 7: r = f.read(rnd(5))
            elif op == 8: b = bytearray(rnd(40)); r = (f.readinto(b), bytes(b))
            else: r = f.flush()
        except (OSError, ValueError) as e:
            r = (type(e).__name__, str(e))
        log.append((op, r))
    if rnd(2): log.append(f.truncate())
    f.flush()
    f.seek(0)
    log.append(f.read())
    f.close()

for kind in ('file', 'memory'):
    for size in (1 + 1, 7, 16, 64, 1000):
        for _ in range(6):
            run(kind, size, 60)
h = 0
for i, entry in enumerate(log):
    h = (h * 31 + sum(map(ord, repr(entry)))) & 0xffffffff
    if i % 97 == 0: print(i, entry, h)
print(h)
