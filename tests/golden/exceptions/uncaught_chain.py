def inner(x):
    return 1 / x

def middle(x):
    try:
        inner(x)
    except ZeroDivisionError as e:
        raise KeyError("key") from e

def outer():
    try:
        middle(0)
    except KeyError as e:
        e.add_note("a note\nof two lines")
        {}["missing"] + [1, 2][
            5
        ]

outer()
