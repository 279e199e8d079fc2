# NUL bytes etc
for s in ("a\0b", "\0", "'\0'", "# \0", "x = 1\n\0", "\x01", "\x0c x", "x\x0c", "\ufeffx", "x\ufeff", "'\ud800'", "\ud800", "a\r\nb", "a\rb", "if 1:\r pass", "\\", "\\\n", "x \\\n", "x \\ \n", "'''", "'a\\", "'\\N{foo}'", "'\\x1'", "'\\u123'", "'\\U99999999'", "b'é'", "'\\777'", "f'{'", "f'}'", "f'{}'", "f'{!r}'", "f'{a!x}'", "f'{a:{b:{c:{d}}}}'", "0777", "1__0", "1_", "0x", "0b2", "1e", "1.e+", "1.2.3", "1a", "1if 1else 2", "0xfor x in y", "é=1", "℘=1", "x²", "a$b", "a?b", "a!b", "\t x\n        y", "if 1:\n\tx\n        y", "if 1:\n        x\n\ty", "if 1:\n  x\n y", " x", "x\n y", "if 1:\nx", "\u2028", "x\u00a0y", "'\u2028'", "\u200bx"):
    try:
        print(ascii(s), "ok", compile(s, "f", "exec") is not None)
    except (SyntaxError, ValueError, UnicodeError) as e: print(ascii(s), type(e).__name__, ascii(e.args))
