"""The disassembler: what functions, classes and code objects compile to.

The interface is that of CPython's module. The instructions are pyx's: they name registers where CPython's work on a stack.
"""

import collections
import io
import sys
import types

import _opcode
from opcode import *
from opcode import __all__ as _names_of_opcode

__all__ = ["code_info", "dis", "disassemble", "distb", "disco",
           "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode"] + _names_of_opcode

COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED",
    2: "NEWLOCALS",
    4: "VARARGS",
    8: "VARKEYWORDS",
    16: "NESTED",
    32: "GENERATOR",
    64: "NOFREE",
    128: "COROUTINE",
    256: "ITERABLE_COROUTINE",
    512: "ASYNC_GENERATOR",
    0x4000000: "HAS_DOCSTRING",
    0x8000000: "METHOD",
}

Positions = collections.namedtuple(
    'Positions', ['lineno', 'end_lineno', 'col_offset', 'end_col_offset'], defaults=[None] * 4)

_Fields = collections.namedtuple(
    '_Fields',
    ['opname', 'opcode', 'arg', 'argval', 'argrepr', 'offset', 'start_offset', 'starts_line',
     'line_number', 'label', 'positions', 'cache_info'],
    defaults=[None, None, None])


class Instruction(_Fields):

    """An instruction: its name, its operands, and where it comes from."""

    @property
    def oparg(self):
        """The same as arg."""
        return self.arg

    @property
    def baseopcode(self):
        """The opcode; there are no variants."""
        return self.opcode

    @property
    def baseopname(self):
        """The name of the opcode."""
        return self.opname

    @property
    def is_jump_target(self):
        """Whether the instruction bears a label."""
        return self.label is not None

    @property
    def jump_target(self):
        """The offset that the instruction may jump to, or None."""
        return self.argval if self.opcode in hasjump else None

    def __str__(self):
        return f'{self.opname:<22} {self.argrepr}'.rstrip()


def pretty_flags(flags):
    """The names of the flags of a code object, separated by commas."""
    names = [name for bit, name in COMPILER_FLAG_NAMES.items() if flags & bit]
    rest = flags & ~sum(COMPILER_FLAG_NAMES)
    if rest or not names:
        names.append(hex(rest))
    return ', '.join(names)


def _try_compile(source, name):
    try:
        return compile(source, name, 'eval')
    except SyntaxError:
        return compile(source, name, 'exec')


def _get_code_object(x):
    """The code object of a function, method, generator, coroutine or text, or x itself if it is code."""
    for attribute in ('__func__', '__code__', 'gi_code', 'ag_code', 'cr_code'):
        x = getattr(x, attribute, x)
    if isinstance(x, str):
        x = _try_compile(x, '<disassembly>')
    if hasattr(x, 'co_code'):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def findlinestarts(code):
    """Pairs of offset and line, for each offset at which a line starts."""
    last = False
    for start, _, line in code.co_lines():
        if line is not last:
            last = line
            yield start, line


def findlabels(code):
    """The offsets of a code object that are jumped to. (They cannot be found in its bytes alone.)"""
    targets = []
    for _, _, _, _, target, *_ in _opcode._instructions(_get_code_object(code)):
        if target is not None and target not in targets:
            targets.append(target)
    return targets


def get_instructions(x, *, first_line=None, show_caches=None, adaptive=False):
    """The instructions of a function, method or the like."""
    code = _get_code_object(x)
    delta = 0 if first_line is None else first_line - code.co_firstlineno
    return _instructions(code, delta)


