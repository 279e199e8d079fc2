compile("x = 1\nif x:\n    y = = 2\n", "made.py", "exec")
