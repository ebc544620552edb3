"""Tell on standard error what a command is doing, once it takes more than a second."""

from threading import Lock, Timer
from types import TracebackType
from typing import Final, Self

import click

__all__ = ["Progress"]

_PATIENCE: Final = 1.0


class Progress:
    """A context in which steps are announced, of those in the first second only one that still runs."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._lock = Lock()
        self._step: str | None = None
        self._is_late = patience <= 0
        self._timer = Timer(patience, self._grow_late)

    def __enter__(self) -> Self:
        """Start to wait."""
        if not self._is_late:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say no more."""
        self._timer.cancel()
        with self._lock:
            self._step = None

    def __call__(self, step: str) -> None:
        """Take note of a step that begins."""
        with self._lock:
            self._step = step
            if self._is_late:
                self._say()

    def _grow_late(self) -> None:
        with self._lock:
            self._is_late = True
            self._say()

    def _say(self) -> None:
        if self._step is not None:
            click.echo(f"… {self._step}", err=True)
