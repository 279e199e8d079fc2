# What the functions of posix answer to wrong arguments and missing files.
import posix


class Path:
    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


fd = posix.memfd_create('messages')
posix.write(fd, b'0123456789')
for source in [
    "posix.stat(Path('/nonexistent'))", "posix.stat(Path(3))", "posix.stat(1.5)", "posix.stat(None)",
    "posix.listdir(1.5)", "posix.mkdir(1.5)", "posix.chdir(None)", "posix.stat('a\\0b')", "posix.stat(b'a\\0b')",
    "posix.open('a\\0b', 0)", "posix.stat('\\ud800')", "posix.stat(10 ** 30)", "posix.stat(-10 ** 30)", "posix.stat(9999)",
    "posix.stat('x', dir_fd=1.5)", "posix.stat('x', dir_fd=2 ** 31)", "posix.stat(0, dir_fd=1)",
    "posix.stat(0, follow_symlinks=False)", "posix.stat(bytearray(b'/'))", "posix.rename('/nonexistent', '/nonexistent2')",
    "posix.replace('/nonexistent', b'/nonexistent2')", "posix.link('/nonexistent', '/nonexistent2')",
    "posix.symlink('/nonexistent', '/')", "posix.open('/nonexistent', 0)", "posix.close(-1)", "posix.close('a')",
    "posix.close(2 ** 40)", "posix.close(1.0)", "posix.read(-1, 5)", "posix.read(fd, -1)", "posix.write(-1, b'')",
    "posix.write(fd, 'a')", "posix.pread(fd, 4, 3)", "posix.pread(fd, -1, 0)", "posix.lseek(fd, 2, 0)", "posix.read(fd, 3)",
    "posix.lseek(fd, 0, 'a')", "posix.fstat(fd).st_size", "posix.ftruncate(fd, 4)", "posix.fstat(fd).st_size",
    "posix.fspath(1)", "posix.fspath(Path(1))", "posix.fspath(Path('a'))", "posix.strerror(2)", "posix.putenv('a=b', 'c')",
    "posix.putenv('a', 'c\\0')", "posix.putenv(1, 'c')", "posix.unsetenv('')", "posix.chown('/nonexistent', -2, 0)",
    "posix.chown('/nonexistent', 2 ** 40, 0)", "posix.chown('/nonexistent', 'a', 0)",
    "posix.utime('/nonexistent', (1, 2), ns=(1, 2))", "posix.utime('/nonexistent', 1)", "posix.utime('/nonexistent', ns=1)",
    "posix.utime('/nonexistent', (1.5, 'a'))", "posix.utime(1, dir_fd=1)", "posix.utime(fd, (5, 7.25))",
    "posix.fstat(fd).st_mtime_ns", "posix.utime(fd, ns=(5, 1234567890123))", "posix.fstat(fd).st_mtime",
    "posix.access(1, 1)", "posix.access('/', posix.R_OK)", "posix.access('/nonexistent', 0)", "posix.readlink('/')",
    "posix.listdir('/nonexistent')", "posix.scandir('/nonexistent')", "posix.mkdir('/')", "posix.mkdir('/x', 'a')",
    "posix.stat('x', 1)", "posix.stat()", "posix.mkdir('/x', 2 ** 40)", "posix.urandom(-1)", "posix.getrandom(-1)",
    "len(posix.urandom(5))", "posix.truncate('/nonexistent', 1)", "posix.truncate('/nonexistent', 'a')",
    "posix.statvfs('/nonexistent')", "posix.dup(-1)", "posix.isatty(-1)", "posix.isatty(2 ** 40)", "posix.isatty(fd)",
    "posix.get_inheritable(fd)", "posix.set_inheritable(fd, True)", "posix.get_inheritable(fd)", "posix.get_blocking(fd)",
    "posix._path_normpath(b'/a/../b')", "posix._path_splitroot_ex('//a/b')", "posix._path_splitroot_ex('///a/b')",
    "posix._path_normpath('a\\0b/..')", "posix._path_normpath(1)", "posix._path_normpath('')", "posix._path_normpath('//')",
    "posix._path_splitroot_ex(b'a')", "posix._path_splitroot_ex(1)", "posix.execv('/x', ())", "posix.execv('/x', 5)",
    "posix.execv('/x', [''])", "posix.execve('/x', ['a'], 5)", "posix.execve('/x', ['a'], {'a=': 'b'})",
    "posix.execve('/nonexistent', ['a'], {})", "posix.kill('a', 1)", "posix.kill(2 ** 40, 1)", "posix.waitpid(2 ** 40, 1)",
    "posix._exit('a')", "posix.WIFEXITED('a')", "posix.WIFEXITED(0)", "posix.WEXITSTATUS(256)",
    "posix.waitstatus_to_exitcode(0x137f)", "posix.waitstatus_to_exitcode(9)", "posix.waitstatus_to_exitcode(256)",
    "posix.sysconf('a')", "posix.sysconf(1.5)", "posix.sysconf('SC_PAGESIZE')", "posix.confstr('a')",
    "posix.pathconf('/', 'PC_NAME_MAX')", "posix.pathconf('/nonexistent', 1)", "posix.sched_param(1)",
    "posix.sched_setaffinity(0, 5)", "posix.sched_setaffinity(0, [-1])", "posix.sched_setaffinity(0, ['a'])",
    "posix.posix_spawn('/nonexistent', ['a'], {})", "posix.posix_spawn('/x', [], {})",
    "posix.posix_spawn('/x', ['a'], 5)", "posix.posix_spawn('/x', 5, {})", "posix.get_terminal_size(99)",
    "posix.terminal_size((1, 2))", "posix.makedev(8, 1)", "posix.major(2049)", "posix.minor(2049)", "posix.major(2 ** 80)",
    "posix.register_at_fork()", "posix.register_at_fork(before=1)", "posix.getgrouplist(1, 0)", "posix.setgroups(5)",
    "posix.setgroups(['a'])", "posix.setxattr('/nonexistent', 1, b'')", "posix.getxattr('/nonexistent', 'user.a')",
    "posix.sendfile(1, 2, None, 'a')", "posix.readv(fd, [1])", "posix.writev(fd, 5)", "posix.unlink(0)",
    "posix.rmdir('/nonexistent')", "posix.remove('/nonexistent')", "posix.ctermid()", "posix.pipe2('a')",
    "posix.stat_result(range(10))", "posix.stat_result(range(10)).st_atime", "posix.stat_result([1])",
    "posix.fchdir(1.5)", "posix.fsync(-1)", "posix.getpgid(0) == posix.getpgrp()", "posix.umask('a')",
    "posix.error",
]:
    try:
        print(ascii(source), '->', repr(eval(source)))
    except Exception as error:
        print(ascii(source), '->', type(error).__name__, ascii(str(error)), repr(getattr(error, 'filename', None)))
