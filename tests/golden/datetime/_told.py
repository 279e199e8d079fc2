"""What the cases here share: printing without addresses, and calls of which the result or the exception is printed."""

from builtins import print as _print


def scrub(text):
    # Addresses differ from run to run.
    first, *rest = text.split(' at 0x')
    return first + ''.join(' at ...' + part.lstrip('0123456789abcdef') for part in rest)


def print(*values):
    _print(scrub(' '.join(map(str, values))))


def t(function, *args, **keywords):
    try:
        print(repr(function(*args, **keywords)))
    except BaseException as error:
        print(type(error).__name__, error)
