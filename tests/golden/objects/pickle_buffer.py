# Pickle buffers stand for the memory of other objects, and keep it in place.
import pickle

data = bytearray(b"0123456789" * 10)
buffer = pickle.PickleBuffer(data)
print(buffer.raw().nbytes, buffer.raw().format, memoryview(buffer).readonly)
try:
    data.append(1)
except BufferError as error:
    print(error)
buffers = []
pickled = pickle.dumps({"a": buffer, "b": 1}, protocol=5, buffer_callback=buffers.append)
print(len(pickled) < 60, buffers == [buffer])
restored = pickle.loads(pickled, buffers=buffers)
print(restored["a"] is data, restored["b"])
print(pickle.loads(pickle.dumps(buffer, protocol=5)) == data)
buffers.clear()
del restored
buffer.release()
buffer.release()
data.append(1)
for attempt in (buffer.raw, lambda: memoryview(buffer), lambda: pickle.dumps(buffer, protocol=5)):
    try:
        attempt()
    except ValueError as error:
        print(error)
view = memoryview(bytes(12)).cast("i", (3, 1))
print(pickle.PickleBuffer(view).raw().shape, memoryview(pickle.PickleBuffer(view)).shape)
for value in (memoryview(b"abcd")[::2], 1):
    try:
        pickle.PickleBuffer(value).raw()
    except (BufferError, TypeError) as error:
        print(type(error).__name__, error)
try:
    pickle.dumps(pickle.PickleBuffer(b"x"), protocol=4)
except pickle.PicklingError as error:
    print(error)
