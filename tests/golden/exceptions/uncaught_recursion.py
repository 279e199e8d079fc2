def f(n):
    if n:
        return f(n - 1) + 1
    raise ValueError("deep")

f(12)
