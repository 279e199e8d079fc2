# PEP 765, and what an except* block must not be left by.
import warnings

SOURCES = [
    "def f():\n try: pass\n finally:\n  return 1",
    "for x in y:\n try: pass\n finally:\n  break",
    "for x in y:\n try: pass\n finally:\n  continue",
    "for x in y:\n try: pass\n finally:\n  for a in b: break",
    "def f():\n try: pass\n finally:\n  def g(): return",
    "def f():\n try: return 1\n finally:\n  while 1: continue",
    "def f():\n try: return 1\n finally:\n  try: pass\n  finally: return 2",
    "try: pass\nexcept* ValueError: break",
    "def f():\n try: pass\n except* ValueError: return",
    "for x in y:\n try: pass\n except* ValueError: continue",
    "for x in y:\n try: pass\n except* ValueError:\n  while 1: break",
    # The inner finally's own statements count, however often its code is made.
    "def f():\n try: pass\n finally:\n  try: return 1\n  finally: pass",
    "def f():\n try: pass\n finally:\n  try: return 1\n  finally: return 2",
    "for x in y:\n try: pass\n finally:\n  try: break\n  except E: continue\n  finally: pass",
    "def f():\n try: pass\n finally:\n  with a: return 1",
]
for source in SOURCES:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "f", "exec")
        except SyntaxError as error:
            print("SyntaxError:", error)
    print(repr(source), [(str(warning.message), warning.lineno) for warning in caught])
