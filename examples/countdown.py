"""Two tasks at once, and await outside of any function."""

import pyx


async def countdown(name, start, pause):
    for number in range(start, 0, -1):
        print(name, number)
        await pyx.sleep(pause)
    return name


first, second = await pyx.gather(countdown("slow", 3, 0.3), countdown("fast", 5, 0.15))
print(first, "and", second, "are done")
