# Source files as bytes: encodings, cookies, byte order marks, NUL bytes, line ends.
cases = [
    b"x = 1\n", b"\xef\xbb\xbfx = 1\n", b"# coding: latin-1\nx = '\xe9'\n", b"# coding: utf-8\nx = '\xc3\xa9'\n",
    b"x = '\xe9'\n", b"# coding: nope\nx = 1\n", b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", b"# coding: ascii\nx = '\xe9'\n",
    b"\n# coding: latin-1\nx = '\xe9'\n", b"\n\n# coding: latin-1\nx = '\xe9'\n", b"x = 1\r\ny = 2\r\n", b"x = 1\ry = 2\r",
    b"x = 1\0\n", b"x = '\\\r\n'\n", b"x = '''a\r\nb'''\n", b"\xff\xfex\0", b"# -*- coding: utf-8-sig -*-\nx = 1\n",
    b"x = '\xed\xa0\x80'\n", b"x = '\xf4\x90\x80\x80'\n", b"x = '\xc0\x80'\n", b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n",
    b"", b"\xef\xbb\xbf", b"\xef\xbb", b"x = 1 # \xff\n", b"# \xff\n", b"# coding: utf_8\nx = 'a'", b"# coding=UTF-8\nx = 'a'", b"x\\",
]
for source in cases:
    names = {}
    try:
        exec(compile(source, "file.py", "exec"), names)
        print(source, {k: ascii(v) for k, v in names.items() if k in "xy"})
    except Exception as error:
        print(source, type(error).__name__, ascii(error))
