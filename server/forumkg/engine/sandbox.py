"""Take from a process what a query does not need: sockets, memory without end, a life of its own.

https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
https://www.kernel.org/doc/html/latest/userspace-api/no_new_privs.html
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from pathlib import Path
from typing import Final

from forumkg.errors import StoreError

__all__ = ["confine", "die_with_parent", "limit_memory"]

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_SECCOMP_RET_ALLOW: Final = 0x7FFF0000
_SECCOMP_RET_ERRNO_EPERM: Final = 0x00050001
_SECCOMP_RET_KILL_PROCESS: Final = 0x80000000
_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_IF_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_SYSCALL_OFFSET: Final = 0
_ARCHITECTURE_OFFSET: Final = 4

# By machine: AUDIT_ARCH_* of linux/audit.h, and the number of socket(2).
_MACHINES: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}

_libc: Final = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; end now where it has ended already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def limit_memory(more: int) -> None:
    """Bound the address space to what is mapped now and some bytes more."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    bound = pages * resource.getpagesize() + more
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def confine() -> None:
    """Deny this process and its children new sockets, for good.

    Raises:
        StoreError: the system cannot do so.
    """
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    code = _filter()
    program = _Program(len(code) // 8, code)
    _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _filter() -> bytes:
    machine = platform.machine()
    if machine not in _MACHINES:
        raise StoreError(f"Queries cannot be kept from the network on {machine}.")
    architecture, number = _MACHINES[machine]
    return b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
            (_JUMP_IF_EQUAL, 1, 0, architecture),
            (_RETURN, 0, 0, _SECCOMP_RET_KILL_PROCESS),
            (_LOAD, 0, 0, _SYSCALL_OFFSET),
            (_JUMP_IF_EQUAL, 0, 1, number),
            (_RETURN, 0, 0, _SECCOMP_RET_ERRNO_EPERM),
            (_RETURN, 0, 0, _SECCOMP_RET_ALLOW),
        )
    )


def _prctl(option: int, argument: int, pointer: int = 0) -> None:
    if _libc.prctl(option, ctypes.c_ulong(argument), ctypes.c_ulong(pointer), 0, 0):
        code = ctypes.get_errno()
        raise StoreError(f"Queries cannot be confined: prctl({option}): {os.strerror(code)}.")
