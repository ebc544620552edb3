"""Confine a worker process: no new sockets (seccomp), no other files (Landlock), bounded memory and time.

https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
https://www.kernel.org/doc/html/latest/userspace-api/no_new_privs.html
https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from pathlib import Path
from typing import Final, NamedTuple

from forumkg.errors import StoreError

__all__ = [
    "confine",
    "deny_calls",
    "die_with_parent",
    "end_first",
    "isolate",
    "landlock_version",
    "limit_memory",
    "limit_time",
    "no_new_privileges",
    "read_only_below",
]

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_SECCOMP_RET_ALLOW: Final = 0x7FFF0000
_SECCOMP_RET_EPERM: Final = 0x00050001
_SECCOMP_RET_KILL_PROCESS: Final = 0x80000000

# linux/bpf_common.h: load a word of seccomp_data, compare and jump, return.
_LOAD: Final = 0x20
_EQUAL: Final = 0x15
_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
_CALL_OFFSET: Final = 0
_ARCHITECTURE_OFFSET: Final = 4
# On x86-64 the same calls have second numbers from here on (the x32 ABI).
_X32: Final = 0x40000000

_STACK: Final = 64 * 1024 * 1024

# The numbers are the same on every machine that has Landlock.
_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_VERSION_FLAG: Final = 1
_PATH_BENEATH: Final = 1

_READ: Final = 1 << 2 | 1 << 3  # READ_FILE | READ_DIR
# The first right that each version of the interface does not know.
_FIRST_UNKNOWN: Final = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 4: 1 << 15}
_FIRST_UNKNOWN_SINCE: Final = 1 << 16
_NETWORK_SINCE: Final = 4
_NETWORK: Final = 1 << 0 | 1 << 1  # BIND_TCP | CONNECT_TCP
_SCOPES_SINCE: Final = 6
_SCOPES: Final = 1 << 0 | 1 << 1  # ABSTRACT_UNIX_SOCKET | SIGNAL


class _Machine(NamedTuple):
    """A machine: AUDIT_ARCH_* of linux/audit.h, and the calls that are denied by their numbers there."""

    architecture: int
    denied: dict[str, int]


# io_uring opens sockets without socket(2); the others reach into processes of the same user.
_COMMON: Final = {"io_uring_setup": 425, "pidfd_getfd": 438}
_MACHINES: Final = {
    "x86_64": _Machine(
        0xC000003E,
        {
            "socket": 41,
            "execve": 59,
            "ptrace": 101,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "execveat": 322,
            **_COMMON,
        },
    ),
    "aarch64": _Machine(
        0xC00000B7,
        {
            "ptrace": 117,
            "socket": 198,
            "execve": 221,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "execveat": 281,
            **_COMMON,
        },
    ),
}

_libc: Final = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def confine(parent: int, folder: Path, memory: int, *, confined: bool) -> None:
    """Give up what a worker does not need.

    Args:
        parent: the process to die with.
        folder: the only folder to read from.
        memory: bytes to allocate from now on.
        confined: refuse to work where the system cannot keep the process from the network.

    Raises:
        StoreError: the system does not allow it.
        OSError: the same.
    """
    die_with_parent(parent)
    end_first()
    limit_memory(memory)
    if confined:
        isolate(folder)


def isolate(folder: Path) -> None:
    """Give up new sockets, and all files but those below a folder; what is open stays open.

    Raises:
        StoreError: the system does not allow it.
        OSError: the same.
    """
    no_new_privileges()
    read_only_below(folder)
    deny_calls()


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; exit now if it has ended already.

    https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def end_first() -> None:
    """Make this process the first that the system kills when memory runs out, before the server."""
    Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def limit_memory(more: int) -> None:
    """Bound the address space to what is mapped now and some bytes more.

    The stack may take a larger part of it than usual, for queries that are nested deeply.
    """
    hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
    stack = _STACK if hard == resource.RLIM_INFINITY else min(_STACK, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (stack, hard))
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    bound = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    # A core of a worker would hold the store, and take longer to write than the client waits.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(seconds: int) -> None:
    """Bound the time for which this process computes; SIGXCPU ends it then.

    https://man7.org/linux/man-pages/man2/setrlimit.2.html
    """
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


def no_new_privileges() -> None:
    """Promise never to gain privileges: the condition of what follows."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def deny_calls() -> None:
    """Deny this process and its children new sockets, programs and other processes, for good.

    Raises:
        StoreError: the system cannot do so.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        raise StoreError(f"no system calls are known for {platform.machine()}")
    code = _filter(machine)
    program = _Program(len(code) // 8, code)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _filter(machine: _Machine) -> bytes:
    """Return a program of classic BPF that a call of another architecture does not survive."""
    numbers = sorted(machine.denied.values())
    checks = [(_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        (_EQUAL, 1, 0, machine.architecture),
        (_RETURN, 0, 0, _SECCOMP_RET_KILL_PROCESS),
        (_LOAD, 0, 0, _CALL_OFFSET),
        (_AT_LEAST, len(numbers) + 1, 0, _X32),
        *checks,
        (_RETURN, 0, 0, _SECCOMP_RET_ALLOW),
        (_RETURN, 0, 0, _SECCOMP_RET_EPERM),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


def _prctl(option: int, argument: int, pointer: int = 0) -> None:
    if _libc.prctl(option, ctypes.c_ulong(argument), ctypes.c_ulong(pointer), 0, 0):
        raise StoreError(f"prctl({option}) failed: {os.strerror(ctypes.get_errno())}")


def landlock_version() -> int:
    """Return the version of Landlock; 0 where the system has none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)))


def read_only_below(folder: Path) -> bool:
    """Leave this process the files below a folder, to read; return whether the system can do so.

    What is open stays open. Where the system can, TCP and signals to other processes are denied, too.

    Raises:
        OSError: the folder cannot be opened, or the system refuses.
    """
    known = landlock_version()
    if not known:
        return False
    rights = _FIRST_UNKNOWN.get(known, _FIRST_UNKNOWN_SINCE) - 1
    attributes = struct.pack(
        "QQQ", rights, _NETWORK if known >= _NETWORK_SINCE else 0, _SCOPES if known >= _SCOPES_SINCE else 0
    )
    # A system that does not know the last fields takes them as long as they are zero.
    ruleset = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    root = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", _READ, root), 0)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(root)
        os.close(ruleset)
    return True


def _call(number: int, *arguments: object) -> int:
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
