"""Threads that import a module wait for the one that began; a cycle between two of them ends."""
import importlib
import os
import sys
import tempfile
import threading

directory = tempfile.TemporaryDirectory()
sys.path.insert(0, directory.name)
sources = {
    "slow_module": "import time\ntime.sleep(0.02)\nvalue = 1\n",
    "cycle_a": "import time\ntime.sleep(0.02)\nimport cycle_b\n",
    "cycle_b": "import time\ntime.sleep(0.02)\nimport cycle_a\n",
}
for name, source in sources.items():
    with open(os.path.join(directory.name, name + ".py"), "w") as file:
        file.write(source)

found = []


def load(name):
    module = importlib.import_module(name)
    found.append((name, getattr(module, "value", None)))


def all_of(names):
    threads = [threading.Thread(target=load, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


all_of(["slow_module"] * 6)
all_of(["cycle_a", "cycle_b"])
all_of(["bisect", "colorsys", "textwrap"] * 4)
print(sorted(found, key=str))
directory.cleanup()
