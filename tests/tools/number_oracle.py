"""Compare pyx_vm::number and pyx_vm::format with CPython 3.14 on random and awkward arguments.

    cargo build -p pyx-vm --example number_probe
    python3.14 tests/tools/number_oracle.py [--cases N] [--seed N] [--probe PATH] [FAMILY ...]

Run it with the Python to compare with. Each family asks about N cases (20,000 by default), spread over its
functions; the probe answers on its standard output, and every answer that is not CPython's is shown. The exit status
is the number of families with differences.
"""

import argparse
import pathlib
import resource
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from number_cases import FAMILIES, generate  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOWN = 12


def main():
    options = parse_options()
    # A mistaken width must not take the machine down.
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    if not pathlib.Path(options.probe).exists():
        sys.exit(f'{options.probe} is missing: cargo build -p pyx-vm --example number_probe')
    if sys.version_info[:2] != (3, 14):
        sys.exit(f'this is Python {sys.version.split()[0]}, and 3.14 is what the answers are compared with')
    failed = [name for name in options.families or FAMILIES if not check(name, options)]
    if failed:
        print('differences in', ', '.join(failed))
    sys.exit(len(failed))


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('--cases', type=int, default=20_000)
    parser.add_argument('--seed', type=int, default=314)
    parser.add_argument('--probe', default=str(ROOT / 'target/debug/examples/number_probe'))
    parser.add_argument('families', nargs='*', metavar='FAMILY')
    return parser.parse_args()


def check(name, options):
    """Ask one family's questions; true if all answers agree."""
    missing = getattr(FAMILIES[name], 'missing', lambda: None)()
    if missing:
        print(f'{name}: skipped, {missing}')
        return True
    cases = list(generate(name, options.cases, options.seed))
    questions = ''.join(case.question + '\n' for case in cases)
    run = subprocess.run([options.probe], input=questions, capture_output=True, text=True)
    if run.returncode:
        print(f'{name}: the probe failed\n{run.stderr}')
        return False
    answers = run.stdout.split('\n')[:-1]
    assert len(answers) == len(cases), (len(answers), len(cases))
    differences = [(case, answer) for case, answer in zip(cases, answers) if not agrees(case, answer)]
    for case, answer in differences[:SHOWN]:
        print(f'  {ascii(case.source)[1:-1]:.300}\n    CPython: {readable(case.expected)}\n    pyx:     {readable(answer)}')
    print(f'{name}: {len(cases)} cases, {len(differences)} differences', flush=True)
    return not differences


def readable(answer):
    """The answer with its text as text."""
    words = [ascii(bytes.fromhex(word[1:])) if word.startswith('x') else word for word in answer[1:].split(' ')]
    return f'{answer[0]}{" ".join(words):.300}'


def agrees(case, answer):
    expected = case.expected
    if expected == answer:
        return True
    # Where CPython's message ends with the argument's repr, the caller adds that part.
    return expected.startswith('!') and case.prefix and expected.startswith(answer)


if __name__ == '__main__':
    main()
