# deque and OrderedDict do the same as plain lists, over many random operations.
from _collections import OrderedDict, deque

seed = 12345


def random(limit):
    global seed
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed // 65536 % limit


def check_ordered(rounds, keys):
    ordered, model = OrderedDict(), []
    for step in range(rounds):
        operation, key = random(10), random(keys)
        present = [k for k, _ in model]
        if operation < 4:
            if key in present:
                model[present.index(key)] = (key, step)
            else:
                model.append((key, step))
            ordered[key] = step
        elif operation < 6 and key in present:
            entry = model.pop(present.index(key))
            last = operation == 4
            model.insert(len(model) if last else 0, entry)
            ordered.move_to_end(key, last=last)
        elif operation == 6 and key in present:
            model.pop(present.index(key))
            del ordered[key]
        elif operation == 7 and model:
            assert ordered.popitem() == model.pop()
        elif operation == 8 and model:
            assert ordered.popitem(last=False) == model.pop(0)
        elif operation == 9 and random(40) == 0:
            ordered = ordered.copy()
        assert list(ordered.items()) == model, step
        assert list(reversed(ordered)) == [k for k, _ in reversed(model)], step
        assert len(ordered) == len(model)
    return model


def check_deque(rounds, maxlen):
    queue, model = deque(maxlen=maxlen), []

    def trim(left):
        while maxlen is not None and len(model) > maxlen:
            model.pop(0 if left else -1)

    for step in range(rounds):
        operation, place = random(11), random(20)
        if operation < 3:
            queue.append(step)
            model.append(step)
            trim(True)
        elif operation < 6:
            queue.appendleft(step)
            model.insert(0, step)
            trim(False)
        elif operation == 6 and model:
            assert queue.pop() == model.pop()
        elif operation == 7 and model:
            assert queue.popleft() == model.pop(0)
        elif operation == 8:
            queue.rotate(place - 10)
            if model:
                turn = (place - 10) % len(model)
                model[:] = model[-turn:] + model[:-turn] if turn else model
        elif operation == 9 and place < len(model):
            del queue[place]
            del model[place]
        elif operation == 10 and (maxlen is None or len(model) < maxlen):
            queue.insert(place, step)
            model.insert(place, step)
        assert list(queue) == model, step
        if place < len(model):
            assert queue[place] == model[place] and queue[-1 - place] == model[-1 - place]
    return model


print(check_ordered(3000, 8), check_ordered(3000, 60)[:5], len(check_ordered(1500, 300)))
print(check_deque(3000, None)[:5], check_deque(1500, 7), check_deque(500, 0))

# Both ends are fast: these would take hours if each step went through all keys.
queue = OrderedDict.fromkeys(range(30_000))
for key in range(30_000):
    queue.move_to_end(key, last=False)
print(next(iter(queue)), next(reversed(queue)))
while queue:
    queue.popitem(last=False)
for key in range(30_000):
    queue[key] = key
    if key // 2 in queue:
        queue.move_to_end(key // 2)
    if len(queue) > 100:
        queue.popitem(last=False)
print(len(queue), next(iter(queue)))
