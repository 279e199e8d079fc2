# except*
def run(raised, *handlers):
    log = []
    try:
        try:
            raise raised
        except* ValueError as e:
            log.append(("V", e))
            if handlers and handlers[0]: raise handlers[0]
        except* (TypeError, KeyError) as e:
            log.append(("TK", e))
            if handlers and handlers[1]: raise handlers[1]
    except BaseException as e:
        print(log, "->", repr(e), repr(e.__cause__), repr(e.__context__))
        return e
    print(log)

X = ExceptionGroup
run(ValueError(1))
run(OSError(1))
run(KeyError(1))
run(X("a", [ValueError(1)]))
run(X("a", [ValueError(1), TypeError(2)]))
run(X("a", [ValueError(1), OSError(2)]))
run(X("a", [ValueError(1), X("b", [KeyError(2), OSError(3)]), ValueError(4)]))
run(X("a", [OSError(2)]))
run(X("a", [ValueError(1), TypeError(2)]), RuntimeError("h"), None)
run(X("a", [ValueError(1), TypeError(2)]), RuntimeError("h"), RuntimeError("i"))
run(X("a", [ValueError(1), OSError(2)]), RuntimeError("h"), None)
run(ValueError(1), RuntimeError("h"))
def t(f):
    try:
        print("ok", f())
    except BaseException as e:
        print(type(e).__name__ + ":", e)
def star(raised, what):
    try:
        raise raised
    except* what as e:
        return_ = e
    return repr(return_)
t(lambda: star(ValueError(1), ValueError))
t(lambda: star(KeyboardInterrupt(1), KeyboardInterrupt))
t(lambda: star(ValueError(1), ExceptionGroup))
t(lambda: star(ValueError(1), (ExceptionGroup, ValueError)))
t(lambda: star(ValueError(1), int))
t(lambda: star(ValueError(1), 3))
t(lambda: star(X("a", [ValueError(1)]), Exception))
def reraise():
    try:
        raise X("a", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise
t(reraise)
def nested():
    try:
        try:
            raise X("a", [ValueError(1), TypeError(2)])
        except* ValueError as e:
            print(repr(e))
    except* TypeError as e:
        print(repr(e))
    return "done"
t(nested)
class Bad(ExceptionGroup):
    def split(self, c): return 3
class Bad2(ExceptionGroup):
    def split(self, c): return (1,)
t(lambda: star(Bad("a", [ValueError(1), OSError()]), ValueError))
t(lambda: star(Bad2("a", [ValueError(1), OSError()]), ValueError))
