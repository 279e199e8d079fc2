# A signal ends a search that would take forever; others are handled while it goes on.
import re
import signal


class Interrupted(Exception):
    pass


def handler(number, frame):
    global calls
    calls += 1
    # The pattern is in use, and can be used meanwhile.
    assert pattern.match(subject[:0] + tail)
    if calls == 2:
        raise Interrupted


signal.signal(signal.SIGALRM, handler)
for source, subject, tail in ("{}", "a" * 40, "b"), (b"{}", b"a" * 40, b"b"), (b"{}", bytearray(b"a" * 40), b"b"):
    pattern = re.compile("(?:(?:a|a)*)*b" if isinstance(source, str) else b"(?:(?:a|a)*)*b")
    calls = 0
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        pattern.match(subject)
    except Interrupted:
        print("interrupted", type(subject).__name__, calls)
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(pattern.match(subject + tail).end() if isinstance(subject, str) else len(subject))
    if isinstance(subject, bytearray):
        subject.append(1)
        print("released")
