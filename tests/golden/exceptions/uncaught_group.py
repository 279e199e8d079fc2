def fail(e):
    raise e

def collect():
    errors = []
    for e in (ValueError("first"), TypeError("second\nline")):
        try:
            fail(e)
        except Exception as caught:
            errors.append(caught)
    try:
        raise ExceptionGroup("inner", errors)
    except ExceptionGroup as g:
        errors = [KeyError(1), g, OSError(2, "gone", "file")]
    raise ExceptionGroup("outer", errors + [ValueError(i) for i in range(15)])

try:
    collect()
except ExceptionGroup as g:
    g.add_note("group note")
    raise RuntimeError("after") from g
