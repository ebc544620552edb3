"""Keep the code that templates are compiled to, for all applications of a process.

https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache
"""

from typing import TYPE_CHECKING, Final

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["COMPILED"]


class _Compiled(BytecodeCache):
    """Keeps code in memory. Safe to use from many threads."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


COMPILED: Final = _Compiled()
