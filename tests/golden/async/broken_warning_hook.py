# A coroutine that nobody awaits, when what words the warning is broken.
import gc
import sys
import warnings


async def work():
    pass


def forget(hook):
    ignored = []
    sys.unraisablehook = lambda about: ignored.append((about.exc_type.__name__, about.err_msg.split(" <")[0]))
    before = warnings._warn_unawaited_coroutine
    if hook is None:
        del warnings._warn_unawaited_coroutine
    else:
        warnings._warn_unawaited_coroutine = hook
    try:
        work()
        gc.collect()
    finally:
        warnings._warn_unawaited_coroutine = before
        sys.unraisablehook = sys.__unraisablehook__
    return ignored


def warn(coroutine):
    raise RuntimeWarning


for action in ("always", "error"):
    for hook in (lambda coroutine: 1 / 0, lambda coroutine: None, warn, None):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter(action)
            ignored = forget(hook)
        print(action, [str(warning.message) for warning in caught], ignored)
