//! Making processes, and waiting for them.

use std::ffi::CString;

use super::*;

/// `fork`: 0 in the child.
pub(crate) fn fork() -> Result<pid_t> {
    // SAFETY: the child goes on with a copy of this thread. Locks that other threads hold stay locked there; the interpreter's
    // are its own thread's.
    check(unsafe { libc::fork() })
}

/// `forkpty`: 0 in the child, and the master's descriptor.
pub(crate) fn forkpty() -> Result<(pid_t, c_int)> {
    let mut master = -1;
    // SAFETY: as `fork`; the call writes a number, and the other arguments may be null.
    let pid = check(unsafe {
        libc::forkpty(&raw mut master, std::ptr::null_mut(), std::ptr::null(), std::ptr::null())
    })?;
    Ok((pid, master))
}

/// Pointers to strings, with a null at the end, as `exec` wants them; valid while the strings are.
fn pointers(strings: &[CString]) -> Vec<*const c_char> {
    strings.iter().map(|string| string.as_ptr()).chain([std::ptr::null()]).collect()
}

/// `execv`: returns only if it fails.
pub(crate) fn execv(path: &CStr, arguments: &[CString]) -> Errno {
    let arguments = pointers(arguments);
    // SAFETY: the call reads strings, and an array of them that ends with a null.
    unsafe { libc::execv(path.as_ptr(), arguments.as_ptr()) };
    Errno::last()
}

/// `execve`: returns only if it fails.
pub(crate) fn execve(path: &CStr, arguments: &[CString], environment: &[CString]) -> Errno {
    let (arguments, environment) = (pointers(arguments), pointers(environment));
    // SAFETY: the call reads strings, and arrays of them that end with a null.
    unsafe { libc::execve(path.as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
    Errno::last()
}

/// `fexecve`: returns only if it fails.
pub(crate) fn fexecve(fd: c_int, arguments: &[CString], environment: &[CString]) -> Errno {
    let (arguments, environment) = (pointers(arguments), pointers(environment));
    // SAFETY: the call reads arrays of strings that end with a null.
    unsafe { libc::fexecve(fd, arguments.as_ptr(), environment.as_ptr()) };
    Errno::last()
}

/// `system`: the status of the shell.
pub(crate) fn system(command: &CStr) -> c_int {
    // SAFETY: the call reads a string.
    unsafe { libc::system(command.as_ptr()) }
}

/// `_exit`
pub(crate) fn exit_now(status: c_int) -> ! {
    // SAFETY: nothing goes on after the call.
    unsafe { libc::_exit(status) }
}

/// A child that a call waited for: its id, its status, what it used.
pub(crate) struct Waited {
    pub(crate) pid: pid_t,
    pub(crate) status: c_int,
    pub(crate) usage: libc::rusage,
}

/// `wait4`
pub(crate) fn wait4(pid: pid_t, options: c_int) -> Result<Waited> {
    let mut status = 0;
    // SAFETY: zero is a value of each of the struct's numbers.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the call writes a number and a struct.
    let pid = check(unsafe { libc::wait4(pid, &raw mut status, options, &raw mut usage) })?;
    Ok(Waited { pid, status, usage })
}

/// What `waitid` tells about a child: id, user, signal, status, code.
pub(crate) type WaitInfo = (pid_t, uid_t, c_int, c_int, c_int);

/// `waitid`: nothing if no child is ready.
pub(crate) fn waitid(kind: c_uint, id: id_t, options: c_int) -> Result<Option<WaitInfo>> {
    // SAFETY: zero is a value of each of the struct's numbers.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: the call fills in the struct.
    check(unsafe { libc::waitid(kind, id, &raw mut info, options) })?;
    // SAFETY: these are the fields of a child's signal; without a child they are zero.
    let (pid, user, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
    Ok((pid != 0).then_some((pid, user, info.si_signo, status, info.si_code)))
}

/// `pidfd_open`
pub(crate) fn pidfd_open(pid: pid_t, flags: c_uint) -> Result<c_int> {
    // SAFETY: the call has no pointers.
    check(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) }).map(|fd| fd as c_int)
}

// ---- spawning ----

/// What a new process does with its descriptors before its program starts.
pub(crate) enum FileAction {
    /// Open a file under a descriptor.
    Open(c_int, CString, c_int, mode_t),
    /// Close a descriptor.
    Close(c_int),
    /// Make a descriptor stand for what another one does.
    Dup2(c_int, c_int),
    /// Close all descriptors from one on.
    CloseFrom(c_int),
}

/// The attributes of a process that is spawned.
#[derive(Default)]
pub(crate) struct SpawnAttributes {
    pub(crate) group: Option<pid_t>,
    pub(crate) reset_ids: bool,
    pub(crate) new_session: bool,
    pub(crate) blocked: Option<Vec<c_int>>,
    pub(crate) defaults: Option<Vec<c_int>>,
    /// Policy, where it changes, and priority.
    pub(crate) scheduler: Option<(Option<c_int>, c_int)>,
}

unsafe extern "C" {
    fn posix_spawn_file_actions_addclosefrom_np(
        actions: *mut libc::posix_spawn_file_actions_t,
        low: c_int,
    ) -> c_int;
}

/// The result of a call that gives the number of its error.
fn numbered(errno: c_int) -> Result<()> {
    if errno == 0 { Ok(()) } else { Err(Errno(errno)) }
}

/// Owns a list of file actions.
struct Actions(libc::posix_spawn_file_actions_t);

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: the list was initialised.
        unsafe { libc::posix_spawn_file_actions_destroy(&raw mut self.0) };
    }
}