def _instructions(code, line_delta=0):
    starts = dict(findlinestarts(code))
    positions = [Positions(*position) for position in code.co_positions()]
    line = None
    for offset, _, number, operands, target, label, constant, name in _opcode._instructions(code):
        starts_line = offset in starts
        if starts_line:
            line = starts[offset]
        shown = None if line is None else line + line_delta
        argval = target
        if constant is not None:
            argval = code.co_consts[constant]
        elif name is not None:
            argval = code.co_names[name]
        elif target is None:
            argval = operands or None
        yield Instruction(
            '<word>' if number < 0 else opname[number], number, constant if target is None else target,
            argval, operands, offset, offset, starts_line, shown, label,
            positions[offset // 2] if offset // 2 < len(positions) else Positions())


def code_info(x):
    """A description of a code object."""
    code = _get_code_object(x)
    lines = [
        f'Name:              {code.co_name}',
        f'Filename:          {code.co_filename}',
        f'Argument count:    {code.co_argcount}',
        f'Positional-only arguments: {code.co_posonlyargcount}',
        f'Kw-only arguments: {code.co_kwonlyargcount}',
        f'Number of locals:  {code.co_nlocals}',
        f'Stack size:        {code.co_stacksize}',
        f'Flags:             {pretty_flags(code.co_flags)}',
    ]
    for title, values, show in (
        ('Constants', code.co_consts, repr),
        ('Names', code.co_names, str),
        ('Variable names', code.co_varnames, str),
        ('Free variables', code.co_freevars, str),
        ('Cell variables', code.co_cellvars, str),
    ):
        if values:
            lines.append(f'{title}:')
            lines.extend(f'{index:4}: {show(value)}' for index, value in enumerate(values))
    return '\n'.join(lines)


def show_code(co, *, file=None):
    """Print a description of a code object."""
    print(code_info(co), file=file)


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False, show_offsets=False,
                show_positions=False):
    """Print the instructions of a code object, the one at the offset lasti marked."""
    _print(co, lasti, file, show_offsets, show_positions)


disco = disassemble


def _print(code, lasti=-1, file=None, show_offsets=False, show_positions=False, line_delta=0):
    first = True
    for instruction in _instructions(code, line_delta):
        if instruction.starts_line and not first:
            print(file=file)
        first = False
        if show_positions:
            place = instruction.positions
            line = f'{place.lineno}:{place.col_offset}-{place.end_lineno}:{place.end_col_offset}'
        else:
            line = '' if not instruction.starts_line else (
                '--' if instruction.line_number is None else str(instruction.line_number))
        fields = [f'{line:>{16 if show_positions else 4}}']
        fields.append('-->' if instruction.offset == lasti else '   ')
        fields.append(f'L{instruction.label}:' if instruction.label is not None else '')
        fields[-1] = fields[-1].rjust(6)
        if show_offsets:
            fields.append(f'{instruction.offset:>6}')
        print(*fields, instruction, file=file)


def _print_all(code, depth, **options):
    _print(code, **options)
    if depth is None or depth > 0:
        for constant in code.co_consts:
            if hasattr(constant, 'co_code'):
                print(f'\nDisassembly of {constant!r}:', file=options.get('file'))
                _print_all(constant, None if depth is None else depth - 1, **options)


_HAVE_CODE = (types.MethodType, types.FunctionType, types.CodeType, classmethod, staticmethod, type)


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False, show_offsets=False,
        show_positions=False):
    """Print the instructions of a class, function, method, generator, coroutine, module, code or text.

    Without an argument, those of the last traceback.
    """
    options = dict(file=file, show_offsets=show_offsets, show_positions=show_positions)
    if x is None:
        distb(**options)
        return
    for attribute in ('__func__', '__code__', 'gi_code', 'ag_code', 'cr_code'):
        x = getattr(x, attribute, x)
    if hasattr(x, '__dict__') and not hasattr(x, 'co_code'):
        for name, member in sorted(x.__dict__.items()):
            if isinstance(member, _HAVE_CODE):
                print(f'Disassembly of {name}:', file=file)
                try:
                    dis(member, depth=depth, **options)
                except TypeError as error:
                    print('Sorry:', error, file=file)
                print(file=file)
    elif hasattr(x, 'co_code'):
        _print_all(x, depth, **options)
    elif isinstance(x, str):
        _print_all(_try_compile(x, '<dis>'), depth, **options)
    else:
        raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def distb(tb=None, *, file=None, show_caches=False, adaptive=False, show_offsets=False, show_positions=False):
    """Print the instructions of the function in which a traceback, by default the last one, ends."""
    if tb is None:
        try:
            tb = sys.last_exc.__traceback__
        except AttributeError:
            raise RuntimeError('no last traceback to disassemble') from None
    while tb.tb_next:
        tb = tb.tb_next
    _print(tb.tb_frame.f_code, tb.tb_lasti, file, show_offsets, show_positions)


class Bytecode:

    """The instructions of a function, method, text or code object, to go through or to show."""

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False,
                 show_offsets=False, show_positions=False):
        self.codeobj = code = _get_code_object(x)
        self.first_line = code.co_firstlineno if first_line is None else first_line
        self.current_offset = current_offset
        self.show_caches = show_caches
        self.adaptive = adaptive
        self.show_offsets = show_offsets
        self.show_positions = show_positions
        self._original_object = x
        self._line_delta = self.first_line - code.co_firstlineno

    def __iter__(self):
        return _instructions(self.codeobj, self._line_delta)

    def __repr__(self):
        return f'{type(self).__name__}({self._original_object!r})'

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """The instructions of the function in which a traceback ends."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti)

    def info(self):
        """A description of the code object."""
        return code_info(self.codeobj)

    def dis(self):
        """The instructions as text."""
        output = io.StringIO()
        lasti = -1 if self.current_offset is None else self.current_offset
        _print(self.codeobj, lasti, output, self.show_offsets, self.show_positions, self._line_delta)
        return output.getvalue()


def main(args=None):
    """python -m dis [FILE]"""
    import argparse

    parser = argparse.ArgumentParser(color=True)
    parser.add_argument('-O', '--show-offsets', action='store_true', help='show the offsets of instructions')
    parser.add_argument('-P', '--show-positions', action='store_true', help='show places in the source text')
    parser.add_argument('infile', nargs='?', default='-')
    arguments = parser.parse_args(args=args)
    if arguments.infile == '-':
        name, source = '<stdin>', sys.stdin.buffer.read()
    else:
        name = arguments.infile
        with open(name, 'rb') as infile:
            source = infile.read()
    dis(compile(source, name, 'exec'), show_offsets=arguments.show_offsets, show_positions=arguments.show_positions)


if __name__ == '__main__':
    main()
