"""Report on standard error what a command is doing, once it takes more than a second."""

from threading import Lock, Timer
from types import TracebackType
from typing import Final, Self

import click

__all__ = ["Progress", "report_nothing"]

_PATIENCE: Final = 1.0


def report_nothing(step: str) -> None:
    """Do not report a step."""


class Progress:
    """A context that reports steps; of the steps of the first second, only one that is still running."""

    def __init__(self, patience: float = _PATIENCE) -> None:
        self._lock = Lock()
        self._step: str | None = None
        self._is_late = patience <= 0
        self._timer = Timer(patience, self._run_out)

    def __enter__(self) -> Self:
        """Start the timer."""
        if not self._is_late:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop reporting."""
        self._timer.cancel()
        with self._lock:
            self._step = None

    def __call__(self, step: str) -> None:
        """Report that a step begins."""
        with self._lock:
            self._step = step
            if self._is_late:
                self._report()

    def _run_out(self) -> None:
        with self._lock:
            self._is_late = True
            self._report()

    def _report(self) -> None:
        if self._step is not None:
            click.echo(f"… {self._step}", err=True)