impl Actions {
    fn new(actions: &[FileAction]) -> Result<Self> {
        let mut list = MaybeUninit::uninit();
        // SAFETY: the call initialises the list unless it fails.
        let mut list = unsafe {
            numbered(libc::posix_spawn_file_actions_init(list.as_mut_ptr()))?;
            Self(list.assume_init())
        };
        for action in actions {
            let list = &raw mut list.0;
            // SAFETY: the list is initialised; the calls copy the path.
            numbered(unsafe {
                match action {
                    FileAction::Open(fd, path, flags, mode) => {
                        libc::posix_spawn_file_actions_addopen(list, *fd, path.as_ptr(), *flags, *mode)
                    }
                    FileAction::Close(fd) => libc::posix_spawn_file_actions_addclose(list, *fd),
                    FileAction::Dup2(fd, to) => libc::posix_spawn_file_actions_adddup2(list, *fd, *to),
                    FileAction::CloseFrom(low) => posix_spawn_file_actions_addclosefrom_np(list, *low),
                }
            })?;
        }
        Ok(list)
    }
}

/// A set of signals.
fn signal_set(signals: &[c_int]) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the first call initialises the set; a wrong number is refused by the second.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for &signal in signals {
            libc::sigaddset(set.as_mut_ptr(), signal);
        }
        set.assume_init()
    }
}

/// Owns the attributes of a process.
struct Attributes(libc::posix_spawnattr_t);

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: the attributes were initialised.
        unsafe { libc::posix_spawnattr_destroy(&raw mut self.0) };
    }
}

impl Attributes {
    fn new(wanted: &SpawnAttributes) -> Result<Self> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: the call initialises the attributes unless it fails.
        let mut attributes = unsafe {
            numbered(libc::posix_spawnattr_init(attributes.as_mut_ptr()))?;
            Self(attributes.assume_init())
        };
        let at = &raw mut attributes.0;
        let mut flags = 0;
        // SAFETY: the attributes are initialised; the calls copy what they read.
        unsafe {
            if let Some(group) = wanted.group {
                numbered(libc::posix_spawnattr_setpgroup(at, group))?;
                flags |= libc::POSIX_SPAWN_SETPGROUP;
            }
            if wanted.reset_ids {
                flags |= libc::POSIX_SPAWN_RESETIDS;
            }
            if wanted.new_session {
                flags |= c_int::from(libc::POSIX_SPAWN_SETSID);
            }
            if let Some(signals) = &wanted.blocked {
                let set = signal_set(signals);
                numbered(libc::posix_spawnattr_setsigmask(at, &raw const set))?;
                flags |= libc::POSIX_SPAWN_SETSIGMASK;
            }
            if let Some(signals) = &wanted.defaults {
                let set = signal_set(signals);
                numbered(libc::posix_spawnattr_setsigdefault(at, &raw const set))?;
                flags |= libc::POSIX_SPAWN_SETSIGDEF;
            }
            if let Some((policy, priority)) = wanted.scheduler {
                let param = libc::sched_param { sched_priority: priority };
                numbered(libc::posix_spawnattr_setschedparam(at, &raw const param))?;
                flags |= libc::POSIX_SPAWN_SETSCHEDPARAM;
                if let Some(policy) = policy {
                    numbered(libc::posix_spawnattr_setschedpolicy(at, policy))?;
                    flags |= libc::POSIX_SPAWN_SETSCHEDULER;
                }
            }
            numbered(libc::posix_spawnattr_setflags(at, flags as libc::c_short))?;
        }
        Ok(attributes)
    }
}

/// `posix_spawn`, or with `search` set `posix_spawnp`: the id of the new process. Without an environment it gets this one's.
pub(crate) fn spawn(
    path: &CStr,
    search: bool,
    arguments: &[CString],
    environment: Option<&[CString]>,
    actions: &[FileAction],
    attributes: &SpawnAttributes,
) -> Result<pid_t> {
    unsafe extern "C" {
        static environ: *const *mut c_char;
    }
    let arguments = pointers(arguments);
    let environment = environment.map(pointers);
    let (actions, attributes) = (Actions::new(actions)?, Attributes::new(attributes)?);
    let call = if search { libc::posix_spawnp } else { libc::posix_spawn };
    let mut pid = 0;
    // SAFETY: the call reads strings, arrays of them that end with a null, and lists that are initialised.
    numbered(unsafe {
        let environment =
            environment.as_ref().map_or(environ, |environment| environment.as_ptr().cast::<*mut c_char>());
        call(
            &raw mut pid,
            path.as_ptr(),
            &raw const actions.0,
            &raw const attributes.0,
            arguments.as_ptr().cast::<*mut c_char>(),
            environment,
        )
    })?;
    Ok(pid)
}

/// Gives the signals that the interpreter ignores their usual meaning, for the program that comes.
pub(crate) fn restore_signals() {
    for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
        // SAFETY: the handler is a constant of the system.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}
