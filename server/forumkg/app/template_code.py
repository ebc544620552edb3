"""The compiled code of templates, kept where Python keeps that of modules.

https://docs.python.org/3/reference/import.html#cached-bytecode-invalidation
"""

import os
import pickle
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["TemplateCode"]

# What reading a file that another program has damaged may raise.
_DAMAGED: Final = (EOFError, pickle.UnpicklingError, TypeError, ValueError)


class TemplateCode(BytecodeCache):
    """Keeps the code of templates in memory, for all applications of a process, and in `__pycache__`.

    To compile a template takes a hundred times as long as to read its code. The folder is safe to read code
    from: Python executes what lies in it. PYTHONPYCACHEPREFIX and PYTHONDONTWRITEBYTECODE are respected; a
    folder that cannot be written is left as it is. Safe to use from many threads and processes.

    https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache
    """

    def __init__(self, templates: Path) -> None:
        """Keep the code beside that of the modules of a folder of templates."""
        self._folder = Path(cache_from_source(str(templates / "templates.py"))).parent
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a bucket the code of its template, if that has not changed."""
        if code := self._codes.get((bucket.key, bucket.checksum)):
            bucket.code = code
            return
        with suppress(OSError, *_DAMAGED):
            bucket.bytecode_from_string(self._file(bucket).read_bytes())
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template that was compiled."""
        if bucket.code is None:
            return
        self._codes[bucket.key, bucket.checksum] = bucket.code
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                self._write(bucket)

    def _write(self, bucket: Bucket) -> None:
        path = self._file(bucket)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        path.parent.mkdir(exist_ok=True)
        draft.write_bytes(bucket.bytecode_to_string())
        draft.replace(path)

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.template"
