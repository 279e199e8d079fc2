# Traceback objects and cells.
import sys

def show(f):
    try:
        print(repr(f()))
    except Exception as error:
        print(type(error).__name__, error)

def fail():
    1 / 0

try:
    fail()
except ZeroDivisionError as error:
    tb = error.__traceback__
T = type(tb)
F = sys._getframe()
show(lambda: (tb.tb_lineno, tb.tb_next.tb_lineno, tb.tb_next.tb_next, tb.tb_frame is F))
show(lambda: tb.tb_next.tb_frame.f_code.co_name)
show(lambda: tb.tb_lasti == tb.tb_frame.f_lasti)
show(lambda: T())
show(lambda: T(1, F, 1, 2))
show(lambda: T(None, 1, 1, 2))
show(lambda: T(None, F, "a", 2))
show(lambda: T(None, F, 1, 2, 3))
show(lambda: T(tb, F, 1, 2).tb_next is tb)
show(lambda: T(tb_next=None, tb_frame=F, tb_lasti=1, tb_lineno=7).tb_lineno)
t2 = T(None, F, 1, 5)
show(lambda: (t2.tb_lasti, t2.tb_lineno, t2.tb_next))
show(lambda: setattr(t2, "tb_next", t2))
show(lambda: setattr(t2, "tb_next", 1))
show(lambda: setattr(t2, "tb_next", tb))
show(lambda: setattr(tb, "tb_next", t2))
show(lambda: delattr(tb, "tb_next"))
show(lambda: setattr(t2, "tb_next", None))
show(lambda: t2.tb_next)
show(lambda: setattr(tb, "tb_lineno", 1))
show(lambda: setattr(tb, "tb_frame", 1))
show(lambda: tb.__dir__())
show(lambda: type("X", (T,), {}))

def make_cell():
    value = 1
    return (lambda: value).__closure__[0]

Cell = type(make_cell())
show(lambda: make_cell().cell_contents)
show(lambda: Cell().cell_contents)
show(lambda: (Cell(1) == Cell(1), Cell(1) < Cell(2), Cell() < Cell(2), Cell() == Cell(), Cell() > Cell(), Cell(1) == 1))
show(lambda: Cell(1) < 2)
show(lambda: Cell(Cell) < Cell(1))
show(lambda: hash(Cell()))
show(lambda: Cell(1, 2))
show(lambda: Cell(a=1))
show(lambda: type("X", (Cell,), {}))
c = Cell(1)
del c.cell_contents
show(lambda: c.cell_contents)
c.cell_contents = 5
show(lambda: c.cell_contents)
show(lambda: (delattr(c, "cell_contents"), delattr(c, "cell_contents")))
show(lambda: repr(Cell()).endswith(": empty>"))

def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step

step = counter()
step()
step.__closure__[0].cell_contents = 41
show(step)
del step.__closure__[0].cell_contents
show(step)
