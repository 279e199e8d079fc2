class Thing:
    def __init__(self):
        self.blunder = 1

    def method(self):
        return blunder

try:
    Thing().blundr
except AttributeError as e:
    first = e
try:
    Thing().method()
except NameError as e:
    raise first from e
