# The tokens of all kinds of source, and what is said about mistakes.
import _tokenize
import io

SOURCES = """
a # c|# c|
|a|if a:\\n  b\\n|if a:\\n  b|if a:\\n  # x\\n  b\\n # y\\nc\\n|if a:\\n  b\\n\\n|if a:\\n  b\\n# z|(a,\\n b)\\n|(a, # c\\n\\n b)
a \\\\\\n b\\n|\\\\\\na|'abc|\"\"\"abc|a\\r\\nb\\r\\n|1_000+0x1F+1e5j|1__0|0b2|09|a $ b|!|a != b|x <> y|(|)|(]|if a:\\n  b\\n c\\n
\\ta\\n|if a:\\n\\tb\\n        c\\n|a\\n  |a\\\\|a\\\\ b|\\x0c\\na|if a:\\n  b\\n  \\\\\\n  c\\n|lambda: match|0xg|1_|1.e|1if 2else 3
f"a{b}c"|f"a{b!r:>{w}}{{c}}"|f'''a\\n{b}\\n'''\\n|t"a{x=}b"|rf"\\\\{a}"|f"{a:\\n}"|f"{{}}"|f"{x}}"|f"{"|f"{a["x"]}"|f"\\\\N{DASH}{a}"
f"abc|f'''a\\nb|f"{a|f"{a:b|f'''{a:b\\n}'''|f"{a:}"|f"{a:{b}c}"|f"{a:{b:{c:{d}}}}"|f"}"|f"{(a}"|f"{a\\n}"|f"{a:=5}"|f"{(a:=5)}"|f"{a!=b}"
ur"a"|bf"a"|x"a"|é"a"|"a\\\\\\nb"\\n|a = '''x\\n  y''' + b\\n|<=>=**=//=>>=<<=->...!=:=|=@=~^|a\\0b|0o8|1e+|x = "ab\\\\"
"""


def show(source, extra):
    print(ascii(source), extra)
    try:
        for token in _tokenize.TokenizerIter(io.StringIO(source, newline="").readline, extra_tokens=extra):
            print("  ", ascii(token))
    except SyntaxError as error:
        print("  ", type(error).__name__, ascii(error.args), error.lineno)


for line in SOURCES.strip("\n").split("\n"):
    for source in line.split("|"):
        show(source.encode("latin-1", "backslashreplace").decode("unicode_escape"), True)
for source in "if a:\n  b\n\nc\n", "x = (1,\n 2)\n", ")", "(]", "01", 'f"{a!r:>{w}}"\n', "1a", "€":
    show(source, False)


def attempt(*arguments, **keywords):
    try:
        print(list(_tokenize.TokenizerIter(*arguments, **keywords)))
    except Exception as error:
        print(type(error).__name__, error)


attempt()
attempt(5)
attempt(5, extra_tokens=True)
attempt(iter([b"a\n"]).__next__, extra_tokens=True)
attempt(iter(["a\n"]).__next__, extra_tokens=True, encoding="utf-8")
attempt(iter([b"a\n", b"\xe9"]).__next__, extra_tokens=True, encoding="latin1")
attempt(iter(["a\n"]).__next__, extra_tokens=True, encoding=5)
attempt(lambda: 1 / 0, extra_tokens=True)
