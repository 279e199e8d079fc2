# Code of library functions is whole, whoever looks at it first: a call, an attribute, a tool, a copy.

import marshal, sys, textwrap, shlex, fnmatch, types

# By its attributes, before any call.
code = textwrap.dedent.__code__
print(code.co_name, code.co_qualname, code.co_varnames[0], code.co_argcount, len(code.co_code) > 0)
print(code == code.replace(), hash(code) == hash(code.replace()), marshal.loads(marshal.dumps(code)) == code)
print(repr(textwrap.dedent("  a\n  b")), code is textwrap.dedent.__code__)

# Docstrings are the function's own from the first look.
print(shlex.quote.__doc__ == shlex.quote.__code__.co_consts[0], shlex.quote.__doc__ is shlex.quote.__doc__)
def other(s):
    "another"
    return s * 2
before = shlex.join.__doc__ is None
shlex.join.__code__ = other.__code__
print(before, shlex.join.__doc__ == "another", shlex.join("ab"))
other.__doc__ = None
print(other.__doc__, other.__code__.co_consts[0])
del shlex.split.__doc__
print(shlex.split.__doc__, shlex.split("a 'b c'"))

# Code within code: methods, and functions of copies.
wrap = textwrap.TextWrapper._split.__code__
copy = types.FunctionType(wrap.replace(co_name="renamed"), textwrap.__dict__)
print(copy.__name__, copy(textwrap.TextWrapper(), "some words"))
print(types.FunctionType(fnmatch.translate.__code__, fnmatch.__dict__)("*.py") == fnmatch.translate("*.py"))

# Tools hear of code that runs for the first time.
heard = []
def trace(frame, event, arg):
    heard.append((event, frame.f_code.co_name))
    return trace
sys.settrace(trace)
textwrap.indent("a\n", "> ")
sys.settrace(None)
print([name for event, name in heard if event == "call"][:1], any(event == "line" for event, _ in heard))
