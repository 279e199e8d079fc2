# How the native iterator over tokens ends.
import _tokenize

for source in ([], ["a\n"], ["a"]):
    tokens = _tokenize.TokenizerIter(iter(source).__next__, extra_tokens=True)
    print(len(list(tokens)))
    for attempt in range(2):
        try:
            next(tokens)
        except StopIteration as stop:
            print(repr(stop))
