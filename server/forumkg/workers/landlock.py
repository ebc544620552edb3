"""Take the file system from a process, but for the files below one folder, which it may read.

https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import struct
from pathlib import Path
from typing import Final

__all__ = ["read_only_below", "version"]

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

_libc: Final = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the version of the interface; 0 where the system has none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_FLAG)))


def read_only_below(folder: Path) -> bool:
    """Leave this process the files below a folder, to read; return whether the system can do so.

    What is open stays open. Where the system can, TCP and signals to other processes are denied, too.

    Raises:
        OSError: the folder cannot be opened, or the system refuses.
    """
    known = version()
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
