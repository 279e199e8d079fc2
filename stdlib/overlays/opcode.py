"""The instructions of pyx, under the names that CPython's module has.

There is no stack, and operands are in the instructions themselves: what is about arguments and their extension means little here.
"""

__all__ = ["cmp_op", "stack_effect", "hascompare", "opname", "opmap",
           "HAVE_ARGUMENT", "EXTENDED_ARG", "hasarg", "hasconst", "hasname",
           "hasjump", "hasjrel", "hasjabs", "hasfree", "haslocal", "hasexc"]

import _opcode
from _opcode import stack_effect
from _opcode_metadata import opmap

opname = [name for name, _ in sorted(opmap.items(), key=lambda item: item[1])]
cmp_op = ('<', '<=', '==', '!=', '>', '>=')

HAVE_ARGUMENT = 0
EXTENDED_ARG = -1

hasarg = [number for number in opmap.values() if _opcode.has_arg(number)]
hasconst = [number for number in opmap.values() if _opcode.has_const(number)]
hasname = [number for number in opmap.values() if _opcode.has_name(number)]
hasjump = [number for number in opmap.values() if _opcode.has_jump(number)]
hasjrel = hasjump
hasjabs = []
hasfree = [number for number in opmap.values() if _opcode.has_free(number)]
haslocal = [number for number in opmap.values() if _opcode.has_local(number)]
hasexc = [number for number in opmap.values() if _opcode.has_exc(number)]
hascompare = [number for name, number in opmap.items() if name.startswith('COMPARE')]
