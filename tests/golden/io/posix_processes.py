# Processes, pipes and what they leave.
import posix

reading, writing = posix.pipe()
posix.register_at_fork(
    before=lambda: posix.write(1, b'before\n'),
    after_in_parent=lambda: None,
    after_in_child=lambda: posix.write(writing, b'in the child\n'),
)
child = posix.fork()
if child == 0:
    posix.write(writing, b'hello\n')
    posix._exit(7)
pid, status = posix.waitpid(child, 0)
print(pid == child, posix.WIFEXITED(status), posix.waitstatus_to_exitcode(status))
print(posix.read(reading, 100))

child = posix.posix_spawn(
    '/bin/sh', ['sh', '-c', 'echo $NAME; exit 3'], {'NAME': 'value'},
    file_actions=[(posix.POSIX_SPAWN_DUP2, writing, 1), (posix.POSIX_SPAWN_CLOSE, 0)],
)
pid, status, usage = posix.wait4(child, 0)
print(pid == child, posix.waitstatus_to_exitcode(status), type(usage).__name__, posix.read(reading, 100))

child = posix.fork()
if child == 0:
    posix.dup2(writing, 1)
    posix.execve('/bin/sh', ['sh', '-c', 'echo "$A"; kill -TERM $$'], {b'A': 'ä'})
result = posix.waitid(posix.P_PID, child, posix.WEXITED)
print(result.si_pid == child, result.si_status, result.si_code == posix.CLD_KILLED, posix.read(reading, 100))
print(posix.system('exit 5') >> 8)
try:
    posix.wait()
except ChildProcessError as error:
    print(error)
print(posix.writev(writing, [b'ab', bytearray(b'cd'), memoryview(b'e')]))
parts = bytearray(2), bytearray(9)
print(posix.readv(reading, parts), parts)
print(posix.get_inheritable(reading), posix.get_blocking(reading))
posix.set_blocking(reading, False)
try:
    posix.read(reading, 1)
except BlockingIOError as error:
    print(error)
posix.close(writing)
print(posix.read(reading, 1))
